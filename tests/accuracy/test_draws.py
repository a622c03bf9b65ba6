# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the bench add up rightly, and are its pairs pairs? test_draws.py DRAWS_BINARY

The exact binomial test is held against sums of whole fractions; figures and ratios against rows that were made up so that they
can be reckoned by head.
"""
import math
import os
import sys
import unittest
from fractions import Fraction

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "bench", "accuracy"))
sys.dont_write_bytecode = True
import calibrate  # noqa: E402
import drawn  # noqa: E402
import run_draws  # noqa: E402

BINARY = sys.argv.pop()


def row(status, error, sigma=0.1, half=0.16, **more):
    return {"status": status, "freeboard": str(4 + error), "truth": "4", "sigma": str(sigma), "p05": str(4 + error - half), "p95": str(4 + error + half),
            "trim": "0.1", "trim_got": "0.4", "drawn": "length_m=150 gsd_m=0.5", "budget": "fit=0.1 heel=0.2", **more}


class Statistics(unittest.TestCase):
    def test_binomial(self):
        share = Fraction(9, 10)
        for hits, n in ((30, 40), (36, 40), (200, 200), (190, 200), (165, 200)):
            chance = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
            exact = sum(c for c in chance if c <= chance[hits])
            self.assertAlmostEqual(drawn.binomial_p(hits, n), float(exact), places=9)

    def test_figures(self):
        rows = [row("measured", 0.1), row("dubious", -0.1), row("measured", 0.2), row("refused", 0), row("missed", 0), row("measured", 0.6, sigma=0.1)]
        f = run_draws.figures(rows)
        self.assertEqual((f["draws"], f["n"], f["missed"], f["wrong"]), (6, 4, 1, 1))
        self.assertAlmostEqual(f["answered"], 100 * 4 / 6)
        self.assertAlmostEqual(f["median"], 0.15)
        self.assertAlmostEqual(f["rmse"], math.sqrt((0.01 + 0.01 + 0.04 + 0.36) / 4))
        self.assertAlmostEqual(f["bias"], 0.2)
        self.assertAlmostEqual(f["in90"], 50)
        self.assertAlmostEqual(f["trim"], 0.2)  # 0.3 m of 150 m, 300 px
        self.assertTrue(any("confidently wrong" in s for s in run_draws.missed_limits("pan", f)))
        self.assertTrue(any(s.startswith("all: rmse") for s in run_draws.missed_limits("all", f)))

    def test_dubious_is_not_confident(self):
        self.assertFalse(run_draws.confidently_wrong(row("dubious", 3)))
        self.assertFalse(run_draws.confidently_wrong(row("measured", 0.6, sigma=0.2)))

    def test_ratio(self):
        ratio, se = calibrate.ratio_and_se([0.2, -0.2, 0.2, -0.2], [0.1] * 4)
        self.assertAlmostEqual(ratio, 2)
        self.assertAlmostEqual(se, 0)
        self.assertGreater(calibrate.ratio_and_se([0.1, -0.3, 0.2, -0.2], [0.1] * 4)[1], 0.1)


    def test_verdicts(self):
        self.assertEqual(calibrate.judge((1.1, 0.1), (0.95, 0.1)), "as it ought to be")
        self.assertEqual(calibrate.judge((2, 0.3), (1.5, 0.2)), "too small")
        self.assertTrue(calibrate.judge((0.4, 0.1), (0.3, 0.1)).startswith("too large"))
        self.assertEqual(calibrate.judge((30, 25), (8, 7)), "more pairs are needed")
        self.assertTrue(calibrate.judge((2, 0.3), (1.1, 0.1)).startswith("too small for a few"))


class Pairs(unittest.TestCase):
    def test_a_scene_stands_by_itself_and_a_setting_changes_one_thing(self):
        fast = "length_m=50,gsd_m=0.7,bands=1"
        both = drawn.draw(BINARY, "clean", 4, 2, 7, fast)
        alone = drawn.draw(BINARY, "clean", 5, 1, 7, fast)
        self.assertEqual(both[1], alone[0])
        other = drawn.draw(BINARY, "clean", 5, 1, 7, fast + ",heel_deg=1")
        a, b = drawn.pairs_of(alone[0]["drawn"]), drawn.pairs_of(other[0]["drawn"])
        self.assertEqual({name for name in a if a[name] != b[name]}, {"heel_deg"})
        with self.assertRaises(SystemExit):
            drawn.draw(BINARY, "clean", 5, 1, 7, "no_such_thing=1")


if __name__ == "__main__":
    unittest.main()
