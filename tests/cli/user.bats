#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets output and stderr
# --user: whom a word means in this image, whom the kernel says the program then is, and that there is no way back.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	needs_root "another user to become"
	make_root
	mkdir "$ROOT/etc"
	# The others have to get at /probe.
	chmod 755 "$ROOT"
	passwd 'root:x:0:0:root:/root:/bin/sh' 'app:x:1000:1001:An app:/home/app:/sbin/nologin'
	group root:x:0: app:x:1001:app log:x:7:bob,app web:x:8:app
}

passwd() {
	printf '%s\n' "$@" >"$ROOT/etc/passwd"
}

group() {
	printf '%s\n' "$@" >"$ROOT/etc/group"
}

# plain STATUS SPEC PROGRAM...: without a profile that takes anything away besides
plain() {
	local wanted=$1 spec=$2
	shift 2
	boxed "$wanted" --read-only -- /granit --profile=plain --user="$spec" -- "$@"
}

# is UID GID [GROUP]...: what the status in $output says of it, in all four places
is() {
	local uid=$1 gid=$2
	shift 2
	# The line of groups ends in a blank, without any as well.
	diff <(
		printf '%s:\t%s\t%s\t%s\t%s\n' Uid "$uid" "$uid" "$uid" "$uid" Gid "$gid" "$gid" "$gid" "$gid"
		printf 'Groups:\t%s\n' "$*"
	) <(grep -E '^(Uid|Gid|Groups):' <<<"$output" | sed 's/ $//')
}

# becomes SPEC UID GID [GROUP]...
becomes() {
	plain 0 "$1" /probe status
	is "${@:2}"
}

# refuses SPEC MESSAGE
refuses() {
	plain 125 "$1" /probe args started
	[ -z "$output" ]
	contains "$stderr" "$2"
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

# home SPEC HOME
home() {
	plain 0 "$1" /probe env
	[ "$(sed -n 's/^HOME=//p' <<<"$output")" = "$2" ]
}

# ---- whom it means

@test "a name brings its groups along, a number that has a line too" {
	becomes app 1000 1001 7 8
	becomes 1000 1000 1001 7 8
}

@test "groups that are named are all there are" {
	becomes app:app 1000 1001
	becomes app:web 1000 8
	becomes app:web,log,42 1000 8 7 42
	becomes 1000:5 1000 5
	becomes 65532:65532 65532 65532
	becomes 65532:65532,7,7 65532 65532 7
	becomes app:log,log 1000 7 7
}

@test "a bare number that nobody has listed gets the same group, not root's, and that is said" {
	becomes 4000 4000 4000
	boxed 0 --read-only -- /granit -vv --profile=plain --user=4000 -- /probe exit 0
	contains "$stderr" 'user: 4000 is not in /etc/passwd, so its group is assumed to be 4000;'
	boxed 0 --read-only -- /granit -vv --profile=plain --user=4000:4000 -- /probe exit 0
	[[ $stderr != *'is not in /etc/passwd'* ]]
	boxed 0 --read-only -- /granit --check -v --user=4000
	contains "$output" 'user 4000 is not in /etc/passwd'
}

@test "numbers need no files, names do" {
	rm -r "${ROOT:?}/etc"
	becomes 65532 65532 65532
	becomes 65532:5,6 65532 5 6
	refuses app "cannot look up user 'app' in /etc/passwd: No such file or directory; use a number, as in 65532:65532"
	refuses 5:app "cannot look up group 'app' in /etc/group: No such file or directory; use a number"
}

@test "a user without /etc/group is in no more than his own" {
	rm "$ROOT/etc/group"
	becomes app 1000 1001
}

@test "the whole range of ids, and no more" {
	becomes 4294967294:4294967294 4294967294 4294967294
	refuses 4294967295 '4294967295 is not an id: 0 to 4294967294'
	refuses 5:4294967295 '4294967295 is not an id'
	refuses 5:6,4294967296 '4294967296 is not an id'
	refuses 18446744073709551621 'is not an id'
}

@test "what is nearly a number is none" {
	local word
	for word in +5 ' 5' '5 ' 0x5 -1 5.0 -0; do
		refuses "$word" "no user '$word' in /etc/passwd: use a number, as in 65532:65532"
		refuses "5:$word" "no group '$word' in /etc/group: use a number, as in 65532:65532"
	done
}

@test "nothing may be left out between the marks" {
	refuses :5 'a user is missing: USER[:GROUP[,GROUP...]], as in 65532:65532'
	local spec
	for spec in 5: '5:,' 5:,6 '5:6,' 5:6,,7; do
		refuses "$spec" 'a group is missing'
	done
	refuses 5:6:7 "no group '6:7'"
	plain 125 '' /probe args started
	[ -z "$output" ]
}

@test "a name that is not there: the nearest one is named" {
	refuses ap "no user 'ap' in /etc/passwd; did you mean 'app'?"
	refuses 5:lo "no group 'lo' in /etc/group; did you mean 'log'?"
	refuses $'a\nb\e[2J' "no user 'a\\012b\\033[2J' in /etc/passwd"
}

# ---- the files

@test "of two lines the first counts" {
	passwd app:x:1000:1001::/first: app:x:0:0::/second: other:x:1000:0::/third:
	group web:x:8:app web:x:9:app
	becomes app 1000 1001 8 9
	becomes 1000 1000 1001 8 9
	becomes 5:web 5 8
	home 1000 /first
}

@test "no newline at the end, CRLF, short lines, lines that are none" {
	printf '#app:x:0:0::/:\n\n:x:0:0::/:\n+::::::\n+app:x:0:0::/:\n-app:x:0:0::/:\nx\n\0app:x:0:0\nother:x:5:5\r\napp:x:1000:1001' >"$ROOT/etc/passwd"
	printf '#log:x:0:app\n+:::\n+app:x:0:app\n\r\nlog:x:7:bob,app\r\nbad:x:no:app\nlong:x::app\nweb:x:8:app' >"$ROOT/etc/group"
	becomes app 1000 1001 7 8
	becomes other 5 5
	becomes 5:log 5 7
	becomes 0 0 0
	refuses + "no user '+'"
	refuses -- "no user '--'"
	refuses 5:+app "no group '+app'"
}

@test "members are whole words" {
	group a:x:1:apps b:x:2:ap c:x:3:bob,app,eve d:x:4:,app e:x:5: f:x:6
	becomes app 1000 1001 3 4
}

@test "lines of any length, files up to 1 MiB" {
	local long members
	long=$(head -c 700000 /dev/zero | tr '\0' a)
	passwd "$long" "app:x:1000:1001:$long:/home/app:"
	refuses app 'File too large'
	passwd "$long" app:x:1000:1001::/home/app:
	members=$(fold -w 6 <<<"$long" | paste -sd,)
	group "all:x:9:$members,app"
	becomes app 1000 1001 9
	home app /home/app
	truncate -s 1048576 "$ROOT/etc/passwd"
	becomes app 1000 1001 9
	truncate -s 1048577 "$ROOT/etc/passwd"
	refuses app "cannot look up user 'app' in /etc/passwd: File too large"
	refuses 1000 'File too large'
	# Nothing but HOME hangs on it there.
	becomes 1000:5 1000 5
}

@test "a directory or a FIFO in the place of a file is no file, and keeps nobody waiting" {
	rm "$ROOT/etc/passwd"
	mkfifo "$ROOT/etc/passwd"
	refuses app "cannot look up user 'app' in /etc/passwd"
	rm "$ROOT/etc/passwd"
	mkdir "$ROOT/etc/passwd"
	refuses app 'Is a directory'
	# Who knows which group he has.
	refuses 1000 'Is a directory'
	becomes 1000:5 1000 5
	rmdir "$ROOT/etc/passwd"
	passwd app:x:1000:1001::/:
	rm "$ROOT/etc/group"
	mkdir "$ROOT/etc/group"
	refuses app "cannot look up the groups of 'app' in /etc/group: Is a directory; name them, as in 65532:65532"
	becomes app:5 1000 5
}

@test "a line without the number that is asked for is no answer" {
	passwd app:x:x:1001::/: web:x:8:-1::/: big:x:4294967295:5::/: short:x:9
	refuses app "the line of user 'app' in /etc/passwd lacks a number"
	refuses web 'lacks a number'
	refuses 8 'lacks a number'
	refuses big 'lacks a number'
	refuses short 'lacks a number'
	becomes 8:7 8 7
	group bad:x:4294967295:
	refuses 5:bad "the line of group 'bad' in /etc/group lacks a number"
}

@test "more than 64 groups are refused, not cut off" {
	local i
	for i in {1..64}; do printf 'g%d:x:%d:app\n' "$i" "$((i + 2000))"; done >"$ROOT/etc/group"
	plain 0 app /probe status
	[ "$(sed -n 's/^Groups:\t//p' <<<"$output" | wc -w)" -eq 64 ]
	printf 'g65:x:3000:app\n' >>"$ROOT/etc/group"
	refuses app 'more than 64 supplementary groups'
	refuses "5:6,$(seq -s, 100 164)" 'more than 64 supplementary groups'
}

# ---- HOME

@test "HOME is the new user's, or / where nothing is known; the same user keeps his" {
	home app /home/app
	home 1000:5 /home/app
	home 65532:65532 /
	passwd app:x:1000:1001::relative: web:x:8:8
	home app /
	home web /
	boxed 0 --read-only --user 65532:65532 -- /granit --profile=plain --user=65532:65532 -- /probe env
	contains "$output" "HOME=$HOME"
	# shellcheck disable=SC2030 # meant for this test alone
	unset HOME
	boxed 0 --read-only --user 65532:65532 -- /granit --profile=plain --user=65532:65532 -- /probe env
	grep -qx HOME=/ <<<"$output"
	boxed 0 --read-only -- /granit --profile=plain -- /probe env
	run ! grep -q ^HOME= <<<"$output"
}

# ---- privileges

# caps SET...: "CapPrm=0" and the like
caps() {
	local word
	for word; do
		grep -qx "${word%%=*}:.$(printf %016x "0x${word#*=}")" <<<"$output" && continue
		printf 'wanted %s in\n%s\n' "$word" "$output"
		return 1
	done
}

@test "root's capabilities go with root, whatever the profile" {
	plain 0 app /probe status
	caps CapPrm=0 CapEff=0 CapAmb=0 CapInh=0 CapBnd=a80425fb
	boxed 0 --read-only -- /granit -q --profile=audit --user=app -- /probe status
	caps CapPrm=0 CapEff=0 CapAmb=0
	boxed 0 --read-only -- /granit -q --user=app -- /probe status
	caps CapPrm=0 CapEff=0 CapAmb=0 CapInh=0 CapBnd=0
	# Without CAP_SETPCAP, so without secure bits.
	boxed 0 --read-only --caps=a80424fb -- /granit -q --user=app -- /probe status
	caps CapPrm=0 CapEff=0 CapAmb=0 CapInh=0
}

@test "process 1 becomes the same user" {
	boxed 0 --read-only -- /granit -q --user=app -- /probe init-status
	is 1000 1001 7 8
	caps CapPrm=0 CapEff=0 CapAmb=0
	plain 0 app /probe init-status
	is 1000 1001 7 8
	caps CapPrm=0 CapEff=0 CapAmb=0
}

@test "--keep-caps: exactly those, ambient too, in every profile" {
	local profile
	for profile in plain audit immutable; do
		boxed 0 --read-only -- /granit -q --profile="$profile" --user=app --keep-caps=net_bind_service,chown -- /probe status
		is 1000 1001 7 8
		caps CapPrm=401 CapEff=401 CapAmb=401 CapInh=401 CapBnd=401
	done
	boxed 0 --read-only --caps=a80424fb -- /granit -q --user=app --keep-caps=net_bind_service -- /probe status
	caps CapPrm=400 CapEff=400 CapAmb=400 CapInh=400
}

@test "there is no way back, unless it was asked for" {
	plain 0 app /probe setuid0
	[ "$output" = EPERM ]
	boxed 0 --read-only -- /granit -q --user=app -- /probe setuid0
	[ "$output" = EPERM ]
	boxed 0 --read-only -- /granit -q --user=app --keep-caps=setuid -- /probe setuid0
	[ "$output" = ok ]
	boxed 0 --read-only -- /granit -q --user=app --keep-caps=setgid -- /probe setuid0
	[ "$output" = EPERM ]
}

@test "who has become that user already needs no right" {
	boxed 0 --read-only --user 65532:65532 --caps=0 -- /granit -vv --profile=plain --user=65532:65532 -- /probe status
	is 65532 65532
	contains "$stderr" 'user: is 65532:65532 already'
	[[ $stderr != *'user: as requested'* ]]
	# Docker lists the user's group among the supplementary ones too.
	setpriv --reuid 65532 --regid 65532 --groups 65532 --bounding-set=-all \
		"$GRANIT" -vv --profile=plain --user=65532:65532 -- true 2>"$BATS_TEST_TMPDIR/err"
	contains "$(<"$BATS_TEST_TMPDIR/err")" 'user: is 65532:65532 already'
	# One group too many, or too few, is not the same.
	boxed 125 --read-only --user 65532:65532 -- /granit -q --user=65532:65532,7 -- /probe args started
	run -125 setpriv --reuid 65532 --regid 65532 --groups 7 "$GRANIT" --profile=plain --user=65532:65532 -- true
}

# ---- what can go wrong

@test "without the rights: what to set instead" {
	local caps
	# Less SETUID, less SETGID.
	for caps in a804257b a80425bb; do
		boxed 125 --read-only --caps="$caps" -- /granit -q --user=65532:65532 -- /probe args started
		[ -z "$output" ]
		contains "$stderr" 'hardening step user failed'
		contains "$stderr" USER
		contains "$stderr" '--user of docker'
		contains "$stderr" runAsUser
		contains "$stderr" 'SETUID and SETGID'
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
}

# step_fails RULE STEP MESSAGE
step_fails() {
	local profile
	for profile in plain immutable; do
		boxed 125 --read-only -- /inject "$1" -- /granit -q --profile="$profile" --user=65532:65532,7 -- /probe args started
		[ -z "$output" ]
		contains "$stderr" "hardening step $2 failed: $3"
		contains "$stderr" 'the program was not started'
	done
}

@test "each call that fails, or only pretends to work, stops the start" {
	step_fails setgroups=EPERM user 'setgroups takes CAP_SETGID'
	step_fails setresgid=EPERM user 'setresgid takes CAP_SETGID'
	step_fails setresuid=EPERM user 'setresuid takes CAP_SETUID'
	step_fails setgroups=EINVAL user 'setgroups: a group is not mapped'
	step_fails setresgid=EINVAL user 'setresgid: the group is not mapped'
	step_fails setresuid=EINVAL user 'setresuid: the user is not mapped'
	step_fails setresuid=EAGAIN user setresuid:
	step_fails setgroups=0 user 'the supplementary groups are not'
	step_fails setresgid=0 user 'the group ids are not'
	step_fails setresuid=0 user 'the user ids are not'
	step_fails setuid=0 no-way-back 'user 0 can be regained'
	step_fails setgid=0 no-way-back 'group 0 can be regained'
}

@test "capabilities that only pretend to be set are found in plain too" {
	boxed 125 --read-only -- /inject capset=0,prctl:47=0 -- /granit --profile=plain --user=app --keep-caps=chown -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'hardening step read-back failed'
	boxed 125 --read-only -- /inject prctl:8=EPERM -- /granit --profile=plain --user=app --keep-caps=chown -- /probe args started
	contains "$stderr" PR_SET_KEEPCAPS
}

@test "asking why setgroups failed does not take the place of why it failed" {
	boxed 125 --read-only --no-proc -- /inject setgroups=EPERM -- /granit -q --profile=plain --user=7:7,8 -- /probe args started
	contains "$stderr" 'hardening step user failed: setgroups takes CAP_SETGID'
}

@test "a user namespace that denies setgroups is named as the reason" {
	run -125 --separate-stderr unshare --user --map-root-user "$GRANIT" --profile=plain --user=0:0,7 -- true
	contains "$stderr" 'this user namespace denies it'
}

# ---- descriptors

@test "a pipe goes with the user, and can be opened again" {
	plain 0 65532:65532 /probe write /dev/stdout
	[ "$output" = ok ]
	# Left as it is without a right to change that, which is no reason not to start.
	boxed 0 --read-only --caps=a80425fa -- /granit -q --profile=plain --user=65532:65532 -- /probe write /dev/stdout
	[ "$output" = EACCES ]
	boxed 0 --read-only --caps=a80425fa -- /granit -vv --profile=plain --user=65532:65532 -- /probe exit 0
	contains "$stderr" 'user: descriptor 1 still belongs to user 0: Operation not permitted'
}

@test "a pipe of somebody else's, a file and /dev/null stay whose they are" {
	printf x >"$BATS_TEST_TMPDIR/file"
	plain 0 65532:65532 /probe exit 0 <"$BATS_TEST_TMPDIR/file"
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/file")" -eq 0 ]
	# One of the test's own: a mistake must not cost the host its.
	mknod -m 666 "$BATS_TEST_TMPDIR/null" c 1 3
	plain 0 65532:65532 /probe exit 0 <"$BATS_TEST_TMPDIR/null"
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/null")" -eq 0 ]
	mkfifo "$BATS_TEST_TMPDIR/fifo" "$BATS_TEST_TMPDIR/other"
	chown 5 "$BATS_TEST_TMPDIR/other"
	plain 0 65532:65532 /probe exit 0 <>"$BATS_TEST_TMPDIR/fifo"
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/fifo")" -eq 65532 ]
	plain 0 65532:65532 /probe exit 0 <>"$BATS_TEST_TMPDIR/other"
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/other")" -eq 5 ]
}

@test "so does a terminal" {
	expect 0 python3 tests/helpers/terminal.py -- "$TOOLS/nscontainer" --read-only "$ROOT" -- \
		/granit --profile=plain --user=65532:65532 -- /probe write /dev/stdin
	contains "$output" ok
}

@test "outside of a container the terminal that somebody goes on to use, and a FIFO with a name, stay whose they are" {
	local owner
	# shellcheck disable=SC2016 # the inner shell's
	expect 0 python3 tests/helpers/terminal.py -- bash -c '"$1" --profile=plain --user=65532:65532 -- true; stat -c "owner %u" "$(tty)"' - "$GRANIT"
	contains "$output" 'owner 0'
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	expect 0 "$GRANIT" --profile=plain --user=65532:65532 -- true <>"$BATS_TEST_TMPDIR/fifo"
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/fifo")" -eq 0 ]
	# A pipe is nobody else's.
	owner=$("$GRANIT" -q --profile=plain --user=65532:65532 -- stat -Lc %u /proc/self/fd/1 3>&-)
	[ "$owner" -eq 65532 ]
}

# ---- what is judged

@test "judged is the user that the program will be" {
	boxed 78 --read-only -- /granit -q --ignore=all --fail=non-root-uid,non-root-gid -- /probe exit 0
	boxed 0 --read-only -- /granit -q --ignore=all --fail=non-root-uid,non-root-gid --user=app -- /probe exit 0
	boxed 78 --read-only -- /granit -q --ignore=all --fail=non-root-gid --user=app:0 -- /probe exit 0
	boxed 0 --read-only -- /granit --check -v --ignore=all --fail=non-root-uid --user=app
	contains "$output" 'pass non-root-uid'
	contains "$output" 'the runtime gave user 0, the program runs as 1000'
	boxed 78 --read-only -- /granit --profile=restricted --user=root -- /probe exit 0
	contains "$stderr" 'FAIL non-root-uid'
}

# declared STATUS MODE OWNER [GRANIT-OPTION]...: /data is a tmpfs like that, and declared writable
declared() {
	local wanted=$1 mode=$2 owner=$3
	shift 3
	mkdir -p "$BATS_TEST_TMPDIR/way/data"
	chmod "$mode" "$BATS_TEST_TMPDIR/way/data"
	chown "$owner" "$BATS_TEST_TMPDIR/way/data"
	boxed "$wanted" --read-only --bind "$BATS_TEST_TMPDIR/way:/way" -- \
		/granit -q --ignore=all --fail=writable-declared --writable=/way/data "$@" -- /probe exit 0
}

@test "what is declared writable has to be so for the new user" {
	declared 0 700 0:0
	declared 78 755 0:0 --user=app
	contains "$stderr" '--writable=/way/data: cannot write there as user 1000: Permission denied'
	declared 0 700 1000:0 --user=app
	declared 78 077 1000:0 --user=app
	declared 0 070 0:1001 --user=app
	declared 0 070 0:8 --user=app
	declared 78 070 0:8 --user=app:app
	declared 78 707 0:1001 --user=app
	declared 0 707 0:0 --user=app
	declared 0 700 0:0 --user=app --keep-caps=dac_override
	declared 0 700 0:0 --user=root
	# The way there counts.
	chmod 700 "$BATS_TEST_TMPDIR/way"
	declared 78 777 0:0 --user=app
	chmod 711 "$BATS_TEST_TMPDIR/way"
	declared 0 777 0:0 --user=app
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/way:/way:ro" -- \
		/granit -q --ignore=all --fail=writable-declared --writable=/way/data --user=app -- /probe exit 0
	contains "$stderr" 'it is on a read-only mount'
}
