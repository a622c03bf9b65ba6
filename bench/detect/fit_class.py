#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits models/vessel_class.csv, and tells how well it judges ships that it was not fitted to.

Decks of the rendered scenes (but E_foreign, which is only measured) and of kge-ships (kge_decks.csv: looked at by eye) are looked at by bench_decks;
ships drawn by plimsoll synth join them: tankers with their gear, and empty decks, which a pontoon or barge has and which say nothing of a tanker. A logistic
regression with a ridge of 1 is fitted. Each of four groups, tanker or not, rendered or real, weighs as 25 hulls, synth's tankers as 5 and its empty decks as 2, so that the answer
is the probability for a port in which half of the ships are tankers. Cross-validation leaves out one scene, ten neighbouring pictures of kge-ships or eight draws at a time.

    fit_class.py [--write] [--list]

Exit 77 when the pictures are not there.
"""
import argparse
import collections
import csv
import glob
import io
import json
import os
import random
import subprocess
import sys
import tempfile

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77
RIDGE = 1.0
GROUP_WEIGHT = {("drawn", True): 25.0, ("drawn", False): 25.0, ("real", True): 25.0, ("real", False): 25.0, ("synth", True): 5.0, ("synth", False): 2.0}
HELD_SD = 2.5  # values are held to so many sds: beyond, nothing is known
NEIGHBOURS = 10
LEAST_M = 60.0
SURE = 0.8  # as src/hull/classify.c
KGE_PIXEL_M = 0.4
PLACE_PX = 12.0
SOURCE = '"bench/detect/fit_class.py: {drawn} rendered, {synth} synth and {real} real decks, {tankers} of them tankers"'
SYNTH_SEED, SYNTH_SHIPS, SYNTH_BATCH = 20, 96, 8


def look(args, pictures):
    run = subprocess.run([args.decks, os.path.join(TOP, "models"), *pictures], capture_output=True, check=True, text=True)
    return list(csv.DictReader(io.StringIO(run.stdout)))


def drawn(args):
    for path in sorted(glob.glob(os.path.join(args.scenes, "truth", "*.json"))):
        with open(path, encoding="utf-8") as file:
            truth = json.load(file)
        if "hulls" not in truth:
            continue
        picture = os.path.join(args.scenes, "scenes", truth["image"])
        from osgeo import gdal  # pylint: disable=import-outside-toplevel
        gdal.UseExceptions()
        affine = gdal.Open(picture).GetGeoTransform()
        for row in look(args, [picture]):
            east = affine[0] + float(row["x_px"]) * affine[1]
            north = affine[3] + float(row["y_px"]) * affine[5]
            away, vessel = min(((numpy.hypot(east - v["centre_utm"][0], north - v["centre_utm"][1]), v) for v in truth["hulls"]), key=lambda pair: pair[0])
            if away < max(0.2 * vessel["loa_m"], 12.0):
                yield dict(row, set="E" if truth["group"].startswith("E") else "drawn", group=truth["id"], tanker=vessel["is_tanker"])


def real(args):
    with open(os.path.join(HERE, "kge_decks.csv"), encoding="utf-8") as file:
        seen = list(csv.DictReader(line for line in file if not line.startswith("#")))
    by_picture = collections.defaultdict(list)
    for row in seen:
        by_picture[row["picture"]].append(row)
    pictures = [os.path.join(args.kge, "images", name + ".jpg") for name in by_picture]
    for row in look(args, [f"{picture}={KGE_PIXEL_M}" for picture in pictures]):
        name = os.path.splitext(os.path.basename(row["picture"]))[0]
        for deck in by_picture[name]:
            away = numpy.hypot(float(deck["x_px"]) - float(row["x_px"]), float(deck["y_px"]) - float(row["y_px"]))
            if away < PLACE_PX and deck["deck"] != "unclear":
                number = int("".join(c for c in name if c.isdigit()))
                yield dict(row, set="real", group=f"{name[:2]}{number // NEIGHBOURS}", tanker=deck["deck"] == "tanker")


def synth(args):
    """Half of them with bare decks; every parameter by the seed."""
    dice = random.Random(SYNTH_SEED)
    for k in range(SYNTH_SHIPS):
        length = dice.uniform(60, 260)
        words = {"length": length, "beam": length / dice.uniform(5.3, 7.0), "heading": dice.uniform(0, 360), "freeboard": dice.uniform(1.5, 9),
                 "sun-azimuth": dice.uniform(90, 270), "sun-elevation": dice.uniform(25, 65), "view-azimuth": dice.uniform(0, 360), "incidence": dice.uniform(0, 28),
                 "gsd": dice.choice((0.3, 0.5, 0.7)), "psf": dice.uniform(1.0, 1.6), "snr": dice.uniform(40, 120), "gear-height": dice.uniform(0.6, 1.5)}
        more = ["--bands", dice.choice("134"), "--seed", str(k)] + ["--bare"] * (k % 2)
        with tempfile.TemporaryDirectory() as work:
            picture = os.path.join(work, "ship.tif")
            subprocess.run([args.plimsoll, "synth", "-o", picture, "--quiet", *more, *(w for n, v in words.items() for w in ("--" + n, f"{v:.2f}"))],
                           capture_output=True, check=True)
            for row in look(args, [picture]):
                yield dict(row, set="synth", group=f"synth{k // SYNTH_BATCH}", tanker=k % 2 == 0)


def fit(x, y, group):
    weight = numpy.zeros(len(y))
    for key in set(zip(group, y)):
        mine = numpy.array([pair == key for pair in zip(group, y)])
        weight[mine] = GROUP_WEIGHT[key] / mine.sum()
    mean = numpy.average(x, axis=0, weights=weight)
    sd = numpy.sqrt(numpy.average((x - mean) ** 2, axis=0, weights=weight))
    low, high = mean - HELD_SD * sd, mean + HELD_SD * sd
    a = numpy.column_stack([(numpy.clip(x, low, high) - mean) / sd, numpy.ones(len(x))])
    ridge = numpy.eye(a.shape[1]) * RIDGE
    ridge[-1, -1] = 1e-3
    b = numpy.zeros(a.shape[1])
    for _ in range(50):
        p = 1 / (1 + numpy.exp(-a @ b))
        b = b + numpy.linalg.solve((a * (weight * p * (1 - p))[:, None]).T @ a + ridge, a.T @ (weight * (y - p)) - ridge @ b)
    return mean, sd, low, high, b


def judge(model, x):
    mean, sd, low, high, b = model
    return 1 / (1 + numpy.exp(-(((numpy.clip(x, low, high) - mean) / sd) @ b[:-1] + b[-1])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decks", default=os.path.join(TOP, "build", "bench", "bench_decks"))
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--kge", default=os.path.join(TOP, "..", "shared", "real", "kge-ships"))
    parser.add_argument("--write", action="store_true", help="write models/vessel_class.csv")
    parser.add_argument("--list", action="store_true", help="one line a ship judged wrongly")
    args = parser.parse_args()
    if not os.path.isdir(args.scenes) or not os.path.isdir(args.kge):
        print("skipped: the pictures are not there")
        return SKIPPED
    rows = list(drawn(args)) + list(synth(args)) + list(real(args))
    names = [name for name in list(rows[0])[5:] if name not in ("x0", "y0", "x1", "y1", "set", "group", "tanker")]
    x = numpy.array([[float(row[name]) for name in names] for row in rows])
    known = numpy.isfinite(x).all(axis=1)
    print(f"{(~known).sum()} of {len(rows)} decks too small to be looked at")
    rows, x = [row for row, k in zip(rows, known) if k], x[known]
    y = numpy.array([row["tanker"] for row in rows])
    kind, group = numpy.array([row["set"] for row in rows]), numpy.array([row["group"] for row in rows])
    length = numpy.array([float(row["length_m"]) for row in rows])
    for_fit = kind != "E"
    p = judge(fit(x[for_fit], y[for_fit], kind[for_fit]), x)
    for left_out in sorted(set(group[for_fit])):
        here = group == left_out
        p[here] = judge(fit(x[for_fit & ~here], y[for_fit & ~here], kind[for_fit & ~here]), x[here])
    for which in ("drawn", "synth", "real", "E"):
        for tanker in (True, False):
            mine = (kind == which) & (y == tanker) & (length >= LEAST_M)
            right = (p >= 0.5) == tanker
            sure = (p >= SURE) | (p <= 1 - SURE)
            print(f"{which:5s} {'tankers' if tanker else 'others ':7s} over {LEAST_M:.0f} m: {mine.sum():3d}, more probably right {(mine & right).sum():3d}; "
                  f"sure {(mine & sure).sum():3d}, of them wrong {(mine & sure & ~right).sum()}")
    model = fit(x[for_fit], y[for_fit], kind[for_fit])
    if args.list:
        for row, probability in zip(rows, p):
            if (probability >= 0.5) != row["tanker"]:
                print(f"  {row['picture']}: {'tanker' if row['tanker'] else 'other'} of {float(row['length_m']):.0f} m, tanker_probability {probability:.2f}")
    source = SOURCE.format(drawn=(for_fit & (kind == "drawn")).sum(), synth=(kind == "synth").sum(), real=(kind == "real").sum(), tankers=(for_fit & y).sum())
    lines = []
    for k, name in enumerate(names):
        lines.append(f"{name}," + ",".join(f"{column[k]:.4f}" for column in model) + f",{source},2026-11")
    lines.append(f"constant,,,,,{model[4][-1]:.4f},{source},2026-11")
    print("\n".join(lines))
    if args.write:
        path = os.path.join(TOP, "models", "vessel_class.csv")
        with open(path, encoding="utf-8") as file:
            head = [line for line in file.read().splitlines() if line.startswith("#")] + ["evidence,mean,sd,low,high,weight,source,date"]
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(head + lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
