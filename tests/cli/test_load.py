# SPDX-License-Identifier: GPL-3.0-or-later
"""Does `plimsoll load` answer with the contract's names, and a pair with what was loaded between its two measurements?"""
import json
import os
import shutil
import unittest

from door import MODELS, SAMPLES, Door

SHIP = ["--loa", "96", "--beam", "15.9"]
NAMES = """status reasons draft_m draft_sigma_m depth_m depth_sigma_m depth_source dwt_t dwt_sigma_t displacement_t
displacement_sigma_t displacement_source water_density_t_m3 water_density_sigma_t_m3 p_deep_loaded load_state p_ballast p_part p_laden load_fraction_p05 load_fraction_p50 load_fraction_p95 cargo_t_p05
cargo_t_p50 cargo_t_p95 oil_bbl_p05 oil_bbl_p50 oil_bbl_p95 product conversion conversion_evidence""".split()
PAIR = [f"transfer_{unit}_{p}" for unit in ("t", "bbl") for p in ("p05", "p50", "p95")]


class Load(Door):
    def load(self, *words):
        code, out, err = self.run_it("load", *SHIP, *words)
        self.assertEqual((code, err), (0, ""))
        return json.loads(out)

    def test_one(self):
        answer = self.load("--freeboard", "1.7")
        self.assertEqual(sorted(answer), sorted(NAMES))
        self.assertEqual((answer["status"], answer["load_state"], answer["product"]), ("measured", "laden", "gas oil"))
        self.assertEqual(self.load("--draft", "5.5", "--depth", "7.2")["depth_source"], "option")

    def test_pair(self):
        loading = self.load("--freeboard-before", "4.7", "--freeboard", "1.7")
        self.assertEqual(sorted(loading), sorted(NAMES + PAIR))
        self.assertTrue(0 < loading["transfer_t_p05"] < loading["transfer_t_p50"] < loading["transfer_t_p95"])
        for p in ("p05", "p50", "p95"):  # gas oil by the Committee's chart: 7.46 barrels a tonne
            self.assertAlmostEqual(loading["transfer_bbl_" + p] / loading["transfer_t_" + p], 7.46, delta=0.02)
        self.assertLess(self.load("--freeboard-before", "1.7", "--freeboard", "4.7")["transfer_t_p95"], 0)
        self.assertGreater(self.load("--draft-before", "3", "--draft", "5.5")["transfer_t_p05"], 0)
        self.assertEqual({name: loading[name] for name in NAMES if name not in ("reasons", "status")},
                         {name: value for name, value in self.load("--freeboard", "1.7").items()
                          if name not in ("reasons", "status")})  # the load is the later one's

    def test_a_pair_that_cannot_be(self):
        answer = self.load("--freeboard-before", "12", "--freeboard", "1.7")
        self.assertEqual((answer["status"], [answer[name] for name in PAIR]), ("refused", [None] * 6))
        self.assertIn("freeboard_implausible", answer["reasons"])

    def test_trim_and_sigma_widen(self):
        known = ["--freeboard", "1.9", "--depth", "7.2", "--dwt", "4800"]
        plain = self.load(*known, "--sigma", "0.05")["draft_sigma_m"]
        self.assertGreater(self.load(*known, "--sigma", "0.3")["draft_sigma_m"], 2 * plain)
        self.assertGreater(self.load(*known, "--sigma", "0.05", "--trim", "3")["draft_sigma_m"], 1.3 * plain)

    def test_density_and_evidence(self):
        words = ("--freeboard", "1.7", "--conversion", "density")
        api = self.load(*words, "--api", "36")  # 141.5 / 167.5 of water of 60 F: 0.8440 t/m3
        by_density = self.load(*words, "--density", "0.84396")
        for name in ("cargo_t_p50", "oil_bbl_p50"):
            self.assertAlmostEqual(api[name] / by_density[name], 1, 4)
        self.complains(2, "--density and --api exclude each other", "load", *SHIP, *words, "--api", "36", "--density", "0.84")
        # a chart is a convention: its barrels stay what they are, and the help says so
        chart = self.load("--freeboard", "1.7", "--density", "0.95")
        self.assertAlmostEqual(chart["oil_bbl_p50"] / chart["cargo_t_p50"], 7.46, 2)
        self.assertIn("a chart's barrels a tonne stay", self.run_it("load", "--help")[1])
        light = ("--freeboard", "4.2")
        self.assertGreater(self.load(*light, "--bottom-paint", "seen")["p_ballast"],
                           self.load(*light, "--bottom-paint", "hidden")["p_ballast"])
        self.complains(2, "'red' will not do", "load", *SHIP, *light, "--bottom-paint", "red")
        self.assertLess(self.load("--freeboard", "1.7", "--tank-capacity", "3000")["oil_bbl_p95"], 1.1 * 3000 / 0.98 * 6.29)

    def test_deep_loaded(self):
        known = ("--summer-draft", "6.2", "--dwt", "4900", "--displacement", "6900", "--product", "fuel oil", "--sigma", "0.02")
        deep = self.load("--draft", "6.6", *known)
        self.assertEqual((deep["status"], deep["displacement_source"]), ("measured", "particulars"))
        self.assertIn("deep_loaded", deep["reasons"])
        self.assertNotIn("deep_loaded", self.load("--draft", "6.2", *known)["reasons"])

    def test_water_of_the_port(self):
        laden = os.path.join(SAMPLES, "laden.tif")  # at 133.118 E 42.691 N, in September

        def water(*words):
            row = json.loads(self.run_it("measure", laden, *words)[1])["features"][0]["properties"]
            return row["water_density_t_m3"], row["water_density_sigma_t_m3"]

        self.assertEqual(water(), (1.0215, 0.0025))  # Vostochny, July to September
        shutil.copytree(MODELS, self.path("models"))
        ring = [[133.0, 42.6], [133.2, 42.6], [133.2, 42.8], [133.0, 42.8], [133.0, 42.6]]
        port = {"type": "Feature", "properties": {"name": "Riverport", "source": "a test", "date": "2026-11"},
                "geometry": {"type": "Polygon", "coordinates": [ring]}}
        self.write("models/ports.geojson", json.dumps({"type": "FeatureCollection", "features": [port]}))
        rows = "Riverport,12,5,1.012,0.003,a test,2026-11\nriverport,6,11,1.003,0.001,a test,2026-11\n"
        self.write("models/water_density.csv", "port,month_from,month_to,density_t_m3,sigma,source,date\n" + rows)
        own = ("--models", self.path("models"))
        self.assertEqual(water(*own), (1.003, 0.001))
        self.assertEqual(water(*own, "--port", "Riverport"), (1.003, 0.001))
        self.assertEqual(water(*own, "--water-density", "1.02"), (1.02, 0.0025))
        self.write("models/ports.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
        self.assertEqual(water(*own), (1.025, 0.0025))

    def test_faults(self):
        self.complains(2, "one of --freeboard and --draft", "load", *SHIP)
        self.complains(2, "one of --freeboard and --draft", "load", *SHIP, "--freeboard", "2", "--draft", "5")
        self.complains(2, "one of --freeboard-before", "load", *SHIP, "--freeboard", "2", "--freeboard-before", "2",
                       "--draft-before", "5")
        self.complains(2, "--trim-sigma wants --trim", "load", *SHIP, "--freeboard", "2", "--trim-sigma", "1")
        self.complains(2, "'-30' will not do", "load", *SHIP, "--freeboard", "2", "--trim", "-30")
        self.complains(2, "beam 20 m is not below length 15 m", "load", "--loa", "15", "--beam", "20", "--draft", "2")
        self.complains(2, "takes fewer inputs", "load", "picture.tif")

    def test_out(self):
        self.assertEqual(self.run_it("load", *SHIP, "--freeboard", "1.7", "-o", "l.json")[:2], (0, ""))
        with open(self.path("l.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), self.load("--freeboard", "1.7"))


if __name__ == "__main__":
    unittest.main()
