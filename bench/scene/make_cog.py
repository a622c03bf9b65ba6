#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures that bench/scene/run.py reads.

    make_cog.py PICTURE.tif SIDE [--sparse]

SIDE x SIDE pixels, four bands of 16 bits, 0.5 m, a DEFLATE COG (tiles of 512, overviews). Water with sensor noise of 11 bits,
a grain that differs from band to band: it compresses about as satellite pictures do (1.5 to 1.7 times). --sparse: nearly all
of it is empty, so that a picture of any size can be made at once.
"""
import argparse
import os

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()


def place(dataset):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32653)
    dataset.SetProjection(srs.ExportToWkt())
    dataset.SetGeoTransform([340000, 0.5, 0, 4729000, 0, -0.5])


def water(random, rows, side, band):
    swell = 30 * np.sin(np.arange(side) / (9.0 + band))
    return (300 + 40 * band + swell + random.normal(0, 8, (rows, side))).astype(np.uint16)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture")
    parser.add_argument("side", type=int)
    parser.add_argument("--sparse", action="store_true")
    args = parser.parse_args()
    random = np.random.default_rng(1)
    options = ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "BIGTIFF=YES", "COMPRESS=DEFLATE", "PREDICTOR=2", "NUM_THREADS=ALL_CPUS"]
    if args.sparse:  # written at once in its last form
        made = gdal.GetDriverByName("GTiff").Create(args.picture, args.side, args.side, 4, gdal.GDT_UInt16, options + ["SPARSE_OK=TRUE"])
        place(made)
        for band in range(4):
            made.GetRasterBand(band + 1).WriteArray(water(random, 512, 2048, band), args.side // 2, args.side // 2)
        made.BuildOverviews("NONE", [2 ** k for k in range(1, 8) if args.side >> k > 256])
        return
    draft = args.picture + ".draft.tif"
    made = gdal.GetDriverByName("GTiff").Create(draft, args.side, args.side, 4, gdal.GDT_UInt16, options[:-3])
    place(made)
    for row in range(0, args.side, 500):
        for band in range(4):
            rows = min(500, args.side - row)
            made.GetRasterBand(band + 1).WriteArray(water(random, rows, args.side, band), 0, row)
    made = None
    gdal.GetDriverByName("COG").CreateCopy(args.picture, gdal.Open(draft),
                                           options=["COMPRESS=DEFLATE", "PREDICTOR=YES", "BIGTIFF=YES", "NUM_THREADS=ALL_CPUS"])
    os.remove(draft)


if __name__ == "__main__":
    main()
