# SPDX-License-Identifier: GPL-3.0-or-later
"""What --chips leaves: does it show what was measured, where it lies, and is a row ever lost for a picture's sake?"""
import json
import math
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import unittest

import numpy
from osgeo import gdal, osr

from door import PLIMSOLL, SAMPLES, Door

gdal.UseExceptions()
ENDS = (".chip.png", ".drawn.png", ".json", ".strip.png", ".tif")


def sample(name):
    return os.path.join(SAMPLES, name + ".tif")


def picture(path):
    array = gdal.Open(path).ReadAsArray()
    return array if array.ndim == 2 else array.mean(axis=0)


def few_bytes():
    """A disk that is full after some kilobytes, as a program sees it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


class Chips(Door):
    def measure(self, name, *words):
        code, out, err = self.run_it("measure", sample(name), "--chips", "chips", "--format", "geojson", *words)
        self.assertEqual((code, err), (0, ""))
        return [f["properties"] | {"id": f["id"]} for f in json.loads(out)["features"]]

    def chip(self, row):
        self.assertTrue(row["tile"].startswith("chips/") and row["tile"].endswith(".chip.png"), row["tile"])
        stem = self.path(row["tile"][:-len(".chip.png")])
        with open(stem + ".json", encoding="utf-8") as file:
            return stem, json.load(file)

    def test_every_hull_leaves_all(self):
        """Refused ones too; and what the JSON says of the files is so."""
        for name in ("laden", "refused", "berth"):
            for row in self.measure(name):
                stem, said = self.chip(row)
                self.assertEqual([f for f in sorted(os.listdir(self.path("chips"))) if f.startswith(name)],
                                 [os.path.basename(stem) + end for end in ENDS])
                self.assertEqual(said["id"], row["id"])
                for part in ("chip", "strip", "drawn", "geotiff"):
                    file = gdal.Open(self.path("chips/" + said[part]["file"]))
                    self.assertEqual((file.RasterXSize, file.RasterYSize), (said[part]["width"], said[part]["height"]))
                self.assertLessEqual(said["chip"]["width"], 480)
                self.assertEqual(len(said["cues"]), len(row["cues"]))
                self.assertEqual(said["stations"] is None, row["status"] == "refused")

    def test_true_north_is_up(self):
        """The outline in the chip points where the row says that the ship does: UTM's north is 1.3 degrees off there."""
        for name in ("laden", "berth"):
            row = self.measure(name)[0]
            said = self.chip(row)[1]["chip"]
            ring = numpy.array(said["outline_px"])
            ring -= ring.mean(axis=0)
            axis = numpy.linalg.svd(ring, full_matrices=False)[2][0]
            heading = math.degrees(math.atan2(axis[0], -axis[1]))
            off = (heading - row["heading_deg"] + 90) % 180 - 90
            self.assertLess(abs(off), 0.6, name)
            along = ring @ axis
            self.assertAlmostEqual((along.max() - along.min()) * said["m_per_px"], row["length_m"], delta=1.5)

    def test_map_from_the_input(self):
        row = self.measure("laden")[0]
        said = self.chip(row)[1]["chip"]
        m = said["from_input"]
        for key in ("outline_px", "waterline_px"):
            for (x, y), (chip_x, chip_y) in zip(row[key], said[key]):
                self.assertAlmostEqual(m[0] + m[1] * x + m[2] * y, chip_x, delta=0.02)
                self.assertAlmostEqual(m[3] + m[4] * x + m[5] * y, chip_y, delta=0.02)

    def test_geotiff_has_the_pixels_and_their_place(self):
        for name in ("laden", "berth"):
            chip = gdal.Open(self.chip(self.measure(name)[0])[0] + ".tif")
            whole = gdal.Open(sample(name))
            a, b = chip.GetGeoTransform(), whole.GetGeoTransform()
            x, y = (a[0] - b[0]) / b[1], (a[3] - b[3]) / b[5]
            self.assertAlmostEqual(x, round(x), delta=1e-6)
            self.assertAlmostEqual(y, round(y), delta=1e-6)
            window = whole.ReadAsArray(round(x), round(y), chip.RasterXSize, chip.RasterYSize)
            self.assertTrue((chip.ReadAsArray() == window).all())
            self.assertTrue(chip.GetSpatialRef().IsSame(whole.GetSpatialRef()))

    def test_geotiff_of_a_crs_without_a_code(self):
        """It lies in degrees then, at the same place."""
        shutil.copy(os.path.join(SAMPLES, "laden.json"), self.path("odd.json"))
        odd = osr.SpatialReference()
        odd.ImportFromProj4("+proj=tmerc +lat_0=42 +lon_0=133 +k=0.9999 +x_0=1000 +y_0=2000 +datum=WGS84 +units=m")
        gdal.Warp(self.path("odd.tif"), sample("laden"), dstSRS=odd.ExportToWkt(), xRes=0.5, yRes=0.5, resampleAlg="cubic")
        code, out, err = self.run_it("measure", "odd.tif", "--chips", "chips", "--format", "geojson")
        self.assertEqual(code, 0, err)
        row = json.loads(out)["features"][0]["properties"]
        chip = gdal.Open(self.path(row["tile"][:-len(".chip.png")] + ".tif"))
        self.assertEqual(chip.GetSpatialRef().GetAuthorityCode(None), "4326")
        whole = gdal.Open(self.path("odd.tif"))
        to_metres = osr.CoordinateTransformation(chip.GetSpatialRef(), whole.GetSpatialRef())
        data, all_of_it = chip.ReadAsArray(), whole.ReadAsArray()
        g, w = chip.GetGeoTransform(), whole.GetGeoTransform()
        for px, py in ((10, 20), (400, 90), (250, 500)):
            lon, lat = g[0] + g[1] * (px + 0.5) + g[2] * (py + 0.5), g[3] + g[4] * (px + 0.5) + g[5] * (py + 0.5)
            swap = chip.GetSpatialRef().GetAxisMappingStrategy() != osr.OAMS_TRADITIONAL_GIS_ORDER
            east, north, _ = to_metres.TransformPoint(*((lat, lon) if swap else (lon, lat)))
            x, y = (east - w[0]) / w[1] - 0.5, (north - w[3]) / w[5] - 0.5
            self.assertLess(abs(x - round(x)) + abs(y - round(y)), 0.04)
            self.assertEqual(data[py, px], all_of_it[round(y), round(x)])

    def test_stations_lie_at_the_edges_of_the_strip(self):
        """By the picture: the deck is bright inside the deck's edge, the band dark outside it."""
        row = self.measure("laden")[0]
        stem, said = self.chip(row)
        strip = picture(stem + ".strip.png").astype(float)
        scale, (cx, cy) = said["strip"]["m_per_px"], said["strip"]["centre_px"]
        sign = 1 if said["stations"]["side"] == "starboard" else -1
        inside, band, used = [], [], 0
        for along, deck, outer, use in said["stations"]["rows"]:
            if use != "used":
                continue
            used += 1
            y = int(cy - along / scale)
            inside.append(strip[y, int(cx + sign * (deck - 1.0) / scale)])
            band.append(strip[y, int(cx + sign * 0.5 * (deck + outer) / scale)])
        self.assertGreater(used, 10)
        self.assertGreater(numpy.median(inside), 2 * numpy.median(band) + 40)

    def test_numbers_are_the_rows(self):
        row = self.measure("empty")[0]
        said = self.chip(row)[1]
        for cue, other in zip(said["cues"], row["cues"]):
            self.assertAlmostEqual(cue["freeboard_m"], other["freeboard_m"], delta=6e-4)
            self.assertAlmostEqual(cue["width_m"] / cue["per_metre"], cue["freeboard_m"], delta=1e-4)
            side = said["sides"][cue["side"]]
            per_metre = side["shadow"] - side["lean"] if cue["kind"] == "dark_band" else abs(side["lean"])
            self.assertAlmostEqual(cue["per_metre"], per_metre, delta=0.004 * per_metre)  # the fit turns the axis a little
        profile = said["profiles"][0]
        self.assertEqual(profile["side"], said["stations"]["side"])
        used = [outer - deck for _, deck, outer, use in said["stations"]["rows"] if use == "used"]
        self.assertAlmostEqual(profile["outer_edge_m"], sum(used) / len(used), delta=2e-3)
        off = numpy.array(profile["level"]) - numpy.array(profile["model"])
        self.assertLess(off.std(), 0.2 * numpy.array(profile["level"]).std())  # steps at these edges are what is there

    # ---- names ----

    def test_names_that_a_file_may_not_have(self):
        def rename(item):
            item["id"] = "../a b\n*"
        self.sample("odd", rename)
        code, out, err = self.run_it("measure", "odd.tif", "--chips", "chips", "--format", "geojson")
        self.assertEqual(code, 0, err)
        tile = json.loads(out)["features"][0]["properties"]["tile"]
        self.assertRegex(tile, r"^chips/[A-Za-z0-9+._-]+-[0-9a-f]{8}\.chip\.png$")
        self.assertNotIn("/.", tile)
        self.assertTrue(os.path.exists(self.path(tile)))
        self.assertEqual(len(os.listdir(self.path("chips"))), 5)

    def test_two_pictures_of_one_name(self):
        """The second's hull has no chip: it would be taken for the first's."""
        os.mkdir(self.path("other"))
        for end in (".tif", ".json"):
            shutil.copy(os.path.join(SAMPLES, "laden" + end), self.path("other/laden" + end))
        code, out, err = self.run_it("measure", sample("laden"), "other/laden.tif", "--chips", "chips", "--format", "geojson")
        self.assertEqual(code, 1)
        self.assertIn("a hull of that id is in another picture of this run", err)
        tiles = [f["properties"]["tile"] for f in json.loads(out)["features"]]
        self.assertEqual([t is None for t in tiles], [False, True])

    # ---- what cannot be written ----

    def test_no_folder(self):
        self.write("file", "")
        self.complains(3, "is no folder", "measure", sample("laden"), "--chips", "file")
        self.complains(3, "Not a directory", "measure", sample("laden"), "--chips", "file/below")
        self.complains(3, "is no folder", "batch", sample("laden"), "-o", "r.gpkg", "--chips", "file")
        self.assertEqual(self.run_it("hulls", sample("laden"), "--chips", "d")[0], 2)

    def test_full_disk_costs_no_row(self):
        run = subprocess.run([PLIMSOLL, "measure", sample("laden"), "--chips", "chips", "--format", "geojson"], cwd=self.home,
                             capture_output=True, check=False, preexec_fn=few_bytes)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stderr.count(b"\n"), 1, run.stderr)
        self.assertIn(b".drawn.png: cannot write: File too large", run.stderr)
        row = json.loads(run.stdout)["features"][0]["properties"]
        self.assertIsNone(row["tile"])
        self.assertEqual(row["status"], "measured")
        self.assertFalse([f for f in os.listdir(self.path("chips")) if f.endswith((".tmp", ".json", ".drawn.png"))])

    # ---- batches ----

    def tiles(self, store):
        with sqlite3.connect(self.path(store)) as file:
            return dict(file.execute("select hull_id, tile from hulls"))

    def test_batch_and_its_resumption(self):
        os.mkdir(self.path("work"))
        words = ("batch", sample("laden"), sample("berth"), "-o", "work/r.gpkg")
        self.assertEqual(self.run_it(*words)[0], 0)
        self.assertEqual(set(self.tiles("work/r.gpkg").values()), {None})
        self.assertIn("measured          2", self.run_it(*words, "--chips", "work/chips")[2])  # none was there
        tiles = self.tiles("work/r.gpkg")
        for tile in tiles.values():
            self.assertTrue(tile.startswith("chips/") and os.path.exists(self.path("work/" + tile)), tile)  # from the store on
        self.assertIn("kept              2", self.run_it(*words, "--chips", "work/chips")[2])
        self.assertIn("kept              2", self.run_it(*words)[2])
        self.assertEqual(self.tiles("work/r.gpkg"), tiles)
        os.remove(self.path("work/" + tiles[next(t for t in tiles if t.startswith("laden"))]))
        again = self.run_it(*words, "--chips", "work/chips", "--jobs", "2")[2]
        self.assertIn("kept              1", again)
        self.assertTrue(all(os.path.exists(self.path("work/" + tile)) for tile in tiles.values()))
        self.assertIn("measured          2", self.run_it(*words, "--chips", "elsewhere")[2])
        for tile in self.tiles("work/r.gpkg").values():
            self.assertEqual(os.path.dirname(tile), os.path.realpath(self.path("elsewhere")))
        with sqlite3.connect(self.path("work/r.gpkg")) as file:
            self.assertEqual(file.execute("select count(*), count(distinct hull_id) from hulls").fetchone(), (2, 2))

    def test_batch_on_a_full_disk_tries_again(self):
        words = ["batch", sample("laden"), "-o", "r.gpkg", "--quiet"]
        self.assertEqual(self.run_it(*words)[0], 0)  # the store's own growth is not the question
        os.mkdir(self.path("chips"))
        stem = next(iter(self.tiles("r.gpkg"))).replace("/", "_")
        os.mkdir(self.path(f"chips/{stem}.tif"))  # a name that is taken by a folder
        code, _, err = self.run_it(*words, "--chips", "chips")
        self.assertEqual(code, 1)
        self.assertIn("cannot write", err)
        self.assertEqual(set(self.tiles("r.gpkg").values()), {None})
        os.rmdir(self.path(f"chips/{stem}.tif"))
        self.assertEqual(self.run_it(*words, "--chips", "chips")[0], 0)
        self.assertNotIn(None, self.tiles("r.gpkg").values())


if __name__ == "__main__":
    unittest.main()
