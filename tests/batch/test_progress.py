# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a batch say truly how far it is: a bar on a terminal, JSON when asked for, a table at the end, nothing when quiet?"""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import time
import unittest

import fleet
from door import PLIMSOLL, Door


class Progress(Door):
    def setUp(self):
        super().setUp()
        fleet.draw(self.path("scenes"), 20, kinds=1)

    def on_terminal(self, *words, columns=90):
        """[(seconds, text)] as a terminal of that width saw it."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        seen, begin = [], time.monotonic()
        with subprocess.Popen([PLIMSOLL, "batch", "scenes", "-o", "r.gpkg", *words], cwd=self.home, stderr=follower, env=dict(os.environ, TERM="xterm")) as run:
            os.close(follower)
            while True:
                try:
                    text = os.read(leader, 65536).decode()
                except OSError:
                    break
                if not text:
                    break
                seen.append((time.monotonic() - begin, text))
            self.assertEqual(run.wait(60), 0)
        os.close(leader)
        return seen, time.monotonic() - begin

    def test_a_bar_that_tells_the_truth(self):
        fleet.draw(self.path("scenes"), 60, kinds=1)
        seen, took = self.on_terminal()
        promises = []
        for at, text in seen:
            for bar in re.findall(r"\[[#.]+\] [^\r]*", text):
                self.assertLess(len(bar), 90)
                found = re.search(r"(\d+) of 60, (\d+) s to go", bar)
                if found and 12 <= int(found[1]) <= 50:
                    promises.append((at, int(found[2])))
        self.assertGreater(len(promises), 1, seen)
        # The scenes are alike, so what was promised on the way is what it took, but for the load of the machine.
        for at, left in promises:
            self.assertLess(abs(at + left - took), 0.5 * took + 1.5, f"{at:.1f} s + {left} s to go; it took {took:.1f} s")
        self.assertIn("60 of 60 pictures done", seen[-1][1] if len(seen[-1][1]) > 60 else seen[-2][1] + seen[-1][1])

    def test_a_resumed_run_promises_no_less(self):
        """What was done before is quick; it must not make what remains look quick, nor the reverse."""
        subprocess.run([PLIMSOLL, "batch", *[f"scenes/s{i:04d}.tif" for i in range(10)], "-o", "r.gpkg", "--quiet"], cwd=self.home, check=True)
        code, _, err = self.run_it("batch", "scenes", "-o", "r.gpkg", "--log-format", "json")
        lines = [json.loads(line) for line in err.splitlines()]
        pictures = [line for line in lines if line["event"] == "picture"]
        self.assertEqual([line["status"] for line in pictures], ["kept"] * 10 + ["done"] * 10)
        new = sum(line["seconds"] for line in pictures[10:])
        halfway = pictures[14]["eta_s"]
        self.assertLess(abs(halfway - 5 / 10 * new), 0.35 * new + 0.5)
        self.assertIsNone(pictures[9]["eta_s"], "of new ones nothing is known yet")

    def test_lines_of_json(self):
        code, out, err = self.run_it("batch", "scenes", "gone.tif", "-o", "r.gpkg", "--log-format", "json")
        self.assertEqual((code, out), (1, ""))
        lines = [json.loads(line) for line in err.splitlines()]
        self.assertEqual(sum(line.get("event") == "picture" for line in lines), 21)
        end = lines[-1]
        self.assertEqual((end["event"], end["pictures"], end["done"], end["failed"], end["remaining"], end["interrupted"]), ("end", 21, 20, 1, 0, False))
        self.assertEqual(list(end["reasons"].values()), [1])
        self.assertEqual([line["ended"] for line in lines if line.get("event") == "picture"], list(range(1, 22)))
        self.assertTrue(all(10 < line["peak_mb"] < 1000 for line in lines if line.get("status") == "done"))

    def test_quiet_and_plain(self):
        self.assertEqual(self.run_it("batch", "scenes", "-o", "r.gpkg", "--quiet"), (0, "", ""))
        err = self.run_it("batch", "scenes", "gone.tif", "-o", "r.gpkg")[2]
        self.assertNotIn("\r", err)
        self.assertRegex(err, r"(?m)^  kept +20 ")
        self.assertRegex(err, r"(?m)^  failed +1 ")
        self.assertRegex(err, r"(?m)^ +1  No such file or directory$")

    def test_a_narrow_terminal_and_a_dumb_one(self):
        seen, _ = self.on_terminal(columns=24)
        for _, text in seen:
            for drawn in re.findall(r"\r\x1b\[K([^\r\n]*)", text):
                self.assertLess(len(drawn), 24)


if __name__ == "__main__":
    unittest.main()
