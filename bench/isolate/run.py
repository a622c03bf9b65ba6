#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does it cost that a picture is read by a worker?

Runs `plimsoll` with and without --in-process, one after the other in turns, so that both see the same load of the machine. Prints the
median ratio of wall clock and of processor time (which a busy machine disturbs less), and milliseconds a picture: for
`measure` of each picture alone, and for one `batch` of all of them, where a program that stays keeps GDAL and PROJ warm and a worker
starts afresh for each picture.

    run.py [--rounds 15] [--plimsoll FILE] [PICTURE...]
"""
import argparse
import glob
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(words):
    begin, before = time.monotonic(), spent()
    subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - begin, spent() - before


def compare(name, words, rounds, pictures, before=lambda: None):
    with_worker, without = [], []
    for i in range(rounds + 1):
        for extra, times in (([], with_worker), (["--in-process"], without)):
            before()
            took = run(words + extra)
            if i:  # the first round warms the machine's file cache
                times.append(took)
    for what, k in (("wall clock", 0), ("processor", 1)):
        ratio = statistics.median(a[k] / b[k] for a, b in zip(with_worker, without))
        ms = [1e3 * statistics.median(t[k] for t in times) / pictures for times in (with_worker, without)]
        print(f"{name:24} {what:10} {ratio:5.3f} x   {ms[0]:7.1f} ms a picture, {ms[1]:7.1f} without a worker", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("pictures", nargs="*")
    args = parser.parse_args()
    pictures = args.pictures or sorted(glob.glob(os.path.join(TOP, "samples", "*.tif")))
    for picture in pictures:
        compare(os.path.basename(picture), [args.plimsoll, "measure", picture, "-o", "/dev/null"], args.rounds, 1)
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "out.gpkg")

        def fresh():
            if os.path.exists(store):
                os.remove(store)

        compare(f"batch of {len(pictures)}", [args.plimsoll, "batch", *pictures, "-o", store, "--quiet"], args.rounds, len(pictures), fresh)


if __name__ == "__main__":
    sys.exit(main())
