#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Landlock in the containers that engines make: what they mount themselves is written, and what is written not started.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	# A /tmp, and a bin folder that is a link, as images of distributions have them.
	mkdir -p "$BATS_FILE_TMPDIR/root/tmp" "$BATS_FILE_TMPDIR/root/usr/bin"
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$BATS_FILE_TMPDIR/root/usr/bin/probe"
	ln -sfn usr/bin "$BATS_FILE_TMPDIR/root/bin"
	image "$IMAGE" "$BATS_FILE_TMPDIR/root"
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	# Whatever this engine says of the rest of the container.
	G=(--entrypoint /granit "$IMAGE" -q --warn=all --landlock=require --)
}

teardown() {
	engine_rm
}

# says WORD [FLAG...] -- PROGRAM...
says() {
	local wanted=$1
	shift
	local -a flags=()
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	runs 0 --read-only "${flags[@]}" "${G[@]}" "$@"
	is "$*" "$wanted" "${output%$'\r'}"
}

starts_nothing_written() {
	says EACCES --tmpfs /tmp:exec,mode=1777 -- /probe exec-copy /tmp
	says hi --tmpfs /tmp -- /bin/probe args hi
}

@test "what was written is not started" {
	each_engine starts_nothing_written
}

writes_all() {
	local path
	for path in /tmp/file /dev/null /dev/shm/file /dev/mqueue/queue /dev/stdout /proc/self/oom_score_adj; do
		says ok --tmpfs /tmp:mode=1777 -- /probe write "$path"
	done
	says ok --tty -- /probe write /dev/tty
	says ok --tty -- /probe write /dev/stdout
	says ok --tmpfs /tmp -- /probe rename /tmp
}

@test "what engines mount is written, terminals too" {
	each_engine writes_all
}

writes_not() {
	runs 125 --read-only --security-opt seccomp="$BATS_TEST_TMPDIR/profile.json" "${G[@]}" /probe args started
	has "$stderr" 'a seccomp profile forbids Landlock'
	runs 0 --read-only --security-opt seccomp="$BATS_TEST_TMPDIR/profile.json" "$IMAGE" /probe args started
	is "with auto" started "$output"
}

@test "a seccomp profile without Landlock: require says what it is, auto goes on" {
	printf '%s\n' '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_ERRNO","names":["landlock_create_ruleset","landlock_add_rule","landlock_restrict_self"]}]}' \
		>"$BATS_TEST_TMPDIR/profile.json"
	each_engine writes_not
}
