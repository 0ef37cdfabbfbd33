# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # bats and the tests set and read them
# What the tests of process 1 share: a container in the background, and what happens to it from outside. On top of
# engines.bash and granit.bash.

process1_setup() {
	granit_setup
	guarded_granit
	needs_root 'mounts into a namespace'
	make_root
	cp "$TOOLS/torture" "$ROOT/"
	OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
	mkdir -p "$ROOT/mnt" "$ROOT/etc"
	# For whoever is not root.
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	BOX='' HUNGFS='' TO='' BY=()
	WATCHED=(--ignore=all --fail=writable-mounts --watch=warn)
	: >"$OUT"
	: >"$ERR"
}

process1_teardown() {
	local pid
	for pid in "${BOX:-}" "${HUNGFS:-}"; do
		[ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || :
	done
	[ -z "${HUNGFS:-}" ] || wait "$HUNGFS" || :
	# nscontainer takes its container with it.
	[ -z "${BOX:-}" ] || wait "$BOX" || :
}

# without_others COMMAND...: becomes it, with no descriptor above 2
without_others() {
	# shellcheck disable=SC2016 # the inner shell's
	exec bash -c '
		for fd in "/proc/$$/fd"/*; do
			fd=${fd##*/}
			if [[ $fd -gt 2 && $fd -ne 255 && $fd != 2[01][0-9] ]]; then eval "exec $fd>&-"; fi
		done
		exec "$@"' without_others "$@"
}

# launch [NSCONTAINER-OPTION...] -- PROGRAM...: in the background, to $OUT, and to $ERR or the descriptor that TO names;
# by way of BY, if that is set. Sets BOX and INIT, its process 1.
launch() {
	local -a flags=(--read-only)
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	local to=${TO:-}
	[ -n "$to" ] || exec {to}>>"$ERR"
	without_others "${BY[@]}" "$TOOLS/nscontainer" "${flags[@]}" "$ROOT" "$@" >"$OUT" 2>&"$to" </dev/null &
	BOX=$!
	eventually has_init
}

has_init() {
	INIT=$(pgrep -P "$BOX")
}

# box [NSCONTAINER-OPTION...] -- PROGRAM...: the same, until the program says that it is ready
box() {
	launch "$@"
	eventually grep -qE '^(ready|up)' "$OUT"
}

# eventually COMMAND...: within a minute, or as many seconds as WITHIN says
eventually() {
	local end=$((SECONDS + ${WITHIN:-60}))
	until "$@" >/dev/null; do
		if [ "$SECONDS" -gt "$end" ]; then
			printf 'in vain: %s\n' "$*"
			tail -n 30 "$OUT" "$ERR"
			return 1
		fi
		sleep 0.02
	done
}

inside() {
	nsenter -t "$INIT" -m "$@"
}

said() {
	grep -qE -e "$1" "$ERR"
}

has_ended() {
	[ "$(jobs -pr | grep -cx "$BOX")" -eq 0 ]
}

# ended STATUS: the container, with this
ended() {
	local status=0
	eventually has_ended || return
	wait "$BOX" || status=$?
	BOX=
	[ "$status" -eq "$1" ] && return
	printf 'status %s, wanted %s\n' "$status" "$1"
	tail -n 30 "$OUT" "$ERR"
	return 1
}

# reported FOLDER: that something is mounted there has been said
reported() {
	said "$1 is (a )?writable"
}

# trap ends after two QUITs. One at a time: two of a kind that are pending are one.
ends_on_quit() {
	kill -QUIT "$INIT"
	eventually grep -q QUIT "$OUT"
	kill -QUIT "$INIT"
	ended "$1"
}

# hungfs [OPTION...] FOLDER: in the container; sets HUNGFS
hungfs() {
	local says=$BATS_TEST_TMPDIR/hungfs
	: >"$says"
	without_others "$TOOLS/hungfs" --pid "$INIT" "$@" >"$says" &
	HUNGFS=$!
	eventually grep -q mounted "$says"
}

# hungfs_says WORD SIGNAL
hungfs_says() {
	kill -"$2" "$HUNGFS"
	eventually grep -q "$1" "$BATS_TEST_TMPDIR/hungfs"
}

# Pipes, for TO: one with somebody at its other end, who does not read, and one with nobody there.
full_pipe() {
	mkfifo "$BATS_TEST_TMPDIR/full"
	exec {TO}<>"$BATS_TEST_TMPDIR/full"
	head -c 65536 /dev/zero >&"$TO"
}

broken_pipe() {
	local both
	mkfifo "$BATS_TEST_TMPDIR/broken"
	exec {both}<>"$BATS_TEST_TMPDIR/broken"
	exec {TO}>"$BATS_TEST_TMPDIR/broken"
	exec {both}>&-
}

# has_used TICKS: this much of the processor, in hundredths of a second, since process 1 began; or it is gone
has_used() {
	local -a stat
	read -r -a stat <"/proc/$INIT/stat" || return 0
	[ $((stat[13] + stat[14])) -ge "$1" ]
}

state_of() {
	sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status"
}
