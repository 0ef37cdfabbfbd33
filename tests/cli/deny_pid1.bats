#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# --deny=pid1: what a program can do to process 1 by its number, and that the rest goes on; when it comes by default.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	make_root
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	FREE=$BATS_TEST_TMPDIR/free
	DENIED=$BATS_TEST_TMPDIR/denied
}

teardown() {
	[ -z "${OUTER:-}" ] || kill -TERM "$OUTER" 2>/dev/null || :
}

REFUSED=(prlimit affinity scheduler param attr priority priority-group-0 priority-group-1 priority-user-0 priority-user
	ioprio ioprio-group-0 ioprio-group-1 ioprio-user group-1)

# What has 64 bits can set some that the kernel does not look at, and a pointer's high half alone.
wide() {
	[ "$(getconf LONG_BIT)" -eq 32 ] || printf '%s\n' prlimit-high prlimit-high-pid affinity-high group-high
}

# refused: the lines of the calls that the filter refuses, by each way that there is here
refused() {
	local way call
	for way in '' i386- x32-; do
		for call in "${REFUSED[@]}"; do
			if is_here "$way$call"; then printf '%s%s EPERM\n' "$way" "$call"; fi
		done
	done
	wide | sed 's/$/ EPERM/'
}

# tries_pid1 FILE NSCONTAINER-OPTION... -- GRANIT-OPTION...: how each call went, into FILE
tries_pid1() {
	local file=$1
	local -a flags=()
	shift
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	boxed 0 --read-only "${flags[@]}" -- /granit -q "${@:2}" -- /probe deny-pid1
	printf '%s\n' "$output" >"$file"
}

# changed: the lines that the filter made others
changed() {
	diff "$FREE" "$DENIED" | sed -n 's/^> //p'
}

# is_filtered YES|NO: what the program's status, in output, says
is_filtered() {
	contains "$output" $'Seccomp:\t'"$([ "$1" = yes ] && printf 2 || printf 0)"
}

@test "user 0 can change nothing of process 1, and without the filter can" {
	tries_pid1 "$FREE" -- --deny=none
	tries_pid1 "$DENIED" --
	diff -u <(refused | sort) <(changed | sort)
	local call
	for call in prlimit affinity scheduler param attr priority priority-group-1 ioprio; do
		grep -qx "$call ok" "$FREE"
	done
}

@test "a program of process 1's own user can change nothing of it, and without the filter can" {
	needs_root 'another user'
	tries_pid1 "$FREE" --user 65532:65532 -- --deny=none
	tries_pid1 "$DENIED" --user 65532:65532 --
	diff -u <(refused | sort) <(changed | sort)
	local call
	for call in prlimit affinity scheduler param attr priority ioprio; do
		grep -qx "$call ok" "$FREE"
	done
	boxed 0 --read-only -- /granit -q --user=65532:65532 -- /probe deny-pid1
	grep -qx 'prlimit EPERM' <<<"$output"
}

@test "limits of process 1 may be read, and a program's own be set, and its own priority, processors and group" {
	tries_pid1 "$DENIED" --
	local call
	for call in prlimit-read prlimit-self affinity-0 scheduler-0 param-0 attr-0 priority-0 ioprio-0 group-own; do
		grep -qx "$call ok" "$DENIED"
	done
	grep -qx 'priority-group-2 ESRCH' "$DENIED"
	grep -qx 'ioprio-group-2 ESRCH' "$DENIED"
	boxed 0 --read-only -- /granit -q -- /probe own-priority
	[ "$(wc -l <<<"$output")" -ge 9 ]
	run ! grep -v ' ok$' <<<"$output"
}

@test "a shell's job control, nice, renice of a child, threads on a processor of their own go on" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 0 python3 tests/helpers/terminal.py -- "$GRANIT" --profile=plain --deny=pid1 -- bash -ic \
		'sleep 30 & renice -n 5 -p $! >/dev/null && nice -n 3 true && timeout 9 true && setsid -w true && kill %1 && echo works'
	contains "$output" works
	expect 0 "$GRANIT" --profile=plain --deny=pid1 -- python3 -c '
import os, subprocess, threading
def pin():
    os.sched_setaffinity(threading.get_native_id(), {min(os.sched_getaffinity(0))})
    os.sched_setaffinity(os.getpid(), os.sched_getaffinity(os.getpid()))
    print("pinned")
t = threading.Thread(target=pin); t.start(); t.join()
subprocess.run(["true"], preexec_fn=os.setpgrp, check=True)
os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + 1)'
	[ "$output" = pinned ]
}

# ---- where it comes by default

@test "immutable and restricted have it by themselves, plain and audit do not" {
	local profile
	for profile in immutable restricted; do
		tries_pid1 "$DENIED" -- --profile=$profile --ignore=all --landlock=off
		diff -u <(refused | sort) <(grep -Fxf <(refused) "$DENIED" | sort)
	done
	for profile in plain audit; do
		boxed 0 --read-only -- /granit -q --profile=$profile -- /probe status
		is_filtered no
	done
	boxed 0 --read-only -- /granit -q --profile=plain --deny=pid1 -- /probe deny-pid1
	grep -qx 'prlimit EPERM' <<<"$output"
}

@test "words add to what the profile denies, and none empties it" {
	local both=$'prlimit EPERM\nsti EIO'
	# denies GRANIT-OPTION...: sets output to what is refused of the two
	denies() {
		tries_pid1 "$DENIED" -- "$@"
		boxed 0 --read-only -- /granit -q "$@" -- /probe deny-try
		output=$(grep -xh -e 'prlimit EPERM' -e 'sti EIO' "$DENIED" - <<<"$output" || :)
	}
	denies --deny=tiocsti
	[ "$output" = "$both" ]
	denies --deny=none,tiocsti
	[ "$output" = 'sti EIO' ]
	denies --deny=none --deny=tiocsti
	[ "$output" = 'sti EIO' ]
	denies --profile=plain --deny=tiocsti
	[ "$output" = 'sti EIO' ]
	denies --profile=restricted --ignore=all --landlock=off --deny=tiocsti
	[ "$output" = "$both" ]
	denies --deny=tiocsti,none,pid1
	[ "$output" = 'prlimit EPERM' ]
	boxed 0 --read-only -- /granit -q --deny=tiocsti,none -- /probe status
	is_filtered no
}

@test "with --exec the program is process 1: nothing is installed, named or not" {
	local word
	for word in '' --deny=pid1; do
		boxed 0 --read-only -- /granit -vv --exec ${word:+"$word"} -- /probe status
		is_filtered no
		contains "$stderr" 'deny: nothing to do for pid1: granit becomes the program'
	done
	boxed 0 --read-only -- /granit -q --exec --deny=pid1,tiocsti -- /probe deny-pid1
	grep -qx 'priority ok' <<<"$output"
}

@test "where granit is not process 1 it is not there by default, and holds where it was named" {
	boxed 0 --read-only -- /granit -q --profile=plain -- /granit -vv -- /probe status
	is_filtered no
	contains "$stderr" 'deny: nothing to do for pid1: granit is not process 1'
	boxed 0 --read-only -- /granit -q --profile=plain -- /granit -q --deny=pid1 -- /probe deny-pid1
	grep -qx 'prlimit EPERM' <<<"$output"
}

@test "--pause starts no program that it would hold for" {
	"$TOOLS/nscontainer" --read-only "$ROOT" -- /granit -vv --pause --ignore=dir-fd-leak >/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- 4>&- &
	OUTER=$!
	retry 200 0.05 grep -q 'deny: nothing to do for pid1: no program is started' "$BATS_TEST_TMPDIR/err"
	grep -q $'^Seccomp:\t0' "/proc/$(pgrep -P "$OUTER")/status"
}

# ---- where it cannot be had

@test "--allow-new-privs: without CAP_SYS_ADMIN it is left out, with it it is there" {
	boxed 0 --read-only -- /granit -vv --allow-new-privs -- /probe status
	is_filtered no
	contains "$output" $'NoNewPrivs:\t0'
	contains "$stderr" 'deny: not done: pid1: a seccomp filter needs no_new_privs or CAP_SYS_ADMIN'
	boxed 125 --read-only -- /granit -q --allow-new-privs --deny=pid1 -- /probe args started
	[ -z "$output" ]
	needs_root 'CAP_SYS_ADMIN, and another user'
	boxed 0 --read-only --user 65532:65532 -- /granit -q --allow-new-privs -- /probe status
	is_filtered no
	boxed 0 --read-only --caps a82425fb -- /granit -q --ignore=root-remount --allow-new-privs --keep-caps=sys_admin -- /probe status
	is_filtered yes
	contains "$output" $'NoNewPrivs:\t0'
}

@test "a kernel or sandbox without filters: the start goes on by default, and ends where pid1 was named" {
	local error
	for error in ENOSYS EINVAL EPERM; do
		boxed 0 --read-only -- /inject seccomp=$error,prctl:22=$error -- /granit -vv -- /probe deny-pid1
		grep -qx 'prlimit ok' <<<"$output"
		contains "$stderr" 'deny: not done: pid1: the seccomp filter (CONFIG_SECCOMP_FILTER)'
		boxed 125 --read-only -- /inject seccomp=$error,prctl:22=$error -- /granit -q --deny=pid1 -- /probe args started
		[ -z "$output" ]
	done
	# A word that was named counts for the filter that has both.
	boxed 125 --read-only -- /inject seccomp=ENOSYS,prctl:22=EINVAL -- /granit -q --deny=tiocsti -- /probe args started
	boxed 0 --read-only -- /inject seccomp=ENOSYS,prctl:22=EINVAL -- /granit -q --deny=exec-scripts -- /probe status
	contains "$output" $'Securebits:\t0xfef'
	boxed 0 --read-only -- /inject seccomp=ENOSYS,prctl:22=EINVAL -- /granit -vv --profile=restricted --ignore=all --landlock=off -- \
		/probe status
	contains "$output" $'Mdwe:\t1'
	contains "$stderr" 'deny: not done: memfd-exec: the seccomp filter'
}

@test "a filter that is not in force is told, and ends the start where pid1 was named" {
	boxed 0 --read-only -- /inject seccomp=0 -- /granit -vv -- /probe args started
	[ "$output" = started ]
	contains "$stderr" 'deny: not done: pid1: prlimit(2) works in spite of the filter'
	boxed 125 --read-only -- /inject seccomp=0 -- /granit -q --deny=pid1 -- /probe args started
}

# ---- what is said

# foreseen OPTION...: whether the report says that the program will have a filter
foreseen() {
	boxed 0 --read-only -- /granit "$@"
	jq -r '.. | objects | .resulting? | select(type == "object") | .seccomp' <<<"$output$stderr"
}

@test "the report says what the program will have, and --check does not know it" {
	[ "$(foreseen --check --format=json)" = false ]
	[ "$(foreseen --check --format=json --deny=pid1)" = true ]
	[ "$(foreseen --format=json -v -- /probe exit 0)" = true ]
	[ "$(foreseen --format=json -v --deny=none -- /probe exit 0)" = false ]
	[ "$(foreseen --format=json -v --exec -- /probe exit 0)" = false ]
	[ "$(foreseen --format=json -v --exec --deny=pid1 -- /probe exit 0)" = false ]
	[ "$(foreseen --format=json -v --allow-new-privs -- /probe exit 0)" = false ]
	[ "$(foreseen --check --format=json --profile=restricted --ignore=all)" = true ]
	[ "$(foreseen --check --format=json --profile=restricted --ignore=all --allow-new-privs)" = false ]
}

# ---- what a filter costs

# speculation: what the kernel does to the program against guesses of the processor
speculation() { # GRANIT-OPTION...
	boxed 0 --read-only -- /granit -q "$@" -- /probe cat /proc/self/status
	grep -i '^Speculation' <<<"$output"
}

@test "the filter changes nothing of how the program's speculation is mitigated" {
	local free
	free=$(speculation --deny=none) || skip "this kernel does not say"
	[ "$(speculation)" = "$free" ]
	[ "$(speculation --deny=all)" = "$free" ]
}

@test "every filter is installed with SECCOMP_FILTER_FLAG_SPEC_ALLOW, and without where the kernel does not know it" {
	# Whoever does without fails.
	boxed 0 --read-only -- /inject seccomp:1:0=ENOSYS,prctl:22=ENOSYS -- /granit -q --deny=pid1 -- /probe deny-pid1
	grep -qx 'prlimit EPERM' <<<"$output"
	boxed 0 --read-only -- /inject seccomp:1:4=EINVAL,prctl:22=ENOSYS -- /granit -q --deny=pid1 -- /probe deny-pid1
	grep -qx 'prlimit EPERM' <<<"$output"
	boxed 0 --read-only -- /inject seccomp=ENOSYS -- /granit -q --deny=pid1 -- /probe deny-pid1
	grep -qx 'prlimit EPERM' <<<"$output"
}
