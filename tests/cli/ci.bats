#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `expect` sets output
# The filters of examples/ci, over what granit really reports; the action and the job as far as they are text.
# tests/container/ci.bats runs them.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	T=$BATS_TEST_TMPDIR
	CI=examples/ci
	printf 'FROM a AS b\n# FROM no\nRUN x\nfrom scratch\nCOPY y /\n' >"$T/Dockerfile"
}

report() { # STATUS OPTION...: to $T/report.json
	expect "$1" "$GRANIT" --check --root="$ROOT" --format=json "${@:2}"
	printf '%s\n' "$output" >"$T/report.json"
}

# An image with a shell, a setuid file, and names that need care.
bad_image() {
	mkdir -p "$ROOT/bin"
	cp /bin/busybox "$ROOT/bin/busybox"
	cp /bin/busybox "$ROOT/bin/"$'a%b,c:d"e\\f'
	cp "$TOOLS/probe" "$ROOT/bin/su"
	chmod u+s "$ROOT/bin/su"
	report 78
}

filter() { # NAME [FLAG...]
	jq -L "$CI" "${@:2}" -f "$CI/$1.jq" "$T/report.json"
}

sarif() { # [FLAG...]: valid, into $T/sarif.json
	filter sarif "$@" >"$T/sarif.json"
	jsonschema -i "$T/sarif.json" tests/helpers/sarif.schema.json
	# What no schema says: a result's rule is the one it names, and no rule is there for nothing.
	jq -e '.runs[0] | .tool.driver.rules as $rules |
		all(.results[]; $rules[.ruleIndex].id == .ruleId) and ($rules | map(.id)) == ([.results[].ruleId] | unique)' "$T/sarif.json"
}

@test "SARIF: an image without findings has no results" {
	report 0
	sarif
	[ "$(jq -c '.runs[0] | [.results, .tool.driver.rules, .invocations[0].exitCode]' "$T/sarif.json")" = '[[],[],0]' ]
}

@test "SARIF: a result for each piece of evidence, at the Dockerfile's last FROM" {
	bad_image
	sarif --arg dockerfile 'images/my web/Dockerfile' --rawfile source "$T/Dockerfile"
	[ "$(jq '.runs[0].results | length' "$T/sarif.json")" = "$(jq '[.findings[].evidence[] | select(.kind != "note") |
		select(.level == "fail" or .level == "warn")] | length' "$T/report.json")" ]
	[ "$(jq -c '[.runs[0].results[].locations[].physicalLocation | [.artifactLocation.uri, .region.startLine]] | unique' "$T/sarif.json")" = \
		'[["images/my%20web/Dockerfile",4]]' ]
	[ "$(jq -r '.runs[0].results[] | select(.ruleId == "setuid-files") | .level' "$T/sarif.json")" = warning ]
	[ "$(jq -r '[.runs[0].results[] | select(.ruleId == "no-multicall") | .level] | unique[]' "$T/sarif.json")" = error ]
	contains "$(jq -r '.runs[0].tool.driver.rules[] | select(.id == "setuid-files").help.text' "$T/sarif.json")" 'chmod a-s /bin/su'
}

@test "SARIF: what cannot be inspected is a result too" {
	bad_image
	report 78 --scan-budget=30s,1,1
	sarif
	contains "$(jq -r '.runs[0].results[].message.text' "$T/sarif.json")" 'cannot verify that '
}

@test "SARIF: a container's findings, too" {
	boxed 78 -- /granit --check --format=json
	printf '%s\n' "$output" >"$T/report.json"
	sarif
	contains "$(jq -r '.runs[0].results[].ruleId' "$T/sarif.json")" root-read-only
}

@test "fingerprints: no two are the same, and the Dockerfile does not change them" {
	bad_image
	sarif
	local prints='[.runs[0].results[].partialFingerprints.primaryLocationLineHash]'
	[ "$(jq "$prints | length == (unique | length) and length > 4" "$T/sarif.json")" = true ]
	local before
	before=$(jq -c "$prints" "$T/sarif.json")
	sarif --arg dockerfile elsewhere --rawfile source "$T/Dockerfile"
	[ "$(jq -c "$prints" "$T/sarif.json")" = "$before" ]
	# As it was in the first version: an alert that was dismissed stays so.
	printf '{"granit":"0.1.0","exit_status":78,"findings":[{"id":"no-shell","title":"a","wrong":"b","standards":[],"level":"fail",
		"evidence":[{"kind":"grave","level":"fail","text":"/bin/busybox has the name of a shell"}]}]}' >"$T/report.json"
	[ "$(filter codequality -r | jq -r '.[].fingerprint')" = 1294059114-1560707098 ]
}

@test "annotations: a line for each, which the runner reads back as it was" {
	bad_image
	filter annotations -r --arg dockerfile 'a,b:c/Dockerfile' --rawfile source "$T/Dockerfile" >"$T/lines"
	[ "$(wc -l <"$T/lines")" = "$(filter codequality | jq length)" ]
	# As @actions/core writes them.
	python3 - "$T/lines" "$T/report.json" <<'PYTHON'
import json, re, sys

texts = {e["text"] for f in json.load(open(sys.argv[2]))["findings"] for e in f["evidence"]}
def back(text, more=()):
    for code, char in (("%0D", "\r"), ("%0A", "\n")) + tuple(more) + (("%25", "%"),):
        text = text.replace(code, char)
    return text
seen = set()
for line in open(sys.argv[1]):
    m = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)\n", line)
    assert m, line
    values = dict(p.split("=", 1) for p in m[2].split(","))
    values = {k: back(v, (("%3A", ":"), ("%2C", ","))) for k, v in values.items()}
    assert values["file"] == "a,b:c/Dockerfile" and values["line"] == "4" and values["title"].startswith("granit: "), values
    seen |= {t for t in texts if t in back(m[3]).split("\n")[0]}
assert any("%b,c:d" in t for t in seen), seen
PYTHON
}

@test "GitLab: what it asks of a report of code quality" {
	bad_image
	filter codequality --arg dockerfile Dockerfile >"$T/quality.json"
	jq -e 'length > 4 and all(.[]; (.description, .check_name, .fingerprint, .location.path | type == "string" and length > 0) and
		(.location.lines.begin >= 1) and (.severity | IN("info", "minor", "major", "critical", "blocker")))' "$T/quality.json"
	jq -e '[.[].severity] | unique == ["critical", "minor"]' "$T/quality.json"
}

@test "the action, the workflow and the job are YAML with the members that their services ask for" {
	python3 - "$CI" <<'PYTHON'
import os, re, sys, yaml

folder = sys.argv[1]
read = lambda name: yaml.safe_load(open(os.path.join(folder, name)))
action = read("action.yml")
assert action["name"] and action["description"] and action["runs"]["using"] == "composite"
for step in action["runs"]["steps"]:
    assert step["shell"] == "bash" and step["run"]
    # What a caller writes is never pasted into a script.
    assert "${{" not in step["run"], step["run"]
used = set(re.findall(r"inputs\.([a-z-]+)", open(os.path.join(folder, "action.yml")).read()))
assert used == set(action["inputs"]), used
steps = read("workflow.yml")["jobs"]["image"]["steps"]
given = next(s["with"] for s in steps if s.get("uses", "").endswith("/granit"))
assert set(given) <= set(action["inputs"])
assert all(n in given for n, i in action["inputs"].items() if i.get("required"))
job = read("gitlab-ci.yml")["granit"]
assert job["artifacts"]["reports"]["codequality"] == "codequality.json" and job["artifacts"]["when"] == "always"
assert any("inspect.sh" in line for line in job["script"])
PYTHON
}
