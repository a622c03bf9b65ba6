#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ships does plimsoll find, and what does it take for one?

Seven questions, on whatever pictures are there:
- rendered: the rendered scenes, whose truth is known. Vessels found (of all classes, at least 40 m long, centre within a fifth of the
  length), false hulls, and what is said of the bow and of the class (tanker or not): right, wrong, or left open.
- turned: the rendered scenes of the port groups, turned by 90, 180 and 270 degrees. Hulls that are not found again at the same place.
- kge: the labelled real pictures of kge-ships, their scale taken for 0.4 m a pixel (it is not known). Boxes whose longest side is at least
  32 pixels, found when the upright box round an outline overlaps the label by half or more. A hull is right when it overlaps any label so.
  The learned judge has seen these pictures: with --folds (train_judge.py) each is judged by the network that has not.
- tiles: the labelled port tiles of xview-port-tiles at 0.3 m a pixel: ships over 40 m, found when a hull's centre lies in the label.
- coarse: the labelled Sentinel-2 ports: ships over 100 m, found when a hull's centre lies in the label.
- sized: ships drawn by plimsoll synth at pixels of 5, 8 and 10 m: found, and how far off length, beam and heading are, in their own sigmas.
- empty: the pictures of vhr-rpc, in which there is no ship.

The labels of the last three are for looking and measuring only: nothing may be fitted to them.

Exit 77 when neither rendered nor real pictures are there, 1 when the program crashes.

    run.py [--scenes ../shared/scenes] [--kge ../shared/real/kge-ships] [--real ../shared/real] [--every N] [--list]
           [--detector classical|learned] [--folds DIR]
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77
TIMEOUT_S = 300
LEAST_M = 40.0
KGE_SIDE_PX = 640
KGE_LEAST_PX = 32
KGE_WORDS = ("--pixel-size", "0.4", "--min-length", "12.8")
KGE_LEAST_PROBABILITIES = (None, 0.4)
OVERLAP = 0.5
TILE_PIXEL_M = 0.3
TILE_SIDE_PX = 930
COARSE_BANDS = ("B02", "B03", "B04", "B08")
COARSE_PIXEL_M = {"busan": 8.2, "cartagena": 9.8}  # 10 m of the Mercator map, on the ground
COARSE_LEAST_M = 100.0
EMPTY_PIXEL_M = 0.5
TURNED_GROUPS = "BD"
SIZED_SEED, SIZED_SHIPS, SIZED_PIXELS_M = 8, 16, (5.0, 8.0, 10.0)


def find(plimsoll, picture, *words):
    """Properties of the hulls found in one picture."""
    command = [*plimsoll, picture, "--format", "geojson", "--quiet", *words]
    run = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False)
    if run.returncode:
        raise RuntimeError(f"{picture}: exit {run.returncode}: {run.stderr.decode(errors='replace').strip()[:300]}")
    return [feature["properties"] for feature in json.loads(run.stdout)["features"]]


def each(jobs, function, items):
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(function, items))


def share(part, whole):
    return f"{part}/{whole}" + (f" = {100 * part / whole:.1f} %" if whole else "")


def metres(lon, lat, lon0, lat0):
    """From the second place to the first on the ground; a sphere does for a ship's length."""
    return math.radians(lon - lon0) * 6371e3 * math.cos(math.radians(lat0)), math.radians(lat - lat0) * 6371e3


def match(truth, hulls):
    """Pairs (vessel, hull), nearest first, and the hulls left over."""
    near = []
    for i, vessel in enumerate(truth):
        for k, hull in enumerate(hulls):
            away = math.hypot(*metres(hull["lon"], hull["lat"], *vessel["centre_lonlat"]))
            if away < max(0.2 * vessel["loa_m"], 12.0):
                near.append((away, i, k))
    pairs = {}
    for _, i, k in sorted(near):
        if i not in pairs and k not in pairs.values():
            pairs[i] = k
    return pairs, [hull for k, hull in enumerate(hulls) if k not in pairs.values()]


def rendered(args):
    """Prints the figures by group. Returns {scene: hulls}."""
    truths = []
    for path in sorted(glob.glob(os.path.join(args.scenes, "truth", "*.json"))):
        with open(path, encoding="utf-8") as file:
            truth = json.load(file)
        if "hulls" in truth:
            truths.append(truth)
    pictures = [os.path.join(args.scenes, "scenes", truth["image"]) for truth in truths]
    answers = each(args.jobs, lambda picture: find(args.plimsoll, picture), pictures)
    sums = collections.defaultdict(collections.Counter)
    for truth, hulls in zip(truths, answers):
        vessels = [vessel for vessel in truth["hulls"] if vessel["loa_m"] >= LEAST_M]
        pairs, false = match(vessels, hulls)
        said = collections.Counter(vessels=len(vessels), found=len(pairs), false=len(false))
        for i, k in pairs.items():
            off = abs((hulls[k]["heading_deg"] - vessels[i]["heading_deg"] + 180) % 360 - 180)
            said["open" if not hulls[k]["bow_certain"] else "right" if off < 90 else "wrong"] += 1
            told = hulls[k]["vessel_class"]
            said["class_" + ("open" if told is None else "right" if (told == "tanker") == vessels[i]["is_tanker"] else "wrong")] += 1
            if args.list and told is not None and (told == "tanker") != vessels[i]["is_tanker"]:
                print(f"  {truth['id']}: wrong class: {hulls[k]['id']}, {vessels[i]['vessel_class']}")
            if args.list and hulls[k]["bow_certain"] and off >= 90:
                print(f"  {truth['id']}: wrong bow: {hulls[k]['id']}, {vessels[i]['vessel_class']}")
        if args.list:
            for i, vessel in enumerate(vessels):
                if i not in pairs:
                    print(f"  {truth['id']}: missed: {vessel['vessel_class']}, {vessel['loa_m']:.0f} x {vessel['beam_m']:.0f} m")
            for hull in false:
                print(f"  {truth['id']}: false: {hull['id']}, {hull['length_m']:.0f} x {hull['beam_m']:.0f} m")
        sums[truth["group"]] += said
        sums["all"] += said
    for group, n in sums.items():
        print(f"rendered {group:14s} found {share(n['found'], n['vessels']):18s} false {n['false']:2d}  "
              f"bow right {n['right']}, wrong {n['wrong']}, left open {n['open']}; "
              f"class right {n['class_right']}, wrong {n['class_wrong']}, left open {n['class_open']}")
    return {truth["id"]: (truth, picture, hulls) for truth, picture, hulls in zip(truths, pictures, answers)}


def turn(picture, quarters, path):
    """Writes the picture turned by quarters of a circle, counter-clockwise, without georeference. Returns its width and height now."""
    import numpy  # pylint: disable=import-outside-toplevel
    from osgeo import gdal  # pylint: disable=import-outside-toplevel
    gdal.UseExceptions()
    source = gdal.Open(picture)
    pixels = source.ReadAsArray().reshape(source.RasterCount, source.RasterYSize, source.RasterXSize)
    turned = numpy.ascontiguousarray(numpy.rot90(pixels, quarters, axes=(1, 2)))
    target = gdal.GetDriverByName("GTiff").Create(path, turned.shape[2], turned.shape[1], turned.shape[0], source.GetRasterBand(1).DataType)
    target.WriteArray(turned)
    target.FlushCache()
    return turned.shape[2], turned.shape[1]


def centre(hull):
    ring = hull["outline_px"][:-1]
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def turned_back(place, quarters, width, height):
    x, y = place
    for _ in range(quarters):
        x, y, width, height = height - y, x, height, width
    return x, y


def turned(args, scenes):
    total, lost = 0, 0
    for name, (truth, picture, _) in scenes.items():
        if truth["group"][0] not in TURNED_GROUPS:
            continue
        seen = []
        for quarters in range(4):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "turned.tif")
                width, height = turn(picture, quarters, path)
                hulls = find(args.plimsoll, path, "--pixel-size", str(truth["gsd_m"]))
                seen.append([(turned_back(centre(hull), quarters, width, height), hull["length_m"]) for hull in hulls])
        for quarters in (1, 2, 3):
            for these, those in ((seen[0], seen[quarters]), (seen[quarters], seen[0])):
                for (x, y), length in these:
                    total += 1
                    if not any(math.hypot(x - p, y - q) * truth["gsd_m"] < 0.1 * length for (p, q), _ in those):
                        lost += 1
                        if args.list:
                            print(f"  {name}: turned by {90 * quarters}: not the same: {x:.0f} {y:.0f}, {length:.0f} m")
    print(f"turned: of hulls in a picture and the same turned, not in the other: {share(lost, total)}")


def overlap(a, b):
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = wide * high if wide > 0 and high > 0 else 0.0
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def kge_labels(path, side_px=KGE_SIDE_PX):
    boxes = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            x, y, wide, high = (float(word) * side_px for word in line.split()[1:5])
            boxes.append((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
    return boxes


def unseen(args):
    """Words by which a picture is judged by the network that was not trained on it."""
    with open(os.path.join(args.folds, "folds.json"), encoding="utf-8") as file:
        folds = json.load(file)
    for k in set(folds.values()):
        models = os.path.join(args.folds, f"models{k}")
        shutil.copytree(os.path.join(TOP, "models"), models, dirs_exist_ok=True)
        shutil.copy(os.path.join(args.folds, f"fold{k}.onnx"), os.path.join(models, "ship_judge.onnx"))
    return lambda picture: ("--models", os.path.join(args.folds, f"models{folds[os.path.splitext(os.path.basename(picture))[0]]}"))


def longest(box):
    return max(box[2] - box[0], box[3] - box[1])


def kge(args, least=None):
    pictures = sorted(glob.glob(os.path.join(args.kge, "images", "*.jpg")))[::args.every]
    words = unseen(args) if args.folds else lambda picture: ()
    more = ("--min-ship-probability", str(least)) if least is not None else ()
    answers = each(args.jobs, lambda picture: find(args.plimsoll, picture, *KGE_WORDS, *more, *words(picture)), pictures)
    wanted, found, said, right, doubted, doubted_right = 0, 0, 0, 0, 0, 0
    for picture, hulls in zip(pictures, answers):
        name = os.path.splitext(os.path.basename(picture))[0]
        labels = kge_labels(os.path.join(args.kge, "labels", name + ".txt"))
        rings = [list(zip(*hull["outline_px"])) for hull in hulls]
        boxes = [(min(x), min(y), max(x), max(y)) for x, y in rings]
        for label in labels:
            if longest(label) < KGE_LEAST_PX:
                continue
            hit = any(overlap(label, box) >= OVERLAP for box in boxes)
            wanted += 1
            found += hit
            if args.list and not hit:
                print(f"  {name}: missed: {[round(v) for v in label]}")
        for hull, box in zip(hulls, boxes):
            if longest(box) < KGE_LEAST_PX:
                continue
            hit = any(overlap(label, box) >= OVERLAP for label in labels)
            unsure = "outline_uncertain" in hull["reasons"]
            said += 1
            right += hit
            doubted += unsure
            doubted_right += unsure and hit
            if args.list and not hit:
                print(f"  {name}: false: {[round(v) for v in box]}, {hull['length_m']:.0f} x {hull['beam_m']:.0f} m{', doubted' if unsure else ''}")
    print(f"kge{'' if least is None else f', probability from {least}'}: found {share(found, wanted)} of the ships, right {share(right, said)} of the hulls; "
          f"without those marked outline_uncertain right {share(right - doubted_right, said - doubted)}")


def inside(box, hull):
    x, y = centre(hull)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def tally(name, args, labelled):
    """labelled: (picture's name, labels, those that must be found, hulls)."""
    wanted, found, said, right = 0, 0, 0, 0
    for picture, labels, large, hulls in labelled:
        hits = [any(inside(label, hull) for hull in hulls) for label in large]
        fine = [any(inside(label, hull) for label in labels) for hull in hulls]
        wanted += len(large)
        found += sum(hits)
        said += len(hulls)
        right += sum(fine)
        if args.list:
            for label, hit in zip(large, hits):
                if not hit:
                    print(f"  {picture}: missed: {[round(v) for v in label]}")
            for hull, well in zip(hulls, fine):
                if not well:
                    x, y = centre(hull)
                    print(f"  {picture}: false: at {x:.0f} {y:.0f}, {hull['length_m']:.0f} x {hull['beam_m']:.0f} m")
    print(f"{name}: found {share(found, wanted)} of the ships, right {share(right, said)} of the hulls, "
          f"false {said - right} in {len(labelled)} pictures")


def tiles(args):
    folder = os.path.join(args.real, "xview-port-tiles")
    pictures = sorted(glob.glob(os.path.join(folder, "images", "*.png")))
    answers = each(args.jobs, lambda picture: find(args.plimsoll, picture, "--pixel-size", str(TILE_PIXEL_M)), pictures)
    rows = []
    for picture, hulls in zip(pictures, answers):
        name = os.path.splitext(os.path.basename(picture))[0]
        labels = kge_labels(os.path.join(folder, "labels", name + ".txt"), TILE_SIDE_PX)
        rows.append((name, labels, [label for label in labels if longest(label) * TILE_PIXEL_M >= LEAST_M], hulls))
    tally("tiles", args, rows)


def coarse(args):
    from osgeo import gdal  # pylint: disable=import-outside-toplevel
    gdal.UseExceptions()
    rows = []
    for folder in sorted(glob.glob(os.path.join(args.real, "sentinel2-ports", "*", ""))):
        name = os.path.basename(os.path.dirname(folder))
        with open(os.path.join(folder, name + "_coco.json"), encoding="utf-8") as file:
            boxes = [entry["bbox"] for entry in json.load(file)["annotations"]]
        labels = sorted({(x, y, x + wide, y + high) for x, y, wide, high in boxes})
        with tempfile.TemporaryDirectory() as work:
            path = os.path.join(work, name + ".tif")
            bands = gdal.BuildVRT("", [glob.glob(os.path.join(folder, f"*_{band}.tiff"))[0] for band in COARSE_BANDS], separate=True)
            gdal.Translate(path, bands)
            hulls = find(args.plimsoll, path)
        pixel_m = COARSE_PIXEL_M[name]
        # a box's diagonal is the ship's length and a beam's worth more
        rows.append((name, labels, [b for b in labels if math.hypot(b[2] - b[0], b[3] - b[1]) * pixel_m >= COARSE_LEAST_M], hulls))
    tally("coarse", args, rows)


def sized(args):
    """Ships of a few pixels, drawn: every parameter by the seed."""
    dice = random.Random(SIZED_SEED)
    for pixel_m in SIZED_PIXELS_M:
        off, found = collections.defaultdict(list), 0
        for k in range(SIZED_SHIPS):
            length = dice.uniform(90, 330)
            truth = {"length": length, "beam": length / dice.uniform(5.3, 7), "heading": dice.uniform(0, 360), "freeboard": dice.uniform(2, 12)}
            with tempfile.TemporaryDirectory() as work:
                picture = os.path.join(work, "ship.tif")
                words = [word for name, value in truth.items() for word in ("--" + name, f"{value:.2f}")]
                subprocess.run([args.program, "synth", "-o", picture, "--gsd", str(pixel_m), "--seed", str(k), "--size", "120", *words],
                               capture_output=True, check=True, timeout=TIMEOUT_S)
                hulls = find(args.plimsoll, picture)
            if len(hulls) != 1:
                continue
            found += 1
            off["length"].append((hulls[0]["length_m"] - length) / hulls[0]["length_sigma_m"])
            off["beam"].append((hulls[0]["beam_m"] - truth["beam"]) / hulls[0]["beam_sigma_m"])
            off["heading"].append(((hulls[0]["heading_deg"] - truth["heading"] + 90) % 180 - 90) / hulls[0]["heading_sigma_deg"])
        said = ", ".join(f"{name} {sum(z) / len(z):+.2f} (rms {math.sqrt(sum(v * v for v in z) / len(z)):.2f})" for name, z in off.items())
        print(f"sized {pixel_m:4.1f} m: found {share(found, SIZED_SHIPS)}; off in sigmas: {said}")


def empty(args):
    folder = os.path.join(args.real, "vhr-rpc")
    pictures = sorted(glob.glob(os.path.join(folder, "*.tif")) + glob.glob(os.path.join(folder, "*.ntf")))
    def hulls(picture):
        try:
            return find(args.plimsoll, picture)
        except RuntimeError as error:
            if "exit 3" not in str(error):
                raise
            if "no georeference" not in str(error):
                print(f"  not read: {error}")
                return None
            return find(args.plimsoll, picture, "--pixel-size", str(EMPTY_PIXEL_M))

    answers = [hulls(picture) for picture in pictures]
    read = [answer for answer in answers if answer is not None]
    print(f"empty: false {sum(map(len, read))} in {len(read)} pictures")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--kge", default=os.path.join(TOP, "..", "shared", "real", "kge-ships"))
    parser.add_argument("--real", default=os.path.join(TOP, "..", "shared", "real"))
    parser.add_argument("--every", type=int, default=1, help="take every N-th real picture only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="one line a miss, false hull and wrong bow")
    parser.add_argument("--detector", help="classical or learned; else what plimsoll does of itself")
    parser.add_argument("--folds", help="networks of train_judge.py --folds: kge-ships as never seen")
    args = parser.parse_args()
    args.program = args.plimsoll
    args.plimsoll = [args.program, "measure", *(("--detector", args.detector) if args.detector else ())]
    here = [os.path.isdir(args.scenes), os.path.isdir(args.kge), os.path.isdir(args.real)]
    if not any(here):
        print(f"skipped: none of {args.scenes}, {args.kge}, {args.real} is there")
        return SKIPPED
    try:
        if here[0]:
            turned(args, rendered(args))
        if here[1]:
            for least in KGE_LEAST_PROBABILITIES[:1 if args.detector == "classical" else None]:
                kge(args, least)
        for folder, question in (("xview-port-tiles", tiles), ("sentinel2-ports", coarse), ("vhr-rpc", empty)):
            if os.path.isdir(os.path.join(args.real, folder)):
                question(args)
        sized(args)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
