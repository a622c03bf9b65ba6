# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a batch keep what is done, whatever happens to it: run again, interrupted, killed, locked out?"""
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from door import PLIMSOLL, SAMPLES, Door

NAMES = ["berth", "empty", "laden", "pair_after", "pair_before", "refused"]


class Batch(Door):
    def rows(self, sql, store="r.gpkg"):
        base = sqlite3.connect(f"file:{self.path(store)}?mode=rw", uri=True)  # not made when it is missing
        try:
            return base.execute(sql).fetchall()
        finally:
            base.close()

    def scenes(self, store="r.gpkg"):
        return [row[0] for row in self.rows("SELECT scene_id FROM scenes ORDER BY scene_id", store)]

    def test_a_folder(self):
        code, out, err = self.run_it("batch", SAMPLES, "-o", "r.gpkg")
        self.assertEqual((code, out), (0, ""))
        self.assertIn("6 of 6 pictures done, 0 failed", err)
        self.assertEqual(self.scenes(), NAMES)
        self.assertEqual(self.rows("SELECT count(*) FROM hulls WHERE status = 'measured' AND freeboard_m > 0"), [(5,)])
        self.assertEqual(self.rows("SELECT freeboard_m, oil_bbl_p50 FROM hulls WHERE status = 'refused'"), [(None, None)])

    def test_run_again_replaces(self):
        for _ in range(2):
            self.assertEqual(self.run_it("batch", SAMPLES, "-o", "r.gpkg", "--quiet")[::2], (0, ""))
        self.assertEqual(self.scenes(), NAMES)
        self.assertEqual(self.rows("SELECT count(*) FROM hulls"), [(6,)])
        self.assertEqual(self.rows("SELECT count(*) FROM journal"), [(6,)])
        before = self.rows("SELECT freeboard_sigma_m FROM hulls WHERE scene_id = 'laden'")
        self.run_it("batch", os.path.join(SAMPLES, "laden.tif"), "-o", "r.gpkg", "--model-sigma", "1", "--quiet")
        self.assertGreater(self.rows("SELECT freeboard_sigma_m FROM hulls WHERE scene_id = 'laden'"), before)
        self.assertEqual(self.scenes(), NAMES)

    def test_lists_and_failures(self):
        self.write("list.txt", f"# two\n{SAMPLES}/laden.tif\n\nmissing.tif\r\n")
        code, _, err = self.run_it("batch", "list.txt", "-o", "r.gpkg")
        self.assertEqual(code, 1)
        self.assertIn("1 of 2 pictures done, 1 failed; hulls: 1 measured", err)
        self.assertEqual(self.rows("SELECT file, status FROM journal ORDER BY status"),
                         [(f"{SAMPLES}/laden.tif", "done"), ("missing.tif", "failed")])
        self.assertIn("No such file", self.rows("SELECT reason FROM journal WHERE status = 'failed'")[0][0])
        self.assertEqual(self.run_it("batch", "list.txt", "-o", "r.gpkg")[0], 1)
        self.assertEqual(self.rows("SELECT count(*) FROM journal"), [(2,)])

    def test_two_pictures_of_one_id(self):
        for folder in ("a", "b"):
            os.mkdir(self.path(folder))
            shutil.copy(os.path.join(SAMPLES, "laden.tif"), self.path(f"{folder}/tile.tif"))
        code, _, err = self.run_it("batch", "a", "b", "-o", "r.gpkg")
        self.assertEqual(code, 1)
        self.assertIn("plimsoll: b/tile.tif: its scene id tile is that of a/tile.tif", err)
        self.assertEqual(self.rows("SELECT file FROM scenes"), [("a/tile.tif",)])
        self.assertEqual(self.rows("SELECT file, status FROM journal ORDER BY file"), [("a/tile.tif", "done"), ("b/tile.tif", "failed")])
        self.assertEqual(self.run_it("batch", "a/tile.tif", "a/tile.tif", "-o", "r.gpkg", "--quiet")[0], 0)

    def test_the_sum_says_what_the_rows_say(self):
        err = self.run_it("batch", os.path.join(SAMPLES, "laden.tif"), "-o", "r.gpkg", "--product", "lpg")[2]
        self.assertEqual(self.rows("SELECT status FROM hulls"), [("dubious",)])  # too deep for so light a cargo
        self.assertIn("0 measured, 1 dubious", err)

    def test_nothing_to_do(self):
        os.mkdir(self.path("none"))
        for item, words in (("none", "no pictures here"), ("none.txt", "No such file")):
            code, out, err = self.run_it("batch", item, "-o", "r.gpkg")
            self.assertEqual((code, out), (3, ""))
            self.assertIn(f"plimsoll: {item}: {words}", err)
            self.assertIn("0 of 1 pictures done, 1 failed", err)
        self.complains(2, "batch wants an input", "batch", "-o", "r.gpkg")

    def many(self, count):
        """A list of copies of one sample, each a scene of its own; enough work to be interrupted in."""
        for i in range(count):
            self.sample(f"s{i:03d}", lambda item, name=f"s{i:03d}": item.update(id=name))
        return [f"s{i:03d}.tif" for i in range(count)]

    def interrupted(self, number):
        """Starts a batch of 40 and sends the signal once three scenes are in the store."""
        pictures = self.many(40)
        with subprocess.Popen([PLIMSOLL, "batch", *pictures, "-o", "r.gpkg"], cwd=self.home, stderr=subprocess.PIPE) as run:
            until = time.monotonic() + 60
            done = 0
            while done < 3 and time.monotonic() < until and run.poll() is None:
                time.sleep(0.02)
                try:
                    done = len(self.scenes())
                except sqlite3.Error:  # not there yet, or being written
                    pass
            run.send_signal(number)
            err = run.stderr.read().decode()
            return run.wait(timeout=60), err

    def test_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            code, err = self.interrupted(number)
            self.assertEqual(code, 130, err)
            kept = self.scenes()
            self.assertTrue(3 <= len(kept) < 40, kept)
            self.assertIn(f"{len(kept)} of 40 pictures done, 0 failed", err)
            os.remove(self.path("r.gpkg"))

    def test_killed(self):
        code, _ = self.interrupted(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL)
        kept = self.scenes()  # opens, and SQLite rolls back what was half written
        self.assertTrue(3 <= len(kept) < 40, kept)
        self.assertEqual(self.rows("SELECT count(*) FROM hulls"), [(len(kept),)])
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.run_it("batch", "s039.tif", "-o", "r.gpkg", "--quiet")[0], 0)
        self.assertEqual(len(self.scenes()), len(kept) + 1)

    def test_locked(self):
        picture = os.path.join(SAMPLES, "laden.tif")
        self.assertEqual(self.run_it("batch", picture, "-o", "r.gpkg", "--quiet")[0], 0)
        other = sqlite3.connect(self.path("r.gpkg"))
        other.execute("BEGIN EXCLUSIVE")
        err = self.complains(3, "r.gpkg: ", "batch", picture, "-o", "r.gpkg", "--quiet", "--config", "PLIMSOLL_STORE_WAIT=1")
        self.assertIn("locked", err)
        other.rollback()
        other.close()
        self.assertEqual(self.run_it("batch", picture, "-o", "r.gpkg", "--quiet")[0], 0)

    def test_names_of_all_kinds(self):
        path = os.path.join(self.home.encode(), b"o'brien \xe9.tif")
        shutil.copy(os.path.join(SAMPLES, "laden.tif"), path)
        for _ in range(2):
            self.assertEqual(self.run_it("batch", path, "-o", "r.gpkg", "--quiet")[0], 0)
        self.assertEqual(self.rows("SELECT count(*) FROM scenes"), [(1,)])
        self.assertEqual(self.rows("SELECT count(*) FROM journal"), [(1,)])


if __name__ == "__main__":
    unittest.main()
