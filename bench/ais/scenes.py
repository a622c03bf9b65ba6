#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""On rendered scenes with AIS tables made from their truth: who is named, rightly or wrongly, who is called silent, which ships are told and
not seen? Three hulls in ten keep silent; the others stand where they are but for 5 m, their antenna aft and untold, sizes rounded.

bench/ais/scenes.py --plimsoll build/src/cli/plimsoll ../shared/scenes [--every 3]"""
import argparse
import collections
import datetime
import json
import math
import os
import random
import subprocess
import tempfile

HEADER = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass"


def moved(lon, lat, east, north):
    return lon + east / (111320 * math.cos(math.radians(lat))), lat + north / 110574


def distance(a, b):
    return math.hypot((a[0] - b[0]) * 111320 * math.cos(math.radians(a[1])), (a[1] - b[1]) * 110574)


def messages(time, mmsi, place, heading, name, length, beam, draught):
    for minute in range(-60, 61, 3):
        at = time + datetime.timedelta(minutes=minute)
        yield f"{mmsi},{at:%Y-%m-%dT%H:%M:%S},{place[1]:.5f},{place[0]:.5f},0.0,360.0,{heading},{name},,,80,5,{length},{beam},{draught},,A"


def table(time, hulls, dice):
    """(rows, the ships that speak)"""
    rows, speaking = [], set()
    for hull in hulls:
        if dice.random() < 0.3:
            continue
        heading, length = math.radians(hull["heading_deg"]), hull["loa_m"]
        aft = -dice.uniform(0.25, 0.42) * length
        place = moved(*hull["centre_lonlat"], aft * math.sin(heading) + dice.gauss(0, 5), aft * math.cos(heading) + dice.gauss(0, 5))
        rows += messages(time, 273000001 + hull["index"], place, round(hull["heading_deg"]) % 360, f"SHIP {hull['index']}", round(length),
                         round(hull["beam_m"]), f"{hull['draft_mid_m']:.1f}")
        speaking.add(hull["index"])
    rows += messages(time, 273999999, moved(*hulls[0]["centre_lonlat"], 4000, 0), 511, "FAR", 120, 20, 5)
    return rows, speaking


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("shared")
    words.add_argument("--plimsoll", required=True)
    words.add_argument("--every", type=int, default=1)
    words = words.parse_args()
    dice, hulls_are, ships_are = random.Random(5), collections.Counter(), collections.Counter()
    for name in sorted(os.listdir(os.path.join(words.shared, "truth")))[::words.every]:
        with open(os.path.join(words.shared, "truth", name), encoding="utf-8") as file:
            truth = json.load(file)
        hulls = [hull for hull in truth.get("hulls", []) if hull.get("loa_m")]
        if not truth.get("datetime") or not hulls:
            continue
        time = datetime.datetime.fromisoformat(truth["datetime"].replace("Z", "")).replace(microsecond=0)
        rows, speaking = table(time, hulls, dice)
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("\n".join([HEADER] + sorted(rows, key=lambda row: row.split(",")[1])) + "\n")
            file.flush()
            run = subprocess.run([words.plimsoll, "hulls", os.path.join(words.shared, "scenes", truth["image"]), "--ais", file.name, "--format", "geojson"],
                                 capture_output=True, check=False)
        if run.returncode:
            continue  # a picture without a pixel size, or made to be refused
        got = json.loads(run.stdout)
        for feature in got["features"]:
            row = feature["properties"]
            if row["lon"] is None:
                continue
            place = (row["lon"], row["lat"])
            nearest = min(hulls, key=lambda hull: distance(hull["centre_lonlat"], place))
            real = distance(nearest["centre_lonlat"], place) < max(25, 0.3 * nearest["loa_m"])
            is_ = "no ship" if not real else "speaks" if nearest["index"] in speaking else "silent"
            right = "" if row["vessel_name"] is None else "rightly" if is_ == "speaks" and row["vessel_name"] == f"SHIP {nearest['index']}" else "WRONGLY"
            hulls_are[f"{is_:8s} {row['ais_status']} {right}"] += 1
            if right == "WRONGLY" or (is_ == "speaks") != (row["ais_status"] == "matched"):
                print(truth["id"], is_, row["ais_status"], right, f"{row['length_m']} x {row['beam_m']}, {nearest['loa_m']} x {nearest['beam_m']} in truth", row["reasons"])
        for ship in got["plimsoll:scene"]["ais"]["ships"]:
            ships_are[ship["sight"]] += 1
            if ship["sight"] == "not_seen":
                print(truth["id"], ship["name"], ship["length_m"], "m: not seen")
    for what, counter in (("hulls", hulls_are), ("ships", ships_are)):
        for key, count in sorted(counter.items()):
            print(f"{what} {count:5d}  {key}")


if __name__ == "__main__":
    main()
