#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Can the checks of arch.py fail?

A small sound tree is written to a temporary folder: every check must pass on it. Then it is broken in one way at a
time, and the check that watches over that way must complain, in the words expected.
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import arch  # noqa: E402

SPDX = arch.SPDX + "\n"
SOUND = {
    "include/plimsoll/base.h": SPDX + "/* Words. */\n#ifndef B\n#define B\n#include <stdbool.h>\n"
    "#ifdef __cplusplus\nextern \"C\" {\n#endif\nbool pl_yes(void);\n#ifdef __cplusplus\n}\n#endif\n#endif\n",
    "include/plimsoll/hull.h": SPDX + "/* Where do ships lie? */\n#include \"plimsoll/base.h\"\n",
    "include/plimsoll/pipeline.h": SPDX + "/* The street. */\n#include \"plimsoll/hull.h\"\n",
    "include/plimsoll/plimsoll.h": SPDX + "/* All. */\n#include \"plimsoll/pipeline.h\"\n",
    "src/base/yes.c": SPDX + "/* Is it so? It does not printf(\"x\") or exit(1). */\n#include \"plimsoll/base.h\"\n"
    "bool pl_yes(void) { const char *t = \"exit(1) TO\" \"DAY\"; return t != 0; }\n",
    "src/io/io.h": SPDX + "/* Files. */\n#include \"base/own.h\"\n",
    "src/io/read.c": SPDX + "/* What is in the file? */\n#include \"io/io.h\"\n#include <gdal.h>\n#include <stdio.h>\n",
    "src/hull/find.c": SPDX + "/* Where? */\n#include \"plimsoll/hull.h\"\n#include \"io/io.h\"\n",
    "src/cli/main.c": SPDX + "/* Which command? */\n#include <stdio.h>\n#include \"plimsoll/plimsoll.h\"\nint main(void) { printf(\"\"); return 0; }\n",
    "src/base/own.h": SPDX + "/* Own. */\n",
    "models/ships.csv": "# how to update\nname,value,source\na,1,\"a book, p. 2\"\n",
    "models/ports.geojson": '{"features": [{"properties": {"source": "a chart"}}]}\n',
}

# check, what is broken, file, text added to its end (None: the file is removed; a pair: replaced), words of the complaint
BROKEN = [
    ("floors", "a floor looks up", "src/io/read.c", '#include "hull/hull.h"\n', "io looks up to hull"),
    ("floors", "an angle include looks up", "src/io/read.c", "#include <hull/hull.h>\n", "io looks up to hull"),
    ("floors", "a public header from above", "src/io/read.c", '#include "plimsoll/pipeline.h"\n', "io looks up to run"),
    ("floors", "the umbrella inside the library", "src/hull/find.c", '#include "plimsoll/plimsoll.h"\n', "hull looks up to cli"),
    ("floors", "a public header looks up", "include/plimsoll/base.h", '#include "plimsoll/hull.h"\n', "base looks up to hull"),
    ("floors", "a public header shows the inside", "include/plimsoll/hull.h", '#include "base/own.h"\n', "internal base/own.h"),
    ("floors", "an include with spaces", "src/base/yes.c", '  #  include   "io/io.h"\n', "base looks up to io"),
    ("floors", "an include not from src/", "src/base/yes.c", '#include "own.h"\n', 'as in "base/own.h"'),
    ("floors", "a relative include", "src/base/yes.c", '#include "../io/io.h"\n', "write ../io/io.h from src/"),
    ("floors", "an include by macro", "src/base/yes.c", "#include HIDDEN\n", "name its file plainly"),
    ("floors", "an unknown floor", "src/attic/old.c", SPDX, "no floor known"),
    ("floors", "an unknown public header", "include/plimsoll/attic.h", SPDX, "no floor known"),
    ("floors", "nothing to read", "src include", None, "no sources"),
    ("libraries", "GDAL in hull", "src/hull/find.c", "#include <ogr_srs_api.h>\n", "lives in io only"),
    ("libraries", "GDAL in quotes", "src/hull/find.c", '#include "cpl_conv.h"\n', "lives in io only"),
    ("libraries", "libtiff in scene", "src/scene/tiff.c", SPDX + "#include <tiffio.h>\n", "lives in io only"),
    ("libraries", "jansson in cli", "src/cli/main.c", "#include <jansson.h>\n", "lives in io only"),
    ("libraries", "OpenCV in hull", "src/hull/find.c", "#include <opencv2/core/core_c.h>\n", "lives in image only"),
    ("libraries", "FFTW in io", "src/io/read.c", "#include <fftw3.h>\n", "lives in image only"),
    ("libraries", "GSL in image", "src/image/fit.c", SPDX + "#include <gsl/gsl_math.h>\n", "lives in freeboard and load only"),
    ("libraries", "ERFA in scene", "src/scene/sun.c", SPDX + "#include <erfa.h>\n", "lives in geo only"),
    ("libraries", "a library in a public header", "include/plimsoll/hull.h", "#include <gdal.h>\n", "in a public header"),
    ("libraries", "libseccomp in io", "src/io/read.c", "#include <seccomp.h>\n", "lives in run only"),
    ("libraries", "a library nobody knows", "src/io/read.c", "#include <zmq.h>\n", "no room"),
    ("libraries", "nothing to read", "src include", None, "no includes"),
    ("calls", "printf", "src/hull/find.c", "void f(void) { printf (\"\"); }\n", "printf in a library floor"),
    ("calls", "fprintf to stderr", "src/io/read.c", "void f(void) { fprintf(stderr, \"\"); }\n", "stderr in a library floor"),
    ("calls", "exit", "src/hull/find.c", "void f(void) { /* x */ exit(1); }\n", "exit in a library floor"),
    ("calls", "a worker's exit elsewhere", "src/run/worker.c", SPDX + "void f(void) { _exit(1); }\n", "_exit in a library floor"),
    ("calls", "abort", "src/base/own.h", "static inline void f(void) { abort(); }\n", "abort in a library floor"),
    ("calls", "putenv", "src/io/read.c", "void f(void) { putenv(0); }\n", "putenv in a library floor"),
    ("calls", "after a comment mark in a string", "src/io/read.c", "void f(void) { g(\"/*\"); exit(1); }\n", "exit in a library floor"),
    ("calls", "nothing to read", "src", None, "no sources"),
    ("lines", "a long file", "src/hull/find.c", "\n" * 600, "at most 600"),
    ("lines", "nothing to read", "src include", None, "no sources"),
    ("opening", "no licence", "src/hull/find.c", (SPDX, ""), "first line"),
    ("opening", "another licence", "tests/hull/find.c", "/* SPDX-License-Identifier: MIT */\n/* Why? */\n", "first line"),
    ("opening", "no question", "src/hull/find.c", ("/* Where? */\n", ""), "which question"),
    ("opening", "nothing to read", "src include", None, "no sources"),
    ("models", "an empty source", "models/ships.csv", "b,2,\" \"\n", "ships.csv:4: no source"),
    ("models", "no source column", "models/ships.csv", ("source", "origin"), "no column named source"),
    ("models", "a short row", "models/ships.csv", "b,2\n", "2 cells under 3"),
    ("models", "no rows", "models/empty.csv", "name,source\n", "no rows"),
    ("models", "a port without source", "models/ports.geojson", ("a chart", ""), "feature 1 has no source"),
    ("models", "nothing to read", "models", None, "no tables"),
    ("unfinished", "a mark in src", "src/hull/find.c", "/* TO" "DO: think */\n", "src/hull/find.c:5"),
    ("unfinished", "a mark in docs", "docs/a.md", "FIX" "ME\n", "docs/a.md:1"),
    ("unfinished", "nothing to read", "src include models", None, "no files"),
    ("headers", "a header that leans on another", "include/plimsoll/hull.h", "void pl_f(size_t n);\n", "does not compile alone"),
    ("headers", "a header that C++ refuses", "include/plimsoll/base.h", "int pl_g(int class);\n", "does not compile alone with"),
    ("headers", "a header that warns", "include/plimsoll/hull.h", "static int pl_unused(void) { return 1; }\n", "does not compile alone"),
    ("headers", "nothing to read", "include", None, "no headers"),
]
SOURCE = "__attribute__((visibility(\"default\"))) int %s(void) { return 1; }\n"


def write(tree, files):
    for path, text in files.items():
        path = os.path.join(tree, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def damage(tree, path, change):
    if change is None:
        for folder in path.split():
            shutil.rmtree(os.path.join(tree, folder))
        return
    full = os.path.join(tree, path)
    text = arch.read(tree, path) if os.path.exists(full) else ""
    if isinstance(change, tuple):
        assert change[0] in text, f"{path} does not hold {change[0]!r}"
        text = text.replace(*change)
    else:
        text += change
    write(tree, {path: text})


def library(folder, names):
    source, built = os.path.join(folder, "x.c"), os.path.join(folder, "x.so")
    with open(source, "w", encoding="utf-8") as file:
        file.write("".join(SOURCE % name for name in names) + "int hidden(void);\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-fvisibility=hidden", "-o", built, source], check=True)
    return built


def main():
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        sound = os.path.join(folder, "sound")
        write(sound, SOUND)
        for check in sorted(arch.TREE_CHECKS) + ["headers"]:
            faults += [f"{check} complains about a sound tree: {line}" for line in arch.run(check, sound)]
        for number, (check, what, path, change, words) in enumerate(BROKEN):
            tree = os.path.join(folder, str(number))
            shutil.copytree(sound, tree)
            damage(tree, path, change)
            complaints = arch.run(check, tree)
            if not any(words in line for line in complaints):
                faults.append(f"{check} does not see {what}: {complaints}")
        faults += [f"exports complains about {line}" for line in arch.run("exports", "", library(folder, ["pl_a", "pl_b"]))]
        for names in (["pl_a", "other"], ["pl_a", "pl__inside"], []):
            if not arch.run("exports", "", library(folder, names)):
                faults.append(f"exports does not see {names}")
        if not arch.run("exports", "", os.path.join(folder, "missing.so")):
            faults.append("exports does not see that the library is missing")
    for fault in faults:
        print(fault)
    print(f"{len(BROKEN) + 4} broken trees, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
