#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# On a terminal: who is in the foreground, and what of the keyboard arrives, how often.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	PROBE=$TOOLS/probe
}

# on_terminal STATUS STEP... -- PROGRAM [ARG...]: see tests/helpers/terminal.py
on_terminal() {
	local wanted=$1
	shift
	expect "$wanted" python3 tests/helpers/terminal.py "$@"
}

# value NAME: what the probe's verb pgrp said of it
value() {
	sed -n "s/^$1 //p" <<<"$output"
}

# Sequences of colors, as ECMA-48 begins and ends them.
readonly RED=$'\e[1;31m' BOLD=$'\e[1m' END=$'\e[0m'

@test "colors: a report, a refusal and help on a terminal, and nowhere else" {
	[ -z "${NO_COLOR:-}" ]
	on_terminal 78 -- "$GRANIT" --config=none --check --fail=caps-effective
	contains "$output" "${RED}FAIL$END caps-effective: "
	on_terminal 78 -- "$GRANIT" --config=none --profile=plain --fail=caps-effective -- true
	contains "$output" "${RED}FAIL$END caps-effective: "
	on_terminal 0 -- "$GRANIT" --help
	contains "$output" "${BOLD}Modes:$END"
	on_terminal 0 -- "$GRANIT" --explain=no-shell
	contains "$output" "${BOLD}no-shell$END: "
	run ! "$GRANIT" --config=none --check --fail=caps-effective
	contains "$output" 'FAIL caps-effective: '
	[[ "$output" != *$'\e'* ]]
	# Standard error is none: what stands there is not for a terminal, either.
	# shellcheck disable=SC2016 # the inner shell's
	on_terminal 78 -- bash -c '"$@" 2>"$0"' "$BATS_TEST_TMPDIR/log" "$GRANIT" --config=none --profile=plain --fail=caps-effective -- true
	[[ "$(<"$BATS_TEST_TMPDIR/log")" != *$'\e'* ]]
}

@test "colors: --color=never and NO_COLOR, unless that is empty" {
	on_terminal 0 -- "$GRANIT" --color=never --help
	[[ "$output" != *$'\e'* ]]
	on_terminal 0 -- env NO_COLOR=1 "$GRANIT" --help
	[[ "$output" != *$'\e'* ]]
	on_terminal 0 -- env NO_COLOR= "$GRANIT" --help
	contains "$output" "$BOLD"
	# What programs read has none.
	on_terminal 0 -- "$GRANIT" --config=none --profile=plain --check --format=json
	[[ "$output" != *$'\e'* ]]
	on_terminal 0 -- "$GRANIT" --list-checks
	[[ "$output" != *$'\e'* ]]
	expect 125 "$GRANIT" --color=always --help
	contains "$stderr" "--color: 'always' is not a known color; choose from auto, never"
}

@test "the program's process group is its own, and in the foreground" {
	on_terminal 0 -- "$GRANIT" --profile=plain -- "$PROBE" pgrp
	[ "$(value pgid)" = "$(value pid)" ]
	[ "$(value foreground)" = "$(value pid)" ]
	[ "$(value sid)" = "$(value ppid)" ]
}

@test "^C arrives once, with -g too" {
	on_terminal 0 wait:ready 'send:\x03' 'wait:INT 2' signal:15 'wait:TERM 15' -- "$GRANIT" --profile=plain -- "$PROBE" trap 2
	contains "$output" $'INT 2\nTERM 15'
	on_terminal 0 wait:ready 'send:\x03' 'wait:INT 2' signal:15 'wait:TERM 15' -- "$GRANIT" --profile=plain -g -- "$PROBE" trap 2
	contains "$output" $'INT 2\nTERM 15'
}

@test "^C ends a program that does not care, with 130" {
	on_terminal 130 wait:up 'send:\x03' -- "$GRANIT" --profile=plain -- bash -c 'echo up; exec sleep 60'
}

@test "a new size of the window arrives once" {
	on_terminal 0 wait:ready resize:50x132 wait:WINCH signal:15 'wait:TERM 15' -- "$GRANIT" --profile=plain -- "$PROBE" trap 2
	contains "$output" $'WINCH 28\nTERM 15'
}

@test "what is typed reaches the program" {
	# shellcheck disable=SC2016 # the inner shell's
	on_terminal 0 wait:up 'send:hello\n' 'wait:got hello' -- "$GRANIT" --profile=plain -- \
		bash -c 'echo up; read -r line; echo "got $line"'
}

@test "the terminal is found on standard error alone" {
	# shellcheck disable=SC2016 # the inner shell's
	on_terminal 0 -- bash -c 'exec "$@" </dev/null 2>&1 >"$0"' "$BATS_TEST_TMPDIR/out" "$GRANIT" --profile=plain -- "$PROBE" pgrp
	output=$(<"$BATS_TEST_TMPDIR/out")
	# The probe asks descriptor 0, which is no terminal there: it is the kernel that has to say it.
	contains "$output" 'foreground ENOTTY'
	# shellcheck disable=SC2016
	on_terminal 0 -- bash -c 'exec "$@" </dev/null >"$0"' "$BATS_TEST_TMPDIR/out" "$GRANIT" --profile=plain -- "$PROBE" cat /proc/self/stat
	local -a stat
	read -r -a stat <"$BATS_TEST_TMPDIR/out"
	[ "${stat[7]}" = "${stat[4]}" ]
}

@test "from the background the terminal is not taken" {
	# shellcheck disable=SC2016 # the inner shell's
	on_terminal 0 -- bash -mc '"$@" >"$0" & wait $!' "$BATS_TEST_TMPDIR/out" "$GRANIT" --profile=plain -- "$PROBE" cat /proc/self/stat
	local -a stat
	read -r -a stat <"$BATS_TEST_TMPDIR/out"
	[ -n "${stat[7]}" ]
	[ "${stat[7]}" -gt 0 ]
	[ "${stat[7]}" != "${stat[4]}" ]
}

@test "after the program the shell has its terminal back" {
	# shellcheck disable=SC2016 # the inner shell's
	on_terminal 0 'wait:and now' 'send:yes\n' 'wait:got yes' -- \
		bash -mc '"$@"; echo "and now"; read -r line; echo "got $line"' - "$GRANIT" --profile=plain -- "$PROBE" exit 0
}

@test "without a terminal the program has a group of its own too" {
	expect 0 setsid --wait "$GRANIT" --profile=plain -- "$PROBE" pgrp
	[ "$(value pgid)" = "$(value pid)" ]
	contains "$output" 'foreground ENOTTY'
}

@test "as process 1 of a container: the terminal is the program's" {
	needs_root "taking a terminal from another session"
	make_root
	on_terminal 0 -- "$TOOLS/nscontainer" --read-only --tty "$ROOT" -- /granit -q --ignore=dir-fd-leak -- /probe pgrp
	[ "$(value pgid)" = "$(value pid)" ]
	[ "$(value foreground)" = "$(value pid)" ]
	on_terminal 0 wait:ready 'send:\x03' 'wait:INT 2' -- "$TOOLS/nscontainer" --read-only --tty "$ROOT" -- /granit -q --ignore=dir-fd-leak -- /probe trap 1
}

@test "a terminal that hangs up takes the program with it" {
	on_terminal 129 wait:up hangup -- "$GRANIT" --profile=plain -- bash -c 'echo up; exec sleep 60'
}

@test "^Z stops granit with its program, so that the shell goes on; fg wakes both" {
	# shellcheck disable=SC2016 # the inner shell's
	on_terminal 0 wait:up 'send:\x1a' 'wait:back 148' 'send:go\n' 'wait:got go' 'wait:done 3' -- \
		bash -mc '"$@"; echo "back $?"; fg >/dev/null; echo "done $?"' - \
		"$GRANIT" --profile=plain -- bash -c 'echo up; read -r line; echo "got $line"; exit 3'
}
