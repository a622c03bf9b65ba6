#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What does plimsoll make of the samples? Draws every step into out/demo and ends with the table.
#   demo.sh PLIMSOLL   the built program
set -eu

plimsoll=$1
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
out=out/demo
rm -rf "$out"
mkdir -p "$out"

for picture in samples/*.tif; do
    "$plimsoll" explain "$picture" --quiet -o "$out"
done
"$plimsoll" measure samples/*.tif --quiet --format geojson >"$out/samples.geojson"

echo
"$plimsoll" measure samples/*.tif --quiet --format table
echo
echo "What each line means: README.md, \"One line, number by number\". What each sample should give: samples/README.md."
echo "Pictures of every step: $top/$out ($(find "$out" -name '*.png' | wc -l) files). For a GIS: $out/samples.geojson"
