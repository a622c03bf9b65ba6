#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the tree keep the rules of the house?

    arch.py CHECK TREE [--library FILE] [--compiler CC ...]

Each check reads the tree at TREE and yields complaints, one line each, "path:line: what is wrong". No complaint: exit 0.
Any complaint: exit 1. A check that found nothing to read complains too, so that an empty tree never passes.
arch_selftest.py breaks a small tree in every way named here and expects a complaint each time.
"""
import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys

# The floors, from the ground up. A file may include its own floor and any to its left.
FLOORS = ["base", "image", "geo", "io", "scene", "synth", "port", "hull", "freeboard", "load", "visit", "results", "report", "run", "cli"]

# Public headers that are not named after their floor. The umbrella is for users: only cli/ stands high enough.
PUBLIC_FLOOR = {"findings": "visit", "pipeline": "run", "batch": "run", "worker": "run", "review": "results", "plimsoll": "cli"}

# Which floors may include a library's headers. A header that is neither here nor in STANDARD is refused:
# a new library needs a room.
LIBRARIES = [
    (r"gdal.*\.h|ogr_.*\.h|cpl_.*\.h|proj\.h|tiff.*\.h|curl/.*|jansson\.h|expat\.h|nettle/.*|sqlite3\.h", {"io"}),
    (r"opencv2/.*|fftw3\.h", {"image"}),
    (r"erfa\.h|erfam\.h", {"geo"}),
    (r"gsl/.*", {"freeboard", "load"}),
    (r"omp\.h", {"base"}),
    (r"seccomp\.h", {"run"}),
]
STANDARD = set(
    "assert complex ctype dirent errno fcntl float getopt glob inttypes langinfo limits locale math poll sched signal stdalign "
    "stdarg stdatomic stdbool stddef stdint stdio stdlib string strings sys/file sys/ioctl sys/mman sys/prctl sys/resource "
    "sys/socket sys/stat sys/time sys/types sys/wait tgmath time unistd wchar".split()
)

# Names that a library floor never says, and what it says instead.
DENIED = {
    "printf": "return text or an error; printing is cli's work",
    "vprintf": "return text or an error; printing is cli's work",
    "puts": "return text or an error; printing is cli's work",
    "putchar": "return text or an error; printing is cli's work",
    "perror": "pl__fail",
    "stdout": "return text; printing is cli's work",
    "stderr": "pl__fail",
    "exit": "return a status",
    "_exit": "return a status",
    "quick_exit": "return a status",
    "abort": "return PL_E_INTERNAL",
    "putenv": "a library option; the environment is shared by all threads",
    "setenv": "a library option; the environment is shared by all threads",
    "unsetenv": "a library option; the environment is shared by all threads",
    "setlocale": "pl__text_number, or newlocale",
    "system": "a library call",
    "popen": "a library call",
    "sprintf": "snprintf",
    "vsprintf": "vsnprintf",
    "strcpy": "pl__text_copy",
    "strcat": "pl__text_copy",
    "gets": "fgets",
    "strtok": "strcspn",
    "atoi": "pl__text_number",
    "atof": "pl__text_number",
    "rand": "a generator with the caller's seed",
    "srand": "a generator with the caller's seed",
}

# The one place that says such a name all the same, and why.
EXEMPT = {
    ("src/run/child.c", "_exit"): "a forked worker must not run what its parent left for the end",
}

MAX_LINES = 600
SPDX = "/* SPDX-License-Identifier: GPL-3.0-or-later */"


def walk(tree, folder, endings):
    """Files below tree/folder with one of the endings, in order, as paths relative to tree."""
    for root, folders, files in os.walk(os.path.join(tree, folder)):
        folders.sort()
        for name in sorted(files):
            if name.endswith(endings):
                yield os.path.relpath(os.path.join(root, name), tree)


def read(tree, path):
    with open(os.path.join(tree, path), encoding="utf-8") as file:
        return file.read()


def strip(text, strings=True):
    """C source with comments (and the insides of strings) blanked, line numbers kept."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        found = match.group(0)
        if found[0] in "\"'":
            return '""' if strings else found
        return " " + "\n" * found.count("\n")

    return token.sub(blank, text)


def includes(tree, path):
    """(line number, 'quote' or 'angle', name) of each include; any other form has the name None."""
    for number, line in enumerate(strip(read(tree, path), strings=False).split("\n"), 1):
        match = re.match(r'\s*#\s*(?:include|include_next|import)\b\s*(?:"([^"]+)"|<([^>]+)>)?', line)
        if match:
            yield number, "quote" if match.group(1) else "angle", match.group(1) or match.group(2)


def public_floor(name):
    stem = name.split("/", 1)[1][:-2]
    return PUBLIC_FLOOR.get(stem, stem)


def floor_of(path):
    """The floor a file of src/ or include/plimsoll/ stands on; None when it stands on none."""
    parts = path.split("/")
    if parts[0] == "include":
        floor = public_floor("/".join(parts[1:]))
    else:
        floor = parts[1] if len(parts) > 2 else None
    return floor if floor in FLOORS else None


def sources(tree):
    yield from walk(tree, "include", (".h",))
    yield from walk(tree, "src", (".c", ".h"))


def check_floors(tree):
    """No floor includes one above it; includes are written from src/."""
    count = 0
    for path in sources(tree):
        count += 1
        own = floor_of(path)
        if own is None:
            yield f"{path}:1: stands on no floor known to tests/arch/arch.py"
            continue
        for line, form, name in includes(tree, path):
            where = f"{path}:{line}"
            if name is None:
                yield f"{where}: an include must name its file plainly"
                continue
            head = name.split("/")[0]
            if head == "plimsoll" and name.endswith(".h"):
                target = public_floor(name)
            elif head in FLOORS and "/" in name:
                target = head
                if path.startswith("include/"):
                    yield f"{where}: a public header includes the internal {name}"
            elif form == "quote" and (name.startswith((".", "/")) or os.path.exists(os.path.join(tree, os.path.dirname(path), name))):
                yield f"{where}: write {name} from src/, as in \"{own}/{os.path.basename(name)}\""
                continue
            else:
                continue  # a library or the standard: check_libraries
            if target not in FLOORS:
                yield f"{where}: {name} belongs to no floor known to tests/arch/arch.py"
            elif FLOORS.index(target) > FLOORS.index(own) and not path.endswith("include/plimsoll/plimsoll.h"):
                yield f"{where}: {own} looks up to {target} ({name})"
    if not count:
        yield "src: no sources found"


def check_libraries(tree):
    """Each library lives in its room and nowhere else."""
    count = 0
    for path in sources(tree):
        own = floor_of(path)
        for line, _, name in includes(tree, path):
            if name is None or name.split("/")[0] in FLOORS + ["plimsoll"]:
                continue
            count += 1
            if name.endswith(".h") and name[:-2] in STANDARD:
                continue
            where = f"{path}:{line}"
            rooms = next((rooms for pattern, rooms in LIBRARIES if re.fullmatch(pattern, name)), None)
            if rooms is None:
                yield f"{where}: <{name}> has no room in tests/arch/arch.py"
            elif path.startswith("include/"):
                yield f"{where}: <{name}> in a public header"
            elif own not in rooms:
                yield f"{where}: <{name}> lives in {' and '.join(sorted(rooms))} only"
    if not count:
        yield "src: no includes found"


def check_calls(tree):
    """Library floors neither print nor exit nor touch what the whole process shares."""
    denied = re.compile(r"\b(" + "|".join(DENIED) + r")\b")
    count = 0
    for path in walk(tree, "src", (".c", ".h")):
        count += 1
        if floor_of(path) == "cli":
            continue
        for number, line in enumerate(strip(read(tree, path)).split("\n"), 1):
            if line.lstrip().startswith("#"):
                continue
            for match in denied.finditer(line):
                name = match.group(1)
                called = name in ("stdout", "stderr") or line[match.end():].lstrip().startswith("(")
                if (path, name) in EXEMPT:
                    continue
                if called and not re.search(r"(\.|->)\s*$", line[:match.start()]):
                    yield f"{path}:{number}: {name} in a library floor; use: {DENIED[name]}"
    if not count:
        yield "src: no sources found"


def check_lines(tree):
    """No source file is longer than people read."""
    count = 0
    for path in sources(tree):
        count += 1
        lines = read(tree, path).count("\n")
        if lines > MAX_LINES:
            yield f"{path}:{lines}: {lines} lines, at most {MAX_LINES}: does it answer one question?"
    if not count:
        yield "src: no sources found"


def check_opening(tree):
    """Every C file opens with its licence and the question it answers."""
    count = 0
    for folder in ("include", "src", "tests", "bench"):
        for path in walk(tree, folder, (".c", ".h")):
            count += 1
            lines = read(tree, path).split("\n") + ["", ""]
            if lines[0] != SPDX:
                yield f"{path}:1: the first line must be {SPDX}"
            if not re.match(r"/\*\*?( +\S|$)", lines[1]):
                yield f"{path}:2: the second line must open a comment that says which question the file answers"
    if not count:
        yield "src: no sources found"


def check_models(tree):
    """Every belief about the world names its source."""
    count = 0
    for path in walk(tree, "models", (".csv",)):
        count += 1
        lines = read(tree, path).split("\n")
        numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
        rows = list(zip((n for n, _ in numbered), csv.reader(line for _, line in numbered)))
        header = [cell.strip() for cell in rows[0][1]] if rows else []
        if "source" not in header:
            yield f"{path}:1: no column named source"
            continue
        if len(rows) < 2:
            yield f"{path}:1: no rows"
        for number, row in rows[1:]:
            if len(row) != len(header):
                yield f"{path}:{number}: {len(row)} cells under {len(header)} headings"
            elif not row[header.index("source")].strip():
                yield f"{path}:{number}: no source"
    for path in walk(tree, "models", (".geojson",)):
        for index, feature in enumerate(json.loads(read(tree, path)).get("features", [])):
            if not str((feature.get("properties") or {}).get("source") or "").strip():
                yield f"{path}: feature {index + 1} has no source"
    if not count:
        yield "models: no tables found"


def check_unfinished(tree):
    """Nothing is left standing."""
    marks = re.compile(r"\b(" + "|".join(["TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK"]) + r")\b")
    endings = (".c", ".h", ".py", ".sh", ".cmake", ".txt", ".md", ".csv", ".in", "Makefile", ".json")
    count = 0
    for folder in ("include", "src", "tests", "bench", "cmake", "scripts", "models", "docs"):
        for path in walk(tree, folder, endings):
            count += 1
            for number, line in enumerate(read(tree, path).split("\n"), 1):
                if marks.search(line):
                    yield f"{path}:{number}: {line.strip()[:80]}"
    if not count:
        yield "src: no files found"


def check_headers(tree, compilers):
    """Each public header compiles alone, as C and as C++, with every compiler given."""
    headers = list(walk(tree, "include", (".h",)))
    if not headers:
        yield "include: no headers found"
    used = {"c": 0, "c++": 0}
    for compiler in compilers:
        if not shutil.which(compiler):
            continue
        language = "c++" if compiler.split("/")[-1].startswith(("g++", "clang++", "c++")) else "c"
        used[language] += 1
        standard = "-std=c++17" if language == "c++" else "-std=c17"
        for path in headers:
            # Through a file that includes it: a header given on the command line is a "main file" to the compiler.
            run = subprocess.run([compiler, "-x", language, standard, "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                                  "-I", os.path.join(tree, "include"), "-"], capture_output=True, text=True,
                                 input=f"#include \"{path[len('include/'):]}\"\n#include \"{path[len('include/'):]}\"\n", check=False)
            if run.returncode:
                yield f"{path}: does not compile alone with {compiler}:\n{run.stderr.strip()}"
    for language, count in used.items():
        if not count:
            yield f"include: no {language} compiler among {' '.join(compilers)}"


def check_exports(library):
    """The shared library shows pl_ names and nothing else; pl__ stays inside."""
    run = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=False)
    if run.returncode:
        yield f"{library}: {run.stderr.strip()}"
        return
    names = [line.split()[-1].split("@")[0] for line in run.stdout.split("\n") if line.strip()]
    if not names:
        yield f"{library}: exports nothing"
    for name in names:
        if not name.startswith("pl_") or name.startswith("pl__"):
            yield f"{library}: exports {name}"


TREE_CHECKS = {name[len("check_"):]: check for name, check in list(globals().items())
               if name in ("check_floors", "check_libraries", "check_calls", "check_lines", "check_opening", "check_models",
                           "check_unfinished")}
COMPILERS = ["gcc", "g++", "clang", "clang++"]


def run(check, tree, library=None, compilers=None):
    if check == "headers":
        return list(check_headers(tree, compilers or COMPILERS))
    if check == "exports":
        return list(check_exports(library))
    return list(TREE_CHECKS[check](tree))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=sorted(TREE_CHECKS) + ["headers", "exports"])
    parser.add_argument("tree")
    parser.add_argument("--library")
    parser.add_argument("--compiler", action="append")
    args = parser.parse_args()
    complaints = run(args.check, args.tree, args.library, args.compiler)
    for line in complaints:
        print(line)
    print(f"{args.check}: {len(complaints)} complaint{'' if len(complaints) == 1 else 's'}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
