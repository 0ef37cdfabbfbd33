#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `expect` sets output and stderr
# The configuration file: what it may say, where it may lie, and what is said of a mistake in it.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	mkdir -p "$ROOT/etc"
	FILE=$BATS_TEST_TMPDIR/granit.conf
}

# refuses MESSAGE LINE...: a file of these lines is status 125, one line on standard error, and nothing is started
refuses() {
	local message=$1
	shift
	printf '%s\n' "$@" >"$FILE"
	expect 125 "$GRANIT" --config="$FILE" -- "$TOOLS/probe" args started
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	contains "$stderr" "$message"
}

# checked STATUS OPTION...: granit --check in a read-only container, all checks off but those that the options ask for
checked() {
	local wanted=$1
	shift
	boxed "$wanted" --read-only -- /granit --check "$@"
}

@test "a mistake is named with line and column" {
	refuses "$FILE:1:11: profile: 'restrictd' is no profile; did you mean 'restricted'?" 'profile = restrictd'
	refuses "$FILE:3:3: there is no option 'profil'; did you mean profile?" '# first' '' '  profil=audit'
	refuses "$FILE:2:8: fail: 'no-shel' is no check" 'group' 'fail = no-shel'
	refuses "$FILE:1:12: writable: 'data' is no absolute path" 'writable = data'
	refuses "$FILE:1:1: it needs a value" 'profile'
	refuses "$FILE:1:9: it takes no value" 'group = maybe'
	refuses "$FILE:1:1: there is no option ''" '= audit'
	refuses "$FILE:1:1: there is no option 'profile audit'" 'profile audit'
}

@test "what chooses the mode, or the file itself, is for the command line" {
	local line
	for line in check 'root = /' 'config = none' list-checks help version; do
		refuses 'for the command line only' "$line"
	done
}

@test "control bytes of the file do not reach the terminal" {
	refuses 'a\033[31m' "$(printf 'a\033[31m = 1')"
}

@test "what is no text, no file, too long, or cannot be read" {
	printf 'group\0\n' >"$FILE"
	expect 125 "$GRANIT" --config="$FILE" -- true
	contains "$stderr" 'NUL byte'
	head -c 70000 /dev/zero | tr '\0' '#' >"$FILE"
	expect 125 "$GRANIT" --config="$FILE" -- true
	contains "$stderr" 'longer than 64 kB'
	expect 125 "$GRANIT" --config="$BATS_TEST_TMPDIR" -- true
	contains "$stderr" 'no regular file'
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	expect 125 "$GRANIT" --config="$BATS_TEST_TMPDIR/fifo" -- true
	contains "$stderr" 'no regular file'
	expect 125 "$GRANIT" --config="$BATS_TEST_TMPDIR/missing" -- true
	contains "$stderr" 'No such file or directory; --config=none reads none'
}

@test "a file that the container's user cannot read is an error, not nothing" {
	needs_root 'becomes another user'
	echo 'profile = plain' >"$ROOT/etc/granit.conf"
	chmod 600 "$ROOT/etc/granit.conf"
	boxed 125 --read-only --user 65532:65532 -- /granit -- /probe args started
	contains "$stderr" '/etc/granit.conf: Permission denied'
	[ -z "$output" ]
}

@test "comments, blanks, repeats, lists with blanks, CRLF and a last line without end" {
	printf '# comment\r\n  profile =  plain  # why\r\n\n\tfail = no-shell ,no-multicall\nremap-exit=3\nremap-exit=4\ngroup = yes' >"$FILE"
	expect 0 "$GRANIT" --config="$FILE" --check --ignore=all -v
	contains "$output" "profile = plain    ($FILE, line 2)"
	contains "$output" "fail = no-shell ,no-multicall    ($FILE, line 4)"
	contains "$output" "remap-exit = 4    ($FILE, line 6)"
	contains "$output" "group    ($FILE, line 7)"
	contains "$output" 'ignore = all    (command line)'
	for code in 3 4; do
		expect 0 "$GRANIT" --config="$FILE" --ignore=all -- "$TOOLS/probe" exit $code
	done
	expect 5 "$GRANIT" --config="$FILE" --ignore=all -- "$TOOLS/probe" exit 5
}

@test "a value may hold what starts no comment" {
	echo 'writable = /a#b' >"$FILE"
	expect 0 "$GRANIT" --config="$FILE" --check --ignore=all -v
	contains "$output" "writable = /a#b    ($FILE, line 1)"
}

@test "the command line adds to the file, and has the last word" {
	printf 'profile = restricted\nfail = stdio-tty\n' >"$ROOT/etc/granit.conf"
	checked 0 --format=json --profile=audit --ignore=all
	[ "$(jq -r .profile <<<"$output")" = audit ]
	checked 0 --format=json --ignore=all
	[ "$(jq -r .profile <<<"$output")" = restricted ]
	checked 0 --format=json --ignore=all --config=none
	[ "$(jq -r .profile <<<"$output")" = immutable ]
}

@test "the default file of an image counts for --root, and only that" {
	echo 'profile = restricted' >"$ROOT/etc/granit.conf"
	expect 0 "$GRANIT" --check --root="$ROOT" --format=json --ignore=all
	[ "$(jq -r '.profile, .settings[1].file, .settings[1].line' <<<"$output")" = $'restricted\n/etc/granit.conf\n1' ]
	chmod 666 "$ROOT/etc/granit.conf"
	expect 78 "$GRANIT" --check --root="$ROOT"
	contains "$output" 'FAIL config-trusted'
}

@test "its path is resolved inside of the image" {
	echo 'profile = restricted' >"$BATS_TEST_TMPDIR/outside"
	ln -s "$BATS_TEST_TMPDIR/outside" "$ROOT/etc/granit.conf"
	expect 0 "$GRANIT" --check --root="$ROOT" --format=json --ignore=all
	[ "$(jq -r .profile <<<"$output")" = immutable ]
}

# trusts VERDICT [NSCONTAINER-OPTION...] -- OPTION...
verdict_of_trust() {
	jq -r '.findings[] | select(.id == "config-trusted") | "\(.verdict) \(.level)"' <<<"$output"
}

@test "a file on a read-only mount is trusted; on a writable one it refuses, and cannot help itself" {
	printf 'profile = plain\nignore = all\nwarn = config-trusted\n' >"$ROOT/etc/granit.conf"
	checked 0 --format=json
	[ "$(verdict_of_trust)" = 'pass off' ]
	boxed 78 -- /granit --check --format=json
	[ "$(verdict_of_trust)" = 'violation fail' ]
	boxed 78 -- /granit -- /probe args started
	[ -z "$output" ]
	contains "$stderr" '/etc/granit.conf lies on a mount that can be written'
}

@test "a file on a read-only mount that can be written through another one is no policy" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir -p "$volume" "$ROOT/etc"
	printf 'ignore = all\n' >"$volume/granit.conf"
	boxed 78 --read-only --bind "$volume:/data" --bind "$volume:/etc:ro" -- /granit --check
	contains "$output" 'FAIL config-trusted'
	contains "$output" '/etc/granit.conf is on a read-only mount, but the same file can be written at /data'
	boxed 78 --read-only --bind "$volume/granit.conf:/data/open" --bind "$volume/granit.conf:/etc/granit.conf:ro" -- /granit --check
	contains "$output" 'FAIL config-trusted'
	boxed 0 --read-only --bind "$volume:/etc:ro" -- /granit --check
	contains "$output" 'pass config-trusted'
	# Whatever else is judged.
	boxed 78 --read-only --bind "$volume:/data" --bind "$volume:/etc:ro" -- /granit --check --ignore=all --fail=config-trusted
}

@test "who wants a file on a writable root says so on the command line" {
	echo 'remap-exit = 3' >"$ROOT/etc/granit.conf"
	boxed 0 -- /granit --profile=audit -- /probe exit 3
	boxed 0 -- /granit --warn=all -- /probe exit 3
	boxed 0 -- /granit --profile=plain -- /probe exit 3
}

@test "a file that others may write, or that is not root's, is no policy" {
	needs_root 'gives files away'
	echo 'remap-exit = 3' >"$ROOT/etc/granit.conf"
	chmod 664 "$ROOT/etc/granit.conf"
	checked 78 --format=json
	[ "$(verdict_of_trust)" = 'violation fail' ]
	chmod 644 "$ROOT/etc/granit.conf"
	checked 0 --format=json --warn=all
	[ "$(verdict_of_trust)" = 'pass off' ]
	chown 65532 "$ROOT/etc/granit.conf"
	checked 78 --format=json
	[ "$(verdict_of_trust)" = 'violation fail' ]
}

@test "without a file the check does not apply" {
	checked 0 --format=json --warn=all
	[ "$(verdict_of_trust)" = 'not-applicable off' ]
}

@test "a termination log that the file names gets what went wrong at the very end" {
	printf 'termination-log = %s\n' "$BATS_TEST_TMPDIR/log" >"$BATS_TEST_TMPDIR/conf"
	expect 127 "$GRANIT" --profile=plain --config="$BATS_TEST_TMPDIR/conf" -- /not/there
	grep -F 'cannot find /not/there' "$BATS_TEST_TMPDIR/log"
}
