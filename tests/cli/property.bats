#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Verdicts on containers made up at random, held against what a program can do in them. More of them: make property.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	needs_root 'mounts'
	export GRANIT
}

@test "what passes cannot be done, and what is refused can" {
	run -0 env SEED=2026 scripts/property.sh 20
	# Cases of either kind.
	grep -qE '^property: [1-9][0-9]* passed, [1-9][0-9]* refused, 0 wrong$' <<<"$output"
}

@test "a container that promises what it is not valid is found" {
	run ! env SEED=7 EXTRA='--landlock=off --ignore=foreign-programs' scripts/property.sh 12
	[[ $output == *'is started'* && $output == *'SEED=7 case'* ]]
}

@test "a socket of an engine that nothing names is found" {
	run ! env SEED=5 EXTRA='--ignore=sensitive-mounts' scripts/property.sh 12
	[[ $output == *'docker.sock can be reached, and it passes'* ]]
}

@test "a seed makes the same cases" {
	run -0 env SEED=99 scripts/property.sh 4
	local first=$output
	run -0 env SEED=99 scripts/property.sh 4
	[ "$output" = "$first" ]
}
