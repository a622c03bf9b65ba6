# SPDX-License-Identifier: GPL-3.0-or-later
"""Do shares become one store, are contradictions told, and can a stranger's part do harm?"""
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from door import SAMPLES, Door
from pg import PASSWORD, Postgis

WRITER = os.environ["PL_WRITER"]


class Merge(Door):
    def written(self, store, prefix="a", first=0, last=4, key="k", folder="/pictures"):
        name = store if store.startswith("PG:") else self.path(store)
        done = subprocess.run([WRITER, "write", name, prefix, str(first), str(last), key, folder], check=False, capture_output=True,
                              env={**os.environ, "PGPASSWORD": PASSWORD})
        self.assertEqual(done.returncode, 0, done.stderr)
        return store

    def merge(self, into, *parts):
        code, out, err = self.run_it("merge", "-o", into, *parts, env={**os.environ, "PGPASSWORD": PASSWORD})
        self.assertEqual(out, "")
        return code, err

    def rows(self, store, sql):
        base = sqlite3.connect(self.path(store))
        try:
            return base.execute(sql).fetchall()
        finally:
            base.close()

    def change(self, store, *statements):
        base = sqlite3.connect(self.path(store))
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            base.create_function(name, 1, lambda shape: 0)
        for sql in statements:
            base.execute(sql)
        base.commit()
        base.close()

    def everything(self, store):
        """All rows but their numbers and times of writing."""
        out = []
        for layer in ("scenes", "hulls", "journal"):
            names = [r[1] for r in self.rows(store, f"PRAGMA table_info({layer})") if r[1] not in ("fid", "written")]
            out.append(sorted(self.rows(store, f"SELECT {', '.join(names)} FROM {layer}"), key=repr))
        return out

    def test_shares_make_the_whole(self):
        self.written("whole.gpkg", last=9)
        self.written("p1.gpkg", last=3)
        self.written("p2.gpkg", first=4, last=9)
        code, err = self.merge("r.gpkg", "p1.gpkg", "p2.gpkg")
        self.assertEqual(code, 0, err)
        self.assertIn("2 of 2 parts merged: 10 scenes added, 0 there already, 0 conflicts", err)
        self.assertEqual(self.everything("r.gpkg"), self.everything("whole.gpkg"))
        code, err = self.merge("r.gpkg", "p1.gpkg", "p2.gpkg", "whole.gpkg")
        self.assertEqual(code, 0, err)
        self.assertIn("0 scenes added, 20 there already, 0 conflicts", err)
        self.assertEqual(self.everything("r.gpkg"), self.everything("whole.gpkg"))

    def test_conflicts(self):
        self.written("r.gpkg", last=3)
        before = self.everything("r.gpkg")
        self.written("key.gpkg", first=1, last=1, key="other")
        self.written("picture.gpkg", first=2, last=2, folder="/elsewhere")
        self.written("rows.gpkg", first=3, last=3)
        self.change("rows.gpkg", "UPDATE hulls SET freeboard_m = freeboard_m + 1e-6 WHERE hull_id LIKE '%/1'")
        code, err = self.merge("r.gpkg", "key.gpkg", "picture.gpkg", "rows.gpkg")
        self.assertEqual(code, 1)
        self.assertIn("key.gpkg: warning: scene a-0001 is left out: RESULTS has it under another key", err)
        self.assertIn("picture.gpkg: warning: scene a-0002 is left out: RESULTS has another picture of that id, /pictures/a-0002.tif", err)
        self.assertIn("rows.gpkg: warning: scene a-0003 is left out: RESULTS has other rows of it under the same key", err)
        self.assertIn("0 scenes added, 0 there already, 3 conflicts", err)
        self.assertEqual(self.everything("r.gpkg"), before)

    def test_a_part_puts_nothing_out(self):
        self.written("r.gpkg", last=1)
        before = self.everything("r.gpkg")
        self.written("p.gpkg", prefix="b", last=0)
        self.change("p.gpkg", "UPDATE scenes SET file = '/pictures/a-0001.tif'", "UPDATE journal SET file = '/pictures/a-0001.tif'")
        code, err = self.merge("r.gpkg", "p.gpkg")
        self.assertEqual(code, 1)
        self.assertIn("scene b-0000 is left out: RESULTS has its picture as scene a-0001", err)
        self.assertEqual(self.everything("r.gpkg"), before)

    def test_moved_pictures_are_the_same(self):
        self.written("r.gpkg", last=0)
        self.written("p.gpkg", last=0)
        self.change("p.gpkg", "UPDATE scenes SET file = '/mnt/node2/a-0000.tif', record = replace(record, '/pictures', '/mnt/node2')")
        self.assertEqual(self.merge("r.gpkg", "p.gpkg")[0], 0)

    def test_what_failed_is_told(self):
        self.written("p.gpkg", last=1)
        for file in ("/pictures/a-0001.tif", "/pictures/broken.tif"):
            subprocess.run([WRITER, "fail", self.path("p.gpkg"), file, "no such luck"], check=True)
        self.written("r.gpkg", first=1, last=1)
        self.assertEqual(self.merge("r.gpkg", "p.gpkg")[0], 0)
        self.assertEqual(self.rows("r.gpkg", "SELECT file, status FROM journal ORDER BY file"),
                         [("/pictures/a-0000.tif", "done"), ("/pictures/a-0001.tif", "done"), ("/pictures/broken.tif", "failed")])

    def test_parts_that_are_none(self):
        self.written("p.gpkg")
        self.write("text.gpkg", "hello")
        shutil.copy(self.path("p.gpkg"), self.path("later.gpkg"))
        self.change("later.gpkg", "UPDATE plimsoll_store SET value = '2' WHERE name = 'schema'")
        with open(self.path("p.gpkg"), "rb") as file:
            whole = file.read()
        self.write("cut.gpkg", whole[:len(whole) // 2])
        code, err = self.merge("r.gpkg", "none.gpkg", "text.gpkg", "later.gpkg", "cut.gpkg", SAMPLES + "/laden.tif", "p.gpkg")
        self.assertEqual(code, 1)
        for words in ("none.gpkg: no such store", "text.gpkg: not a GeoPackage", "later.gpkg: was made by a later plimsoll (schema 2",
                      "cut.gpkg: ", "laden.tif: not a GeoPackage", "1 of 6 parts merged: 5 scenes added"):
            self.assertIn(words, err)
        self.assertEqual(self.merge("r2.gpkg", "none.gpkg")[0], 3)
        self.assertEqual(self.merge("r.gpkg", "r.gpkg")[0], 2)
        self.complains(2, "merge wants -o", "merge", "p.gpkg")
        self.complains(2, "merge wants -o", "merge", "p.gpkg", "-o", "r.csv")
        self.assertEqual(self.rows("r.gpkg", "SELECT count(*) FROM scenes"), [(5,)])

    def test_an_older_part(self):

        with gzip.open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "store_0.gpkg.gz")) as file:
            self.write("old.gpkg", file.read())
        with open(self.path("old.gpkg"), "rb") as file:
            before = file.read()
        self.assertEqual(self.merge("r.gpkg", "old.gpkg")[0], 0)
        self.assertEqual(self.rows("r.gpkg", "SELECT scene_id, acquired FROM scenes"), [("laden", "2023-09-28T05:36:01.817Z")])
        self.assertEqual(self.rows("r.gpkg", "SELECT count(*) FROM hulls WHERE status = 'measured'"), [(1,)])
        self.assertEqual(self.merge("r.gpkg", "old.gpkg")[0], 0)
        with open(self.path("old.gpkg"), "rb") as file:
            self.assertEqual(file.read(), before)  # a part is read, never written

    def refuses(self, words, *statements):
        """A part that was changed so is refused, and leaves nothing behind but its own words."""
        shutil.copy(self.path(self.written("p.gpkg")), self.path("evil.gpkg"))
        self.change("evil.gpkg", *statements)
        code, err = self.merge("r.gpkg", "evil.gpkg")
        self.assertEqual(code, 3, err)
        self.assertIn(words, err)
        self.assertEqual(err.count("\n"), 2, err)

    def test_views_instead_of_tables(self):
        self.refuses("has a view scenes that no store has", "ALTER TABLE scenes RENAME TO s2",
                     "CREATE VIEW scenes AS SELECT fid, geom, load_extension('/tmp/x.so') AS scene_id, file FROM s2")
        self.refuses("has a view hulls that no store has", "ALTER TABLE hulls RENAME TO h2", "CREATE VIEW hulls AS SELECT * FROM h2")

    def test_virtual_tables(self):
        self.write("secret.csv", "scene_id,file\nstolen,me\n")
        self.refuses("has a virtual table journal that no store has", "DROP TABLE journal",
                     "PRAGMA writable_schema = ON",
                     "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'journal', 'journal', 0, "
                     f"'CREATE VIRTUAL TABLE journal USING VirtualOGR(''{self.path('secret.csv')}'')')")

    def test_triggers_of_a_part_do_not_run(self):
        self.written("p.gpkg")
        self.change("p.gpkg", "CREATE TRIGGER t AFTER INSERT ON scenes BEGIN DELETE FROM hulls; END")
        self.assertEqual(self.merge("r.gpkg", "p.gpkg")[0], 0)
        self.assertEqual(self.rows("r.gpkg", "SELECT count(*) FROM hulls"), [(12,)])
        self.assertEqual(self.rows("r.gpkg", "SELECT count(*) FROM sqlite_master WHERE name = 't'"), [(0,)])

    def test_names_and_texts_of_a_stranger(self):
        self.written("p.gpkg")
        evil = "'; DROP TABLE scenes; --\"\n\x1b[2J"
        self.change("p.gpkg", f"UPDATE scenes SET scene_id = '{evil.replace(chr(39), chr(39) * 2)}' WHERE scene_id = 'a-0000'",
                    f"UPDATE hulls SET scene_id = '{evil.replace(chr(39), chr(39) * 2)}' WHERE scene_id = 'a-0000'",
                    "UPDATE hulls SET vessel_name = CAST(zeroblob(1000) AS TEXT) WHERE scene_id = 'a-0001'",
                    "UPDATE hulls SET freeboard_m = 'many' WHERE scene_id = 'a-0002'",
                    "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('x\"; DROP TABLE scenes; --', 'attributes', 'e')")
        for code_wanted in (0, 0):
            code, err = self.merge("r.gpkg", "p.gpkg")
            self.assertEqual(code, code_wanted, err)
            self.assertNotIn("\x1b", err)
        self.assertEqual(self.rows("r.gpkg", "SELECT count(*) FROM scenes"), [(5,)])
        self.assertEqual(self.rows("r.gpkg", "SELECT count(*) FROM hulls WHERE scene_id LIKE '%DROP%'"), [(3,)])

    def test_a_huge_text(self):
        self.written("p.gpkg", last=0)
        self.change("p.gpkg", "UPDATE scenes SET record = CAST(replace(hex(zeroblob(35000000)), '0', 'a') AS TEXT)")
        code, err = self.merge("r.gpkg", "p.gpkg")
        self.assertEqual(code, 3)
        self.assertIn("holds a record of more than 64 MB", err)

    def test_an_outline_that_is_none(self):
        self.written("p.gpkg", last=0)
        point = "47500001E6100000" + "0101000000" + "00" * 16
        self.change("p.gpkg", "DROP TRIGGER rtree_hulls_geom_update1", "DROP TRIGGER rtree_hulls_geom_update2",
                    "DROP TRIGGER rtree_hulls_geom_update3", "DROP TRIGGER rtree_hulls_geom_update4", f"UPDATE hulls SET geom = x'{point}'")
        code, err = self.merge("r.gpkg", "p.gpkg")
        self.assertEqual(code, 3, err)
        self.assertIn("an outline is no polygon", err)
        self.assertEqual(self.rows("r.gpkg", "SELECT count(*) FROM scenes"), [(0,)])  # all of a scene or nothing

    def test_between_the_kinds(self):
        why = Postgis.missing()
        if why:
            self.skipTest(why)
        with Postgis() as server:
            self.written("p1.gpkg", last=4)
            self.written("whole.gpkg", last=9)
            part = self.written(server.name(), first=5, last=9)
            self.assertEqual(self.merge(part, "p1.gpkg")[0], 0)
            self.assertEqual(self.merge("r.gpkg", part)[0], 0)
            self.assertEqual(self.everything("r.gpkg"), self.everything("whole.gpkg"))
            code, err = self.merge(part, "whole.gpkg", "r.gpkg")
            self.assertEqual(code, 0, err)
            self.assertIn("0 scenes added, 20 there already, 0 conflicts", err)


if __name__ == "__main__":
    unittest.main()
