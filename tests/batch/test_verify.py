# SPDX-License-Identifier: GPL-3.0-or-later
"""Can the rows of a store be made again, and is it said when they cannot?"""
import os
import sqlite3
import unittest

import fleet
from door import Door


class Verify(Door):
    def setUp(self):
        super().setUp()
        fleet.draw(self.path("scenes"), 4, kinds=2)

    def verify(self, code, *words):
        got, out, err = self.run_it("batch", "--verify", "r.gpkg", *words)
        self.assertEqual((got, err), (code, ""), out)
        return {line.split()[1]: line for line in out.splitlines()[:-1]}, out.splitlines()[-1]

    def test_the_same(self):
        options = ["--model-sigma", "0.31", "--product", "fuel oil", "--seed", "7", "--aoi",
                   self.area("sea.geojson", (132, 42), (134, 42), (134, 43), (132, 43), (132, 42))]
        for some in ([], options):
            code, _, err = self.run_it("batch", "scenes", "-o", "r.gpkg", *some)
            self.assertEqual(code, 0, err)
            lines, last = self.verify(0)
            self.assertTrue(all(line.startswith("same ") for line in lines.values()), lines)
            self.assertEqual(last, "4 of 4 scenes measured again: 4 the same, 0 different, 0 not compared")
        self.assertEqual(len(self.verify(0, "--sample", "2")[0]), 2)
        self.assertEqual(self.verify(0, "--sample", "2"), self.verify(0, "--sample", "2"))

    def test_what_is_not_the_same(self):
        self.assertEqual(self.run_it("batch", "scenes", "-o", "r.gpkg", "--quiet")[0], 0)
        base = sqlite3.connect(self.path("r.gpkg"))
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):  # what the index's triggers ask for
            base.create_function(name, 1, lambda _: 0)
        base.execute("UPDATE hulls SET freeboard_m = freeboard_m + 0.01 WHERE scene_id = 's0001'")
        base.execute("""UPDATE scenes SET options = '["--model-sigma=0.7"]' WHERE scene_id = 's0002'""")
        base.commit()
        base.close()
        os.remove(self.path("scenes/s0003.tif"))
        lines, last = self.verify(1)
        self.assertTrue(lines["s0000"].startswith("same "))
        self.assertRegex(lines["s0001"], "^DIFFERENT +s0001 +stored freeboard_m=.*, measured freeboard_m=")
        self.assertRegex(lines["s0002"], "^DIFFERENT ")
        self.assertIn("not compared", self.run_it("batch", "--verify", "r.gpkg")[1])
        self.assertIn("1 the same, 2 different, 1 not compared", last)
        with open(self.path("scenes/s0000.tif"), "ab") as file:
            file.write(b" ")
        self.assertIn("its bytes differ", self.verify(1)[0]["s0000"])

    def test_wrong_usage(self):
        self.complains(2, "--verify takes a store", "batch", "--verify", "r.gpkg", "scenes")
        self.complains(2, "--verify takes a store", "batch", "--verify", "r.gpkg", "-o", "x.gpkg")
        self.complains(2, "--sample", "batch", "--verify", "r.gpkg", "--sample", "0")


if __name__ == "__main__":
    unittest.main()
