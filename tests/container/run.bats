#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# An image with granit and without a shell, run as it should be: it starts, it is hardened, it ends as its program does.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	image "$IMAGE" "$BATS_FILE_TMPDIR/root"
}

setup() {
	load ../helpers/engines
	load ../helpers/container
}

teardown() {
	engine_rm
}

passes_arguments() {
	runs 0 --read-only "$IMAGE" /probe args 'a b' '' --check
	is "arguments" $'a b\n\n--check' "$output"
	has "$stderr" ' warnings: '
}

@test "the program gets its arguments, and granit nothing of them" {
	each_engine passes_arguments
}

passes_status() {
	runs 42 --read-only "$IMAGE" /probe exit 42
	# 78 is granit's word for a refusal, and may be the program's too.
	runs 78 --read-only "$IMAGE" /probe exit 78
	lacks "$stderr" refused
	runs 143 --read-only "$IMAGE" /probe kill TERM
	runs 137 --read-only "$IMAGE" /probe kill KILL
}

@test "the program's exit status is the container's" {
	each_engine passes_status
}

finds_no_program() {
	runs 127 --read-only "$IMAGE" /nothing
	has "$stderr" 'granit: cannot find /nothing'
	runs 126 --read-only "$IMAGE" /proc
	has "$stderr" 'granit: cannot execute /proc'
}

@test "a program that is not there, or is none: 127, 126" {
	each_engine finds_no_program
}

serves_and_stops() {
	local name
	name=$(container_name)
	engine_detach "$name" --read-only "$IMAGE" /probe serve 8080
	retry 100 0.05 has_logged "$name" 'serving on port 8080'
	run engine_exec "$name" /probe get 8080
	has "$output" 'granit hello'
	engine_kill TERM "$name"
	ends_within 3 "$name" 0
	has_logged "$name" stopped
}

@test "a server answers, and ends at once when it is told to" {
	each_engine serves_and_stops
}

dies_of_term() {
	local name
	name=$(container_name)
	engine_detach "$name" --read-only "$IMAGE" /probe sleep 60
	retry 100 0.05 has_child "$name"
	engine_kill TERM "$name"
	ends_within 3 "$name" 143
}

has_child() {
	local pid
	pid=$(engine_pid "$1")
	# Not before it has become the program: until then it shares granit's memory.
	[ "$(tr '\0' ' ' 2>/dev/null <"/proc/$(pgrep -P "$pid")/cmdline")" = '/probe sleep 60 ' ]
}

@test "a program without a handler dies of TERM, which it would not as process 1" {
	each_engine dies_of_term
}

is_hardened() {
	local name pid
	name=$(container_name)
	engine_detach "$name" --read-only "$IMAGE" /probe sleep 60
	retry 100 0.05 has_child "$name"
	run engine_exec "$name" /probe init-status
	all_dropped "$output"
	pid=$(engine_pid "$name")
	all_dropped "$(<"/proc/$(pgrep -P "$pid")/status")"
	is "core limit" 'Max core file size        0                    0                    bytes     ' \
		"$(grep core "/proc/$pid/limits")"
}

@test "process 1 and the program have no capability left, in no set" {
	each_engine is_hardened
}

keeps_exec_sessions() {
	local name
	name=$(container_name)
	engine_detach "$name" --read-only "$IMAGE" /probe sleep 60
	retry 100 0.05 has_child "$name"
	run engine_exec "$name" /probe status
	has "$output" $'NoNewPrivs:\t0'
	lacks "$output" $'CapEff:\t0000000000000000'
	checked -- --fail=caps-effective
	is "a check that judges what the runtime gave" 78 "$status"
}

@test "an exec session keeps what the runtime gave, and the check says so" {
	each_engine keeps_exec_sessions
}

cannot_undo() {
	runs 0 --read-only "$IMAGE" /probe caps-try
	# Of these the last only: process 1 is of the same user, and can be signalled without a capability.
	lacks "${output/kill_pid1 ok/}" ' ok'
	runs 0 --read-only "$IMAGE" /probe write /made
	is "writing to the root" EROFS "$output"
	runs 0 --read-only "$IMAGE" /probe remount
	is "remounting the root" EPERM "$output"
}

@test "the program can undo nothing" {
	each_engine cannot_undo
}

reaps() {
	runs 0 --read-only "$IMAGE" /probe orphans 50 20
	is "after fifty orphans" 'zombies 0' "$output"
}

@test "orphans are collected" {
	each_engine reaps
}

# ---- what is warned of

as_somebody() {
	runs 0 --read-only --user 65532:65532 "$IMAGE" /probe status
	has "$output" $'Uid:\t65532\t65532\t65532\t65532'
	all_dropped_but_bounding "$output"
}

# Emptying the bounding set takes a capability, which somebody who is not root has not.
all_dropped_but_bounding() {
	local set
	for set in CapInh CapPrm CapEff CapAmb; do
		has "$1" "$set:"$'\t0000000000000000'
	done
	has "$1" $'NoNewPrivs:\t1'
}

@test "as another user it starts, and no_new_privs keeps the bounding set out of reach" {
	each_engine as_somebody
}

says_nothing() {
	local -a flags=(--read-only --user 65532:65532 --cap-drop ALL --security-opt no-new-privileges --memory 64m --pids-limit 50)
	[ "$ENGINE" = docker ] || flags+=(--read-only-tmpfs=false)
	runs 0 "${flags[@]}" "$IMAGE" /probe args quiet
	is "standard error" '' "$stderr"
}

@test "where there is nothing to warn of there is no output at all" {
	each_engine says_nothing
}

warns_of_tmpfs() {
	checked --tmpfs /scratch -- --warn=limits
	is "status" 0 "$status"
	has "$output" 'warn writable-mounts:'
	has "$output" '/scratch is a writable tmpfs'
}

@test "a tmpfs warns" {
	each_engine warns_of_tmpfs
}

warns_of_host_dir() {
	checked --volume /etc:/host/etc:ro --
	is "status" 0 "$status"
	has "$output" 'warn sensitive-mounts:'
	has "$output" "/host/etc exposes a part of the host's system, read-only"
}

@test "a directory of the host's system warns when it is read-only" {
	each_engine warns_of_host_dir
}

warns_of_terminal() {
	checked --tty -- --color=never
	has "$output" 'warn stdio-tty:'
}

@test "a terminal warns" {
	each_engine warns_of_terminal
}

warns_of_host_pid() {
	checked --pid=host --
	is "status" 0 "$status"
	has "$output" 'warn host-pid:'
	has "$output" 'not 1'
}

@test "the host's processes warn, and granit works without being process 1" {
	each_engine warns_of_host_pid
}

# ---- what is declared

writes_where_declared() {
	runs 0 --read-only --volume /data --entrypoint /granit "$IMAGE" --writable=/data -- /probe write /data/x
	is "writing there" ok "$output"
	runs 78 --read-only --entrypoint /granit "$IMAGE" --writable=/data -- /probe args started
	has "$stderr" 'FAIL writable-declared:'
	has "$stderr" '--writable=/data: nothing is there'
}

@test "a declared volume is writable; one that was forgotten is told before the program starts" {
	each_engine writes_where_declared
}

# ---- names of the runtime, for the hints

names_runtime() {
	checked -- -v
	has "$output" "note: ${ENGINE/docker/Docker}"
}

@test "the runtime is recognised" {
	each_engine names_runtime
}
