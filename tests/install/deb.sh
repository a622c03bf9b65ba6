#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Is the Debian package whole? Every library that the program asks for is in a package it depends on, and what it unpacks runs.
#   deb.sh BUILD_DIR            unpacked beside this system
#   deb.sh BUILD_DIR --clean    installed by apt in a Debian 12 that has nothing else (as root, with mmdebstrap; `make deb-clean`)
set -eu

build=$1 mode=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
sample=$here/../../samples/laden.tif
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "deb: $*" >&2; exit 1; }

if ! command -v dpkg-shlibdeps >/dev/null; then
    echo "deb: skipped, dpkg-shlibdeps (package dpkg-dev) is missing" >&2
    exit 77
fi
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work" >"$work/log" 2>&1 || fail "cpack: $(cat "$work/log")"
package=$(find "$work" -maxdepth 1 -name '*.deb')
[ -f "$package" ] || fail "cpack left no package"

if [ "$mode" = --clean ]; then
    mkdir "$work/give"
    cp "$package" "$work/give/plimsoll.deb"
    cp "${sample%.tif}".* "$work/give/"
    mmdebstrap --variant=apt --customize-hook='mkdir "$1/give"' --customize-hook="copy-in $work/give /" \
        --customize-hook='chroot "$1" sh -ec "apt-get install -y --no-install-recommends /give/plimsoll.deb >/dev/null; cd /; plimsoll measure /give/laden.tif --format csv" > '"$work/answer" \
        bookworm /dev/null >"$work/log" 2>&1 || fail "in a clean system: $(tail -5 "$work/log")"
else
    dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/^ *//; s/ .*//' >"$work/depends"
    [ "$(wc -l <"$work/depends")" -ge 10 ] || fail "it depends on $(tr '\n' ' ' <"$work/depends")"
    dpkg-deb -x "$package" "$work/root"
    # What the loader finds must belong to those packages, or to what they depend on themselves.
    readelf -d "$work/root/usr/bin/plimsoll" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >"$work/needed"
    [ -s "$work/needed" ] || fail "the program needs no library"
    while read -r library; do
        owners=$(dpkg-query -S "*/$library" 2>/dev/null | sed 's/:.*//' | sort -u)
        echo "$owners" | grep -qxFf "$work/depends" || fail "$library is of '$owners', which it does not depend on"
    done <"$work/needed"
    (cd / && "$work/root/usr/bin/plimsoll" measure "$sample" --format csv) >"$work/answer"
fi
[ "$(grep -c ',measured,' "$work/answer")" = 1 ] || fail "it says: $(cat "$work/answer")"
echo "deb: $(basename "$package"): fine"
