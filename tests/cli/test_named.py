# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the hull measured that an analyst names, by a place or by an outline, and is everything else said to be wrong?

The ships are those of samples/ (their truth files say where and how high); samples/README.md tells how they were drawn."""
import csv
import json
import os
import shutil
import unittest

from osgeo import gdal

from door import SAMPLES, Door

gdal.UseExceptions()
LADEN, EMPTY = (os.path.join(SAMPLES, name + ".tif") for name in ("laden", "empty"))


def truth():
    with open(os.path.join(SAMPLES, "truth.csv"), encoding="utf-8") as file:
        return next(row for row in csv.DictReader(file) if row["sample"] == "laden")


class Named(Door):
    def hulls(self, *words, code=0):
        got, out, err = self.run_it(*words)
        self.assertEqual((got, err), (code, ""))
        return json.loads(out)

    def only(self, *words):
        features = self.hulls(*words)["features"]
        self.assertEqual(len(features), 1)
        return features[0]["properties"]

    def outline(self, name, ring, **properties):
        feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        return self.write(name, json.dumps(feature))

    def drawn(self):
        """The detected outline, as somebody would have clicked it: [[lon, lat], ...]."""
        return self.hulls("hulls", LADEN)["features"][0]["geometry"]["coordinates"][0]


class At(Named):
    def same(self, a, b):
        """The outline is found in another window, at other roundings: a last digit may differ, nothing else."""
        if isinstance(a, dict):
            self.assertEqual(a.keys(), b.keys())
            # the judge is not asked about what a person vouches for
            names = [name for name in a if name != "ship_probability"]
            a, b = [a[name] for name in names], [b[name] for name in names]
        if isinstance(a, list):
            self.assertEqual(len(a), len(b))
            for x, y in zip(a, b):
                self.same(x, y)
        elif isinstance(a, (int, float)) and not isinstance(a, bool):
            self.assertLessEqual(abs(a - b), max(1e-3, 1e-4 * abs(a)))
        else:
            self.assertEqual(a, b)

    def test_the_same_hull(self):
        usual = self.only("measure", LADEN)
        for place in (f"{usual['lon']},{usual['lat']}", "{:f},{:f}".format(*self.drawn()[3])):
            self.same(self.only("measure", LADEN, "--at", place), usual)
        x, y = usual["outline_px"][5]
        self.same(self.only("measure", LADEN, f"--at-px={x},{y}"), usual)
        self.assertEqual(self.only("hulls", LADEN, f"--at-px={x},{y}", "--in-process")["id"], usual["id"])

    def test_refusal_is_a_row(self):
        for command in ("measure", "hulls"):
            collection = self.hulls(command, EMPTY, "--at-px", "200,150")
            feature = collection["features"][0]
            row = feature["properties"]
            self.assertEqual((row["status"], row["reasons"]), ("refused", ["no_hull_here"]))
            self.assertIsNone(feature["geometry"])
            self.assertEqual(row["outline_px"], [])
            for name in ("freeboard_m", "length_m", "heading_deg", "outline_source", "fingerprint", "draft_m", "oil_bbl_p50"):
                self.assertIsNone(row[name], name)
            # the place itself, by GDAL's own map of the picture
            picture = gdal.Open(EMPTY)
            a = picture.GetGeoTransform()
            wgs84 = gdal.osr.SpatialReference()
            wgs84.ImportFromEPSG(4326)
            wgs84.SetAxisMappingStrategy(gdal.osr.OAMS_TRADITIONAL_GIS_ORDER)
            turn = gdal.osr.CoordinateTransformation(picture.GetSpatialRef(), wgs84)
            lon, lat, _ = turn.TransformPoint(a[0] + 200 * a[1], a[3] + 150 * a[5])
            self.assertAlmostEqual(row["lon"], lon, 6)
            self.assertAlmostEqual(row["lat"], lat, 6)
            self.assertEqual(len(collection["plimsoll:scene"]["searched"]["coordinates"][0]), 5)
        self.assertIn("refused", self.run_it("measure", EMPTY, "--at-px", "200,150", "--format", "table")[1])
        code, out, err = self.run_it("explain", EMPTY, "--at-px", "200,150", "-o", "d")
        self.assertEqual((code, err, len(os.listdir(self.path("d")))), (0, "", 1))

    def test_an_earlier_picture(self):
        """Water before, or herself, unmoved: the same hull; and the earlier picture is named with its hash."""
        plain, = self.hulls("measure", LADEN, "--format", "geojson")["features"]
        for earlier in (EMPTY, LADEN):
            got = self.hulls("measure", LADEN, "--previous", earlier, "--format", "geojson")
            self.assertEqual([f["properties"] for f in got["features"]], [plain["properties"]])
            used = [f["name"] for f in got["plimsoll:scene"]["files_used"]]
            self.assertEqual("empty.tif" in used, earlier == EMPTY)
        self.complains(3, "the earlier picture: ", "measure", LADEN, "--previous", "nothere.tif")
        self.complains(2, "batch takes no --previous", "batch", LADEN, "--previous", EMPTY, "-o", "x.gpkg")

    def test_wrong_places(self):
        self.complains(2, "outside the picture", "measure", LADEN, "--at", "133.2,42.69")
        self.complains(2, "outside the picture", "measure", LADEN, "--at-px", "-1,5")
        for place in ("133", "133,", "a,b", "133,42,1", "42.7,133.1", "nan,1"):
            self.complains(2, "will not do", "measure", LADEN, "--at", place)
        self.complains(2, "exclude each other", "measure", LADEN, "--at", "133,42", "--at-px", "1,1")
        self.complains(2, "no --port or --aoi", "measure", LADEN, "--at", "133,42", "--port", "Vostochny")
        for option in ("--at", "--at-px", "--outline"):
            self.complains(2, "batch takes no " + option, "batch", LADEN, option, "1,1", "-o", "x.gpkg")
        self.bare("bare")
        self.complains(2, "no georeference", "measure", "bare.tif", "--pixel-size", "0.5", "--at", "133,42")

    def bare(self, name):
        """The sample without its georeference."""
        pixels = gdal.Open(LADEN).ReadAsArray()
        out = gdal.GetDriverByName("GTiff").Create(self.path(name + ".tif"), pixels.shape[1], pixels.shape[0], 1, gdal.GDT_UInt16)
        out.GetRasterBand(1).WriteArray(pixels)
        return self.path(name + ".tif")

    def test_without_georeference(self):
        usual = self.only("measure", LADEN)
        x, y = (sum(c[i] for c in usual["outline_px"][:-1]) / (len(usual["outline_px"]) - 1) for i in (0, 1))
        self.bare("bare")
        angles = ["--pixel-size", "0.5", "--sun-azimuth", str(usual["sun_azimuth_deg"] + 1.3), "--sun-elevation",
                  str(usual["sun_elevation_deg"]), "--view-azimuth", str(usual["view_azimuth_deg"] + 1.3), "--incidence",
                  str(usual["view_incidence_deg"])]  # 1.3: the grid's north, see test_explain.py
        row = self.only("measure", "bare.tif", *angles, "--at-px", f"{x},{y}")
        self.assertLess(abs(row["freeboard_m"] - usual["freeboard_m"]), 0.03)
        self.write("px.geojson", json.dumps({"type": "Polygon", "coordinates": [usual["outline_px"]]}))
        row = self.only("measure", "bare.tif", *angles, "--outline", "px.geojson")
        self.assertLess(abs(row["freeboard_m"] - usual["freeboard_m"]), 0.03)
        self.assertEqual(row["outline_source"], "given")


class Outline(Named):
    def test_as_good_as_detected(self):
        usual, ring = self.only("measure", LADEN), self.drawn()
        self.assertEqual(usual["outline_source"], "detected")
        row = self.only("measure", LADEN, "--outline", self.outline("o.geojson", ring))
        self.assertEqual(row["outline_source"], "given")
        self.assertLess(abs(row["freeboard_m"] - usual["freeboard_m"]), 0.03)
        self.assertLess(abs(row["length_m"] - usual["length_m"]), 1)
        self.assertLess(abs(row["beam_m"] - usual["beam_m"]), 0.5)
        self.assertGreater(row["beam_sigma_m"], 0.5)  # a hand is a pixel off
        scene = self.hulls("hulls", LADEN, "--outline", "o.geojson")["plimsoll:scene"]
        self.assertEqual(len(scene["sha256"]["outline"]), 64)

    def test_a_hand_is_two_pixels_off(self):
        usual, ring = self.only("measure", LADEN), self.drawn()
        metre = 1 / 81900, 1 / 111100  # degrees at 42.7 N
        for east, north in ((1, 0), (-1, 0), (0, 1), (0, -1)):  # the sample's pixel has half a metre
            moved = [[lon + east * metre[0], lat + north * metre[1]] for lon, lat in ring]
            row = self.only("measure", LADEN, "--outline", self.outline("o.geojson", moved))
            # half a sigma: 0.09 m
            self.assertLess(abs(row["freeboard_m"] - usual["freeboard_m"]), 0.5 * usual["freeboard_sigma_m"], (east, north))

    def test_the_bow(self):
        heading = float(truth()["heading_deg"])
        ring = self.drawn()
        ends = [min(ring, key=lambda p: p[1]), max(ring, key=lambda p: p[1])]
        for end in ends:
            row = self.only("measure", LADEN, "--outline", self.outline("o.geojson", ring, bow_lon=end[0], bow_lat=end[1]))
            self.assertTrue(row["bow_certain"])
            northward = abs((row["heading_deg"] + 180) % 360 - 180) < 90
            self.assertEqual(northward, end is ends[1])
            off = (row["heading_deg"] - heading + 90) % 180 - 90
            self.assertLess(abs(off), 1)
        middle = [sum(p[i] for p in ring) / len(ring) for i in (0, 1)]
        self.outline("o.geojson", ring, bow_lon=middle[0], bow_lat=middle[1])
        self.complains(2, "bow is said to lie amidships", "measure", LADEN, "--outline", "o.geojson")

    def test_several(self):
        ring = self.drawn()
        other = [[lon - 0.0006, lat] for lon, lat in ring]  # on water: refused, but a row
        features = [{"type": "Feature", "properties": None, "geometry": {"type": "MultiPolygon", "coordinates": [[ring], [other]]}}]
        self.write("two.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
        rows = [f["properties"] for f in self.hulls("measure", LADEN, "--outline", "two.geojson")["features"]]
        self.assertEqual(len(rows), 2)
        self.assertEqual(sorted(row["status"] for row in rows), ["measured", "refused"])

    def test_many_vertices(self):
        ring, fine = self.drawn(), []
        for a, b in zip(ring, ring[1:]):
            fine += [[a[i] + (b[i] - a[i]) * t / 10 for i in (0, 1)] for t in range(10)]
        row = self.only("measure", LADEN, "--outline", self.outline("o.geojson", fine + [fine[0]]))
        self.assertLess(abs(row["freeboard_m"] - self.only("measure", LADEN)["freeboard_m"]), 0.03)

    def test_what_no_outline_can_be(self):
        ring = self.drawn()
        lon, lat = [sum(p[i] for p in ring) / len(ring) for i in (0, 1)]

        def box(size_lon, size_lat):
            return [[lon + i * size_lon, lat + k * size_lat] for i, k in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]

        self.outline("far.geojson", [[lon + 1, lat] for lon, lat in ring])
        self.outline("turned.geojson", [[lat, lon] for lon, lat in ring])
        self.outline("huge.geojson", box(0.02, 0.01))
        self.outline("speck.geojson", box(1e-6, 1e-6))
        self.outline("line.geojson", [ring[0], ring[10], ring[0], ring[0]])
        self.outline("open.geojson", ring[:-1])
        self.outline("few.geojson", ring[:2] + ring[:1])
        self.outline("eight.geojson", [ring[0], ring[16], ring[33], ring[17], ring[0]])
        self.outline("words.geojson", [["a", "b"]] * 4)
        self.outline("much.geojson", [ring[0]] * 2000)
        self.write("hole.geojson", json.dumps({"type": "Polygon", "coordinates": [ring, ring]}))
        self.write("point.geojson", json.dumps({"type": "Point", "coordinates": ring[0]}))
        self.write("null.geojson", json.dumps({"type": "Feature", "properties": {}, "geometry": None}))
        self.write("empty.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
        self.write("none.geojson", "[1, 2]")
        self.write("text.geojson", "not JSON")
        self.write("deep.geojson", "[" * 100000)
        for code, name, words in ((2, "far", "outside the picture"), (3, "turned", "longitude first"),
                                  (2, "huge", "no ship's"), (2, "speck", "no ship's"), (2, "line", "no ship's"),
                                  (3, "open", "not closed"), (3, "few", "positions"), (3, "eight", "crosses itself"),
                                  (3, "words", "without numbers"), (3, "much", "at most"), (3, "hole", "a hole"),
                                  (2, "point", "no polygon but Point"), (2, "null", "no polygon but nothing"),
                                  (2, "empty", "no outline in it"), (3, "none", "no GeoJSON"), (3, "text", "not JSON"),
                                  (3, "deep", "not JSON"), (3, "missing", "No such file")):
            self.complains(code, words, "measure", LADEN, "--outline", name + ".geojson")

    def test_exchanged_where_both_could_be(self):
        """Near the equator latitude and longitude may change places without a number out of range."""
        for end in (".tif", ".json"):
            shutil.copy(os.path.join(SAMPLES, "laden" + end), self.path("here" + end))
        self.outline("o.geojson", [[42.69, 33.1], [42.7, 33.1], [42.7, 33.101], [42.69, 33.1]])
        self.complains(2, "outside the picture", "measure", "here.tif", "--outline", "o.geojson")


if __name__ == "__main__":
    unittest.main()
