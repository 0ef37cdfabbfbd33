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

# checked STATUS OPTION...: granit --check -v in a read-only container, all checks off but those that the options ask for
checked() {
	local wanted=$1
	shift
	boxed "$wanted" --read-only -- /granit --check -v "$@"
}

@test "a mistake is named with line and column" {
	refuses "$FILE:1:11: profile: 'restrictd' is not a known profile; did you mean 'restricted'?" 'profile = restrictd'
	refuses "$FILE:3:3: there is no option 'profil'; did you mean profile?" '# first' '' '  profil=audit'
	refuses "$FILE:2:8: fail: 'no-shel' is not a known check" 'group' 'fail = no-shel'
	refuses "$FILE:1:12: writable: 'data' is not an absolute path" 'writable = data'
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
	printf 'termination-log = /not/there\033[31m\nfrobnicate = 1\n' >"$FILE"
	expect 125 "$GRANIT" --config="$FILE" -- true
	contains "$stderr" '/not/there\033[31m'
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
	contains "$stderr" 'not a regular file'
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	expect 125 "$GRANIT" --config="$BATS_TEST_TMPDIR/fifo" -- true
	contains "$stderr" 'not a regular file'
	expect 125 "$GRANIT" --config="$BATS_TEST_TMPDIR/missing" -- true
	contains "$stderr" 'No such file or directory; --config=none reads no file'
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

@test "the default file of an image that is inspected is not read, only looked at" {
	echo 'profile = restricted' >"$ROOT/etc/granit.conf"
	expect 0 "$GRANIT" --check --root="$ROOT" --format=json --ignore=all
	[ "$(jq -r '.profile, .settings[1].name' <<<"$output")" = $'immutable\ncheck' ]
	expect 0 "$GRANIT" --check --root="$ROOT" --config="$ROOT/etc/granit.conf" --format=json --ignore=all
	[ "$(jq -r '.profile, .settings[2].file, .settings[2].line' <<<"$output")" = $'restricted\n'"$ROOT/etc/granit.conf"$'\n1' ]
	chmod 666 "$ROOT/etc/granit.conf"
	expect 78 "$GRANIT" --check -v --root="$ROOT"
	contains "$output" 'FAIL config-trusted'
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
	contains "$stderr" '/etc/granit.conf is on a writable mount'
}

@test "a file on a read-only mount that can be written through another one is no policy" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir -p "$volume" "$ROOT/etc"
	printf 'ignore = all\n' >"$volume/granit.conf"
	boxed 78 --read-only --bind "$volume:/data" --bind "$volume:/etc:ro" -- /granit --check -v
	contains "$output" 'FAIL config-trusted'
	contains "$output" '/etc/granit.conf is on a read-only mount, but the same file can be written at /data'
	boxed 78 --read-only --bind "$volume/granit.conf:/data/open" --bind "$volume/granit.conf:/etc/granit.conf:ro" -- /granit --check -v
	contains "$output" 'FAIL config-trusted'
	boxed 0 --read-only --bind "$volume:/etc:ro" -- /granit --check -v
	contains "$output" 'pass config-trusted'
	# Whatever else is judged.
	boxed 78 --read-only --bind "$volume:/data" --bind "$volume:/etc:ro" -- /granit --check -v --ignore=all --fail=config-trusted
	# A link leads into the part that can be written; the folder beside it cannot be.
	mkdir -p "$volume/open" "$volume/shut"
	cp "$volume/granit.conf" "$volume/open/granit.conf"
	cp "$volume/granit.conf" "$volume/shut/granit.conf"
	ln -s open/granit.conf "$volume/link"
	local -a box=(--read-only --bind "$volume:/ro:ro" --bind "$volume/open:/data")
	boxed 78 "${box[@]}" -- /granit --check -v --config=/ro/link
	contains "$output" '/ro/link is on a read-only mount, but the same file can be written at /data'
	boxed 0 "${box[@]}" -- /granit --check -v --config=/ro/shut/granit.conf
	contains "$output" 'pass config-trusted'
	# The link is in that part, and leads to a file of the image.
	cp "$volume/granit.conf" "$ROOT/etc/real.conf"
	ln -s /etc/real.conf "$volume/open/image"
	boxed 78 "${box[@]}" -- /granit --check -v --config=/ro/open/image
	contains "$output" '/ro/open/image is reached through /data, which is writable'
	ln -s /etc/real.conf "$volume/shut/image"
	boxed 0 "${box[@]}" -- /granit --check -v --config=/ro/shut/image
	contains "$output" 'pass config-trusted'
}

@test "a file on a read-only mount is no policy where a directory above it can be renamed" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir -p "$volume" "$BATS_TEST_TMPDIR/data/a/b" "$BATS_TEST_TMPDIR/data/c"
	echo 'ignore = all' >"$volume/granit.conf"
	local -a box=(--read-only --bind "$BATS_TEST_TMPDIR/data:/data")
	boxed 78 "${box[@]}" --bind "$volume:/data/a/b:ro" -- /granit --check -v --config=/data/a/b/granit.conf
	contains "$output" '/data/a/b/granit.conf is on a read-only mount, but a directory above it can be renamed: /data is writable'
	# A mount point itself cannot.
	boxed 0 "${box[@]}" --bind "$volume:/data/c:ro" -- /granit --check -v --config=/data/c/granit.conf
	contains "$output" 'pass config-trusted'
}

@test "a file that a link on a writable volume leads to is no policy" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir -p "$volume" "$ROOT/etc/strict"
	printf 'fail = all\n' >"$ROOT/etc/strict/granit.conf"
	ln -s /etc/strict/granit.conf "$volume/granit.conf"
	ln -s /etc/strict "$volume/folder"
	local -a box=(--read-only --bind "$volume:/data:noexec,nosuid,nodev")
	local path
	for path in /data/granit.conf /data/folder/granit.conf /etc/../data/granit.conf; do
		boxed 78 "${box[@]}" -- /granit --check --ignore=all --fail=config-trusted --writable=/data --config="$path"
		contains "$output" 'is reached through /data, which is writable: the link or directory there can be replaced'
	done
	ln -s /data/granit.conf "$ROOT/etc/granit.conf"
	boxed 78 "${box[@]}" -- /granit --check --writable=/data
	contains "$output" 'FAIL config-trusted'
	# A link of the image's own is what it was.
	ln -sf strict/granit.conf "$ROOT/etc/granit.conf"
	boxed 78 "${box[@]}" -- /granit --check --ignore=all --fail=config-trusted --config=/data/granit.conf
	boxed 0 --read-only -- /granit --check --ignore=all --fail=config-trusted
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

# ---- who outvotes whom: the command line the file

# dropped LINE: in the report of what $output holds, the file's line does not count
dropped() {
	contains "$output" "line $1) dropped: the command line takes its place"
}

@test "a key of the file is nobody's once the command line names one" {
	needs_tool minisign
	local name
	for name in good bad; do minisign -G -W -p "$BATS_TEST_TMPDIR/$name.pub" -s "$BATS_TEST_TMPDIR/$name.key" >/dev/null; done
	local good bad
	good=$(tail -n 1 "$BATS_TEST_TMPDIR/good.pub") bad=$(tail -n 1 "$BATS_TEST_TMPDIR/bad.pub")
	cp "$BATS_TEST_TMPDIR/good.pub" "$ROOT/data/good.pub"
	for _ in 1 2 3 4 5 6 7 8; do echo "manifest-key = $bad"; done >"$ROOT/etc/granit.conf"
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
	minisign -S -s "$BATS_TEST_TMPDIR/bad.key" -m "$ROOT/etc/granit.manifest" >/dev/null
	boxed 0 --read-only -- /granit -- /probe args started
	boxed 78 --read-only -- /granit --manifest-key="$good" -- /probe args started
	[ -z "$output" ]
	boxed 78 --read-only -- /granit --manifest-key=/data/good.pub -- /probe args started
	checked 78 --manifest-key="$good"
	contains "$output" 'FAIL image-sealed'
	dropped 8
	expect 78 "$GRANIT" --check -v --root="$ROOT" --manifest-key="$BATS_TEST_TMPDIR/good.pub"
	expect 78 "$GRANIT" --check -v --root="$ROOT" --config="$ROOT/etc/granit.conf" --manifest-key="$BATS_TEST_TMPDIR/good.pub"
	# Two of the command line are both the deployer's.
	boxed 0 --read-only -- /granit --manifest-key="$good" --manifest-key="$bad" -- /probe args started
}

@test "a digest of the command line takes the place of the file's" {
	local zeros
	printf -v zeros %064d 0
	printf '#mtree\n' >"$ROOT/etc/granit.manifest"
	echo "manifest-digest = $(sha256sum "$ROOT/etc/granit.manifest" | cut -c1-64)" >"$ROOT/etc/granit.conf"
	checked 78 --manifest-digest="$zeros"
	contains "$output" 'not the one of --manifest-digest'
	dropped 1
}

@test "a profile of the command line takes the place of all levels of the file" {
	cp "$TOOLS/probe" "$ROOT/sh"
	mkdir -p "$ROOT/bin" && mv "$ROOT/sh" "$ROOT/bin/sh"
	local line
	for line in 'ignore = all' 'warn = no-shell' 'fail = all,no-shell' 'profile = plain'; do
		printf '%s\nignore = no-shell\n' "$line" >"$ROOT/etc/granit.conf"
		boxed 0 --read-only -- /granit --check -v -q --profile=plain
		boxed 78 --read-only -- /granit --check -v --profile=immutable
		contains "$output" 'FAIL no-shell'
		dropped 1
		dropped 2
		boxed 78 --read-only -- /granit --profile=immutable -- /probe args started
		contains "$stderr" 'FAIL no-shell'
	done
	# What the command line itself says counts, before the profile and behind it.
	checked 0 --warn=all --profile=restricted
	checked 0 --profile=restricted --warn=all
}

@test "a profile of the command line takes back what the file says of Landlock and of what is denied" {
	printf 'landlock = off\ndeny = none\n' >"$ROOT/etc/granit.conf"
	checked 0 -v --profile=restricted --warn=all
	dropped 1
	dropped 2
	boxed 7 --read-only -- /granit -vv --profile=restricted --warn=all -- /probe exit 7
	contains "$stderr" 'wx-memory'
	contains "$stderr" 'landlock'
	printf 'deny = wx-memory\nlandlock = require\n' >"$ROOT/etc/granit.conf"
	checked 0 --deny=tiocsti --landlock=auto --warn=all
	dropped 1
	dropped 2
	boxed 0 --read-only -- /granit --deny=tiocsti --warn=all -- /probe map-wx
	local free=$output
	boxed 0 --read-only -- /granit --warn=all -- /probe map-wx
	[ "$output" != "$free" ]
	boxed 7 --read-only -- /granit -vv --landlock=off --profile=immutable --warn=all -- /probe exit 7
}

# given FILE-LINE OPTION...: what /proc says of a program that was started so
given() {
	echo "$1" >"$ROOT/etc/granit.conf"
	boxed 0 --read-only -- /granit --warn=all "${@:2}" -- /probe status
}

@test "capabilities, users and no_new_privs of the file are replaced, and taken back" {
	given 'keep-caps = sys_chroot' --keep-caps=chown
	contains "$output" $'CapEff:\t0000000000000001'
	given 'keep-caps = sys_chroot' --keep-caps=chown --keep-caps=kill
	contains "$output" $'CapEff:\t0000000000000021'
	given 'keep-caps = sys_chroot' --keep-caps=none
	contains "$output" $'CapEff:\t0000000000000000'
	given 'keep-caps = sys_chroot'
	contains "$output" $'CapEff:\t0000000000040000'
	given 'allow-new-privs' --allow-new-privs=no
	contains "$output" $'NoNewPrivs:\t1'
	given 'allow-new-privs = yes'
	contains "$output" $'NoNewPrivs:\t0'
	given 'user = 65532:65532,6,42' --user=65531
	contains "$output" $'Uid:\t65531'
	[[ $output != *42* ]] || contains "$output" $'Groups:\t \n'
	given 'user = 65532:65532,6,42' --user=none
	contains "$output" $'Uid:\t0'
}

@test "exit statuses, variables and all else that the file asks for can be taken back" {
	echo 'remap-exit = 1-255' >"$ROOT/etc/granit.conf"
	boxed 3 --read-only -- /granit --warn=all --remap-exit=4 -- /probe exit 3
	boxed 0 --read-only -- /granit --warn=all --remap-exit=4 -- /probe exit 4
	boxed 3 --read-only -- /granit --warn=all --remap-exit=none -- /probe exit 3
	boxed 0 --read-only -- /granit --warn=all -- /probe exit 3
	echo 'expand' >"$ROOT/etc/granit.conf"
	# shellcheck disable=SC2016 # granit's
	boxed 0 --read-only -- /granit --warn=all --expand=no -- /probe args '${HOME:-x}'
	# shellcheck disable=SC2016
	[ "$output" = '${HOME:-x}' ]
	printf '%s\n' 'wait-for = file:/not/there' 'timeout = 100ms' 'env-file = /not/there' 'secret = A=/not/there' 'chdir = /not/there' \
		'writable = /not/there' >"$ROOT/etc/granit.conf"
	boxed 7 --read-only -- /granit --warn=all --wait-for=none --timeout=none --env-file=none --secret=none --chdir=none --writable=none -- /probe exit 7
	checked 0 --warn=all --wait-for=none --chdir=none --writable=none
	dropped 1
	dropped 6
	# A budget is one thing: what the file said of files does not stay.
	echo 'scan-budget = 30s,4G,0' >"$ROOT/etc/granit.conf"
	checked 0 --warn=all --scan-budget=30s
	[[ $output != *'used up its budget'* ]]
}

@test "none empties what was said before, in the file and on the command line" {
	printf 'remap-exit = 3\nremap-exit = none\nremap-exit = 4\n' >"$FILE"
	expect 3 "$GRANIT" --config="$FILE" --ignore=all -- "$TOOLS/probe" exit 3
	expect 0 "$GRANIT" --config="$FILE" --ignore=all -- "$TOOLS/probe" exit 4
	expect 3 "$GRANIT" --config=none --ignore=all -e 3 -e none -- "$TOOLS/probe" exit 3
	expect 3 "$GRANIT" --config=none --ignore=all --remap-exit=none --group=no -g --group=yes -- "$TOOLS/probe" exit 3
	echo 'verbose' >"$FILE"
	expect 3 "$GRANIT" --config="$FILE" --ignore=all --verbose=no -- "$TOOLS/probe" exit 3
	[ -z "$stderr" ]
	expect 125 "$GRANIT" --group=maybe -- true
	contains "$stderr" '--group takes no value; --group=no takes it back'
}

@test "a profile of the command line takes back what the file says of how the seal is read" {
	local value
	printf 'prose\n' >"$ROOT/data/large.bin"
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
	printf 'verify = lazy\nscan = lazy\nrlimit = core=0:1\nquiet\n' >"$ROOT/etc/granit.conf"
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
	printf 'Prose\n' >"$ROOT/data/large.bin"
	boxed 0 --read-only -- /granit -- /probe exit 0
	boxed 78 --read-only -- /granit --profile=immutable -- /probe args started
	[ -z "$output" ]
	contains "$stderr" '/data/large.bin has changed'
	checked 78 --profile=immutable
	dropped 1
	dropped 2
	checked 78
	contains "$output" 'verify = lazy    (/etc/granit.conf, line 1) lowers'
	contains "$output" 'scan = lazy    (/etc/granit.conf, line 2) lowers'
	contains "$output" 'rlimit = core=0:1    (/etc/granit.conf, line 3) lowers'
	contains "$output" 'quiet    (/etc/granit.conf, line 4) lowers'
	# What asks for no less is no such line; what the command line itself says counts.
	for value in 'verify = all' 'verify = programs' 'scan = full' 'rlimit = core=0' 'rlimit = nofile=64'; do
		echo "$value" >"$FILE"
		expect 0 "$GRANIT" --config="$FILE" --check --ignore=all -v
		[[ $output != *"$value    ($FILE, line 1) lowers"* ]]
	done
	boxed 0 --read-only -- /granit --verify=lazy --profile=immutable --manifest=/etc/granit.manifest -- /probe exit 0
	expect 125 "$GRANIT" --verify=none -- true
}

@test "lists of the file stay beside those of the command line" {
	printf 'writable = /data\nunset-env = A*\nrewrite = TERM:QUIT\n' >"$FILE"
	expect 0 "$GRANIT" --config="$FILE" --check --ignore=all --writable=/tmp --unset-env='B*' --rewrite=HUP:INT -v
	[[ $output != *dropped* ]]
	A1=x B1=x expect 0 "$GRANIT" --config="$FILE" --profile=plain --unset-env='B*' -- "$TOOLS/probe" env
	[[ $output != *A1=* && $output != *B1=* ]]
}

@test "who lowers something is said, however long the file is, in every format" {
	{
		for _ in {1..200}; do
			echo 'unset-env = A'
			echo 'unset-env = none'
		done
		echo 'ignore = image-age'
	} >"$FILE"
	expect 0 "$GRANIT" --config="$FILE" --check --warn=all
	contains "$output" "ignore = image-age    ($FILE, line 401) lowers"
	contains "$output" 'warn = all    (command line)'
	expect 0 "$GRANIT" --config="$FILE" --check --warn=all --format=tap
	contains "$output" "# ignore = image-age    ($FILE, line 401) lowers"
	expect 0 "$GRANIT" --config="$FILE" --check --warn=all --format=json
	[ "$(jq -r '.settings[] | select(.name == "ignore") | "\(.line) \(.lowers) \(.dropped)"' <<<"$output")" = '401 true false' ]
}

# ---- what is no file of options is not shown

# shellcheck disable=SC2016 # the dollars are the file's
@test "a file that is not everybody's is not shown, nor what is no line of options" {
	local line
	for line in 'root:$6$hunter7:20228:0' 'secret = hunter7-x' 'profile = hunter7' 'hunter7 = 1' 'hunter7'; do
		echo "$line" >"$FILE"
		chmod 640 "$FILE"
		expect 125 "$GRANIT" --config="$FILE" -- true
		contains "$stderr" "$FILE:1:"
		[[ $stderr != *hunter7* ]]
	done
	for line in 'root:$6$hunter7:20228:0' 'hunter7' 'czNjcmV0 hunter7==' "$(printf 'hunter7%.0s' {1..20}) = 1"; do
		echo "$line" >"$FILE"
		chmod 644 "$FILE"
		expect 125 "$GRANIT" --config="$FILE" -- true
		contains "$stderr" "$FILE:1:1: "
		[[ $stderr != *hunter7* ]]
	done
}

@test "a profile of the command line takes back the file's scan, its budget and its watch" {
	printf '%s\n' 'scan = off' 'watch = off' 'scan-budget = 1ms,1,1' >"$ROOT/etc/granit.conf"
	mkdir -p "$ROOT/bin"
	cp "$TOOLS/probe" "$ROOT/bin/sh"
	boxed 78 --read-only -- /granit --profile=immutable --ignore=all --fail=no-shell -- /probe args started
	contains "$stderr" /bin/sh
	boxed 0 --read-only -- /granit -q --ignore=all --fail=no-shell -- /probe args started
}

@test "the example of options.md and granit.conf(5) does what its comment says" {
	local document
	for document in doc/options.md doc/granit.conf.5; do
		sed -n '/^# \/etc\/granit.conf$/,/^\(```\|\.Ed\)$/p' "$document" | sed '/^\(```\|\.Ed\)$/d' >"$BATS_TEST_TMPDIR/example"
		grep -q '# known, and dealt with elsewhere$' "$BATS_TEST_TMPDIR/example"
		run --separate-stderr "$GRANIT" --config="$BATS_TEST_TMPDIR/example" --check --scan=off --format=json
		[ "$(jq -r .profile <<<"$output")" = restricted ]
		[ "$(jq -r '[.findings[] | select(.verdict == "off").id] | join(" ")' <<<"$output")" = 'image-age limits' ] ||
			[ "$(jq -r '[.findings[] | select(.verdict == "off").id] | join(" ")' <<<"$output")" = 'limits image-age' ]
	done
}
