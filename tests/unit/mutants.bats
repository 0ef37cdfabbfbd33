#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets output and lines
# What `make mutants` breaks: all of what decides has a place in its list. Whether a test notices is what it takes hours to tell.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
}

listed() { # PART
	run -0 python3 tests/helpers/mutate.py --list "$1"
	[ "${#lines[@]}" -gt 5 ]
}

@test "every finding of a judge, and every condition" {
	listed judges
	[ "$(grep -c ': says nothing: ' <<<"$output")" -eq "$(grep -ohE '\bfound_(grave|lesser|unknown|unknown_at)\(f,' src/checks/*.c | wc -l)" ]
	[ "$(grep -c ': condition negated: ' <<<"$output")" -eq "$(grep -ohE '\b(if|while) \(' src/checks/*.c | wc -l)" ]
}

@test "every level that refuses or warns, and every fact, of a row" {
	listed rows
	[ "$(grep -c ': level less: ' <<<"$output")" -eq \
		"$(grep -ohE '\bLEVELS\([^)]*\)' src/checks/rows/*.c | grep -oE 'FAILS|WARNS|MIXED|LOADER' | wc -l)" ]
	[ "$(grep -c ': fact not needed: ' <<<"$output")" -eq "$(grep -ohE '\bFACT_[A-Z]+' src/checks/rows/*.c | wc -l)" ]
}

@test "every step of the hardening" {
	listed steps
	[ "${#lines[@]}" -eq "$(grep -cE '^[[:space:]]\{"[a-z-]+", harden_' src/harden/steps.c)" ]
}

@test "every rule of --deny, and every condition of one" {
	listed denials
	[ "$(grep -c ': rule left out: ' <<<"$output")" -eq "$(grep -cE '^[[:space:]]\{DENY_' src/harden/filter.c)" ]
	[ "$(grep -c ': condition left out: ' <<<"$output")" -gt 30 ]
}

@test "what makes the filters of --deny and of --learn" {
	listed filters
	[[ "$output" == *src/harden/filter.c:* && "$output" == *src/learn/filter.c:* ]]
}
