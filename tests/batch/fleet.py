# SPDX-License-Identifier: GPL-3.0-or-later
"""Many small scenes, and what a store says of them: what the questions about batches share."""
import json
import os
import shutil
import sqlite3
import subprocess

PLIMSOLL = os.environ["PLIMSOLL"]

# A coaster of 60 m at 1 m a pixel: the smallest scene that gives a row with values.
SMALL = ["--length", "60", "--gsd", "1"]


def draw(folder, count, kinds=3, ship=SMALL):
    """`count` scenes s0000.tif ... in the folder, each with an id of its own; `kinds` of them differ in their pixels."""
    os.makedirs(folder, exist_ok=True)
    names = [f"s{i:04d}" for i in range(count)]
    for i, name in enumerate(names):
        tif, item = (os.path.join(folder, name + end) for end in (".tif", ".json"))
        if i < kinds:
            subprocess.run([PLIMSOLL, "synth", *ship, "--seed", str(i + 1), "-o", tif], check=True, capture_output=True)
        else:
            shutil.copy(os.path.join(folder, names[i % kinds] + ".tif"), tif)
        with open(os.path.join(folder, names[i % kinds] + ".json"), encoding="utf-8") as file:
            text = json.load(file)
        text["id"] = name
        for asset in text["assets"].values():
            if asset["href"].endswith(".tif"):
                asset["href"] = f"./{name}.tif"
        with open(item, "w", encoding="utf-8") as file:
            json.dump(text, file)
        for extra in os.listdir(folder):
            if "truth" in extra:
                os.remove(os.path.join(folder, extra))
    return [os.path.join(folder, name + ".tif") for name in names]


def rows(store, paths=True):
    """All that scenes, hulls and journal say, without row numbers and what differs from run to run; as sets would be, in order.
    paths False: files by their last part."""
    def plain(name, value):
        return os.path.basename(value) if not paths and name == "file" and isinstance(value, str) else value

    base = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    base.text_factory = bytes
    out = {}
    try:
        for table, keep in (("scenes", None), ("hulls", None), ("journal", {"file", "status", "reason", "key"})):
            names = [row[1].decode() for row in base.execute(f"PRAGMA table_info({table})")]
            names = [n for n in names if n not in ("fid", "seconds", "bytes_read") and (keep is None or n in keep)]
            quoted = ", ".join(f'"{n}"' for n in names)
            found = base.execute(f"SELECT {quoted} FROM {table}").fetchall()
            out[table] = sorted((tuple(zip(names, (plain(n, v.decode("utf-8", "replace") if n == "file" and v else v)
                                                   for n, v in zip(names, row)))) for row in found), key=repr)
    finally:
        base.close()
    return out


def difference(a, b):
    """The first difference between two answers of rows, for people; None when there is none."""
    for table in a:
        if a[table] == b[table]:
            continue
        if len(a[table]) != len(b[table]):
            return f"{table}: {len(a[table])} rows and {len(b[table])}"
        for row, other in zip(a[table], b[table]):
            for left, right in zip(row, other):
                if left != right:
                    return f"{table}: {left} and {right}"
    return None
