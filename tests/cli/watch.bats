#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `expect` sets output and stderr
# --watch: what is mounted into a container that runs, from outside, as a host or a debugger would.

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

# watched OPTION... -- PROGRAM...: a read-only container in the background
watched() {
	box --tmpfs /dev/shm:noexec,nosuid,nodev -- /granit --warn=all --fail=writable-mounts,sensitive-mounts "$@"
}

@test "a mount that appears is reported, once, and the program goes on" {
	watched --watch=warn -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually grep -q '/mnt is a writable tmpfs' "$ERR"
	grep -q 'the mount table has changed' "$ERR"
	[ "$(grep -c writable-mounts: "$ERR")" -eq 1 ]
	: >"$ERR"
	inside /probe tmpfs /tmp
	eventually grep -q '/tmp is a writable tmpfs' "$ERR"
	ends_on_quit 0
}

@test "terminate: the program gets TERM, and the status is that of a refusal" {
	watched --watch=terminate -- /probe trap 1
	inside /probe tmpfs /mnt
	ended 78
	grep -q TERM "$OUT"
}

@test "terminate: only for what fails" {
	watched --watch=terminate --warn=writable-mounts -- /probe trap 1
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually grep -q 'warn writable-mounts' "$ERR"
	kill -USR1 "$INIT"
	ended 0
	run ! grep -q TERM "$OUT"
}

@test "off: nothing is looked at" {
	watched --watch=off -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	run ! grep -qE 'mountinfo' <<<"$(ls -l "/proc/$INIT/fd")"
	ends_on_quit 0
	[ ! -s "$ERR" ]
}

@test "a mount that goes again, or that changes nothing, is no news" {
	watched --watch=terminate --writable=/mnt --ignore=writable-declared -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	# Something that is news comes after it: then the first has been looked at.
	kill -USR1 "$INIT"
	eventually grep -q USR1 "$OUT"
	run ! grep -q writable-mounts "$ERR"
	ends_on_quit 0
}

@test "JSON: one document, as the schema says" {
	watched --watch=warn --format=json -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually grep -q '"mode":"watch"' "$ERR"
	jsonschema -i "$ERR" doc/report.schema.json
	[ "$(jq -r '.findings[0].id' "$ERR")" = writable-mounts ]
	ends_on_quit 0
}

@test "waiting for a change wakes nobody" {
	watched -- /probe trap
	local before
	before=$(grep ctxt "/proc/$INIT/status")
	# The one place where time has to pass.
	sleep 2
	[ "$(grep ctxt "/proc/$INIT/status")" = "$before" ]
	ends_on_quit 0
}

@test "the program inherits no descriptor of the watch" {
	boxed 0 --read-only -- /granit --warn=all -- /probe fds
	run ! grep -q mountinfo <<<"$output"
}
