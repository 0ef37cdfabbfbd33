#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Write the list of checks in doc/granit.1 anew, from the table in the binary. tests/unit/manual.bats tells when it is due.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

page=doc/granit.1
new=$(mktemp)
trap 'rm -f "$new"' EXIT

"${GRANIT:-build/granit}" --list-checks --format=json |
	jq -r '.checks[] | ".It Cm \(.id)\n\(.title)"' |
	awk 'NR == FNR { list = list $0 "\n"; next }
		/^\.\\" checks end$/ { printf "%s", list; skip = 0 }
		!skip
		/^\.\\" checks: / { skip = 1 }' - "$page" >"$new"
cmp -s "$new" "$page" || cat "$new" >"$page"
