#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast, in how much memory and with how many bytes are pictures read?

    run.py --build BUILD [--folder DIR] [--side 10000] [--rounds 7] [--only-reading]

Makes a COG (make_cog.py) of SIDE x SIDE pixels in DIR, unless it is there, and a huge sparse one. Then, each figure a median of
rounds in which the candidates take turns:

- the whole window read by plimsoll through libtiff, through GDAL (the same file as /vsisubfile/), and by a program that is GDAL
  alone with NUM_THREADS=ALL_CPUS and a cache of 256 MB; strips of 1024 rows, as floats. The whole process counts, from its
  start to its end, the worker that reads the picture included; processor time (which a busy machine disturbs
  less) and reading apart from opening stand beside it;
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
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def make(path, side, *more):
    if not os.path.exists(path):
        subprocess.run([sys.executable, os.path.join(HERE, "make_cog.py"), path, str(side), *more], check=True)


def read(words, window):
    """Seconds of the whole process, of all its processors, of reading alone, MiB at the most (its own or its child's), the samples' sum."""
    begin = time.monotonic()
    run = subprocess.Popen([*words, *map(str, window)], stdout=subprocess.PIPE,
                           env=dict(os.environ, GDAL_CACHEMAX="256", PLIMSOLL_MODELS=os.path.join(TOP, "models")))
    out = run.stdout.read()
    _, status, used = os.wait4(run.pid, 0)
    took = time.monotonic() - begin
    if status:
        sys.exit(f"{words}: {status}")
    seconds, total = out.split()
    return took, used.ru_utime + used.ru_stime, float(seconds), used.ru_maxrss / 1024, total


def compare(program, alone, picture, side, rounds):
    """Candidates take turns. A ratio is the median of the rounds' own ratios: both sides saw the same load of the machine."""
    inside = "/vsisubfile/0," + picture  # the same bytes, where libtiff does not go
    candidates = {"libtiff, worker": ([program, "worker", picture], "GDAL alone"),
                  "libtiff, no worker": ([program, "here", picture], "GDAL alone"),
                  "GDAL, worker": ([program, "worker", inside], "GDAL alone, the same way"),
                  "GDAL alone": ([alone, picture], "GDAL alone"),
                  "GDAL alone, the same way": ([alone, inside], "GDAL alone, the same way")}
    print(f"{'':6} {'':26} whole process   ratio  processor   ratio    reading   ratio  at most")
    for what, window in (("whole", (0, 0, side, side, 1024)), ("chip", (side // 3, side // 3, 700, 700, 700))):
        seen = {name: [] for name in candidates}
        for turn in range(rounds + 1):  # the first warms the page cache and does not count
            for name, (words, _) in candidates.items():
                answer = read(words, window)
                if turn:
                    seen[name].append(answer)
        sums = {answer[4] for answers in seen.values() for answer in answers}
        if len(sums) != 1:
            sys.exit(f"the candidates read different numbers: {sums}")
        for name, (_, against) in candidates.items():
            seconds = [statistics.median(a[k] for a in seen[name]) for k in (0, 1, 2)]
            ratio = [statistics.median(a[k] / b[k] for a, b in zip(seen[name], seen[against])) for k in (0, 1, 2)]
            print(f"{what:6} {name:26} {seconds[0]:11.3f} s {ratio[0]:7.2f} {seconds[1]:8.3f} s {ratio[1]:7.2f} {seconds[2]:8.3f} s "
                  f"{ratio[2]:7.2f} {max(a[3] for a in seen[name]):5.0f} MiB", flush=True)


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
    parser.add_argument("--build", required=True)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "plimsoll-bench-scene"))
    parser.add_argument("--side", type=int, default=10000)
    parser.add_argument("--huge", type=int, default=60000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only-reading", action="store_true")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    cog, huge = os.path.join(args.folder, "cog.tif"), os.path.join(args.folder, "huge.tif")
    programs, plimsoll = os.path.join(args.build, "tests", "bench"), os.path.join(args.build, "src", "cli", "plimsoll")
    make(cog, args.side)
    compare(os.path.join(programs, "bench_scene_read"), os.path.join(programs, "bench_scene_alone"), cog, args.side, args.rounds)
    if args.only_reading:
        return
    make(huge, args.huge, "--sparse")
    memory, _ = search(plimsoll, cog)
    print(f"hulls  {args.side} x {args.side}, four bands: at most {memory:.0f} MiB")
    middle = args.huge / 4 - 4000
    memory, _ = search(plimsoll, huge, "--aoi", area(args.folder, 340000 + middle, 4729000 - middle, 8000))
    print(f"hulls  8 km x 8 km of {args.huge} x {args.huge}, in blocks: at most {memory:.0f} MiB")
    run = subprocess.run([plimsoll, "measure", os.path.join(TOP, "samples", "laden.tif"), "--format", "geojson"],
                         capture_output=True, text=True, check=True)
    answer = json.loads(run.stdout)
    scene = answer["plimsoll:scene"]
    print(f"hull   {scene['bytes_read'] / max(1, len(answer['features'])):.0f} bytes of pixels per measured hull, search included; "
          f"the picture's file has {scene['size_bytes']}")


if __name__ == "__main__":
    main()
