#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Is what `cmake --install` leaves behind enough to write a program with, shared and static, also after the tree was moved?
#   install.sh BUILD_DIR VERSION COMPILER
set -eu

build=$1 version=$2 compiler=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "install: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$work/first" >"$work/log" || fail "cmake --install: $(cat "$work/log")"
mv "$work/first" "$work/moved" # nothing may remember where it was put first
prefix=$work/moved
found=$(find "$prefix" -name plimsoll.pc)
[ -n "$found" ] || fail "no plimsoll.pc"
PKG_CONFIG_PATH=$(dirname "$found")
export PKG_CONFIG_PATH

[ "$(pkg-config --modversion plimsoll)" = "$version" ] || fail "pkg-config says $(pkg-config --modversion plimsoll), not $version"
libdir=$(pkg-config --variable=libdir plimsoll)
models=$(pkg-config --variable=modelsdir plimsoll)
[ -n "$(find "$models" -name '*.csv')" ] || fail "no model tables in $models"

check_output() {
    case $2 in "$version "*) ;; *) fail "$1 program printed: $2" ;; esac
}

# Words of pkg-config are meant to be split.
# shellcheck disable=SC2046
"$compiler" -std=c17 -Wall -Wextra -Werror $(pkg-config --cflags plimsoll) "$here/hello.c" -o "$work/shared" $(pkg-config --libs plimsoll) ||
    fail "the shared library does not link"
readelf -d "$work/shared" | grep -q 'NEEDED.*libplimsoll' || fail "the shared program does not ask for libplimsoll.so"
check_output shared "$(LD_LIBRARY_PATH=$libdir "$work/shared")"

# Static: the same words with --static, the shared library out of the way, so that -lplimsoll can only mean the archive.
mkdir "$work/aside"
mv "$libdir"/libplimsoll.so* "$work/aside/"
# shellcheck disable=SC2046
"$compiler" -std=c17 -Wall -Wextra -Werror $(pkg-config --cflags plimsoll) "$here/hello.c" -o "$work/static" $(pkg-config --static --libs plimsoll) ||
    fail "the static library does not link with: $(pkg-config --static --libs plimsoll)"
if readelf -d "$work/static" | grep -q 'NEEDED.*libplimsoll'; then fail "the static program asks for libplimsoll.so"; fi
check_output static "$("$work/static")"

# The examples, with what was installed: each tells of the hull in the sample what the program itself tells.
mv "$work/aside"/* "$libdir/"
sample=$here/../../samples/laden.tif
# shellcheck disable=SC2046
"$compiler" -std=c17 -Wall -Wextra -Werror $(pkg-config --cflags plimsoll) "$here/../../examples/measure.c" -o "$work/example" $(pkg-config --libs plimsoll) ||
    fail "examples/measure.c does not build"
told=$("$prefix/bin/plimsoll" measure "$sample" --format geojson | python3 -c '
import json, sys
for f in json.load(sys.stdin)["features"]: print(f["properties"]["id"], f["properties"]["freeboard_m"])')
[ -n "$told" ] || fail "no hull in $sample"
id=${told%% *} freeboard=${told##* }
c=$(LD_LIBRARY_PATH=$libdir "$work/example" "$sample" "$models") || fail "examples/measure.c: $c"
case $c in "$id: measured, freeboard $(printf %.2f "$freeboard") "*) ;; *) fail "examples/measure.c says '$c', the program '$told'" ;; esac
python=$(LD_LIBRARY_PATH=$libdir python3 "$here/../../examples/measure.py" "$sample" "$models") || fail "examples/measure.py"
case $python in "$id measured $freeboard "*) ;; *) fail "examples/measure.py says '$python', the program '$told'" ;; esac
if LD_LIBRARY_PATH=$libdir "$work/example" /nonexistent.tif "$models" 2>"$work/words"; then fail "examples/measure.c measured nothing"; fi
grep -q nonexistent "$work/words" || fail "examples/measure.c says nothing of a file that is not there"

# Manual pages, one a command, and what bash completes.
for command in measure batch load; do
    [ -n "$(find "$prefix" -path "*/man1/plimsoll-$command.1")" ] || fail "no manual page of $command"
done
[ -s "$prefix/share/bash-completion/completions/plimsoll" ] || fail "no bash completion"

# The installed program finds its models without being told where.
if [ -x "$prefix/bin/plimsoll" ]; then
    got=$(cd / && LD_LIBRARY_PATH=$libdir "$prefix/bin/plimsoll" --version) || fail "the installed program does not run"
    case $got in *"$version"*) ;; *) fail "the installed program says: $got" ;; esac
fi
echo "install: shared, static, moved and the examples: fine"
