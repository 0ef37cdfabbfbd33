#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command line: what it takes, and what it says to what it does not take.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	PLAIN=("$GRANIT" --profile=plain --)
}

# refuses TEXT ARG...: status 125, one line on standard error with the text, nothing on standard output
refuses() {
	local text=$1
	shift
	expect 125 "$GRANIT" "$@"
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	contains "$stderr" "$text"
}

@test "an unknown option names the nearest" {
	refuses 'did you mean --profile?' --profil2=plain -- true
	refuses 'there is no option --xyzzy' --xyzzy -- true
	refuses 'there is no option -X' -X -- true
	refuses '--check takes no value' --check=yes
	refuses '--profile needs a value' --profile
}

@test "an unknown profile, check, scan or format names the nearest" {
	refuses "did you mean 'restricted'?" --profile=restrict -- true
	refuses "did you mean 'no-shell'?" --fail=no-shel -- true
	refuses "is no check" --ignore=whatever-it-may-be -- true
	refuses "did you mean 'full'?" --scan=ful -- true
	refuses "is no format" --format=xml --check
	refuses 'is not TIME' --scan-budget=soon --check
}

@test "a bad path says what a good one is" {
	refuses 'is no absolute path' --writable=data -- true
	refuses 'is no absolute path' --writable=/data/../etc -- true
	refuses 'is no absolute path' --writable=/data/ -- true
	refuses 'is no absolute path' --allow=node -- true
	refuses 'would declare the root writable' --writable=/ -- true
}

@test "control bytes of an argument do not reach the terminal" {
	refuses 'is no profile' "--profile=$(printf 'a\033[31m')" -- true
	contains "$stderr" 'a\033[31m'
}

@test "no program is an error" {
	refuses 'which program?'
	refuses 'which program?' --profile=plain --
}

@test "behind -- and behind the program everything is the program's" {
	expect 0 "${PLAIN[@]}" "$TOOLS/probe" args --check -v --
	[ "$output" = $'--check\n-v\n--' ]
	expect 0 "$GRANIT" --profile=plain "$TOOLS/probe" args -g
	[ "$output" = -g ]
}

@test "help, version and the list of checks go to standard output" {
	expect 0 "$GRANIT" --help
	contains "$output" 'usage: granit'
	[ -z "$stderr" ]
	expect 0 "$GRANIT" --version
	[[ $output == 'granit '* ]]
	expect 0 "$GRANIT" --list-checks
	contains "$output" root-read-only
}

@test "a standard output that cannot be written is an error" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 125 bash -c '"$1" --help >/dev/full' - "$GRANIT"
	contains "$stderr" 'cannot write'
}

@test "every option of the help is taken by the parser" {
	"$GRANIT" --help >"$BATS_TEST_TMPDIR/help"
	local option
	while read -r option; do
		run "$GRANIT" "$option=" --version
		run ! grep -q 'there is no option' <<<"$output"
	done < <(grep -oE '^ .{6}--[a-z-]+' "$BATS_TEST_TMPDIR/help" | grep -oE -- '--[a-z-]+')
}
