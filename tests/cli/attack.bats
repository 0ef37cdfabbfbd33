#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets output
# An attacker as the container's program: nothing of process 1 is to be had.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	needs_root 'becomes other users'
	make_root
	cp "$TOOLS/attack" "$ROOT/"
}

@test "of all that one process can do to another nothing succeeds, but for what is known" {
	run scripts/attack.sh 40
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
	contains "$output" '0 have won that should not'
}

# A test that cannot lose proves nothing.
@test "where granit defends nothing, the same attacker wins" {
	run -0 --separate-stderr "$TOOLS/nscontainer" --read-only "$ROOT" -- /granit -q --profile=plain -- /attack
	local name
	for name in prlimit-as affinity scheduler scheduler-attr priority priority-user io-priority setpgid exe maps \
		mem-write ptrace-attach ptrace-seize vm-readv pidfd-getfd kcmp; do
		grep -qx "won $name" <<<"$output"
	done
}

@test "attempts can be named, and one can be the first" {
	local name
	for name in $(build/tests/attack --list | grep -v /); do
		boxed 0 --read-only -- /granit -q -- /attack --first "$name" only
		[ -z "$output" ] || [ "$output" = "won $name" ]
	done
	boxed 2 --read-only -- /granit -q -- /attack --first nonsense only
	run -2 "$TOOLS/attack" stop
}
