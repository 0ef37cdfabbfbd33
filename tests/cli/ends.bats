#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts of inner shells; every test is a subshell; `expect` sets output
# How it ends: signals rewritten, held back, mapped to statuses; and what becomes of whatever the program leaves behind.
# Each as process 1 of a namespace, and as a subreaper among other processes.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/engines
	granit_setup
	PLAIN=("$GRANIT" --profile=plain)
	# A namespace of processes of its own, and nothing else of a container.
	PID1=(unshare --pid --fork --mount-proc --kill-child=KILL "$GRANIT" --profile=plain)
}

refuses() {
	local text=$1
	shift
	expect 125 "$GRANIT" "$@" -- true
	contains "$stderr" "$text"
}

# both STATUS ARG...: the same either way
both() {
	local wanted=$1
	shift
	expect "$wanted" "${PLAIN[@]}" "$@"
	[ "$(id -u)" -ne 0 ] || expect "$wanted" "${PID1[@]}" "$@"
}

# milliseconds since the last time
lap() {
	local now=${EPOCHREALTIME/[.,]/}
	MS=$(((now - ${LAST:-now}) / 1000))
	LAST=$now
}

# Yelp/dumb-init#83, baseimage-docker#335, docker-library/httpd#145: the program wants another signal than TERM.
@test "-r: another signal instead, by name or number" {
	local rule
	for rule in TERM:USR1 SIGTERM:SIGUSR1 15:10 term:sigusr1; do
		both 3 -r "$rule" -- bash -c 'trap "exit 3" USR1; kill -TERM $PPID; for i in {1..100}; do sleep 0.05; done'
	done
}

@test "-r: 0 drops it; others still come" {
	both 4 -r USR1:0 -- bash -c 'trap "exit 3" USR1; trap "exit 4" USR2; kill -USR1 $PPID; kill -USR2 $PPID; for i in {1..100}; do sleep 0.05; done'
}

@test "-r: real-time signals, counted from 34 as kill(1) does" {
	both 3 -r RTMIN+1:USR1 -- bash -c 'trap "exit 3" USR1; kill -35 $PPID; for i in {1..100}; do sleep 0.05; done'
	both 3 -r USR1:RTMAX-1 -- bash -c 'trap "exit 3" 63; kill -USR1 $PPID; for i in {1..100}; do sleep 0.05; done'
}

@test "-r, -p: what is not a known signal" {
	refuses "is not FROM:TO" -r TERM
	refuses "is not a known signal; did you mean 'TERM'?" -r TEMR:QUIT
	refuses "is not a known signal" -r TERM:65
	refuses "is not a known signal" -r 0:TERM
	refuses "is not a known signal" -r RTMIN+31:TERM
	refuses "is never forwarded" -r KILL:TERM
	refuses "is not a known signal" -p 0
	refuses 'is not a time' --grace=soon
	refuses 'is not a time' --stop-delay=-1s
	refuses 'is not an exit status' -e 256
	refuses 'is not an exit status' -e 5-3
	refuses 'is not an exit status' -e 1,,2
}

# krallin/tini#69, nats-server#6336: 143 is how a JVM says that it was told to end.
@test "-e: several, lists and ranges" {
	both 0 -e 143 -- bash -c 'kill -TERM $$'
	local status
	for status in 1 3 4 5 255; do both 0 -e 1,3-5 -e 255 -- sh -c "exit $status"; done
	for status in 2 6 254; do both $status -e 1,3-5 -e 255 -- sh -c "exit $status"; done
}

# krallin/tini#180, #78, #157, Yelp/dumb-init#212: the rest was killed while it shut down.
@test "--grace: what is left is told to go, and the program's status is kept" {
	local out=$BATS_TEST_TMPDIR/out
	: >"$out"
	both 7 --grace=10s -- bash -c '(trap "sleep 0.2; echo tidy >>'"$out"'; exit" TERM; echo up >>'"$out"'; for i in {1..200}; do sleep 0.05; done) &
		until grep -q up '"$out"'; do sleep 0.01; done; exit 7'
	grep -q tidy "$out"
}

# fpco/pid1-rs#6: not the whole time when nobody is left.
@test "--grace: no longer than anybody is there" {
	lap
	both 7 --grace=50s -- bash -c 'sleep 60 & exit 7'
	lap
	[ "$MS" -lt 20000 ]
}

@test "--grace: who does not go is killed, children of children too" {
	local pids=$BATS_TEST_TMPDIR/pids
	expect 7 "${PLAIN[@]}" --grace=300ms -- bash -c '
		(trap "" TERM; (trap "" TERM; echo $BASHPID >>'"$pids"'; while :; do sleep 1; done) & echo $BASHPID >>'"$pids"'; while :; do sleep 1; done) &
		until [ "$(wc -l <'"$pids"')" = 2 ]; do sleep 0.01; done 2>/dev/null; exit 7'
	local -a left
	mapfile -t left <"$pids"
	wait_gone "${left[@]}"
}

@test "--grace: as a subreaper it touches its own descendants only" {
	sleep 60 3>&- 4>&- &
	local stranger=$!
	expect 7 "${PLAIN[@]}" --grace=100ms -- bash -c '(trap "" TERM; while :; do sleep 1; done) & exit 7'
	kill -0 "$stranger"
	kill "$stranger"
}

@test "--grace: a program that ignores TERM is killed in the end" {
	both 137 --grace=300ms -- bash -c 'trap "" TERM; kill -TERM $PPID; for i in {1..200}; do sleep 0.05; done'
}

# just-containers/s6-overlay#204: no timer of its own unless somebody asked.
@test "without --grace nobody is killed, and nothing is waited for" {
	lap
	both 5 -- bash -c 'trap "" TERM; kill -TERM $PPID; sleep 0.3; exit 5'
	expect 7 "${PLAIN[@]}" -- bash -c 'exec sleep 61 >/dev/null 2>&1 & echo $!; exit 7'
	# Nobody told it to go, and as process 1 the kernel would have.
	kill -TERM "$output"
	[ "$(id -u)" -ne 0 ] || expect 7 "${PID1[@]}" -- bash -c 'sleep 60 & exit 7'
	lap
	[ "$MS" -lt 20000 ]
}

# Yelp/dumb-init PR#173, PR#285: load balancers need time.
@test "--stop-delay: TERM is held back, other signals are not; a second one does not wait" {
	both 3 --stop-delay=400ms -- bash -c 'start=${EPOCHREALTIME/./}; trap "exit \$(((\${EPOCHREALTIME/./} - start) / 1000 < 380 ? 9 : 3))" TERM
		kill -TERM $PPID; for i in {1..200}; do sleep 0.05; done'
	both 4 --stop-delay=50s -- bash -c 'trap "exit 4" USR1; trap "exit 9" TERM; kill -TERM $PPID; kill -USR1 $PPID; for i in {1..200}; do sleep 0.05; done'
	both 3 --stop-delay=50s -- bash -c 'trap "exit 3" TERM; for i in {1..200}; do kill -TERM $PPID; sleep 0.05; done'
}

@test "--stop-delay and -r together" {
	both 3 --stop-delay=100ms -r TERM:QUIT -- bash -c 'trap "exit 3" QUIT; kill -TERM $PPID; for i in {1..200}; do sleep 0.05; done'
}

@test "-p: when its parent dies granit is told, and with it the program" {
	local out=$BATS_TEST_TMPDIR/out
	bash -c '"$@" & wait' - "${PLAIN[@]}" -p USR1 -- bash -c 'trap "echo told >'"$out"'; exit" USR1; echo ready >'"$out"'; for i in {1..400}; do sleep 0.05; done' 3>&- 4>&- &
	local parent=$!
	retry 200 0.05 grep -qs ready "$out"
	kill -KILL "$parent"
	retry 200 0.05 grep -qs told "$out"
}

@test "-w: orphans are told, on standard error" {
	# Until nothing is left of the orphan, so that it was collected before the program's end.
	local orphan='pid=$( (sleep 0.05 >/dev/null & echo $!) ); for i in {1..200}; do [ -e "/proc/$pid" ] || exit 0; sleep 0.05; done; exit 9'
	both 0 -w -- bash -c "$orphan"
	[[ $stderr == *'granit: reaped orphan process '* ]]
	[ -z "$output" ]
	both 0 -- bash -c "$orphan"
	[ -z "$stderr" ]
}

@test "--pause: waits for TERM or INT, and collects meanwhile" {
	local signal pid
	for signal in TERM INT; do
		"${PLAIN[@]}" --pause 3>&- 4>&- &
		pid=$!
		retry 200 0.05 grep -q sigtimedwait "/proc/$pid/wchan"
		kill -HUP "$pid"
		kill -0 "$pid"
		kill -"$signal" "$pid"
		wait "$pid"
	done
}

@test "--license" {
	expect 0 "$GRANIT" -l
	contains "$output" MIT
	contains "$output" libcap-ng
}
