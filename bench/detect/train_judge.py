#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the judge of shapes (models/ship_judge.onnx, src/hull/judge.c) and says how good it is on pictures it has not seen.

Shapes and chips are the program's own (bench_shapes, src/hull/shapes.c). Learned from: kge-ships, the rendered scenes but E_foreign, and draws
of plimsoll synth. A shape is right by as much as its upright box overlaps a label's (intersection over union): the network gives the
probability that this is half or more, and the overlap itself, by which shapes of one ship are ranked.

Groups of ten neighbouring pictures of kge-ships are left out in turn, four folds. What the folds say of pictures they have not seen
gives the figures, and the scale of the probability (two numbers, Platt). --folds keeps their networks: bench/detect/run.py --folds
measures the whole program with them.

Needs Debian's python3-torch, python3-numpy, python3-gdal; one CPU core, a quarter of an hour; seeded.

--keep: draws and shapes lie there, and what is there already is not made again.

    train_judge.py [--out models/ship_judge.onnx] [--folds DIR] [--keep DIR]
"""
import argparse
import copy
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from osgeo import gdal, osr

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KGE_PIXEL_M, KGE_LEAST_M, KGE_SIDE_PX, LEAST_PX = 0.4, 12.8, 640, 32
LEAST_M = 30.0
LEARN_VOTES = 3  # the program asks about all
FOLDS, GROUP, SEED = 4, 10, 5
EPOCHS, EPOCH_CHIPS, BATCH = 12, 7680, 64
CHIP = (3, 40, 80)
UNIT = 32.0  # src/hull/views.c
SHAPE = numpy.dtype([("at", "f8", 6), ("box", "f8", 4), ("chip", "i1", CHIP)])
RIGHT = 0.5
COMMON = 0.4  # src/hull/judge.c
GRID = numpy.array([(u, w) for u in numpy.linspace(-0.45, 0.45, 7) for w in (-0.35, 0.0, 0.35)])
DRAWS = 24
DRAWN = ([], ["--quay"], ["--jetty"], ["--speed=8"], ["--glint=0.3"], ["--glint=0.9"], ["--no-ship", "--quay"], ["--cloud-shadow=0.5"])


# ---- pictures and their labels ----

def order(path):
    name = os.path.basename(path)
    return re.match(r"\D+", name).group(0), int(re.search(r"\d+", name).group(0))


def kge_labels(picture):
    boxes = []
    with open(picture.replace("images", "labels")[:-3] + "txt", encoding="utf-8") as file:
        for line in file:
            x, y, wide, high = (float(word) * KGE_SIDE_PX for word in line.split()[1:5])
            boxes.append((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
    return numpy.array(boxes).reshape(-1, 4)


def truth_labels(picture, truth):
    """Upright boxes of the decks of a drawn picture, in its pixels."""
    source = gdal.Open(picture)
    back = gdal.InvGeoTransform(source.GetGeoTransform())
    lonlat = osr.SpatialReference()
    lonlat.ImportFromEPSG(4326)
    lonlat.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    turn = osr.CoordinateTransformation(lonlat, source.GetSpatialRef())
    boxes = []
    for hull in truth["hulls"]:
        ring = [gdal.ApplyGeoTransform(back, *turn.TransformPoint(*place)[:2]) for place in hull["deck_polygon_lonlat"]]
        x, y = zip(*ring)
        boxes.append((min(x), min(y), max(x), max(y)))
    return numpy.array(boxes).reshape(-1, 4)


def draw(plimsoll, folder):
    """Draws of plimsoll synth; every parameter by the seed. What else they show than the ship (neighbours, tugs) has no label: left out."""
    dice = random.Random(77)
    for k in range(DRAWS):
        length = dice.uniform(35, 90) if dice.random() < 0.4 else dice.uniform(80, 340)
        words = {"length": length, "beam": length / dice.uniform(4.5, 7.5), "heading": dice.uniform(0, 360),
                 "freeboard": dice.uniform(1, min(14, length / 15)), "gsd": dice.choice([0.3, 0.5] if length < 150 else [0.5, 0.7, 1.0]),
                 "seed": k, "sun-elevation": dice.uniform(20, 70), "sun-azimuth": dice.uniform(0, 360),
                 "view-azimuth": dice.uniform(0, 360), "incidence": dice.uniform(0, 30), "contrast": dice.uniform(0.05, 0.5),
                 "swell": dice.uniform(0, 0.08), "bands": dice.choice([1, 3, 4]), "snr": dice.uniform(30, 120)}
        path = os.path.join(folder, f"s{k:03d}.tif")
        if os.path.exists(path[:-4] + ".truth.json"):
            continue
        subprocess.run([plimsoll, "synth", "-o", path, "--quiet",
                        *(f"--{name}={value}" for name, value in words.items()), *DRAWN[k % len(DRAWN)]], check=True)


def shapes_of(args, name, pictures, least_m, pixel_m=None):
    path = os.path.join(args.keep, name + ".shapes")
    if not os.path.exists(path):
        words = [picture + (f"={pixel_m}" if pixel_m else "") for picture in pictures]
        subprocess.run([args.shapes, os.path.join(TOP, "models"), str(least_m), path + ".part", *words], check=True)
        os.rename(path + ".part", path)
    with open(path, "rb") as file:
        all_shapes = [numpy.fromfile(file, SHAPE, int(numpy.fromfile(file, "i4", 1)[0])) for _ in pictures]
    return [shapes[shapes["at"][:, 5] >= LEARN_VOTES] for shapes in all_shapes]


def overlaps(boxes, labels):
    a, b = boxes[:, None], labels[None]
    wide = numpy.minimum(a[..., 2], b[..., 2]) - numpy.maximum(a[..., 0], b[..., 0])
    high = numpy.minimum(a[..., 3], b[..., 3]) - numpy.maximum(a[..., 1], b[..., 1])
    both = numpy.clip(wide, 0, None) * numpy.clip(high, 0, None)
    return both / ((a[..., 2] - a[..., 0]) * (a[..., 3] - a[..., 1]) + (b[..., 2] - b[..., 0]) * (b[..., 3] - b[..., 1]) - both)


# ---- the network ----

class Judge(torch.nn.Module):
    def __init__(self):
        super().__init__()

        def layer(into, out, size, step):
            return [torch.nn.Conv2d(into, out, size, step, size // 2, bias=False), torch.nn.BatchNorm2d(out), torch.nn.ReLU()]

        self.layers = torch.nn.Sequential(
            *layer(3, 16, 5, 2), *layer(16, 24, 3, 2), *layer(24, 32, 3, 1), torch.nn.MaxPool2d(2), *layer(32, 48, 3, 1), *layer(48, 12, 1, 1),
            torch.nn.Flatten(), torch.nn.Dropout(0.3), torch.nn.Linear(600, 40), torch.nn.ReLU(), torch.nn.Linear(40, 2))

    def forward(self, chips):
        return self.layers(chips)


class Answer(torch.nn.Module):
    """Probability and overlap, as the program reads them; the first on the scale that unseen pictures gave, which the last layer takes up."""

    def __init__(self, judge, scale):
        super().__init__()
        self.judge = copy.deepcopy(judge)
        last = self.judge.layers[-1]
        with torch.no_grad():
            last.weight[0] *= float(scale[0])
            last.bias[0] = last.bias[0] * float(scale[0]) + float(scale[1])

    def forward(self, chips):
        return torch.sigmoid(self.judge(chips))


def varied(chips, dice):
    """As another day, another sensor and the mirror would show them."""
    many = len(chips)
    if dice.random() < 0.5:
        chips = chips[:, :, :, ::-1]
    if dice.random() < 0.5:
        chips = chips[:, :, ::-1]
    chips = chips.astype(numpy.float32) / UNIT
    chips[:, 0] *= dice.uniform(0.7, 1.3, (many, 1, 1))
    colour = dice.uniform(0.5, 1.3, (many, 1, 1))
    colour[dice.random((many, 1, 1)) < 0.2] = 0  # a panchromatic sensor
    chips[:, 1] *= colour
    chips[:, :2] += dice.normal(0, 1, chips[:, :2].shape).astype(numpy.float32) * dice.uniform(0, 0.25, (many, 1, 1, 1)).astype(numpy.float32)
    return torch.from_numpy(numpy.ascontiguousarray(chips, dtype=numpy.float32))


def lesson(pictures, dice):
    """Chips, their overlaps and how often each should be seen: one ship's many shapes count less than as many ships'."""
    chips, values, weights = [], [], []
    for shapes, labels in pictures:
        if not len(shapes):
            continue
        common = overlaps(shapes["box"], labels) if len(labels) else numpy.zeros((len(shapes), 1))
        value, label = common.max(1), common.argmax(1)
        many = numpy.bincount(label[value >= RIGHT], minlength=common.shape[1])
        taken = numpy.flatnonzero((value >= 0.15) | (dice.random(len(shapes)) < 120 / len(shapes)))
        chips.append(shapes["chip"][taken])
        values.append(value[taken])
        weights.append(numpy.where(value[taken] >= RIGHT, 1 / numpy.sqrt(numpy.maximum(many[label[taken]], 1)), 1.0))
    return numpy.concatenate(chips), numpy.concatenate(values), numpy.concatenate(weights)


def train(pictures, name):
    torch.manual_seed(SEED)
    dice = numpy.random.default_rng(SEED)
    chips, values, weights = lesson(pictures, dice)
    right = numpy.flatnonzero(values >= RIGHT)
    wrong = numpy.flatnonzero(values < RIGHT)
    near = wrong[values[wrong] > 0.15]
    judge = Judge()
    steps = EPOCHS * (EPOCH_CHIPS // BATCH)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=3e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=steps + 1, pct_start=0.2)
    judge.train()
    for epoch in range(EPOCHS):
        began, total = time.time(), 0.0
        parts = (dice.choice(right, EPOCH_CHIPS * 2 // 5, p=weights[right] / weights[right].sum()), dice.choice(near, EPOCH_CHIPS // 5))
        some = numpy.concatenate(parts + (dice.choice(wrong, EPOCH_CHIPS - sum(map(len, parts))),))
        some = dice.permutation(some)
        for k in range(0, len(some), BATCH):
            batch = some[k:k + BATCH]
            value = values[batch]
            wanted = torch.from_numpy(numpy.stack([numpy.clip((value - 0.4) / 0.2, 0, 1), value], 1).astype(numpy.float32))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(judge(varied(chips[batch], dice)), wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"{name}: {len(values)} chips, epoch {epoch}: {total / (len(some) // BATCH):.4f}, {time.time() - began:.0f} s", flush=True)
    return judge.eval()


def logits(judge, shapes):
    """Before the sigmoid: probability, overlap."""
    out = [numpy.zeros((0, 2), numpy.float32)]
    with torch.no_grad():
        for k in range(0, len(shapes), 512):
            out.append(judge(torch.from_numpy(shapes["chip"][k:k + 512].astype(numpy.float32) / UNIT)).numpy())
    return numpy.concatenate(out)


# ---- one shape a ship, as src/hull/judge.c picks them ----

def share_in(a, b):
    x = a[0] + GRID[:, 0] * a[3] * numpy.cos(a[2]) - GRID[:, 1] * a[4] * numpy.sin(a[2]) - b[0]
    y = a[1] + GRID[:, 0] * a[3] * numpy.sin(a[2]) + GRID[:, 1] * a[4] * numpy.cos(a[2]) - b[1]
    u, w = x * numpy.cos(b[2]) + y * numpy.sin(b[2]), y * numpy.cos(b[2]) - x * numpy.sin(b[2])
    return ((abs(u) <= b[3] / 2) & (abs(w) <= b[4] / 2)).mean()


def pick(shapes, said, least):
    """Indices, best first. said: probability, overlap."""
    kept = []
    for i in numpy.argsort(-said[:, 0] * said[:, 1], kind="stable"):
        at = shapes["at"][i]
        if said[i, 0] >= least and all(max(share_in(at, shapes["at"][k]), share_in(shapes["at"][k], at)) < COMMON for k in kept):
            kept.append(i)
    return kept


def sigmoid(z):
    return 1 / (1 + numpy.exp(-z))


def longest(boxes):
    return numpy.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])


def platt(logit, right):
    """Gain and shift by Newton's method on the likelihood."""
    scale = numpy.array([1.0, 0.0])
    design = numpy.stack([logit, numpy.ones_like(logit)], 1)
    for _ in range(30):
        p = sigmoid(design @ scale)
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + 1e-6 * numpy.eye(2)
        scale = scale + numpy.linalg.solve(hessian, design.T @ (right - p))
    return scale


def picked(unseen, scale, least):
    """(logit, right) of every pick on pictures not seen in training, and ships found and wanted."""
    logit, right, found, wanted = [], [], 0, 0
    for shapes, labels, said in unseen:
        scaled = sigmoid(said * [scale[0], 1] + [scale[1], 0])
        kept = [k for k in pick(shapes, scaled, least) if longest(shapes["box"][[k]])[0] >= LEAST_PX]
        common = overlaps(shapes["box"][kept], labels) if len(labels) and kept else numpy.zeros((len(kept), len(labels)))
        logit += list(said[kept, 0])
        right += list(common.max(1) >= RIGHT if len(labels) else [False] * len(kept))
        large = longest(labels) >= LEAST_PX
        wanted += large.sum()
        found += (common.max(0) >= RIGHT)[large].sum() if kept else 0
    return numpy.array(logit), numpy.array(right, float), found, wanted


def write(judge, scale, path):
    torch.onnx.export(Answer(judge, scale).eval(), torch.zeros(1, *CHIP), path, opset_version=11, input_names=["chips"],
                      output_names=["probability_overlap"], dynamic_axes={"chips": {0: "n"}, "probability_overlap": {0: "n"}})


def learn_from_drawn(args):
    """(shapes, labels) of the rendered scenes and of draws."""
    folder = os.path.join(args.keep, "draws")
    os.makedirs(folder, exist_ok=True)
    draw(args.plimsoll, folder)
    drawn = [(path, path[:-4] + ".truth.json") for path in sorted(glob.glob(os.path.join(folder, "*.tif")))]
    for path in sorted(glob.glob(os.path.join(args.scenes, "truth", "*.json"))):
        with open(path, encoding="utf-8") as file:
            truth = json.load(file)
        if "hulls" in truth and truth["group"] != "E_foreign":
            drawn.append((os.path.join(args.scenes, "scenes", truth["image"]), path))
    out = []
    for (picture, path), shapes in zip(drawn, shapes_of(args, "drawn", [picture for picture, _ in drawn], LEAST_M)):
        with open(path, encoding="utf-8") as file:
            out.append((shapes, truth_labels(picture, json.load(file))))
    return out


def work(args):
    gdal.UseExceptions()
    torch.set_num_threads(1)

    kge = sorted(glob.glob(os.path.join(args.kge, "images", "*.jpg")), key=order)
    seen = list(zip(shapes_of(args, "kge", kge, KGE_LEAST_M, KGE_PIXEL_M), map(kge_labels, kge)))
    others = learn_from_drawn(args)
    for name, pictures in (("kge", seen), ("drawn", others)):
        best = [overlaps(shapes["box"], labels).max(0) if len(shapes) else numpy.zeros(len(labels)) for shapes, labels in pictures if len(labels)]
        large = numpy.concatenate([longest(labels) >= LEAST_PX for _, labels in pictures if len(labels)])
        best = numpy.concatenate(best)[large]
        print(f"{name}: {len(pictures)} pictures, {sum(len(s) for s, _ in pictures)} shapes; of {len(best)} ships "
              f"{100 * (best >= RIGHT).mean():.1f} % have a right one", flush=True)

    groups = numpy.arange(len(kge)) // GROUP
    fold = (numpy.random.default_rng(SEED).permutation(groups.max() + 1) % FOLDS)[groups]
    judges, unseen = [], []
    for k in range(FOLDS):
        judges.append(train([p for p, f in zip(seen, fold) if f != k] + others, f"fold {k}"))
        unseen += [(shapes, labels, logits(judges[k], shapes)) for (shapes, labels), f in zip(seen, fold) if f == k]
    scale = platt(*picked(unseen, (1.0, 0.0), 0.05)[:2])
    print(f"scale {scale[0]:.3f} {scale[1]:.3f}")
    for least in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        logit, right, found, wanted = picked(unseen, scale, least)
        print(f"unseen, probability from {least}: found {found}/{wanted} = {100 * found / wanted:.1f} %, "
              f"right {right.sum():.0f}/{len(right)} = {100 * right.mean():.1f} %")
    logit, right, _, _ = picked(unseen, scale, 0.05)
    said = sigmoid(scale[0] * logit + scale[1])
    for low in numpy.arange(0, 1, 0.2):
        here = (said >= low) & (said < low + 0.2)
        if here.any():
            print(f"said {100 * low:.0f} to {100 * low + 20:.0f} %: {here.sum()}, mean {100 * said[here].mean():.0f} %, right {100 * right[here].mean():.0f} %")
    if args.folds:
        os.makedirs(args.folds, exist_ok=True)
        for k, judge in enumerate(judges):
            write(judge, scale, os.path.join(args.folds, f"fold{k}.onnx"))
        with open(os.path.join(args.folds, "folds.json"), "w", encoding="utf-8") as file:
            json.dump({os.path.splitext(os.path.basename(path))[0]: int(f) for path, f in zip(kge, fold)}, file)
    write(train(seen + others, "all"), scale, args.out)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", default=os.path.join(TOP, "build", "bench", "bench_shapes"))
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--kge", default=os.path.join(TOP, "..", "shared", "real", "kge-ships"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--out", default=os.path.join(TOP, "models", "ship_judge.onnx"))
    parser.add_argument("--folds", help="folder that receives the folds' networks and folds.json")
    parser.add_argument("--keep", help="folder of draws and shapes; else a temporary one")
    args = parser.parse_args()
    if not args.keep:
        with tempfile.TemporaryDirectory() as args.keep:
            return work(args)
    os.makedirs(args.keep, exist_ok=True)
    return work(args)


if __name__ == "__main__":
    sys.exit(main())
