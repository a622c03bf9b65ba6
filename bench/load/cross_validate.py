#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well is the deadweight of a tanker known from her length and beam, when she had no part in the fit?

    /usr/bin/python3 bench/load/cross_validate.py --check build/tests/load/load_check --models models PARTICULARS.csv

Ten folds. The regressions are fitted to nine (bench/fit_particulars.py), the tenth is asked of the program. Two tables:

- class known: the regression of the ship's own class, as ../shared/naval/formulas.md fitted them; its scatter beside theirs. Classes by the true
  deadweight, rows and statistic (1.4826 MAD of the logarithm) as there.
- class unknown: what the program says, which has to find the class as well, by the same classes, and how often the 90 % range holds.

Exit 1 when a class is worse than formulas.md by more than what chance does (two standard errors of a MAD).
"""
import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
import fit_particulars as fp  # noqa: E402

FOLDS = 10
# name, least and most deadweight, river-sea, log scatter in formulas.md
GROUPS = [("sea-going 500-8,000", 500, 8000, False, 0.137), ("sea-going 500-2,500", 500, 2500, False, 0.22),
          ("sea-going 2,500-8,000", 2500, 8000, False, 0.118), ("river-sea 500-9,000", 500, 9000, True, 0.24),
          ("8,000-25,000", 8000, 25000, False, 0.109), ("25,000-60,000", 25000, 60000, False, 0.074),
          ("60,000-130,000", 60000, 130000, False, 0.031), ("130,000-", 130000, 1e6, False, 0.021)]


def scatter(residual):
    return 1.4826 * np.median(np.abs(residual - np.median(residual)))


def fitted(text):
    """{class: coefficients of ln deadweight} of a regression table."""
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {r["class"]: [float(r[k]) for k in ("ln_a", "exp_loa", "exp_beam")] for r in rows if r["quantity"] == "dwt"}


def ask(check, models, text, rows, folder):
    """The program's p05, p50, p95 of ships, with regressions of its own."""
    own = os.path.join(folder, "models")
    shutil.copytree(models, own, dirs_exist_ok=True)
    with open(os.path.join(own, "tanker_regressions.csv"), "w", encoding="utf-8") as file:
        file.write(text)
    ships = os.path.join(folder, "ships.csv")
    with open(ships, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["loa_m", "beam_m"])
        out.writerows([r["loa_m"], r["beam_m"]] for r in rows)
    run = subprocess.run([check, own, "predict", ships], stdout=subprocess.PIPE, check=True)
    return np.array([[float(x) for x in line.split(",")] for line in run.stdout.decode().split()[1:]])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("particulars")
    options = parser.parse_args()
    if not os.path.exists(options.particulars):
        return 77
    with open(options.particulars, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    loa, beam, dwt, draft, _ = fp.columns(rows)
    good = fp.sound(rows, loa, beam, dwt, draft)
    rows = [r for r, g in zip(rows, good) if g]
    loa, beam, dwt, draft = (x[good] for x in (loa, beam, dwt, draft))
    fold = np.random.default_rng(1).permutation(len(rows)) % FOLDS
    known, said = np.full(len(rows), np.nan), np.full((len(rows), 3), np.nan)
    for k in range(FOLDS):
        out = fold == k
        text = fp.table([r for r, o in zip(rows, out) if not o])
        coefficients = fitted(text)
        for name, _, _, kind in fp.classes_of(loa, dwt, draft):
            c = coefficients[name]
            here = out & kind
            known[here] = c[0] + c[1] * np.log(loa[here]) + c[2] * np.log(beam[here])
        with tempfile.TemporaryDirectory(prefix="plimsoll-cv-") as folder:
            said[out] = ask(options.check, options.models, text, [r for r, o in zip(rows, out) if o], folder)
    river = (loa >= 21 * draft) & (dwt < 9000)
    worse = False
    print(f"deadweight from length and beam, {FOLDS} folds, {len(rows)} tankers; log scatter")
    print("  class                     n  asked  class known          class unknown: scatter  bias    in 90 % range")
    for name, low, high, kind, asked in GROUPS:
        g = (dwt >= low) & (dwt < high) & (river == kind)
        a = scatter(known[g] - np.log(dwt[g]))
        r = np.log(said[g, 1] / dwt[g])
        # a MAD's standard error is 1.17 sigma / sqrt(n)
        met = a <= asked * (1 + 2 * 1.17 / np.sqrt(g.sum()))
        held = np.mean((dwt[g] >= said[g, 0]) & (dwt[g] <= said[g, 2]))
        worse |= not met
        print(f"  {name:22s} {g.sum():4d}  {asked:.3f}  {a:.3f} {'met' if met else 'NOT MET':7s}      {scatter(r):.3f}"
              f"                   {np.median(r):+.3f}  {100 * held:.0f} %")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
