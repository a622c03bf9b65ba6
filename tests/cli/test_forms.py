# SPDX-License-Identifier: GPL-3.0-or-later
"""Does each form of output keep to its rules: CSV, GeoJSON lines, the table, -o and what a terminal shows?"""
import csv
import io
import json
import os
import pty
import subprocess
import unittest
from math import remainder

from door import PLIMSOLL, SAMPLES, Door

LADEN = os.path.join(SAMPLES, "laden.tif")
REFUSED = os.path.join(SAMPLES, "refused.tif")


def on_a_terminal(*words):
    """What the program writes to a terminal."""
    leader, follower = pty.openpty()
    with subprocess.Popen([PLIMSOLL, *words], stdin=subprocess.DEVNULL, stdout=follower, stderr=subprocess.PIPE) as run:
        os.close(follower)
        text = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:  # Linux says EIO when the other side is gone
                break
            if not piece:
                break
            text += piece
        run.stderr.read()
        code = run.wait(timeout=60)
    os.close(leader)
    return code, text.decode()


class Forms(Door):
    def test_csv_of_scenes(self):
        """A line a picture, also where nothing was found; a name that is a formula stays text."""
        def rename(item):
            item["id"] = "=1+1"
        self.sample("odd", rename)
        self.area("water.geojson", (133.1155, 42.6900), (133.1165, 42.6900), (133.1165, 42.6905), (133.1155, 42.6905), (133.1155, 42.6900))
        code, out, err = self.run_it("measure", "odd.tif", os.path.join(SAMPLES, "refused.tif"), "--format", "csv", "--scenes-csv", "scenes.csv")
        self.assertEqual(code, 0, err)
        hulls = list(csv.DictReader(io.StringIO(out)))
        with open(self.path("scenes.csv"), newline="", encoding="utf-8") as file:
            scenes = list(csv.DictReader(file))
        self.assertEqual([s["scene_id"] for s in scenes], ["'=1+1", "refused"])
        self.assertEqual([(s["hulls"], s["measured"]) for s in scenes], [("1", "1"), ("1", "0")])
        self.assertEqual([h["scene_id"] for h in hulls], [s["scene_id"] for s in scenes])
        self.assertEqual(scenes[0]["acquired"], hulls[0]["acquired"])
        self.assertEqual(len(scenes[0]["sha256"]), 64)
        code, out, err = self.run_it("measure", "odd.tif", "--aoi", "water.geojson", "--format", "csv", "--scenes-csv", "scenes.csv")
        self.assertEqual((code, out.count("\n")), (0, 1), err)
        with open(self.path("scenes.csv"), newline="", encoding="utf-8") as file:
            self.assertEqual([s["hulls"] for s in csv.DictReader(file)], ["0"])
        self.assertEqual(self.run_it("measure", "odd.tif", "--scenes-csv", "no/such/folder.csv")[0], 3)

    def test_csv(self):
        code, out, _ = self.run_it("measure", LADEN, REFUSED, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        self.assertEqual((code, len(rows), out.count("\r\n")), (0, 2, 3))
        self.assertEqual([row["scene_id"] for row in rows], ["laden", "refused"])
        self.assertEqual(rows[1]["freeboard_m"], "")  # unknown is empty
        self.assertNotIn("nan", out.lower())

    def test_csv_formulas_are_neutralised(self):
        for name in ("=1+1", "+1", "-x", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "a,b", 'say "no"'):
            code, out, _ = self.run_it("measure", LADEN, "--format", "csv", "--vessel=" + name)
            row = next(csv.DictReader(io.StringIO(out, newline="")))
            self.assertEqual(code, 0)
            self.assertEqual(row["vessel_name"], ("'" if name[0] in "=+-@\t" else "") + name)
        self.sample("odd", lambda item: item.update(id="=cmd|' /C calc'!A0"))
        row = next(csv.DictReader(io.StringIO(self.run_it("measure", "odd.tif", "--format", "csv")[1], newline="")))
        for key in ("id", "scene_id"):
            self.assertTrue(row[key].startswith("'="), row[key])

    def test_geojson_lines(self):
        code, out, _ = self.run_it("measure", LADEN, REFUSED, "--format", "geojsonl")
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((code, len(lines)), (0, 4))
        for scene, hull, name in ((lines[0], lines[1], "laden"), (lines[2], lines[3], "refused")):
            self.assertEqual((scene["type"], scene["properties"], scene["plimsoll:scene"]["id"]), ("Feature", {}, name))
            self.assertIn("plimsoll:version", scene)
            self.assertEqual((hull["type"], hull["properties"]["scene_id"]), ("Feature", name))
            self.assertNotIn("plimsoll:scene", hull)

    def test_the_forms_agree(self):
        feature = json.loads(self.run_it("measure", LADEN)[1])["features"][0]
        line = json.loads(self.run_it("measure", LADEN, "--format", "geojsonl")[1].splitlines()[1])
        self.assertEqual(feature, line)
        row = next(csv.DictReader(io.StringIO(self.run_it("measure", LADEN, "--format", "csv")[1], newline="")))
        for key in ("freeboard_m", "draft_m", "oil_bbl_p50", "lon", "heading_deg"):
            self.assertAlmostEqual(float(row[key]), feature["properties"][key], places=7)
        self.assertEqual(row["reasons"].split(), feature["properties"]["reasons"])

    def test_same_input_same_bytes(self):
        self.assertEqual(self.run_it("measure", LADEN)[1], self.run_it("measure", LADEN)[1])

    def test_terminal_and_pipe(self):
        code, text = on_a_terminal("measure", LADEN)
        self.assertEqual(code, 0)
        lines = text.replace("\r\n", "\n").splitlines()
        self.assertEqual((len(lines), lines[0].split()[0], lines[1].split()[:2]), (2, "scene", ["laden", "measured"]))
        self.assertTrue(self.run_it("measure", LADEN)[1].startswith('{"type":"FeatureCollection"'))
        self.assertIn("can measure", on_a_terminal("scene", LADEN)[1])
        self.assertEqual(json.loads(self.run_it("scene", LADEN)[1])["id"], "laden")
        self.assertTrue(on_a_terminal("measure", LADEN, "--format", "csv")[1].startswith("id,scene_id,"))

    def test_out(self):
        plain = self.run_it("measure", LADEN)[1]
        for name, begin in (("a.geojson", '{"type":"FeatureCollection"'), ("a.csv", "id,"), ("a.geojsonl", '{"type":"Feature",')):
            code, out, err = self.run_it("measure", LADEN, "-o", name)
            self.assertEqual((code, out, err), (0, "", ""))
            with open(self.path(name), encoding="utf-8") as file:
                self.assertTrue(file.read().startswith(begin), name)
        self.assertEqual(self.run_it("measure", LADEN, "-o", "-")[1], plain)
        self.assertEqual(self.run_it("measure", LADEN, "-o", "a.csv", "--format", "table")[0], 0)
        with open(self.path("a.csv"), encoding="utf-8") as file:
            self.assertTrue(file.read().startswith("scene "))  # the option goes before the ending
        self.assertEqual(sorted(os.listdir(self.home)), ["a.csv", "a.geojson", "a.geojsonl"])  # no temporary file is left

    def test_scene(self):
        code, out, _ = self.run_it("scene", LADEN, "-o", "s.json")
        self.assertEqual((code, out), (0, ""))
        with open(self.path("s.json"), encoding="utf-8") as file:
            scene = json.load(file)
        self.assertEqual(scene["sun_elevation"], {"deg": 33.009, "source": "metadata"})
        self.assertEqual([f["heading_deg"] for f in scene["forecast"]], list(range(0, 180, 5)))
        two = json.loads(self.run_it("scene", LADEN, "missing.tif", REFUSED)[1])
        self.assertEqual([s["id"] for s in two], ["laden", "refused"])

    def test_the_antimeridian(self):
        # RFC 7946, 3.1.9: longitudes end at 180, and what crosses is cut there
        def corners(geometry):
            parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            return [part[0] for part in parts]

        def area(rings):  # shoelace, in square degrees, and in which sense
            return sum(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2 for ring in rings)

        areas = []
        for lon in ("140", "180", "-179.9999", "-179.99"):
            self.run_it("synth", "--epsg", "4326", "--lon", lon, "--lat", "42", "--size", "400", "--bare", "-o", "x.tif")
            feature = json.loads(self.run_it("hulls", "x.tif")[1])["features"][0]
            rings = corners(feature["geometry"])
            areas.append(area(rings))
            self.assertEqual(len(rings), 2 if lon in ("180", "-179.9999") else 1)
            self.assertLess(abs(remainder(feature["properties"]["lon"] - float(lon), 360)), 0.001)
            for ring in rings:
                self.assertEqual(ring[0], ring[-1])
                self.assertLessEqual(max(abs(p[0]) for p in ring), 180)
                self.assertLess(max(p[0] for p in ring) - min(p[0] for p in ring), 0.01)
        for got in areas[1:]:  # the halves make up the whole
            self.assertAlmostEqual(got / areas[0], 1, delta=0.02)

    def test_hulls(self):
        feature = json.loads(self.run_it("hulls", LADEN)[1])["features"][0]["properties"]
        self.assertEqual((feature["status"], feature["freeboard_m"], feature["load_state"]), (None, None, None))
        self.assertGreater(feature["length_m"], 80)

    def test_vessel(self):
        for word, name, imo in (("9074729", None, "9074729"), ("In No Registry", "In No Registry", None)):
            p = json.loads(self.run_it("measure", LADEN, "--vessel", word)[1])["features"][0]["properties"]
            self.assertEqual((p["vessel_name"], p["vessel_imo"], p["vessel_source"]), (name, imo, "option"))

    def test_help(self):
        from_help = self.run_it("help")[1]
        self.assertEqual(self.run_it("--help")[1], from_help)
        page = self.run_it("help", "--man")[1]
        for command in ("scene", "hulls", "measure", "explain", "batch", "load", "synth"):
            self.assertIn(f"plimsoll {command}", from_help)
            self.assertIn(f".BR plimsoll\\-{command} (1)\n", page)
            text = self.run_it(command, "--help")[1]
            self.assertEqual(self.run_it("help", command)[1], text)
            own = self.run_it("help", "--man", command)[1]
            for option in (word for word in text.split() if word.startswith("--")):
                self.assertIn(option.replace("-", "\\-"), own)
        self.assertEqual(self.run_it("help", "--man", "mesure")[0], 2)

    def test_completion(self):
        """What a person types and asks bash to complete."""
        script = self.run_it("help", "--completion")[1]
        for typed, offered in ((["me"], {"measure", "merge"}), (["measure", "--view"], {"--view-azimuth", "--view-azimuth-convention"}),
                               (["load", "--jobs"], set()), (["batch", "--sha"], {"--shard"})):
            words = " ".join(["plimsoll", *typed])
            ask = f'{script}\nCOMP_WORDS=({words}); COMP_CWORD={len(typed)}; _plimsoll; printf "%s\\n" "${{COMPREPLY[@]}}"'
            run = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=60, check=True)
            self.assertEqual((set(run.stdout.split()), run.stderr), (offered, ""))


if __name__ == "__main__":
    unittest.main()
