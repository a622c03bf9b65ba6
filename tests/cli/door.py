# SPDX-License-Identifier: GPL-3.0-or-later
"""What the questions about the program share: running it, a folder to work in, pictures that are wrong in one way."""
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest

PLIMSOLL = os.environ["PLIMSOLL"]
TOP = os.environ["PL_TOP"]
SAMPLES = os.path.join(TOP, "samples")
MODELS = os.path.join(TOP, "models")


class Door(unittest.TestCase):
    """A test that works in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="plimsoll-cli-")
        self.addCleanup(folder.cleanup)
        self.home = folder.name

    def path(self, name):
        return os.path.join(self.home, name)

    def run_it(self, *words, **options):
        """(exit code, stdout, stderr), both as text. typed: what comes on standard input."""
        options.setdefault("cwd", self.home)
        typed = options.pop("typed", None)
        options.update({"stdin": subprocess.DEVNULL} if typed is None else {"input": typed.encode()})
        run = subprocess.run([PLIMSOLL, *words], stdout=options.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE,
                             timeout=120, check=False, **options)
        out = run.stdout.decode("utf-8", "surrogateescape") if run.stdout is not None else ""
        err = run.stderr.decode("utf-8", "surrogateescape")
        if "LD_PRELOAD" not in (options.get("env") or {}):
            self.assertNotIn(": the decoder ", err, "a worker crashed or worse (src/run/worker.c)")
        return run.returncode, out, err

    def complains(self, code, words, *command, **options):
        """The command ends with the code, nothing on stdout and one line on stderr that holds the words."""
        got, out, err = self.run_it(*command, **options)
        self.assertEqual((got, out), (code, ""), f"{command}: {err}")
        self.assertEqual(err.count("\n"), 1, f"{command}: not one line: {err!r}")
        self.assertTrue(err.startswith("plimsoll: "), err)
        self.assertIn(words, err)
        return err

    def write(self, name, content):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def sample(self, name, change=None, picture="laden", cut=None):
        """A copy of a sample with its STAC Item changed, or its file cut short (negative: so many bytes less)."""
        path = self.path(name + ".tif")
        shutil.copy(os.path.join(SAMPLES, picture + ".tif"), path)
        if cut is not None:
            size = os.path.getsize(path)
            os.truncate(path, cut if cut >= 0 else size + cut)
        with open(os.path.join(SAMPLES, picture + ".json"), encoding="utf-8") as file:
            item = json.load(file)
        if change:
            change(item)
        self.write(name + ".json", json.dumps(item))
        return path

    def area(self, name, *corners):
        ring = [list(c) for c in corners]
        return self.write(name, json.dumps({"type": "Polygon", "coordinates": [ring]}))


def without(*keys):
    """A change of a STAC Item: properties taken out."""
    def change(item):
        for key in keys:
            item["properties"].pop(key)
    return change


def having(**values):
    """A change of a STAC Item: properties set; view__azimuth stands for view:azimuth."""
    def change(item):
        item["properties"].update({key.replace("__", ":"): value for key, value in values.items()})
    return change


def tiff(width, height, georeferenced=True, strips=None):
    """A plain grey 8-bit TIFF: UTM 53N, half a metre. strips: the bytes that stand where the pixels should."""
    pixels = bytes([60]) * (width * height) if strips is None else strips
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0),
            (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, min(width * height, 2**32 - 1))]
    extra = b""
    at = 8 + 2 + 12 * (len(tags) + 3 * georeferenced) + 4
    if georeferenced:
        scale, tie = struct.pack("<3d", 0.5, 0.5, 0), struct.pack("<6d", 0, 0, 0, 345627, 4728437.5, 0)
        keys = struct.pack("<16H", 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32653)
        tags += [(33550, 12, 3, at), (33922, 12, 6, at + 24), (34735, 3, 16, at + 72)]
        extra = scale + tie + keys
    rows = [(tag, kind, count, at + len(extra) if tag == 273 else value) for tag, kind, count, value in sorted(tags)]
    return (struct.pack("<2sHIH", b"II", 42, 8, len(rows)) + b"".join(struct.pack("<HHII", *row) for row in rows) +
            struct.pack("<I", 0) + extra + pixels)
