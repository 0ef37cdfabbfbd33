#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table of doc/platforms.md on the kernel of Debian 12, with runc and crun: cgroup v2, AppArmor, Landlock's second ABI.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/granit
	load ../helpers/platform
	granit_setup
	[ "$(id -u)" -eq 0 ] || skip 'containers need root'
	[ "$(uname -m)" = x86_64 ] || skip 'the machine is an x86-64'
	needs_tool qemu-system-x86_64 apparmor_parser runc crun jq
	vm_run "$BATS_FILE_TMPDIR"
}

setup() {
	load ../helpers/granit
	load ../helpers/platform
	granit_setup
}

@test "6.1: every set-up, by runc" {
	local name
	while read -r name; do
		vm_verdict_is "$BATS_FILE_TMPDIR" runc "$name"
	done < <(vm_set_ups)
}

@test "6.1: every set-up, by crun" {
	local name
	while read -r name; do
		vm_verdict_is "$BATS_FILE_TMPDIR" crun "$name"
	done < <(vm_set_ups)
}

@test "6.1: strict warns of nothing but the limits, which the set-ups have none of" {
	vm_verdict_is "$BATS_FILE_TMPDIR" runc strict
	[ "$(grep -a warning "$BATS_TEST_TMPDIR/out")" = 'granit: 1 warning: limits' ]
}

@test "6.1 without Landlock: restricted says what to name" {
	VM_SET_UPS=strict vm_run "$BATS_TEST_TMPDIR/other" lsm=lockdown,yama,apparmor
	run ! vm_verdict_is "$BATS_TEST_TMPDIR/other" runc strict
	grep -q '^granit: hardening step landlock failed: .*--landlock=auto' "$BATS_TEST_TMPDIR/out"
	grep -qx 'status: 125' "$BATS_TEST_TMPDIR/out"
}
