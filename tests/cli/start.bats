#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# What the program is handed: descriptors, directory, environment, limits.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	PLAIN=("$GRANIT" --profile=plain --)
	PROBE=$TOOLS/probe
}

# with_closed FD... -- PROGRAM...: prints what the program says of its descriptors, through a file
with_closed() {
	local -a close=()
	while [ "$1" != -- ]; do
		close+=("exec $1>&-;")
		shift
	done
	shift
	# shellcheck disable=SC2016 # the inner shell's
	expect 5 bash -c "${close[*]}"' exec "$@"' - "$@"
}

@test "any of the three standard descriptors may be closed, and any two, and all" {
	local set
	for set in 0 1 2 '0 1' '0 2' '1 2' '0 1 2'; do
		# shellcheck disable=SC2086 # words
		with_closed $set -- "${PLAIN[@]}" "$PROBE" exit 5
	done
}

@test "a closed standard input is an empty one, not a descriptor of granit's" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 0 bash -c 'exec "$@" <&- 3>&- 4>&-' - "${PLAIN[@]}" "$PROBE" fds
	contains "$output" '0 /dev/null'
	run ! grep anon_inode <<<"$output"
}

@test "with closed standard output and error nothing that granit says lands in the program's files" {
	# shellcheck disable=SC2016
	expect 127 bash -c 'exec "$@" >&- 2>&-' - "${PLAIN[@]}" /no/such/program
	[ -z "$output$stderr" ]
}

@test "granit has nothing to say on standard output" {
	expect 127 "${PLAIN[@]}" /no/such/program
	[ -z "$output" ]
	expect 78 "$GRANIT" --scan=off -- "$PROBE" args started
	[ -z "$output" ]
	expect 0 "$GRANIT" -vv --profile=audit --scan=off -- "$PROBE" args started
	[ "$output" = started ]
}

@test "a report that cannot be written is an error" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 125 bash -c 'exec "$@" >/dev/full' - "$GRANIT" --check -v --profile=audit --scan=off
	contains "$stderr" 'cannot write the report to standard output'
	# shellcheck disable=SC2016
	expect 125 bash -c 'exec "$@" >/dev/full' - "$GRANIT" --list-checks
}

@test "environment and working directory are the program's as they were granit's" {
	cd "$BATS_TEST_TMPDIR"
	expect 0 env -i A=1 'B=two words' "${PLAIN[@]}" "$PROBE" env
	[ "$output" = $'A=1\nB=two words' ]
	expect 0 "${PLAIN[@]}" "$PROBE" cwd
	[ "$output" = "$BATS_TEST_TMPDIR" ]
}

@test "no variable changes what granit does" {
	expect 127 env GRANIT_PROFILE=plain PATH=/nowhere TINI_SUBREAPER=1 POSIXLY_CORRECT=1 GETOPT_COMPATIBLE=1 "${PLAIN[@]}" probe exit 5
	expect 5 env POSIXLY_CORRECT=1 "${PLAIN[@]}" "$PROBE" exit 5
}

@test "where PATH is unset there is a default, without the working directory" {
	expect 0 env -u PATH "${PLAIN[@]}" true
	cd "$TOOLS"
	expect 127 env -u PATH "${PLAIN[@]}" probe exit 5
}

@test "a program that may not be executed does not hide one further on in PATH" {
	mkdir "$BATS_TEST_TMPDIR/first"
	install -m 644 "$PROBE" "$BATS_TEST_TMPDIR/first/probe"
	# Root may look at everything, but nobody executes what has no x bit.
	expect 5 env PATH="$BATS_TEST_TMPDIR/first:$TOOLS" "${PLAIN[@]}" probe exit 5
	expect 126 env PATH="$BATS_TEST_TMPDIR/first" "${PLAIN[@]}" probe exit 5
}

@test "limits are passed on as they were" {
	expect 0 prlimit --core=100:200 --nofile=50:60 "${PLAIN[@]}" "$PROBE" rlimit core
	[ "$output" = '100 200' ]
	expect 0 prlimit --nofile=50:60 "${PLAIN[@]}" "$PROBE" rlimit nofile
	[ "$output" = '50 60' ]
}

@test "more paths than there is room for is an error" {
	local -a many=()
	local i
	for ((i = 0; i < 65; i++)); do many+=("--writable=/data$i"); done
	expect 125 "$GRANIT" "${many[@]}" -- true
	contains "$stderr" '--writable: given more than 64 times'
	expect 125 "$GRANIT" "${many[@]/writable/allow}" -- true
	contains "$stderr" '--allow: given more than 64 times'
}

@test "an empty id in a list is not a known check" {
	expect 125 "$GRANIT" --fail= -- true
	expect 125 "$GRANIT" --fail=no-shell,,sshd -- true
	contains "$stderr" "--fail: ''"
}

@test "paths: a dot in a name is none, a folder called dot is" {
	expect 125 "$GRANIT" --writable=/data/./x -- true
	expect 125 "$GRANIT" --writable=/data//x -- true
	expect 125 "$GRANIT" --writable=/data/.. -- true
	expect 5 "$GRANIT" --profile=plain --writable=/data/.x/..y/z... -- "$PROBE" exit 5
}
