#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # scripts of inner shells; `expect` sets output and stderr
# What it starts cannot be lost: thousands of orphans, of signals, of living children; no process to be had.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	needs_root 'makes namespaces'
	make_root
}

@test "20,000 orphans, in batches, leave no zombie" {
	boxed 0 --read-only -- /granit -q -- /probe orphans 20000 0
	[ "$output" = 'zombies 0' ]
}

@test "two thousand children alive at once" {
	boxed 0 --read-only -- /granit -q -- /probe orphans 2000 500
	[ "$output" = 'zombies 0' ]
}

# openSUSE/catatonit#4: two that die together hung it.
@test "the program's end is not lost among those of others, whatever comes first" {
	local round
	for ((round = 0; round < 50; round++)); do
		expect 7 unshare --pid --fork --mount-proc "$GRANIT" --profile=plain -- \
			bash -c 'for i in {1..20}; do (:) & (exit 3) & done; exit 7'
	done
}

@test "ten thousand signals of all kinds while children die: the program's status comes through" {
	expect 9 unshare --pid --fork --mount-proc "$GRANIT" --profile=plain -- bash -c '
		trap "n=1" USR1 USR2 WINCH HUP QUIT URG PIPE ALRM 35 40 64
		(for i in {1..600}; do for s in USR1 USR2 WINCH HUP QUIT URG PIPE ALRM CHLD CONT 35 40 64; do kill -$s 1; done 2>/dev/null; (:) & done) 2>/dev/null &
		storm=$!
		wait $storm; while kill -0 $storm 2>/dev/null; do wait $storm; done
		exit 9'
}

@test "no process to be had: said, and 125" {
	local error
	for error in EAGAIN ENOMEM; do
		# One of the two is what vfork(3) comes down to here.
		expect 125 "$TOOLS/inject" "vfork=$error,clone=$error" -- "$GRANIT" --profile=plain -- "$TOOLS/probe" exit 0
		contains "$stderr" 'cannot make a process'
	done
	# Root is not bound by the limit; whoever was never root is.
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	boxed 125 --read-only --user 65532:65532 -- /granit --profile=plain --rlimit=nproc=1 -- /granit --profile=plain -- /probe exit 0
	contains "$stderr" 'cannot make a process'
}
