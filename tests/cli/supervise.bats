#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Starting and supervising, in the plain profile, where granit is not process 1.
# bats sets output and stderr; functions are called by name; a comma belongs to a value.
# shellcheck disable=SC2317,SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	PLAIN=("$GRANIT" --profile=plain --)
	PROBE=$TOOLS/probe
}

@test "the program's exit status comes through" {
	local code
	for code in 0 1 2 78 125 126 127 128 200 255; do
		expect "$code" "${PLAIN[@]}" "$PROBE" exit "$code"
		[ -z "$output$stderr" ]
	done
}

@test "a program killed by a signal is 128+N" {
	expect 143 "${PLAIN[@]}" "$PROBE" kill TERM
	expect 137 "${PLAIN[@]}" "$PROBE" kill KILL
	expect 139 "${PLAIN[@]}" "$PROBE" kill SEGV
}

@test "-e makes an exit status count as 0, of a signal too" {
	expect 0 "$GRANIT" --profile=plain -e 7 -e 143 -- "$PROBE" exit 7
	expect 0 "$GRANIT" --profile=plain -e 7 -e 143 -- "$PROBE" kill TERM
	expect 8 "$GRANIT" --profile=plain -e 7 -- "$PROBE" exit 8
	expect 125 "$GRANIT" --profile=plain -e 256 -- "$PROBE" exit 8
	expect 5 "$GRANIT" --profile=plain -s -c -- "$PROBE" exit 5
}

@test "what cannot be found is 127, what cannot be executed 126" {
	expect 127 "${PLAIN[@]}" no-such-program
	contains "$stderr" 'it is in no directory of PATH'
	expect 127 "${PLAIN[@]}" /no/such/program
	expect 126 "${PLAIN[@]}" /etc
	printf 'text\n' >"$BATS_TEST_TMPDIR/text"
	expect 126 "${PLAIN[@]}" "$BATS_TEST_TMPDIR/text"
	chmod 755 "$BATS_TEST_TMPDIR/text"
	expect 126 "${PLAIN[@]}" "$BATS_TEST_TMPDIR/text"
	contains "$stderr" 'neither a program nor a script'
	printf '#!/no/interpreter\n' >"$BATS_TEST_TMPDIR/text"
	expect 127 "${PLAIN[@]}" "$BATS_TEST_TMPDIR/text"
	contains "$stderr" 'interpreter'
	expect 127 "${PLAIN[@]}" ''
}

@test "PATH: empty, unset, relative, and a directory that only looks right" {
	expect 127 env PATH= "${PLAIN[@]}" probe exit 5
	cd "$TOOLS"
	expect 5 env PATH=/nowhere:. "${PLAIN[@]}" probe exit 5
	expect 5 env PATH=/nowhere: "${PLAIN[@]}" probe exit 5
	cd /
	expect 5 env PATH="${TOOLS#/}" "${PLAIN[@]}" probe exit 5
	expect 127 env -u PATH "${PLAIN[@]}" probe exit 5
	mkdir -p "$BATS_TEST_TMPDIR/first/probe"
	expect 5 env PATH="$BATS_TEST_TMPDIR/first:$TOOLS" "${PLAIN[@]}" probe exit 5
}

@test "arguments of 100 kB come through" {
	local long
	long=$(printf '%100000s' '' | tr ' ' x)
	expect 0 "${PLAIN[@]}" "$PROBE" args "$long"
	[ "$output" = "$long" ]
}

@test "signal mask and ignored signals are those that granit got" {
	local want
	# By the same way as expect does it: timeout has its own idea of some signals.
	want=$(timeout 60 "$PROBE" mask)
	expect 0 "${PLAIN[@]}" "$PROBE" mask
	[ "$output" = "$want" ]
	# shellcheck disable=SC2016 # the inner shell's
	want=$(timeout 60 bash -c 'trap "" CHLD USR1; exec "$@"' - "$PROBE" mask)
	# shellcheck disable=SC2016
	expect 0 bash -c 'trap "" CHLD USR1; exec "$@"' - "${PLAIN[@]}" "$PROBE" mask
	[ "$output" = "$want" ]
}

@test "closed standard descriptors are no trouble" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 3 bash -c '"$@" <&-' - "${PLAIN[@]}" "$PROBE" exit 3
	# shellcheck disable=SC2016
	expect 3 bash -c '"$@" >&-' - "${PLAIN[@]}" "$PROBE" exit 3
	# shellcheck disable=SC2016
	expect 3 bash -c '"$@" <&- >&- 2>&-' - "${PLAIN[@]}" "$PROBE" exit 3
}

@test "three or four descriptors are enough" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 3 bash -c 'ulimit -n 4; exec "$@" 3>&- 4>&-' - "${PLAIN[@]}" "$PROBE" exit 3
	expect 3 prlimit --nofile=3:3 "${PLAIN[@]}" "$PROBE" exit 3
	# Verifying takes more, and says so.
	# shellcheck disable=SC2016
	expect 78 bash -c 'ulimit -n 4; exec "$@"' - "$GRANIT" -- "$PROBE" exit 3
	contains "$stderr" 'No file descriptors available'
}

@test "orphans are collected" {
	needs_root "a view of processes of its own"
	# timeout is process 1 in there, so granit is none.
	expect 0 unshare --pid --fork --mount-proc timeout 30 "${PLAIN[@]}" "$PROBE" orphans 200 5
	[ "$output" = 'zombies 0' ]
}

# Prints what the program trapped after the signals were sent to granit.
trapped() {
	local -a flags=()
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	mkfifo "$BATS_TEST_TMPDIR/out"
	"$GRANIT" --profile=plain "${flags[@]}" -- "$PROBE" trap "$#" >"$BATS_TEST_TMPDIR/out" 3>&- 4>&- &
	local pid=$! line signal
	exec 5<"$BATS_TEST_TMPDIR/out"
	read -r -t 10 line <&5
	[ "$line" = ready ]
	for signal; do
		kill -"$signal" "$pid"
		read -r -t 10 line <&5 || return 1
		printf '%s ' "${line##* }"
	done
	exec 5<&-
	wait "$pid"
}

@test "every signal that can be passed on is passed on" {
	# All but KILL, STOP, and CHLD, which is granit's own.
	local -a signals
	mapfile -t signals < <(seq 64 | grep -vxE '9|17|19')
	[ "$(trapped -- "${signals[@]}")" = "${signals[*]} " ]
}

@test "with -g the whole process group gets it" {
	mkfifo "$BATS_TEST_TMPDIR/pids"
	# shellcheck disable=SC2016 # the inner shell's
	"$GRANIT" --profile=plain -g -- bash -c 'sleep 60 & echo $! >"$1"; wait' - "$BATS_TEST_TMPDIR/pids" 3>&- 4>&- &
	local pid=$! child
	read -r -t 10 child <"$BATS_TEST_TMPDIR/pids"
	kill -TERM "$pid"
	run ! wait "$pid"
	wait_gone "$child"
}

@test "as many as ten thousand signals do not hurt" {
	"$GRANIT" --profile=plain -- "$PROBE" sleep 60 3>&- 4>&- &
	local pid=$! i
	for ((i = 0; i < 10000; i++)); do kill -WINCH "$pid"; done
	kill -TERM "$pid"
	local got=0
	wait "$pid" || got=$?
	[ "$got" -eq 143 ]
}

@test "a program that cannot get a process is told so" {
	expect 125 "$TOOLS/inject" vfork=EAGAIN -- "${PLAIN[@]}" "$PROBE" exit 0
	contains "$stderr" 'cannot make a process'
}

@test "on a terminal the program is in the foreground, and an interrupt reaches it once" {
	cat >"$BATS_TEST_TMPDIR/terminal.py" <<-'PY'
		import os, pty, sys, time
		pid, fd = pty.fork()
		if pid == 0:
		    os.execv(sys.argv[1], sys.argv[1:])
		seen = b''
		def until(word):
		    global seen
		    end = time.time() + 10
		    while word not in seen and time.time() < end:
		        try:
		            seen += os.read(fd, 4096)
		        except OSError:
		            break
		until(b'ready')
		os.write(fd, b'\x03')
		until(b'INT 2')
		os.kill(pid, 15)
		until(b'TERM 15')
		os.waitpid(pid, 0)
		sys.stdout.write(seen.decode().replace('\r', ''))
	PY
	expect 0 python3 "$BATS_TEST_TMPDIR/terminal.py" "${PLAIN[@]}" "$PROBE" trap 2
	contains "$output" $'INT 2\nTERM 15'
	expect 0 script -qec "$GRANIT --profile=plain -- $PROBE pgrp" /dev/null
	local pgid foreground
	pgid=$(sed -n 's/^pgid \([0-9]*\).*/\1/p' <<<"$output")
	foreground=$(sed -n 's/^foreground \([0-9]*\).*/\1/p' <<<"$output")
	[ -n "$pgid" ]
	[ "$pgid" = "$foreground" ]
}
