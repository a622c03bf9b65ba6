# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the page say what the store says, to everybody, and does it ask nobody for anything?"""
import json
import math
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

from browser import CHROMIUM, Browser
from door import PLIMSOLL, SAMPLES, TOP, Door

HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
OPENED = "document.querySelector('#card-body h3') !== null"
AXE = os.path.join(TOP, "tests", "report", "axe", "axe.min.js")


def run(*words, cwd=None):
    return subprocess.run([PLIMSOLL, *words], capture_output=True, text=True, timeout=300, check=True, cwd=cwd, stdin=subprocess.DEVNULL)


def rows(store):
    """hull id -> the row's properties, from the record, checked against the columns."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
        db.row_factory = sqlite3.Row
        return {row["hull_id"]: dict(row) for row in db.execute("SELECT * FROM hulls")}


def rewrite(store, statement, *values):
    """Changes a store as a stranger could: without the triggers, which want a GIS's functions."""
    with sqlite3.connect(store) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute(statement, values)


OURS = ("scenes", "hulls", "visits", "journal", "reviews", "plimsoll_store")


def make_strange(store):
    """Takes out of a GeoPackage all that plimsoll put in, but the table of styles that any GIS makes."""
    with sqlite3.connect(store) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        for layer in OURS:
            db.execute(f"DROP TABLE {layer}")
            db.execute(f"DROP TABLE IF EXISTS rtree_{layer}_geom")
            for table in ("gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"):
                db.execute(f"DELETE FROM {table} WHERE table_name = ?", (layer,))


def fixed(value, decimals):
    return f"{value:.{decimals}f}".replace("-", "\u2212")


def three(value):
    """Three figures, thousands set apart: as the page says barrels."""
    unit = max(1, 10 ** (len(str(int(abs(value)))) - 3))
    return f"{int(value / unit + 0.5) * unit:,}".replace(",", "\u202f")


class Page(Door):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="plimsoll-report-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.store, cls.page = (os.path.join(cls.folder.name, name) for name in ("samples.gpkg", "samples.html"))
        run("batch", SAMPLES, "-o", cls.store, "--chips", os.path.join(cls.folder.name, "chips"), "--quiet")
        run("report", cls.store, "-o", cls.page)
        cls.rows = rows(cls.store)
        cls.browser = Browser(downloads=cls.folder.name)
        cls.addClassCleanup(cls.browser.close)

    def show(self, page=None, width=1280, theme="light"):
        browser = self.browser
        browser.requests.clear()
        browser.errors.clear()
        browser.size(width, 900)
        browser.theme(theme)
        seconds = browser.open(page or self.page)
        browser.wait(OPENED)
        return seconds

    def silent(self, page=None):
        self.assertEqual((self.browser.requests, self.browser.errors), (["file://" + (page or self.page)], []))

    def search(self, pattern, text):
        found = re.search(pattern, text)
        self.assertIsNotNone(found, f"no {pattern} in {text}")
        return found

    def shown(self):
        """Indices of the lines of the table, in their order, as hull ids."""
        ids = self.browser.js("PAGE.hulls.map(h => h.record.id)")
        return [ids[int(k)] for k in self.browser.js("[...document.querySelectorAll('#table tbody tr[data-hull]')].map(r => r.dataset.hull)")]

    def test_alone(self):
        """No request but for itself, no word on the console; in the file no address that could be asked."""
        self.show()
        self.browser.js("window.scrollTo(0, document.body.scrollHeight)")
        self.silent()
        with open(self.page, encoding="utf-8") as file:
            text = re.sub(r'<script type="application/json".*?</script>', "", file.read(), flags=re.S)
        self.assertEqual(set(re.findall(r"https?://[^'\"\s]+", text)), {"http://www.w3.org/2000/svg"})  # a name, not an address
        self.assertIsNone(re.search(r"\b(src|href)=\"(?!#)", text))

    def test_same_bytes(self):
        again = os.path.join(self.folder.name, "again.html")
        run("report", self.store, "-o", again)
        with open(self.page, "rb") as one, open(again, "rb") as two:
            self.assertEqual(one.read(), two.read())

    def test_numbers(self):
        """Each line of the table and each card says what the store's columns say."""
        self.show()
        lines = self.browser.js("[...document.querySelectorAll('#table tbody tr')].map(r => [...r.cells].map(c => c.textContent))")
        titles = self.browser.js("[...document.querySelectorAll('#table thead th button')].map(b => b.textContent.replace(/ [\u25b2\u25bc]/, ''))")
        self.assertEqual(len(lines), len(self.rows))
        for id_, line in zip(self.shown(), lines):
            row, said = self.rows[id_], dict(zip(titles, line))
            self.assertEqual(said["Status"], row["status"])
            self.assertEqual(said["Time"], row["acquired"][:16].replace("T", " "))
            if row["freeboard_m"] is None:
                self.assertEqual((said["Freeboard, m"], said["Oil, bbl (90 %)"]), ("\u2013", "\u2013"))
                continue
            for name, column, decimals in (("Freeboard, m", "freeboard", 2), ("Draft, m", "draft", 1)):
                for word, key in zip(said[name].split(" \u00b1 "), (f"{column}_m", f"{column}_sigma_m")):
                    self.assertAlmostEqual(float(word), row[key], delta=0.5 * 10**-decimals + 0.0005)  # records have three decimals
            self.assertEqual(said["Oil, bbl (90 %)"], f"{three(row['oil_bbl_p50'])} ({three(row['oil_bbl_p05'])} to {three(row['oil_bbl_p95'])})")
        for k, id_ in enumerate(self.shown()):
            self.browser.js(f"pick(view.shown[{k}], false)")
            card, row = self.browser.text("#card-body"), self.rows[id_]
            self.assertIn(id_, card)
            record = json.loads(row["record"])["properties"]
            for reason in record["reasons"]:
                self.assertIn(self.browser.js(f"PAGE.reasons[{json.dumps(reason)}]"), card)
            if row["freeboard_m"] is not None:
                for word, key in zip(re.search(r"\(90 %: ([\d.]+) to ([\d.]+)\)", card).groups(), ("freeboard_m_p05", "freeboard_m_p95")):
                    self.assertAlmostEqual(float(word), row[key], delta=0.0056)
                for sigma in record["error_budget"].values():
                    self.assertTrue(sigma < 0.0005 or fixed(sigma, 3) in card, sigma)
            scene = self.browser.js(f"view.shown[{k}].scene.record.sha256.picture")
            self.assertIn(scene, card)
            self.assertEqual(len(scene), 64)

    def test_sorts(self):
        self.show()
        by_freeboard = sorted((r["freeboard_m"], id_) for id_, r in self.rows.items() if r["freeboard_m"] is not None)
        refused = [id_ for id_, r in self.rows.items() if r["freeboard_m"] is None]
        for expected, says in (([i for _, i in reversed(by_freeboard)], "descending"), ([i for _, i in by_freeboard], "ascending")):
            self.browser.click("#table thead button[data-key=freeboard]")
            self.assertEqual(self.shown(), expected + refused)
            self.assertEqual(self.browser.js("document.querySelector('[data-key=freeboard]').closest('th').ariaSort"), says)
        self.browser.key("Enter")  # the heading kept the focus
        self.assertEqual(self.shown()[0], by_freeboard[-1][1])
        self.silent()

    def test_filters(self):
        self.show()
        self.browser.click("#filter-text")
        self.browser.type("PAIR after")
        self.assertEqual(self.shown(), [i for i in self.rows if i.startswith("pair_after")])
        self.assertIn("1 of 6 hulls shown", self.browser.text("#filter-count"))
        self.assertEqual(self.browser.js("document.querySelectorAll('#map .marks circle').length"), 1)
        self.assertEqual(self.browser.text("#card-body .tools span"), "not among those shown")
        self.browser.js("document.querySelector('[data-remark]').value = 'not kept yet'")
        self.browser.click("#filter-none")
        self.assertEqual(self.browser.js("document.querySelector('[data-remark]').value"), "not kept yet")  # a filter leaves the card alone
        self.assertEqual(len(self.shown()), 6)
        self.assertEqual(self.browser.js("document.querySelectorAll('#table [aria-current]').length"), 1)
        for select, value, column in (("status", "refused", "status"), ("state", "laden", "load_state")):
            self.browser.js(f"(() => {{ const s = document.getElementById('filter-{select}'); s.value = '{value}'; s.dispatchEvent(new Event('input', {{bubbles: true}})); }})()")
            self.assertEqual(set(self.shown()), {i for i, r in self.rows.items() if r[column] == value})
            self.browser.click("#filter-none")

    def test_map(self):
        self.show()
        box = "document.querySelector('#map svg').getAttribute('viewBox').split(' ').map(Number)"
        before = self.browser.js(box)
        self.browser.click("#map button[aria-label='Zoom in']")
        self.assertAlmostEqual(self.browser.js(box)[2], 0.7 * before[2], places=3)
        x, y = self.browser.middle("#map svg")
        now = self.browser.js(box)
        self.browser.drag(x - 200, y - 100, 60)
        self.assertLess(self.browser.js(box)[0], now[0])
        self.browser.js("document.querySelector('#map .tools button:nth-of-type(3)').click()")
        self.assertEqual(self.browser.js(box), before)
        index = self.browser.js("HULLS.findIndex(h => h.p.status === 'refused')")
        self.browser.click(f"#map circle[data-hull='{index}']")
        self.assertIn("refused/", self.browser.text("#card-body h3"))

    def test_keyboard(self):
        """From the table to a card without a mouse."""
        self.show()
        self.browser.js("document.querySelector('#table tbody tr:nth-child(3) button').focus()")
        self.browser.key("Enter")
        self.assertEqual(self.browser.text("#card-body h3"), self.shown()[2])
        self.assertEqual(self.browser.js("document.activeElement.tagName"), "H3")

    def test_edges_by_hand(self):
        """The machine's own edges give the machine's cue; a corrected width divided by per_metre is the freeboard."""
        self.show()
        for id_, row in self.rows.items():
            cues = json.loads(row["record"])["properties"]["cues"]
            if not cues:
                continue
            self.browser.js(f"pick(BY_ID.get({json.dumps(id_)}), false)")
            says = self.browser.text("[data-answer]")
            self.assertAlmostEqual(float(re.search(r"freeboard ([\d.]+) m", says)[1]), cues[0]["freeboard_m"], delta=0.01)
            deck = self.browser.js("Number(document.querySelector('[data-edge=deck]').value)")
            self.browser.js(f"(() => {{ const i = document.querySelector('[data-edge=outer]'); i.value = {deck + 2.5 * cues[0]['per_metre']}; i.dispatchEvent(new Event('input', {{bubbles: true}})); }})()")
            says = self.browser.text("[data-answer]")
            self.assertAlmostEqual(float(re.search(r"freeboard ([\d.]+) m", says)[1]), 2.5, delta=0.01)
            self.assertTrue(self.browser.js("document.querySelector('input[value=correct]').checked"))

    def test_drags(self):
        """A line that is dragged so far on the strip moves so many metres, and the freeboard is width / per_metre."""
        self.show()
        for id_, row in self.rows.items():
            cues = json.loads(row["record"])["properties"]["cues"]
            if not cues:
                continue
            self.browser.js(f"pick(BY_ID.get({json.dumps(id_)}), false)")
            edges = "[...document.querySelectorAll('[data-edge]')].map(i => i.valueAsNumber)"
            deck, outer = self.browser.js(edges)
            self.assertAlmostEqual((outer - deck) / cues[0]["per_metre"], cues[0]["freeboard_m"], delta=0.01)
            x, y = self.browser.middle(".handle.outer .grip")
            width, metres = self.browser.js("[document.querySelector('svg.strip').getBoundingClientRect().width, (s => s.width * s.m_per_px)(picturesOf(view.picked).sheet.strip)]")
            sign = 1 if cues[0]["side"] == "starboard" else -1
            self.browser.drag(x, y, 20 * sign)
            now = self.browser.js(edges)
            self.assertEqual(now[0], deck)
            self.assertAlmostEqual(now[1], outer + 20 * metres / width, delta=0.6 * metres / width)  # the grip's middle is within a screen pixel
            says = self.browser.text("[data-answer]")
            self.assertAlmostEqual(float(re.search(r"freeboard ([\d.]+) m", says)[1]), (now[1] - now[0]) / cues[0]["per_metre"], delta=0.01)
            self.browser.js("document.querySelector('.handle.deck').focus()")
            self.browser.key("ArrowRight")
            self.assertAlmostEqual(self.browser.js(edges)[0], deck + sign * 0.05, delta=0.0011)
        self.silent()

    def test_pictures(self):
        """The chip shows what the file shows, north up: outline and waterline lie on it, arrows point where the row says."""
        self.show()
        for id_, row in self.rows.items():
            self.browser.js(f"pick(BY_ID.get({json.dumps(id_)}), false)")
            p = json.loads(row["record"])["properties"]
            self.browser.wait("[...document.querySelectorAll('#card-body image')].length === 2")
            self.assertEqual(self.browser.js("document.querySelectorAll('.chip .on-deck').length"), 1)
            self.assertEqual(self.browser.js("document.querySelectorAll('.chip .on-water').length"), 1 if row["freeboard_m"] is not None else 0)
            for hand, key in (("sun", "sun_azimuth_deg"), ("view", "view_azimuth_deg")):
                dx, dy = self.browser.js(f"(l => [l.x2.baseVal.value - l.x1.baseVal.value, l.y2.baseVal.value - l.y1.baseVal.value])(document.querySelector('.on-{hand} line'))")
                self.assertAlmostEqual(math.degrees(math.atan2(dx, -dy)) % 360, p[key], delta=0.1)
        self.silent()

    def test_findings(self):
        """What `findings` printed is shown as it is; what it did not print is not shown."""
        findings, page = self.path("findings.json"), self.path("findings.html")
        days = [{"date": f"2024-0{m}-15", "visits": 1, "visits_so_far": m, **{f"oil_bbl_p{q:02d}": m * (90000 + 200 * q) for q in (5, 25, 50, 75, 95)}, "p_over_cap": 0} for m in range(1, 8)]
        all_ = {"visits": 7, "cap_bbl": 500000, "cap_period": "calendar_year", "p_over_cap": 0.98, "cap_passed_on": {"p05": "2024-05-15", "p50": "2024-06-15", "p95": None},
                "oil_bbl_p05": 637000, "oil_bbl_p50": 700000, "oil_bbl_p95": 763000, "by_date": days, "by_year": [], "scenarios": [], "warnings": [HOSTILE]}
        self.write("findings.json", json.dumps(all_))
        run("report", self.store, "--findings", findings, "-o", page)
        self.show(page)
        self.silent(page)
        self.assertIn("7 calls loaded 700\u202f000 (90 %: 637\u202f000 to 763\u202f000) barrels", self.browser.text("#summary"))
        self.assertIn("passed with 98 %, more probably than not by 2024-06-15", self.browser.text("#summary"))
        self.assertEqual(self.browser.js("document.querySelectorAll('#findings polygon').length"), 2)
        self.assertIn(HOSTILE, self.browser.text("#findings-body"))
        self.write("findings.json", json.dumps({**all_, "visits": 0, "p_over_cap": 0, "by_date": [], "left_out": {"unclear": 4, "nothing": 0}}))
        run("report", self.store, "--findings", findings, "-o", page)
        self.show(page)
        self.assertIn("No call is counted (left out: 4 unclear), so nothing is said of the cap", self.browser.text("#summary"))
        self.write("no.json", "{}")
        self.complains(3, "is not what plimsoll findings prints", "report", self.store, "--findings", "no.json", "-o", "x.html")

    def test_reviews(self):
        """Corrected on the strip, exported, applied, made anew: what the page said is what the program stores, to 0.01 m."""
        store, page = self.path("reviewed.gpkg"), self.path("reviewed.html")
        shutil.copy(self.store, store)
        shutil.copytree(os.path.join(self.folder.name, "chips"), self.path("chips"))
        run("report", store, "-o", page)
        self.show(page)
        self.browser.js("localStorage.clear()")
        self.show(page)
        said = {}
        for id_, row in self.rows.items():
            cues = json.loads(row["record"])["properties"]["cues"]
            self.browser.js(f"pick(BY_ID.get({json.dumps(id_)}), false)")
            if cues:
                x, y = self.browser.middle(".handle.outer .grip")
                self.browser.drag(x, y, 7 if cues[0]["side"] == "starboard" else -7)
                said[id_] = [float(n.replace("\u202f", "")) for n in self.search(r"freeboard ([\d.]+) m\. Draft ([\d.]+) m, oil ([\d\u202f]+) bbl", self.browser.text("[data-answer]")).groups()]
            else:
                self.browser.click("input[value=reject]")
            self.browser.js("document.querySelector('[data-remark]').value = 'as I see it: </script>'")
            self.browser.click("[data-save]")
        self.assertEqual(self.browser.js("document.getElementById('export').disabled"), True)
        self.browser.click("#analyst")
        self.browser.type("A. Nalyst")
        self.browser.key("Tab")
        self.browser.click("#export")
        file = os.path.join(self.folder.name, "review.json")
        for _ in range(100):
            if os.path.exists(file):
                break
            time.sleep(0.1)
        self.silent(page)
        with open(file, encoding="utf-8") as text:
            self.assertEqual(len(json.load(text)["reviews"]), len(self.rows))
        run("review", "apply", store, file)
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
            db.row_factory = sqlite3.Row
            kept = {row["hull_id"]: row for row in db.execute("SELECT * FROM reviews")}
        self.assertEqual(set(kept), set(self.rows))
        for id_, (freeboard, draft, oil) in said.items():
            self.assertAlmostEqual(kept[id_]["freeboard_m"], freeboard, delta=0.01)
            self.assertAlmostEqual(kept[id_]["draft_m"], draft, delta=0.015)  # 0.01, and the page says centimetres
            self.assertAlmostEqual(kept[id_]["oil_bbl_p50"], oil, delta=max(0.02 * oil, 300))
        run("report", store, "-o", page)
        self.show(page)
        self.browser.js("localStorage.clear()")
        self.show(page)
        self.silent(page)
        for id_ in self.rows:
            self.browser.js(f"pick(BY_ID.get({json.dumps(id_)}), false)")
            word = self.browser.text("[data-reviews]")
            self.assertIn("by A. Nalyst", word)
            self.assertIn("as I see it: </script>", word)
            self.assertIn(f"freeboard {fixed(kept[id_]['freeboard_m'], 2)[:-1]}" if id_ in said else "rejected", word)

    def test_script_stays_text(self):
        picture = self.sample("a<img src=x onerror=document.title='owned'>")
        store, page = self.path("evil.gpkg"), self.path("evil.html")
        run("batch", picture, "-o", store, "--vessel", HOSTILE[:60], "--quiet")
        with sqlite3.connect(store) as db:
            record, scene = (json.loads(db.execute(f"SELECT record FROM {layer}").fetchone()[0]) for layer in ("hulls", "scenes"))
        record["properties"]["vessel_name"] = record["properties"]["port"] = HOSTILE  # more than an option takes
        scene["platform"] = scene["warnings"] = HOSTILE
        rewrite(store, "UPDATE hulls SET record = ?", json.dumps(record))
        rewrite(store, "UPDATE scenes SET record = ?, options = ?", json.dumps(scene), HOSTILE)
        run("report", store, "-o", page)
        self.show(page)
        self.silent(page)
        self.assertIn("plimsoll report", self.browser.js("document.title"))
        self.assertEqual(self.browser.text("#card-body h3"), HOSTILE)
        self.assertIn(HOSTILE, self.browser.text("#table tbody"))
        self.assertEqual(self.browser.js("document.querySelectorAll('img, script:not([type])').length"), 1)

    def test_no_rows(self):
        """A store of pictures without ships, and one that holds what no row is."""
        self.area("water.geojson", (133.1155, 42.6900), (133.1165, 42.6900), (133.1165, 42.6905), (133.1155, 42.6905), (133.1155, 42.6900))
        store, page = self.path("none.gpkg"), self.path("none.html")
        run("batch", os.path.join(SAMPLES, "laden.tif"), "--aoi", self.path("water.geojson"), "-o", store, "--quiet")
        run("report", store, "-o", page)
        self.browser.errors.clear()
        self.browser.open(page)
        self.assertIn("No ship was found in 1 picture", self.browser.text("#summary"))
        self.assertEqual(self.browser.errors, [])
        rewrite(store, "UPDATE scenes SET record = ?", '{"id": ]')
        self.complains(3, "is no JSON object", "report", store, "-o", self.path("broken.html"))
        self.assertFalse(os.path.exists(self.path("broken.html")))

    def test_usage(self):
        self.complains(2, "report wants -o FILE.html", "report", self.store)
        self.complains(3, "no such store", "report", "nothing.gpkg", "-o", "x.html")
        towns = self.path("towns.gpkg")  # somebody's own file, with nothing of ours in it
        shutil.copy(self.store, towns)
        make_strange(towns)
        before = pathlib.Path(towns).read_bytes()
        self.complains(3, "is not a store of plimsoll's", "report", towns, "-o", "x.html")
        self.assertEqual(pathlib.Path(towns).read_bytes(), before)
        self.assertFalse(os.path.exists(self.path("x.html")))
        self.assertFalse(os.path.exists(self.path("nothing.gpkg")))
        self.complains(2, "report wants RESULTS.gpkg", "report", "results.csv", "-o", "x.html")

    def test_valid(self):
        """HTML Tidy knows HTML 5; its warnings are errors here. What scripts add is looked at by axe below."""
        if not shutil.which("tidy"):
            self.skipTest("tidy is missing")
        done = subprocess.run(["tidy", "-q", "-e", "--warn-proprietary-attributes", "yes", self.page], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_axe(self):
        """Names, roles, contrast: no violation, in light and dark, wide and narrow, on a card that has all parts."""
        with open(AXE, encoding="utf-8") as file:
            axe = file.read()
        for width, theme in ((1280, "light"), (1280, "dark"), (400, "light")):
            self.show(width=width, theme=theme)
            self.browser.js(axe + "; 0")
            found = self.browser.js("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + n.failureSummary).join(' | ')))")
            self.assertEqual(found, [], (width, theme))
            self.assertLessEqual(self.browser.js("document.documentElement.scrollWidth"), width)


if __name__ == "__main__":
    if not CHROMIUM:
        print("SKIPPED: chromium is missing (scripts/packages_check.txt): the page was not looked at in a browser", file=sys.stderr)
        sys.exit(77)
    unittest.main()
