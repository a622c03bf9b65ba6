#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How good are the freeboards of a thousand drawn ships, and do the intervals hold?

    run_draws.py --draws BIN [--classes all,pan,...] [--count 200] [--seed 1] [--jobs 2] [--out DIR] [--worst N]

Runs bench/accuracy/draws for each class and prints a line a class: answered share, median |error|, RMSE, 95th
percentile, bias with its standard error, share of 90 % intervals that hold the truth with its binomial 98 % band,
median width of the interval, answers that are confidently wrong (measured, off by more than 4 sigma and 0.5 m).
"""
import argparse
import concurrent.futures
import csv
import io
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
CLASSES = "all,low_contrast,moored,pan,multispectral,wall_only,shadow_only,clear_water,small_hulls,coarse,clean,white,unmeasurable"


def run(job):
    binary, name, count, seed = job
    out = subprocess.run([binary, os.path.join(HERE, "draws.csv"), os.path.join(TOP, "models"), name, str(count), str(seed)],
                         capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"})
    if out.returncode:
        raise SystemExit(f"{name}: {out.stderr.strip()[-300:]}")
    return list(csv.DictReader(io.StringIO(out.stdout)))


def quantile(values, q):
    values = sorted(values)
    x = q * (len(values) - 1)
    i = int(x)
    return values[i] if i + 1 >= len(values) else values[i] + (x - i) * (values[i + 1] - values[i])


def report(name, rows):
    said = [r for r in rows if r["status"] in ("measured", "dubious")]
    sure = [r for r in said if r["status"] == "measured"]
    missed = sum(r["status"] == "missed" for r in rows)
    extra = sum(int(r["hulls"]) > 1 for r in rows)
    line = f"{name:14s} {len(rows):5d} {100 * len(said) / len(rows):5.1f} {100 * len(sure) / len(rows):5.1f} {missed:4d} {extra:4d}"
    if not said:
        print(line)
        return
    error = [float(r["freeboard"]) - float(r["truth"]) for r in said]
    n = len(error)
    bias = sum(error) / n
    deviation = math.sqrt(sum((e - bias) ** 2 for e in error) / max(n - 1, 1))
    inside = sum(float(r["p05"]) <= float(r["truth"]) <= float(r["p95"]) for r in said)
    wrong = sum(abs(float(r["freeboard"]) - float(r["truth"])) > max(0.5, 4 * float(r["sigma"])) for r in sure)
    z = [e / float(r["sigma"]) for e, r in zip(error, said)]
    width = quantile([float(r["p95"]) - float(r["p05"]) for r in said], 0.5)
    absolute = [abs(e) for e in error]
    print(f"{line} {quantile(absolute, 0.5):6.3f} {math.sqrt(sum(e * e for e in error) / n):6.3f} {quantile(absolute, 0.95):6.3f} {max(absolute):6.3f} "
          f"{bias:+6.3f} {deviation / math.sqrt(n):5.3f} {100 * inside / n:5.1f} {width:5.2f} {math.sqrt(sum(x * x for x in z) / n):5.2f} {wrong:4d}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", default=os.path.join(TOP, "build", "bench", "draws"))
    parser.add_argument("--classes", default=CLASSES)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--worst", type=int, default=0, help="print the N worst answers of each class too")
    parser.add_argument("--out", help="write one CSV a class there")
    args = parser.parse_args()
    print("class           draws  said  sure miss more median   rmse    p95    max   bias    se   in90 width  zrms wrong")
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        half = (args.count + 1) // 2
        names = args.classes.split(",")
        parts = {name: [pool.submit(run, (args.draws, name, n, 1000 * args.seed + i)) for i, n in enumerate((half, args.count - half)) if n] for name in names}
        for name in names:
            rows = [row for part in parts[name] for row in part.result()]
            report(name, rows)
            sys.stdout.flush()
            if args.out:
                os.makedirs(args.out, exist_ok=True)
                with open(os.path.join(args.out, name + ".csv"), "w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, rows[0].keys())
                    writer.writeheader()
                    writer.writerows(rows)
            said = [r for r in rows if r["status"] in ("measured", "dubious")]
            for r in sorted(said, key=lambda r: -abs(float(r["freeboard"]) - float(r["truth"])))[:args.worst]:
                print("   ", " ".join(f"{key}={r[key]}" for key in r if key not in ("budget",)))
                print("       ", r["budget"])


if __name__ == "__main__":
    main()
