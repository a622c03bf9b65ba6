# SPDX-License-Identifier: GPL-3.0-or-later
"""Is an analyst's word kept beside the machine's, worked out as docs/review.md says, and is a file that lies refused?"""
import hashlib
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from door import PLIMSOLL, SAMPLES, Door

NAMES = ("laden", "empty", "refused")


def key(record):
    """docs/review.md: the record with the tile taken as null."""
    return hashlib.sha256(re.sub(r'"tile":("(\\.|[^"])*"|null)', '"tile":null', record).encode()).hexdigest()


class Review(Door):
    @classmethod
    def setUpClass(cls):
        cls.measured = tempfile.TemporaryDirectory(prefix="plimsoll-review-")
        cls.addClassCleanup(cls.measured.cleanup)
        pictures = [os.path.join(SAMPLES, name + ".tif") for name in NAMES]
        subprocess.run([PLIMSOLL, "batch", *pictures, "-o", "r.gpkg", "--quiet"], cwd=cls.measured.name, check=True, capture_output=True)

    def setUp(self):
        super().setUp()
        shutil.copy(os.path.join(self.measured.name, "r.gpkg"), self.path("r.gpkg"))
        self.row = {}
        for hull_id, record in self.ask("SELECT hull_id, record FROM hulls"):
            row = json.loads(record)["properties"]
            self.row[hull_id.split("/")[0]] = row | {"hull_id": hull_id, "key": key(record), "record": record}

    def ask(self, sql, store="r.gpkg"):
        base = sqlite3.connect(self.path(store))
        try:
            return base.execute(sql).fetchall()
        finally:
            base.close()

    def review(self, name, verdict="accept", **more):
        row = self.row[name]
        out = {"hull_id": row["hull_id"], "row_sha256": row["key"], "verdict": verdict, "analyst": "A. Ruler",
               "remark": "looked at it", "time": "2024-05-01T10:00:00Z"} | more
        return {k: v for k, v in out.items() if v is not ...}

    def drag(self, name, freeboard, **more):
        """The edges at which the leading cue gives that freeboard."""
        cue = self.row[name]["cues"][0]
        deck = 6.0
        return self.review(name, "correct", **({"freeboard_m": freeboard, "deck_edge_m": deck, "side": cue["side"],
                                                "outer_edge_m": deck + freeboard * cue["per_metre"]} | more))

    def write_file(self, *reviews, **head):
        self.write("review.json", json.dumps({"format": "plimsoll-review", "version": 1, "reviews": list(reviews)} | head))

    def apply(self, *reviews, code=0, store="r.gpkg", **head):
        self.write_file(*reviews, **head)
        got, out, err = self.run_it("review", "apply", store, "review.json")
        self.assertEqual((got, out), (code, ""), err)
        return err

    def kept(self, columns="hull_id, verdict, analyst", store="r.gpkg"):
        return self.ask(f"SELECT {columns} FROM reviews ORDER BY reviewed_at, place", store)

    def show(self):
        code, out, err = self.run_it("review", "show", "r.gpkg")
        self.assertEqual((code, err), (0, ""))
        return json.loads(out)

    def refused(self, words, content):
        self.write("review.json", content if isinstance(content, (str, bytes)) else json.dumps(content))
        self.complains(3, words, "review", "apply", "r.gpkg", "review.json")
        self.assertEqual(self.kept(), [])

    # ---- what is written ----

    def test_beside_the_machine_never_over_it(self):
        before = self.ask("SELECT * FROM hulls ORDER BY hull_id")
        self.apply(self.review("laden"), self.drag("empty", 4.0), self.review("refused", "reject"))
        self.assertEqual(self.ask("SELECT * FROM hulls ORDER BY hull_id"), before)
        self.assertEqual(sorted(v for _, v, _ in self.kept()), ["accept", "correct", "reject"])
        accepted = self.kept("verdict, freeboard_m, load_state, record")[0]
        self.assertEqual(accepted, ("accept", None, None, None))

    def test_again_changes_nothing(self):
        self.apply(self.review("laden"), self.drag("empty", 4.0))
        before = self.kept("*")
        self.assertIn("2 were in the store already", self.apply(self.review("laden"), self.drag("empty", 4.0)))
        self.assertEqual(self.kept("*"), before)
        self.assertIn("1 were in the store already", self.apply(self.review("laden"), self.drag("empty", 4.1)))
        self.assertEqual(len(self.kept()), 3)

    def test_the_last_one_stands(self):
        """Not the last one applied: the last one made. Of one second the later in the file."""
        self.apply(self.drag("laden", 1.2, time="2024-05-03T10:00:00Z"), self.review("laden", time="2024-05-02T10:00:00Z"))
        self.apply(self.review("laden", "reject", time="2024-05-01T10:00:00Z", analyst="B. Other"))
        self.assertEqual([(r["verdict"], r["standing"]) for r in self.show()],
                         [("reject", "superseded"), ("accept", "superseded"), ("correct", "current")])
        self.apply(self.review("laden", "reject", time="2024-05-03T10:00:00Z"), self.review("laden", time="2024-05-03T10:00:00Z"))
        self.assertEqual([r["verdict"] for r in self.show() if r["standing"] == "current"], ["accept"])

    def test_names_and_remarks_stay_text(self):
        nasty = "O'Brien \"<script>alert(1)</script>\"; DROP TABLE hulls; -- \u00e9"
        self.apply(self.review("laden", analyst=nasty[:60], remark=nasty * 3))
        self.assertEqual(self.kept("analyst, remark"), [(nasty[:60], nasty * 3)])
        self.assertEqual(self.show()[0]["remark"], nasty * 3)
        self.assertEqual(len(self.ask("SELECT * FROM hulls")), 3)

    # ---- what a correction comes to ----

    def test_freeboard_and_sigma(self):
        """By the formulas of docs/review.md, from the row alone."""
        for name, freeboard in (("laden", 1.5), ("empty", 4.2), ("empty", 6.1)):
            row = self.row[name]
            self.apply(self.drag(name, freeboard, time=f"2024-06-01T10:00:{int(9 * freeboard):02d}Z"))
            got, sigma, record = self.kept("freeboard_m, freeboard_sigma_m, record")[-1]
            self.assertAlmostEqual(got, freeboard, delta=2e-3)
            larger = max(1, freeboard / row["freeboard_m"])
            reading = math.sqrt(2) * 0.5 * row["gsd_m"] / row["cues"][0]["per_metre"]
            squares = reading ** 2
            for term, value in row["error_budget"].items():
                if term not in ("fit", "cues"):
                    squares += (value * (larger if term in ("sun_angles", "view_angles", "pixel_size") else 1)) ** 2
            if len({cue["side"] for cue in row["cues"]}) == 2:
                squares += (0.5 * row["beam_m"] * math.tan(math.radians(0.25))) ** 2
            self.assertAlmostEqual(sigma, math.sqrt(squares), delta=2e-3)
            budget = json.loads(record)["properties"]["error_budget"]
            self.assertAlmostEqual(budget["fit"], reading, delta=1e-3)
            self.assertEqual(budget["cues"], 0)

    def test_the_same_number_gives_the_same_load(self):
        """What the street makes of the machine's freeboard, the review makes of the same one: columns keep three decimals."""
        for name in ("laden", "empty"):
            row = self.row[name]
            self.apply(self.review(name, "correct", freeboard_m=row["freeboard_m"], freeboard_sigma_m=row["freeboard_sigma_m"]))
            got = dict(zip(("draft_m", "draft_sigma_m", "oil_bbl_p05", "oil_bbl_p50", "oil_bbl_p95", "p_laden", "dwt_t", "load_state"),
                           self.kept("draft_m, draft_sigma_m, oil_bbl_p05, oil_bbl_p50, oil_bbl_p95, p_laden, dwt_t, load_state")[-1]))
            self.assertEqual(got["load_state"], row["load_state"])
            self.assertAlmostEqual(got["draft_m"], row["draft_m"], delta=0.02)
            self.assertAlmostEqual(got["draft_sigma_m"], row["draft_sigma_m"], delta=0.02)
            self.assertAlmostEqual(got["p_laden"], row["p_laden"], delta=0.01)
            self.assertAlmostEqual(got["dwt_t"], row["dwt_t"], delta=0.01 * row["dwt_t"])
            for part in ("oil_bbl_p05", "oil_bbl_p50", "oil_bbl_p95"):
                self.assertAlmostEqual(got[part], row[part], delta=0.02 * row["oil_bbl_p95"])

    def test_a_ship_that_lies_deeper_carries_more(self):
        self.apply(self.drag("empty", 1.5))
        more, draft, freeboard, depth = self.kept("oil_bbl_p50, draft_m, freeboard_m, depth_m")[-1]
        self.assertGreater(more, self.row["empty"]["oil_bbl_p50"] + 5000)
        self.assertGreater(draft, self.row["empty"]["draft_m"] + 1)
        self.assertAlmostEqual(draft + freeboard, depth, delta=0.7)  # three medians of one belief, about a sigma of hers

    def test_options_of_the_scene_are_kept(self):
        """The product and density that the scene was measured with, not the usual ones."""
        picture = os.path.join(SAMPLES, "laden.tif")
        self.assertEqual(self.run_it("batch", picture, "-o", "r.gpkg", "--quiet", "--product", "gasoline", "--model-sigma", "0.4")[0], 0)
        (record,), = self.ask("SELECT record FROM hulls WHERE scene_id = 'laden'")
        row = json.loads(record)["properties"]
        self.row["laden"] |= row | {"key": key(record)}
        self.apply(self.review("laden", "correct", freeboard_m=row["freeboard_m"], freeboard_sigma_m=row["freeboard_sigma_m"]))
        product, oil, draft_sigma = self.kept("product, oil_bbl_p50, draft_sigma_m")[-1]
        self.assertEqual(product, "gasoline")
        self.assertAlmostEqual(oil, row["oil_bbl_p50"], delta=0.02 * row["oil_bbl_p50"])
        self.assertAlmostEqual(draft_sigma, row["draft_sigma_m"], delta=0.02)

    def test_own_sigma_only_widens(self):
        self.apply(self.drag("laden", 1.2, freeboard_sigma_m=0.02, time="2024-05-01T10:00:01Z"),
                   self.drag("laden", 1.2, freeboard_sigma_m=0.9, time="2024-05-01T10:00:02Z"))
        narrow, wide = self.kept("freeboard_sigma_m, status, reasons")
        self.assertGreater(narrow[0], 0.15)
        self.assertEqual(wide, (0.9, "dubious", wide[2]))
        self.assertIn("sigma_too_large", wide[2])

    def test_a_refused_hull_stays_doubtful(self):
        row = self.row["refused"]
        words = self.apply(self.review("refused", "correct", freeboard_m=5.0, deck_edge_m=7.0, outer_edge_m=9.0, side="port"), code=3)
        self.assertIn("the machine refused this hull: a correction of it wants its freeboard_sigma_m", words)
        self.apply(self.review("refused", "correct", freeboard_m=5.0, freeboard_sigma_m=0.3))
        self.assertEqual(self.kept("freeboard_m, freeboard_sigma_m, status"), [(5.0, 0.3, "dubious")])
        self.assertIsNone(row["freeboard_m"])

    def test_edges_that_say_otherwise(self):
        self.assertIn("its edges give a freeboard of 1.200 m, and it says 1.230 m",
                      self.apply(self.drag("laden", 1.2, freeboard_m=1.23), code=3))
        other = "port" if self.row["laden"]["cues"][0]["side"] == "starboard" else "starboard"
        self.assertIn("shows no such band", self.apply(self.drag("laden", 1.2, side=other), code=3))
        self.assertIn("not outside the deck's", self.apply(self.drag("laden", 0.0), code=3))
        self.assertEqual(self.kept(), [])

    # ---- on which row ----

    def test_a_review_of_another_measurement(self):
        """It is kept, told, and not used; measured again as it was, it counts."""
        picture = os.path.join(SAMPLES, "laden.tif")
        self.run_it("batch", picture, "-o", "r.gpkg", "--quiet", "--model-sigma", "0.3")
        self.assertIn("stale: it was made on another measurement", self.apply(self.drag("laden", 1.2), code=1))
        self.assertEqual([r["standing"] for r in self.show()], ["stale"])
        self.assertEqual(self.kept("freeboard_m, given_freeboard_m"), [(None, 1.2)])
        self.run_it("batch", picture, "-o", "r.gpkg", "--quiet")
        self.apply(self.review("laden"))
        self.assertEqual([r["standing"] for r in self.show() if r["verdict"] == "accept"], ["current"])
        self.run_it("batch", picture, "-o", "r.gpkg", "--quiet", "--model-sigma", "0.3")
        self.assertEqual({r["standing"] for r in self.show()}, {"stale"})

    def test_chips_do_not_make_it_stale(self):
        picture = os.path.join(SAMPLES, "laden.tif")
        self.run_it("batch", picture, "-o", "r.gpkg", "--quiet", "--chips", "chips")
        self.assertIsNotNone(self.ask("SELECT tile FROM hulls WHERE scene_id = 'laden'")[0][0])
        self.apply(self.review("laden"))

    def test_unknown_hulls(self):
        words = self.apply(self.review("laden"), self.review("laden", hull_id="nowhere/+1+2"), code=1)
        self.assertIn("nowhere/+1+2 (A. Ruler): no hull of that id in the store", words)
        self.assertIn("1 of hulls that are not there", words)
        self.assertEqual(len(self.kept()), 1)
        self.apply(self.review("laden", hull_id="nowhere/+1+2"), code=3)

    def test_no_store_is_made(self):
        self.write_file(self.review("laden"))
        self.complains(3, "no such store", "review", "apply", "none.gpkg", "review.json")
        self.assertFalse(os.path.exists(self.path("none.gpkg")))
        self.complains(2, "review wants RESULTS", "review", "apply", "r.geojson", "review.json")
        self.complains(2, "apply or show", "review", "sign", "r.gpkg")
        self.complains(2, "wants RESULTS and a review.json", "review", "apply", "r.gpkg")
        self.complains(3, "No such file", "review", "apply", "r.gpkg", "missing.json")

    def test_merged(self):
        self.apply(self.review("laden"), self.drag("empty", 4.0))
        self.assertEqual(self.run_it("merge", "-o", "whole.gpkg", "r.gpkg", "--quiet")[0], 0)
        self.assertEqual(self.kept("*", "whole.gpkg")[0][1:], self.kept("*")[0][1:])
        self.assertEqual(len(self.kept(store="whole.gpkg")), 2)
        self.assertEqual(self.run_it("merge", "-o", "whole.gpkg", "r.gpkg", "--quiet")[0], 0)
        self.assertEqual(len(self.kept(store="whole.gpkg")), 2)

    # ---- files that lie ----

    def test_form(self):
        good = {"format": "plimsoll-review", "version": 1, "reviews": [self.review("laden")]}
        for change, words in (({"format": "other"}, "format: is not plimsoll-review"), ({"version": 2}, "version: is not 1"),
                              ({"version": "1"}, "version: is no number"), ({"reviews": {}}, "reviews: is no array"),
                              ({"comment": 1}, "comment: no member of a review"), ({"made_by": 5}, "made_by: is no text")):
            self.refused(words, good | change)
        self.refused("is no review.json", [])
        self.refused("not JSON", "")
        self.refused("not JSON", b"\x00\xff\xfe")

    def test_members(self):
        for words, change in (
                ("hull_id: is missing", {"hull_id": ...}), ("hull_id: is empty", {"hull_id": ""}), ("hull_id: is too long", {"hull_id": "x" * 96}),
                ("hull_id: is no text", {"hull_id": 7}), ("row_sha256: is not 64", {"row_sha256": "ab"}),
                ("row_sha256: is not 64", {"row_sha256": "G" * 64}), ("verdict: is none of the words", {"verdict": "maybe"}),
                ("analyst: is no name", {"analyst": "  "}), ("analyst: is missing", {"analyst": None}), ("analyst: is too long", {"analyst": "a" * 121}),
                ("analyst: holds control characters", {"analyst": "a\u0007"}), ("remark: is too long", {"remark": "r" * 2001}),
                ("remark: is no text", {"remark": ["x"]}), ("time: is no RFC 3339 time", {"time": "yesterday"}),
                ("time: lies in the future", {"time": "2199-01-01T00:00:00Z"}), ("freeboard_m: goes with the verdict correct only", {"freeboard_m": 3}),
                ("remarks: no member of a review", {"remarks": "x"})):
            self.refused("reviews[1]." + words, {"format": "plimsoll-review", "version": 1,
                                                 "reviews": [self.review("empty"), self.review("laden", **change)]})

    def test_corrections(self):
        for words, change in (
                ("freeboard_m: is missing", {"freeboard_m": ...}), ("freeboard_m: is no number", {"freeboard_m": "1.2"}),
                ("freeboard_m: is no number", {"freeboard_m": True}), ("freeboard_m: is out of range", {"freeboard_m": 41}),
                ("freeboard_m: is out of range", {"freeboard_m": -0.1}), ("deck_edge_m: goes with", {"deck_edge_m": None}),
                ("deck_edge_m: goes with", {"side": None}), ("side: is none of the words", {"side": "left"}),
                ("kind: is none of the words", {"kind": "shade"}), ("outer_edge_m: is out of range", {"outer_edge_m": 1e300}),
                ("freeboard_sigma_m: is out of range", {"freeboard_sigma_m": 0}),
                ("freeboard_sigma_m: is missing", {"deck_edge_m": ..., "outer_edge_m": ..., "side": ...})):
            self.refused("reviews[0]." + words, {"format": "plimsoll-review", "version": 1, "reviews": [self.drag("laden", 1.2, **change)]})

    def test_hostile_json(self):
        good = json.dumps(self.drag("laden", 1.2))
        head = '{"format": "plimsoll-review", "version": 1, "reviews": [%s]}'
        self.refused("not JSON", head % good.replace("1.2,", "NaN,"))
        self.refused("not JSON", head % good.replace("1.2,", "1e999,"))
        self.refused("not JSON", head % good.replace('"verdict"', '"verdict": "accept", "verdict"'))  # which of the two?
        self.refused("not JSON", head % good.replace("A. Ruler", "A\\u0000"))
        self.refused("not JSON", "[" * 100000)
        self.refused("not JSON", '{"a":' * 100000)
        self.refused("larger than", b" " * (16 << 20) + (head % good).encode())
        self.refused("are too many", '{"format": "plimsoll-review", "version": 1, "reviews": [%s]}' % ",".join(["0"] * 100001))
        self.refused("reviews[0].: is no object", '{"format": "plimsoll-review", "version": 1, "reviews": [[[[]]]]}')
        whole = (head % good).encode()
        for cut in range(0, len(whole) - 1, 29):
            self.refused("", whole[:cut])


if __name__ == "__main__":
    unittest.main()
