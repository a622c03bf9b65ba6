#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a raw picture with an RPC give what its rectified twin gives, and what does it cost?

Every rendered scene is written twice from the same pixels: as it is, in UTM, and raw, without georeference but with rational
polynomials that say the same of the water, which lies on the geoid, and lean things as the sidecar says. The UTM twin is given
the view's angles, the raw one is not. Both are measured; freeboards, places and processor seconds are compared. Exit 1 when a
freeboard differs by more than 0.05 m or a hull is missing; 77 when there are no scenes, or no python3-gdal.

    run.py [--scenes ../shared/scenes] [--only A,C] [--every N] [--tile N] [--runs N]

--tile N repeats each picture N x N times: a large picture with many hulls.
"""
import argparse
import glob
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile

try:
    import numpy
    from osgeo import gdal, osr
    gdal.UseExceptions()
except ImportError:
    print("skipped: needs python3-gdal and python3-numpy")
    sys.exit(77)

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77
AGREE_M = 0.05
HALF_LON, HALF_LAT, SCALE_PX, ABOVE_M, SCALE_M = 0.004, 0.003, 1000.0, 80.0, 400.0


def second_order(at):
    """Coefficients of a function by its values at nine places; over a kilometre the third order is micrometres."""
    terms = [0.0] * 20
    terms[0] = at[1, 1]
    terms[1] = (at[1, 2] - at[1, 0]) / 2
    terms[2] = (at[2, 1] - at[0, 1]) / 2
    terms[4] = (at[2, 2] - at[2, 0] - at[0, 2] + at[0, 0]) / 4
    terms[7] = (at[1, 2] + at[1, 0]) / 2 - at[1, 1]
    terms[8] = (at[2, 1] + at[0, 1]) / 2 - at[1, 1]
    return terms


def polynomials(picture, tile, azimuth_deg, incidence_deg, water_m):
    """GDAL's RPC items for a picture that lies in a UTM zone and goes on to the right and below, tile times its size."""
    width, height, half_lon, half_lat = picture.RasterXSize, picture.RasterYSize, HALF_LON * tile, HALF_LAT * tile
    affine = picture.GetGeoTransform()
    utm, wgs84 = osr.SpatialReference(wkt=picture.GetProjection()), osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    for system in (utm, wgs84):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    there, back = osr.CoordinateTransformation(utm, wgs84), osr.CoordinateTransformation(wgs84, utm)
    lon, lat, _ = there.TransformPoint(affine[0] + width / 2 * affine[1], affine[3] + height / 2 * affine[5])

    def pixel(at_lon, at_lat):
        x, y, _ = back.TransformPoint(at_lon, at_lat)
        return numpy.array([(x - affine[0]) / affine[1], (y - affine[3]) / affine[5]])

    grid = numpy.array([[pixel(lon + i * half_lon, lat + j * half_lat) for i in (-1, 0, 1)] for j in (-1, 0, 1)])
    sample = second_order((grid[:, :, 0] - 0.5 - width / 2) / SCALE_PX)
    line = second_order((grid[:, :, 1] - 0.5 - height / 2) / SCALE_PX)
    # metres of a degree on WGS 84, by its radii of curvature
    e2, s, step = 0.00669437999014, math.sin(math.radians(lat)), 1e-4
    across = 6378137 / math.sqrt(1 - e2 * s * s)
    east_m, north_m = math.radians(across * math.cos(math.radians(lat))), math.radians(across * (1 - e2) / (1 - e2 * s * s))
    per_east = (pixel(lon + step, lat) - pixel(lon - step, lat)) / (2 * step * east_m)
    per_north = (pixel(lon, lat + step) - pixel(lon, lat - step)) / (2 * step * north_m)
    azimuth, away = math.radians(azimuth_deg), -math.tan(math.radians(incidence_deg))
    lean = away * (math.sin(azimuth) * per_east + math.cos(azimuth) * per_north) / SCALE_PX  # of one metre of height
    for terms, part in ((sample, lean[0]), (line, lean[1])):
        terms[0] += part * ABOVE_M
        terms[3] = part * SCALE_M
    one = [1.0] + [0.0] * 19
    numbers = {"LINE_OFF": height / 2, "SAMP_OFF": width / 2, "LAT_OFF": lat, "LONG_OFF": lon, "HEIGHT_OFF": water_m + ABOVE_M,
               "LINE_SCALE": SCALE_PX, "SAMP_SCALE": SCALE_PX, "LAT_SCALE": half_lat, "LONG_SCALE": half_lon, "HEIGHT_SCALE": SCALE_M}
    lists = {"LINE_NUM_COEFF": line, "LINE_DEN_COEFF": one, "SAMP_NUM_COEFF": sample, "SAMP_DEN_COEFF": one}
    return {**{key: f"{value:.15g}" for key, value in numbers.items()},
            **{key: " ".join(f"{value:.15g}" for value in terms) for key, terms in lists.items()}}


def write_twins(scene, tile, azimuth_deg, incidence_deg, water_m, utm_file, raw_file):
    picture = gdal.Open(scene)
    pixels = picture.ReadAsArray().reshape(picture.RasterCount, picture.RasterYSize, picture.RasterXSize)
    items = polynomials(picture, tile, azimuth_deg, incidence_deg, water_m)
    pixels = numpy.tile(pixels, (1, tile, tile))
    band = picture.GetRasterBand(1)
    for raw, file in ((False, utm_file), (True, raw_file)):
        out = gdal.GetDriverByName("MEM").Create("", pixels.shape[2], pixels.shape[1], pixels.shape[0], band.DataType)
        out.WriteArray(pixels)
        for i in range(1, picture.RasterCount + 1):
            out.GetRasterBand(i).SetDescription(picture.GetRasterBand(i).GetDescription())
            out.GetRasterBand(i).SetColorInterpretation(picture.GetRasterBand(i).GetColorInterpretation())
        if raw:
            out.SetMetadata(items, "RPC")
        else:
            out.SetGeoTransform(picture.GetGeoTransform())
            out.SetProjection(picture.GetProjection())
        bits = band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE")
        gdal.GetDriverByName("GTiff").CreateCopy(file, out, options=["TILED=YES", "COMPRESS=DEFLATE"] + ([f"NBITS={bits}"] if bits else []))


def ask(plimsoll, *words):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([plimsoll, *words, "--format", "geojson", "--quiet"], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(run.stdout), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(utm, raw):
    """(hulls, worst difference of freeboards, worst distance between centres in metres), or a complaint."""
    if len(utm) != len(raw):
        return f"{len(utm)} hulls in UTM, {len(raw)} raw"
    key = lambda feature: (feature["properties"]["outline_px"][0][1], feature["properties"]["outline_px"][0][0])
    worst_m, apart_m = 0.0, 0.0
    for a, b in zip(sorted(utm, key=key), sorted(raw, key=key)):
        one, other = a["properties"]["freeboard_m"], b["properties"]["freeboard_m"]
        if (one is None) != (other is None):
            return f"{one} m in UTM, {other} m raw"
        worst_m = max(worst_m, abs(one - other) if one is not None else 0.0)
        for (x, y), (u, v) in zip(a["geometry"]["coordinates"][0][:4], b["geometry"]["coordinates"][0][:4]):
            apart_m = max(apart_m, math.hypot((x - u) * 111320 * math.cos(math.radians(y)), (y - v) * 111320))
    return len(utm), worst_m, apart_m


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--scenes", default=os.path.join(TOP, "..", "shared", "scenes"))
    parser.add_argument("--only", help="groups, comma separated")
    parser.add_argument("--every", type=int, default=1, help="take every N-th scene only")
    parser.add_argument("--tile", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1, help="of each picture, for the seconds")
    args = parser.parse_args()
    scenes = sorted(glob.glob(os.path.join(args.scenes, "scenes", "*.tif")))[::args.every]
    if not scenes:
        print(f"skipped: no scenes in {args.scenes}")
        return SKIPPED

    bad, worst_m, apart_m, hulls, ratios = 0, 0.0, 0.0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        utm_file, raw_file = os.path.join(folder, "utm.tif"), os.path.join(folder, "raw.tif")
        for scene in scenes:
            name = os.path.basename(scene)[:-4]
            with open(os.path.join(args.scenes, "truth", name + ".json"), encoding="utf-8") as file:
                if args.only and json.load(file)["group"] not in args.only.split(","):
                    continue
            info, _ = ask(args.plimsoll, "scene", scene)
            angle = {key: info[key]["deg"] for key in ("sun_azimuth", "sun_elevation", "view_azimuth", "view_incidence")}
            if None in angle.values():
                continue
            sun = ["--sun-azimuth", str(angle["sun_azimuth"]), "--sun-elevation", str(angle["sun_elevation"]), "--model-sigma", "0"]
            view = ["--view-azimuth", str(angle["view_azimuth"]), "--incidence", str(angle["view_incidence"])]
            water_m = 26.0
            write_twins(scene, args.tile, angle["view_azimuth"], angle["view_incidence"], water_m, utm_file, raw_file)
            seconds = {"utm": [], "raw": []}
            for _ in range(args.runs):
                utm, spent = ask(args.plimsoll, "measure", utm_file, *sun, *view)
                seconds["utm"].append(spent)
                raw, spent = ask(args.plimsoll, "measure", raw_file, *sun, "--water-height", str(water_m))
                seconds["raw"].append(spent)
            ratios.append(statistics.median(seconds["raw"]) / statistics.median(seconds["utm"]))
            answer = compare(utm["features"], raw["features"])
            if isinstance(answer, str) or answer[1] > AGREE_M:
                bad += 1
            if isinstance(answer, str):
                print(f"{name}: {answer}")
                continue
            hulls += answer[0]
            worst_m, apart_m = max(worst_m, answer[1]), max(apart_m, answer[2])
            print(f"{name}: {answer[0]} hulls, freeboards within {answer[1]:.3f} m, places within {answer[2]:.2f} m, "
                  f"{statistics.median(seconds['utm']):.2f} s in UTM, {statistics.median(seconds['raw']):.2f} s raw")
    if ratios:
        print(f"{len(ratios)} scenes, {hulls} hulls: freeboards within {worst_m:.3f} m, places within {apart_m:.2f} m, {bad} not alike; "
              f"raw takes {statistics.median(ratios):.2f} of the time in UTM (median)")
    return 1 if bad or not ratios else 0


if __name__ == "__main__":
    sys.exit(main())
