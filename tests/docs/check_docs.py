#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the pages say what the program does?

    check_docs.py links TREE                     relative links and pictures lead somewhere
    check_docs.py commands TREE --plimsoll BIN   commands, options and make targets in the pages exist
    check_docs.py outputs TREE --plimsoll BIN    a block under <!-- output of: COMMAND --> is what the command prints
    check_docs.py fields TREE --plimsoll BIN     docs/output.md lists exactly the properties that `measure` writes
    check_docs.py refresh TREE --plimsoll BIN    write those blocks, and the numbers decoded under them, anew
    check_docs.py selftest                       can these checks fail?

No complaint: exit 0. Any complaint: one line each, exit 1. A check that found nothing to check complains too.
"""
import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)
OUTPUT = re.compile(r"^<!-- output of: (.+?) -->\n+```\w*\n(.*?)^```", re.S | re.M)
DECODED = re.compile(r"^\| ([^|`]+) \| `([^`|]*)` \|", re.M)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
SHELL = ("sh", "bash", "console", "shell")


def pages(tree):
    """(path, text) of every page that people read."""
    for root, folders, files in os.walk(tree):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "build")) and f not in ("out",))
        for name in sorted(files):
            if name.endswith(".md"):
                path = os.path.join(root, name)
                with open(path, encoding="utf-8") as file:
                    yield os.path.relpath(path, tree), file.read()


def check_links(tree, _):
    count = 0
    for path, text in pages(tree):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            if not os.path.exists(os.path.join(tree, os.path.dirname(path), target)):
                yield f"{path}: the link to {target} leads nowhere"
    if not count:
        yield "no links found"


def shell_lines(text):
    """Command lines of the shell blocks, and indented lines and inline code that begin with plimsoll or make."""
    for language, block in FENCE.findall(text):
        if language in SHELL:
            yield from (line.strip() for line in block.replace("\\\n", " ").split("\n"))
    for code in re.findall(r"^    (.+)$|(?<!`)`([^`\n]+)`(?!`)", FENCE.sub("", text), re.M):
        code = "".join(code).strip()
        if re.match(r"(plimsoll|make) \w", code):
            yield code


def calls(line):
    """('plimsoll' | 'make', words after it) of each part of a command line."""
    for part in re.split(r"&&|\|\||[|;]", line.split(" #")[0]):
        words = part.split()
        while words and (words[0] in ("$", "sudo", "time", "exec") or re.match(r"[A-Z_]+=", words[0])):
            words.pop(0)
        if words and os.path.basename(words[0]) in ("plimsoll", "make"):
            yield os.path.basename(words[0]), words[1:]


def ask(words, cwd=None):
    run = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, cwd=cwd, check=False)
    return run.returncode, run.stdout, run.stderr


def check_commands(tree, plimsoll):
    with open(os.path.join(tree, "Makefile"), encoding="utf-8") as file:
        targets = set(re.findall(r"^([a-z]+):", file.read(), re.M))
    helps = {}

    def help_of(command):
        if command not in helps:
            code, out, err = ask([plimsoll, command, "--help"])
            helps[command] = out + err if code == 0 else None
        return helps[command]

    count = 0
    for path, text in pages(tree):
        for line in shell_lines(text):
            for program, words in calls(line):
                count += 1
                plain = [word for word in words if re.fullmatch(r"[a-z]+", word)]
                if program == "make":
                    for word in plain:
                        if word not in targets:
                            yield f"{path}: the Makefile has no target {word}: {line}"
                    continue
                if words and words[0].startswith("-"):
                    continue  # plimsoll --version and its like: no command to ask
                if not plain or words[0] != plain[0] or help_of(plain[0]) is None:
                    yield f"{path}: no such command: {line}"
                    continue
                known = set(OPTION.findall(help_of(plain[0])))
                for option in OPTION.findall(" ".join(words)):
                    if option not in known:
                        yield f"{path}: {plain[0]} has no option {option}: {line}"
    if not count:
        yield "no commands found"


def decoded_rows(text, end):
    """The rows | name | `what the line shows` | ... | of the table that follows a block, up to the next heading."""
    stop = text.find("\n#", end)
    return DECODED.finditer(text, end, len(text) if stop < 0 else stop)


def check_outputs(tree, plimsoll):
    count = 0
    for path, text in pages(tree):
        for match in OUTPUT.finditer(text):
            command, block = match.groups()
            count += 1
            words = shlex.split(command)
            _, out, _ = ask([plimsoll] + words[1:], cwd=tree)
            shown = [line.split() for line in block.strip().split("\n")]
            printed = [line.split() for line in out.strip().split("\n")]
            for line in shown:
                if line not in printed:
                    yield f"{path}: `{command}` does not print: {' '.join(line)}\n  it prints:\n{out}"
            for row in decoded_rows(text, match.end()):
                if " ".join(row[2].split()) not in " ".join(block.split()):
                    yield f"{path}: {row[1]}: {row[2]} is not in the line above the table"
    if not count:
        yield "no outputs found"


def refresh(tree, plimsoll):
    """Writes the blocks anew. The rows of a table below are the columns of the block's last line, in order."""
    for path, text in pages(tree):
        fresh = ""
        at = 0
        for match in OUTPUT.finditer(text):
            _, out, _ = ask([plimsoll] + shlex.split(match[1])[1:], cwd=tree)
            lines = [line.rstrip() for line in out.strip("\n").split("\n")]
            cells = iter(re.split(r"  +", lines[-1].strip()))
            fresh += text[at:match.start(2)] + "\n".join(lines) + "\n"
            at = match.end(2)
            for row in decoded_rows(text, match.end()):
                fresh += text[at:row.start(2)] + next(cells, "-")
                at = row.end(2)
        if fresh and fresh + text[at:] != text:
            with open(os.path.join(tree, path), "w", encoding="utf-8") as file:
                file.write(fresh + text[at:])
            print(f"{path}: written anew")


def documented_fields(text):
    match = re.search(r"<!-- properties -->(.*?)<!-- /properties -->", text, re.S)
    rows = re.findall(r"^\| (`[^|]*) \|", match.group(1), re.M) if match else []
    return [name for row in rows for name in re.findall(r"`([a-z0-9_]+)`", row)]


def check_fields(tree, plimsoll):
    with open(os.path.join(tree, "docs", "output.md"), encoding="utf-8") as file:
        documented = documented_fields(file.read())
    samples = sorted(name for name in os.listdir(os.path.join(tree, "samples")) if name.endswith(".tif"))
    seen = set()
    for name in samples:
        _, out, _ = ask([plimsoll, "measure", os.path.join(tree, "samples", name), "--format", "geojson"])
        for feature in json.loads(out)["features"]:
            seen |= set(feature["properties"])
    if not seen:
        yield "samples: no hull found to compare with"
        return
    for name in sorted(set(documented) - seen):
        yield f"docs/output.md: no hull has the property {name}"
    for name in sorted(seen - set(documented)):
        yield f"docs/output.md: the property {name} is missing"
    for name in sorted({name for name in documented if documented.count(name) > 1}):
        yield f"docs/output.md: {name} is listed twice"


CHECKS = {"links": check_links, "commands": check_commands, "outputs": check_outputs, "fields": check_fields}

FAKE = """#!/bin/sh
case "$*" in
"measure --help") echo "measure FILE --format F" ;;
"measure"*geojson) echo '{"features": [{"properties": {"id": 1, "draft_m": 2}}]}' ;;
"measure"*) echo "a   measured 1.5" ;;
*) exit 2 ;;
esac
"""
PAGE = """[page](docs/output.md) `make demo`

```sh
make demo && build/plimsoll measure a.tif --format table
```
<!-- output of: plimsoll measure a.tif -->
```text
a measured 1.5
```
| freeboard | `1.5` | metres |
"""
FIELDS = "<!-- properties -->\n| `id`, `draft_m` | `x` |\n<!-- /properties -->\n"
# check, page, text taken out, text put in, words of the complaint
BROKEN = [
    ("links", "README.md", "docs/output.md", "docs/none.md", "leads nowhere"),
    ("links", "README.md", "[page](docs/output.md)", "", "no links"),
    ("commands", "README.md", "`make demo`", "`make coffee`", "no target coffee"),
    ("commands", "README.md", "plimsoll measure", "plimsoll meaure", "no such command"),
    ("commands", "README.md", "a.tif --format table", "a.tif --colour", "no option --colour"),
    ("commands", "README.md", "`make demo`", "\n\n    plimsoll measure a.tif --sound\n", "no option --sound"),
    ("commands", "README.md", PAGE, "", "no commands"),
    ("outputs", "README.md", "measured 1.5\n```", "measured 1.6\n```", "does not print"),
    ("outputs", "README.md", "| `1.5` |", "| `1.6` |", "1.6 is not in the line"),
    ("outputs", "README.md", "output of", "that is", "no outputs"),
    ("fields", "docs/output.md", "`draft_m`", "`depth_m`", "no hull has the property depth_m"),
    ("fields", "docs/output.md", "`id`, ", "", "the property id is missing"),
    ("fields", "docs/output.md", "`id`, ", "`id`, `id`, ", "listed twice"),
]


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def selftest():
    faults = 0
    with tempfile.TemporaryDirectory() as tree:
        fake = os.path.join(tree, ".fake")
        write(fake, FAKE, 0o755)
        sound = {"README.md": PAGE, "docs/output.md": FIELDS, "Makefile": "demo: x\n", "samples/a.tif": ""}
        for path, text in sound.items():
            write(os.path.join(tree, path), text)
        for check, function in CHECKS.items():
            for line in function(tree, fake):
                faults += 1
                print(f"{check} complains about sound pages: {line}")
        for check, path, old, new, words in BROKEN:
            assert old in sound[path], old
            write(os.path.join(tree, path), sound[path].replace(old, new))
            complaints = list(CHECKS[check](tree, fake))
            if not any(words in line for line in complaints):
                faults += 1
                print(f"{check} does not see {old!r} -> {new!r}: {complaints}")
            write(os.path.join(tree, path), sound[path])
        write(os.path.join(tree, "README.md"), PAGE.replace("1.5", "1.6"))
        refresh(tree, fake)
        for line in check_outputs(tree, fake):
            faults += 1
            print(f"refresh leaves a stale page: {line}")
    print(f"{len(BROKEN)} broken pages, {faults} faults")
    return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=list(CHECKS) + ["refresh", "selftest"])
    parser.add_argument("tree", nargs="?")
    parser.add_argument("--plimsoll")
    args = parser.parse_args()
    if args.check == "selftest":
        return selftest()
    if args.check == "refresh":
        return refresh(args.tree, args.plimsoll)
    complaints = list(CHECKS[args.check](args.tree, args.plimsoll))
    for line in complaints:
        print(line)
    print(f"{args.check}: {len(complaints)} complaint{'' if len(complaints) == 1 else 's'}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
