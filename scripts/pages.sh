#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes again what the pages show of the program: the blocks under <!-- output of: ... --> and the README's picture.
#   pages.sh PLIMSOLL   the built program
set -eu

plimsoll=$1
top=$(cd "$(dirname "$0")/.." && pwd)
python=/usr/bin/python3
[ -x "$python" ] || python=python3

"$python" -B "$top/tests/docs/check_docs.py" refresh "$top" --plimsoll "$plimsoll"
drawn=$(mktemp -d)
trap 'rm -rf "$drawn"' EXIT
"$plimsoll" explain "$top/samples/laden.tif" --quiet -o "$drawn" >/dev/null
mkdir -p "$top/docs/images"
mv "$drawn"/*.png "$top/docs/images/explain.png"
"$python" -B "$top/scripts/report_picture.py" "$plimsoll" "$top/docs/images/report.png"
