#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Feed fuzz targets inputs that are made up, one target after the other, and say a line for each: inputs, seconds, how many edges
# between blocks of code were reached, and how many of the inputs reached one that the corpus does not.
#
#	fuzz.sh SECONDS TARGET...	build/fuzz/TARGET has to be there; 0 seconds run the corpus alone, once
#
# The corpus in the tree is only read; new inputs go to build/fuzz/found/TARGET, which the next run begins with. SEED=N has
# the same inputs made up again. What is found ends it, with the end of the log; the input is kept as build/fuzz/TARGET-*.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

if [ $# -lt 2 ] || [[ ! $1 =~ ^[0-9]+$ ]]; then
	printf 'usage: fuzz.sh SECONDS TARGET...\n' >&2
	exit 2
fi
seconds=$1
shift

# Without a time limit libFuzzer would not end; a single run ends behind the corpus.
limit=(-max_total_time="$seconds")
[ "$seconds" -gt 0 ] || limit=(-runs=0)
[ -z "${SEED:-}" ] || limit+=(-seed="$SEED")

# summary TARGET SECONDS: from the log, whose last line with a number of edges counts
summary() {
	awk -v target="$1" -v took="$2" '
		/ cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
		/number_of_executed_units/ { runs = $2 }
		/new_units_added/ { new = $2 }
		END { printf "  FUZZ     %-10s %9d inputs in %d s, %d edges, %d new\n", target, runs, took, edges, new }' "build/fuzz/$1.log"
}

for target; do
	log=build/fuzz/$target.log
	mkdir -p "build/fuzz/found/$target"
	from=$EPOCHSECONDS
	"build/fuzz/$target" "${limit[@]}" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="build/fuzz/$target-" \
		"build/fuzz/found/$target" "tests/fuzz/corpus/$target" >"$log" 2>&1 || {
		tail -n 40 "$log" >&2
		grep -E 'does not hold|Sanitizer: |runtime error: ' "$log" >&2 || :
		printf 'fuzz: %s: see above; once more: build/fuzz/%s %s\n' "$target" "$target" \
			"$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)" >&2
		exit 1
	}
	summary "$target" "$((EPOCHSECONDS - from))"
done
