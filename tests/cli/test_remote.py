# SPDX-License-Identifier: GPL-3.0-or-later
"""Are pictures on servers read by ranges, and only from servers that the user named? Servers are made here, on 127.0.0.1."""
import http.server
import json
import os
import re
import shutil
import threading
import unittest
import zipfile

import numpy as np
from osgeo import gdal, osr

from door import SAMPLES, Door

gdal.UseExceptions()


class Server(http.server.ThreadingHTTPServer):
    """Serves a folder by ranges; remembers what was asked for and how many bytes of bodies it sent."""

    daemon_threads = True

    def __init__(self, folder, ranges=True, redirect=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.ranges, self.redirect = folder, ranges, redirect
        self.sent, self.asked, self.headers_seen = 0, [], []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def host(self):
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        pass  # a client that hangs up in the middle of a body is no fault here


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        server.asked.append(self.path)
        server.headers_seen.append(dict(self.headers))
        if server.redirect:
            self.send_response(302)
            self.send_header("Location", server.redirect + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        file = os.path.join(server.folder, self.path.lstrip("/").split("?")[0])
        if not os.path.isfile(file):
            self.send_error(404)
            return
        with open(file, "rb") as stream:
            body = stream.read()
        size, asked = len(body), re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked and server.ranges:
            first, last = int(asked[1]), int(asked[2] or size - 1)
            body = body[first:last + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{first + len(body) - 1}/{size}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        server.sent += len(body)
        self.wfile.write(body)


def large_cog(path, side=3072):
    """A COG of noise in tiles of 256, nothing compresses, so that bytes are pixels."""
    dataset = gdal.GetDriverByName("MEM").Create("", side, side, 2, gdal.GDT_UInt16)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32653)
    dataset.SetProjection(srs.ExportToWkt())
    dataset.SetGeoTransform([340000, 0.5, 0, 4729000, 0, -0.5])
    random = np.random.default_rng(2)
    for band in (1, 2):
        dataset.GetRasterBand(band).WriteArray(random.integers(200, 4000, (side, side), dtype=np.uint16))
    gdal.GetDriverByName("COG").CreateCopy(path, dataset, options=["COMPRESS=DEFLATE", "BLOCKSIZE=256"])
    return os.path.getsize(path)


class Remote(Door):
    def serve(self, folder=SAMPLES, **how):
        server = Server(folder, **how)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def rows(self, *words, **options):
        code, out, err = self.run_it("measure", *words, "--format", "geojson", **options)
        self.assertEqual((code, err), (0, ""))
        return [feature["properties"] for feature in json.loads(out)["features"]]

    def test_same_rows_as_the_local_file(self):
        server = self.serve()
        local = self.rows(os.path.join(SAMPLES, "laden.tif"))
        self.assertTrue(local)
        for name in (f"http://{server.host}/laden.tif", f"/vsicurl/http://{server.host}/laden.tif"):
            self.assertEqual(self.rows(name), local, name)
        self.assertIn("/laden.json", server.asked)

    def test_inside_an_archive(self):
        with zipfile.ZipFile(self.path("laden.zip"), "w", zipfile.ZIP_STORED) as archive:
            for name in ("laden.tif", "laden.json"):
                archive.write(os.path.join(SAMPLES, name), name)
        local = self.rows(os.path.join(SAMPLES, "laden.tif"))
        self.assertEqual(self.rows("/vsizip/" + self.path("laden.zip") + "/laden.tif"), local)
        server = self.serve(self.home)
        self.assertEqual(self.rows(f"/vsizip//vsicurl/http://{server.host}/laden.zip/laden.tif"), local)

    def test_ranges_not_files(self):
        size = large_cog(self.path("large.tif"))
        server = self.serve(self.home)
        code, _, err = self.run_it("scene", f"http://{server.host}/large.tif")
        self.assertEqual((code, err), (0, ""))
        describing, server.sent = server.sent, 0
        area = {"type": "Polygon", "coordinates": [[]]}
        west, north = 340500.0, 4728500.0
        utm, wgs = osr.SpatialReference(), osr.SpatialReference()
        utm.ImportFromEPSG(32653)
        wgs.ImportFromEPSG(4326)
        wgs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        way = osr.CoordinateTransformation(utm, wgs)
        area["coordinates"][0] = [list(way.TransformPoint(west + dx, north + dy)[:2])
                                  for dx, dy in ((0, 0), (200, 0), (200, -200), (0, -200), (0, 0))]
        self.write("area.geojson", json.dumps(area))
        code, _, err = self.run_it("hulls", f"http://{server.host}/large.tif", "--aoi", self.path("area.geojson"))
        self.assertEqual((code, err), (0, ""))
        print(f"file {size} bytes; to describe it {describing}; to search 200 m x 200 m of it {server.sent}")
        self.assertLess(describing, 0.01 * size)
        self.assertLess(server.sent, 0.05 * size)

    def test_redirects(self):
        other = self.serve()
        here = self.serve(redirect=f"http://{other.host}")
        self.complains(3, "--allow-host", "measure", f"http://{here.host}/laden.tif")
        self.assertEqual(other.asked, [])
        self.assertTrue(self.rows(f"http://{here.host}/laden.tif", "--allow-host", other.host))
        self.assertTrue(other.asked)
        onward = self.serve()
        onward.redirect = f"http://{onward.host}"
        self.complains(3, "on and on", "measure", f"http://{onward.host}/laden.tif")
        scheme = self.serve(redirect="file://")
        self.complains(3, "not a host", "measure", f"http://{scheme.host}/laden.tif")

    def test_way_round_the_guard(self):
        server = self.serve()
        for name in (f"/vsicurl?url=http://{server.host}/laden.tif", f"/vsicurl_streaming/http://{server.host}/laden.tif"):
            self.complains(2, "no name", "measure", name)
        self.assertEqual(server.asked, [])

    def test_server_without_ranges(self):
        server = self.serve(ranges=False)
        self.assertTrue(self.rows(f"http://{server.host}/laden.tif"))  # small: taken whole
        large_cog(self.path("large.tif"), side=1536)
        server = self.serve(self.home, ranges=False)
        self.complains(3, "fetch the file first", "scene", f"http://{server.host}/large.tif")

    def test_missing(self):
        server = self.serve()
        self.complains(3, "No such file", "measure", f"http://{server.host}/nothing.tif")

    def test_cloud_keys_stay_here(self):
        os.mkdir(self.path("bucket"))
        for name in ("laden.tif", "laden.json"):
            shutil.copy(os.path.join(SAMPLES, name), self.path("bucket"))
        server = self.serve(self.home)
        environment = dict(os.environ, AWS_S3_ENDPOINT=server.host, AWS_HTTPS="NO", AWS_VIRTUAL_HOSTING="FALSE",
                           AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret", AWS_REGION="us-east-1")
        self.assertTrue(self.rows("s3://bucket/laden.tif", env=environment))
        self.assertTrue(server.headers_seen)
        self.assertFalse([h for h in server.headers_seen if "Authorization" in h])
        self.assertTrue(self.rows("/vsis3/bucket/laden.tif", "--cloud-credentials", env=environment))
        self.assertTrue([h for h in server.headers_seen if "Authorization" in h])


if __name__ == "__main__":
    unittest.main()
