#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast, in how much memory and with how many bytes are pictures read?

    run.py --read BUILD/tests/bench/bench_scene_read --plimsoll BUILD/src/cli/plimsoll [--folder DIR] [--side 10000] [--rounds 7]

Makes a COG (make_cog.py) of SIDE x SIDE pixels in DIR, unless it is there, and a huge sparse one. Then, each figure a median of
rounds in which the candidates take turns:

- the whole window read by plimsoll through libtiff, through GDAL (the same file as /vsisubfile/), and by GDAL alone with
  NUM_THREADS=ALL_CPUS and a cache of 256 MB; strips of 1024 rows, as floats;
- memory of a search over all of the huge picture's middle, and of one over the COG;
- bytes of pixels per measured hull, on a sample.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def make(path, side, *more):
    if not os.path.exists(path):
        subprocess.run([sys.executable, os.path.join(HERE, "make_cog.py"), path, str(side), *more], check=True)


def read(program, who, name, window):
    environment = dict(os.environ, GDAL_CACHEMAX="256")
    run = subprocess.run([program, who, name, *map(str, window)], capture_output=True, text=True, check=True, env=environment)
    seconds, memory, total = run.stdout.split()
    return float(seconds), float(memory), total


def compare(program, picture, side, rounds):
    candidates = {"libtiff": ("plimsoll", picture), "GDAL through plimsoll": ("plimsoll", "/vsisubfile/0," + picture),
                  "GDAL alone": ("gdal", picture), "GDAL alone, /vsisubfile/": ("gdal", "/vsisubfile/0," + picture)}
    for what, window in (("whole", (0, 0, side, side, 1024)), ("chip", (side // 3, side // 3, 700, 700, 700))):
        seen = {name: [] for name in candidates}
        for turn in range(rounds + 1):  # the first warms the page cache and does not count
            for name, (who, file) in candidates.items():
                answer = read(program, who, file, window)
                if turn:
                    seen[name].append(answer)
        sums = {answer[2] for answers in seen.values() for answer in answers}
        if len(sums) != 1:
            sys.exit(f"the candidates read different numbers: {sums}")
        times = {name: statistics.median(a[0] for a in answers) for name, answers in seen.items()}
        for name, answers in seen.items():
            against = times["GDAL alone, /vsisubfile/" if name.startswith("GDAL through") else "GDAL alone"]
            print(f"{what:6} {name:26} {times[name]:8.3f} s   ratio {times[name] / against:5.2f}   {max(a[1] for a in answers):6.0f} MiB")


def search(plimsoll, *words):
    """(MiB at the most, its own or a worker's; the answer) of `plimsoll hulls`."""
    run = subprocess.Popen([plimsoll, "hulls", *words, "--format", "geojson", "--timeout", "3600"], stdout=subprocess.PIPE)
    out = run.stdout.read()
    _, status, used = os.wait4(run.pid, 0)  # its waited-for workers are in it
    if status:
        sys.exit(f"{words}: {status}")
    return used.ru_maxrss / 1024, json.loads(out)


def area(folder, west, north, metres):
    from osgeo import osr
    utm, wgs = osr.SpatialReference(), osr.SpatialReference()
    utm.ImportFromEPSG(32653)
    wgs.ImportFromEPSG(4326)
    wgs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    way = osr.CoordinateTransformation(utm, wgs)
    ring = [list(way.TransformPoint(west + dx, north + dy)[:2])
            for dx, dy in ((0, 0), (metres, 0), (metres, -metres), (0, -metres), (0, 0))]
    path = os.path.join(folder, "area.geojson")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"type": "Polygon", "coordinates": [ring]}, file)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--read", required=True)
    parser.add_argument("--plimsoll", required=True)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "plimsoll-bench-scene"))
    parser.add_argument("--side", type=int, default=10000)
    parser.add_argument("--huge", type=int, default=60000)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    cog, huge = os.path.join(args.folder, "cog.tif"), os.path.join(args.folder, "huge.tif")
    make(cog, args.side)
    make(huge, args.huge, "--sparse")
    compare(args.read, cog, args.side, args.rounds)
    memory, _ = search(args.plimsoll, cog)
    print(f"hulls  {args.side} x {args.side}, four bands: at most {memory:.0f} MiB")
    middle = args.huge / 4 - 4000
    memory, _ = search(args.plimsoll, huge, "--aoi", area(args.folder, 340000 + middle, 4729000 - middle, 8000))
    print(f"hulls  8 km x 8 km of {args.huge} x {args.huge}, in blocks: at most {memory:.0f} MiB")
    run = subprocess.run([args.plimsoll, "measure", os.path.join(TOP, "samples", "laden.tif"), "--format", "geojson"],
                         capture_output=True, text=True, check=True)
    answer = json.loads(run.stdout)
    scene = answer["plimsoll:scene"]
    print(f"hull   {scene['bytes_read'] / max(1, len(answer['features'])):.0f} bytes of pixels per measured hull, search included; "
          f"the picture's file has {scene['size_bytes']}")


if __name__ == "__main__":
    main()
