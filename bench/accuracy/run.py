#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well does plimsoll measure scenes whose truth is known?

Runs the built program over a folder of rendered scenes, one GeoJSON a scene into --out, and has the scenes' own eval.py
score them. The program sees the pictures and their sidecars only; the truth files tell this script which scene belongs
to which group and are otherwise eval.py's business. --model-sigma is 0: that term stands for what rendered scenes lack.

    run.py [--scenes ../shared/scenes] [--groups A,B_sea] [--gate] [--jobs N] [--hulls]

--gate: exit 1 when fewer than 85 % of group A's tankers are found or the median |freeboard error| of those measured
exceeds 0.25 m. Exit 77 when the scenes are not there (ctest shows that as skipped), 1 when the program crashes or fails.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
GATE_RECALL = 0.85
GATE_ERROR_M = 0.25
SKIPPED = 77
TIMEOUT_S = 300


def chosen(scenes, groups):
    """Scene ids and their groups, in order."""
    found = {}
    truth = os.path.join(scenes, "truth")
    for name in sorted(os.listdir(truth)):
        if name.endswith(".json") and name != "pairs.json":
            with open(os.path.join(truth, name), encoding="utf-8") as file:
                scene = json.load(file)
            if groups is None or scene["group"] in groups:
                found[scene["id"]] = scene["group"]
    return found


def measure(plimsoll, scenes, scene, out):
    """Measures one scene into out/<id>.geojson. Returns (seconds, complaint or None)."""
    begin = time.monotonic()
    command = [plimsoll, "measure", os.path.join(scenes, "scenes", scene + ".tif"), "--format", "geojson", "--model-sigma", "0", "--quiet"]
    try:
        run = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return time.monotonic() - begin, f"{scene}: no answer in {TIMEOUT_S} s"
    seconds = time.monotonic() - begin
    if run.returncode:
        return seconds, f"{scene}: exit {run.returncode}: {run.stderr.decode(errors='replace').strip()[:300]}"
    with open(os.path.join(out, scene + ".geojson"), "wb") as file:
        file.write(run.stdout)
    return seconds, None


def gate(group):
    """Complaints about the figures of group A."""
    recall = group["recall"]
    error = (group["measurable"]["freeboard_err_m"] or {}).get("median_abs")
    print(f"gate, group A: recall {recall:.3f} (at least {GATE_RECALL}), median |freeboard error| "
          f"{'none measured' if error is None else '%.3f m' % error} (at most {GATE_ERROR_M} m)")
    if recall is None or recall < GATE_RECALL:
        yield "group A: too few tankers found"
    if error is None or error > GATE_ERROR_M:
        yield "group A: freeboard too far from the truth"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--out", default=os.path.join(TOP, "out", "accuracy"))
    parser.add_argument("--groups", help="comma separated; all when left out")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--hulls", action="store_true", help="one line a tanker as well")
    args = parser.parse_args()

    evaluate = os.path.join(args.scenes, "eval.py")
    if not os.path.exists(evaluate):
        print(f"skipped: no rendered scenes in {args.scenes}")
        return SKIPPED
    scenes = chosen(args.scenes, args.groups.split(",") if args.groups else None)
    if not scenes:
        print(f"no scene of group {args.groups} in {args.scenes}")
        return 1
    if args.gate and "A" not in scenes.values():
        parser.error("--gate needs group A")
    os.makedirs(args.out, exist_ok=True)
    for name in os.listdir(args.out):
        if name.endswith(".geojson"):
            os.remove(os.path.join(args.out, name))

    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        answers = list(pool.map(lambda scene: measure(args.plimsoll, args.scenes, scene, args.out), scenes))
    wall = time.monotonic() - begin
    failed = [complaint for _, complaint in answers if complaint]
    slowest = max(zip((seconds for seconds, _ in answers), scenes))

    figures = os.path.join(args.out, "figures.json")
    python = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
    command = [python, "-B", evaluate, args.out, "--json", figures, "--only", ",".join(scenes)] + (["--hulls"] if args.hulls else [])
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        failed.append("eval.py failed")
    print(f"{len(scenes)} scenes in {wall:.1f} s, {args.jobs} at a time; slowest {slowest[1]}: {slowest[0]:.1f} s; figures: {figures}")
    if args.gate and not failed:
        with open(figures, encoding="utf-8") as file:
            failed += gate(json.load(file)["groups"]["A"])
    for complaint in failed:
        print(complaint)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
