#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's picture of a report: report_picture.py PLIMSOLL OUT.png. Wants Debian's chromium; without it nothing is made."""
import os
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "tests", "report"))
from browser import CHROMIUM, Browser  # noqa: E402


def main(plimsoll, out):
    if not CHROMIUM:
        print("report_picture.py: chromium is missing, the picture stays as it is", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "report.html")
        subprocess.run([plimsoll, "batch", "samples", "-o", os.path.join(folder, "samples.gpkg"), "--chips", os.path.join(folder, "chips"), "--quiet"], check=True, cwd=TOP)
        subprocess.run([plimsoll, "report", "samples.gpkg", "-o", page], check=True, cwd=folder)
        browser = Browser()
        try:
            browser.size(1180, 1180)
            browser.theme("light")
            browser.open(page)
            browser.wait("document.querySelector('#card-body h3') !== null")
            browser.js("pick(HULLS.find(h => h.p.scene_id === 'laden'), false); document.getElementById('ships').scrollIntoView({behavior: 'instant'}); 0")
            browser.js("Promise.all([...document.querySelectorAll('image')].map(i => i.decode ? i.decode() : 0)).then(() => 0)")
            browser.screenshot(out, whole=False)
        finally:
            browser.close()


main(*sys.argv[1:])
