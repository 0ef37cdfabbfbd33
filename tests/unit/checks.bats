#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Every check on made-up facts: tests/fixtures/base is a container as it should be, tests/fixtures/ID/fail what has to be
# found, ID/pass what must not (without that file: the base).

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	GRANIT=${GRANIT:-build/granit}
	FIXTURES=tests/fixtures
}

# verdict ID FILE...: what the judge says of this check
verdict() {
	local id=$1
	shift
	build/tests/judge "$FIXTURES/base" "$@" | awk -v id="$id" '$1 == id { print $2 }'
}

expect() {
	[ "$2" = "$3" ] && return
	printf '%s: wanted %s, got %s\n' "$1" "$2" "$3"
	return 1
}

# judged ID: passes as it should, and is found as it should
judged() {
	local pass=$FIXTURES/$1/pass
	[ -e "$pass" ] || pass=/dev/null
	expect "$1 in its passing fixture" pass "$(verdict "$1" "$pass")"
	expect "$1 in its failing fixture" violation "$(verdict "$1" "$FIXTURES/$1/fail")"
}

@test "every check has a failing fixture, and no fixture is without a check" {
	"$GRANIT" --list-checks | awk 'NR > 1 && $2 == "off" { print $1 }' | grep -v '^runtime-detect$' | sort >"$BATS_TEST_TMPDIR/ids"
	find "$FIXTURES" -name fail -printf '%h\n' | sed 's,.*/,,' | sort >"$BATS_TEST_TMPDIR/fixtures"
	diff -u "$BATS_TEST_TMPDIR/ids" "$BATS_TEST_TMPDIR/fixtures"
}

@test "in a container as it should be nothing fails and nothing warns" {
	run build/tests/judge "$FIXTURES/base"
	[ "$status" -eq 0 ]
	run ! grep -E '^[a-z-]+ [a-z/]+ (fail|warn)$' <<<"$output"
}

@test "root-read-only" {
	judged root-read-only
}

@test "root-superblock-ro" {
	judged root-superblock-ro
}

@test "root-verity" {
	judged root-verity
}

@test "root-remount" {
	judged root-remount
}

@test "root-mount-shape" {
	judged root-mount-shape
}

@test "writable-mounts" {
	judged writable-mounts
}

@test "writable-declared" {
	judged writable-declared
}

@test "writable-exec" {
	judged writable-exec
}

@test "writable-suid-dev" {
	judged writable-suid-dev
}

@test "mounted-twice" {
	judged mounted-twice
}

@test "sensitive-mounts" {
	judged sensitive-mounts
}

@test "mount-propagation" {
	judged mount-propagation
}

@test "app-immutable" {
	judged app-immutable
}

@test "dir-fd-leak" {
	judged dir-fd-leak
}

@test "cwd-unreachable" {
	judged cwd-unreachable
}

@test "no-shell" {
	judged no-shell
}

@test "no-shell-content" {
	judged no-shell-content
}

@test "no-multicall" {
	judged no-multicall
}

@test "no-interpreter" {
	judged no-interpreter
}

@test "no-shell-escape-tools" {
	judged no-shell-escape-tools
}

@test "no-network-tools" {
	judged no-network-tools
}

@test "no-package-manager" {
	judged no-package-manager
}

@test "no-compiler-debugger" {
	judged no-compiler-debugger
}

@test "foreign-programs" {
	judged foreign-programs
}

@test "sshd" {
	judged sshd
}

@test "no-dynamic-loader" {
	judged no-dynamic-loader
}

@test "setuid-files" {
	judged setuid-files
}

@test "world-writable" {
	judged world-writable
}

@test "device-nodes-in-image" {
	judged device-nodes-in-image
}

@test "packed-binary" {
	judged packed-binary
}

@test "image-secrets" {
	judged image-secrets
}

@test "shells-file" {
	judged shells-file
}

@test "image-sealed" {
	judged image-sealed
}

@test "image-age" {
	judged image-age
}

@test "non-root-uid" {
	judged non-root-uid
}

@test "non-root-gid" {
	judged non-root-gid
}

@test "caps-effective" {
	judged caps-effective
}

@test "caps-bounding" {
	judged caps-bounding
}

@test "caps-inheritable-ambient" {
	judged caps-inheritable-ambient
}

@test "no-new-privs" {
	judged no-new-privs
}

@test "seccomp" {
	judged seccomp
}

@test "lsm-confined" {
	judged lsm-confined
}

@test "landlock-available" {
	judged landlock-available
}

@test "privileged" {
	judged privileged
}

@test "env-secrets" {
	judged env-secrets
}

@test "ld-preload" {
	judged ld-preload
}

@test "env-interpreter-hooks" {
	judged env-interpreter-hooks
}

@test "path-sane" {
	judged path-sane
}

@test "stdio-tty" {
	judged stdio-tty
}

@test "rlimits" {
	judged rlimits
}

@test "host-pid" {
	judged host-pid
}

@test "host-ipc" {
	judged host-ipc
}

@test "host-uts" {
	judged host-uts
}

@test "host-net" {
	judged host-net
}

@test "host-cgroup-ns" {
	judged host-cgroup-ns
}

@test "user-ns" {
	judged user-ns
}

@test "proc-masked" {
	judged proc-masked
}

@test "proc-readonly" {
	judged proc-readonly
}

@test "core-pattern" {
	judged core-pattern
}

@test "sys-ro" {
	judged sys-ro
}

@test "cgroup-ro" {
	judged cgroup-ro
}

@test "debugfs-tracefs-bpf" {
	judged debugfs-tracefs-bpf
}

@test "devices" {
	judged devices
}

@test "sa-token" {
	judged sa-token
}

@test "limits" {
	judged limits
}

@test "sysctls" {
	judged sysctls
}

@test "metadata-service" {
	judged metadata-service
}
