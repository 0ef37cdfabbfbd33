#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `expect` sets output and stderr
# --watch: what is mounted into a container that runs, from outside, as a host or a debugger would.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	guarded_granit
	needs_root 'mounts into a namespace'
	make_root
	OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
	mkdir -p "$ROOT/mnt"
	BOX=
	: >"$ERR"
}

teardown() {
	[ -z "$BOX" ] || kill -KILL "$BOX" 2>/dev/null || :
}

# box OPTION... -- PROGRAM...: a read-only container in the background; sets BOX to the outer process, INIT to its PID 1
box() {
	"$TOOLS/nscontainer" --read-only --tmpfs /dev/shm:noexec,nosuid,nodev "$ROOT" -- /granit --warn=all --fail=writable-mounts,sensitive-mounts "$@" \
		>"$OUT" 2>>"$ERR" </dev/null 3>&- &
	BOX=$!
	eventually grep -q ready "$OUT"
	INIT=$(pgrep -P "$BOX")
}

# eventually COMMAND...: within ten seconds
eventually() {
	retry 200 0.05 "$@" && return
	cat "$OUT" "$ERR"
	return 1
}

inside() {
	nsenter -t "$INIT" -m "$@"
}

# ended STATUS: the container's own
ended() {
	local status=0
	wait "$BOX" || status=$?
	BOX=
	: >"$ERR"
	[ "$status" -eq "$1" ] || {
		echo "status $status, wanted $1"
		cat "$ERR"
		false
	}
}

# trap ends after two QUITs. One at a time: two of a kind that are pending are one.
ends_on_quit() {
	kill -QUIT "$INIT"
	eventually grep -q QUIT "$OUT"
	kill -QUIT "$INIT"
	ended "$1"
}

@test "a mount that appears is reported, once, and the program goes on" {
	box --watch=warn -- /probe trap
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
	box --watch=terminate -- /probe trap 1
	inside /probe tmpfs /mnt
	ended 78
	grep -q TERM "$OUT"
}

@test "terminate: only for what fails" {
	box --watch=terminate --warn=writable-mounts -- /probe trap 1
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually grep -q 'warn writable-mounts' "$ERR"
	kill -USR1 "$INIT"
	ended 0
	run ! grep -q TERM "$OUT"
}

@test "off: nothing is looked at" {
	box --watch=off -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	run ! grep -qE 'mountinfo' <<<"$(ls -l "/proc/$INIT/fd")"
	ends_on_quit 0
	[ ! -s "$ERR" ]
}

@test "a mount that goes again, or that changes nothing, is no news" {
	box --watch=terminate --writable=/mnt --ignore=writable-declared -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	# Something that is news comes after it: then the first has been looked at.
	kill -USR1 "$INIT"
	eventually grep -q USR1 "$OUT"
	run ! grep -q writable-mounts "$ERR"
	ends_on_quit 0
}

@test "JSON: one document, as the schema says" {
	box --watch=warn --format=json -- /probe trap
	: >"$ERR"
	inside /probe tmpfs /mnt
	eventually grep -q '"mode":"watch"' "$ERR"
	jsonschema -i "$ERR" doc/report.schema.json
	[ "$(jq -r '.findings[0].id' "$ERR")" = writable-mounts ]
	ends_on_quit 0
}

@test "waiting for a change wakes nobody" {
	box -- /probe trap
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
