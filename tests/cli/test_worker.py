# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a picture that breaks its reader cost only itself, in words and exit codes? tests/run/evil.c is preloaded and misbehaves."""
import http.server
import os
import re
import signal
import subprocess
import threading
import time
import unittest

from door import PLIMSOLL, SAMPLES, Door

EVIL = dict(os.environ, LD_PRELOAD=os.environ["PL_EVIL"])
LADEN = os.path.join(SAMPLES, "laden.tif")


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except FileNotFoundError:
        return []


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(what, seconds=20.0):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    return what()


class Ranges(http.server.BaseHTTPRequestHandler):
    """The samples, whole or in ranges."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_GET(self):
        path = os.path.join(SAMPLES, os.path.basename(self.path))
        content = b""
        if os.path.isfile(path):
            with open(path, "rb") as file:
                content = file.read()
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first, last = 0, len(content) - 1
        if asked and content:
            first, last = int(asked[1]), min(int(asked[2] or last), last)
        self.send_response(404 if not content else 206 if asked else 200)
        if asked and content:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content[first:last + 1])

    do_HEAD = do_GET


class Worker(Door):
    def evil(self, deed):
        return self.write(f"evil_{deed}.tif", "II*.not much of a picture")

    def test_one_line_and_the_reason(self):
        for deed, words in (("crash", "the decoder crashed (signal 11)"), ("exec", "tried to break out"),
                            ("noise", "the decoder answered nonsense"), ("giveup", "ended without an answer (exit 3)")):
            for command in ("scene", "measure", "hulls"):
                err = self.complains(3, words, command, self.evil(deed), env=EVIL)
                self.assertTrue(err.startswith(f"plimsoll: {self.home}/evil_{deed}.tif: "), err)
        self.complains(3, "no answer in 0.3 s", "measure", self.evil("loop"), "--timeout", "0.3", env=EVIL)
        self.complains(3, "out of memory (limit 500 MB)", "measure", self.evil("eat"), "--max-memory", "500", env=EVIL)

    def test_the_others_go_on(self):
        pictures = [self.evil("crash"), LADEN, self.evil("noise")]
        code, out, err = self.run_it("measure", *pictures, "--format", "csv", env=EVIL)
        self.assertEqual((code, err.count("\n")), (1, 2), err)
        self.assertIn("laden/", out)
        for jobs in ("1", "3"):
            store = f"{jobs}.gpkg"
            code, _, err = self.run_it("batch", *pictures, self.evil("loop"), "-o", store, "--timeout", "2", "--jobs", jobs, env=EVIL)
            self.assertEqual(code, 1, err)
            self.assertIn("1 of 4 pictures done, 3 failed", err)
            order = [err.find(f"evil_{deed}") for deed in ("crash", "noise", "loop")]
            self.assertEqual(order, sorted(order), err)

    def test_jobs_change_nothing_but_the_time(self):
        texts = []
        for jobs in ("1", "4"):
            store = self.path(f"jobs{jobs}.gpkg")
            self.assertEqual(self.run_it("batch", SAMPLES, "-o", store, "--jobs", jobs, "--quiet")[::2], (0, ""))
            dump = subprocess.run(["ogr2ogr", "-f", "CSV", "/vsistdout/", store, "hulls"], capture_output=True, check=True)
            texts.append(sorted(dump.stdout.splitlines()))  # whoever lands first is written first
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(len(texts[0]), 7)
        self.complains(2, "--jobs needs workers", "batch", SAMPLES, "-o", "x.gpkg", "--jobs", "2", "--in-process")

    def test_in_process_is_the_same_and_unprotected(self):
        for command in (["measure", LADEN], ["scene", LADEN], ["hulls", LADEN]):
            self.assertEqual(self.run_it(*command), self.run_it(*command, "--in-process"))
        sheets = []
        for extra in ([], ["--in-process"]):
            folder = self.path("sheets" + str(len(extra)))
            code, out, _ = self.run_it("explain", LADEN, "-o", folder, *extra)
            self.assertEqual(code, 0)
            with open(out.strip(), "rb") as file:
                sheets.append(file.read())
        self.assertEqual(sheets[0], sheets[1])
        self.assertEqual(self.run_it("measure", self.evil("crash"), "--in-process", env=EVIL)[0], -signal.SIGSEGV)

    def test_a_picture_on_another_machine(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ranges)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"/vsicurl/http://127.0.0.1:{server.server_port}/laden.tif"
        code, out, err = self.run_it("measure", url, "--format", "csv")
        self.assertEqual(code, 0, err)
        self.assertEqual((code, out, err), self.run_it("measure", url, "--format", "csv", "--in-process"))

    def start(self, *words):
        run = subprocess.Popen([PLIMSOLL, *words], cwd=self.home, env=EVIL, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(run.stdout.close)
        self.addCleanup(run.stderr.close)
        self.addCleanup(run.kill)
        return run

    def hanging(self, run, before=0):
        """The worker that waits for ever: it lives, and those of the pictures before it are done."""
        seen = {}

        def same_for_a_while():
            now = children(run.pid)
            for pid in now:
                seen.setdefault(pid, time.monotonic())
            return len(seen) > before and any(time.monotonic() - seen[pid] > 0.7 for pid in now)

        self.assertTrue(wait_until(same_for_a_while), "no worker")
        return children(run.pid)

    def test_an_interrupt_ends_worker_and_run(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for command in (["measure", LADEN, self.evil("wait"), "-o", f"{number}.geojson"],
                            ["batch", LADEN, self.evil("wait"), "-o", f"{number}.gpkg", "--quiet"]):
                run = self.start(*command)
                workers = self.hanging(run, before=1)
                run.send_signal(number)
                self.assertEqual(run.wait(20), 130)
                self.assertEqual(run.stderr.read(), b"")
                self.assertFalse(any(is_alive(pid) for pid in workers))
                self.assertTrue(os.path.getsize(self.path(command[-1 if command[0] == "measure" else 4])) > 1000)

    def test_a_killed_program_leaves_no_worker(self):
        run = self.start("measure", self.evil("loop"))
        workers = self.hanging(run)
        run.kill()
        run.wait(20)
        self.assertTrue(wait_until(lambda: not any(is_alive(pid) for pid in workers)))

    def test_values_that_are_none(self):
        for option, value in (("--timeout", "0"), ("--timeout", "soon"), ("--max-memory", "1"), ("--max-memory", "nan")):
            self.complains(2, option, "measure", LADEN, option, value)
        self.complains(2, "--jobs", "batch", LADEN, "-o", "x.gpkg", "--jobs", "0")


if __name__ == "__main__":
    unittest.main()
