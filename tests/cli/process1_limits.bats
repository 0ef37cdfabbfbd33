#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # bats sets them
# The watch where there is little to look with: of processor, of processes, of answers. And when it gives up.

bats_require_minimum_version 1.5.0

# The last one takes more than a minute by itself, and longer where there is little to run it with.
setup_file() {
	export BATS_TEST_TIMEOUT=300
}

setup() {
	load ../helpers/engines
	load ../helpers/granit
	load ../helpers/process1
	process1_setup
	WATCHED=(--ignore=all --warn=writable-mounts)
	GROUPS_MADE=() OTHER=
}

teardown() {
	[ -z "$OTHER" ] || kill -TERM "$OTHER" 2>/dev/null || :
	[ -z "${FROZEN:-}" ] || echo THAWED >"$FROZEN/freezer.state"
	process1_teardown
	[ -z "$OTHER" ] || wait "$OTHER" || :
	local group
	for group in "${GROUPS_MADE[@]}"; do
		retry 50 0.1 rmdir "$group"
	done
}

# group CONTROLLER: a control group of the test's own, in version 1 of them; sets GROUP. The process goes in with
# `echo PID >$GROUP/cgroup.procs`.
group() {
	GROUP=/sys/fs/cgroup/$1/granit-test-$$-$BATS_TEST_NUMBER
	mkdir "$GROUP" 2>/dev/null || skip "takes the controller $1 in version 1 of control groups"
	GROUPS_MADE+=("$GROUP")
}

@test "a processor that gives 5 ms in 100: it lives, and what comes is named" {
	group cpu
	box -- /granit -q "${WATCHED[@]}" --watch=terminate -- /probe trap
	echo 5000 >"$GROUP/cpu.cfs_quota_us"
	echo "$INIT" >"$GROUP/cgroup.procs"
	inside /probe tmpfs /mnt
	WITHIN=50 eventually reported /mnt
	inside /probe tmpfs /tmp
	WITHIN=50 eventually reported /tmp
	ends_on_quit 0
}

@test "no process to be had: it says so, lives, and looks when there is one" {
	group pids
	box -- /granit -q "${WATCHED[@]}" --watch=terminate -- /probe trap
	echo "$INIT" >"$GROUP/cgroup.procs"
	echo 1 >"$GROUP/pids.max"
	inside /probe tmpfs /mnt
	eventually said 'cannot create a process .*trying again in 1 s'
	eventually said 'cannot create a process .*trying again in 4 s'
	echo max >"$GROUP/pids.max"
	WITHIN=30 eventually reported /mnt
	ends_on_quit 0
}

# Both at once, for each takes more than a minute.
@test "terminate: a minute without a completed look ends it; a minute in which it was frozen does not" {
	group freezer
	local freezer=$GROUP frozen=$BATS_TEST_TMPDIR/frozen
	group pids
	box -- /granit -q "${WATCHED[@]}" --watch=terminate -- /probe trap
	echo "$INIT" >"$GROUP/cgroup.procs"
	echo 1 >"$GROUP/pids.max"
	echo "$INIT" >"$freezer/cgroup.procs"
	inside /probe tmpfs /mnt
	eventually said 'cannot create a process'
	echo FROZEN >"$freezer/freezer.state"
	FROZEN=$freezer
	# The second one, whose mount answers nobody.
	local first=$BOX init=$INIT out=$OUT err=$ERR
	OTHER=$BOX OUT=$frozen.out ERR=$frozen.err
	mkdir "$ROOT/other"
	: >"$ERR"
	box -- /granit -q "${WATCHED[@]}" --watch=terminate -- /probe trap
	hungfs --swallow --hung /mnt
	local since=$SECONDS
	WITHIN=120 eventually has_ended
	[ $((SECONDS - since)) -ge 55 ]
	local status=0
	wait "$BOX" || status=$?
	cat "$ERR"
	[ "$status" -eq 78 ]
	said 'could not be read for 60 s'
	# And the first: longer frozen than it would have had.
	BOX=$first INIT=$init OUT=$out ERR=$err OTHER=
	while [ $((SECONDS - since)) -lt 62 ]; do sleep 0.5; done
	echo THAWED >"$freezer/freezer.state"
	FROZEN=
	echo max >"$GROUP/pids.max"
	WITHIN=60 eventually reported /mnt
	ends_on_quit 0
}
