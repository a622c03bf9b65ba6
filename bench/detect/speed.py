#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long does the search of a large port take, against decoding its pixels once, and against a script as an analyst writes it?

    speed.py --plimsoll BUILD/src/cli/plimsoll [--scenes ../shared/scenes] [--folder DIR] [--rounds 3] [--detector WORD] [--no-peer]

Makes a COG of 10 000 x 10 000 pixels, four bands of 16 bits, 0.5 m, with overviews, of the rendered panchromatic port scenes side by side (unless it
is in DIR), and takes turns: GDAL reading the full window once (GDAL_NUM_THREADS=2), `plimsoll hulls`, and bench/peer_skimage.py
at full resolution and at the overview that plimsoll reads (1 m). Medians of wall time; the most memory of a process.
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SIDE = 10000
DECODE = ("import sys\nfrom osgeo import gdal\ngdal.UseExceptions()\n"
          "source = gdal.OpenEx(sys.argv[1], open_options=['NUM_THREADS=2'])\n"
          "for y in range(0, source.RasterYSize, 1024):\n"
          "    source.ReadAsArray(0, y, source.RasterXSize, min(1024, source.RasterYSize - y))\n")


def port_pictures(scenes):
    for path in sorted(glob.glob(os.path.join(scenes, "truth", "*.json"))):
        with open(path, encoding="utf-8") as file:
            truth = json.load(file)
        if truth.get("group", "").startswith("D") and len(truth["bands"]) == 1:
            yield os.path.join(scenes, "scenes", truth["image"])


def make(path, scenes):
    """Panchromatic scenes in rows, a mirror image beside each, until the square is full; every band with its own gain and noise."""
    random = numpy.random.default_rng(1)
    tiles = [gdal.Open(picture).ReadAsArray() for picture in port_pictures(scenes)]
    side = min(min(tile.shape) for tile in tiles)
    whole = numpy.zeros((4, SIDE, SIDE), numpy.uint16)
    k = 0
    for y in range(0, SIDE, side):
        for x in range(0, SIDE, side):
            tile = tiles[k % len(tiles)][:min(side, SIDE - y), :min(side, SIDE - x)]
            tile = tile[:, ::-1] if k % 2 else tile
            for band, gain in enumerate((0.8, 1.0, 0.9, 0.6)):
                grain = random.normal(0, 3, tile.shape)
                whole[band, y:y + tile.shape[0], x:x + tile.shape[1]] = numpy.clip(gain * tile + grain, 0, 2047)
            k += 1
    draft = gdal.GetDriverByName("MEM").Create("", SIDE, SIDE, 4, gdal.GDT_UInt16)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32653)
    draft.SetProjection(srs.ExportToWkt())
    draft.SetGeoTransform([340000, 0.5, 0, 4729000, 0, -0.5])
    draft.WriteArray(whole)
    gdal.GetDriverByName("COG").CreateCopy(path, draft, options=["COMPRESS=DEFLATE", "PREDICTOR=YES", "NUM_THREADS=ALL_CPUS"])


def timed(words):
    begin = time.monotonic()
    run = subprocess.Popen(words, stdout=subprocess.PIPE)
    out = run.stdout.read()
    _, status, used = os.wait4(run.pid, 0)
    if status:
        sys.exit(f"{words}: {status}")
    return time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "plimsoll-bench-port"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--detector", default="classical")
    parser.add_argument("--no-peer", action="store_true")
    args = parser.parse_args()
    if not os.path.isdir(args.scenes):
        print(f"skipped: {args.scenes} is not there")
        return 77
    os.makedirs(args.folder, exist_ok=True)
    picture = os.path.join(args.folder, "port.tif")
    if not os.path.exists(picture):
        if os.fork() == 0:  # its memory is not ours, nor our children's
            make(picture, args.scenes)
            os._exit(0)
        os.wait()
    peer = ["/usr/bin/python3", os.path.join(TOP, "bench", "peer_skimage.py"), picture]
    candidates = {"decode": [sys.executable, "-c", DECODE, picture],
                  "plimsoll": [args.plimsoll, "hulls", picture, "--format", "geojson", "--quiet", "--detector", args.detector]}
    if not args.no_peer:
        candidates |= {"peer, overview": peer + ["--overview", "2"], "peer": peer}
    seen = {name: [] for name in candidates}
    for _ in range(args.rounds):
        for name, words in candidates.items():
            if name != "peer" or not seen[name]:  # minutes
                seen[name].append(timed(words))
    base = statistics.median(a[0] for a in seen["plimsoll"])
    for name, answers in seen.items():
        seconds, cpu = (statistics.median(a[k] for a in answers) for k in (0, 1))
        print(f"{name:16} {seconds:7.2f} s, processor {cpu:7.2f} s, at most {max(a[2] for a in answers):5.0f} MiB, {seconds / base:6.2f} of plimsoll's time")
    print(f"hulls: {len(json.loads(seen['plimsoll'][0][3])['features'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
