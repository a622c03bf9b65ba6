# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a hull's Feature what the contract says, field by field: names, types, ranges, null for unknown, RFC 7946 rings?"""
import base64
import json
import math
import os
import re
import unittest

from door import SAMPLES, TOP, Door

NUMBER, TEXT, TRUTH = (int, float), str, bool
# name: (type, least, most) of a number that is known; every field may be null unless it is in ALWAYS
FIELDS = {
    "id": TEXT, "scene_id": TEXT, "acquired": TEXT, "platform": TEXT, "gsd_m": (0.05, 50),
    "sun_azimuth_deg": (0, 360), "sun_elevation_deg": (-90, 90), "view_azimuth_deg": (0, 360), "view_incidence_deg": (0, 90),
    "sun_sigma_deg": (0, 30), "view_azimuth_sigma_deg": (0, 180), "view_incidence_sigma_deg": (0, 30),
    "outline_px": list, "waterline": dict, "waterline_px": list, "fingerprint": TEXT, "port": TEXT, "berth": TEXT,
    "lon": (-180, 180), "lat": (-90, 90), "heading_deg": (0, 360), "heading_sigma_deg": (0, 90), "bow_certain": TRUTH, "outline_source": TEXT,
    "length_m": (10, 500), "length_sigma_m": (0, 100), "beam_m": (2, 120), "beam_sigma_m": (0, 50),
    "vessel_class": TEXT, "ship_probability": (0, 1), "tanker_probability": (0, 1), "vessel_name": TEXT, "vessel_imo": TEXT, "vessel_source": TEXT,
    "status": TEXT, "reasons": list, "freeboard_m": (-3, 60), "freeboard_sigma_m": (0, 60), "freeboard_bound_m": (0, 60), "freeboard_m_p05": (-10, 60),
    "freeboard_m_p95": (-3, 70), "trim_m": (-20, 20), "trim_sigma_m": (0, 20), "list_deg": (-45, 45), "cues": list,
    "error_budget": dict, "draft_m": (0, 40), "draft_sigma_m": (0, 40), "depth_m": (0, 60), "depth_sigma_m": (0, 60),
    "depth_source": TEXT, "dwt_t": (5, 1e6), "dwt_sigma_t": (0, 1e6), "displacement_t": (10, 1.2e6),
    "displacement_sigma_t": (0, 1.2e6), "displacement_source": TEXT, "water_density_t_m3": (0.99, 1.05), "water_density_sigma_t_m3": (0, 0.05), "p_deep_loaded": (0, 1), "load_state": TEXT, "p_ballast": (0, 1), "p_part": (0, 1), "p_laden": (0, 1),
    "load_fraction_p05": (0, 1.1), "load_fraction_p50": (0, 1.1), "load_fraction_p95": (0, 1.1),
    "cargo_t_p05": (0, 1e6), "cargo_t_p50": (0, 1e6), "cargo_t_p95": (0, 1e6),
    "oil_bbl_p05": (0, 1.2e7), "oil_bbl_p50": (0, 1.2e7), "oil_bbl_p95": (0, 1.2e7), "product": TEXT, "conversion": TEXT,
    "conversion_evidence": TEXT, "ais_status": TEXT, "ais_dark": TRUTH, "ais_mmsi": TEXT, "ais_probability": (0, 1), "ais_distance_m": (0, 5000),
    "ais_gap_s": (0, 21600), "ais_speed_m_s": (0, 42), "ais_ship_type": TEXT, "ais_length_m": (1, 500), "ais_beam_m": (1, 100), "ais_draught_m": (0.1, 25.5), "ais_draught_sigma_m": (0, 5),
    "ais_draught_excess_m": (-40, 40), "ais_draught_excess_sigma_m": (0, 40), "ais_draught_z": (-500, 500), "shadow_length_m": (0, 1000), "overhang_m": (-60, 60), "tile": TEXT,
}
ALWAYS = {"id", "scene_id", "gsd_m", "outline_px", "lon", "lat", "heading_deg", "bow_certain", "length_m", "beam_m", "status",
          "reasons", "cues"}
NEEDS_FREEBOARD = {name for name in FIELDS if name.startswith(("freeboard_", "waterline"))} | {"error_budget"}
NEEDS_LOAD = {"draft_m", "draft_sigma_m", "depth_m", "dwt_t", "displacement_t", "load_state", "p_ballast", "p_part", "p_laden",
              "cargo_t_p50", "oil_bbl_p50", "load_fraction_p50", "product", "conversion"}
SCENE = {"id", "file", "sha256", "driver", "crs", "acquired", "platform", "warnings", "searched", "unseen_share", "corners", "seconds", "bytes_read", "files_used", "view_witness", "ais"}
CUE = {"side", "kind", "width_m", "width_sigma_m", "per_metre", "freeboard_m", "sigma_m", "stations", "chi2"}


def codes(begin):
    """The codes that docs/output.md lists between <!-- begin --> and <!-- /begin -->."""
    with open(os.path.join(TOP, "docs", "output.md"), encoding="utf-8") as file:
        part = re.search(f"<!-- {begin} -->(.*?)<!-- /{begin} -->", file.read(), re.S)[1]
    return set(re.findall(r"^\| `([a-z_0-9]+)` \|", part, re.M))


def no_odd_number(text):
    raise AssertionError(f"{text} is no JSON")


def area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


class Contract(Door):
    def collection(self, *words):
        code, out, err = self.run_it("measure", *words)
        self.assertEqual((code, err), (0, ""))
        return json.loads(out, parse_constant=no_odd_number)

    def check_type(self, name, value):
        kind = FIELDS[name]
        if value is None:
            self.assertNotIn(name, ALWAYS)
        elif isinstance(kind, tuple):
            self.assertNotIsInstance(value, bool, name)
            self.assertIsInstance(value, NUMBER, name)
            self.assertTrue(kind[0] <= value <= kind[1], f"{name} = {value}")
        else:
            self.assertIsInstance(value, kind, name)

    def check_polygon(self, polygon, lon, lat):
        self.assertEqual(set(polygon), {"type", "coordinates"})
        self.assertEqual((polygon["type"], len(polygon["coordinates"])), ("Polygon", 1))
        ring = polygon["coordinates"][0]
        self.assertGreaterEqual(len(ring), 4)
        self.assertEqual(ring[0], ring[-1])
        self.assertGreater(area(ring), 0, "RFC 7946: outer rings run counter-clockwise")
        for x, y in ring:
            self.assertTrue(abs(x - lon) < 0.01 and abs(y - lat) < 0.01, (x, y))

    def check_hull(self, feature):
        p = feature["properties"]
        self.assertEqual(set(feature), {"type", "id", "geometry", "properties"})
        self.assertEqual(feature["id"], p["id"])
        self.assertEqual(set(p), set(FIELDS))
        for name, value in p.items():
            self.check_type(name, value)
        self.assertRegex(p["acquired"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        self.assertEqual(len(base64.b64decode(p["fingerprint"], validate=True)) % 8, 0)
        self.assertLessEqual(set(p["reasons"]), codes("reasons"))
        self.assertIn(p["status"], ("measured", "dubious", "refused"))
        self.assertTrue(p["bow_certain"] or (p["heading_deg"] < 180 and p["trim_m"] is None))
        for ring in (p["outline_px"], p["waterline_px"]):
            if ring is not None:
                self.assertEqual(ring[0], ring[-1])
        if p["status"] == "refused":
            self.assertTrue(p["reasons"])
            for name in NEEDS_FREEBOARD | NEEDS_LOAD:
                self.assertIsNone(p[name], name)
        if p["status"] == "measured":
            for name in NEEDS_FREEBOARD | NEEDS_LOAD:
                self.assertIsNotNone(p[name], name)
            self.check_measured(p)
        self.check_polygon(feature["geometry"], p["lon"], p["lat"])

    def check_measured(self, p):
        self.check_polygon(p["waterline"], p["lon"], p["lat"])
        self.assertTrue(p["freeboard_m_p05"] < p["freeboard_m"] < p["freeboard_m_p95"])
        self.assertGreater(p["freeboard_sigma_m"], 0.03)
        self.assertGreater(p["freeboard_bound_m"], 0.001)  # no pixel is better than a thousandth
        self.assertLessEqual(p["freeboard_bound_m"], math.hypot(*(p["error_budget"][part] for part in ("fit", "underwater", "deck_gear"))) + 0.002)
        self.assertAlmostEqual(p["p_ballast"] + p["p_part"] + p["p_laden"], 1, places=3)
        states = {name: p["p_" + name] for name in ("ballast", "part", "laden")}
        self.assertEqual(states[p["load_state"]], max(states.values()))
        for stem in ("load_fraction", "cargo_t", "oil_bbl"):
            self.assertTrue(p[stem + "_p05"] <= p[stem + "_p50"] <= p[stem + "_p95"])
        self.assertAlmostEqual(p["draft_m"] + p["freeboard_m"], p["depth_m"], delta=0.15)
        self.assertEqual(set(p["error_budget"]), codes("budget"))
        budget = sum(sigma ** 2 for sigma in p["error_budget"].values()) ** 0.5
        self.assertAlmostEqual(budget, p["freeboard_sigma_m"], delta=0.002)
        self.assertTrue(p["cues"])
        for cue in p["cues"]:
            self.assertEqual(set(cue), CUE)
            self.assertIn((cue["side"], cue["kind"]), {(s, k) for s in ("port", "starboard") for k in ("dark_band", "lit_wall")})
            self.assertAlmostEqual(cue["width_m"] / cue["per_metre"], cue["freeboard_m"], delta=0.05)

    def test_samples(self):
        statuses = set()
        for name in sorted(os.listdir(SAMPLES)):
            if not name.endswith(".tif"):
                continue
            c = self.collection(os.path.join(SAMPLES, name))
            self.assertEqual(set(c), {"type", "plimsoll:version", "plimsoll:scene", "features"})
            scene = c["plimsoll:scene"]
            self.assertLessEqual(SCENE, set(scene))
            self.assertTrue(re.fullmatch("[0-9a-f]{64}", scene["sha256"]["picture"]))
            self.assertTrue(scene["sha256"]["sidecar"])
            self.assertTrue(re.fullmatch("[0-9a-f]{64}", scene["sha256"]["models"]))
            self.assertIsNone(scene["sha256"]["ports"])  # no port was asked for
            self.assertEqual(scene["hulls"], len(c["features"]))
            for feature in c["features"]:
                self.check_hull(feature)
                statuses.add(feature["properties"]["status"])
        self.assertLessEqual({"measured", "refused"}, statuses)

    def test_without_georeference(self):
        from osgeo import gdal
        gdal.UseExceptions()
        gdal.Translate(self.path("plain.tif"), os.path.join(SAMPLES, "laden.tif"), creationOptions=["PROFILE=BASELINE"])
        c = self.collection("plain.tif", "--pixel-size", "0.5", "--sun-azimuth", "229.17", "--sun-elevation", "33.009",
                            "--view-azimuth", "43.185", "--incidence", "12.363")
        feature = c["features"][0]
        p = feature["properties"]
        self.assertIsNone(feature["geometry"])
        self.assertEqual((p["lon"], p["lat"], p["waterline"]), (None, None, None))
        self.assertGreater(len(p["outline_px"]), 3)
        self.assertIn("no_georeference", p["reasons"])
        self.assertIsNotNone(p["freeboard_m"])

    def test_no_ships_is_an_answer(self):
        self.area("water.geojson", (133.1155, 42.6900), (133.1165, 42.6900), (133.1165, 42.6905), (133.1155, 42.6905),
                  (133.1155, 42.6900))
        c = self.collection(os.path.join(SAMPLES, "laden.tif"), "--aoi", self.path("water.geojson"))
        self.assertEqual((c["features"], c["plimsoll:scene"]["hulls"]), ([], 0))
        self.assertEqual(c["plimsoll:scene"]["searched"]["type"], "Polygon")

    def test_port_is_said(self):
        c = self.collection(os.path.join(SAMPLES, "laden.tif"), "--port", "vostochny")
        self.assertEqual(c["features"][0]["properties"]["port"], "Vostochny")
        self.assertTrue(re.fullmatch("[0-9a-f]{64}", c["plimsoll:scene"]["sha256"]["ports"]))


if __name__ == "__main__":
    unittest.main()
