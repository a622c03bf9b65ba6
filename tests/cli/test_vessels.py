# SPDX-License-Identifier: GPL-3.0-or-later
"""Is what a registry knows of a ship used for her and for no other, with its source, and is the registry part of the record?"""
import json
import os
import unittest

from osgeo import gdal, ogr

from door import SAMPLES, Door

gdal.UseExceptions()
LADEN = os.path.join(SAMPLES, "laden.tif")  # 85.0 x 13.0 m, freeboard 1.11 m (samples/truth.csv)
HEAD = "imo,name,quantity,value,sigma,source,date\n"
SIZE = {"loa_m": 85.0, "beam_m": 13.0}


class Vessels(Door):
    def registry(self, name="own.csv", imo="9074729", called="EXAMPLE", **values):
        return self.write(name, HEAD + "".join(f"{imo},{called},{key},{value},,a test,2026-11\n" for key, value in values.items()))

    def collection(self, *words):
        code, out, err = self.run_it(*words)
        self.assertEqual((code, err), (0, ""))
        return json.loads(out)

    def only(self, *words):
        features = self.collection("measure", LADEN, *words)["features"]
        self.assertEqual(len(features), 1)
        return features[0]["properties"]

    def load(self, *words):
        return self.collection("load", *words)

    def test_measure(self):
        own = self.registry(**SIZE, dwt_t=3100, depth_m=6.6)
        for word in ("9074729", "example"):
            got = self.collection("measure", LADEN, "--vessels", own, "--vessel", word)
            row = got["features"][0]["properties"]
            self.assertEqual((row["vessel_name"], row["vessel_imo"], row["vessel_source"]), ("EXAMPLE", "9074729", "registry"))
            self.assertEqual((row["depth_source"], row["status"]), ("registry", "measured"))
            self.assertAlmostEqual(row["dwt_t"], 3100, delta=20)
            self.assertAlmostEqual(row["depth_m"], 6.6, delta=0.02)
            self.assertAlmostEqual(row["draft_m"], 6.6 - row["freeboard_m"], delta=row["freeboard_sigma_m"])
        hashes = got["plimsoll:scene"]["sha256"]
        self.assertEqual(len(hashes["vessels"]), 64)
        self.registry(**SIZE, dwt_t=3100, depth_m=6.61)
        again = self.collection("measure", LADEN, "--vessels", own, "--vessel", "EXAMPLE")
        self.assertNotEqual(again["plimsoll:scene"]["sha256"]["vessels"], hashes["vessels"])
        self.assertIsNone(self.collection("measure", LADEN)["plimsoll:scene"]["sha256"]["vessels"])

    def test_another_size_is_another_ship(self):
        plain = self.only()
        for size in ({"loa_m": 120.0}, {"beam_m": 18.0}):
            own = self.registry(**{**SIZE, **size}, dwt_t=9000)
            row = self.only("--vessels", own, "--vessel", "EXAMPLE")
            self.assertEqual((row["status"], row["vessel_name"], row["vessel_source"]), ("dubious", None, None))
            self.assertIn("vessel_mismatch", row["reasons"])
            self.assertEqual([row[name] for name in ("dwt_t", "cargo_t_p50")], [plain[name] for name in ("dwt_t", "cargo_t_p50")])

    def twins(self):
        """The sample twice beside each other, without its georeference."""
        picture = gdal.Open(LADEN)
        out = gdal.GetDriverByName("GTiff").Create(self.path("twins.tif"), 2 * picture.RasterXSize, picture.RasterYSize,
                                                   picture.RasterCount, picture.GetRasterBand(1).DataType)
        for k in range(1, picture.RasterCount + 1):
            data = picture.GetRasterBand(k).ReadAsArray()
            for x in (0, picture.RasterXSize):
                out.GetRasterBand(k).WriteArray(data, x, 0)
        return self.path("twins.tif"), picture.RasterXSize

    def test_two_hulls(self):
        twins, width = self.twins()
        sky = ("--pixel-size", "0.5", "--sun-azimuth", "229", "--sun-elevation", "33", "--view-azimuth", "43", "--incidence", "12.4")
        words = ("measure", twins, *sky, "--vessels", self.registry(**SIZE), "--vessel", "EXAMPLE", "--format", "geojson")
        code, out, err = self.run_it(*words)
        rows = [feature["properties"] for feature in json.loads(out)["features"]]
        self.assertEqual((code, len(rows)), (0, 2))
        self.assertEqual([row["vessel_imo"] for row in rows], [None, None])
        self.assertIn("2 of 2 hulls could be the vessel that was named", err)
        x, y = rows[1]["outline_px"][0]
        self.assertGreater(x, 0)
        named = json.loads(self.run_it(*words, f"--at-px={x},{y}")[1])["features"]
        self.assertEqual([feature["properties"]["vessel_imo"] for feature in named], ["9074729"])

    def test_batch(self):
        own = self.registry(**SIZE, dwt_t=3100)
        code, _, err = self.run_it("batch", LADEN, "-o", "r.gpkg", "--vessels", own, "--vessel", "9074729", "--quiet")
        self.assertEqual((code, err), (0, ""))
        store = ogr.Open(self.path("r.gpkg"))  # kept: its layers go with it
        row = store.GetLayerByName("hulls").GetNextFeature()
        self.assertEqual((row["vessel_imo"], row["vessel_source"]), ("9074729", "registry"))

    def test_load(self):
        own = self.registry(**SIZE, dwt_t=3100, depth_m=6.6, summer_draft_m=5.5)
        words = ("--vessels", own, "--vessel", "9074729", "--freeboard", "1.1", "--sigma", "0.05")
        got = self.load(*words)
        self.assertEqual((got["vessel_name"], got["vessel_source"], got["depth_source"]), ("EXAMPLE", "registry", "registry"))
        self.assertEqual(got["particulars"]["dwt_t"], {"value": 3100, "sigma": None, "source": "a test"})
        self.assertEqual(len(got["vessels_sha256"]), 64)
        self.assertAlmostEqual(got["draft_m"], 5.5, delta=0.05)
        mine = self.load(*words, "--depth", "6.5")  # an option wins over the registry
        self.assertEqual(mine["depth_source"], "option")
        self.assertAlmostEqual(mine["draft_m"], 5.4, delta=0.05)

    def test_hydrostatics(self):
        self.write("book.csv", "draft_m,displacement_t,tpc_t_per_cm,mtc_tm_per_cm,lcf_m\n" +
                   "".join(f"{t},{1000 * t},10,{40 + t},-1.0\n" for t in range(1, 8)))
        own = self.registry(**SIZE, lpp_m=80, dwt_t=3900, summer_draft_m=5.5, hydrostatics="book.csv")
        words = ("--vessels", own, "--vessel", "EXAMPLE", "--draft", "4.2", "--sigma", "0", "--water-density", "1.025",
                 "--water-density-sigma", "0")
        got = self.load(*words)
        self.assertEqual((got["displacement_source"], got["displacement_t"], got["displacement_sigma_t"]), ("hydrostatics", 4200, 0))
        # 100 x 10 x 0.8 / 80 = 10 t, and 50 x 0.64 x 1 / 80 = 0.4 t
        self.assertEqual(self.load(*words, "--trim", "0.8")["displacement_t"], 4210)
        self.write("book.csv", "draft_m,displacement_t\n1,1000\n2,900\n")
        self.complains(3, "book.csv:3:2: displacement_t: must grow", "load", *words)

    def test_faults(self):
        own = self.registry(**SIZE)
        measured = ("--freeboard", "1.1")
        self.complains(2, "no ship 'NOBODY'", "load", "--vessels", own, "--vessel", "NOBODY", *measured)
        self.complains(2, "check digit", "load", "--vessel", "9074728", *measured)
        self.complains(2, "check digit", "measure", LADEN, "--vessel", "9074728")
        for typo in ("907472", "90747290"):  # a digit lost or doubled is no name
            self.complains(2, "no IMO number: seven digits", "measure", LADEN, "--vessel", typo)
        self.complains(2, "no registry has length and beam of 'Nobody'", "load", "--vessel", "Nobody", *measured)
        self.complains(3, "No such file", "load", "--vessels", "nowhere.csv", "--vessel", "EXAMPLE", *measured)
        bad = self.write("bad.csv", HEAD + "9074729,EXAMPLE,dwt_t,much,,a test,2026-11\n")
        self.complains(3, "bad.csv:2:4: value is 'much', not a number", "measure", LADEN, "--vessels", bad, "--vessel", "EXAMPLE")
        self.complains(3, f"plimsoll: {bad}:2:4: ", "batch", LADEN, "-o", "r.gpkg", "--vessels", bad, "--vessel", "EXAMPLE")

    def test_shipped(self):
        got = self.load("--vessel", "UN HUNG", "--draft", "5.5")
        self.assertEqual((got["vessel_imo"], got["dwt_t"] // 100), ("9045962", 36))
        self.assertIn("MarineVessels", got["particulars"]["dwt_t"]["source"])


if __name__ == "__main__":
    unittest.main()
