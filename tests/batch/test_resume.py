# SPDX-License-Identifier: GPL-3.0-or-later
"""Is nothing lost, nothing done twice, and everything done anew that must be?"""
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
import unittest

import fleet
from door import MODELS, PLIMSOLL, Door
from test_remote import Handler, Server


class Tagged(Handler):
    """Says which state of a file it sends."""

    def end_headers(self):
        if self.server.tag:
            self.send_header("ETag", self.server.tag)
        super().end_headers()


class Resume(Door):
    def setUp(self):
        super().setUp()
        self.folder = self.path("scenes")

    def batch(self, *words, store="r.gpkg", code=0):
        got, out, err = self.run_it("batch", *words, "-o", store)
        self.assertEqual((got, out), (code, ""), err)
        return err

    def sums(self, err):
        """(measured, kept) by the table at the end."""
        found = {line.split()[0]: int(line.split()[1]) for line in err.splitlines() if line.startswith("  ") and line.split()[1:2] and line.split()[1].isdigit()}
        return found["measured"], found.get("kept", 0)

    def number_of_rows(self):
        base = fleet.sqlite3.connect(self.path("r.gpkg"))
        try:
            return base.execute("SELECT fid FROM scenes ORDER BY fid").fetchall() + base.execute("SELECT fid FROM journal ORDER BY fid").fetchall()
        finally:
            base.close()

    def scenes(self):
        """How many are in the store at this moment."""
        try:
            return len(fleet.rows(self.path("r.gpkg"))["scenes"])
        except fleet.sqlite3.Error:  # not there yet, or being written
            return 0

    def test_killed_at_any_moment(self):
        """The store of a run that was killed again and again is that of one that was left alone, failures included."""
        fleet.draw(self.folder, 18)
        self.write("scenes/broken.tif", b"II*\0 and then nothing")
        self.write("scenes/empty.tif", b"")
        begin = time.monotonic()
        self.batch("scenes", "none/*.tif", "--jobs", "2", store="whole.gpkg", code=1)
        took = time.monotonic() - begin
        chance = random.Random(seed := int(time.time()))
        kills = 0
        for _ in range(6):
            with subprocess.Popen([PLIMSOLL, "batch", "scenes", "none/*.tif", "-o", "r.gpkg", "--jobs", "2", "--quiet"],
                                  cwd=self.home, stderr=subprocess.DEVNULL) as run:
                try:
                    run.wait(chance.uniform(0.0, 0.4) * took)
                except subprocess.TimeoutExpired:
                    run.send_signal(signal.SIGKILL)
                    kills += 1
        self.assertGreater(kills, 1)
        self.batch("scenes", "none/*.tif", code=1)
        self.assertIsNone(fleet.difference(fleet.rows(self.path("whole.gpkg")), fleet.rows(self.path("r.gpkg"))), f"seed {seed}")
        self.assertEqual(len(fleet.rows(self.path("r.gpkg"))["scenes"]), 18)

    def test_what_is_done_is_kept(self):
        fleet.draw(self.folder, 4, kinds=1)
        self.assertEqual(self.sums(self.batch("scenes")), (4, 0))
        before = self.number_of_rows()
        for words in ([], ["--jobs", "2"], ["--timeout", "200"], ["--max-memory", "3000"], ["--in-process"], ["--max-pixels", "100000000"]):
            err = self.batch("scenes", *words)
            self.assertEqual(self.sums(err), (0, 4), words)
            self.assertIn("the store holds 4 scenes; 4 of these 4 pictures are among them", err)
        self.assertEqual(self.number_of_rows(), before)
        self.assertEqual(self.sums(self.batch("./scenes/../scenes")), (4, 0))  # another name is another picture's

    def test_what_has_changed_is_measured_again(self):
        fleet.draw(self.folder, 3, kinds=1)
        shutil.copytree(MODELS, self.path("models"))
        same = ("scenes", "--models", "models")
        self.assertEqual(self.sums(self.batch(*same)), (3, 0))
        self.assertEqual(self.sums(self.batch(*same)), (0, 3))
        with open(self.path("scenes/s0001.json"), encoding="utf-8") as file:
            item = json.load(file)
        item["properties"]["view:incidence_angle"] += 1.0
        self.write("scenes/s0001.json", json.dumps(item))
        self.assertEqual(self.sums(self.batch(*same)), (1, 2), "a corrected sidecar")
        with open(self.path("scenes/s0002.tif"), "r+b") as file:  # a byte of its last tile
            file.seek(-1, os.SEEK_END)
            byte = file.read(1)
            file.seek(-1, os.SEEK_END)
            file.write(bytes([byte[0] ^ 1]))
        err = self.run_it("batch", *same, "-o", "r.gpkg")[2]
        self.assertEqual(sum(self.sums(err)) + err.count("plimsoll: scenes/s0002.tif: "), 3, err)
        self.assertEqual(self.sums(err)[1], 2, "a changed picture")
        fleet.draw(self.folder, 3, kinds=1)
        self.batch(*same)
        os.rename(self.path("scenes/s0000.json"), self.path("away.json"))
        self.assertEqual(self.sums(self.batch(*same)), (1, 2), "a sidecar that is gone")
        os.rename(self.path("away.json"), self.path("scenes/s0000.json"))
        self.assertEqual(self.sums(self.batch(*same)), (1, 2), "a sidecar that has come")
        with open(self.path("models/products.csv"), "a", encoding="utf-8") as file:
            file.write("# a remark\n")
        self.assertEqual(self.sums(self.batch(*same)), (3, 0), "a table")
        os.mkdir(self.path("models/folder"))
        self.write("models/.hidden", "")
        self.assertEqual(self.sums(self.batch(*same)), (0, 3), "nothing of the models")
        self.write("models/weights.bin", "")
        self.assertEqual(self.sums(self.batch(*same)), (3, 0), "any file of the models")
        self.assertEqual(self.sums(self.batch(*same, "--model-sigma", "0.2")), (3, 0), "an option")
        self.assertEqual(self.sums(self.batch(*same, "--model-sigma", "0.2")), (0, 3))
        area = self.area("area.geojson", (130, 40), (136, 40), (136, 45), (130, 45), (130, 40))
        self.assertEqual(self.sums(self.batch(*same, "--aoi", area)), (3, 0), "an area")
        self.assertEqual(self.sums(self.batch(*same, "--aoi", area)), (0, 3))
        self.area("area.geojson", (130, 40), (135, 40), (135, 45), (130, 45), (130, 40))
        self.assertEqual(self.sums(self.batch(*same, "--aoi", area)), (3, 0), "the area's content")

    def test_failures_are_tried_again(self):
        fleet.draw(self.folder, 2, kinds=1)
        os.rename(self.path("scenes/s0001.tif"), self.path("away.tif"))
        both = ("scenes/s0000.tif", "scenes/s0001.tif")
        self.assertEqual(self.sums(self.batch(*both, code=1)), (1, 0))
        os.rename(self.path("away.tif"), self.path("scenes/s0001.tif"))
        self.assertEqual(self.sums(self.batch(*both)), (1, 1))
        journal = fleet.rows(self.path("r.gpkg"))["journal"]
        self.assertEqual([dict(row)["status"] for row in journal], [b"done", b"done"])

    def test_changed_while_it_was_read(self):
        fleet.draw(self.folder, 1)
        end = threading.Event()

        def meddle():
            while not end.is_set():
                with open(self.path("scenes/s0000.json"), "a", encoding="utf-8") as file:
                    file.write(" ")
                time.sleep(0.002)

        meddler = threading.Thread(target=meddle)
        meddler.start()
        try:
            self.assertIn("was changed while it was read", self.batch("scenes", code=3))
        finally:
            end.set()
            meddler.join()
        self.assertEqual(self.sums(self.batch("scenes")), (1, 0))

    def test_pictures_on_servers(self):
        """Known by what the server calls their state; where it calls it nothing, measured each time."""
        fleet.draw(self.folder, 1)
        server = Server(self.folder)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        server.RequestHandlerClass = Tagged
        url = f"http://{server.host}/s0000.tif"
        server.tag = None
        self.assertEqual([self.sums(self.batch(url)) for _ in range(2)], [(1, 0), (1, 0)])
        for tag in ('"one"', '"two"'):
            server.tag = tag
            self.assertEqual([self.sums(self.batch(url)) for _ in range(2)], [(1, 0), (0, 1)], tag)
        hashes = json.loads(dict(fleet.rows(self.path("r.gpkg"))["scenes"][0])["record"])["sha256"]
        self.assertRegex(hashes["picture"], "^etag:[0-9a-f]{40}$")
        self.assertRegex(hashes["sidecar"], "^etag:[0-9a-f]{40}$")

    def test_interrupted_and_gone_on(self):
        fleet.draw(self.folder, 60, kinds=1)
        for number, done in ((signal.SIGINT, 1), (signal.SIGTERM, 4)):
            with subprocess.Popen([PLIMSOLL, "batch", "scenes", "-o", "r.gpkg", "--jobs", "2"], cwd=self.home, stderr=subprocess.PIPE) as run:
                until = time.monotonic() + 60
                while self.scenes() < done and time.monotonic() < until:
                    time.sleep(0.02)
                run.send_signal(number)
                err = run.stderr.read().decode()
                self.assertEqual(run.wait(20), 130, err)
            self.assertIn("the same command goes on with them", err)
        measured, kept = self.sums(self.batch("scenes"))
        self.assertEqual(measured + kept, 60)
        self.assertGreater(kept, 0)


if __name__ == "__main__":
    unittest.main()
