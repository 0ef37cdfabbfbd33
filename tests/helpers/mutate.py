# SPDX-License-Identifier: MIT
"""Breaks what decides, one place at a time, and lists what no test notices: make mutants.

    mutate.py WORK [EVERY [PART...]]
    mutate.py --list [PART...]

PARTs are judges, rows, steps, denials, filters; without one, all of them. PART:FILE, as in judges:mounts.c, is one source of it. Every EVERY-th mutant is tried. All of it happens in
a copy of the tree, WORK. What is told at the end of a line is the source as it was. --list tells what would be broken.

  judges    src/checks: a finding not made, or lesser; a condition negated; a sign turned round
  rows      src/checks/rows: a level less, a fact that is not needed, a check that never applies
  steps     src/harden/steps.c: a step left out
  denials   src/harden/filter.c: a rule of --deny left out, or a condition of it
  filters   the functions that make filters: conditions and signs, as in judges

Judges and rows are asked what the tests of tests/unit asked them, which is recorded first. Where a mutant answers otherwise, the
tests that had asked that run with it; where none does, those of tests/cli that name its check most often. The others
run the tests that PARTS names. A mutant is killed if a test fails. What is left is "unseen", no answer is another, or "unnoticed",
one is, and no test minds.
"""
import collections
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
LISTS = sys.argv[1] == "--list"
WORK = TOP if LISTS else pathlib.Path(sys.argv[1]).resolve()
EVERY = int(sys.argv[2]) if len(sys.argv) > 2 and not LISTS else 1
JUDGE = WORK / "build/tests/judge"
RECORDS = WORK / "records"
CLI_MOST = 16  # tests of tests/cli for what the questions do not see
TESTS_MOST = 12  # that a mutant has to survive
AT_ONCE = 60  # questions
HANGS = 60  # seconds after which one that says nothing is taken for killed; each of the exhaustive parts takes a few
EXHAUST = "tests/unit/exhaust.bats --filter"
CLI = [f"tests/cli/{name}.bats" for name in
       ("hardening", "caps", "landlock", "barred", "deny", "user", "environment", "start", "options", "process1")]

RECORDER = r"""#!/bin/bash
# Keeps what is asked, by whom, and what the answer was.
set -u
at=$(mktemp -d "$RECORDS/XXXXXXXX")
printf '%s\n%s\n' "${BATS_TEST_FILENAME-}" "${BATS_SUITE_TEST_NUMBER-}" >"$at/test"
for file; do cat -- "$file"; printf '\n'; done >"$at/all"
table=$(sed -n 's/^mountinfo=//p' "$at/all" | tail -n 1)
if [ -n "$table" ] && [ -e "$table" ]; then
	cp -- "$table" "$at/table"
fi
sed "s|^mountinfo=.*|mountinfo=$at/table|" "$at/all" >"$at/facts"
"$0.real" "$@" >"$at/answer" 2>"$at/words"
status=$?
cat -- "$at/answer"
cat -- "$at/words" >&2
printf '%s' "$status" >"$at/status"
exit "$status"
"""

# Says nothing in a judge's place; does nothing in a step's.
SILENT = "static inline void found_nothing(const struct finding *f, ...)\n{\n\t(void)f;\n}\n"
LEFT_OUT = "static int step_left_out(struct harden *h)\n{\n\t(void)h;\n\treturn NOTHING_TO_DO;\n}\n\n"


def run(*words, **more):
    return subprocess.run(words, cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def recipe(source, target):
    """What makes the target of a changed source: make itself takes longer to find that out than the compiler takes to do it."""
    told = run("make", "-n", "V=1", "-W", source, target).stdout.splitlines()
    words = [line for line in told if f" {source} " in line + " " or f" -o {target}" in line]
    # A mutant need not be clean: a parameter may be of no use any more.
    return "\n".join(words).replace("-Werror", "-w")


def bats(*words):
    """False as soon as a test fails."""
    child = subprocess.Popen(("bats", "--tap", *words), cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             start_new_session=True, env={**os.environ, "BATS_TEST_TIMEOUT": str(5 * HANGS)})
    for line in child.stdout:
        if line.startswith("not ok"):
            os.killpg(child.pid, signal.SIGINT)
            child.stdout.read()
            child.wait()
            return False
    return child.wait() == 0


def copy_tree():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for name in run("git", "-C", str(TOP), "ls-files").stdout.splitlines():
        (WORK / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(TOP / name, WORK / name, follow_symlinks=False)
    for name in ("sources", "libcap-ng", "nettle", "libsodium"):
        shutil.copytree(TOP / "build" / name, WORK / "build" / name, symlinks=True)
    made = run("make", "-s", "-j2", "all", "test-tools")
    if made.returncode:
        sys.exit(made.stdout)


# ---- what is broken: triples of what was done, where, and the whole text with it done


def closing(text, at):
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1, "{": 1, "}": -1}.get(text[i], 0)
        if depth == 0:
            return i
    raise ValueError(text[at:at + 40])


def swap(text, start, end, other):
    return text[:start] + other + text[end:]


def operators(text, start=0):
    for m in re.compile(r"\b(?:if|while) \(").finditer(text, start):
        end = closing(text, m.end() - 1)
        yield "condition negated", m.start(), swap(text, m.end(), end, "!(" + text[m.end():end] + ")")
    for sign, other in (("&&", "||"), ("||", "&&"), (" == ", " != "), (" != ", " == ")):
        for m in re.compile(re.escape(sign)).finditer(text, start):
            yield f"{sign.strip()} is {other.strip()}", m.start(), swap(text, *m.span(), other)


def is_graded(text, at):
    """Whether what is grave has another level than what is lesser, as far as can be told: in a row of the function's, or of its file's."""
    rows_of = {judge: levels for _, judge, levels in check_rows()}
    names = re.findall(r"^(?:static )?(?:\w+ )+\**(\w+)\(", text[:at], re.M)
    mixed = [rows_of.get(names[-1])] if names[-1] in rows_of else [rows_of.get(name) for name in re.findall(r"\bjudge_\w+", text)]
    return any(levels and re.search("MIXED|LOADER", levels) for levels in mixed)


def judges(text):
    for m in re.finditer(r"\bfound_(grave|lesser|unknown|unknown_at)\(f,", text):
        head = text.index("\n\n", text.rindex("#include", 0, m.start()))
        yield "says nothing", m.start(), swap(swap(text, *m.span(), "found_nothing(f,"), head, head, "\n\n" + SILENT)
        if m.group(1) == "grave" and is_graded(text, m.start()):
            yield "grave is lesser", m.start(), swap(text, *m.span(), "found_lesser(f,")
    yield from operators(text)


def rows(text):
    less = {"FAILS": "WARNS", "WARNS": "INFOS", "MIXED": "WARNS", "LOADER": "INFOS", "INFOS": "OFF"}
    for m in re.finditer(r"\bLEVELS\((\w+), (\w+)\)", text):
        for i in (1, 2):
            if m.group(i) not in ("INFOS", "OFF"):
                yield "level less", m.start(i), swap(text, *m.span(i), less[m.group(i)])
    for m in re.finditer(r"\bFACT_\w+", text):
        yield "fact not needed", m.start(), swap(text, *m.span(), "0")
    for m in re.finditer(r"\n\t\t\.(?!id|title|wrong|judge|levels|fix|standards|needs)\w+ = [^\n]*,\n", text):
        yield "row without", m.start() + 1, swap(text, *m.span(), "\n")


def steps(text):
    table = text.index("const struct harden_step harden_steps[]")
    for m in re.compile(r'\{"[\w-]+", (\w+),').finditer(text, table, text.index("};", table)):
        yield "left out", m.start(), swap(swap(text, *m.span(1), "step_left_out"), table, table, LEFT_OUT)


def denials(text):
    table = text.index("static const struct rule rules[]")
    for m in re.compile(r"\n\t\{DENY_[^\n]*\},").finditer(text, table, text.index("\n};", table)):
        row = m.group()
        yield "rule left out", m.start() + 2, swap(text, *m.span(), "")
        for c in re.finditer(r"\b(?:MASKED|IS\w*)\([^()]*\)", row):
            start, end = m.start() + c.start(), m.start() + c.end()
            end += len(", ") if text.startswith(", ", end) else 0
            yield "condition left out", start, swap(text, start, end, "" if row.count("(") > 1 else "{HOLDS, 0, 0, 0}")


def filters(text):
    # What is above is the table.
    yield from operators(text, text.find("\nenum {\n\tCONDITION_LENGTH") + 1)


# ---- who is asked


def check_rows():
    """Triples of an id, the name of its judge and its levels."""
    text = "".join((TOP / path).read_text() for path in sorted((TOP / "src/checks/rows").glob("*.c")))
    return [(m.group(1), re.search(r"\.judge = (\w+)", m.group()).group(1), re.search(r"\.levels = (.*)", m.group()).group(1))
            for m in re.finditer(r'\.id = "([\w-]+)".*?\n\t\},', text, re.S)]


def tests_of(source, where):
    """Tests of tests/cli that name a check of the judge, or row, that was broken, most often first; or of the source."""
    rows = [(name, judge) for name, judge, _ in check_rows()]
    functions = re.findall(r"^(?:static )?(?:\w+ )+\**(\w+)\(", source[:where], re.M)
    row = re.findall(r'\.id = "([\w-]+)"', source[:where])
    ids = [name for name, judge in rows if functions[-1:] == [judge] or row[-1:] == [name]] or \
        [name for name, judge in rows if re.search(rf"\b{judge}\b", source)]
    named = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ids)) + r")(?![\w-])")
    count = collections.Counter()
    for path in (WORK / "tests/cli").glob("*.bats"):
        for m in re.finditer(r'^@test "([^\n]*)" \{\n.*?^\}', path.read_text(), re.M | re.S):
            pattern = re.escape(m.group(1).replace('\\"', '"'))
            count[f"{path.relative_to(WORK)} --filter ^{pattern}$"] = len(named.findall(m.group()))
    return [words for words, n in count.most_common(CLI_MOST) if n and ids]


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
    names = dict(re.findall(r"^ok (\d+) (.*)$", done.stdout, re.M))
    for at in RECORDS.iterdir():
        file, number = (at / "test").read_text().split("\n")[:2]
        (at / "test").write_text(f"{file}\n{names[number]}\n")
    # Those which can be asked again: other facts than the table may have been in files that are gone.
    asked = sorted(RECORDS.iterdir())
    return {at: answer for at, answer in zip(asked, answers(asked))
            if answer == ((at / "answer").read_bytes(), (at / "status").read_bytes())}


def answers(questions):
    """Pairs of what is said and the status; less of them where the judge ended, or hung."""
    facts = [at / "facts" for at in questions]
    with subprocess.Popen([JUDGE, "--each", *facts], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          start_new_session=True) as child:
        try:
            told = child.communicate(timeout=HANGS)[0]
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return []
    *parts, _ = re.split(rb"\n== (\d+)\n", told)
    return list(zip(parts[::2], (b"%d" % os.waitstatus_to_exitcode(int(status)) for status in parts[1::2])))


def survives_questions(baseline):
    asked = set()
    rest = list(baseline)
    while rest and len(asked) < TESTS_MOST:
        some, rest = rest[:AT_ONCE], rest[AT_ONCE:]
        differ = [at for at, answer in itertools.zip_longest(some, answers(some)) if answer != baseline[at]]
        for at in differ:
            test = tuple((at / "test").read_text().splitlines())
            if test in asked or len(asked) == TESTS_MOST:
                continue
            asked.add(test)
            # What tells one mutant tells its neighbour: it is asked first from now on.
            told = {at: baseline.pop(at)}
            others = dict(baseline)
            baseline.clear()
            baseline.update(told | others)
            if not bats("--filter", "^" + re.escape(test[1]) + "$", test[0]):
                return None
    return "unnoticed" if asked else "unseen"


def survives_tests(words):
    return "unnoticed" if all(bats(*word.split(maxsplit=2)) for word in words) else None


# Which sources, how they are broken, what is made of them, and which tests run then; without any, the questions are asked.
PARTS = {
    "judges": [("src/checks/*.c", judges, ["build/tests/judge"], None)],
    "rows": [("src/checks/rows/*.c", rows, ["build/tests/judge"], None)],
    "steps": [("src/harden/steps.c", steps, ["build/granit"], CLI)],
    "denials": [("src/harden/filter.c", denials, ["build/granit"],
                 ["tests/cli/deny.bats", "tests/cli/deny_pid1.bats", "tests/unit/syscalls.bats"])],
    "filters": [("src/harden/filter.c", filters, ["build/granit", "build/tests/exhaust"],
                 [f"{EXHAUST} of.--deny", "tests/cli/deny.bats", "tests/cli/kernels.bats", "tests/cli/faults.bats"]),
                ("src/learn/filter.c", filters, ["build/granit", "build/tests/exhaust"],
                 [f"{EXHAUST} of.--learn", "tests/cli/learn.bats", "tests/cli/kernels.bats"])],
}


def line_told(source, text, what, where):
    number = text.count("\n", 0, where) + 1
    return f"{source}:{number}: {what}: {text.splitlines()[number - 1].strip()}"


def try_source(source, break_it, targets, words, questions, count):
    text = source.read_text()
    name = str(source.relative_to(WORK))
    how = "set -e\n" + "\n".join(recipe(name, target) for target in targets)
    for what, where, broken in break_it(text):
        count["seen"] += 1
        if count["seen"] % EVERY:
            continue
        source.write_text(broken)
        if run("bash", "-c", how).returncode:
            count["no program"] += 1
            continue
        count["tried"] += 1
        state = survives_tests(words) if words else survives_questions(questions)
        if state == "unseen" and run("bash", "-c", recipe(name, "build/granit")).returncode == 0:
            state = survives_tests(tests_of(text, where)) and state
        if state:
            count["left"] += 1
            print(f"{state}: {line_told(name, text, what, where)}", flush=True)
    source.write_text(text)
    run("bash", "-c", how)


def sources_of(part, top):
    """Tuples of a source and the rest of its row in PARTS."""
    part, _, name = part.partition(":")
    for pattern, *rest in PARTS[part]:
        for source in sorted(top.glob(pattern)):
            if name in ("", source.name):
                yield source, *rest


def list_all(parts):
    for part in parts:
        for source, break_it, *_ in sources_of(part, TOP):
            text = source.read_text()
            for what, where, broken in break_it(text):
                assert broken != text
                print(line_told(source.relative_to(TOP), text, what, where))


def main():
    parts = sys.argv[2 if LISTS else 3:] or list(PARTS)
    if LISTS:
        list_all(parts)
        return
    copy_tree()
    questions = record() if any(not words for part in parts for *_, words in sources_of(part, WORK)) else []
    for part in parts:
        count = dict.fromkeys(("seen", "tried", "left", "no program"), 0)
        for source, break_it, targets, words in sources_of(part, WORK):
            try_source(source, break_it, targets, words, questions, count)
        print(f"{part}: {count['tried']} tried, {count['tried'] - count['left']} killed, {count['left']} left; "
              f"{count['no program']} were no program", flush=True)


main()
