#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the picture notice a view azimuth that is turned?

Measures the rendered scenes twice, with the true view azimuth and with the opposite one, and counts what the picture's
witness says (confirms, contradicts, cannot_tell) and how many freeboards told as measured are off by more than three
sigma and 0.3 m. Uses the truth files for the angles. Exit 77 when the scenes are not there.

    run_witness.py [--plimsoll BIN] [--scenes DIR] [--list]
"""
import argparse
import collections
import glob
import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
NEAR_M = 30


def measure(plimsoll, scenes, truth, turn_deg):
    view = truth["view"]
    azimuth = (view["azimuth_target_to_satellite_true_deg"] + turn_deg) % 360
    command = [plimsoll, "measure", "--model-sigma", "0", "--view-azimuth", str(azimuth), "--incidence", str(view["incidence_deg"]),
               os.path.join(scenes, "scenes", truth["id"] + ".tif"), "--format", "geojson", "--quiet"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def nearest(truth, properties):
    """The drawn hull at the measured one's place, or None."""
    def distance(hull):
        lon, lat = hull["centre_lonlat"]
        return 111e3 * math.hypot((lon - properties["lon"]) * math.cos(math.radians(lat)), lat - properties["lat"])
    best = min(truth["hulls"], key=distance)
    return best if distance(best) < NEAR_M else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--list", action="store_true", help="print every wrong one")
    args = parser.parse_args()
    truths = sorted(glob.glob(os.path.join(args.scenes, "truth", "d*.json")))
    if not truths:
        print(f"skipped: no rendered scenes in {args.scenes}")
        return 77
    for turn_deg in (0, 180):
        verdicts, rows = collections.Counter(), collections.Counter()
        for name in truths:
            with open(name, encoding="utf-8") as file:
                truth = json.load(file)
            answer = measure(args.plimsoll, args.scenes, truth, turn_deg)
            witness = answer["plimsoll:scene"]["view_witness"]
            verdicts[witness["verdict"]] += 1
            for feature in answer["features"]:
                got = feature["properties"]
                hull = nearest(truth, got)
                if hull is None or got["freeboard_m"] is None:
                    continue
                error = got["freeboard_m"] - hull["freeboard_mid_m"]
                wrong = abs(error) > max(3 * got["freeboard_sigma_m"], 0.3)
                rows[got["status"] + (", wrong" if wrong else "")] += 1
                if wrong and args.list:
                    print(f"    {truth['id']} {error:+.2f} +- {got['freeboard_sigma_m']:.2f} {got['status']}, log odds {witness['log_odds']}")
        print(f"view azimuth {'as it was' if turn_deg == 0 else 'turned by 180 deg'}: {dict(verdicts)}; hulls: {dict(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
