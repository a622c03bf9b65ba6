# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand where a picture is wanted, and what does it cost when it is none?"""
import json
import os
import shutil
import unittest

import fleet
from door import SAMPLES, Door


class Inputs(Door):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("in"))
        for name in ("laden", "empty", "refused"):
            for end in (".tif", ".json"):
                shutil.copy(os.path.join(SAMPLES, name + end), self.path("in"))

    def batch(self, *words, code=0, **options):
        store = self.path("r.gpkg")
        if os.path.exists(store):
            os.remove(store)
        got, _, err = self.run_it("batch", *words, "-o", "r.gpkg", "--jobs", "2", **options)
        self.assertEqual(got, code, err)
        found = fleet.rows(store)
        failed = {dict(row)["file"]: dict(row)["reason"].decode() for row in found["journal"] if dict(row)["status"] == b"failed"}
        return sorted(dict(row)["scene_id"].decode() for row in found["scenes"]), failed

    ALL = ["empty", "laden", "refused"]

    def test_folders_patterns_lists(self):
        self.write("one.txt", "\ufeffin/laden.tif\r\n\n# no picture\nin/emp*.tif\n")
        self.write("two.lst", "one.txt\nin/refused.json\n")
        for words in (["in"], ["in/"], ["in/*"], ["in/*.tif"], ["i?/[rel]*.tif"], ["*"], ["two.lst"], ["in", "one.txt", "in/laden.tif", "./in"]):
            if words == ["*"]:  # folder and lists are what fits, and lists name pictures of the folder
                os.rename(self.path("two.lst"), self.path("in/two.lst"))
            self.assertEqual(self.batch(*words), (self.ALL, {}), words)
            if words == ["*"]:
                os.rename(self.path("in/two.lst"), self.path("two.lst"))

    def test_standard_input(self):
        self.assertEqual(self.batch("-", typed="in/laden.tif\nin/empty.tif\nin"), (self.ALL, {}))
        shutil.copytree(self.path("in"), self.path("two\nlines"))
        self.assertEqual(self.batch("-", typed="two\nlines/laden.tif\0two\nlines/empty.tif\0"), (["empty", "laden"], {}))
        ids, failed = self.batch("-", "in/laden.tif", typed="-\n", code=1)
        self.assertEqual((ids, failed), (["laden"], {"-": "a list cannot name standard input"}))

    def test_what_is_nothing_costs_only_itself(self):
        os.mkdir(self.path("nothing"))
        os.symlink("turning", self.path("turning"))
        self.write("itself.txt", "in/laden.tif\n./itself.txt\n")
        self.write("empty.txt", "# nothing\n")
        words = ["nothing", "gone/*.tif", "gone.txt", "itself.txt", "empty.txt", "turning", "in/gone.tif", "", "in"]
        ids, failed = self.batch(*words, code=1)
        self.assertEqual(ids, self.ALL)
        self.assertEqual(failed["nothing"], "no pictures here")
        self.assertEqual(failed["gone/*.tif"], "no file fits this pattern")
        self.assertEqual(failed["gone.txt"], "No such file or directory")
        self.assertEqual(failed["./itself.txt"], "the list names itself")
        self.assertEqual(failed["empty.txt"], "no pictures here")
        self.assertIn("No such file", failed["in/gone.tif"])
        self.assertEqual(len(failed), 8, failed)
        self.assertEqual(self.batch("nothing", code=3), ([], {"nothing": "no pictures here"}))

    @unittest.skipIf(os.getuid() == 0, "root may read everything")
    def test_a_folder_that_cannot_be_read(self):
        os.mkdir(self.path("shut"), 0)
        self.assertEqual(self.batch("shut", "in", code=1), (self.ALL, {"shut": "Permission denied"}))

    def test_lists_that_name_each_other(self):
        for i in range(30):
            self.write(f"{i}.txt", f"{i + 1}.txt\n")
        self.write("30.txt", "in/laden.tif\n")
        self.assertEqual(self.batch("20.txt"), (["laden"], {}))
        self.assertEqual(list(self.batch("0.txt", code=3)[1].values()), ["lists of lists of lists: too deep"])
        self.write("a.txt", "b.txt\n")
        self.write("b.txt", "a.txt\nin/laden.tif\n")
        self.assertEqual(self.batch("a.txt", code=1), (["laden"], {"a.txt": "the list names itself"}))

    def test_hostile_names(self):
        names = [b"new\nline.tif", b"quote'\".tif", b"not\xff\xfeutf8.tif", b"  blanks .tif", b"-o.tif", b"$(touch loot).tif", b"a*b?[c].tif", b"tab\t.tif",
                 "\u202etxt.tif".encode(), b"%s%n.tif", b"semi;colon,comma.tif", b"#1.tif", b"back\\slash.tif"]
        os.mkdir(self.path("odd"))
        for name in names:
            shutil.copy(self.path("in/laden.tif"), os.path.join(self.path("odd").encode(), name))
        for _ in range(2):
            ids, failed = self.batch("odd")
            self.assertEqual((len(ids), failed), (len(names), {}))
        err = self.run_it("batch", "odd", "-o", "r.gpkg")[2]
        self.assertIn(f"kept             {len(names):6d}".split()[0], err)
        self.assertIn(f"{len(names)} of {len(names)} pictures done", err)
        self.assertFalse(os.path.exists(self.path("loot")))
        self.assertEqual(self.batch("a*b.tif", "in/laden.tif", code=1)[1], {"a*b.tif": "no file fits this pattern"})
        shutil.copy(self.path("in/laden.tif"), self.path("a*b.tif"))  # a file is itself before it is a pattern
        self.assertEqual(self.batch("a*b.tif"), (["a*b"], {}))

    def test_masks_are_no_pictures(self):
        shutil.copy(self.path("in/laden.tif"), self.path("in/x_3B_udm2.tif"))
        self.assertEqual(self.batch("in"), (self.ALL, {}))

    def collection(self, name, pictures, **links):
        items = []
        for picture in pictures:
            with open(self.path(f"in/{picture}.json"), encoding="utf-8") as file:
                items.append(json.load(file))
        for item, picture in zip(items, pictures):
            item["assets"]["image"]["href"] = f"./{picture}.tif"
        return self.write("in/" + name, json.dumps({"type": "FeatureCollection", "features": items, "links": [
            {"rel": "self", "href": "x"}, *({"rel": rel, **link} for rel, link in links.items())]}))

    def test_pages_of_a_collection(self):
        self.collection("p1.json", ["laden"], next={"href": "./p2.json"})
        self.collection("p2.json", ["empty"], next={"href": "p3.json", "method": "GET"})
        self.collection("p3.json", ["refused"])
        self.assertEqual(self.batch("in/p1.json"), (self.ALL, {}))
        self.assertEqual(self.batch("in/p1.json", "in/p2.json"), (self.ALL, {}))
        code, out, err = self.run_it("measure", "in/p1.json", "--format", "geojson")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual({f["properties"]["scene_id"] for f in json.loads(out)["features"]}, set(self.ALL))

    def test_an_item_that_failed_and_then_did_not(self):
        """It fails under its own name, for no picture was known, and is done under the picture's; of the failure nothing stays."""
        self.collection("two.json", ["laden", "empty"])
        os.rename(self.path("in/laden.tif"), self.path("away.tif"))
        ids, failed = self.batch("in/two.json", code=1)
        self.assertEqual((ids, list(failed)), (["empty"], ["in/two.json#1"]))
        os.rename(self.path("away.tif"), self.path("in/laden.tif"))
        self.assertEqual(self.run_it("batch", "in/two.json", "-o", "r.gpkg", "--quiet"), (0, "", ""))
        self.assertEqual([dict(row)["status"] for row in fleet.rows(self.path("r.gpkg"))["journal"]], [b"done", b"done"])

    def test_pages_that_lead_nowhere(self):
        for link, reason in (({"href": "gone.json"}, "which is not there"), ({"href": "../../etc/passwd"}, "outside its own folder"),
                             ({"href": "http://127.0.0.1:9/p.json"}, "not on a host that you named"), ({"href": 5}, "not a file's name"),
                             ({"href": "p2.json", "method": "POST"}, "is to be asked for by POST")):
            self.collection("p1.json", ["laden"], next=link)
            ids, failed = self.batch("in/p1.json", code=1)
            self.assertEqual(ids, ["laden"])
            self.assertIn(reason, failed["in/p1.json#next"])
        self.collection("p1.json", ["laden"], next={"href": "p2.json"})
        self.collection("p2.json", ["empty"], next={"href": "p1.json"})
        ids, failed = self.batch("in/p1.json", code=1)
        self.assertEqual((ids, list(failed.values())), (["empty", "laden"], ["the pages of this collection never end"]))
        self.write("in/p2.json", "{")
        ids, failed = self.batch("in/p1.json", code=1)
        self.assertEqual((ids, len(failed)), (["laden"], 1), failed)


if __name__ == "__main__":
    unittest.main()
