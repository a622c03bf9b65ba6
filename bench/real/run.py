#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does plimsoll come to the end of every real picture, and what does it say?

Runs `measure` and `explain` over the real pictures that lie beside the project, one line a picture; overlays go to --out.
Nothing here is scored: no real picture has a measured freeboard. A refusal and a plain error are answers; a crash, a
signal or no answer in time is not, and only those make the exit code 1. Exit 77 when the pictures are not there.

    run.py [--pictures ../shared/real] [--only kge-ships] [--every N] [--no-explain] [--angles 150,45,100,15]

Most of these pictures tell neither sun nor view and are refused for it. With --angles (sun azimuth and elevation, view azimuth and
incidence, invented) the rest of the street is heard as well: no number is right then, and whatever is measured under a sun from
the wrong side is read from something that is no shadow.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77
TIMEOUT_S = 300
ENDINGS = (".tif", ".tiff", ".png", ".jpg", ".jp2", ".ntf", ".bmp")
# Ground pixel in metres of pictures without georeference, by folder, from each folder's SOURCE.md (some are guesses there).
# A folder that is not named keeps its georeference, or is refused for want of one.
PIXEL_M = {"airbus-spot": 1.5, "google-earth-ships": 0.7, "kge-ships": 0.4, "xview-port-tiles": 0.3, "planet-coarse": 3.0, "dota-samples": 0.26}


def pictures(folder, only):
    for root, folders, files in os.walk(folder):
        folders.sort()
        kind = os.path.relpath(root, folder).split(os.sep)[0]
        if "masks" in root.split(os.sep) or (only and kind not in only):
            continue
        for name in sorted(files):
            if name.lower().endswith(ENDINGS):
                yield kind, os.path.join(root, name)


def call(plimsoll, words):
    try:
        run = subprocess.run([plimsoll, *words], capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return None, b"", f"no answer in {TIMEOUT_S} s"
    return run.returncode, run.stdout, run.stderr.decode(errors="replace").strip().split("\n")[-1]


def crashed(code, error):
    """A worker's end is told in words that begin with "the decoder" (src/run/worker.c)."""
    return code is None or code not in (0, 1, 2, 3) or ": the decoder " in error


def say(features):
    """Count by status, and the reasons heard most."""
    hulls = [feature["properties"] for feature in features if "status" in feature["properties"]]
    status = collections.Counter(hull["status"] for hull in hulls)
    reasons = collections.Counter(reason for hull in hulls for reason in hull.get("reasons") or [])
    words = ", ".join(f"{count} {name}" for name, count in sorted(status.items())) or "no hull"
    values = ", ".join(f"{hull['freeboard_m']:.1f}+-{hull['freeboard_sigma_m']:.1f} m" for hull in hulls if hull.get("freeboard_m") is not None)
    top = " ".join(name for name, _ in reasons.most_common(3))
    return words + (f": {values}" if values else "") + (f" ({top})" if top else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--pictures", default=os.path.join(TOP, "..", "shared", "real"))
    parser.add_argument("--out", default=os.path.join(TOP, "out", "real"))
    parser.add_argument("--only", help="folders, comma separated")
    parser.add_argument("--every", type=int, default=1, help="take every N-th picture only")
    parser.add_argument("--no-explain", action="store_true")
    parser.add_argument("--angles", help="invented: SUN_AZIMUTH,SUN_ELEVATION,VIEW_AZIMUTH,INCIDENCE in degrees")
    args = parser.parse_args()
    if not os.path.isdir(args.pictures):
        print(f"skipped: no real pictures in {args.pictures}")
        return SKIPPED

    bad, count, begin = 0, 0, time.monotonic()
    for kind, picture in list(pictures(args.pictures, args.only.split(",") if args.only else None))[::args.every]:
        count += 1
        name = os.path.relpath(picture, args.pictures)
        words = ["--pixel-size", str(PIXEL_M[kind])] if kind in PIXEL_M and not is_georeferenced(args.plimsoll, picture) else []
        if args.angles:
            names = ("--sun-azimuth", "--sun-elevation", "--view-azimuth", "--incidence")
            words += [word for pair in zip(names, args.angles.split(",")) for word in pair]
        start = time.monotonic()
        code, text, error = call(args.plimsoll, ["measure", picture, "--format", "geojson", "--quiet", *words])
        seconds = time.monotonic() - start
        line = say(json.loads(text)["features"]) if code == 0 else f"exit {code}: {error}"
        broken = crashed(code, error)
        if code == 0 and not args.no_explain:
            folder = os.path.join(args.out, os.path.splitext(name)[0])
            os.makedirs(folder, exist_ok=True)
            code, _, error = call(args.plimsoll, ["explain", picture, "-o", folder, "--quiet", *words])
            broken = crashed(code, error)
            if code:
                line += f"; explain: exit {code}: {error}"
        bad += broken
        print(f"{'CRASH ' if broken else ''}{name}: {line} [{seconds:.1f} s]")
    print(f"{count} pictures, {bad} crashes, {time.monotonic() - begin:.0f} s; overlays: {args.out}")
    return 1 if bad else 0


def is_georeferenced(plimsoll, picture):
    code, _, _ = call(plimsoll, ["scene", picture, "--quiet"])
    return code == 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
