#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes the manual pages and the bash completion that PROGRAM knows of itself: pages.sh PROGRAM DIR
set -eu
program=$1 dir=$2
rm -rf "$dir"
mkdir -p "$dir/man1"
"$program" help --completion >"$dir/plimsoll"
"$program" help --man >"$dir/man1/plimsoll.1"
sed -n 's/^\.BR plimsoll\\-\([a-z]*\) (1)$/\1/p' "$dir/man1/plimsoll.1" | while read -r command; do
    "$program" help --man "$command" >"$dir/man1/plimsoll-$command.1"
done
