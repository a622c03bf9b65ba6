# SPDX-License-Identifier: GPL-3.0-or-later
"""Is an array of a real Slurm, merged, what one run gives, also when a node dies in the middle of it?"""
import os
import shutil
import sys
import tempfile
import unittest

import fleet
import slurm
from door import PLIMSOLL, TOP, Door

SCRIPT = os.path.join(TOP, "docs", "cluster", "plimsoll.sbatch")
SHARES, SCENES = 4, 20


class Slurm(Door):
    @classmethod
    def setUpClass(cls):
        cls.home_of_all = tempfile.mkdtemp(prefix="plimsoll-slurm-")
        cls.cluster = slurm.Cluster(cls.home_of_all)
        try:
            cls.cluster.start()
            fleet.draw(os.path.join(cls.home_of_all, "scenes"), SCENES)
            with open(os.path.join(cls.home_of_all, "scenes", "broken.tif"), "wb") as file:
                file.write(b"II*\0")
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.cluster.stop()
        shutil.rmtree(cls.home_of_all, ignore_errors=True)

    def submit(self, parts):
        env = dict(self.cluster.env, SCENES=os.path.join(self.home_of_all, "scenes"), PARTS=parts, PLIMSOLL=PLIMSOLL)
        run = slurm.subprocess.run(["sbatch", "--parsable", f"--array=0-{SHARES - 1}", "--cpus-per-task=1", "--mem=0", "--chdir", self.home, SCRIPT],
                                   env=env, capture_output=True, text=True, check=True)
        return run.stdout.strip()

    def compare(self, parts):
        whole = self.path("whole.gpkg")
        self.assertEqual(self.run_it("batch", os.path.join(self.home_of_all, "scenes"), "-o", whole, "--quiet")[0], 1)
        found = sorted(os.path.join(parts, name) for name in os.listdir(parts) if name.endswith(".gpkg"))
        self.assertEqual(len(found), SHARES)
        sizes = [len(fleet.rows(part)["scenes"]) for part in found]
        self.assertEqual(sum(sizes), SCENES, sizes)
        together = {table: sorted((row for part in found for row in fleet.rows(part)[table]), key=repr) for table in ("scenes", "hulls", "journal")}
        self.assertIsNone(fleet.difference(fleet.rows(whole), together))
        if "merge" not in self.run_it("help")[1] + self.run_it("help")[2]:
            return
        code, _, err = self.run_it("merge", "-o", "merged.gpkg", *found)
        self.assertEqual(code, 0, err)
        self.assertIsNone(fleet.difference(fleet.rows(whole), fleet.rows(self.path("merged.gpkg"))))

    def logs(self):
        text = ""
        for name in sorted(os.listdir(self.home)):
            if name.endswith(".log"):
                with open(self.path(name), encoding="utf-8") as file:
                    text += file.read()
        return text

    def test_an_array(self):
        self.submit(self.path("parts"))
        self.cluster.wait(lambda: not self.cluster.jobs(), 180, "the array")
        self.compare(self.path("parts"))

    def test_an_array_whose_node_dies(self):
        parts = self.path("parts")
        array = self.submit(parts)
        self.cluster.wait(lambda: any(state == "RUNNING" and node == "n1" for state, node in self.cluster.jobs().values()), 60, "a task on n1")
        task = next(task for task, (state, node) in self.cluster.jobs().items() if node == "n1")
        part = os.path.join(parts, f"part-{task}.gpkg")

        def begun():
            try:
                return len(fleet.rows(part)["scenes"]) >= 1
            except fleet.sqlite3.Error:
                return False

        self.cluster.wait(begun, 60, "the first scene of that task")
        self.assertGreaterEqual(self.cluster.kill_node("n1"), 3, "node, step and program")
        before = len(fleet.rows(part)["scenes"])
        self.cluster.wait(lambda: self.cluster.jobs().get(task, ("", ""))[0] == "PENDING", 90, "the task to be requeued")
        # Slurm lets two minutes pass before it starts it again; nobody here wants to wait for them.
        self.cluster.run("scontrol", "update", f"JobId={array}_{task}", "StartTime=now")
        self.cluster.wait(lambda: not self.cluster.jobs(), 240, "the rest of the array, on one node")
        self.assertIn(f"{before} of these", self.logs(), "the task that was requeued says what is there")
        self.compare(parts)
        self.cluster.daemon("n1", "slurmd", "-D", "-N", "n1")


if __name__ == "__main__":
    if slurm.missing():
        print("skipped: " + slurm.missing(), file=sys.stderr)
        sys.exit(77)
    unittest.main()
