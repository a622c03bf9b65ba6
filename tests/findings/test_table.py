# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a plain visits table taken as it is meant, and a bad one refused with line and column?"""
import csv
import io
import json
import os
import re
import unittest

from door import TOP, Door

HEAD = "date,vessel,dwt_t,load_fraction\n"
GOOD = HEAD + "2024-03-07,PAEK YANG SAN 1,3000,0.9\n2024-03-09,RYE SONG GANG 1,,1\n"


class Table(Door):
    def findings(self, text, *words):
        code, out, err = self.run_it("findings", "-", *words, typed=text)
        self.assertEqual(code, 0, err)
        return json.loads(out), err

    def refused(self, text, words, code=3):
        self.complains(code, words, "findings", self.write("t.csv", text))

    def test_members(self):
        """docs/output.md lists exactly the members of the object, and each is there."""
        with open(os.path.join(TOP, "docs", "output.md"), encoding="utf-8") as file:
            table = re.search(r"<!-- findings -->\n(.*?)<!-- /findings -->", file.read(), re.S).group(1)
        said = set(re.findall(r"`([\w:]+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:])))
        answer, _ = self.findings(GOOD)
        self.assertEqual(said, set(answer))

    def test_nothing_observed(self):
        """No call in the period is no acquittal."""
        answer, _ = self.findings(GOOD, "--since", "2031-01-01")
        self.assertEqual((answer["visits"], answer["p_over_cap"]), (0, None))
        self.assertEqual({c["p_over_cap"] for c in answer["conversions"]}, {None})

    def test_sum(self):
        answer, err = self.findings(GOOD)
        self.assertEqual(answer["visits"], 2)
        # 0.9 x 3000 t and 3003 t, the registry's, at 7.46
        self.assertAlmostEqual(answer["oil_bbl_p50"], (2700 + 3003) * 7.46, delta=100)
        self.assertEqual(answer["dwt_from"], {"table": 1, "registry": 1, "picture": 0, "dimensions": 0, "fleet": 0})
        self.assertEqual(answer["by_vessel"][0]["vessel"], "RYE SONG GANG 1")
        self.assertEqual([row["date"] for row in answer["by_date"]], ["2024-03-07", "2024-03-09"])
        self.assertEqual(answer["by_month"][0]["month"], "2024-03")
        self.assertEqual((answer["unseen_visits_p50"], answer["p_over_cap"]), (None, 0))
        self.assertEqual([c["bbl_per_t"] for c in answer["conversions"]][:2], [7.46, 7.23])
        self.assertIn("without load_fraction_sigma", err)

    def test_same_bytes(self):
        self.assertEqual(self.run_it("findings", "-", typed=GOOD)[1], self.run_it("findings", "-", typed=GOOD)[1])
        other = self.run_it("findings", "-", "--seed", "2", typed=HEAD + "2024-03-07,A,3000,\n")[1]
        self.assertNotEqual(other, self.run_it("findings", "-", typed=HEAD + "2024-03-07,A,3000,\n")[1])

    def test_no_orders_to_the_terminal(self):
        """Names come from other people's tables: a terminal gets no control characters of theirs."""
        out = self.run_it("findings", "-", "--format", "table", typed=HEAD + "2024-03-07,\x1b]0;A\x07\u009bB,3000,0.9\n")[1]
        self.assertIn("]0;A", out)
        self.assertFalse([c for c in out if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160])

    def test_forms(self):
        out = self.run_it("findings", "-", "--format", "csv", typed=GOOD)[1]
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual([r["date"] for r in rows], ["2024-03-07", "2024-03-09"])
        self.assertEqual(rows[1]["visits_so_far"], "2")
        out = self.run_it("findings", "-", "--format", "table", typed=GOOD)[1]
        self.assertIn("lower bound", out)
        self.assertEqual(self.run_it("findings", "-", "-o", self.path("f.json"), typed=GOOD)[:2], (0, ""))
        with open(self.path("f.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["visits"], 2)

    def test_period(self):
        answer, _ = self.findings(GOOD, "--since", "2024-03-08", "--until", "2024-03-09")
        self.assertEqual((answer["visits"], answer["left_out"]["outside_period"]), (1, 1))
        self.assertEqual((answer["cap_period"], answer["since"], answer["until"]),
                         ("since_until", "2024-03-08", "2024-03-09"))

    def test_cap(self):
        answer, _ = self.findings(GOOD, "--cap", "30000")
        self.assertEqual((answer["p_over_cap"], answer["cap_passed_on"]["p50"]), (1, "2024-03-09"))
        self.assertTrue(answer["scenarios"][0]["over_cap"])
        self.assertFalse(answer["scenarios"][2]["over_cap"])  # half of 44,783

    def test_identity(self):
        """A name beside an IMO number in one row means that ship in the others; nobody is not one ship."""
        text = ("date,vessel,dwt_t,imo\n2024-03-07,Paek  Ma,3000,9066978\n2024-03-09,PAEK MA,,\n"
                "2024-03-09,unknown,3000,\n2024-03-09,,3000,\n")
        answer, _ = self.findings(text)
        self.assertEqual((len(answer["by_vessel"]), answer["visits"]), (3, 4))
        self.assertEqual(answer["dwt_from"]["table"], 4)

    def test_columns(self):
        _, err = self.findings("date,vessel,dwt_t,load_fracton\n2024-03-07,A,3000,0.5\n")
        self.assertIn("load_fracton", err)

    def test_refused(self):
        row = "2024-03-07,A,3000,0.9\n"
        self.refused(HEAD + row + "2024-02-30,A,3000,0.9\n", "t.csv:3:1: date")
        self.refused(HEAD + "07.03.2024,A,3000,0.9\n", ":2:1: date")
        self.refused(HEAD + "2024-03-07,A,3000,90\n", ":2:4: load_fraction")
        self.refused(HEAD + "2024-03-07,A,-3,0.9\n", ":2:3: dwt_t")
        self.refused(HEAD + "2024-03-07,A,3000 t,0.9\n", ":2:3: dwt_t")
        self.refused(HEAD + row + "2024-03-07,a ,3000,0.9\n", ":3:2: vessel: she stands in line 2")
        self.refused(HEAD + row + "2024-03-09,A,3500,0.9\n", ":3:3: dwt_t: 3500 t, but line 2")
        self.refused("date,vessel,dwt_t,imo\n2024-03-07,A,3000,9066979\n", ":2:4: imo")
        self.refused("date,vessel\n2024-03-07,A\n", "no column 'dwt_t'")
        self.refused("date,vessel,dwt_t,direction\n2024-03-07,A,3000,out\n", ":2:4: direction")
        self.refused("date,vessel,dwt_t,loa_m,beam_m\n2024-03-07,A,,20,30\n", ":2:5: beam_m")
        self.refused(HEAD, "t.csv")
        self.refused("", "t.csv")
        self.complains(3, "nowhere.csv", "findings", "nowhere.csv")

    def test_usage(self):
        good = self.write("g.csv", GOOD)
        for words in (["--cap", "0"], ["--since", "yesterday"], ["--include", "all"], ["--dwt-range", "9000,1000"],
                      ["--dwt-range", "1000"], ["--since", "2024-05-01", "--until", "2024-04-01"],
                      ["--product", "honey"], ["--conversion", "x"]):
            self.assertEqual(self.run_it("findings", good, *words)[0], 2, words)
        self.assertEqual(self.run_it("findings")[0], 2)
        self.assertEqual(self.run_it("findings", good, good)[0], 2)


if __name__ == "__main__":
    unittest.main()
