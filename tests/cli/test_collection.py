# SPDX-License-Identifier: GPL-3.0-or-later
"""May a STAC collection stand in the place of a picture: as a file, on standard input, as links?"""
import json
import sqlite3
import unittest

from door import Door


class Collections(Door):
    def setUp(self):
        super().setUp()
        self.items = []
        for name, picture in (("one", "laden"), ("two", "empty")):
            self.sample(name, picture=picture, change=lambda item, name=name: self.named(item, name))
            with open(self.path(name + ".json"), encoding="utf-8") as file:
                self.items.append(json.load(file))
        missing = json.loads(json.dumps(self.items[0]))
        self.named(missing, "three")  # no such picture
        self.all = {"type": "FeatureCollection", "features": self.items}
        self.worse = {"type": "FeatureCollection", "features": [self.items[0], missing, {"type": "Feature"}, self.items[1]]}
        self.write("all.json", json.dumps(self.all))
        self.write("worse.geojson", json.dumps(self.worse))

    def named(self, item, name):
        item["id"] = "scene-" + name
        item["assets"]["image"]["href"] = f"./{name}.tif"

    def ids(self, out):
        return {feature["properties"]["scene_id"] for feature in json.loads(out)["features"]}

    def alone(self):
        """What the first picture gives by itself."""
        return json.loads(self.run_it("measure", "one.tif")[1])["features"][0]["properties"]

    def test_each_item_is_measured(self):
        code, out, err = self.run_it("measure", "all.json")
        self.assertEqual((code, err, self.ids(out)), (0, "", {"scene-one", "scene-two"}))
        first = json.loads(out)["features"][0]["properties"]
        self.assertEqual(first["freeboard_m"], self.alone()["freeboard_m"])
        code, out, _ = self.run_it("scene", "all.json")
        self.assertEqual([scene["id"] for scene in json.loads(out)], ["scene-one", "scene-two"])
        self.assertEqual([scene["sidecar"] for scene in json.loads(out)], ["all.json#1", "all.json#2"])

    def test_one_item_may_be_named(self):
        code, out, err = self.run_it("scene", "all.json#2")
        self.assertEqual((code, err, json.loads(out)["id"]), (0, "", "scene-two"))
        self.complains(3, "all.json#3: of 2 items", "scene", "all.json#3")
        self.write("odd#1.json", json.dumps(self.items[1]))  # a name may hold the sign
        self.assertEqual(json.loads(self.run_it("scene", "odd#1.json")[1])["id"], "scene-two")

    def test_bad_items_cost_only_themselves(self):
        code, out, err = self.run_it("measure", "worse.geojson")
        self.assertEqual((code, err.count("\n"), self.ids(out)), (1, 2, {"scene-one", "scene-two"}), err)
        self.assertIn("plimsoll: worse.geojson#2: ", err)
        self.assertIn("plimsoll: worse.geojson#3: ", err)
        self.complains(3, "a collection of 0 items", "measure", self.write("no.json", '{"type": "FeatureCollection", "features": []}'))
        self.complains(3, "not JSON", "measure", self.write("cut.json", '{"type": "FeatureCollection", "features": ['))

    def test_standard_input(self):
        for given, ids in ((self.items[0], ["scene-one"]), (self.all, ["scene-one", "scene-two"])):
            for more in ([], ["--in-process"]):
                code, out, err = self.run_it("scene", "-", *more, typed=json.dumps(given))
                scenes = json.loads(out)
                scenes = scenes if isinstance(scenes, list) else [scenes]
                self.assertEqual((code, err, [scene["id"] for scene in scenes]), (0, "", ids))
        code, out, err = self.run_it("measure", "-", typed=json.dumps(self.all))
        self.assertEqual((code, err, self.ids(out)), (0, "", {"scene-one", "scene-two"}))
        code, out, err = self.run_it("measure", "-", typed="one.tif\n# a list\ntwo.tif\n")
        self.assertEqual((code, err, self.ids(out)), (0, "", {"scene-one", "scene-two"}))
        self.assertEqual(self.run_it("measure", "-", typed="{}")[0], 3)
        self.assertIn("no pictures here", self.run_it("measure", "-", typed="")[2])

    def test_batch(self):
        code, _, err = self.run_it("batch", "worse.geojson", "-o", "r.gpkg", "--jobs", "2")
        self.assertEqual(code, 1, err)
        self.assertIn("2 of 4 pictures done, 2 failed", err)
        with sqlite3.connect(self.path("r.gpkg")) as store:
            self.assertEqual(store.execute("select count(*) from scenes").fetchone()[0], 2)
        code, _, err = self.run_it("batch", "-", "-o", "s.gpkg", typed=json.dumps(self.all))
        self.assertEqual(code, 0, err)
        with sqlite3.connect(self.path("s.gpkg")) as store:
            self.assertEqual(store.execute("select count(*) from scenes").fetchone()[0], 2)

    def test_links(self):
        links = [{"rel": "self", "href": "x.json"}, {"rel": "item", "href": "./one.json"}, {"rel": "item", "href": "two.json"}]
        for kind in ("Collection", "Catalog"):
            self.write("collection.json", json.dumps({"type": kind, "id": "c", "links": links}))
            code, out, err = self.run_it("scene", "collection.json")
            self.assertEqual((code, err), (0, ""))
            self.assertEqual([(scene["id"], scene["sidecar"]) for scene in json.loads(out)],
                             [("scene-one", "./one.json"), ("scene-two", "./two.json")])
        for href, words in (("/etc/passwd", "outside its own folder"), ("http://127.0.0.1:1/i.json", "not on a host that you named"),
                            ("../one.json", "outside its own folder"), ("none.json", "which is not there")):
            self.write("bad.json", json.dumps({"type": "Collection", "links": [{"rel": "item", "href": href}]}))
            self.complains(3, words, "scene", "bad.json")


if __name__ == "__main__":
    unittest.main()
