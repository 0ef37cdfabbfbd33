#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table of doc/platforms.md, on runsc.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/platform
	granit_setup
	platform_setup runsc
}

@test "runsc: strict" {
	verdict_is "strict"
}

@test "runsc: strict, with what gVisor lacks" {
	verdict_is "strict, with what gVisor lacks"
}

@test "runsc: default, root" {
	verdict_is "default, root"
}

@test "runsc: writable root" {
	verdict_is "writable root"
}

@test "runsc: privileged" {
	verdict_is "privileged"
}

@test "runsc: SYS_ADMIN" {
	verdict_is "SYS_ADMIN"
}

@test "runsc: host namespaces" {
	verdict_is "host namespaces"
}

@test "runsc: declared volume" {
	verdict_is "declared volume"
}

@test "runsc: undeclared volume" {
	verdict_is "undeclared volume"
}

@test "runsc: a shell" {
	verdict_is "a shell"
}

@test "runsc: a socket" {
	verdict_is "a socket"
}

@test "runsc: sealed" {
	verdict_is "sealed"
}

@test "runsc: sealed, changed" {
	verdict_is "sealed, changed"
}

@test "runsc: what is told is what is so" {
	verdict_is "strict, with what gVisor lacks"
	grep -qx 'granit: 2 warnings: seccomp limits' "$BATS_TEST_TMPDIR/out"
	options+=(-v)
	verdict_is "writable root"
	grep -qF 'no known runtime, in gVisor' "$BATS_TEST_TMPDIR/out"
	grep -qxF '     / is mounted writable (9p)' "$BATS_TEST_TMPDIR/out"
	grep -qF 'in gVisor /proc/sys belongs to the sandbox' "$BATS_TEST_TMPDIR/out"
	run ! grep -E 'mounted over it|contradicts itself|more than one read-only mount' "$BATS_TEST_TMPDIR/out"
}

@test "runsc: --learn has the walk, and says why it has no listener" {
	configure '.root.readonly = false'
	chmod 777 "$BUNDLE"/rootfs/{run,data}
	# shellcheck disable=SC2034 # for platform.bash
	options=(--learn --profile=plain) program=(/probe write /run/pid)
	arguments_are
	start_container
	grep -qE '^granit: no listener: seccomp\(2\) with a listener .*: Invalid argument;' "$BATS_TEST_TMPDIR/out"
	grep -qx '  --writable=/run' "$BATS_TEST_TMPDIR/out"
}
