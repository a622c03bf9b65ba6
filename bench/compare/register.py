#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well does `plimsoll compare` lay one picture on another?

    register.py [--scenes DIR] [--seed N] [--count 2]

Copies of the rendered port scenes: averaged to another pixel, with a tone curve, noise, and a georeference that is off by some metres that are
known. Says the error in pixels of the coarser picture, and that two ports give no registration. (Other suns: tests/image/test_shift.c.)
"""
import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile

import numpy
from osgeo import gdal, osr

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PORTS = ("d069", "d070", "d071")
gdal.UseExceptions()


def copy(scenes, scene, folder, throw):
    """Writes folder/after.tif and returns how far its georeference is off, metres east and north of the grid, and its pixel."""
    source = gdal.Open(os.path.join(scenes, "scenes", scene + ".tif"))
    left, pixel, _, top, _, _ = source.GetGeoTransform()
    coarse = throw.uniform(1.0, 1.5) * pixel
    cut = [throw.uniform(40, 90) for _ in range(4)]
    right, bottom = left + source.RasterXSize * pixel, top - source.RasterYSize * pixel
    warped = gdal.Warp("", source, format="MEM", xRes=coarse, yRes=coarse, resampleAlg="average", outputBounds=(left + cut[0], bottom + cut[1], right - cut[2], top - cut[3]))
    bands = numpy.atleast_3d(warped.ReadAsArray().astype(float)).reshape(warped.RasterCount, warped.RasterYSize, warped.RasterXSize)
    bands = (bands / bands.max()) ** throw.uniform(0.6, 1.0) * 2000
    bands += numpy.random.default_rng(throw.randrange(1 << 30)).normal(0, 20, bands.shape)
    off = [throw.uniform(-12, 12) for _ in range(2)]
    affine = list(warped.GetGeoTransform())
    affine[0] += off[0]
    affine[3] += off[1]
    out = gdal.GetDriverByName("GTiff").Create(os.path.join(folder, "after.tif"), warped.RasterXSize, warped.RasterYSize, warped.RasterCount, gdal.GDT_UInt16)
    out.SetProjection(source.GetProjection())
    out.SetGeoTransform(affine)
    for k in range(warped.RasterCount):
        out.GetRasterBand(k + 1).WriteArray(bands[k].clip(1, 60000).astype("uint16"))
    del out
    item = {"type": "Feature", "stac_version": "1.0.0", "id": "after", "geometry": None, "links": [], "assets": {"data": {"href": "after.tif"}},
            "properties": {"datetime": "2024-05-01T02:30:00Z", "view:sun_azimuth": 150.0, "view:sun_elevation": 50.0, "view:azimuth": 100.0, "view:incidence_angle": 10.0}}
    with open(os.path.join(folder, "after.json"), "w", encoding="utf-8") as file:
        json.dump(item, file)
    return off, coarse, convergence(source, (left + right) / 2, (top + bottom) / 2)


def convergence(source, x, y):
    """Of the grid: its north against the true one there, radians."""
    grid, sphere = osr.SpatialReference(source.GetProjection()), osr.SpatialReference()
    sphere.ImportFromEPSG(4326)
    for system in (grid, sphere):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    turn = osr.CoordinateTransformation(grid, sphere)
    lon, lat, _ = turn.TransformPoint(x, y)
    east, north, _ = turn.TransformPoint(x, y + 100)
    return math.atan2((east - lon) * math.cos(math.radians(lat)), north - lat)


def shift(plimsoll, before, after):
    out = subprocess.run([plimsoll, "compare", before, after, "--quiet", "--models", os.path.join(TOP, "models")], capture_output=True, text=True, check=True)
    told = json.loads(out.stdout)
    return told["registration"], told["shift_m"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2, help="copies a port")
    args = parser.parse_args()
    errors = []
    for scene in PORTS:
        before = os.path.join(args.scenes, "scenes", scene + ".tif")
        for k in range(args.count):
            throw = random.Random(f"{args.seed}/{scene}/{k}")
            with tempfile.TemporaryDirectory() as folder:
                off, pixel, turn = copy(args.scenes, scene, folder, throw)
                found, got = shift(args.plimsoll, before, os.path.join(folder, "after.tif"))
                if k == 0:  # the same ground under another port's pixels
                    other = os.path.join(args.scenes, "scenes", PORTS[(PORTS.index(scene) + 1) % len(PORTS)] + ".tif")
                    alone = gdal.Open(other).ReadAsArray()
                    data = gdal.Open(os.path.join(folder, "after.tif"), gdal.GA_Update)
                    alone = numpy.atleast_3d(alone).reshape(-1, *alone.shape[-2:])[0][:data.RasterYSize, :data.RasterXSize]
                    for band in range(data.RasterCount):
                        data.GetRasterBand(band + 1).WriteArray(alone.clip(1, 60000).astype("uint16"))
                    del data
                    stranger = shift(args.plimsoll, before, os.path.join(folder, "after.tif"))[0]["verdict"]
            east, north = off[0] * math.cos(turn) + off[1] * math.sin(turn), off[1] * math.cos(turn) - off[0] * math.sin(turn)
            error = math.hypot(got["east"] + east, got["north"] + north) / pixel
            errors.append(error if found["verdict"] == "registered" else math.inf)
            print(f"{scene}: pixel {pixel:.2f} m, {found['verdict']}, off by {error:.3f} px, sigma {got['sigma'] / pixel:.3f} px, peak {found['peak_sigmas']:.0f}"
                  + (f"; another port's pixels: {stranger}" if k == 0 else ""))
            sys.stdout.flush()
    print(f"worst {max(errors):.3f} px of {len(errors)}")
    return 0 if max(errors) < 0.1 else 1


if __name__ == "__main__":
    sys.exit(main())
