#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table of doc/platforms.md, on crun.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/platform
	granit_setup
	platform_setup crun
}

@test "crun: strict" {
	verdict_is "strict"
}

@test "crun: strict, with what gVisor lacks" {
	verdict_is "strict, with what gVisor lacks"
}

@test "crun: default, root" {
	verdict_is "default, root"
}

@test "crun: writable root" {
	verdict_is "writable root"
}

@test "crun: privileged" {
	verdict_is "privileged"
}

@test "crun: SYS_ADMIN" {
	verdict_is "SYS_ADMIN"
}

@test "crun: host namespaces" {
	verdict_is "host namespaces"
}

@test "crun: declared volume" {
	verdict_is "declared volume"
}

@test "crun: undeclared volume" {
	verdict_is "undeclared volume"
}

@test "crun: a shell" {
	verdict_is "a shell"
}

@test "crun: a socket" {
	verdict_is "a socket"
}

@test "crun: sealed" {
	verdict_is "sealed"
}

@test "crun: sealed, changed" {
	verdict_is "sealed, changed"
}
