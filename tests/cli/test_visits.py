# SPDX-License-Identifier: GPL-3.0-or-later
"""Do visits come out of a store as they should, and what of bad words, bad tables and strangers' stores?"""
import csv
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tempfile
import unittest

from door import SAMPLES, TOP, Door

PAIR = [os.path.join(SAMPLES, f"pair_{when}.tif") for when in ("before", "after")]
TRUTH = (13.89, 7.08)  # metres of freeboard, samples/truth.csv: a 246 m tanker arrives light and leaves laden


def codes(begin):
    """What the first column of a table of docs/output.md names, between <!-- begin --> and <!-- /begin -->."""
    with open(os.path.join(TOP, "docs", "output.md"), encoding="utf-8") as file:
        part = re.search(f"<!-- {begin} -->(.*?)<!-- /{begin} -->", file.read(), re.S)[1]
    return {word for row in part.splitlines() for word in re.findall(r"`([a-z_0-9]+)`", row.split("|")[1] if "|" in row else "")}


class Visits(Door):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="plimsoll-visits-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        maker = cls("run_it")
        maker.home = cls.folder
        code, _, err = maker.run_it("batch", *PAIR, "-o", "pair.gpkg", "--model-sigma", "0", "--quiet")
        assert code == 0, err

    def setUp(self):
        super().setUp()
        shutil.copy(os.path.join(self.folder, "pair.gpkg"), self.path("r.gpkg"))

    def visit(self, *words):
        code, out, err = self.run_it("visits", "r.gpkg", "--format", "geojson", *words)
        self.assertEqual(code, 0, err)
        features = json.loads(out)["features"]
        self.assertEqual(len(features), 1)
        return features[0]

    def sql(self, words):
        base = sqlite3.connect(self.path("r.gpkg"))
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):  # of the spatial index's triggers
            base.create_function(name, 1, lambda _: 1)
        base.execute(words)
        base.commit()
        base.close()

    def ids(self):
        base = sqlite3.connect(self.path("r.gpkg"))
        try:
            return [row[0] for row in base.execute("SELECT hull_id FROM hulls ORDER BY acquired")]
        finally:
            base.close()

    def test_every_field_is_told(self):
        feature = self.visit()
        self.assertEqual(set(feature["properties"]), codes("visit"))
        self.assertLessEqual(set(feature["properties"]["reasons"]), codes("reasons"))
        ring = feature["geometry"]["coordinates"][0]
        self.assertEqual(ring[0], ring[-1])
        self.assertTrue(all(abs(x - 133.08) < 0.02 and abs(y - 42.67) < 0.02 for x, y in ring))

    def test_a_light_ship_that_leaves_laden(self):
        p = self.visit()["properties"]
        self.assertEqual((p["direction"], p["observations"]), ("loading", 2))
        # 6.8 m of draft, a waterplane of 0.8 to 0.95 of length and beam: so many tonnes of water at the most; a tanker in
        # ballast pumps out some 30 to 45 thousand tonnes while she loads
        sunk = (TRUTH[0] - TRUTH[1]) * 246 * 42.4 * 1.025
        self.assertLess(p["transfer_t_p05"], 0.95 * sunk + 45000)
        self.assertGreater(p["transfer_t_p95"], 0.8 * sunk)
        self.assertLess(p["transfer_t_p95"], p["dwt_t"] + 2 * p["dwt_sigma_t"])

    def test_a_plain_table_first(self):
        code, out, _ = self.run_it("visits", "r.gpkg", "--format", "csv")
        self.assertEqual(code, 0)
        names = next(csv.reader(io.StringIO(out)))
        self.assertEqual(names[:8], ["date", "vessel", "imo", "dwt_t", "load_fraction", "load_fraction_sigma", "loa_m", "beam_m"])
        self.assertEqual(len(names), len(set(names)))
        row = next(csv.DictReader(io.StringIO(out)))
        self.assertEqual((row["date"], row["vessel"]), ("2023-01-08", ""))
        self.assertAlmostEqual(float(row["load_fraction"]), float(row["transfer_t_p50"]) / float(row["dwt_t"]), delta=2e-3)

    def test_findings_reads_it(self):
        """A pairing in doubt is left out of the sum and counted as such; vouched for, it is the sum."""
        first, second = self.ids()
        self.write("who.csv", f"hull_id,vessel_name,same_as\n{first},Morning Star,{second}\n")
        for words, left, counted in (([], 1, 0), (["--identify", "who.csv"], 0, 1)):
            self.assertEqual(self.run_it("visits", "r.gpkg", "--format", "csv", "-o", "v.csv", *words)[0], 0)
            code, out, err = self.run_it("findings", "v.csv", "--format", "geojson")
            self.assertEqual(code, 0, err)
            got = json.loads(out)
            self.assertEqual((got["visits"], got["left_out"]["dubious"]), (counted, left), out[:600])
        barrels = next(csv.DictReader(io.StringIO(self.run_it("visits", "r.gpkg", "--format", "csv", *words)[1])))["transfer_bbl_p50"]
        self.assertAlmostEqual(got["oil_bbl_p50"] / float(barrels), 1, delta=0.05)

    def test_a_table_for_people(self):
        code, out, _ = self.run_it("visits", "r.gpkg", "--format", "table")
        self.assertEqual((code, out.count("\n")), (0, 3))
        self.assertIn("1 visits, of 0 of them the cargo is not known", out)

    def test_time_and_port(self):
        for words, count in ((["--since", "2023-01-08"], 1), (["--since", "2023-01-09"], 0), (["--until", "2023-01-07"], 1),
                             (["--until", "2023-01-06"], 0), (["--since", "2023-01-08T02:41:42Z"], 1)):
            code, out, err = self.run_it("visits", "r.gpkg", "--format", "geojson", *words)
            self.assertEqual((code, len(json.loads(out)["features"])), (0, count), (words, err))
        code, out, err = self.run_it("visits", "r.gpkg", "--port", "Nowhere", "--format", "geojson")
        self.assertEqual((code, json.loads(out)["features"]), (0, []))
        self.assertIn("no picture of that port", err)

    def test_what_tankers_do_there(self):
        code, out, _ = self.run_it("visits", "r.gpkg", "--direction", "discharging", "--format", "geojson")
        self.assertEqual(code, 0)
        got = [v["properties"] for v in json.loads(out)["features"]]
        self.assertEqual(len(got), 2)  # none gets deeper where all discharge: two calls, and nobody saw their cargo
        self.assertTrue(all(p["transfer_t_p50"] is None and p["status"] == "refused" for p in got))

    def test_an_analysts_table(self):
        first, second = self.ids()
        head = "hull_id,lon,lat,from,until,vessel_name,vessel_imo,same_as,different_from\n"
        self.write("ok.csv", head + f"{first},,,,,Morning Star,,{second},\n")
        p = self.visit("--identify", "ok.csv")["properties"]
        self.assertEqual((p["vessel_name"], p["vessel_source"], p["status"]), ("Morning Star", "analyst", "measured"))
        self.assertGreater(p["same_hull"], 0.99)
        self.write("ok.csv", head + ",133.0517,42.7194,2023-01-07,2023-01-07,,9074729,,\n")
        self.assertEqual(self.visit("--identify", "ok.csv")["properties"]["vessel_imo"], "9074729")
        faults = {
            f"{first},,,,,,,,\n": ":2:1: hull_id: says nothing",
            ",,,,,X,,,\n": ":2:1: hull_id: name the hull by hull_id, or by lon and lat",
            f"{first},133,42.7,2023-01-07,2023-01-08,X,,,\n": ":2:1: hull_id: name the hull by hull_id, or by lon and lat",
            ",133.05,,2023-01-07,2023-01-08,X,,,\n": ":2:3: lat: a place has two numbers",
            ",133.05,42.72,,,X,,,\n": ":2:4: from: a place wants a time",
            ",133.05,42.72,2023-01-08,2023-01-06,X,,,\n": ":2:5: until: must be after from",
            ",133.05,42.72,soon,2023-01-08,X,,,\n": ":2:4: from: must be like 2024-03-07",
            ",133.05,95,2023-01-07,2023-01-08,X,,,\n": ":2:3: lat: must be a number",
            ",1e999,42.72,2023-01-07,2023-01-08,X,,,\n": ":2:2",
            f"{first},,,,,,9074720,,\n": ":2:7: vessel_imo: is no IMO number",
            "no/such,,,,,X,,,\n": ":2:1: hull_id: these results have no hull there",
            ",100,10,2023-01-07,2023-01-08,X,,,\n": ":2:2: lon: these results have no hull there",
            f"{first},,,,,,,no/such,\n": ":2:8: same_as: these results have no such hull",
            f"{first},,,,,A,,,\n{first},,,,,B,,,\n": ":3:6: vessel_name: line 2 says another",
            f"{first},,,,,A,,{second},\n{second},,,,,B,,,\n": "says another of hull",
            f"{first},,,,,,,{second},\n{first},,,,,,,,{second}\n": ":3:9: different_from: by same_as",
            f"{first},,,,,{'x' * 80},,,\n": ":2:6: vessel_name: too long",
        }
        for rows, words in faults.items():
            self.write("bad.csv", head + rows)
            self.complains(3, "bad.csv" + words if words.startswith(":") else words, "visits", "r.gpkg", "--identify", "bad.csv")
        for text, words in (("", "bad.csv"), (head, "no rows"), ("hull_id,ship\nx,y\n", "bad.csv:1:2: no such column: ship"),
                            ("\0\1\2", "bad.csv"), ("hull_id\n\"x\n", "bad.csv")):
            self.write("bad.csv", text)
            self.complains(3, words, "visits", "r.gpkg", "--identify", "bad.csv")
        self.complains(3, "none.csv", "visits", "r.gpkg", "--identify", "none.csv")

    def test_wrong_words(self):
        self.complains(2, "is no store", "visits", "laden.tif")
        self.complains(3, "no such store", "visits", "none.gpkg")
        self.assertFalse(os.path.exists(self.path("none.gpkg")))  # asking makes nothing
        self.complains(2, "--direction", "visits", "r.gpkg", "--direction", "both")
        self.complains(2, "--since", "visits", "r.gpkg", "--since", "yesterday")
        self.complains(2, "ends before it begins", "visits", "r.gpkg", "--since", "2024-06-01", "--until", "2024-05-31")
        self.complains(2, "a store is written by", "visits", "r.gpkg", "-o", "other.gpkg")
        self.complains(2, "no option", "visits", "r.gpkg", "--bananas")
        self.write("text.gpkg", "no database")
        self.complains(3, "text.gpkg", "visits", "text.gpkg")

    def test_a_strangers_store(self):
        for words in ("UPDATE hulls SET record = '{\"properties\": ' || hull_id", "UPDATE hulls SET record = NULL, reasons = NULL",
                      "UPDATE hulls SET fingerprint = 'AAAA', status = 'wonderful', acquired = 'never'",
                      "UPDATE hulls SET length_m = 9e999, beam_m = -1, freeboard_sigma_m = 0, heading_deg = 'x'",
                      "UPDATE hulls SET lon = 1e308, lat = -1e308, port = printf('%.*c', 100000, 'x')",
                      "UPDATE scenes SET record = '[[[', acquired = ''", "UPDATE scenes SET record = '{\"corners\": 5, \"unseen_share\": -1}'",
                      "DELETE FROM scenes", "DELETE FROM hulls"):
            with self.subTest(words):
                shutil.copy(os.path.join(self.folder, "pair.gpkg"), self.path("r.gpkg"))
                self.sql(words)
                for form in ("geojson", "csv"):
                    code, out, err = self.run_it("visits", "r.gpkg", "--format", form)
                    self.assertEqual(code, 0, err)
                    self.assertNotRegex(out.lower(), r"\b(nan|inf)\b")
                    if form == "geojson":
                        json.loads(out)
        self.sql("DROP TABLE scenes")
        self.assertEqual(self.run_it("visits", "r.gpkg")[0], 3)

    def test_a_store_that_may_not_be_written(self):
        before = os.stat(self.path("r.gpkg")).st_mtime_ns
        self.visit()
        self.assertEqual(os.stat(self.path("r.gpkg")).st_mtime_ns, before)  # to ask changes no byte
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        os.chmod(self.path("r.gpkg"), 0o400)
        self.addCleanup(os.chmod, self.path("r.gpkg"), 0o600)
        code, out, err = self.run_it("visits", "r.gpkg", "--keep", "--format", "geojson")
        self.assertEqual((code, len(json.loads(out)["features"])), (1, 1), err)  # told, but not kept

    def test_an_analyst_has_the_last_word(self):
        """Corrected freeboards carry the cargo and the name; a rejected hull is nobody's; a review of another row is told and not used."""
        machine = self.visit()["properties"]
        self.assertIsNone(machine["reviewed"])
        base = sqlite3.connect(self.path("r.gpkg"))
        record, = base.execute("SELECT record FROM hulls ORDER BY acquired DESC").fetchone()
        base.close()
        row = json.loads(record)["properties"]
        said = {"hull_id": self.ids()[1], "row_sha256": hashlib.sha256(record.encode()).hexdigest(), "verdict": "correct", "analyst": "Ann",
                "time": "2024-01-01T00:00:00Z", "freeboard_m": row["freeboard_m"] + 2.0, "freeboard_sigma_m": 0.3}

        def apply(change, code=0):
            self.write("review.json", json.dumps({"format": "plimsoll-review", "version": 1, "reviews": [said | change]}))
            self.assertEqual(self.run_it("review", "apply", "r.gpkg", "review.json")[0], code)

        apply({})
        p = self.visit()["properties"]
        self.assertEqual(p["reviewed"], "corrected by Ann")
        tpc = 0.01 * 1.025 * 0.8 * p["length_m"] * p["beam_m"]  # tonnes a centimetre of a full waterplane, to a tenth
        less = machine["transfer_t_p50"] - p["transfer_t_p50"]
        self.assertGreater(less, 0.3 * 200 * tpc)  # two metres higher: so much less displaced, and most of it was cargo
        self.assertLess(less, 1.1 * 200 * tpc)
        apply({"verdict": "accept", "time": "2024-01-02T00:00:00Z", "freeboard_m": None, "freeboard_sigma_m": None})
        p = self.visit()["properties"]
        self.assertEqual((p["reviewed"], p["transfer_t_p50"]), ("accepted by Ann", machine["transfer_t_p50"]))
        apply({"verdict": "reject", "time": "2024-01-03T00:00:00Z", "freeboard_m": None, "freeboard_sigma_m": None})
        _, out, err = self.run_it("visits", "r.gpkg", "--format", "geojson")
        self.assertIn("left out: 1 hulls that an analyst rejected", err)
        self.assertEqual([f["properties"]["observations"] for f in json.loads(out)["features"]], [1])
        self.sql("UPDATE reviews SET row_sha256 = 'another'")
        p = self.visit()["properties"]
        self.assertEqual((p["reviewed"], p["transfer_t_p50"]), (None, machine["transfer_t_p50"]))
        self.assertIn("1 hulls were reviewed on another measurement", self.run_it("visits", "r.gpkg")[2])


if __name__ == "__main__":
    unittest.main()
