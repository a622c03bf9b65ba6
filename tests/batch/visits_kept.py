# SPDX-License-Identifier: GPL-3.0-or-later
"""What both kinds of store are asked about visits; mixed into test_store.py's."""
import csv
import io
import json

A_DAY = "2024-03-{:02d}T02:30:00Z"


class Visits:
    def call(self, scene, day, freeboard, port="Rason"):
        """A picture with one tanker of 97 x 16 m at one berth; freeboard 0: without one."""
        self.assertEqual(self.writer("call", self.store, scene, A_DAY.format(day), str(freeboard), port)[0], 0)

    def visits(self, *words, code=0):
        got, out, err = self.run_it("visits", self.store, *words, env={**self.whole_environment(), **self.more_environment()})
        self.assertEqual(got, code, err)
        return out

    def whole_environment(self):
        import os
        return dict(os.environ)

    def features(self, *words):
        return json.loads(self.visits("--format", "geojson", *words))["features"]

    def fill(self):
        self.call("s1", 1, 0)
        self.call("s2", 3, 5.0)
        self.call("s3", 5, 1.6)
        self.call("s4", 6, 0)
        self.call("n1", 4, 1.6, "Nampo")

    def test_visits_are_told_and_kept(self):
        self.fill()
        told = self.features()
        self.assertEqual(self.count("visits"), 0)  # told, not kept, unless asked for
        self.assertEqual([v["properties"]["port"] for v in told], ["Rason", "Nampo"])
        loaded, once = (v["properties"] for v in told)
        self.assertEqual((loaded["direction"], loaded["status"], loaded["observations"]), ("loading", "measured", 2))
        self.assertEqual((loaded["arrival_hull_id"], loaded["departure_hull_id"]), ("s2/0", "s3/0"))
        self.assertEqual((loaded["arrived_after"][:10], loaded["departed_before"][:10]), ("2024-03-01", "2024-03-06"))
        self.assertGreater(loaded["transfer_bbl_p05"], 20000)  # 3.4 m of a 97 m ship; tests/visit argues how much
        self.assertEqual((once["status"], once["transfer_bbl_p50"], once["transfer_t_p05"]), ("refused", None, None))
        self.assertLessEqual({"seen_once", "arrival_unseen", "departure_unseen"}, set(once["reasons"]))
        self.assertEqual(self.features("--keep"), told)
        rows = self.ask("SELECT visit_id, port, direction, status, product FROM visits ORDER BY visit_id")
        self.assertEqual(rows, [("visit:n1/0", "Nampo", "unclear", "refused", "gas oil"),
                                ("visit:s2/0", "Rason", "loading", "measured", "gas oil")])
        record = json.loads(self.ask("SELECT record FROM visits WHERE port = 'Rason'")[0][0])
        self.assertEqual(record["properties"], loaded)
        nulls = self.ask("SELECT count(*) FROM visits WHERE transfer_bbl_p50 IS NULL AND transfer_t_p50 IS NULL AND arrived_after IS NULL")
        self.assertEqual(nulls, [(1,)])

    def test_the_same_visits_again_change_nothing(self):
        self.fill()
        self.visits("--keep")
        first = self.ask("SELECT fid, visit_id FROM visits ORDER BY fid")
        self.visits("--keep")
        self.assertEqual(self.ask("SELECT fid, visit_id FROM visits ORDER BY fid"), first)
        self.call("s5", 20, 5.0)  # and light again, two weeks later
        self.visits("--keep", "--port", "Nampo")
        self.assertEqual(self.count("visits"), 2)  # this port alone
        self.visits("--keep")
        self.assertEqual(self.count("visits"), 3)
        self.assertEqual(self.ask("SELECT count(*) FROM visits WHERE transfer_bbl_p50 IS NULL"), [(2,)])

    def test_an_analysts_word(self):
        self.fill()
        self.write("who.csv", "hull_id,vessel_name,vessel_imo\ns3/0,=Paek Yang,9074729\n")
        told = self.features("--identify", "who.csv", "--keep")[0]["properties"]
        self.assertEqual((told["vessel_name"], told["vessel_imo"], told["vessel_source"], told["ship"]),
                         ("=Paek Yang", "9074729", "analyst", "imo:9074729"))
        self.assertEqual(self.ask("SELECT vessel_source FROM visits WHERE port = 'Rason'"), [("analyst",)])
        lines = list(csv.DictReader(io.StringIO(self.visits("--identify", "who.csv", "--format", "csv"))))
        self.assertEqual(lines[0]["vessel"], "'=Paek Yang")  # no formula to a spreadsheet
        self.write("who.csv", "hull_id,different_from\ns3/0,s2/0\n")
        self.assertEqual(len(self.features("--identify", "who.csv")), 3)
        self.assertTrue(all(v["properties"]["transfer_bbl_p50"] is None for v in self.features("--identify", "who.csv")))
