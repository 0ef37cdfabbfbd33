#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # read by bench/goals.sh; `run` sets output
# What the benchmark makes of its figures: goals met and missed, and what is worse than it was recorded.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	results=$BATS_TEST_TMPDIR/results recorded=$BATS_TEST_TMPDIR/recorded.tsv kind='a machine: 9 rounds' measured=size,resident,learn
	mkdir "$results"
	. bench/goals.sh
	figures 300000 0 20000
}

wanted() {
	[[ ",$measured," == *",$1,"* ]]
}

# figures BYTES WAKE_UPS NS: of granit's binary, of its idling, and what --learn adds to an open
figures() {
	printf 'granit\t%s\ntini-static\t1000000\n' "$1" >"$results/size"
	printf 'granit\t10\t200\t%s\ntini-musl\t10\t80\t11\n' "$2" >"$results/resident"
	printf 'plain\t5000\t4000\nlearn\t5000\t%s\n' "$((4000 + $3))" >"$results/learn"
}

# The row of a key: number, verdict, worse
row_of() {
	judge
	awk -F'\t' -v key="$1" '$1 == key { print $2, $3, $4 }' "$results/judged"
}

@test "a figure is held against its goal: a ratio, a difference, a number of its own" {
	[ "$(row_of size:granit:2)" = '0.3 met ' ]
	[ "$(row_of learn:learn:3)" = '20000 met ' ]
	[ "$(row_of resident:granit:4)" = '0 met ' ]
	figures 500000 1 30000
	[ "$(row_of size:granit:2)" = '0.5 MISSED ' ]
	[ "$(row_of learn:learn:3)" = '30000 MISSED ' ]
	[ "$(row_of resident:granit:4)" = '1 MISSED ' ]
}

@test "a figure that is not there is neither met nor missed, and one that nobody asked for is left out" {
	rm "$results/size"
	[ "$(row_of size:granit:2)" = ' not measured ' ]
	measured=resident
	[ -z "$(row_of size:granit:2)" ]
}

@test "what is worse than it was recorded by a tenth is named and counted" {
	judge
	record
	figures 329000 0 21900
	[ "$(row_of size:granit:2)" = '0.329 met ' ]
	[ "$(row_of learn:learn:3)" = '21900 met ' ]
	figures 331000 1 22100
	[ "$(row_of size:granit:2)" = '0.331 met worse' ]
	[ "$(row_of learn:learn:3)" = '22100 met worse' ]
	[ "$(row_of resident:granit:4)" = '1 MISSED worse' ]
	run show_count
	[[ $output == *'worse than recorded by 10 % or more: 3' ]]
	run show_goals
	[[ $output == *'| 0.30 | met, WORSE |'* ]]
}

@test "another kind of run is no measure" {
	judge
	record
	figures 900000 5 90000
	kind='a machine: 1000 rounds'
	[ "$(row_of size:granit:2)" = '0.9 MISSED ' ]
}

@test "recording keeps other kinds and what was not measured, and replaces the rest" {
	judge
	record
	kind='another machine'
	judge
	record
	kind='a machine: 9 rounds' measured=size
	figures 200000 0 0
	judge
	record
	[ "$(last_of size:granit:2)" = 0.2 ]
	[ "$(last_of resident:granit:4)" = 0 ]
	kind='another machine'
	[ "$(last_of size:granit:2)" = 0.3 ]
	[ "$(cut -f 1,2 "$recorded" | sort | uniq -d | wc -l)" -eq 0 ]
}

@test "on a terminal only what is worse is red" {
	run in_colour <<<'| a | met |
| b | met, WORSE |
1 goals met, 0 missed, 0 not measured; worse than recorded by 10 % or more: 0'
	[[ $output == '| a | met |'$'\n\e[31m''| b | met, WORSE |'$'\e[0m\n''1 goals'*'more: 0' ]]
}

@test "every goal is of a figure that the benchmark writes" {
	local figure
	goals | cut -d '|' -f 2 | sort -u >"$BATS_TEST_TMPDIR/figures"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/figures")" -ge 11 ]
	while read -r figure; do
		grep -qE -- "(\\\$results/|measure_repeated )(${figure%-*}-\\\$mode|$figure)\b" bench/run.sh || {
			printf 'bench/run.sh writes no %s\n' "$figure"
			return 1
		}
	done <"$BATS_TEST_TMPDIR/figures"
}
