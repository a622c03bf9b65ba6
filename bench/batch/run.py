#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a batch what is said of it: nothing lost when killed, both cores used, memory flat, one broken file the others' business not?

    run.py [kill] [throughput] [memory] [broken] [again] [--scenes 200] [--plimsoll FILE]

kill        SIGKILL at 20 random moments, resumed each time: is the store that of a run that was left alone, row for row?
throughput  pictures a second on one core and on two, against what a loop of additions gains in the same minutes
memory      1,000 scenes: the most that program and workers held, in the first half and in the second
broken      a broken or hostile file among every ten: how much longer do the others take?
again       how long takes a run over scenes that are all done?

Without a word: all. Scenes are drawn once, in --folder, and kept. Times are what they are on a machine that does other things too; the
comparisons take turns, so that both sides see the same of that.
"""
import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORES = sorted(os.sched_getaffinity(0))


def spent():
    times = os.times()
    return times.children_user + times.children_system


def batch(args, *words, env=None, cores=None):
    """(seconds, JSON lines) of a run."""
    begin = time.monotonic()
    run = subprocess.run([args.plimsoll, "batch", *words, "--log-format", "json"], capture_output=True, check=False, env=env,
                         preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None)
    if run.returncode not in (0, 1):
        sys.exit(f"batch ended with {run.returncode}: {run.stderr.decode()[-500:]}")
    return time.monotonic() - begin, [json.loads(line) for line in run.stderr.splitlines() if line.startswith(b"{")]


def fresh(path):
    for end in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(path + end):
            os.remove(path + end)
    return path


def usual(args):
    """54 scenes as synth draws them unless told otherwise."""
    folder = args.path("usual")
    if not os.path.isdir(folder):
        args.fleet.draw(folder, 54, kinds=3, ship=[])
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.endswith(".tif")]


class File:
    """A store in a GeoPackage."""

    def __init__(self, args, name):
        self.fleet, self.name, self.env = args.fleet, args.path(name + ".gpkg"), None

    def reset(self):
        fresh(self.name)

    def rows(self):
        return self.fleet.rows(self.name)


class Base:
    """A store in a PostGIS."""

    def __init__(self, server):
        self.server, self.name, self.env = server, server.name(), server.environment

    def reset(self):
        self.server.reset()

    def rows(self):
        return {table: [[row] for row in self.server.sql(f"SELECT to_jsonb(t) - ARRAY['fid', 'ogc_fid', 'seconds', 'bytes_read', 'at', 'written'] FROM {table} t "
                                                         "ORDER BY 1")] for table in ("scenes", "hulls", "journal")}


def kill_one(args, what, whole, torn):
    """`whole` is left alone and read before `torn` begins: they may be one database."""
    whole.reset()
    took, _ = batch(args, args.scenes_folder, "-o", whole.name, "--jobs", "2", env=whole.env)
    wanted = whole.rows()
    torn.reset()
    chance, kills, runs = random.Random(args.seed), 0, 0
    while kills < 20:
        runs += 1
        with subprocess.Popen([args.plimsoll, "batch", args.scenes_folder, "-o", torn.name, "--jobs", "2", "--quiet"], env=torn.env,
                              stderr=subprocess.DEVNULL) as run:
            try:
                run.wait(chance.uniform(0, took / 10))
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                kills += 1
            if run.poll() == 0:  # all done before the kills were: begin again
                torn.reset()
    _, lines = batch(args, args.scenes_folder, "-o", torn.name, "--jobs", "2", env=torn.env)
    end, found = lines[-1], torn.rows()
    differs = args.fleet.difference(wanted, found)
    print(f"kill        {what}: {kills} kills in {runs} runs (seed {args.seed}); the last run kept {end['kept']} of {end['pictures']}, measured {end['done'] - end['kept']}; "
          f"{len(found['scenes'])} scenes, {len(found['hulls'])} hulls: {'EQUAL' if not differs else 'DIFFERENT: ' + differs}", flush=True)
    return not differs


def kill(args):
    ok = kill_one(args, "GeoPackage", File(args, "whole"), File(args, "torn"))
    import pg  # pylint: disable=import-outside-toplevel
    if pg.Postgis.missing():
        print(f"kill        PostGIS: not tried: {pg.Postgis.missing()}", flush=True)
        return ok
    with pg.Postgis() as server:
        return kill_one(args, "PostGIS", Base(server), Base(server)) and ok


LOOP = "import time\nend = time.monotonic() + %f\nn = 0\nwhile time.monotonic() < end:\n    for _ in range(20000):\n        n += 1\nprint(n)"


def loops(cores, seconds):
    """Additions of as many loops as cores, each on its own."""
    runs = [subprocess.Popen([sys.executable, "-c", LOOP % seconds], stdout=subprocess.PIPE, preexec_fn=lambda c=c: os.sched_setaffinity(0, {c})) for c in cores]
    return sum(int(run.communicate()[0]) for run in runs)


def throughput(args):
    """In turns, so that a neighbour's load falls on all four: loop on one core, batch on one, loop on two, batch on two."""
    one, two = {CORES[0]}, set(CORES[:2])
    names = usual(args)
    gains, loop_gains = [], []
    for turn in range(args.turns):
        some = names[turn % 4 * 10:][:24]
        times = {}
        for cores, jobs in ((one, 1), (two, 2)):
            before = loops(sorted(cores), 1.5)
            seconds, _ = batch(args, *some, "-o", fresh(args.path("t.gpkg")), "--jobs", str(jobs), cores=cores)
            after = loops(sorted(cores), 1.5)
            times[jobs] = (len(some) / seconds, before + after)
        gains.append(times[2][0] / times[1][0])
        loop_gains.append(times[2][1] / times[1][1])
    ratios = [g / l for g, l in zip(gains, loop_gains)]
    ratio = statistics.median(ratios)
    print(f"throughput  two cores gain {statistics.median(gains):.3f} x, a loop of additions {statistics.median(loop_gains):.3f} x; "
          f"ratio {ratio:.3f} (median of {args.turns} turns, {min(ratios):.3f} to {max(ratios):.3f}; wanted 0.93)", flush=True)
    return ratio >= 0.93


def resident(pid):
    """MB that a process holds; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) / 1024
    except (OSError, ValueError):
        return 0.0


def memory(args):
    folder = args.path("thousand")
    if not os.path.isdir(folder) or len(os.listdir(folder)) < 2000:
        args.fleet.draw(folder, 1000, kinds=4)
    own, peaks = [], []
    with subprocess.Popen([args.plimsoll, "batch", folder, "-o", fresh(args.path("m.gpkg")), "--jobs", "2", "--log-format", "json"], stderr=subprocess.PIPE) as run:
        for line in run.stderr:
            told = json.loads(line)
            if told.get("event") != "picture":
                continue
            own.append(resident(run.pid))
            peaks.append(told["peak_mb"])
        run.wait()
    half = len(own) // 2
    ok = True
    for what, values in (("program, resident", own), ("workers, peak resident", peaks)):
        first, second = max(values[:half]), max(values[half:])
        change = 100 * (second / first - 1)
        ok = ok and change <= 5
        print(f"memory      {what}: {first:.1f} MB in the first {half}, {second:.1f} MB in the rest ({change:+.1f} %; wanted 5 %)", flush=True)
    return ok and half >= 500


def broken(args):
    """54 scenes alone, and with one bad file after every nine of them. The scenes are the usual drawn ones, ships of 100 m at half a metre,
    which is small for a picture that somebody bought: the larger the scene, the less weighs a bad file."""
    good, bad_folder = usual(args), args.path("bad")
    os.makedirs(bad_folder, exist_ok=True)
    with open(good[0], "rb") as file:
        sound = file.read()
    # cut short; no picture at all; a picture whose middle is noise; a decoder that crashes, that eats memory, that answers nonsense
    chance = random.Random(1)
    noise = bytes(chance.randrange(256) for _ in range(20000))
    bad = {"cut.tif": sound[:len(sound) // 2], "none.tif": noise[:5000], "noise.tif": sound[:3000] + noise + sound[23000:]}
    env = dict(os.environ)
    if args.evil:
        env["LD_PRELOAD"] = args.evil
        bad.update({f"evil_{deed}.tif": sound for deed in ("crash", "eat", "noise")})
    names = [os.path.join(bad_folder, name) for name in bad]
    for name, data in zip(names, bad.values()):
        with open(name, "wb") as file:
            file.write(data)
    mixed = []
    for i, name in enumerate(good):
        mixed.append(name)
        if i % 9 == 8:
            mixed.append(names[(i // 9) % len(names)])
    walls, works = [], []
    for _ in range(args.turns):
        sums = []
        for some, store in ((good, "g.gpkg"), (mixed, "b.gpkg")):
            before = spent()
            seconds, lines = batch(args, *some, "-o", fresh(args.path(store)), "--jobs", "2", "--max-memory", "400", env=env)
            sums.append((seconds, spent() - before))
            if lines[-1]["done"] != len(good):
                sys.exit(f"broken: {lines[-1]}")
        walls.append(100 * (sums[1][0] / sums[0][0] - 1))
        works.append(100 * (sums[1][1] / sums[0][1] - 1))
    percent = statistics.median(works)
    print(f"broken      {len(mixed) - len(good)} broken or hostile files among {len(mixed)}: {percent:+.1f} % of processor time ({min(works):+.1f} to {max(works):+.1f}), "
          f"{statistics.median(walls):+.1f} % of wall clock ({min(walls):+.1f} to {max(walls):+.1f}), medians of {args.turns} turns; wanted 5 %", flush=True)
    return percent < 5


def again(args):
    store = args.path("whole.gpkg")
    batch(args, args.scenes_folder, "-o", store, "--jobs", "2")
    before = spent()
    seconds, lines = batch(args, args.scenes_folder, "-o", store, "--jobs", "2")
    work = spent() - before
    print(f"again       {lines[-1]['kept']} of {lines[-1]['pictures']} kept in {seconds:.1f} s, {1e3 * work / lines[-1]['pictures']:.0f} ms of processor time each", flush=True)
    return lines[-1]["kept"] == lines[-1]["pictures"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*")
    parser.add_argument("--plimsoll", default=os.path.join(TOP, "build", "src", "cli", "plimsoll"))
    parser.add_argument("--evil", default=os.path.join(TOP, "build", "tests", "run", "libevil.so"))
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "plimsoll-bench-batch"))
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    args = parser.parse_args()
    args.evil = args.evil if os.path.exists(args.evil) else None
    os.environ["PLIMSOLL"] = args.plimsoll
    os.environ.setdefault("PLIMSOLL_MODELS", os.path.join(TOP, "models"))
    sys.path.insert(0, os.path.join(TOP, "tests", "batch"))
    import fleet  # pylint: disable=import-outside-toplevel
    args.fleet = fleet
    args.path = lambda name: os.path.join(args.folder, name)
    args.scenes_folder = args.path("scenes")
    if not os.path.isdir(args.scenes_folder) or len(os.listdir(args.scenes_folder)) != 2 * args.scenes:
        fleet.draw(args.scenes_folder, args.scenes, kinds=4)
    asked = {"kill": kill, "again": again, "broken": broken, "throughput": throughput, "memory": memory}
    ok = [asked[word](args) for word in (args.what or asked)]
    return 0 if all(ok) else 1


if __name__ == "__main__":
    sys.exit(main())
