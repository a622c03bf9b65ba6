#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an analyst would look for ships with Debian's python3-rasterio and python3-skimage: the yardstick of speed.

Reads the window, takes for water what is dark in the near infrared (Otsu), cleans the rest, labels it, keeps what has a ship's proportions.
bench/detect/speed.py times it; its answers are nobody's truth.

    peer_skimage.py PICTURE [--overview N]      N: read at 1/N, from an overview where there is one
"""
import argparse

import numpy
import rasterio
from skimage import filters, measure, morphology

LEAST_M, MOST_M, LEAST_RATIO, MOST_RATIO, LEAST_SOLIDITY = 40, 480, 2.2, 14, 0.6


def ships(picture, overview):
    with rasterio.open(picture) as source:
        pixels = source.read(out_shape=(source.count, source.height // overview, source.width // overview)).astype(numpy.float32)
        pixel_m = abs(source.transform.a) * overview
    infrared = filters.gaussian(pixels[-1], 1, preserve_range=True)
    land = infrared > filters.threshold_otsu(infrared)
    land = morphology.remove_small_objects(morphology.binary_closing(land, morphology.disk(2)), int(200 / pixel_m ** 2))
    found = []
    for region in measure.regionprops(measure.label(land)):
        length, beam = region.major_axis_length * pixel_m, region.minor_axis_length * pixel_m
        if LEAST_M <= length <= MOST_M and beam > 0 and LEAST_RATIO <= length / beam <= MOST_RATIO and region.solidity >= LEAST_SOLIDITY:
            found.append((region.centroid, length, beam))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture")
    parser.add_argument("--overview", type=int, default=1)
    args = parser.parse_args()
    found = ships(args.picture, args.overview)
    print(f"{len(found)} ships")


if __name__ == "__main__":
    main()
