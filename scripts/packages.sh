#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Are the Debian packages of packages.txt here? Installs those that are not, as root or through sudo.
#   packages.sh          install what is missing; apt is not called when nothing is
#   packages.sh --list   print the missing ones, one a line, and change nothing
#   packages.sh --check  the same for packages_check.txt, which some tests want: what cannot be installed is only said
set -eu

here=$(dirname "$0")
if [ "${1:-}" = --check ]; then
    shift
    PL_PACKAGES=packages_check.txt sh "$0" "$@" ||
        printf 'plimsoll: tests that need these packages will be skipped\n' >&2
    exit 0
fi
wanted=$(sed 's/#.*//' "$here/${PL_PACKAGES:-packages.txt}")

say() { printf 'plimsoll: %s\n' "$*" >&2; }

if ! command -v dpkg-query >/dev/null 2>&1; then
    say "this is not a Debian system: nothing is installed for you. Needed, by their Debian names:" $wanted
    exit 0
fi

# One question to dpkg for all packages; unknown ones make it fail, and that is no error here.
# shellcheck disable=SC2086
present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null | sed -n 's/ installed$//p' || true)
missing=
for package in $wanted; do
    printf '%s\n' "$present" | grep -qxF "$package" || missing="$missing $package"
done

if [ "${1:-}" = --list ]; then
    for package in $missing; do printf '%s\n' "$package"; done
    exit 0
fi
[ -n "$missing" ] || exit 0

line="apt-get update && apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
elif command -v sudo >/dev/null 2>&1 && [ -t 0 ] && [ -t 2 ]; then
    as_root=sudo
else
    say "some packages are missing and this user may not install them. As root, run:"
    printf '%s\n' "$line"
    exit 1
fi

# A lock held by another apt is waited for; questions are never asked.
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 -q "$@" </dev/null
}
install() {
    # shellcheck disable=SC2086
    apt update && apt install -y --no-install-recommends $missing
}

say "installing:$missing"
if ! install && ! { say "that failed; trying once more"; sleep 3; install; }; then
    say "the packages could not be installed. Is there a network, and does this release have them all?"
    say "(Debian 12 or later is needed.) The line that failed, to run as root:"
    printf '%s\n' "$line"
    exit 1
fi
