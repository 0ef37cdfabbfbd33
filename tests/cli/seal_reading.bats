#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # scripts of inner shells; `expect` sets output
#
# Sealing a large image: what is shown meanwhile, how it is interrupted, and what is left when the second process dies.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir "$TREE"
}

# Files of holes, which are read as fast as anything can be.
hole() { # NAME SIZE
	truncate -s "$2" "$TREE/$1"
}

# The second process that reads, once it is there.
worker_of() { # PID
	for _ in {1..500}; do
		pgrep -P "$1" && return
		[ -d "/proc/$1" ] || break
		sleep 0.01
	done
	return 1
}

@test "progress is shown on a terminal, and ^C ends it" {
	hole large 100G
	expect 130 python3 tests/helpers/terminal.py 'wait:of 102400 MB read' 'send:\x03' -- \
		sh -c 'exec "$0" --seal="$1" --ignore=all >"$2"' "$GRANIT" "$TREE" "$BATS_TEST_TMPDIR/manifest"
	[ ! -s "$BATS_TEST_TMPDIR/manifest" ]
}

@test "without a terminal nothing but the manifest is written" {
	hole small 10M
	expect 0 "$GRANIT" --seal="$TREE" --ignore=all
	[ -z "$stderr" ]
}

@test "TERM ends it, as process 1 too" {
	hole large 100G
	# When the second process is there, it reads.
	local kill_reader='waiter=$!
		for i in {1..500}; do
			reader=$(pgrep -x granit -P "$waiter,$$" | head -n 1)
			[ -n "$reader" ] && pgrep -P "$reader" >/dev/null && break
			sleep 0.01
		done
		kill "$reader"
		wait "$waiter"'
	expect 143 bash -c '"$0" --seal="$1" --ignore=all & '"$kill_reader" "$GRANIT" "$TREE"
	expect 143 bash -c 'unshare --pid --fork --kill-child=KILL "$0" --seal="$1" --ignore=all & '"$kill_reader" "$GRANIT" "$TREE"
}

@test "a second process that is killed half-way costs time, and nothing else" {
	local worker
	for i in 1 2 3; do hole "$i" 1G; done
	taskset -c "$(taskset -cp $$ | grep -oE '[0-9]+$')" "$GRANIT" --seal="$TREE" --ignore=all >"$BATS_TEST_TMPDIR/alone" 3>&-
	"$GRANIT" --seal="$TREE" --ignore=all >"$BATS_TEST_TMPDIR/manifest" 3>&- &
	worker=$(worker_of $!)
	kill -KILL "$worker"
	wait $!
	cmp "$BATS_TEST_TMPDIR/alone" "$BATS_TEST_TMPDIR/manifest"
	[ "$(grep -c sha256digest "$BATS_TEST_TMPDIR/manifest")" -eq 3 ]
}
