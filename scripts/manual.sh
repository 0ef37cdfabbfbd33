#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Write what the documents say of the checks anew, from the table in the binary: the list in doc/granit.1, and titles,
# levels, remedies and standards in doc/checks.md. tests/unit/manual.bats and docs.bats tell when it is due.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

new=$(mktemp)
table=$(mktemp)
trap 'rm -f "$new" "$table"' EXIT
"${GRANIT:-build/granit}" --list-checks --format=json >"$table"

replace() { # FILE: what came out of it anew
	cmp -s "$new" "$1" || cat "$new" >"$1"
}

jq -r '.checks[] | ".It Cm \(.id)\n\(.title)"' "$table" |
	awk 'NR == FNR { list = list $0 "\n"; next }
		/^\.\\" checks end$/ { printf "%s", list; skip = 0 }
		!skip
		/^\.\\" checks: / { skip = 1 }' - doc/granit.1 >"$new"
replace doc/granit.1

# One line for each that is to be replaced: ID, the kind of line, the line.
jq -r '.checks[] | . as $c |
	[.id, "title", "*\(.title).* Levels: audit \(.levels.audit), immutable \(.levels.immutable), restricted \(.levels.restricted)"],
	({granit: "granit", docker: "Docker", podman: "podman", kubernetes: "Kubernetes", ecs: "ECS", dockerfile: "Dockerfile"} | to_entries[] |
		select($c.fix[.key]) | [$c.id, "fix", "- \(.value): `\($c.fix[.key] | gsub("[{]path[}]"; "PATH"))`"]),
	[.id, "standards", "**Standards:** \(if .standards == [] then "none known" else .standards | join("; ") end)"] |
	join("\t")' "$table" |
	awk -F '\t' 'NR == FNR { lines[$1, $2] = lines[$1, $2] $3 "\n"; next }
		/^##/ { id = "" }
		/^### / { id = substr($0, 5); gsub(/`/, "", id); fixes = 0 }
		id != "" && /^[*].* Levels: / { printf "%s", lines[id, "title"]; next }
		id != "" && /^- (granit|Docker|podman|Kubernetes|ECS|Dockerfile): / { if (!fixes++) printf "%s", lines[id, "fix"]; next }
		id != "" && /^[*][*]Standards:/ { printf "%s", lines[id, "standards"]; next }
		{ print }' - doc/checks.md >"$new"
replace doc/checks.md
