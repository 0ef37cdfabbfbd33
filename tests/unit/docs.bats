#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# doc/checks.md says of every check what the table of checks says, and nothing of a check that is not there. Links lead somewhere.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	DOC=doc/checks.md
}

# Prints "ID<tab>LINE" for each line of the sections that matches the pattern.
lines() { # PATTERN
	awk -v pattern="$1" '
		/^##/ { id = "" }
		/^### / { id = substr($0, 5); gsub(/`/, "", id) }
		id != "" && $0 ~ pattern { print id "\t" $0 }' "$DOC"
}

# Prints "ID<tab>LINE" for each check: what the python expression makes of c, a list of lines.
table() { # EXPRESSION
	"$GRANIT" --list-checks --format=json | python3 -c '
import json, sys

TOOLS = {"granit": "granit", "docker": "Docker", "podman": "podman", "kubernetes": "Kubernetes", "ecs": "ECS", "dockerfile": "Dockerfile"}
for c in json.load(sys.stdin)["checks"]:
    unknown = set(c["fix"]) - set(TOOLS)
    assert not unknown, unknown
    for line in eval(sys.argv[1]):
        print(c["id"], line, sep="\t")' "$1"
}

# same EXPRESSION PATTERN: the table and the document say the same, each line once
same() {
	table "$1" | sort >"$BATS_TEST_TMPDIR/table"
	lines "$2" | sort >"$BATS_TEST_TMPDIR/document"
	[ -s "$BATS_TEST_TMPDIR/table" ]
	diff -u "$BATS_TEST_TMPDIR/table" "$BATS_TEST_TMPDIR/document"
}

ids() {
	"$GRANIT" --list-checks | awk 'NR > 1 && $2 == "off" { print $1 }'
}

@test "every check has one section, and no section is without a check" {
	[ "$(ids | wc -l)" -ge 60 ]
	diff -u <(ids | sort) <(sed -n 's/^### //p' "$DOC" | tr -d '`' | sort)
}

@test "title and levels are the table's" {
	same '["*{title}.* Levels: audit {levels[audit]}, immutable {levels[immutable]}, restricted {levels[restricted]}".format(**c)]' \
		'^[*].* Levels: '
}

@test "the fixes are the table's, with PATH where a path goes" {
	# shellcheck disable=SC2016 # backquotes of the document
	same '["- " + TOOLS[t] + ": `" + c["fix"][t].replace("{path}", "PATH") + "`" for t in c["fix"]]' '^- '
}

@test "the standards are the table's" {
	same '["**Standards:** " + ("; ".join(c["standards"]) or "none known")]' '^[*][*]Standards:'
}

@test "every section says what it looks at, why, when it passes and how to fix it, in this order" {
	diff -u <(ids | sed 's/$/ Looks at Why: Passes when \/ false alarms: Fix: Standards:/' | sort) <(
		lines '^[*][*]' | awk -F '\t' '
			{ sub(/^[*][*]/, "", $2); sub(/[*][*].*/, "", $2); parts[$1] = parts[$1] " " $2 }
			END { for (id in parts) print id parts[id] }' | sort
	)
}

@test "the contents lead to every section, and nowhere else" {
	awk '/^## / { on = $0 == "## Contents" } on' "$DOC" | grep -oE '\[[^]]+\]\(#[^)]+\)' >"$BATS_TEST_TMPDIR/links"
	diff -u <(ids | sed 's/.*/[&](#&)/' | sort) <(grep -E '^\[[a-z]' "$BATS_TEST_TMPDIR/links" | sort)
	# The rest are families: their heading in small letters, blanks as dashes, without marks.
	diff -u <(grep -E '^\[[A-Z]' "$BATS_TEST_TMPDIR/links") <(
		awk '/^## / && past { print substr($0, 4) } /^## Contents$/ { past = 1 }' "$DOC" | while IFS= read -r name; do
			link=${name,,}
			link=${link//[^a-z -]/}
			printf '[%s](#%s)\n' "$name" "${link// /-}"
		done
	)
}

@test "the checks that the text names are there" {
	local name
	grep -oE -- '--(warn|fail|ignore)=[a-z,-]+' "$DOC" | sed 's/.*=//; s/,/\n/g' | sort -u >"$BATS_TEST_TMPDIR/named"
	[ -s "$BATS_TEST_TMPDIR/named" ]
	while read -r name; do
		# A word of --fail that is no id.
		[ "$name" != warnings ] || continue
		ids | grep -qxF -- "$name" || {
			printf '%s names the check %s\n' "$DOC" "$name"
			return 1
		}
	done <"$BATS_TEST_TMPDIR/named"
}

@test "every link from a document to a file leads to one" {
	local document target links=0
	while IFS=: read -r document target; do
		target=${target#*](} target=${target%)} target=${target%%#*}
		links=$((links + 1))
		[ -e "${document%/*}/$target" ] || {
			printf '%s: there is no %s\n' "$document" "$target"
			return 1
		}
	done < <(grep -oHE --exclude-dir=build --include='*.md' -r '\]\([^):# ][^): ]*\)' .)
	[ "$links" -gt 50 ]
}

@test "the files of src/, scripts/, tests/ and bench/ that a document names are there" {
	local document path paths=0
	# A word in capitals stands for many: src/checks/rows/FAMILY.c.
	while IFS=: read -r document path; do
		paths=$((paths + 1))
		compgen -G "$path" >/dev/null || {
			printf '%s: there is no %s\n' "$document" "$path"
			return 1
		}
	done < <(grep -oHP '(?<![\w/])(src|scripts|tests|bench)/[\w./*-]*[\w/*]' README.md CONTRIBUTING.md doc/*.md |
		sed -E ':a; s/^([^:]*:.*)[A-Z]+/\1*/; ta')
	[ "$paths" -gt 40 ]
}

# A line of doc/assurance.md: "- FILE: *NAME*".
@test "the proofs of every promise are tests that are there" {
	local file name promises
	promises=$(grep -cE '^[0-9]+\. \*\*' doc/assurance.md)
	[ "$promises" -ge 20 ]
	diff <(seq "$promises") <(sed -nE 's/^([0-9]+)\. \*\*.*/\1/p' doc/assurance.md)
	# Each promise has one.
	awk '/^[0-9]+\. / { if (open) exit 1; open = 1 } /^ +- tests/ { open = 0 } END { exit open }' doc/assurance.md
	while IFS='|' read -r file name; do
		grep -qF "@test \"$name\"" "$file" || {
			printf '%s has no test "%s"\n' "$file" "$name"
			return 1
		}
	done < <(sed -nE 's/^ +- (tests[^:]*): \*(.*)\*$/\1|\2/p' doc/assurance.md)
}

# A block of lines that are indented, or fenced, in which one begins as a command does.
command_blocks() {
	awk '
		function told() { if (first != "") print name "|" first; first = "" }
		FNR == 1 { told(); fenced = 0; before = ""; name = FILENAME }
		/^```/ { fenced = !fenced; told(); next }
		fenced || (/^    / && (before !~ /[^ ]/ || before ~ /^    /)) {
			line = $0
			if (!fenced) sub(/^    /, "", line)
			if (first == "" && line ~ /^(docker|podman|make|scripts\/|granit|build\/|kubectl|curl|bats|minisign|signify-openbsd|bench\/|git|jq|examples\/|python3)( |$|[a-z]*[.\/])/) first = line
			before = $0
			next
		}
		{ if ($0 ~ /[^ ]/) told(); before = $0 }
		END { told() }' README.md CONTRIBUTING.md doc/*.md examples/*/README.md
}

@test "every block of commands in a document is run by a test, or it is said why not" {
	local document first name begins where i blocks=0
	local -a rows seen
	mapfile -t rows < <(sed '/^#/d; s/ | /|/g' tests/documents.txt)
	while IFS='|' read -r document first; do
		blocks=$((blocks + 1))
		for i in "${!rows[@]}"; do
			IFS='|' read -r name begins where <<<"${rows[i]}"
			[ "$name" = "$document" ] && [[ $first == "$begins"* ]] && [ -z "${seen[$i]:-}" ] || continue
			seen[i]=1
			continue 2
		done
		printf '%s: no row in tests/documents.txt for: %s\n' "$document" "$first"
		return 1
	done < <(command_blocks)
	[ "$blocks" -gt 45 ]
	for i in "${!rows[@]}"; do
		where=${rows[i]##*|}
		[ -n "${seen[$i]:-}" ] && { [[ $where == '- '* ]] || [ -e "$where" ]; } || {
			printf 'no such block, or no such test: %s\n' "${rows[i]}"
			return 1
		}
	done
}
