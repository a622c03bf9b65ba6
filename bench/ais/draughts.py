#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How good is the draught that a tanker's crew types into AIS? From calls at an export terminal, to which ships come light:
how far the values of one ship scatter, how round they are, and how many are those of a laden ship.

bench/ais/draughts.py ../shared/real/ais-ports/westridge_ships_data.csv"""
import collections
import csv
import statistics
import sys

LADEN_M = 10.5  # the arrivals lie at 6 to 10 m, the laden ones at 11 to 14.6 m, with little between


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        calls = [(row["ImoNumber"], float(row["MaximumStaticDraught"])) for row in csv.DictReader(file)
                 if row["terminal"] == "Westridge" and row["MaximumStaticDraught"] not in ("NA", "0")]
    laden = sum(draught >= LADEN_M for _, draught in calls)
    digits = collections.Counter(round(10 * draught) % 10 for _, draught in calls)
    ships = collections.defaultdict(list)
    for imo, draught in calls:
        if imo not in ("NA", "0") and draught < LADEN_M:
            ships[imo].append(draught)
    off = [(x - statistics.mean(all_)) * (len(all_) / (len(all_) - 1)) ** 0.5 for all_ in ships.values() if len(all_) > 1 for x in all_]
    print(f"{len(calls)} calls with a draught; {laden} of them laden ({100 * laden / len(calls):.0f} %)")
    print(f"light draughts of one ship scatter by {statistics.pstdev(off, 0):.2f} m (rms), {1.4826 * statistics.median(map(abs, off)):.2f} m (middle half), {len(off)} values")
    print(f"end in .0 or .5: {100 * (digits[0] + digits[5]) / len(calls):.0f} %")


if __name__ == "__main__":
    main()
