#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# granit as the engine's own init, which images know nothing of: --init with --init-path. Engines call it INIT -- PROGRAM.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	mkdir "$BATS_FILE_TMPDIR/root"
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$BATS_FILE_TMPDIR/root/"
	each_engine engine_image granit-test/plain:1 "$BATS_FILE_TMPDIR/root" 'ENTRYPOINT ["/probe"]'
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	IMAGE=granit-test/plain:1
}

teardown() {
	engine_rm
}

# Docker's is a flag of dockerd, which setup_suite has set.
init_flags() {
	flags=(--init)
	[ "$ENGINE" = docker ] || flags+=(--init-path "$(realpath "${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}")")
}

passes_status() {
	local flags
	init_flags
	runs 42 --read-only "${flags[@]}" "$IMAGE" exit 42
	runs 0 --read-only "${flags[@]}" "$IMAGE" args one --two
	is "arguments" $'one\n--two' "$output"
	has "$stderr" ' warnings: '
}

@test "the engine's own init: arguments and exit status come through" {
	each_engine passes_status
}

refuses_root() {
	local flags
	init_flags
	runs 78 "${flags[@]}" "$IMAGE" args started
	is "standard output" '' "$output"
	has "$stderr" 'FAIL root-read-only:'
}

@test "the engine's own init: refuses a writable root" {
	each_engine refuses_root
}

is_process_1() {
	local name flags
	init_flags
	name=$(container_name)
	engine_detach "$name" --read-only "${flags[@]}" "$IMAGE" trap 1
	retry 100 0.05 has_logged "$name" ready
	run engine_exec "$name" /probe init-status
	all_dropped "$output"
	engine_kill TERM "$name"
	ends_within 3 "$name" 0
	has_logged "$name" 'TERM 15'
}

@test "the engine's own init: hardens, and passes TERM on" {
	each_engine is_process_1
}

# The mount that brings granit in is nobody's fault.
warns_of_no_more() {
	local flags with
	init_flags
	runs 0 --read-only "${flags[@]}" "$IMAGE" args started
	with=$stderr
	runs 0 --read-only granit-test/granit:1 /probe args started
	is "warnings with the engine's init, and with one in the image" "$stderr" "$with"
}

@test "the engine's own init: warns of no more than one in the image" {
	image granit-test/granit:1 "$BATS_TEST_TMPDIR/root"
	each_engine warns_of_no_more
}

finds_no_interpreter() {
	local flags
	init_flags
	runs 0 --read-only "${flags[@]}" --entrypoint /granit granit-test/granit:1 --check -v
	lacks "$output" 'interprets'
}

@test "the engine's own init: is no interpreter to another granit" {
	image granit-test/granit:1 "$BATS_TEST_TMPDIR/root"
	each_engine finds_no_interpreter
}
