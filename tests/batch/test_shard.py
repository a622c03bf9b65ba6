# SPDX-License-Identifier: GPL-3.0-or-later
"""Do shares of a batch make the whole: each picture in one share, whatever the order, of about the same size?"""
import os
import random
import subprocess
import unittest

import fleet
from door import PLIMSOLL, TOP, Door

PLAIN = {k: v for k, v in os.environ.items() if not k.startswith(("SLURM_", "JOB_COMPLETION"))}


class Shard(Door):
    def files(self, *words, env=None, code=3):
        """Which of the items are in this share: none of them exists, so the journal names them all."""
        store = self.path("share.gpkg")
        if os.path.exists(store):
            os.remove(store)
        got, _, err = self.run_it("batch", *words, "-o", store, env=env or PLAIN)
        self.assertIn(got, (code, 0), err)
        return {dict(row)["file"] for row in fleet.rows(store)["journal"]}

    def test_a_part_each_and_together_all(self):
        names = [f"none/{i}.tif" for i in range(40)]
        self.write("list.txt", "\n".join(names))
        shares = [self.files("list.txt", "--shard", f"{i}/3") for i in range(3)]
        self.assertEqual(set().union(*shares), set(names))
        self.assertEqual(sum(map(len, shares)), len(names))
        random.Random(1).shuffle(names)
        self.write("other.txt", "\n".join(names[:30]))
        for share in shares:  # another order, and fewer of them: who is there is where it was
            i = shares.index(share)
            self.assertEqual(self.files("other.txt", "--shard", f"{i}/3"), share & set(names[:30]))

    def test_of_about_the_same_size(self):
        """10,000 names: binomial, so 2500 +- 43; five sigmas. Nothing is measured: a share of a share is small."""
        self.write("list.txt", "\n".join(f"/data/scene_{i:05d}.tif" for i in range(10000)))
        sizes = []
        for i in range(0, 2000, 400):
            code, _, err = self.run_it("batch", "list.txt", "-o", f"{i}.gpkg", "--shard", f"{i}/2000", env=PLAIN)
            sizes.append(int(err.split(": ")[2].split(" of ")[0]))
        self.assertTrue(all(0 < size < 5 + 5 * 5**0.5 + 1 for size in sizes), sizes)

    def test_an_empty_share_is_a_store_all_the_same(self):
        code, _, err = self.run_it("batch", "none/a.tif", "-o", "r.gpkg", "--shard", "0/1000", env=PLAIN)
        found = [i for i in range(3) if not self.files("none/a.tif", "--shard", f"{i}/3")]
        self.assertEqual(len(found), 2)
        self.assertTrue(os.path.exists(self.path("r.gpkg")), err)

    def test_what_slurm_and_kubernetes_say(self):
        names = [f"none/{i}.tif" for i in range(12)]
        wanted = self.files(*names, "--shard", "2/4")
        self.assertEqual(self.files(*names, env=dict(PLAIN, SLURM_ARRAY_TASK_ID="2", SLURM_ARRAY_TASK_COUNT="4", SLURM_ARRAY_TASK_MIN="0")), wanted)
        self.assertEqual(self.files(*names, env=dict(PLAIN, SLURM_ARRAY_TASK_ID="3", SLURM_ARRAY_TASK_COUNT="4", SLURM_ARRAY_TASK_MIN="1")), wanted)
        self.assertEqual(self.files(*names, env=dict(PLAIN, SLURM_ARRAY_TASK_ID="20", SLURM_ARRAY_TASK_COUNT="4", SLURM_ARRAY_TASK_MIN="0",
                                                     SLURM_ARRAY_TASK_STEP="10")), wanted)
        self.assertEqual(self.files(*names, env=dict(PLAIN, JOB_COMPLETION_INDEX="2", JOB_COMPLETIONS="4")), wanted)
        both = dict(PLAIN, SLURM_ARRAY_TASK_ID="0", SLURM_ARRAY_TASK_COUNT="4", SLURM_ARRAY_TASK_MIN="0")
        self.assertEqual(self.files(*names, "--shard", "2/4", env=both), wanted)
        self.complains(2, "no 0, 1, 2", "batch", *names, "-o", "x.gpkg",
                       env=dict(PLAIN, SLURM_ARRAY_TASK_ID="9", SLURM_ARRAY_TASK_COUNT="3", SLURM_ARRAY_TASK_MIN="1"))
        self.complains(2, "JOB_COMPLETIONS", "batch", *names, "-o", "x.gpkg", env=dict(PLAIN, JOB_COMPLETION_INDEX="1"))

    def manifest(self):
        """The script of the Kubernetes Job, as its pods get it."""
        with open(os.path.join(TOP, "docs", "cluster", "plimsoll-job.yaml"), encoding="utf-8") as file:
            lines = file.read().split("            - |\n")[1].splitlines()
        return "\n".join(line[14:] for line in lines[:next(i for i, line in enumerate(lines) if not line.startswith(" " * 14))])

    def test_the_script_of_the_kubernetes_job(self):
        folder, parts = self.path("scenes"), self.path("parts")
        fleet.draw(folder, 6, kinds=1)
        self.write("scenes/broken.tif", b"")
        os.mkdir(self.path("bin"))
        os.symlink(PLIMSOLL, self.path("bin/plimsoll"))
        env = dict(PLAIN, PATH=self.path("bin") + ":" + os.environ["PATH"], JOB_COMPLETIONS="3", SCENES=folder, PARTS=parts)
        names = []
        for index in range(3):
            run = subprocess.run(["/bin/sh", "-c", self.manifest()], env=dict(env, JOB_COMPLETION_INDEX=str(index)), capture_output=True, check=False)
            names.append(fleet.rows(f"{parts}/part-{index}.gpkg")["journal"])
            # shares follow the folder's name: the broken one may be alone in its share, of which nothing could be done then
            alone = [os.path.basename(dict(row)["file"]) for row in names[-1]] == ["broken.tif"]
            self.assertEqual(run.returncode, 3 if alone else 0, run.stderr)
        self.assertEqual(sum(map(len, names)), 7)
        self.assertEqual(len({dict(row)["file"] for part in names for row in part}), 7)
        with subprocess.Popen(["/bin/sh", "-c", self.manifest()], env=dict(env, JOB_COMPLETIONS="1", JOB_COMPLETION_INDEX="0", PARTS=self.path("other")),
                              stderr=subprocess.PIPE) as run:
            while b'"event":"picture"' not in run.stderr.readline():
                pass
            run.terminate()  # the shell hands it on, and waits
            self.assertIn(b'"interrupted":true', run.stderr.read())
            self.assertEqual(run.wait(30), 130)

    def test_shares_that_are_none(self):
        for value in ("4/4", "-1/4", "1", "1/0", "a/b", "1/2/3", "0.5/2", "/2"):
            self.complains(2, "--shard", "batch", "a.tif", "-o", "x.gpkg", "--shard", value)


if __name__ == "__main__":
    unittest.main()
