#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A system call fails, once: granit starts the program as ever, or says why not, or what it lacks; what it refuses stays refused.
# A sample of what `make faults` does.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	[ "$(uname -m)" = x86_64 ] || skip "the tool that has a call fail once is for x86-64"
	needs_root 'traces what is in a container'
}

# faults OPTION...
faults() {
	run python3 "$BATS_TEST_DIRNAME/../helpers/faults.py" "$GRANIT" "$TOOLS" "$BATS_TEST_TMPDIR/roots" "$@"
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
}

@test "of all calls and errors every 211th" {
	faults --every=211
	# Each of them has to come to something.
	[ "$(grep -cE '^[a-z ,]+: [0-9]+ calls, [1-9][0-9]* failures: ' <<<"$output")" -eq 16 ]
}

# What does not hold is told: the program that is not hardened is taken for one that is.
@test "what starts with less, and says nothing, is found" {
	printf '#!/bin/sh\nexec "%s" "$@" 2>/dev/null\n' "$TOOLS/nscontainer" >"$BATS_TEST_TMPDIR/nscontainer"
	chmod +x "$BATS_TEST_TMPDIR/nscontainer"
	cp "$TOOLS/faults" "$TOOLS/probe" "$BATS_TEST_TMPDIR/"
	run python3 "$BATS_TEST_DIRNAME/../helpers/faults.py" "$GRANIT" "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/roots" --only=run --errors=EIO --every=40
	[ "$status" -eq 1 ]
	[[ $output == *"not started, status "* ]]
}
