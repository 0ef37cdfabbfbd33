#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # inner shells expand; every test is a subshell; `run` sets stderr
# --sleep and --kill: what containers without a shell lack.

bats_require_minimum_version 1.5.0

teardown() {
	[ -z "${GROUP:-}" ] || rmdir "$GROUP"
}

setup() {
	load ../helpers/granit
	granit_setup
}

@test "--sleep waits, and a signal ends it" {
	expect 0 "$GRANIT" --sleep=10ms
	[ -z "$output$stderr" ]
	expect 143 timeout --preserve-status -s TERM 0.3 "$GRANIT" --sleep=50s
	contains "$stderr" 'ended early by signal 15'
}

@test "--kill sends process 1 of its own namespace a signal, which granit passes on" {
	needs_root 'a PID namespace'
	# shellcheck disable=SC2016 # the inner shell's
	expect 42 unshare --pid --fork "$GRANIT" --profile=plain -- \
		bash -c 'trap "exit 42" USR1; "$0" --kill=USR1; for i in {1..100}; do sleep 0.1; done' "$GRANIT"
}

# In a pod with shareProcessNamespace process 1 is the pause container's.
@test "--kill in a shared process namespace: the granit that it lies beside, and never somebody else's process 1" {
	needs_root 'makes control groups'
	local group=/sys/fs/cgroup
	[ -e "$group/cgroup.procs" ] || group=/sys/fs/cgroup/pids
	[ -e "$group/cgroup.procs" ] || skip 'there is no control group to make another one in'
	GROUP=$group/granit-test-$$
	mkdir "$GROUP"
	expect 0 unshare --pid --fork --mount-proc bash -c '
		trap "echo pause heard" HUP TERM USR1
		(echo 0 >"$2/cgroup.procs"; exec "$1" --profile=plain -- bash -c "trap \"exit 42\" USR1; touch $3; while :; do sleep 0.05; done") &
		granit=$!
		until [ -e "$3" ]; do sleep 0.05; done
		(echo 0 >"$2/cgroup.procs"; exec "$1" --kill=USR1) || echo "kill $?"
		wait $granit
		echo "granit $?"
		# Nobody but this one is left in the group.
		(echo 0 >"$2/cgroup.procs"; exec "$1" --kill=USR1) || echo "kill $?"' bash "$GRANIT" "$GROUP" "$BATS_TEST_TMPDIR/ready"
	[ "$output" = $'granit 42\nkill 125' ]
	contains "$stderr" "process 1 is another container's"
}

@test "--kill does not promise what the kernel drops" {
	expect 125 "$GRANIT" --kill=KILL
	contains "$stderr" 'never reaches process 1'
	expect 125 "$GRANIT" --kill=SIGSTOP
	expect 125 "$GRANIT" --kill=NONSENSE
}

@test "they start nothing, and one of them is enough" {
	expect 125 "$GRANIT" --sleep=1ms -- "$TOOLS/probe" args started
	[ -z "$output" ]
	contains "$stderr" 'start no program'
	expect 125 "$GRANIT" --sleep=1ms --kill=TERM
	contains "$stderr" 'excludes the others'
}

@test "make TOOLS=no: each of them is refused, and the reason said; the rest is there" {
	local small=$BATS_TEST_TMPDIR/build library name
	mkdir "$small"
	# As they are: they take longer than granit itself.
	for library in libcap-ng nettle libsodium; do
		[ ! -d "build/$library" ] || cp -a "build/$library" "$small/"
	done
	make TOOLS=no BUILD="$small" "$small/granit" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- || {
		tail -n 20 "$BATS_TEST_TMPDIR/log"
		return 1
	}
	# What the one knows and the other does not.
	comm -23 <("$GRANIT" --help | sed -nE 's/^ {2,6}(-[A-Za-z], )?--([a-z-]+).*/\2/p' | sort) <("$small/granit" --help | sed -nE 's/^ {2,6}(-[A-Za-z], )?--([a-z-]+).*/\2/p' | sort) \
		>"$BATS_TEST_TMPDIR/left-out"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/left-out")" -eq 10 ]
	while read -r name; do
		expect 125 "$small/granit" --profile=plain "--$name=x" -- true
		contains "$stderr" "there is no option --$name in this granit: it was built without (make TOOLS=no)"
		printf '%s = x\n' "$name" >"$BATS_TEST_TMPDIR/conf"
		expect 125 "$small/granit" --profile=plain --config="$BATS_TEST_TMPDIR/conf" -- true
		contains "$stderr" "there is no option '$name' in this granit: it was built without (make TOOLS=no)"
	done <"$BATS_TEST_TMPDIR/left-out"
	expect 7 "$small/granit" --profile=plain -- "$TOOLS/probe" exit 7
	expect 7 "$small/granit" --profile=plain --exec -- "$TOOLS/probe" exit 7
	grep -qF 'not there after' "$GRANIT"
	run ! grep -qF 'not there after' "$small/granit"
}
