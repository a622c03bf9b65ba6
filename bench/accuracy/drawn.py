# SPDX-License-Identifier: GPL-3.0-or-later
"""Running bench/accuracy/draws, and what its rows say. Used by run_draws.py and calibrate.py."""
import csv
import io
import math
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BINARY = os.path.join(TOP, "build", "bench", "draws")
SHARE = 0.9  # of the intervals that ought to hold the truth


def draw(binary, name, start, count, seed, settings="", pictures=()):
    """Rows of the scenes start .. start + count - 1 of a class."""
    command = [binary, os.path.join(HERE, "draws.csv"), os.path.join(TOP, "models"), name, str(count), str(seed), "--from", str(start)]
    if settings:
        command += ["--set", settings]
    command += pictures
    out = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"})
    if out.returncode:
        raise SystemExit(f"{name} {settings}: {out.stderr.strip()[-300:]}")
    return list(csv.DictReader(io.StringIO(out.stdout)))


def submit(pool, jobs, *what):
    """The same in as many parts as there are jobs: a list of futures. what: binary, name, count, seed, settings, pictures
    (--keep DIR, or --again DIR for pictures that were kept)."""
    binary, name, count, seed, *settings = what
    size = -(-count // jobs)
    return [pool.submit(draw, binary, name, start, min(size, count - start), seed, *settings) for start in range(0, count, size)]


def gather(parts):
    return [row for part in parts for row in part.result()]


def answered(row):
    return row["status"] in ("measured", "dubious")


def error_m(row):
    return float(row["freeboard"]) - float(row["truth"])


def pairs_of(text):
    """"a=1 b=2" as a dictionary of numbers."""
    return {name: float(value) for name, value in (part.split("=") for part in text.split())}


def quantile(values, q):
    values = sorted(values)
    x = q * (len(values) - 1)
    i = int(x)
    return values[i] if i + 1 >= len(values) else values[i] + (x - i) * (values[i + 1] - values[i])


def rms(values):
    return math.sqrt(sum(v * v for v in values) / len(values))


def mean_and_se(values):
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((v - mean) ** 2 for v in values) / max(len(values) - 1, 1) / len(values))


def binomial_p(hits, n, share=SHARE):
    """Two-sided exact test: the probability of outcomes that are no likelier than this one."""
    def p(k):
        return math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(share) + (n - k) * math.log(1 - share))
    own = p(hits) * (1 + 1e-9)
    return min(1.0, sum(p(k) for k in range(n + 1) if p(k) <= own))
