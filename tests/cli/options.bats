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
	refuses 'did you mean --profile=restricted?' --restricted -- true
	# What is too far away is another word.
	refuses 'there is no option --readonly-root; granit --help lists them' --readonly-root -- true
	refuses 'there is no option -X' -X -- true
	refuses 'there is no option -\012' $'-\n' -- true
	refuses 'there is no option -\303' $'-\303\244' -- true
	refuses '--check takes no value' --check=yes
	refuses '--profile needs a value' --profile
}

@test "an unknown profile, check, scan or format names the nearest" {
	refuses "did you mean 'restricted'?" --profile=restrict -- true
	refuses "did you mean 'no-shell'?" --fail=no-shel -- true
	refuses "is not a known check" --ignore=whatever-it-may-be -- true
	refuses "did you mean 'full'?" --scan=ful -- true
	refuses "is not a known format" --format=xml --check
	refuses 'is not TIME' --scan-budget=soon --check
}

@test "a bad path says what a good one is" {
	refuses 'is not an absolute path' --writable=data -- true
	refuses 'is not an absolute path' --writable=/data/../etc -- true
	refuses 'is not an absolute path' --writable=/data/ -- true
	refuses 'is not an absolute path' --allow=node -- true
	refuses 'would declare the root filesystem writable' --writable=/ -- true
}

@test "control bytes of an argument do not reach the terminal" {
	refuses 'is not a known profile' "--profile=$(printf 'a\033[31m')" -- true
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

@test "the help fits a terminal: groups, an example, where the documentation is" {
	expect 0 "$GRANIT" --help
	local group
	for group in Modes Verification Hardening Supervision Reports; do
		grep -qx "$group:" <<<"$output"
	done
	grep -qF 'ENTRYPOINT ["/granit",' <<<"$output"
	grep -qF 'Documentation: granit(1)' <<<"$output"
	run ! grep -nE '.{81}| $' <<<"$output"
	expect 0 "$GRANIT" --list-checks
	run ! grep -nE '.{81}| $' <<<"$output"
}

@test "--explain: a check with its levels, remedies and standards, an option with its help" {
	expect 0 "$GRANIT" --explain=root-read-only
	contains "$output" 'root-read-only: the root filesystem is read-only'
	contains "$output" 'else: the root filesystem is writable'
	contains "$output" 'levels: audit warn, immutable fail, restricted fail'
	contains "$output" '  Kubernetes securityContext: {readOnlyRootFilesystem: true}'
	contains "$output" 'standards: CIS Docker 5.13;'
	contains "$output" 'documentation: doc/checks.md#root-read-only'
	local name
	for name in writable --writable; do
		expect 0 "$GRANIT" --explain=$name
		contains "$output" '--writable=PATH[:exec]'
		contains "$output" 'In /etc/granit.conf: writable = PATH[:exec]'
	done
	expect 0 "$GRANIT" --explain=check
	contains "$output" 'On the command line only.'
	refuses "'root-read-onli' is not a known check or option; did you mean 'root-read-only'?" --explain=root-read-onli
	refuses "did you mean 'writable'?" --explain=--writabel
}

@test "no check has the name of an option: --explain takes both" {
	local names
	names=$({
		"$GRANIT" --list-checks --format=json | jq -r '.checks[].id'
		"$GRANIT" --help | sed -nE 's/^ {2,6}(-[A-Za-z], )?--([a-z-]+).*/\2/p'
	} | sort)
	[ "$(wc -l <<<"$names")" -gt 100 ]
	[ -z "$(uniq -d <<<"$names")" ]
	while read -r name; do
		"$GRANIT" --explain="$name" >/dev/null
	done <<<"$names"
}

@test "words that were meant for granit, and stand where the program stands" {
	refuses 'did you mean --help?' help
	refuses 'did you mean --version?' version
	refuses 'did you mean --check? For a program of this name: granit -- check' check
	refuses 'did you mean --list-checks?' list-checks
	refuses 'did you mean --explain?' explain no-shell
	refuses 'did you mean --learn?' learn /bin/true
	# Behind --, with words of its own or behind options it is a program.
	expect 127 "$GRANIT" --profile=plain -- check
	expect 127 "$GRANIT" --profile=plain version
	refuses "'no-shell' is a check, not a program" --config=none --check no-shell
	refuses 'docker run --entrypoint /granit IMAGE --check' --config=none -- --check
	refuses 'docker run --entrypoint /granit IMAGE --root' -- --root=/x
}

@test "a program may have the name of a word that is meant for granit" {
	expect 127 "${PLAIN[@]}" help
	contains "$stderr" 'cannot find help: it is in no directory of PATH'
	expect 127 "${PLAIN[@]}" --xyzzy
	contains "$stderr" 'cannot find --xyzzy: it is in no directory of PATH'
}

@test "a volume's suffix on --writable is refused" {
	refuses "'/data:rw' is not PATH or PATH:exec" --writable=/data:rw -- true
	refuses "'/data:ro' is not PATH or PATH:exec" --writable=/data:ro -- true
	expect 0 "$GRANIT" --profile=plain --writable=/data:exec --writable=/a:b -- true
}

@test "a mistake in the file of an image is named by its path on this machine" {
	mkdir -p "$BATS_TEST_TMPDIR/image/etc"
	printf 'profil = plain\n' >"$BATS_TEST_TMPDIR/image/etc/granit.conf"
	refuses "granit: $BATS_TEST_TMPDIR/image/etc/granit.conf:1:1: there is no option 'profil'" \
		--check --root="$BATS_TEST_TMPDIR/image" --config="$BATS_TEST_TMPDIR/image/etc/granit.conf"
}

@test "names of options are written in full, and the error has the one that was meant" {
	refuses 'names of options are written in full: --profile' --prof=plain -- true
	refuses 'names of options are written in full: --profile' --prof plain -- true
	refuses 'names of options are written in full: --check' --chec
	refuses 'names of options are written in full: --ignore' --profile=plain --ign=all -- true
	refuses 'names of options are written in full: --writable' --config=none --writ
	expect 0 "$GRANIT" --config=none --profile=plain --config none -- true
	# What fits more than one option is none, as ever; and the program has its own.
	refuses 'there is no option --al' --al=x -- true
	expect 0 "$GRANIT" --profile=plain --config=none -- bash -c exit --prof
}
