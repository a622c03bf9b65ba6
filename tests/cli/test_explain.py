# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a sheet drawn for every hull, refused ones too, and do its hands point where sun and satellite stand?"""
import json
import math
import os
import unittest

import numpy
from osgeo import gdal

from door import SAMPLES, Door

gdal.UseExceptions()
ROSE = (80, 108)  # its middle on the sheet; src/report/explain.c and picture.c
SUN, SATELLITE = (255, 230, 60), (140, 255, 140)
CONVERGENCE = -1.3  # of UTM 53 at 133 E: grid azimuth = true azimuth + 1.3 (design: measurement.md, Frames)


def picture(path):
    return gdal.Open(path).ReadAsArray().transpose(1, 2, 0)


def hand(sheet, colour):
    """Azimuth on the sheet, clockwise from up, of the pixels of one colour in the rose."""
    y, x = numpy.nonzero((sheet[:, :, :3] == colour).all(axis=2))
    east, south = x + 0.5 - ROSE[0], y + 0.5 - ROSE[1]
    near = numpy.hypot(east, south) < 44
    return math.degrees(math.atan2(east[near].mean(), -south[near].mean())) % 360


class Explain(Door):
    def draw(self, name, *words):
        code, out, err = self.run_it("explain", os.path.join(SAMPLES, name + ".tif"), "-o", "drawn", *words)
        self.assertEqual((code, err), (0, ""))
        files = out.splitlines()
        self.assertEqual(sorted(files), sorted(os.path.join("drawn", f) for f in os.listdir(self.path("drawn")) if f.startswith(name)))
        return [picture(self.path(file)) for file in files]

    def test_every_sample(self):
        for name in ("berth", "empty", "laden", "pair_after", "pair_before", "refused"):
            sheets = self.draw(name)
            self.assertEqual(len(sheets), 1)
            self.assertEqual(sheets[0].shape, (1000, 1480, 3))

    def test_hands(self):
        for name in ("laden", "pair_before", "berth"):
            p = json.loads(self.run_it("measure", os.path.join(SAMPLES, name + ".tif"))[1])["features"][0]["properties"]
            sheet = self.draw(name)[0]
            for colour, azimuth in ((SUN, p["sun_azimuth_deg"]), (SATELLITE, p["view_azimuth_deg"])):
                off = (hand(sheet, colour) - (azimuth - CONVERGENCE) + 180) % 360 - 180
                self.assertLess(abs(off), 4, f"{name}: {off:.1f} degrees off")

    def test_shadow_lies_away_from_the_sun(self):
        """By the picture itself: seen from the hull, the darkest pixels lie opposite the sun's hand."""
        sheet = self.draw("laden")[0]
        panel = sheet[160:740, 14:714].astype(float).sum(axis=2)
        y, x = numpy.nonzero(panel < 40)
        away = math.degrees(math.atan2(x.mean() - 350, -(y.mean() - 234)))  # the ship stands in the middle of the panel
        off = (away - (229.2 - CONVERGENCE - 180) + 180) % 360 - 180
        self.assertLess(abs(off), 45)  # not along the keel, not mirrored: the superstructure's shadow pulls it astern

    def test_no_freeboard_to_explain(self):
        self.sample("alone")
        os.remove(self.path("alone.json"))
        self.assertEqual(self.run_it("explain", "alone.tif", "-o", "d")[0], 0)
        self.assertEqual(len(os.listdir(self.path("d"))), 1)

    def test_no_ship(self):
        self.area("water.geojson", (133.1155, 42.6900), (133.1165, 42.6900), (133.1165, 42.6905), (133.1155, 42.6905),
                  (133.1155, 42.6900))
        code, out, err = self.run_it("explain", os.path.join(SAMPLES, "laden.tif"), "--aoi", "water.geojson", "-o", "d")
        self.assertEqual((code, out), (0, ""))
        self.assertIn("no ships found: nothing to draw", err)


if __name__ == "__main__":
    unittest.main()
