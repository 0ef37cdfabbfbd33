#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031 # every test is a subshell
# Whom a signal to granit reaches: the program, or with -g all of its process group.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	PROBE=$TOOLS/probe
	MAIN=$BATS_TEST_TMPDIR/main CHILD=$BATS_TEST_TMPDIR/child
}

teardown() {
	[ ! -s "$BATS_TEST_TMPDIR/pid" ] || kill -KILL "$(<"$BATS_TEST_TMPDIR/pid")" 2>/dev/null || :
}

# start [OPTION...]: a program with a child in its group, each writing down what it traps
start() {
	# shellcheck disable=SC2016 # the inner shell's
	"$GRANIT" --profile=plain "$@" -- bash -c '"$0" trap 1 >"$2" & echo $! >"$3"; exec "$0" trap 1 >"$1"' \
		"$PROBE" "$MAIN" "$CHILD" "$BATS_TEST_TMPDIR/pid" 3>&- 4>&- &
	GRANIT_PID=$!
	retry 200 0.05 has "$MAIN" ready
	retry 200 0.05 has "$CHILD" ready
}

has() {
	grep -qx "$2" "$1" 2>/dev/null
}

@test "without -g the program alone gets it" {
	start
	kill -USR1 "$GRANIT_PID"
	wait "$GRANIT_PID"
	has "$MAIN" 'USR1 10'
	[ "$(<"$CHILD")" = ready ]
}

@test "with -g its children get it too" {
	start -g
	kill -USR1 "$GRANIT_PID"
	wait "$GRANIT_PID"
	has "$MAIN" 'USR1 10'
	retry 200 0.05 has "$CHILD" 'USR1 10'
}
