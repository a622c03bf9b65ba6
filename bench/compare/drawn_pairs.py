# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn pairs: the same ship twice, under another sun, view, heading and sensor, with another load or the same. Used by run.py."""
import csv
import io
import os
import random
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
DRAWS = os.path.join(TOP, "build", "bench", "draws")
TABLE = os.path.join(TOP, "bench", "accuracy", "draws.csv")
# What is the ship's own; all else is thrown anew.
SHIP = ("length_m beam_ratio sheer_share parallel_share gunwale_radius_m rail_opacity fishplate fishplate_m gear trunk gear_scale "
        "forecastle_share poop poop_share").split()
UNCHANGED = 0.4  # of the pairs


def draw(folder, number, seed, settings):
    os.makedirs(folder, exist_ok=True)
    command = [DRAWS, TABLE, os.path.join(TOP, "models"), "all", "1", str(seed), "--from", str(number), "--draw", folder]
    if settings:
        command += ["--set", ",".join(f"{name}={value}" for name, value in settings.items())]
    out = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"})
    if out.returncode:
        raise SystemExit(out.stderr.strip()[-300:])
    row = next(csv.DictReader(io.StringIO(out.stdout)))
    return float(row["truth"]), dict(part.split("=") for part in row["drawn"].split())


def draw_pair(folder, number, seed):
    """Draws both unless they are there. Returns their files, the true change, and whether nothing changed."""
    note = os.path.join(folder, f"pair_{number:04d}.csv")
    files = [os.path.join(folder, when, f"all_{number:04d}.tif") for when in ("before", "after")]
    if not os.path.exists(note):
        same = random.Random(f"{seed}/{number}").random() < UNCHANGED
        before, thrown = draw(os.path.join(folder, "before"), number, seed, {})
        settings = {name: thrown[name] for name in SHIP + (["freeboard_share"] if same else [])}
        after, _ = draw(os.path.join(folder, "after"), number, seed + 500000, settings)
        with open(note, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["before", "after", "same"], [before, after, int(same)]])
    with open(note, encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    return files, float(row["after"]) - float(row["before"]), row["same"] == "1"
