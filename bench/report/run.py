#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long does a page of 500 hulls take to make and to open, how large is it, and does it stay smooth?

The samples are measured with chips, and their rows written again under other ids, places and times until there are so many. Asked: open in
under 2 s; a filter, a card and a step of the map's zoom each within a tenth of a second.

    run.py [--hulls 500] [--rounds 5] [--plimsoll FILE]
"""
import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "report"))
from browser import CHROMIUM, Browser  # noqa: E402

TIMED = "(() => {{ const begin = performance.now(); for (let i = 0; i < {n}; i++) {{ {what}; document.body.getBoundingClientRect(); }} return (performance.now() - begin) / {n}; }})()"


def multiply(store, wanted):
    with sqlite3.connect(store) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        columns = [row[1] for row in db.execute("PRAGMA table_info(hulls)") if row[1] != "fid"]
        rows = db.execute(f"SELECT {','.join(columns)} FROM hulls ORDER BY hull_id").fetchall()
        for k in range(wanted - len(rows)):
            row = dict(zip(columns, rows[k % len(rows)]))
            record = json.loads(row["record"])
            row["hull_id"] = record["id"] = record["properties"]["id"] = f"{record['id']}#{k}"
            east, north = 0.0007 * (k % 37) - 0.01, 0.0009 * (k % 29) - 0.01
            record["properties"]["lon"] += east
            record["properties"]["lat"] += north
            record["properties"]["acquired"] = f"2024-{1 + k % 12:02d}-{1 + k % 28:02d}T02:00:00Z"
            for ring in record["geometry"]["coordinates"]:
                for corner in ring:
                    corner[0] += east
                    corner[1] += north
            row["record"] = json.dumps(record, separators=(",", ":"))
            db.execute(f"INSERT INTO hulls ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})", [row[c] for c in columns])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hulls", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    asked = parser.parse_args()
    if not CHROMIUM:
        print("report: chromium is missing, nothing was measured")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        store, page = os.path.join(folder, "many.gpkg"), os.path.join(folder, "many.html")
        subprocess.run([asked.plimsoll, "batch", "samples", "-o", store, "--chips", os.path.join(folder, "chips"), "--quiet"], check=True, cwd=TOP)
        multiply(store, asked.hulls)
        begin = time.monotonic()
        subprocess.run([asked.plimsoll, "report", store, "-o", page], check=True)
        print(f"page of {asked.hulls} hulls with chips: made in {time.monotonic() - begin:.1f} s, {os.path.getsize(page) / 1e6:.1f} MB")
        browser = Browser()
        try:
            browser.size(1280, 900)
            seconds = [browser.open(page) for _ in range(asked.rounds)]
            middle = statistics.median(seconds)
            print(f"opened in {middle:.2f} s (median of {asked.rounds}, {min(seconds):.2f} to {max(seconds):.2f}), asked 2: {'met' if middle < 2 else 'MISSED'}")
            for name, what in (("filter", "refilter()"), ("card", "pick(view.shown[7 * i], false)"), ("zoom", "zoom(document.querySelector('#map svg'), 0.95)")):
                took = browser.js(TIMED.format(n=10, what=what))
                print(f"a {name}: {took:.0f} ms, asked 100: {'met' if took < 100 else 'MISSED'}")
        finally:
            browser.close()
    return 0


sys.exit(main())
