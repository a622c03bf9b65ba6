# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a store keep what is done, whatever happens to it: two writers, a lock, a full disk, a database that goes away?

Both kinds are asked the same questions, as batch/store and batch/postgis: the latter is skipped where there is none, and says so."""
import glob
import gzip
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from door import PLIMSOLL, SAMPLES, Door
import fleet
from pg import PASSWORD, Postgis
from visits_kept import Visits

WRITER = os.environ["PL_WRITER"]
LADEN = os.path.join(SAMPLES, "laden.tif")


class Store(Door):
    """What both kinds are asked. A kind says where its store is and how to look into it."""

    def writer(self, *words, wait="20", **options):
        env = {**os.environ, **self.more_environment(), "PLIMSOLL_STORE_WAIT": wait, **options.pop("env", {})}
        done = subprocess.run([WRITER, *words], cwd=self.home, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False, timeout=120, **options)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def start_writer(self, *words, wait="20"):
        env = {**os.environ, **self.more_environment(), "PLIMSOLL_STORE_WAIT": wait}
        return subprocess.Popen([WRITER, *words], cwd=self.home, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def more_environment(self):
        return {}

    def count(self, layer):
        return int(self.ask(f"SELECT count(*) FROM {layer}")[0][0])


class Questions:
    """Mixed into a Store of either kind."""

    def test_rows_read_back_as_written(self):
        self.assertEqual(self.writer("write", self.store, "a", "0", "9", "k1")[0], 0)
        for index in range(10):  # 7: across the antimeridian; 4 and 9: nothing found
            code, out, err = self.writer("same", self.store, "a", str(index))
            self.assertEqual((code, out, err), (0, "", ""))
        self.assertEqual([self.count(layer) for layer in ("scenes", "hulls", "journal", "visits")], [10, 24, 10, 0])
        record = json.loads(self.ask("SELECT record FROM hulls WHERE hull_id = 'a-0000/0'")[0][0])
        self.assertEqual(record["properties"]["vessel_name"], "O'Brien \"0\" <&> \\")
        self.assertNotIn("seconds", json.loads(self.ask("SELECT record FROM scenes WHERE scene_id = 'a-0000'")[0][0]))

    def test_read_back_as_observations(self):
        self.assertEqual(self.writer("write", self.store, "a", "0", "9", "k1")[0], 0)
        for index in range(10):
            if index != 7:  # its corners are not where its hulls are
                self.assertEqual(self.writer("observe", self.store, "a", str(index)), (0, "", ""))
        self.assertEqual(self.writer("seen", self.store), (0, "24 hulls, 10 scenes, 0 failures\n", ""))
        self.assertEqual(self.writer("seen", self.store, "Rason"), (0, "0 hulls, 0 scenes, 0 failures\n", ""))

    def test_rows_that_a_failure_outdates_say_so(self):
        self.writer("write", self.store, "a", "0", "2", "k1")
        self.writer("fail", self.store, "/pictures/a-0001.tif", "cannot be read")
        self.writer("fail", self.store, "/pictures/never.tif", "cannot be read")
        lines = self.writer("seen", self.store)[1].splitlines()
        self.assertEqual(lines[:2], ["9 hulls, 3 scenes, 2 failures", "a-0001"])
        self.assertEqual(lines[2:], ["a-0001/0 1", "a-0001/1 1", "a-0001/2 2"])  # dubious at best

    def review(self, *entries):
        reviews = []
        for hull, verdict, more in entries:
            record = self.ask(f"SELECT record FROM hulls WHERE hull_id = '{hull}'")[0][0]
            reviews.append({"hull_id": hull, "row_sha256": hashlib.sha256(record.encode()).hexdigest(), "verdict": verdict,
                            "analyst": "Ann", "time": "2024-01-02T03:04:05Z"} | more)
        self.write("review.json", json.dumps({"format": "plimsoll-review", "version": 1, "reviews": reviews}))
        code, _, err = self.run_it("review", "apply", self.store, "review.json", env={**os.environ, **self.more_environment()})
        self.assertEqual(code, 0, err)

    def test_reviews_count_and_lie_beside(self):
        """The cloud over the corrected one's edges is no doubt of a hand that saw them. Accepted ones keep the machine's number, corrected ones have theirs, rejected ones are nobody's observation."""
        self.writer("write", self.store, "a", "0", "1", "k1")
        before = self.ask("SELECT hull_id, freeboard_m, status, record FROM hulls ORDER BY hull_id")
        self.review(("a-0000/1", "correct", {"freeboard_m": 1.5, "freeboard_sigma_m": 0.25}), ("a-0000/0", "accept", {"remark": "yes"}),
                    ("a-0001/1", "reject", {}))
        self.assertEqual(self.writer("seen", self.store)[1].splitlines(),
                         ["5 hulls, 2 scenes, 0 failures", "a-0000/0 accept Ann 0.667 0.210 0.010 0", "a-0000/1 correct Ann 1.500 0.250 0.250 0",
                          "1 rejected, 0 stale"])
        self.assertEqual(self.ask("SELECT hull_id, freeboard_m, status, record FROM hulls ORDER BY hull_id"), before)
        self.review(("a-0000/1", "accept", {"time": "2024-01-02T03:04:06Z"}))  # a later word of the same hull
        self.assertIn("a-0000/1 accept Ann 0.667 0.210", self.writer("seen", self.store)[1])
        self.assertEqual(self.count("reviews"), 4)
        self.writer("write", self.store, "a", "0", "0", "k2")  # the same rows again: the reviews are theirs
        self.assertIn("a-0000/1 accept Ann", self.writer("seen", self.store)[1])
        self.ask("UPDATE reviews SET row_sha256 = 'x' WHERE hull_id = 'a-0001/1'")
        self.assertIn("6 hulls", self.writer("seen", self.store)[1])
        self.assertIn("0 rejected, 1 stale", self.writer("seen", self.store)[1])

    def test_idempotent_by_key(self):
        for _ in range(2):
            self.assertEqual(self.writer("write", self.store, "a", "0", "4", "k1")[0], 0)
        first = self.ask("SELECT fid FROM hulls ORDER BY fid")
        self.assertEqual(self.writer("write", self.store, "a", "0", "4", "k1")[0], 0)
        self.assertEqual(self.ask("SELECT fid FROM hulls ORDER BY fid"), first)  # the same key: not even written anew
        self.assertEqual(self.writer("done", self.store, "/pictures/a-0002.tif", "k1")[1], "yes\n")
        self.assertEqual(self.writer("done", self.store, "/pictures/a-0002.tif", "k2")[1], "no\n")
        self.assertEqual(self.writer("done", self.store, "/pictures/a-0009.tif", "k1")[1], "no\n")
        self.assertEqual(self.writer("write", self.store, "a", "2", "2", "k2")[0], 0)
        self.assertEqual(self.ask("SELECT key FROM scenes WHERE scene_id = 'a-0002'"), [("k2",)])
        self.assertEqual([self.count("scenes"), self.count("hulls"), self.count("journal")], [5, 12, 5])
        self.assertEqual(self.writer("done", self.store, "/pictures/a-0002.tif", "k1")[1], "no\n")

    def test_two_pictures_of_one_id(self):
        self.writer("write", self.store, "a", "0", "0", "k1")
        code, out, err = self.writer("write", self.store, "a", "0", "1", "k2", "/elsewhere")
        self.assertEqual((code, out), (1, "a-0001\n"))  # refused, and the run goes on
        self.assertIn("its scene id a-0000 is that of /pictures/a-0000.tif", err)
        self.assertEqual(self.ask("SELECT file, key FROM scenes WHERE scene_id = 'a-0000'"), [("/pictures/a-0000.tif", "k1")])

    def test_a_failure_keeps_the_rows(self):
        self.writer("write", self.store, "a", "0", "0", "k1")
        self.assertEqual(self.writer("fail", self.store, "/pictures/a-0000.tif", "broken; DROP TABLE scenes'\"")[0], 0)
        self.assertEqual(self.ask("SELECT status, reason FROM journal"), [("failed", "broken; DROP TABLE scenes'\"")])
        self.assertEqual((self.count("scenes"), self.count("hulls")), (1, 3))
        self.assertEqual(self.writer("done", self.store, "/pictures/a-0000.tif", "k1")[1], "no\n")

    def test_writers_at_once(self):
        runs = [self.start_writer("write", self.store, prefix, "0", "14", key)
                for prefix, key in (("a", "k"), ("b", "k"), ("c", "k"), ("c", "other"))]
        for run in runs:  # they make the store at once, too
            out, err = run.communicate(timeout=120)
            self.assertEqual((run.returncode, out.count(b"\n")), (0, 15), err)
        self.assertEqual([self.count("scenes"), self.count("hulls"), self.count("journal")], [45, 3 * 36, 45])
        self.assertEqual(self.ask("SELECT count(DISTINCT hull_id) FROM hulls"), [(108,)])

    def test_killed_in_mid_run(self):
        for _ in range(3):
            run = self.start_writer("write", self.store, "a", "0", "199", "k")
            said = [run.stdout.readline() for _ in range(4)]
            run.kill()
            rest, _ = run.communicate()
            said += rest.splitlines()
            kept = {row[0] for row in self.ask("SELECT scene_id FROM scenes")}
            self.assertLessEqual({line.decode().strip() for line in said if line.endswith(b"\n") or len(line) == 6}, kept)
            self.assertEqual(self.ask("SELECT count(*) FROM scenes s WHERE hulls <> (SELECT count(*) FROM hulls h WHERE "
                                      "h.scene_id = s.scene_id)"), [(0,)])
            self.assertEqual(self.count("journal"), len(kept))

    def test_a_real_batch(self):
        code, _, err = self.run_it("batch", LADEN, "-o", self.store, "--quiet", env={**os.environ, **self.more_environment()})
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(self.ask("SELECT status FROM hulls"), [("measured",)])

    def test_styles(self):
        self.writer("write", self.store, "a", "0", "0", "k")
        styles = self.ask("SELECT f_table_name, styleqml FROM layer_styles WHERE useasdefault ORDER BY f_table_name")
        self.assertEqual([s[0] for s in styles], ["hulls", "scenes", "visits"])
        for _, text in styles:
            tree = xml.fromstring(text)  # well-formed
            symbols = {s.get("name") for s in tree.iter("symbol")}
            rules = [r for r in tree.iter("rule") if r.get("symbol") is not None]
            self.assertEqual({r.get("symbol") for r in rules}, symbols)
            self.assertTrue(all(r.get("label") and r.get("filter") for r in rules))
            self.assertTrue(tree.find("labeling/settings/text-style").get("fieldName"))
            self.assertEqual(tree.find("labeling/settings/rendering").get("obstacle"), "0")  # or areas keep hulls' labels away
        filters = [r.get("filter") for r in xml.fromstring(styles[0][1]).iter("rule") if r.get("filter")]
        fading = [o.get("value") for o in xml.fromstring(styles[0][1]).iter("Option") if o.get("name") == "expression"]
        self.assertEqual(len(fading), 3)  # measured ones of each state
        self.assertTrue(all('"freeboard_sigma_m"' in f for f in fading))
        (other,), = self.ask("SELECT styleqml FROM layer_styles WHERE NOT useasdefault")  # by sigma, to be chosen
        self.assertEqual(len(list(xml.fromstring(other).iter("symbol"))), 5)
        for case in ("'measured'", "'dubious'", "'refused'", "'laden'", "'part'", "'ballast'"):
            self.assertTrue(any(case in f for f in filters), case)


class GeoPackage(Questions, Visits, Store):
    store = "r.gpkg"

    def ask(self, sql):
        base = sqlite3.connect(f"file:{self.path(self.store)}?mode=rw", uri=True)
        try:
            rows = base.execute(sql).fetchall()
            base.commit()
            return rows
        finally:
            base.close()

    def test_a_store_without_reviews(self):
        """From before there were any: read as it is, and given the layer when it is opened to write."""
        self.writer("write", self.store, "a", "0", "0", "k")
        self.ask("DROP TABLE reviews")
        self.ask("DELETE FROM gpkg_contents WHERE table_name = 'reviews'")
        self.assertEqual(self.writer("seen", self.store)[1], "3 hulls, 1 scenes, 0 failures\n")
        self.review(("a-0000/1", "accept", {}))
        self.assertIn("a-0000/1 accept Ann", self.writer("seen", self.store)[1])

    def tearDown(self):
        if os.path.exists(self.path(self.store)):
            self.assertEqual(self.ask("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(glob.glob(self.path("*.new*")), [])  # nothing half made is left

    def test_indexes(self):
        self.writer("write", self.store, "a", "0", "1", "k")
        for sql, index in (("SELECT * FROM scenes WHERE scene_id = 'x'", "scene_id"), ("SELECT * FROM scenes WHERE file = 'x'", "file"),
                           ("SELECT * FROM scenes WHERE key = 'x'", "key"), ("SELECT * FROM hulls WHERE acquired > 'x'", "acquired"),
                           ("SELECT * FROM journal WHERE file = 'x'", "file")):
            self.assertIn(f"_{index} ", self.ask("EXPLAIN QUERY PLAN " + sql)[0][3])
        self.assertEqual(self.ask("SELECT count(*) FROM rtree_hulls_geom"), [(6,)])
        self.assertEqual(self.ask("SELECT min_x, max_x FROM gpkg_contents WHERE table_name = 'hulls'")[0][0], 133.0)

    def test_names_that_are_no_text(self):
        for name in (b"/p\xe9", b"/p\xe8"):
            self.assertEqual(self.writer("write", self.store, "a" if name[-1] == 0xe9 else "b", "0", "0", "k", name)[0], 0)
        self.assertEqual(self.ask("SELECT file FROM journal ORDER BY file"), [("/p\\xE8/b-0000.tif",), ("/p\\xE9/a-0000.tif",)])
        self.assertEqual(self.writer("done", self.store, b"/p\xe9/a-0000.tif", "k")[1], "yes\n")

    def test_an_older_store(self):
        """store_0.gpkg.gz: `plimsoll batch laden.tif` of commit ab67c88, before stores had a schema."""
        with gzip.open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "store_0.gpkg.gz")) as f:
            self.write(self.store, f.read())
        before = self.ask("SELECT hull_id, freeboard_m, oil_bbl_p50, reasons, fingerprint FROM hulls")
        self.assertEqual(self.writer("write", self.store, "a", "0", "0", "k")[0], 0)
        after = self.ask("SELECT hull_id, freeboard_m, oil_bbl_p50, reasons, fingerprint FROM hulls WHERE scene_id = 'laden'")
        for old, new in zip(before, after, strict=True):
            self.assertEqual([old[0], *old[3:]], [new[0], *new[3:]])
            self.assertTrue(all(abs(a - b) < 1e-14 * a for a, b in zip(old[1:3], new[1:3])))
        self.assertEqual(self.ask("SELECT file, acquired, key FROM scenes WHERE scene_id = 'laden'"),
                         [("laden.tif", "2023-09-28T05:36:01.817Z", None)])
        self.assertEqual(self.ask("SELECT file, status FROM journal ORDER BY file"), [("/pictures/a-0000.tif", "done"), ("laden.tif", "done")])
        self.assertEqual(self.ask("SELECT value FROM plimsoll_store WHERE name = 'schema'"), [("1",)])
        self.assertEqual(self.ask("SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = 'hulls'"), [("MULTIPOLYGON",)])
        self.assertEqual(self.ask("SELECT count(*) FROM rtree_hulls_geom"), [(4,)])
        self.assertEqual(self.count("reviews"), 0)

    def test_a_later_store(self):
        self.writer("write", self.store, "a", "0", "0", "k")
        base = sqlite3.connect(self.path(self.store))
        base.execute("UPDATE plimsoll_store SET value = '7' WHERE name = 'schema'")
        base.commit()
        base.close()
        self.complains(3, "was made by a later plimsoll (schema 7; this one knows 1)", "batch", LADEN, "-o", self.store, "--quiet")
        self.assertEqual(self.count("scenes"), 1)

    def test_no_store(self):
        self.write("x.gpkg", "hello")
        self.complains(3, "x.gpkg: not a GeoPackage", "batch", LADEN, "-o", "x.gpkg", "--quiet")
        self.assertEqual(os.path.getsize(self.path("x.gpkg")), 5)
        os.mkdir(self.path("d.gpkg"))
        self.complains(3, "d.gpkg: is a folder", "batch", LADEN, "-o", "d.gpkg", "--quiet")
        self.complains(3, "none/r.gpkg: cannot create: No such file", "batch", LADEN, "-o", "none/r.gpkg", "--quiet")
        self.write(self.store, "")  # what an older version left when it could not go on
        self.assertEqual(self.run_it("batch", LADEN, "-o", self.store, "--quiet")[0], 0)

    def as_nobody(self, *words):
        prefix = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        os.chmod(self.home, 0o777)
        done = subprocess.run([*prefix, WRITER, *words], cwd=self.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stderr.decode()

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root may write anywhere, and there is no setpriv")
    def test_a_folder_that_cannot_be_written_to(self):
        self.assertEqual(self.as_nobody("write", "ok.gpkg", "a", "0", "0", "k")[0], 0)
        os.mkdir(self.path("ro"))
        os.rename(self.path("ok.gpkg"), self.path("ro/r.gpkg"))
        os.chmod(self.path("ro"), 0o555)
        code, err = self.as_nobody("write", "ro/new.gpkg", "a", "0", "0", "k")
        self.assertEqual((code, err), (3, "cannot create: Permission denied\n"))
        code, err = self.as_nobody("write", "ro/r.gpkg", "a", "1", "1", "k")
        self.assertEqual((code, err), (3, "its folder cannot be written to: Permission denied\n"))
        os.chmod(self.path("ro"), 0o755)

    def test_a_full_disk(self):
        os.mkdir(self.path("full"))
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", self.path("full")], stderr=subprocess.PIPE, check=False)
        if made.returncode != 0:
            self.skipTest("no small file system can be mounted here")
        try:
            code, out, err = self.writer("write", "full/r.gpkg", "a", "0", "400", "k")
            self.assertEqual(code, 3)
            self.assertIn("full", err)
            self.assertEqual(err.count("\n"), 1, err)
            kept = out.split()
            self.assertGreater(len(kept), 5)
            base = sqlite3.connect(self.path("full/r.gpkg"))
            self.assertEqual(base.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual([r[0] for r in base.execute("SELECT scene_id FROM scenes ORDER BY 1")], kept)
            base.close()
            os.remove(self.path("full/r.gpkg"))
            with open(self.path("full/ballast"), "wb") as f:
                f.write(bytes(650000))
            code, out, err = self.writer("write", "full/r.gpkg", "a", "0", "0", "k")  # not even room for an empty one
            self.assertEqual((code, out), (3, ""))
            self.assertEqual(os.listdir(self.path("full")), ["ballast"])
        finally:
            subprocess.run(["umount", self.path("full")], check=False)

    def test_locked_by_another_program(self):
        self.writer("write", self.store, "a", "0", "0", "k")
        other = sqlite3.connect(self.path(self.store), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        run = self.start_writer("write", self.store, "a", "1", "1", "k")
        time.sleep(4)
        self.assertIsNone(run.poll())  # it waits
        other.rollback()
        out, err = run.communicate(timeout=60)
        self.assertEqual((run.returncode, out), (0, b"a-0001\n"))
        self.assertRegex(err.decode(), "(?s)waiting: .*locked.*the store is back")
        other.execute("BEGIN IMMEDIATE")  # and for long
        begin = time.monotonic()
        code, out, err = self.writer("write", self.store, "a", "2", "2", "k", wait="1")
        self.assertEqual((code, out), (3, ""))
        self.assertRegex(err, "waited [0-9]+ s: .*locked")
        self.assertLess(time.monotonic() - begin, 30)
        other.close()

    def test_triggers_of_a_stranger(self):
        self.writer("write", self.store, "a", "0", "0", "k")
        base = sqlite3.connect(self.path(self.store))
        base.execute("CREATE TRIGGER evil AFTER INSERT ON scenes BEGIN SELECT load_extension('/tmp/evil.so'); END")
        base.commit()
        base.close()
        code, _, err = self.writer("write", self.store, "a", "1", "1", "k")
        self.assertEqual(code, 3)
        self.assertIn("has a trigger evil that no store has", err)


class PostGis(Questions, Visits, Store):
    @classmethod
    def setUpClass(cls):
        why = Postgis.missing()
        if why:
            raise unittest.SkipTest(why)
        cls.server = Postgis()
        cls.server.create()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def setUp(self):
        super().setUp()
        self.server.sql("DROP SCHEMA IF EXISTS t CASCADE; CREATE SCHEMA t")  # quicker than a database
        self.store = self.server.name(more="active_schema=t")

    def more_environment(self):
        return {"PGPASSWORD": PASSWORD}

    def ask(self, sql):
        def read(text):
            return None if text == "" else int(text) if text.lstrip("-").isdigit() else text
        return [tuple(read(cell) for cell in row) for row in self.server.sql("SET search_path TO t, public; " + sql.replace("\n", " "))]

    def test_styles(self):
        rows = self.server.sql("SELECT 1")
        self.assertEqual(rows, [["1"]])
        self.writer("write", self.store, "a", "0", "0", "k")
        styles = self.server.sql("SELECT f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, useasdefault "
                                 "FROM t.layer_styles ORDER BY f_table_name, stylename")
        self.assertEqual(styles, [["plimsoll", "t", layer, "geom", name, usual] for layer, name, usual in (
            ("hulls", "plimsoll", "t"), ("hulls", "plimsoll sigma", "f"), ("scenes", "plimsoll", "t"), ("visits", "plimsoll", "t"))])

    def test_the_database_goes_away(self):
        run = self.start_writer("write", self.store, "a", "0", "59", "k", wait="60")
        for _ in range(5):
            run.stdout.readline()
        self.server.stop("immediate")
        time.sleep(2)
        self.assertIsNone(run.poll())
        self.server.start()
        out, err = run.communicate(timeout=120)
        self.assertEqual(run.returncode, 0, err)
        self.assertRegex(err.decode(), "(?s)waiting: .*the store is back")
        self.assertNotIn(PASSWORD, err.decode())
        self.assertEqual([self.count("scenes"), self.count("hulls"), self.count("journal")], [60, 144, 60])

    def test_a_batch_killed_and_resumed(self):
        """Against an undisturbed run into a GeoPackage: merge compares every row."""
        fleet.draw(self.path("scenes"), 16, kinds=1)
        env = {**os.environ, **self.more_environment()}
        self.assertEqual(self.run_it("batch", "scenes", "-o", "whole.gpkg", "--quiet")[0], 0)
        for i in range(4):
            run = subprocess.Popen([PLIMSOLL, "batch", "scenes", "-o", self.store, "--quiet"], cwd=self.home, env=env)
            time.sleep((0.6, 1.1, 0.9, 1.5)[i])
            run.kill()
            run.wait()
        self.assertEqual(self.run_it("batch", "scenes", "-o", self.store, "--quiet", env=env)[0], 0)
        code, _, err = self.run_it("merge", "-o", "whole.gpkg", self.store, env=env)
        self.assertEqual(code, 0, err)
        self.assertIn("0 scenes added, 16 there already, 0 conflicts", err)
        self.assertEqual(self.ask("SELECT count(*), count(DISTINCT hull_id) FROM hulls"), [(16, 16)])
        self.assertEqual(self.count("journal"), 16)

    def test_the_database_stays_away(self):
        self.writer("write", self.store, "a", "0", "0", "k")
        run = self.start_writer("write", self.store, "a", "1", "90", "k", wait="2")
        run.stdout.readline()
        self.server.stop()
        out, err = run.communicate(timeout=120)
        self.server.start()
        self.assertEqual(run.returncode, 3)
        self.assertRegex(err.decode(), "waited [0-9]+ s: cannot connect")
        kept = 2 + out.count(b"\n")
        self.assertIn(self.count("scenes"), (kept, kept + 1))  # committed, and then the word did not come back

    def test_locked_by_another_session(self):
        self.writer("write", self.store, "a", "0", "0", "k")
        other = subprocess.Popen([os.path.join(self.server.bin, "psql"), "-X", "-q", "-h", "127.0.0.1", "-p", str(self.server.port), "-U",
                                  "plimsoll", "-d", "plimsoll", "-c", "BEGIN; LOCK TABLE t.scenes; SELECT pg_sleep(9); ROLLBACK"],
                                 env=self.server.environment, stdout=subprocess.DEVNULL)
        held = "SELECT count(*) FROM pg_locks WHERE relation = 't.scenes'::regclass AND mode = 'AccessExclusiveLock' AND granted"
        while self.server.sql(held) == [["0"]]:
            time.sleep(0.05)
        code, out, err = self.writer("write", self.store, "a", "1", "1", "k", wait="60")
        self.assertEqual((code, out), (0, "a-0001\n"), err)
        self.assertRegex(err, "(?s)waiting: .*lock timeout.*the store is back")
        other.wait()

    def test_rights(self):
        self.server.sql("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'look-1'; GRANT USAGE ON SCHEMA t TO reader")
        self.writer("write", self.store, "a", "0", "2", "k")
        self.server.sql("GRANT SELECT ON ALL TABLES IN SCHEMA t TO reader")
        reader = self.store.replace("user=plimsoll", "user=reader")
        env = {**os.environ, "PGPASSWORD": "look-1"}
        code, _, err = self.run_it("merge", "-o", "r.gpkg", reader, env=env)  # to look is enough for a part
        self.assertEqual(code, 0, err)
        self.complains(3, "permission denied", "batch", LADEN, "-o", reader, "--quiet", env=env)
        self.server.sql("DROP SCHEMA t CASCADE; CREATE SCHEMA t; GRANT USAGE ON SCHEMA t TO reader")
        self.complains(3, "permission denied", "batch", LADEN, "-o", reader, "--quiet", env=env)

    def test_what_cannot_be_used(self):
        env = {**os.environ, "PGPASSWORD": PASSWORD}
        for name, words in ((self.server.name("plain"), "has no PostGIS"), (self.server.name("nonesuch"), '"nonesuch" does not exist'),
                            (self.server.name().replace(f"port={self.server.port}", "port=1"), "Connection refused"),
                            ("PG:nonsense", "cannot connect"), (self.server.name(more="active_schema=nowhere"), "nowhere")):
            self.complains(3, words, "batch", LADEN, "-o", name, "--quiet", env=env)
        self.server.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0", "postgres")
        self.server.sql("CREATE EXTENSION postgis", "latin")
        self.complains(3, "encoding is not UTF8", "batch", LADEN, "-o", self.server.name("latin"), "--quiet", env=env)
        self.server.sql("CREATE TABLE t.scenes (mine int)")
        self.complains(3, "that are not plimsoll's", "batch", LADEN, "-o", self.store, "--quiet", env=env)

    def test_passwords_stay_where_they_are(self):
        """In the command line, wrong and right, as words and as an address: neither ps nor words nor the store know it."""
        plain = {k: v for k, v in os.environ.items() if k != "PGPASSWORD"}
        err = self.complains(3, "authentication failed", "batch", LADEN, "-o", self.store + " password=geheim-1", env=plain)
        self.assertNotIn("geheim", err)
        port = self.server.port
        err = self.complains(3, "authentication failed", "batch", LADEN, "-o", f"PG:postgresql://plimsoll:geheim%2D1@127.0.0.1:{port}/plimsoll",
                             env=plain)
        self.assertNotIn("geheim", err)
        quoted = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        code, out, err = self.run_it("batch", LADEN, "missing.tif", "-o", f"{self.store} password='{quoted}'", "--log-format", "json", env=plain)
        self.assertEqual(code, 1, err)
        dump = "".join("\n".join("\t".join(r) for r in self.server.sql(f"SELECT * FROM t.{layer}")) for layer in
                       ("scenes", "hulls", "journal", "plimsoll_store"))
        for text in (out, err, dump):
            for secret in (PASSWORD, quoted, "Sw0rd"):
                self.assertNotIn(secret, text)

    def stopped_worker(self, run):
        """The number of a worker of the run that has begun its work and is held in the middle of it."""
        until = time.monotonic() + 60
        while run.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
            try:
                with open(f"/proc/{run.pid}/task/{run.pid}/children", encoding="ascii") as f:
                    child = f.read().split()
                if child:
                    time.sleep(0.1)  # past the first thing that it does: to forget
                    os.kill(int(child[0]), signal.SIGSTOP)
                    with open(f"/proc/{child[0]}/stat", encoding="ascii") as f:
                        if f.read().rsplit(")", 1)[1].split()[0] in "Tt":
                            return int(child[0])
            except (FileNotFoundError, ProcessLookupError):
                pass  # it was quicker
        self.fail("no worker could be held")

    def looked_at(self, name, env, secrets):
        """What /proc says of a batch and of its worker, and where in the worker's memory a secret is."""
        seen, sockets, known = b"", [], []
        with subprocess.Popen([PLIMSOLL, "batch", SAMPLES, "-o", name, "--quiet"], cwd=self.home, env=env, stderr=subprocess.DEVNULL) as run:
            try:
                child = self.stopped_worker(run)
                for pid in (run.pid, child):
                    for what in ("cmdline", "environ"):
                        try:
                            with open(f"/proc/{pid}/{what}", "rb") as f:
                                seen += f.read()
                        except PermissionError:  # a worker is closed to its own user, too
                            pass
                if os.geteuid() == 0:
                    sockets = [link for link in map(os.readlink, glob.glob(f"/proc/{child}/fd/*")) if link.startswith("socket")]
                    with open(f"/proc/{child}/maps", encoding="ascii") as maps, open(f"/proc/{child}/mem", "rb", 0) as bytes_:
                        for line in maps:
                            if " rw" in line:
                                low, high = (int(x, 16) for x in line.split()[0].split("-"))
                                bytes_.seek(low)
                                held = bytes_.read(high - low)
                                known += [line for secret in secrets if secret in held]
            finally:
                run.kill()
        self.assertIn(b"dbname", seen)
        return seen, sockets, known

    def test_ps_and_workers_do_not_know_it(self):
        plain = {k: v for k, v in os.environ.items() if k != "PGPASSWORD"}
        quoted = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        for name, env in ((f"{self.store} password='{quoted}'", plain), (self.store, {**plain, "PGPASSWORD": PASSWORD})):
            seen, sockets, known = self.looked_at(name, env, [b"Sw0rd"])
            self.assertNotIn(b"Sw0rd", seen)
            self.assertEqual((sockets, known), ([], []))
        if os.geteuid() == 0:
            self.assertTrue(self.looked_at(self.store, env, [b"active_schema"])[2], "one that the worker does know is not found")


if __name__ == "__main__":
    if sys.argv[1:] == ["PostGis"] and Postgis.missing():
        print("skipped: " + Postgis.missing(), file=sys.stderr)
        sys.exit(77)
    unittest.main()
