#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far off are lengths and beams, and how alike are decks of one ship and of two? For models/same_hull.csv.

    fit_same.py RESULTS TRUTH

RESULTS: a folder of <scene>.geojson as `plimsoll measure` writes them; TRUTH: a folder of <scene>.json (../shared/scenes/truth).
Hulls are matched to the truth by place. A ship is known again by the truth's pair; all others are different ships.
"""
import base64
import glob
import itertools
import json
import math
import os
import sys

SURE = 3.0      # sigmas beyond which a length is an outlier, together with
FAR = 0.012     # this share of the length
ALIKE = 0.08    # crossed pairs whose lengths agree like this are asked for their decks
METRES_PER_DEGREE = 111320.0


def hull_at(truth, lon, lat):
    best, nearest = None, None
    for hull in truth["hulls"]:
        x, y = hull["centre_lonlat"]
        d = METRES_PER_DEGREE * math.hypot((x - lon) * math.cos(math.radians(y)), y - lat)
        if d < 0.4 * hull["loa_m"] and (nearest is None or d < nearest):
            best, nearest = hull, d
    return best


def observations(results, truth_folder):
    for path in sorted(glob.glob(os.path.join(results, "*.geojson"))):
        scene = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as file:
            features = json.load(file)["features"]
        with open(os.path.join(truth_folder, scene + ".json"), encoding="utf-8") as file:
            truth = json.load(file)
        for feature in features:
            seen = feature["properties"]
            hull = hull_at(truth, seen["lon"], seen["lat"])
            if not hull or not seen["fingerprint"]:
                continue
            cells = [c - 256 if c > 127 else c for c in base64.b64decode(seen["fingerprint"])]
            off = abs((seen["heading_deg"] - hull["heading_deg"] + 180) % 360 - 180)
            ship = truth["pair"]["id"] if truth.get("pair") else f"{scene}/{hull['index']}"
            yield {"ship": ship, "deck": ranks(cells if off < 90 else cells[::-1]), "seen": seen, "hull": hull}


def ranks(cells):
    """Of the cells' values, equal ones sharing their mean rank; less their mean, over their root mean square."""
    below, rank = 0, {}
    for value in sorted(set(cells)):
        count = cells.count(value)
        rank[value] = below + (count - 1) / 2
        below += count
    out = [rank[v] - (len(cells) - 1) / 2 for v in cells]
    norm = math.sqrt(sum(v * v for v in out)) or 1
    return [v / norm for v in out]


def rms(values):
    return math.sqrt(sum(v * v for v in values) / len(values)) if values else float("nan")


def moments(values):
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((v - mean) ** 2 for v in values) / max(len(values) - 1, 1))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    seen = list(observations(sys.argv[1], sys.argv[2]))
    tankers = [o for o in seen if o["hull"]["is_tanker"]]
    for name, true, far in (("length", "loa_m", FAR), ("beam", "beam_m", 0.03)):
        error = [(o["seen"][name + "_m"] - o["hull"][true], o["seen"][name + "_sigma_m"], o["hull"][true]) for o in tankers]
        out = [d / x for d, s, x in error if abs(d) > max(SURE * s, far * x)]
        print(f"{name}: {len(error)} tankers, worst {max(abs(d / s) for d, s, _ in error):.1f} sigma; outliers {len(out)}, share {len(out) / len(error):.2f}, "
              f"rms {rms(out):.3f}; others {rms([d / s for d, s, x in error if abs(d) <= max(SURE * s, far * x)]):.2f} sigma")
    same, other = [], []
    for a, b in itertools.combinations(seen, 2):
        if a["ship"] != b["ship"] and abs(math.log(a["seen"]["length_m"] / b["seen"]["length_m"])) > ALIKE:
            continue
        (same if a["ship"] == b["ship"] else other).append(sum(x * y for x, y in zip(a["deck"], b["deck"])))
    for name, values in (("same", same), ("different", other)):
        print("decks, %s: %d pairs, mean %.2f, scatter %.2f" % (name, len(values), *moments(values)))


if __name__ == "__main__":
    main()
