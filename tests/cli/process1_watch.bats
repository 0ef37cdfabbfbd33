#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `expect` sets output and stderr
# Process 1 and the mount table: what it may not miss, and what may not take it down.

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

@test "what a policy declares is still known when a mount appears: JSON, everything told" {
	box -- /granit -v --format=json --profile=audit --writable=/data -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually said '"mode":"watch"'
	eventually jq -es 'any(.[]; any(.findings[]; .id == "writable-mounts"))' "$ERR"
	ends_on_quit 0
}

@test "the same where nothing but --pause runs" {
	launch -- /granit -v --format=json --profile=audit --writable=/data --pause
	# Its mount table is watched from then on.
	eventually said '"mode":"(start|pause|run)"|"findings"'
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually said writable-mounts
	[ "$(state_of "$INIT")" = S ]
	kill -TERM "$INIT"
	ended 0
}

@test "a declaration in the configuration file hides no other mount" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	printf 'writable = /data\nwatch = terminate\nfail = writable-mounts\n' >"$ROOT/etc/granit.conf"
	box --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit -- /probe trap 1
	inside /probe tmpfs /mnt
	ended 78
	reported /mnt
}

@test "what is declared ends nobody" {
	box --bind "$BATS_TEST_TMPDIR:/data" -- /granit --writable=/data --warn=all --writable=/tmp --ignore=writable-declared \
		--fail=writable-mounts --watch=terminate -- /probe trap 1
	inside /probe tmpfs /tmp
	# What is looked at later, or with it, ends it.
	inside /probe tmpfs /mnt
	ended 78
	reported /mnt
	run ! said "/tmp is a writable tmpfs"
}

@test "no mount is missed while signals flood in" {
	local i
	mkdir "$ROOT/m"
	for i in {1..8}; do mkdir "$ROOT/m/$i"; done
	box -- /granit -q "${WATCHED[@]}" -- /torture --once flood
	eventually grep -q "done" "$OUT"
	for i in {1..8}; do inside /probe tmpfs "/m/$i"; done
	for i in {1..8}; do WITHIN=30 eventually reported "/m/$i"; done
	kill -TERM "$INIT"
	ended 0
}

@test "no mount is missed while orphans come and go" {
	local i
	mkdir "$ROOT/m"
	for i in {1..6}; do mkdir "$ROOT/m/$i"; done
	box -- /granit -q "${WATCHED[@]}" -- /probe trap
	# Those of a container: their parent ends at once.
	nsenter -t "$INIT" -m -p /probe orphans 20000 0 >/dev/null 3>&- &
	local storm=$!
	for i in {1..6}; do
		inside /probe tmpfs "/m/$i"
		sleep 0.1
	done
	for i in {1..6}; do WITHIN=30 eventually reported "/m/$i"; done
	kill "$storm" 2>/dev/null || :
	wait "$storm" || :
	ends_on_quit 0
}

@test "each of many that stay is named, and so is what comes after more than sixteen" {
	local i
	mkdir "$ROOT/m"
	local -a flags=()
	for i in {1..17}; do flags+=(--tmpfs "/w/$i"); done
	box "${flags[@]}" -- /granit -q --ignore=all --warn=writable-mounts --watch=warn -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually reported /mnt
	ends_on_quit 0
}

@test "of a long table nothing is named again that was there" {
	local i
	local -a flags=()
	for i in {1..30}; do flags+=(--tmpfs "/w/$i"); done
	box "${flags[@]}" -- /granit -q --ignore=all --warn=writable-mounts --watch=warn -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually reported /mnt
	inside /probe tmpfs /tmp
	eventually reported /tmp
	run ! said '/w/'
	[ "$(grep -c 'writable-mounts:' "$ERR")" -eq 2 ]
	ends_on_quit 0
}

@test "what is below a mount that has gone is judged again: /proc/sys" {
	box -- /granit -q --ignore=all --warn=proc-readonly --watch=warn -- /probe trap
	: >"$ERR"
	inside /probe umount /proc/sys
	eventually said '/proc/sys'
	ends_on_quit 0
}

@test "a mount that nobody read of is named when somebody reads" {
	full_pipe
	box -- /granit -q "${WATCHED[@]}" -- /probe trap
	inside /probe tmpfs /mnt
	# That it was looked at: a second one comes with the next look.
	sleep 1.5
	cat <&"$TO" >"$ERR" 3>&- &
	local reader=$!
	WITHIN=45 eventually reported /mnt
	kill "$reader"
	ends_on_quit 0
}

@test "limits that the program lowers leave the watch alone" {
	box --user 65532:65532 -- /granit -q "${WATCHED[@]}" -- /torture --once limits schedule
	eventually grep -q "done" "$OUT"
	inside /probe tmpfs /mnt
	eventually reported /mnt
	kill -TERM "$INIT"
	ended 0
}

@test "limits that --rlimit lowers are the program's alone" {
	box -- /granit -q "${WATCHED[@]}" --rlimit=as=60000000 --rlimit=nofile=8 -- /probe trap
	inside /probe tmpfs /mnt
	eventually reported /mnt
	ends_on_quit 0
	boxed 0 --read-only -- /granit -q --ignore=all --rlimit=as=60000000 --rlimit=nofile=8 -- /probe rlimit nofile
	[ "$output" = '8 8' ]
}

@test "terminate: no limit that the program lowers keeps it alive" {
	box --user 65532:65532 -- /granit -q --ignore=all --fail=writable-mounts --watch=terminate -- /torture --once limits
	eventually grep -q "done" "$OUT"
	inside /probe tmpfs /mnt
	ended 78
}

@test "a file system that hangs hangs nobody: TERM arrives, orphans are collected" {
	local mode
	for mode in '' --swallow; do
		box -- /granit -q "${WATCHED[@]}" -- /probe trap
		# shellcheck disable=SC2086 # no mode is no word
		hungfs $mode /mnt
		eventually said /mnt
		hungfs_says hung USR1
		inside /probe tmpfs /tmp
		# It has had its chance to look when signals come through.
		kill -USR1 "$INIT"
		eventually grep -q USR1 "$OUT"
		[ "$(state_of "$INIT")" = S ]
		kill -TERM "$INIT"
		eventually grep -q TERM "$OUT"
		expect 0 nsenter -t "$INIT" -m -p /probe orphans 50 0
		[ "$output" = 'zombies 0' ]
		ends_on_quit 0
		kill "$HUNGFS"
		wait "$HUNGFS"
		HUNGFS=
		: >"$ERR"
	done
}

@test "a file system that hangs hides no other that comes" {
	box -- /granit -q "${WATCHED[@]}" -- /probe trap
	hungfs /mnt
	eventually said /mnt
	hungfs_says hung USR1
	inside /probe tmpfs /tmp
	WITHIN=30 eventually reported /tmp
	ends_on_quit 0
}

@test "one that hangs from the start is spoken of, and told in full when it answers" {
	box -- /granit -q "${WATCHED[@]}" -- /probe trap
	hungfs --swallow --hung /mnt
	inside /probe tmpfs /tmp
	# That nothing was learnt, or what: something is said.
	WITHIN=45 eventually said .
	kill -USR1 "$INIT"
	eventually grep -q USR1 "$OUT"
	hungfs_says answers USR2
	WITHIN=60 eventually said /mnt
	WITHIN=60 eventually reported /tmp
	ends_on_quit 0
}

@test "what the kernel cannot give while looking is not taken for nothing found" {
	local files
	mkdir "$BATS_TEST_TMPDIR/sockets"
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$BATS_TEST_TMPDIR/sockets/docker.sock"
	for files in {3..16}; do
		boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/sockets:/data:ro" -- \
			/granit --exec --profile=plain --rlimit="nofile=$files" -- \
			/granit --ignore=all --fail=sensitive-mounts -- /probe exit 0
	done
}
