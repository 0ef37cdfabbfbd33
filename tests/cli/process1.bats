#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Scripts of inner shells; every test is a subshell; `expect` and the helpers set and read variables.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154
# Process 1 itself: signals, standard error, what it keeps open, and the time before the start.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	load ../helpers/process1
	process1_setup
}

teardown() {
	process1_teardown
}

# seconds COMMAND...: how long that takes goes to TOOK
seconds() {
	local from=$SECONDS
	"$@" || return
	TOOK=$((SECONDS - from))
}

# ---- its own signals, and standard error

# hears_nothing: of what it says nobody takes a byte; the program gets what is sent to it, and no more
hears_nothing() {
	inside /probe tmpfs /mnt
	nsenter -t "$INIT" -m -p /probe orphans 3 0 >"$BATS_TEST_TMPDIR/orphans"
	# The mount table is looked at once a second.
	sleep 1.2
	kill -USR1 "$INIT"
	eventually grep -q USR1 "$OUT"
	ends_on_quit 0
	[ "$(<"$OUT")" = $'ready\nUSR1 10\nQUIT 3\nQUIT 3' ]
}

@test "standard error without a reader: the program hears nothing of it" {
	broken_pipe
	box -- /granit -w -- /probe trap
	hears_nothing
}

@test "standard error a file that may not grow: the program hears nothing of it" {
	local out=$OUT
	# What the program prints is a pipe's: it has the limit too.
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	cat "$BATS_TEST_TMPDIR/pipe" >"$out" 3>&- &
	BY=(prlimit --fsize=0 --)
	OUT=$BATS_TEST_TMPDIR/pipe launch -- /granit -w -- /probe trap
	eventually grep -q ready "$OUT"
	hears_nothing
}

@test "a PIPE that somebody sends is passed on" {
	box -- /granit -q --ignore=all -- /probe trap
	kill -PIPE "$INIT"
	eventually grep -q PIPE "$OUT"
	kill -XFSZ "$INIT"
	eventually grep -q XFSZ "$OUT"
	ends_on_quit 0
}

@test "standard error closed, or a file without room: it starts, watches and ends" {
	local to
	exec {TO}>/dev/full
	for to in full closed; do
		: >"$OUT"
		[ "$to" = full ] || BY=(bash -c 'exec "$@" 2>&-' -)
		box -- /granit -w -- /probe trap
		inside /probe tmpfs /mnt
		nsenter -t "$INIT" -m -p /probe orphans 3 0 >"$BATS_TEST_TMPDIR/orphans"
		ends_on_quit 0
		run ! grep -q PIPE "$OUT"
	done
}

@test "a full standard error does not keep the program from its start" {
	full_pipe
	# With warnings to be told, and with more than fits.
	box -- /granit -v --profile=audit -- /probe trap
	ends_on_quit 0
}

@test "a full standard error is waited for no longer than a moment, and never once the program runs" {
	full_pipe
	box -- /granit -q --ignore=all -w -- /probe trap 1
	nsenter -t "$INIT" -m -p /probe orphans 20 300 >"$BATS_TEST_TMPDIR/orphans" 3>&- &
	sleep 0.35
	kill -TERM "$INIT"
	# Nobody ever reads the pipe.
	ended 0
}

@test "what a full standard error did not take is counted, and told when there is room" {
	full_pipe
	box -- /granit -q --ignore=all -w -- /probe trap
	nsenter -t "$INIT" -m -p /probe orphans 5 0 >"$BATS_TEST_TMPDIR/orphans"
	head -c 65536 <&"$TO" >"$BATS_TEST_TMPDIR/drained"
	cat <&"$TO" >"$ERR" 3>&- &
	local reader=$!
	nsenter -t "$INIT" -m -p /probe orphans 1 0 >"$BATS_TEST_TMPDIR/orphans"
	eventually said '[0-9]+ .*dropped|dropped.*[0-9]+'
	kill "$reader"
	ends_on_quit 0
}

@test "its standard error stays as the program left it: waiting or not" {
	box -- /granit -q "${WATCHED[@]}" -- /torture --once flags
	eventually grep -q "done" "$OUT"
	inside /probe tmpfs /mnt
	eventually reported /mnt
	# The flag is of the description, which is the program's too.
	local flags
	flags=$(sed -n 's/^flags:[ \t]*//p' "/proc/$INIT/fdinfo/2")
	[ $((flags & 04000)) -ne 0 ]
	kill -TERM "$INIT"
	ended 0
}

# ---- before the start

@test "TERM, INT, QUIT and HUP end it while it verifies" {
	local signal
	large_program
	# Whoever runs this in the background ignores two of them.
	BY=(env "--default-signal=TERM,INT,QUIT,HUP")
	for signal in TERM:143 INT:130 QUIT:131 HUP:129; do
		launch -- /granit --scan=full -- /probe args started
		eventually reads_large
		kill -"${signal%:*}" "$INIT"
		# Left alone it ends with 78, when its budget is over.
		ended "${signal#*:}"
		[ ! -s "$OUT" ]
	done
}

# Nobody reads as much in no time: a program that has to be searched from end to end.
large_program() {
	mkdir -p "$ROOT/opt"
	printf '\x7fELF' >"$ROOT/opt/large"
	truncate -s 100G "$ROOT/opt/large"
	chmod 755 "$ROOT/opt/large"
}

reads_large() {
	find "/proc/$INIT/fd" -lname '*/large' 2>/dev/null | grep -q .
}

@test "the same where it is not process 1; one that is inherited as ignored does not" {
	large_program
	local -a slow=("$ROOT" /granit -q --profile=audit --scan=full -- /probe args started)
	without_others chroot "${slow[@]}" >"$OUT" 2>"$ERR" </dev/null &
	INIT=$! BOX=$!
	eventually reads_large
	kill -TERM "$INIT"
	ended 143
	without_others env --default-signal=INT --ignore-signal=HUP chroot "${slow[@]}" >"$OUT" 2>"$ERR" </dev/null &
	INIT=$! BOX=$!
	eventually reads_large
	kill -HUP "$INIT"
	kill -INT "$INIT"
	ended 130
	[ ! -s "$OUT" ]
}

# A file system that answers to nobody: what the kernel lets end there ends.
@test "TERM ends it in front of a file system that hangs" {
	local dir=$BATS_TEST_TMPDIR/hang
	mkdir "$dir"
	without_others "$TOOLS/hungfs" "$dir" >"$BATS_TEST_TMPDIR/hungfs" &
	HUNGFS=$!
	eventually grep -q mounted "$BATS_TEST_TMPDIR/hungfs"
	hungfs_says hung USR1
	without_others "$GRANIT" -q --profile=audit -- "$TOOLS/probe" args started >"$OUT" 2>"$ERR" </dev/null &
	INIT=$! BOX=$!
	eventually waits_for_fuse
	kill -TERM "$INIT"
	ended 143
	[ ! -s "$OUT" ]
}

waits_for_fuse() {
	[[ $(<"/proc/$INIT/wchan") == *request* ]]
}

@test "a program that is being prepared dies with granit, and does not start" {
	local child
	"$GRANIT" --profile=plain --wait-for=tcp:127.0.0.1:1 --timeout=60s -- "$TOOLS/probe" args started >"$OUT" 2>"$ERR" 3>&- &
	BOX=$!
	eventually has_init
	child=$INIT
	kill -KILL "$BOX"
	ended 137
	wait_gone "$child"
	[ ! -s "$OUT" ]
}

@test "-p while the program is being prepared: its parent's death ends it" {
	local pids=$BATS_TEST_TMPDIR/pids
	bash -c '"$@" & echo $! >'"$pids"'; wait' - \
		"$GRANIT" --profile=plain -p TERM --wait-for=tcp:127.0.0.1:1 --timeout=60s -- "$TOOLS/probe" args started \
		>"$OUT" 2>"$ERR" 3>&- 4>&- &
	BOX=$!
	eventually test -s "$pids"
	local granit
	granit=$(<"$pids")
	eventually pgrep -P "$granit"
	kill -KILL "$BOX"
	ended 137
	wait_gone "$granit"
	[ ! -s "$OUT" ]
}

@test "no descriptor to be had, at each call that opens one: nothing hangs, nothing starts unwatched" {
	local call
	for call in open openat openat2 signalfd4 pipe2 memfd_create epoll_create1:524288 291 283 290; do
		run --separate-stderr timeout 20 "$TOOLS/nscontainer" --read-only "$ROOT" -- /inject "$call=EMFILE" -- \
			/granit -q --ignore=dir-fd-leak --watch=warn -- /probe exit 3
		case $status in 3 | 78 | 125 | 126) ;; *)
			printf '%s: %s\n%s\n' "$call" "$status" "$stderr"
			return 1
			;;
		esac
	done
}

# ---- what it keeps

@test "it keeps no folder busy: with --pause, and with a program that has moved on" {
	cp "$(type -P busybox)" "$ROOT/busybox"
	launch --tmpfs /work --cwd /work -- /granit -q --ignore=all --pause
	eventually stands_on_root
	inside /probe umount /work >"$OUT"
	grep -qx ok "$OUT"
	kill -TERM "$INIT"
	ended 0
	box --tmpfs /work --cwd /work -- /granit -q --ignore=all -- /busybox sh -c 'pwd; cd /; exec /probe trap'
	grep -qx /work "$OUT"
	eventually stands_on_root
	inside /probe umount /work >"$BATS_TEST_TMPDIR/umount"
	grep -qx ok "$BATS_TEST_TMPDIR/umount"
	ends_on_quit 0
}

stands_on_root() {
	[ "$(readlink "/proc/$INIT/cwd")" = / ]
}

@test "plain: inherited descriptors are the program's, and no longer granit's" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 7<>"$BATS_TEST_TMPDIR/pipe"
	exec 8>"$BATS_TEST_TMPDIR/pipe"
	exec 9<"$BATS_TEST_TMPDIR/pipe"
	exec 7>&-
	"$GRANIT" --profile=plain -- bash -c 'echo hello >&8; exec 8>&-; echo up; exec sleep 60' >"$OUT" 2>"$ERR" 3>&- 9<&- &
	BOX=$!
	exec 8>&-
	eventually grep -q up "$OUT"
	# To its end, which comes when nobody can write any more.
	timeout 10 cat <&9 >"$BATS_TEST_TMPDIR/read"
	[ "$(<"$BATS_TEST_TMPDIR/read")" = hello ]
	kill -TERM "$BOX"
	ended 143
}

@test "LISTEN_PID is the program's, where it was granit's" {
	expect 0 bash -c 'LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_PIDFDID=7 exec "$@"' - "$GRANIT" --profile=plain -- \
		bash -c '[ "$LISTEN_PID" = $$ ] && echo "$LISTEN_FDS ${LISTEN_PIDFDID-none}"'
	[ "$output" = '1 none' ]
	# Somebody else's stays what it is.
	expect 0 env LISTEN_PID=1234567 LISTEN_FDS=1 LISTEN_PIDFDID=7 "$GRANIT" --profile=plain -- \
		bash -c 'echo "$LISTEN_PID $LISTEN_PIDFDID"'
	[ "$output" = '1234567 7' ]
	# As process 1 the program is another one in any case.
	boxed 0 --read-only -- /probe exec-env LISTEN_PID=1 LISTEN_FDS=1 -- /granit -q --ignore=all -- /probe env
	[ "$(sort <<<"$output" | grep LISTEN_)" = $'LISTEN_FDS=1\nLISTEN_PID=2' ]
}

# ---- who entered from outside

# entered GRANIT-OPTION... [-- PROBE...]: a process from outside, of user 0, is in the container while its program ends; sets
# TOOK, and SESSION
entered() {
	local -a session=(sleep 100)
	launch --user "${USER_IN:-0:0}" -- /granit -q --ignore=all --grace="${GRACE:-90s}" "$@" -- /probe trap 1
	eventually grep -q ready "$OUT"
	[ -z "${DEAF:-}" ] || session=(trap)
	nsenter -t "$INIT" -m -p /probe "${session[@]}" >"$BATS_TEST_TMPDIR/session" 3>&- 4>&- &
	SESSION=$!
	eventually pgrep -P "$SESSION"
	[ -z "${DEAF:-}" ] || eventually grep -q ready "$BATS_TEST_TMPDIR/session"
	kill -TERM "$INIT"
	seconds ended 0
	wait "$SESSION" || :
}

@test "--grace does not wait for an exec session that Landlock's scope keeps from it" {
	entered
	[ "$TOOK" -lt 45 ]
}

@test "--grace does not wait for an exec session of another user" {
	USER_IN=65532:65532 entered --landlock=off
	[ "$TOOK" -lt 45 ]
}

@test "--grace waits for an exec session that may be told, and no longer than it takes" {
	entered --landlock=off
	[ "$TOOK" -lt 45 ]
	DEAF=1 GRACE=6s entered --landlock=off
	[ "$TOOK" -ge 5 ]
	grep -qx 'TERM 15' "$BATS_TEST_TMPDIR/session"
}

# ---- limits, job control

@test "a limit of the program's own is none of the timers'" {
	launch -- /granit -q --ignore=all --rlimit=nofile=1 --grace=60s -- /probe trap
	eventually grep -q ready "$OUT"
	kill -TERM "$INIT"
	eventually grep -q TERM "$OUT"
	# The one place where time has to pass: what spins shows in the time it has used, in hundredths.
	sleep 2
	run ! has_used 20
	ends_on_quit 0
}

@test "limits that the program lowers, priorities, STOP: whoever ignores TERM is killed when his time is over" {
	box --user 65532:65532 -- /granit -q --ignore=all --grace=1s -- /torture --once --deaf limits schedule trace stop memory
	eventually grep -q "done" "$OUT"
	kill -TERM "$INIT"
	ended 137
}

@test "what process 1 may do, and when it runs, stays as it is" {
	box --user 65532:65532 -- /granit -q --ignore=all -- /probe trap 1
	how_it_runs >"$BATS_TEST_TMPDIR/before"
	kill -USR1 "$INIT"
	ended 0
	box --user 65532:65532 -- /granit -q --ignore=all -- /torture --once limits schedule groups stop flood
	eventually grep -q "done" "$OUT"
	how_it_runs >"$BATS_TEST_TMPDIR/after"
	diff -u "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	kill -TERM "$INIT"
	ended 0
}

# Limits, priorities, policy, processors, the process group.
how_it_runs() {
	local -a stat
	read -r -a stat <"/proc/$INIT/stat"
	cat "/proc/$INIT/limits"
	printf 'priority %s %s policy %s\n' "${stat[17]}" "${stat[18]}" "${stat[40]}"
	grep Cpus_allowed_list "/proc/$INIT/status"
	ionice -p "$INIT"
}

@test "^Z as process 1 of a container: the program goes on, nobody is left stopped" {
	cp "$(type -P busybox)" "$ROOT/busybox"
	expect 3 python3 tests/helpers/terminal.py wait:up 'send:\x1a' 'send:go\n' 'wait:got go' -- \
		"$TOOLS/nscontainer" --read-only --tty "$ROOT" -- /granit -q --ignore=all -- \
		/busybox sh -c 'echo up; read -r line; echo "got $line"; exit 3'
}

@test "-g -r TSTP:STOP: the shell has its terminal back all the same" {
	expect 0 python3 tests/helpers/terminal.py wait:back 'send:fg\n' wait:woken -- \
		bash -mc '"$@"; echo "back $?"; read -r line; fg >/dev/null; echo "woken $?"' - \
		"$GRANIT" --profile=plain -g -r TSTP:STOP -- bash -c 'trap "" TSTP; kill -TSTP $PPID; sleep 2; exit 0'
}
