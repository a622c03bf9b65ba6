# SPDX-License-Identifier: GPL-3.0-or-later
"""Are two pictures of a ship compared as docs/output.md says, laid on each other, and is it said where they cannot be?

The ships are those of samples/, whose truth file says how high they stand. The ground of the co-registration is drawn here: houses and
their shadows, on cells four times finer than the pixels, so that a shift by parts of a pixel is exact."""
import csv
import json
import math
import os
import shutil
import unittest

import numpy
from osgeo import gdal, osr

from door import SAMPLES, Door

gdal.UseExceptions()
BEFORE, AFTER, OTHER = (os.path.join(SAMPLES, name + ".tif") for name in ("pair_before", "pair_after", "empty"))
EAST, NORTH, SIDE_M = 340000.0, 4730000.0, 160.0
CONVERGENCE = math.radians((133.045 - 135.0) * math.sin(math.radians(42.71)))  # of the grid there, zone 53: east of what is drawn is not east


def freeboards():
    with open(os.path.join(SAMPLES, "truth.csv"), encoding="utf-8") as file:
        return {row["sample"]: float(row["freeboard_m"]) for row in csv.DictReader(file)}


class Compare(Door):
    def compare(self, *words, code=0, err=""):
        got, out, said = self.run_it("compare", *words)
        self.assertEqual(got, code, said)
        self.assertIn(err, said)
        if not err:
            self.assertEqual(said, "")
        return json.loads(out)


class Pair(Compare):
    def test_a_ship_that_loaded(self):
        got = self.compare(BEFORE, AFTER)
        self.assertEqual(list(got), ["before", "after", "shift_m", "registration", "pairs", "warnings"])
        self.assertEqual((got["before"]["id"], got["after"]["id"]), ("pair_before", "pair_after"))
        pair, = got["pairs"]
        self.assertTrue(pair["before_id"].startswith("pair_before/") and pair["after_id"].startswith("pair_after/"))
        self.assertGreater(pair["same_hull"], 0.9)
        self.assertEqual((pair["verdict"], pair["direction"], pair["status"]), ("same", "loading", "measured"))
        truth = freeboards()["pair_after"] - freeboards()["pair_before"]
        self.assertLess(abs(pair["freeboard_change_m"] - truth), 3 * pair["freeboard_change_sigma_m"])
        self.assertAlmostEqual(pair["draft_change_m"], -pair["freeboard_change_m"])
        both = math.hypot(pair["freeboard_before_sigma_m"], pair["freeboard_after_sigma_m"])
        self.assertLess(pair["freeboard_change_sigma_m"], both)
        self.assertAlmostEqual(pair["freeboard_change_sigma_m"] ** 2, both ** 2 - 2 * pair["freeboard_shared_m"] ** 2, delta=2e-3)
        self.assertTrue(0 < pair["transfer_t_p05"] < pair["transfer_t_p50"] < pair["transfer_t_p95"])
        self.assertGreater(pair["transfer_bbl_p50"], 6 * pair["transfer_t_p50"])
        # they lie six kilometres apart: no common ground
        self.assertEqual(got["registration"]["verdict"], "no_overlap")
        self.assertEqual((got["shift_m"]["east"], got["shift_m"]["north"]), (0, 0))
        self.assertGreater(got["shift_m"]["sigma"], 5)

    def test_the_other_way_round(self):
        got = self.compare(AFTER, BEFORE, err="BEFORE was taken later than AFTER")
        self.assertEqual(len(got["warnings"]), 1)
        pair, = got["pairs"]
        self.assertGreater(pair["freeboard_change_m"], 5)
        self.assertEqual(pair["direction"], "discharging")
        self.assertLess(pair["transfer_bbl_p95"], 0)

    def test_two_ships(self):
        got = self.compare(BEFORE, OTHER)
        self.assertEqual([(p["before_id"] is None, p["after_id"] is None) for p in got["pairs"]], [(False, True), (True, False)])
        for pair in got["pairs"]:
            self.assertLess(pair["same_hull"], 0.05)
            self.assertIsNotNone(pair["closest_id"])
            self.assertIsNone(pair["freeboard_change_m"])
            self.assertEqual(pair["verdict"], "different")

    def test_nothing_changed(self):
        for end in (".tif", ".json"):
            shutil.copy(OTHER[:-4] + end, self.path("again" + end))
        pair, = self.compare(OTHER, "again.tif")["pairs"]
        self.assertEqual((pair["freeboard_change_m"], pair["direction"]), (0, "none"))
        self.assertGreater(pair["freeboard_change_sigma_m"], 0.05)
        self.assertEqual(pair["verdict"], "same")

    def test_several_are_lines(self):
        code, out, err = self.run_it("compare", BEFORE, AFTER, OTHER)
        self.assertEqual((code, err), (0, ""))
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([(line["before"]["id"], line["after"]["id"]) for line in lines], [("pair_before", "pair_after"), ("pair_before", "empty")])

    def test_sheets(self):
        code, _, err = self.run_it("compare", BEFORE, AFTER, "--sheets", "drawn")
        self.assertEqual(code, 0)
        name, = os.listdir(self.path("drawn"))
        self.assertIn(name, err)
        sheet = gdal.Open(self.path(os.path.join("drawn", name)))
        self.assertEqual((sheet.RasterXSize, sheet.RasterYSize), (1480, 1000))
        pixels = sheet.ReadAsArray()
        for colour in ((255, 176, 0), (0, 190, 255)):  # both hulls have their deck's outline and a waterline: left and right half
            on = (abs(pixels.astype(int) - numpy.array(colour)[:, None, None]) < 90).all(0)  # thin lines are blended
            self.assertGreater(on[:, :454].sum(), 100)
            self.assertGreater(on[:, 462:910].sum(), 100)

    def test_what_cannot_be_done(self):
        self.complains(3, "No such file", "compare", "none.tif", AFTER)
        self.complains(3, "No such file", "compare", BEFORE, "none.tif")
        self.complains(2, "compare wants", "compare", BEFORE)
        self.complains(2, "compare wants two pictures", "compare", BEFORE, BEFORE)
        self.complains(2, "a store is written by plimsoll batch", "compare", BEFORE, AFTER, "-o", "x.gpkg")
        code, out, err = self.run_it("compare", BEFORE, "none.tif", AFTER)
        self.assertEqual((code, len(out.splitlines())), (1, 1))
        self.assertIn("none.tif", err)


def ground(seed, pixel_m, east_m, north_m, sun):
    """Houses as a sensor that is off by (east_m, north_m) sees them."""
    fine, side = 4, int(SIDE_M / pixel_m)
    y, x = numpy.mgrid[0:side * fine, 0:side * fine]
    x, y = (x + 0.5) / fine * pixel_m - east_m, (y + 0.5) / fine * pixel_m + north_m
    random = numpy.random.default_rng(seed)
    houses = [(*random.uniform(0, SIDE_M, 2), *random.uniform(2, 9, 2), random.uniform(0, math.pi), random.uniform(0, 6), random.uniform(150, 800))
              for _ in range(160)]
    out = numpy.full(x.shape, 300.0)
    for shadow in (True, False):
        for cx, cy, along, across, turn, height, level in houses:
            dx, dy = (x - cx - shadow * height * sun[0], y - cy - shadow * height * sun[1])
            on = (abs(dx * math.cos(turn) + dy * math.sin(turn)) < along) & (abs(dy * math.cos(turn) - dx * math.sin(turn)) < across)
            out[on] = 120 if shadow else level
    out = out.reshape(side, fine, side, fine).mean((1, 3))
    water = int(0.75 * side)
    out[water:] = 200
    return out + numpy.random.default_rng(seed + 1000 * int(100 * pixel_m) + 7).normal(0, 6, out.shape)


class Registration(Compare):
    def picture(self, name, seed, pixel_m, shift, sun=(1, 0.6), when="2024-03-01T02:30:00Z", move=0.0):
        pixels = ground(seed, pixel_m, *shift, sun)
        data = gdal.GetDriverByName("GTiff").Create(self.path(name + ".tif"), pixels.shape[1], pixels.shape[0], 1, gdal.GDT_UInt16)
        system = osr.SpatialReference()
        system.ImportFromEPSG(32653)
        data.SetProjection(system.ExportToWkt())
        data.SetGeoTransform((EAST + move, pixel_m, 0, NORTH, 0, -pixel_m))
        data.GetRasterBand(1).WriteArray(pixels.clip(1, 2047).astype("uint16"))
        item = {"type": "Feature", "stac_version": "1.0.0", "id": name, "geometry": None, "links": [],
                "properties": {"datetime": when, "view:sun_azimuth": 170.0, "view:sun_elevation": 35.0, "view:azimuth": 100.0, "view:incidence_angle": 10.0},
                "assets": {"data": {"href": name + ".tif"}}}
        self.write(name + ".json", json.dumps(item))
        return name + ".tif"

    def shift(self, *pictures):
        got = self.compare(*pictures, "--quiet")
        return got["registration"], got["shift_m"]

    def test_parts_of_a_pixel(self):
        before = self.picture("before", 1, 0.5, (0, 0))
        cases = [(0.5, (3.37, -2.11), (1, 0.6)), (0.5, (-1.83, 4.29), (-0.5, 1.1)), (0.4, (7.4, 5.15), (1, 0.6))]
        for k, (pixel_m, shift, sun) in enumerate(cases):
            after = self.picture(f"after{k}", 1, pixel_m, shift, sun, "2024-03-05T02:30:00Z")
            verdict, got = self.shift(before, after)
            self.assertEqual(verdict["verdict"], "registered")
            east = shift[0] * math.cos(CONVERGENCE) + shift[1] * math.sin(CONVERGENCE)
            north = shift[1] * math.cos(CONVERGENCE) - shift[0] * math.sin(CONVERGENCE)
            error = math.hypot(got["east"] + east, got["north"] + north)
            self.assertLess(error, 0.1 * 0.5, f"{got}, drawn {shift}")
            self.assertLess(got["sigma"], 0.3)

    def test_no_peak(self):
        verdict, got = self.shift(self.picture("here", 1, 0.5, (0, 0)), self.picture("there", 2, 0.5, (0, 0)))
        self.assertEqual(verdict["verdict"], "no_peak")
        self.assertEqual((got["east"], got["north"]), (0, 0))

    def test_no_overlap(self):
        verdict, _ = self.shift(self.picture("here", 1, 0.5, (0, 0)), self.picture("far", 1, 0.5, (0, 0), move=150.0))
        self.assertEqual(verdict["verdict"], "no_overlap")


if __name__ == "__main__":
    unittest.main()
