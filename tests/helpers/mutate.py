# SPDX-License-Identifier: MIT
"""Breaks the judges one place at a time, and says what no test has noticed.

    mutate.py WORK [EVERY [FILE...]]

FILEs are sources that the judge of made-up facts (tests/judge.c) is made of; without one, all of src/checks. Every
EVERY-th mutant is tried. All of it happens in a copy of the tree, WORK.

First the tests of tests/unit that ask the judge run once, and what they ask is recorded. A mutant is asked the same; where it
answers otherwise, the tests that had asked that run with it. It is killed if one of them fails. The others are listed:
"unseen", no answer is another; "unnoticed", some are, and no test minds.
"""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
WORK = pathlib.Path(sys.argv[1]).resolve()
EVERY = int(sys.argv[2]) if len(sys.argv) > 2 else 1
JUDGE = WORK / "build/tests/judge"
RECORDS = WORK / "records"
TESTS_MOST = 4  # that a mutant has to survive

RECORDER = r"""#!/bin/bash
# Keeps what is asked, with whom; answers as ever.
set -u
at=$(mktemp -d "$RECORDS/XXXXXXXX")
printf '%s\n%s\n' "${BATS_TEST_FILENAME-}" "${BATS_TEST_DESCRIPTION-}" >"$at/test"
for file; do cat -- "$file"; printf '\n'; done >"$at/all"
table=$(sed -n 's/^mountinfo=//p' "$at/all" | tail -n 1)
if [ -n "$table" ] && [ -e "$table" ]; then
	cp -- "$table" "$at/table"
fi
sed "s|^mountinfo=.*|mountinfo=$at/table|" "$at/all" >"$at/facts"
exec "$0.real" "$at/facts"
"""

# Says nothing in a judge's place.
SILENT = "static inline void found_nothing(const struct finding *f, ...)\n{\n\t(void)f;\n}\n"


def run(*words, **more):
    return subprocess.run(words, cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def copy_tree():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for name in ("src", "tests", "scripts", "Makefile", "doc", "README.md", "examples", ".ci"):
        source = TOP / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, WORK / name)
    shutil.copytree(TOP / "build", WORK / "build", symlinks=True,
                    ignore=lambda path, names: [] if path != str(TOP / "build") else
                    [n for n in names if n not in ("obj", "tests", "granit", "hello") and not n.startswith("lib") and n != "nettle"])
    made = run("make", "-s", "all", "test-tools")
    if made.returncode:
        sys.exit(made.stdout)


def commands(source):
    """What compiles the source, and what links the judge."""
    words = run("make", "-n", "V=1", "-W", source, "build/obj/" + source[:-2] + ".o").stdout
    compiler = next(line for line in words.splitlines() if " -c " + source in line)
    words = run("make", "-n", "V=1", "-W", "tests/judge.c", "build/tests/judge").stdout
    linker = next(line for line in words.splitlines() if "tests/judge.c" in line and " -o " in line)
    return compiler, linker


def record():
    real = JUDGE.with_name("judge.real")
    JUDGE.rename(real)
    JUDGE.write_text(RECORDER)
    JUDGE.chmod(0o755)
    RECORDS.mkdir()
    files = [str(p.relative_to(WORK)) for p in sorted((WORK / "tests/unit").glob("*.bats"))
             if re.search(r"\bjudge[ds]?\b|TOOLS/judge|tests/judge", p.read_text())]
    done = run("bats", "--tap", *files, env={**os.environ, "RECORDS": str(RECORDS)})
    JUDGE.unlink()
    real.rename(JUDGE)
    bad = [line for line in done.stdout.splitlines() if line.startswith("not ok")]
    if bad:
        sys.exit("red before anything is broken:\n" + "\n".join(bad))


def answer(at):
    try:
        done = subprocess.run([JUDGE, at / "facts"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return None


def closing(text, at):
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i
    raise ValueError


def mutants(text):
    """Pairs: what was done, and the whole text with it done."""
    for m in re.finditer(r"\bfound_(grave|lesser|unknown|unknown_at)\(f,", text):
        head = text.index("\n\n", text.rindex("#include", 0, m.start()))
        silent = text[:m.start()] + "found_nothing(f," + text[m.end():]
        yield "says nothing", m.start(), silent[:head] + "\n\n" + SILENT + silent[head:]
        if m.group(1) == "grave":
            yield "grave is lesser", m.start(), text[:m.start()] + "found_lesser(f," + text[m.end():]
    for m in re.finditer(r"\bif \(", text):
        end = closing(text, m.end() - 1)
        yield "condition negated", m.start(), text[:m.end()] + "!(" + text[m.end():end] + ")" + text[end:]
    for sign, other in (("&&", "||"), ("||", "&&"), (" == ", " != "), (" != ", " == ")):
        for m in re.finditer(re.escape(sign), text):
            yield f"{sign.strip()} is {other.strip()}", m.start(), text[:m.start()] + other + text[m.end():]


def survives(baseline):
    """None if it is killed, else what became of it."""
    differs = [at for at in baseline if answer(at) != baseline[at]]
    if not differs:
        return "unseen"
    tests = collections.Counter(tuple((at / "test").read_text().splitlines()) for at in differs)
    for (file, name), _ in tests.most_common(TESTS_MOST):
        done = run("bats", "--filter", "^" + re.escape(name) + "$", file)
        if done.returncode:
            return None
    return "unnoticed"


def line_of(text, at):
    number = text.count("\n", 0, at) + 1
    return number, text.splitlines()[number - 1].strip()


def main():
    copy_tree()
    record()
    baseline = {at: answer(at) for at in sorted(RECORDS.iterdir())}
    sources = sys.argv[3:] or sorted(str(p.relative_to(WORK)) for p in (WORK / "src/checks").glob("*.c"))
    tried = killed = unbuilt = at = 0
    for source in sources:
        path = WORK / source
        text = path.read_text()
        compiler, linker = commands(source)
        for what, where, broken in mutants(text):
            at += 1
            if at % EVERY:
                continue
            path.write_text(broken)
            # It need not be clean: a parameter may be of no use any more.
            if run("bash", "-c", compiler.replace("-Werror", "-w")).returncode or run("bash", "-c", linker).returncode:
                unbuilt += 1
                continue
            tried += 1
            state = survives(baseline)
            killed += state is None
            if state:
                number, line = line_of(text, where)
                print(f"{state}: {source}:{number}: {what}: {line}", flush=True)
        path.write_text(text)
        run("bash", "-c", compiler)
        run("bash", "-c", linker)
    print(f"mutants: {tried} tried, {killed} killed, {tried - killed} left; {unbuilt} were no program; "
          f"{len(baseline)} questions of tests", flush=True)


main()
