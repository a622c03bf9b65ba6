# SPDX-License-Identifier: GPL-3.0-or-later
"""What may a file do that a stranger made, what may it not, and how large may it be? Bands and cloud masks are asked about too."""
import hashlib
import json
import os
import shutil
import unittest
import zipfile

import numpy as np
from osgeo import gdal

from door import SAMPLES, Door

gdal.UseExceptions()


class Trust(Door):
    def laden(self, name="laden", driver="GTiff", options=(), change=None):
        """The sample written anew, with its sidecar; change(array) changes the pixels."""
        source = gdal.Open(os.path.join(SAMPLES, "laden.tif"))
        ending = {"GTiff": ".tif", "NITF": ".ntf", "JP2OpenJPEG": ".jp2", "PNG": ".png", "VRT": ".vrt"}[driver]
        if change:
            pixels = change(np.atleast_3d(source.ReadAsArray().T).T)
            kind = gdal.GDT_Float32 if pixels.dtype == np.float32 else gdal.GDT_UInt16
            made = gdal.GetDriverByName("MEM").Create("", source.RasterXSize, source.RasterYSize, len(pixels), kind)
            made.SetProjection(source.GetProjection())
            made.SetGeoTransform(source.GetGeoTransform())
            for band, plane in enumerate(pixels):
                made.GetRasterBand(band + 1).WriteArray(plane)
            source = made
        gdal.GetDriverByName(driver).CreateCopy(self.path(name + ending), source, options=list(options))
        shutil.copy(os.path.join(SAMPLES, "laden.json"), self.path(name + ".json"))
        return self.path(name + ending)

    def row(self, *words, code=0):
        got, out, err = self.run_it("measure", *words, "--format", "geojson")
        self.assertEqual(got, code, err)
        features = json.loads(out)["features"]
        return features[0]["properties"] if features else None

    def test_vrt_only_if_asked(self):
        picture = self.laden(driver="VRT")
        self.complains(3, "--allow-vrt", "measure", picture)
        self.assertIsNotNone(self.row(picture, "--allow-vrt"))
        self.complains(3, "not an image", "measure", self.write("words.tif", "words"))

    def test_neighbours(self):
        """An overview that is a VRT of another file is not followed, nor an .aux.xml that moves the picture."""
        picture = self.laden()
        plain = self.row(picture)
        other = self.laden("other", change=lambda a: a * 0 + 5)
        vrt = gdal.Translate("", other, format="VRT", width=100, height=100)
        self.write("laden.tif.ovr", vrt.GetMetadata("xml:VRT")[0])
        self.write("laden.tif.aux.xml", "<PAMDataset><GeoTransform>0,1,0,0,0,-1</GeoTransform><Metadata domain=\"OVERVIEWS\">"
                   f"<MDI key=\"OVERVIEW_FILE\">{other}</MDI></Metadata></PAMDataset>")
        self.assertEqual(self.row(picture), plain)

    def test_limits(self):
        picture = self.laden(change=lambda a: np.concatenate([a, a, a]))
        self.complains(3, "are more than 1000 (--max-pixels)", "measure", picture, "--max-pixels", "1000")
        self.complains(3, "3 bands are more than 2 (--max-bands)", "measure", picture, "--max-bands", "2")
        self.complains(3, "(--max-window)", "measure", picture, "--max-window", "1", "--quiet")

    def test_archive_bomb(self):
        with zipfile.ZipFile(self.path("bomb.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("bomb.tif", "w", force_zip64=True) as member:
                for _ in range(300):
                    member.write(bytes(1 << 20))
        inside = "/vsizip/" + self.path("bomb.zip") + "/bomb.tif"
        self.complains(3, "archive bomb", "scene", inside)
        self.complains(3, "--max-unpacked)", "scene", inside, "--max-unpacked", "10")
        self.complains(3, "unpack it first", "scene", "/vsigzip/" + self.path("bomb.zip"))

    def test_forms_agree(self):
        """One scene as NITF, JPEG 2000 (lossless), tiled with factors to reflectance, and as reflectance: one freeboard."""
        plain = self.row(self.laden())
        forms = (self.laden("nitf", "NITF"), self.laden("jp2", "JP2OpenJPEG", ("REVERSIBLE=YES", "QUALITY=100")),
                 self.laden("planar", options=("INTERLEAVE=BAND", "TILED=YES", "COMPRESS=ZSTD")),
                 self.laden("float", change=lambda a: (a / 10000).astype(np.float32)))
        scaled = gdal.Open(forms[2], gdal.GA_Update)
        scaled.GetRasterBand(1).SetScale(0.0001)
        scaled.GetRasterBand(1).SetOffset(-0.01)
        scaled = None
        for picture in forms:
            row = self.row(picture)
            self.assertIsNotNone(row, picture)
            for field, slack in (("freeboard_m", 0.05), ("length_m", 1.0)):
                self.assertAlmostEqual(row[field], plain[field], delta=slack, msg=f"{picture}: {field}")

    def test_bands(self):
        picture = self.laden()
        code, out, err = self.run_it("scene", picture, "--format", "geojson")
        count = len(json.loads(out)["bands"])
        words = ",".join(["nir", "red", "green", "blue"][:count])
        code, out, err = self.run_it("scene", picture, "--bands", words, "--format", "geojson")
        self.assertEqual((code, ",".join(json.loads(out)["bands"])), (0, words), err)
        self.complains(2, "--bands names", "scene", picture, "--bands", words + ",red")
        self.complains(2, "'violet'", "scene", picture, "--bands", "violet")

    def mask(self, name, bands, where, band=1, scale=1):
        picture = gdal.Open(os.path.join(SAMPLES, "laden.tif"))
        made = gdal.GetDriverByName("GTiff").Create(self.path(name), picture.RasterXSize // scale, picture.RasterYSize // scale, bands)
        made.GetRasterBand(band).WriteArray(np.full((picture.RasterYSize // scale, picture.RasterXSize // scale), where, np.uint8))
        return self.path(name)

    def test_clouds(self):
        picture = self.laden()
        plain = self.row(picture)
        clear, cloudy = self.mask("clear.tif", 1, 0), self.mask("cloudy.tif", 1, 1, scale=4)
        self.assertEqual(self.row(picture, "--cloud-mask", clear), plain)
        self.assertIsNone(self.row(picture, "--cloud-mask", cloudy))  # nothing is seen, nothing is found
        self.mask("laden_udm2.tif", 8, 1, band=4)  # light haze hides nothing
        self.assertEqual(self.row(picture), plain)
        self.mask("laden_udm2.tif", 8, 1, band=6)
        self.assertIsNone(self.row(picture))
        self.mask("odd.tif", 1, 0)
        gdal.Translate(self.path("cut.tif"), self.path("odd.tif"), srcWin=[0, 0, 50, 10])
        self.complains(3, "does not lie on", "measure", picture, "--cloud-mask", self.path("cut.tif"))

    def test_files_used(self):
        """Every file beside picture and metadata that had a say is named, with the hash of its bytes."""
        picture, mask = self.laden(), self.mask("laden_udm2.tif", 8, 0)
        gdal.Open(picture).BuildOverviews("AVERAGE", [2])  # opened to read only: beside the picture
        code, out, _ = self.run_it("measure", picture, "--format", "geojson")
        self.assertEqual(code, 0)
        used = {f["name"]: f["sha256"] for f in json.loads(out)["plimsoll:scene"]["files_used"]}
        self.assertEqual(set(used), {"laden_udm2.tif", "laden.tif.ovr", "platforms.csv"})
        for path in (mask, picture + ".ovr"):
            with open(path, "rb") as file:
                self.assertEqual(used[os.path.basename(path)], hashlib.sha256(file.read()).hexdigest())

    def test_cloud_over_a_part(self):
        """A strip of cloud over the bow: dubious or refused, and said why."""
        picture = self.laden()
        plain = self.row(picture)
        x, y = np.array(plain["outline_px"]).T
        name = self.mask("strip.tif", 1, 0)
        made = gdal.Open(name, gdal.GA_Update)
        made.GetRasterBand(1).WriteArray(np.ones((6, 6), np.uint8), int(x.mean()) - 3, int(y.mean()) - 3)
        made = None
        row = self.row(picture, "--cloud-mask", name)
        self.assertIsNotNone(row)
        self.assertIn("cloud", row["reasons"])
        self.assertNotEqual(row["status"], "measured")


if __name__ == "__main__":
    unittest.main()
