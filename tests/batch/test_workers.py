# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a picture that crashes its reader, eats memory or hangs cost only itself, and say why?"""
import os
import shutil
import time
import unittest

import fleet
from door import Door

EVIL = dict(os.environ, LD_PRELOAD=os.environ["PL_EVIL"])


class Workers(Door):
    def test_each_becomes_a_row_and_the_run_goes_on(self):
        pictures = fleet.draw(self.path("scenes"), 6, kinds=1)
        deeds = {"crash": "the decoder crashed (signal 11)", "eat": "out of memory (limit 200 MB)", "wait": "no answer in 3 s",
                 "loop": "no answer in 3 s", "giveup": "ended without an answer (exit 3)", "noise": "answered nonsense"}
        for deed in deeds:
            shutil.copy(pictures[0], self.path(f"scenes/evil_{deed}.tif"))
        for jobs in ("1", "3"):
            begin = time.monotonic()
            code, _, err = self.run_it("batch", "scenes", "-o", f"{jobs}.gpkg", "--jobs", jobs, "--timeout", "3", "--max-memory", "200", env=EVIL)
            self.assertEqual(code, 1, err)
            self.assertIn("6 of 12 pictures done, 6 failed", err)
            self.assertLess(time.monotonic() - begin, 60)
            journal = {os.path.basename(dict(row)["file"]): dict(row) for row in fleet.rows(self.path(f"{jobs}.gpkg"))["journal"]}
            for deed, words in deeds.items():
                row = journal[f"evil_{deed}.tif"]
                self.assertEqual(row["status"], b"failed")
                self.assertIn(words, row["reason"].decode())
        self.assertIsNone(fleet.difference(*(fleet.rows(self.path(f"{jobs}.gpkg")) for jobs in ("1", "3"))))

    def test_a_picture_that_hangs_holds_up_nobody(self):
        pictures = fleet.draw(self.path("scenes"), 5, kinds=1)
        shutil.copy(pictures[0], self.path("scenes/evil_wait.tif"))  # the first of the folder
        code, _, err = self.run_it("batch", "scenes", "-o", "r.gpkg", "--jobs", "2", "--timeout", "8", "--log-format", "json", env=EVIL)
        self.assertEqual(code, 1)
        ends = [line for line in err.splitlines() if '"event":"picture"' in line]
        self.assertIn("evil_wait", ends[-1])
        self.assertEqual(len(ends), 6)


if __name__ == "__main__":
    unittest.main()
