# SPDX-License-Identifier: GPL-3.0-or-later
"""Is every fault of an input or of the machine told in one clear line, with the exit code of docs/output.md?"""
import json
import os
import shutil
import subprocess
import unittest

from door import MODELS, PLIMSOLL, SAMPLES, Door, having, tiff, without

LADEN = os.path.join(SAMPLES, "laden.tif")


class Pictures(Door):
    def test_no_picture(self):
        self.complains(3, "missing.tif: No such file", "measure", "missing.tif")
        self.complains(3, "'': No such file", "measure", "")
        self.complains(3, "is a folder", "measure", ".")
        self.complains(3, "not a regular file", "measure", "/dev/null")
        self.write("words.tif", "hello\n")
        self.complains(3, "words.tif: not an image", "measure", "words.tif")
        self.write("zero.tif", b"")
        self.complains(3, "empty (0 bytes)", "measure", "zero.tif")

    def test_truncated(self):
        size = os.path.getsize(LADEN)
        for cut in (8, 200, size // 2, -100):
            self.sample("short", cut=cut)
            self.complains(3, "truncated", "measure", "short.tif")

    def test_no_georeference(self):
        self.write("plain.tif", tiff(200, 200, georeferenced=False))
        self.complains(3, "no georeference (give --pixel-size M)", "measure", "plain.tif")
        code, _, err = self.run_it("measure", "plain.tif", "--pixel-size", "0.5")
        self.assertEqual((code, err), (0, ""))

    def test_nothing_seen_is_told_from_no_ships(self):
        self.write("plain.tif", tiff(200, 200))
        self.write("cloud.tif", tiff(200, 200))
        self.assertEqual(self.run_it("hulls", "plain.tif"), self.run_it("hulls", "plain.tif", "--quiet"))
        code, out, err = self.run_it("hulls", "plain.tif", "--cloud-mask", "cloud.tif")
        self.assertEqual((code, json.loads(out)["features"]), (0, []))
        told = "100 % of the searched area shows nothing: no data, or cloud"
        self.assertEqual(err, f"plimsoll: plain.tif: warning: {told}\n")
        self.assertIn(told, json.loads(out)["plimsoll:scene"]["warnings"])

    def test_absurd_dimensions(self):
        for side in (300000, 2000000000):
            self.write("huge.tif", tiff(side, side, strips=bytes(100)))
            self.complains(3, "huge.tif: ", "measure", "huge.tif")
        self.write("one.tif", tiff(1, 1))
        code, out, _ = self.run_it("measure", "one.tif")
        self.assertEqual((code, json.loads(out)["features"]), (0, []))

    def test_a_sparse_picture_of_a_billion_rows(self):
        from osgeo import gdal
        gdal.UseExceptions()
        options = ["SPARSE_OK=TRUE", "TILED=YES", "BLOCKXSIZE=4096", "BLOCKYSIZE=4096", "BIGTIFF=YES"]
        picture = gdal.GetDriverByName("GTiff").Create(self.path("sparse.tif"), 900000, 900000, 1, gdal.GDT_Byte, options)
        picture.SetGeoTransform([345627, 0.5, 0, 4728437, 0, -0.5])
        picture.SetProjection('LOCAL_CS["none"]')
        picture = None
        self.complains(3, "sparse.tif: ", "measure", "sparse.tif")


class Sidecars(Door):
    def refusal(self, change, words=""):
        self.sample("x", change)
        code, out, err = self.run_it("measure", "x.tif")
        self.assertEqual((code, err.count("\n")), (0, 1 if words else 0), err)
        self.assertIn(words, err)
        properties = json.loads(out)["features"][0]["properties"]
        self.assertEqual(properties["status"], "refused")
        self.assertIsNone(properties["freeboard_m"])
        return properties["reasons"]

    def test_no_sun_and_no_time(self):
        self.assertIn("sun_unknown", self.refusal(without("datetime", "view:sun_azimuth", "view:sun_elevation")))

    def test_a_sun_by_option_is_held_against_the_ephemeris(self):
        code, out, err = self.run_it("measure", LADEN, "--sun-azimuth", "49", "--sun-elevation", "33")
        self.assertEqual(code, 0)
        self.assertIn("the sun given by option is", err)
        properties = json.loads(out)["features"][0]["properties"]
        self.assertIn("sun_contradicts_ephemeris", properties["reasons"])
        self.assertNotEqual(properties["status"], "measured")

    def test_no_view(self):
        self.assertIn("view_unknown", self.refusal(without("view:azimuth", "view:incidence_angle", "view:off_nadir")))

    def test_no_sidecar(self):
        shutil.copy(LADEN, self.path("alone.tif"))
        code, out, _ = self.run_it("measure", "alone.tif")
        self.assertEqual(code, 0)
        reasons = json.loads(out)["features"][0]["properties"]["reasons"]
        self.assertLessEqual({"sun_unknown", "view_unknown"}, set(reasons))

    def test_sidecar_of_another_picture(self):
        self.sample("size", having(proj__shape=[300, 300]))
        self.complains(3, "contradicts the picture: it speaks of 300 x 300", "measure", "size.tif")
        self.sample("place", lambda item: item.update(bbox=[10, 10, 11, 11]))
        self.complains(3, "contradicts the picture: its footprint covers 0 %", "measure", "place.tif")

    def test_a_pixel_that_the_sidecar_contradicts(self):
        from osgeo import gdal
        gdal.UseExceptions()
        for name, factors, words in (("halved", (0.5, 0.5), "as if its pixels had 0.5 m, not 0.25 m"),
                                     ("mirrored", (-1, 1), "georeference is mirrored")):
            self.sample(name)
            picture = gdal.Open(self.path(name + ".tif"), gdal.GA_Update)
            place = list(picture.GetGeoTransform())
            place[0] += picture.RasterXSize * place[1] if factors[0] < 0 else 0  # the same ground
            place[1], place[5] = place[1] * factors[0], place[5] * factors[1]
            picture.SetGeoTransform(place)
            picture = None
            code, out, err = self.run_it("measure", name + ".tif")
            self.assertEqual((code, err.count("\n")), (0, 1), err)
            self.assertIn(words, err)
            for feature in json.loads(out)["features"]:
                self.assertNotEqual(feature["properties"]["status"], "measured")
                self.assertIn("georeference_contradicted", feature["properties"]["reasons"])

    def test_a_look_more_aslant_than_any(self):
        # off-nadir 60 deg from 617 km is an incidence of 71.8: sin i = (R + H) / R sin 60
        self.assertIn("view_unknown", self.refusal(lambda item: item["properties"].update(
            {"view:incidence_angle": 71.8, "view:off_nadir": 60, "platform": "worldview-3"}), "more than 65 deg: not used"))

    def test_sidecar_of_another_projection_warns(self):
        self.sample("crs", having(proj__epsg=3857))
        code, out, err = self.run_it("measure", "crs.tif")
        self.assertEqual((code, err.count("\n")), (0, 1))
        self.assertIn("warning: crs.json speaks of EPSG:3857, the picture is in EPSG:32653", err)
        self.assertEqual(len(json.loads(out)["plimsoll:scene"]["warnings"]), 1)
        self.assertEqual(self.run_it("measure", "crs.tif", "--quiet")[2], "")

    def test_sidecar_that_cannot_be_read(self):
        for name, text, words in (("cut", '{"type": "Feature", ', "cut.json:1:20: not JSON"),
                                  ("none", "", "none.json:1:0: not JSON"),
                                  ("many", '{"type": "FeatureCollection", "features": []}', "a collection without items"),
                                  ("deep", "[" * 100000, "depth")):
            self.sample(name)
            self.write(name + ".json", text)
            self.complains(3, words, "measure", name + ".tif")

    def test_sidecar_with_absurd_values(self):
        for values, words in ((dict(view__azimuth="north"), "view:azimuth is not a number"),
                              (dict(view__azimuth=4000), "view:azimuth: 4000 is not between"),
                              (dict(datetime="yesterday"), '"yesterday" is no time')):
            self.sample("odd", having(**values))
            self.complains(3, words, "measure", "odd.tif")

    def test_option_names_a_sidecar_that_is_not_there(self):
        self.complains(3, "none.json", "measure", LADEN, "--sidecar", "none.json")


class Areas(Door):
    def test_areas(self):
        self.area("out.geojson", (0, 0), (1, 0), (1, 1), (0, 0))
        self.area("point.geojson", *[(133.118, 42.69)] * 4)
        self.area("turned.geojson", (42.6, 133.0), (42.6, 133.2), (42.8, 133.2), (42.6, 133.0))
        self.area("open.geojson", (133.0, 42.6), (133.2, 42.6), (133.2, 42.8), (133.0, 42.8))
        self.write("none.geojson", '{"type": "FeatureCollection", "features": []}')
        self.write("other.geojson", '{"a": 1}')
        self.write("words.geojson", "hello")
        self.write("zero.geojson", "")
        for code, name, words in ((2, "out", "the area misses the picture"), (2, "point", "the area is empty"),
                                  (2, "none", "the area is empty"), (3, "turned", "no longitude and latitude"),
                                  (3, "open", "not closed"), (3, "other", "no GeoJSON"), (3, "words", "not JSON"),
                                  (3, "zero", "not JSON"), (3, "missing", "No such file")):
            self.complains(code, words, "measure", LADEN, "--aoi", name + ".geojson")
        # an area that misses all of several pictures is wrong usage, too
        code, out, err = self.run_it("measure", LADEN, os.path.join(SAMPLES, "empty.tif"), "--aoi", "out.geojson")
        self.assertEqual((code, out, err.count("\n")), (2, "", 2))

    def test_unknown_port(self):
        err = self.complains(2, "no port of that name: Atlantis", "measure", LADEN, "--port", "Atlantis")
        self.assertIn("Vostochny", err)


class Usage(Door):
    def test_wrong_words(self):
        for words, command in (("which command?", []), ("no command 'sail'", ["sail"]), ("no command '--quiet'", ["--quiet"]),
                               ("measure wants an input", ["measure"]), ("no option --wrong", ["measure", "x", "--wrong"]),
                               ("--aoi wants a value", ["measure", "x", "--aoi"]),
                               ("--quiet takes no value", ["measure", "x", "--quiet=1"]),
                               ("'abc' will not do", ["measure", "x", "--incidence", "abc"]),
                               ("'95' will not do", ["measure", "x", "--incidence", "95"]),
                               ("'nan' will not do", ["measure", "x", "--incidence", "nan"]),
                               ("geojson, geojsonl, csv or table", ["measure", "x", "--format", "xml"]),
                               ("'0x10' will not do", ["measure", "x", "--incidence", "0x10"]),
                               ("'75' will not do", ["measure", "x", "--incidence", "75"]),
                               ("--aoi is given twice", ["measure", "x", "--aoi", "a", "--aoi", "b"]),
                               ("--quiet is given twice", ["measure", "x", "--quiet", "--quiet"]),
                               ("go together", ["measure", "x", "--sun-azimuth", "10"]),
                               ("wants --incidence too", ["measure", "x", "--view-azimuth", "10"]),
                               ("exclude each other", ["measure", "x", "--port", "a", "--aoi", "b"]),
                               ("explain wants -o DIR", ["explain", LADEN]), ("batch wants -o", ["batch", LADEN]),
                               ("batch wants -o", ["batch", LADEN, "-o", "x.csv"]),
                               ("load wants --loa", ["load", "--loa", "100"]),
                               ("written by plimsoll batch", ["measure", LADEN, "-o", "x.gpkg"]),
                               ("no command 'sail'", ["help", "sail"])):
            self.complains(2, words, *command)
        self.assertEqual(os.listdir(self.home), [])

    def test_what_may_be_said_twice(self):
        code, _, err = self.run_it("scene", LADEN, "--config", "GDAL_CACHEMAX=64", "--config", "GDAL_NUM_THREADS=1")
        self.assertEqual((code, err), (0, ""))

    def test_a_pixel_size_for_a_picture_that_has_one(self):
        self.complains(2, "has a georeference (EPSG:32653)", "measure", LADEN, "--pixel-size", "0.5")

    def test_a_cloud_mask_that_is_none(self):
        self.complains(3, "cloud mask null: is not a regular file", "measure", LADEN, "--cloud-mask", "/dev/null")

    def test_unknown_oil(self):
        for words in (["--product", "honey"], ["--conversion", "guess"]):
            self.complains(2, "known: ", "measure", LADEN, *words)
            self.complains(2, "known: ", "load", "--loa", "100", "--beam", "16", "--draft", "5", *words)

    def test_words_after_two_dashes_are_names(self):
        self.complains(3, "--quiet: No such file", "measure", "--", "--quiet")


class Models(Door):
    def test_no_models(self):
        os.mkdir(self.path("bare"))
        for command in ("measure", "hulls", "scene"):
            self.complains(3, "bare: no model tables here", command, LADEN, "--models", "bare")
        self.complains(3, "/nowhere: no model tables", "measure", LADEN, env={"PLIMSOLL_MODELS": "/nowhere"})

    def test_broken_models(self):
        shutil.copytree(MODELS, self.path("m"))
        self.write("m/products.csv", "name,x\n")
        self.complains(3, "m/products.csv: no rows", "measure", LADEN, "--models", "m")
        shutil.copy(os.path.join(MODELS, "products.csv"), self.path("m"))
        self.write("m/ports.geojson", "{")
        self.complains(3, "m/ports.geojson:1:1: not JSON", "measure", LADEN, "--models", "m", "--port", "Vostochny")


class Outputs(Door):
    def test_unwritable(self):
        for place, words in (("/nowhere/x.geojson", "No such file"), ("/dev/full", "No space left"), (".", "is a folder")):
            self.complains(3, words, "measure", LADEN, "-o", place)
        self.write("file", "x")
        self.complains(3, "file: is no folder", "explain", LADEN, "-o", "file")
        self.complains(3, "No such file", "explain", LADEN, "-o", "no/such")
        self.complains(3, "/nowhere/r.gpkg: cannot create", "batch", LADEN, "-o", "/nowhere/r.gpkg", "--quiet")
        self.complains(3, "not a GeoPackage", "batch", LADEN, "-o", self.write("r.gpkg", "hello"))

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root may write everywhere")
    def test_read_only_folder(self):
        os.chmod(self.home, 0o755)
        os.mkdir(self.path("locked"), 0o555)
        drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        for words in (["measure", LADEN, "-o", "locked/x.csv"], ["explain", LADEN, "-o", "locked"],
                      ["batch", LADEN, "-o", "locked/r.gpkg", "--quiet"]):
            run = subprocess.run([*drop, PLIMSOLL, *words], capture_output=True, cwd=self.home, timeout=60, check=False)
            if b"Permission denied" in run.stderr and b"setpriv" in run.stderr:
                self.skipTest("the program lies where another user may not go")
            self.assertEqual((run.returncode, run.stderr.count(b"\n")), (3, 1), run.stderr)

    def test_full_disk_and_broken_pipe(self):
        for command in (["measure", LADEN], ["scene", LADEN], ["scene", LADEN, "--format", "table"], ["help"], ["help", "--man"],
                        ["measure", "--help"], ["--version"], ["explain", LADEN, "-o", "drawn"],
                        ["load", "--loa", "100", "--beam", "16", "--draft", "5"]):
            with open("/dev/full", "wb") as full:
                self.complains(3, "stdout: No space left on device", *command, stdout=full)
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            self.complains(3, "stdout: Broken pipe", "measure", LADEN, stdout=pipe)

    def test_a_file_that_may_not_grow(self):
        for command in (["measure", LADEN, "-o", "x.geojson"], ["batch", LADEN, "-o", "x.gpkg", "--quiet"]):
            run = subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", PLIMSOLL, *command, "--models", MODELS],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self.home, timeout=60, check=False)
            self.assertEqual((run.returncode, run.stderr.count(b"\n")), (3, 1), run.stderr)


class Names(Door):
    def test_odd_names(self):
        for name in (b"caf\xe9.tif", b"two\nlines.tif", "schön größer.tif".encode(), b"-dash.tif", b"a'b\"c.tif"):
            path = os.path.join(self.home.encode(), name)
            shutil.copy(LADEN, path)
            shutil.copy(os.path.join(SAMPLES, "laden.json"), path[:-4] + b".json")
            code, out, err = self.run_it("measure", path)
            self.assertEqual((code, err), (0, ""), name)
            self.assertEqual(len(json.loads(out.encode("utf-8"))["features"]), 1)
            for form in ("csv", "table", "geojsonl"):
                self.assertEqual(self.run_it("measure", path, "--format", form)[0], 0, name)
            self.assertEqual(self.run_it("batch", path, "-o", "r.gpkg", "--quiet")[0], 0, name)
            self.assertEqual(self.run_it("explain", path, "-o", "drawn")[0], 0, name)
            err = self.run_it("measure", path + b".not")[2]
            self.assertEqual(err.count("\n"), 1, name)

    def test_several(self):
        code, out, err = self.run_it("measure", LADEN, "missing.tif", "--format", "csv")
        self.assertEqual((code, out.count("\r\n"), err.count("\n")), (1, 2, 1))
        self.assertEqual(self.run_it("measure", "a.tif", "b.tif")[0], 3)
        self.assertEqual(self.run_it("scene", LADEN, "missing.tif")[0], 1)
        self.assertEqual(self.run_it("explain", LADEN, "missing.tif", "-o", "drawn")[0], 1)
        self.assertEqual(self.run_it("batch", LADEN, "missing.tif", "-o", "r.gpkg")[0], 1)
        self.assertEqual(self.run_it("batch", "missing.tif", "-o", "s.gpkg")[0], 3)


class Words(Door):
    def test_json_log(self):
        err = self.run_it("measure", "missing.tif", "--log-format", "json")[2]
        self.assertEqual(json.loads(err), {"level": "error", "file": "missing.tif", "message": "No such file or directory"})
        self.sample("crs", having(proj__epsg=3857))
        err = self.run_it("measure", "crs.tif", "--log-format", "json")[2]
        self.assertEqual(json.loads(err)["level"], "warning")


if __name__ == "__main__":
    unittest.main()
