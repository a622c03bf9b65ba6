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
    "$plimsoll" explain "$picture" --quiet -o "$out" >/dev/null
done
"$plimsoll" measure samples/*.tif --quiet --format geojson >"$out/samples.geojson"

echo
"$plimsoll" measure samples/*.tif --quiet --format table
echo
echo "Drawn were:"
awk -F, 'NR > 1 { printf "%-12s  %-9s  %6.2f %7s  %6.2f %7s  %-12s  %24s  %6.1f x %4.1f  %4.0f\n",
    $1, $3 == "refused" ? "(refuse)" : "", $4, "", $5, "", $6, "", $8, $9, $7 }' samples/truth.csv | sort
echo
echo "What each line means: README.md, \"One line, number by number\". What each sample should give: samples/README.md."
echo "Pictures of every step: $top/$out ($(find "$out" -name '*.png' | wc -l) files). For a GIS: $out/samples.geojson"
