#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table of doc/platforms.md, on runc.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/platform
	granit_setup
	platform_setup runc
}

@test "runc: strict" {
	verdict_is "strict"
}

@test "runc: strict, with what gVisor lacks" {
	verdict_is "strict, with what gVisor lacks"
}

@test "runc: default, root" {
	verdict_is "default, root"
}

@test "runc: writable root" {
	verdict_is "writable root"
}

@test "runc: privileged" {
	verdict_is "privileged"
}

@test "runc: SYS_ADMIN" {
	verdict_is "SYS_ADMIN"
}

@test "runc: host namespaces" {
	verdict_is "host namespaces"
}

@test "runc: declared volume" {
	verdict_is "declared volume"
}

@test "runc: undeclared volume" {
	verdict_is "undeclared volume"
}

@test "runc: a shell" {
	verdict_is "a shell"
}

@test "runc: a socket" {
	verdict_is "a socket"
}

@test "runc: sealed" {
	verdict_is "sealed"
}

@test "runc: sealed, changed" {
	verdict_is "sealed, changed"
}
