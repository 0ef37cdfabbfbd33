#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # scripts of inner shells; `expect` sets output
#
# Sealing a large image: what is shown meanwhile, how it is interrupted, and what is left when the second process dies.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	READER=
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir "$TREE"
}

# Files of holes, which are read as fast as anything can be.
hole() { # NAME SIZE
	truncate -s "$2" "$TREE/$1"
}

teardown() {
	[ -z "$READER" ] || kill -KILL "$READER" 2>/dev/null || :
}

# The second process that reads, once it is there.
worker_of() { # PID
	retry 500 0.01 pgrep -P "$1"
}

# When the second process is there, it reads.
ends_on_term() { # READER PID, of the one to wait for
	local status=0
	READER=$1
	worker_of "$READER"
	kill "$READER"
	retry 200 0.05 all_gone "$READER"
	wait "$2" || status=$?
	[ "$status" -eq 143 ]
}

# Whichever of the two reads the large one: the first process, which shows it, has read the small one long before.
@test "progress is shown on a terminal, and ^C ends it" {
	hole a 100M
	hole b 40G
	expect 130 python3 tests/helpers/terminal.py 'await:of 41060 MB read' 'send:\x03' -- \
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
	"$GRANIT" --seal="$TREE" --ignore=all >/dev/null 3>&- &
	ends_on_term $! $!
	unshare --pid --fork --kill-child=KILL "$GRANIT" --seal="$TREE" --ignore=all >/dev/null 3>&- &
	ends_on_term "$(retry 500 0.01 pgrep -P $!)" $!
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
