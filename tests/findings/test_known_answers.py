# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the published figures come out? What each source gives and does not give is in docs/findings.md.

No list of ships is public. So the tables here are made: as many calls as were published, at dates spread evenly between the first
and the last day that were published, of deadweights that add up to the published sum. Expected numbers are the sources' own, or
arithmetic on them.
"""
import datetime
import json
import random
import unittest

from door import Door

BBL_PER_T = 7.46  # un1718, gas oil
CAP = 500000


def even_days(first, last, count):
    first, last = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return [first + datetime.timedelta(round(i * (last - first).days / (count - 1))) for i in range(count)]


def table(days, tonnes, loads=None, names=None):
    """A call a day; tonnes[i] is a deadweight, None unknown."""
    rows = ["date,vessel,dwt_t,load_fraction"]
    for i, day in enumerate(days):
        dwt = "" if tonnes[i] is None else f"{tonnes[i]:.2f}"
        rows.append(f"{day},{names[i] if names else ''},{dwt},{'' if loads is None else loads}")
    return "\n".join(rows) + "\n"


def ships_that_sum_to(total_t, count, seed=1):
    """Deadweights of different ships, to 0.01 t, that add up."""
    draw = random.Random(seed)
    parts = [draw.uniform(0.5, 1.5) for _ in range(count)]
    tonnes = [round(total_t * p / sum(parts), 2) for p in parts]
    tonnes[0] = round(tonnes[0] + total_t - sum(tonnes), 2)
    assert abs(sum(tonnes) - total_t) < 0.005 and min(tonnes) > 0
    return tonnes


class KnownAnswers(Door):
    def findings(self, text, *words):
        code, out, err = self.run_it("findings", "-", *words, typed=text)
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def test_us_2018(self):
        """(a) 1 January to 30 May 2018, 89 calls: 1,519,587 bbl full; 1,367,628, 759,793, 506,529 at 90 %, 50 %, a third.

        1,367,628 / 0.9 and 759,793 / 0.5 leave 1,519,586.5 to 1,519,587.0 bbl, all rounded to the barrel: 203,697.95 t at 7.46.
        """
        calls = table(even_days("2018-01-01", "2018-05-30", 89), ships_that_sum_to(203697.95, 89))
        answer = self.findings(calls)
        self.assertEqual(answer["visits"], 89)
        self.assertEqual([(round(s["load_fraction"], 2), s["oil_bbl"], s["over_cap"]) for s in answer["scenarios"]],
                         [(1.0, 1519587, True), (0.9, 1367628, True), (0.5, 759793, True), (0.33, 506529, True)])
        # a third of 1,519,587 is 6,529 above the cap: a register's half per cent a ship leaves no doubt of that (sigma 0.05 %)
        self.assertEqual(answer["scenarios"][3]["p_over_cap"], 1)
        # and by the other chart, 7.23, it is below: 203,697.95 / 3 x 7.23
        other = self.findings(calls, "--conversion", "unsd")
        self.assertEqual(other["scenarios"][3]["oil_bbl"], round(203697.95 / 3 * 7.23))
        self.assertFalse(other["scenarios"][3]["over_cap"])
        # the cap at 90 %: its share of the calls, evenly spread in time and size; sizes differ, hence a week
        at_90 = self.findings(table(even_days("2018-01-01", "2018-05-30", 89), ships_that_sum_to(203697.95, 89), 0.9))
        passed = datetime.date.fromisoformat(at_90["cap_passed_on"]["p50"])
        expected = datetime.date(2018, 1, 1) + datetime.timedelta(CAP / 1367628 * 149)
        self.assertLess(abs((passed - expected).days), 8)

    def osc(self, days, ships, *words):
        names = [f"SHIP {i % ships + 1}" for i in range(43)]
        return self.findings(table(days, [None] * 43, names=names), "--dwt-range", "1000,9000", *words)

    def test_osc_2024(self):
        """(b) 43 trips from 7 March to 5 November 2024, ships of 1,000 to 9,000 t, over a million barrels."""
        days = even_days("2024-03-07", "2024-11-05", 43)
        answer = self.osc(days, 13)  # "more than a dozen"
        need_t = 1e6 / 43 / BBL_PER_T  # 3,117 t a trip
        self.assertAlmostEqual(need_t, 3117.4, delta=0.1)
        # what mean deadweight is that? full 3,117 t, at 90 % 3,464, at half 6,235, at a third 9,352: no ship of the range
        for load, dwt in ((1, 3117), (0.9, 3464), (0.5, 6235), (1 / 3, 9352)):
            self.assertAlmostEqual(need_t / load, dwt, delta=1)
            exact = self.findings(table(days, [dwt + 1] * 43, load), "--cap", "1000000")
            self.assertGreater(exact["p_over_cap"], 0.5)
            less = self.findings(table(days, [dwt * 0.98] * 43, load), "--cap", "1000000")
            self.assertLess(less["p_over_cap"], 0.01)
        # nothing known but the range: a million is neither shut out nor certain, the cap was passed
        million = self.osc(days, 13, "--cap", "1000000")["p_over_cap"]
        self.assertTrue(0.3 < million < 0.9, million)
        self.assertGreater(answer["p_over_cap"], 0.98)
        self.assertTrue(answer["oil_bbl_p05"] < 1e6 < answer["oil_bbl_p95"])
        # when? half of the calls carry the cap if the total is a million: 5 July, the middle of the period; the median is near it
        passed = datetime.date.fromisoformat(answer["cap_passed_on"]["p50"])
        self.assertLess(abs((passed - datetime.date(2024, 7, 5)).days), 21)

    def test_osc_dates(self):
        """The trips' dates are not public: any order of them between the two known ones moves the day by weeks, not by months."""
        draw, passed = random.Random(7), []
        for _ in range(8):
            inner = sorted(draw.randint(1, 242) for _ in range(41))
            days = [datetime.date(2024, 3, 7) + datetime.timedelta(d) for d in [0, *inner, 243]]
            # one ship a trip: two trips of a ship on one day would be refused
            passed.append(self.osc(days, 43)["cap_passed_on"]["p50"])
        days = sorted(datetime.date.fromisoformat(p) for p in passed)
        self.assertGreater(days[0], datetime.date(2024, 5, 15))
        self.assertLess(days[-1], datetime.date(2024, 8, 31))

    def test_press_56000_t(self):
        """56,000 t and a million barrels are not the same finding: 417,760 bbl, below the cap; 43 ships of 1,302 t."""
        answer = self.findings(table(even_days("2024-03-07", "2024-11-05", 43), ships_that_sum_to(56000, 43), 1))
        self.assertEqual(answer["scenarios"][0]["oil_bbl"], 417760)
        self.assertFalse(answer["scenarios"][0]["over_cap"])
        self.assertEqual(answer["p_over_cap"], 0)
        self.assertGreater(1e6 / BBL_PER_T, 134000)

    def scenario(self, calls, bbl, first, last):
        """The figures of a period of which calls and fully laden barrels are published."""
        tonnes = bbl / BBL_PER_T
        return self.findings(table(even_days(first, last, calls), ships_that_sum_to(round(tonnes, 2), calls)))

    def test_us_2018b(self):
        """(c) at least 263 deliveries in 2018, 3.78 million bbl fully laden: over the cap at a third, and at any load above 13.2 %."""
        answer = self.scenario(263, 3.78e6, "2018-01-01", "2018-12-31")
        self.assertEqual([s["over_cap"] for s in answer["scenarios"]], [True] * 4)
        self.assertAlmostEqual(answer["scenarios"][3]["oil_bbl"], 1.26e6, delta=1)
        self.assertAlmostEqual(CAP / 3.78e6, 0.132, delta=0.001)
        # with loads unknown it is over all the same
        self.assertGreater(answer["p_over_cap"], 0.999)

    def test_panel_2020(self):
        """56 deliveries January to May, 1.6 million bbl; 121 January to September, 4.4 million: the cap at 31 % and at 11 %."""
        for calls, bbl, last, most in ((56, 1.6e6, "2020-05-31", 0.3125), (121, 4.4e6, "2020-09-30", 0.1136)):
            answer = self.scenario(calls, bbl, "2020-01-01", last)
            self.assertEqual([s["over_cap"] for s in answer["scenarios"]], [True] * 4)  # a third of 1.6 million is 533,333
            self.assertAlmostEqual(CAP / bbl, most, delta=0.0001)

    def test_panel_2022(self):
        """45 deliveries to August, about 800,000 bbl; "over the cap at 60 %" needs 833,334: 800,000 x 0.6 is 480,000."""
        days = even_days("2022-01-01", "2022-08-31", 45)
        for bbl, over in ((800000, 0), (833400, 1)):
            answer = self.findings(table(days, ships_that_sum_to(round(bbl / BBL_PER_T, 2), 45), 0.6))
            self.assertAlmostEqual(answer["oil_bbl_p50"], 0.6 * bbl, delta=0.001 * bbl)
            self.assertEqual(round(answer["scenarios"][0]["oil_bbl"] * 0.6 > CAP), over)

    def test_panel_2023(self):
        """42 tankers from February to 6 July 2023 at 10,000 to 30,000 bbl each: 420,000 to 1,260,000, below the cap at the one end."""
        days = even_days("2023-02-01", "2023-07-06", 42)
        for each, over in ((10000, False), (30000, True)):
            answer = self.findings(table(days, ships_that_sum_to(round(42 * each / BBL_PER_T, 2), 42), 1))
            self.assertAlmostEqual(answer["scenarios"][0]["oil_bbl"], 42 * each, delta=1)
            self.assertEqual((answer["scenarios"][0]["over_cap"], answer["p_over_cap"]), (over, float(over)))
        self.assertAlmostEqual(CAP / 42, 11905, delta=1)  # mean barrels a call that reach the cap


if __name__ == "__main__":
    unittest.main()
