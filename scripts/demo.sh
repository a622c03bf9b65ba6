#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What does plimsoll make of the samples? Draws every step into out/demo, and ends with the table and the path of the report.
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
"$plimsoll" batch samples --quiet --jobs 2 --chips "$out/chips" -o "$out/samples.gpkg"
"$plimsoll" compare samples/pair_before.tif samples/pair_after.tif --quiet --sheets "$out/pairs" >"$out/pair.json"
"$plimsoll" report "$out/samples.gpkg" -o "$out/report.html"

echo
"$plimsoll" measure samples/*.tif --quiet --format table
echo
echo "Drawn were:"
awk -F, 'NR > 1 { printf "%-12s  %-9s  %6.2f %7s  %6.2f %7s  %-12s  %24s  %6.1f x %4.1f  %4.0f\n",
    $1, $3 == "refused" ? "(refuse)" : "", $4, "", $5, "", $6, "", $8, $9, $7 }' samples/truth.csv | sort
echo
echo "What each line means: README.md, \"One line, number by number\". What each sample should give: samples/README.md."
echo "Pictures of every step: $top/$out ($(find "$out" -maxdepth 2 -not -path "*/chips/*" -name '*.png' | wc -l) files). For a GIS: $out/samples.gpkg"
echo "The report: $top/$out/report.html"
