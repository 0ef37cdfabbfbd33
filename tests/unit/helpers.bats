#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031 # every test is a subshell
#
# The tools that the other tests are made of. What they get wrong, every test built on them gets wrong.

bats_require_minimum_version 1.5.0

setup() {
	TOOLS=$BATS_TEST_DIRNAME/../../build/tests
	PATH=$TOOLS:$PATH
	ROOT=$BATS_TEST_TMPDIR/root
	mkdir "$ROOT"
	cp "$TOOLS/probe" "$TOOLS/inject" "$ROOT/"
}

# is WANTED COMMAND [ARG...]: runs it and compares its standard output.
is() {
	local wanted=$1
	shift
	run --separate-stderr "$@"
	[ "$output" = "$wanted" ] && return
	printf '%s\n  wanted %q\n  got    %q\n  status %s, stderr %s\n' "$*" "$wanted" "$output" "$status" "${stderr:-}"
	return 1
}

# ends STATUS COMMAND [ARG...]
ends() {
	local wanted=$1
	shift
	run --separate-stderr "$@"
	[ "$status" -eq "$wanted" ] && return
	printf '%s\n  status %s, wanted %s\n  stdout %s\n  stderr %s\n' "$*" "$status" "$wanted" "$output" "${stderr:-}"
	return 1
}

@test "inject: a named call fails, and only with the named argument" {
	is ENOSYS inject memfd_create=ENOSYS -- probe exec-memfd
	is EPERM inject setresuid=EPERM -- probe setuid0
	# 27 is PR_GET_SECUREBITS; the prctl for Dumpable goes through.
	run --separate-stderr inject prctl:27=EINVAL -- probe status
	[[ $output == *$'Securebits:\t0xffffffff'* && $output == *$'Dumpable:\t1'* ]]
}

@test "inject: several rules at once, each for itself" {
	run --separate-stderr inject prctl:3=EPERM,memfd_create=EACCES,prctl:27=EPERM -- probe status
	[[ $output == *$'Securebits:\t0xffffffff'* && $output == *$'Dumpable:\t-1'* ]]
	is EACCES inject prctl:3=EPERM,memfd_create=EACCES -- probe exec-memfd
}

@test "inject: the liar says yes and does nothing" {
	ends 0 inject prctl:38=0 -- setpriv --no-new-privs probe status
	[[ $output == *$'NoNewPrivs:\t'[01]* ]]
	[ "$(id -u)" -ne 0 ] || [[ $output == *$'NoNewPrivs:\t0'* ]]
}

@test "inject: starts its program even if exec is what fails" {
	is ENOENT inject execve=ENOENT -- "$TOOLS/probe" exec "$TOOLS/probe"
}

@test "inject: an unknown name is an error of its own" {
	ends 125 inject opnat=EPERM -- probe exit 0
	ends 125 inject openat=ENOTHING -- probe exit 0
	ends 125 inject openat -- probe exit 0
}

@test "nscontainer: PID 1 on the folder, writable or not" {
	is ok nscontainer "$ROOT" -- /probe write /made
	is EROFS nscontainer --read-only "$ROOT" -- /probe write /made
	nscontainer "$ROOT" -- /probe pgrp >"$BATS_TEST_TMPDIR/pgrp"
	grep -qx 'pid 1' "$BATS_TEST_TMPDIR/pgrp"
	[ ! -e "$ROOT/made" ]
}

@test "nscontainer: exit status, death by signal, a program that is not there" {
	ends 78 nscontainer "$ROOT" -- /probe exit 78
	ends 125 nscontainer "$ROOT" -- /nothing
	ends 125 nscontainer --unknown "$ROOT" -- /probe exit 0
}

@test "nscontainer: mounts" {
	mkdir "$BATS_TEST_TMPDIR/host"
	is EROFS nscontainer --bind "$BATS_TEST_TMPDIR/host:/data:ro" "$ROOT" -- /probe write /data/x
	is ok nscontainer --read-only --bind "$BATS_TEST_TMPDIR/host:/data" "$ROOT" -- /probe write /data/x
	is ran nscontainer --read-only --tmpfs /tmp:size=1m,mode=1777 "$ROOT" -- /probe exec-copy /tmp
	is EACCES nscontainer --read-only --tmpfs /tmp:size=1m,noexec "$ROOT" -- /probe exec-copy /tmp
	ends 0 nscontainer "$ROOT" -- /probe cat /proc/self/mountinfo
	[[ $output == *' /proc/sys ro,'* ]]
	is ENOENT nscontainer --no-proc "$ROOT" -- /probe cat /proc/self/stat
	is /dev nscontainer --cwd /dev "$ROOT" -- /probe cwd
	run ! grep -F "$ROOT" /proc/self/mountinfo
}

@test "nscontainer: privileges" {
	ends 0 nscontainer "$ROOT" -- /probe status
	[[ $output == *$'CapEff:\t00000000a80425fb'* && $output == *$'CapBnd:\t00000000a80425fb'* ]]
	ends 0 nscontainer --caps=0 --no-new-privs "$ROOT" -- /probe status
	[[ $output == *$'CapPrm:\t0000000000000000'* && $output == *$'CapBnd:\t0000000000000000'* ]]
	[[ $output == *$'NoNewPrivs:\t1'* ]]
	is EPERM nscontainer --read-only "$ROOT" -- /probe remount
	is ok nscontainer --read-only --caps=ffffffffff "$ROOT" -- /probe remount
}

@test "nscontainer: another user has no capability left" {
	[ "$(id -u)" -eq 0 ] || skip "becoming somebody else takes root"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	ends 0 nscontainer --user 65532:65533 "$ROOT" -- /probe status
	[[ $output == *$'Uid:\t65532\t65532\t65532\t65532'* && $output == *$'Gid:\t65533\t'* ]]
	[[ $output == *$'CapPrm:\t0000000000000000'* ]]
	is EPERM nscontainer --user 65532:65532 "$ROOT" -- /probe setuid0
}

@test "nscontainer: TERM kills what runs in it" {
	nscontainer "$ROOT" -- /probe sleep 60 3>&- &
	local pid=$! i got=0
	for ((i = 0; i < 100; i++)); do
		[ -z "$(pgrep -P "$pid")" ] || break
		sleep 0.05
	done
	kill -TERM "$pid"
	wait "$pid" || got=$?
	[ "$got" -eq 137 ]
}

@test "nscontainer: a network of its own has a loopback" {
	is EPERM nscontainer --net --caps=0 "$ROOT" -- /probe tmpfs /
	is ECONNREFUSED nscontainer --net "$ROOT" -- /probe get 80
}

@test "probe: signals arrive by name, the real-time ones too" {
	mkfifo "$BATS_TEST_TMPDIR/out"
	probe trap 4 >"$BATS_TEST_TMPDIR/out" 3>&- &
	local pid=$! line seen=
	exec 4<"$BATS_TEST_TMPDIR/out"
	read -r line <&4
	[ "$line" = ready ]
	for signal in 10 34 64 15; do
		kill -"$signal" "$pid"
		read -r line <&4
		seen+=$line,
	done
	exec 4<&-
	[ "$seen" = 'USR1 10,RT 34,RT 64,TERM 15,' ]
	wait "$pid"
}

@test "probe: words for what was tried" {
	is ok probe write "$BATS_TEST_TMPDIR/x"
	is ENOENT probe write "$BATS_TEST_TMPDIR/nowhere/x"
	is ran probe exec-copy "$BATS_TEST_TMPDIR"
	is $'a b\n*' probe args 'a b' '*'
	ends 2 probe nothing
	ends 2 probe exit
	ends 143 probe kill TERM
}

@test "probe: PID 1 that does not reap has its orphans as zombies" {
	is 'zombies 3' nscontainer "$ROOT" -- /probe orphans 3 10
}

@test "hungfs: answers, hangs, answers again; at its end nothing is left" {
	[ "$(id -u)" -eq 0 ] || skip 'takes root: mounts'
	local dir=$BATS_TEST_TMPDIR/hung flag
	mkdir "$dir"
	mkfifo "$BATS_TEST_TMPDIR/says"
	for flag in '' --swallow; do
		# shellcheck disable=SC2086 # no flag is no word
		hungfs $flag "$dir" >"$BATS_TEST_TMPDIR/says" 3>&- &
		local pid=$! line
		exec 4<"$BATS_TEST_TMPDIR/says"
		read -r -t 10 line <&4 && [ "$line" = mounted ]
		is hungfs cat "$dir/file"
		kill -USR1 "$pid"
		read -r -t 10 line <&4 && [ "$line" = hung ]
		cat "$dir/file" >"$BATS_TEST_TMPDIR/file" 3>&- 4<&- &
		# It is there when it waits; then the file has not been read.
		until grep -q . "/proc/$!/wchan" && [[ $(<"/proc/$!/wchan") == *request* ]]; do sleep 0.01; done
		[ ! -s "$BATS_TEST_TMPDIR/file" ]
		kill -USR2 "$pid"
		wait $!
		[ "$(<"$BATS_TEST_TMPDIR/file")" = hungfs ]
		read -r -t 10 line <&4 && [ "$line" = answers ]
		exec 4<&-
		kill -TERM "$pid"
		wait "$pid"
		run ! mountpoint -q "$dir"
	done
}
