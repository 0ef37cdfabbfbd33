#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `expect` sets output and stderr
# Capabilities: what is kept is kept in all five sets, and nothing else in any.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	needs_root 'has capabilities to lose'
	make_root
}

# has HEX: the program's five sets, all the same
has() {
	[ "$(grep -c "^Cap[A-Za-z]*:	$1\$" <<<"$output")" -eq 5 ] && return
	grep ^Cap <<<"$output"
	return 1
}

has_but_bounding() {
	[ "$(grep -v CapBnd <<<"$output" | grep -c "^Cap[A-Za-z]*:	$1\$")" -eq 4 ] && return
	grep ^Cap <<<"$output"
	return 1
}

refuses() {
	local text=$1
	shift
	expect 125 "$GRANIT" "$@" -- true
	contains "$stderr" "$text"
}

@test "--keep-caps keeps the named ones, in all five sets" {
	boxed 0 --read-only -- /granit --keep-caps=net_bind_service,CAP_CHOWN -- /probe status
	has 0000000000000401
	boxed 0 --read-only -- /granit --keep-caps=0 --keep-caps=10 -- /probe status
	has 0000000000000401
	contains "$output" $'NoNewPrivs:\t1'
}

@test "in profiles that do not harden, too" {
	boxed 0 -- /granit --profile=audit --keep-caps=kill -- /probe status
	has 0000000000000020
	contains "$output" $'NoNewPrivs:\t0'
}

# As memcached -u and mariadbd --user do it: user 0 without the capability may send them nothing.
@test "--keep-caps=kill: granit can end a program that became another user's" {
	load ../helpers/process1
	# shellcheck disable=SC2034 # for process1.bash
	OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err BOX='' HUNGFS='' TO='' BY=()
	: >"$OUT"
	: >"$ERR"
	launch --caps a80425fb -- /granit --profile=immutable --warn=all --keep-caps=kill,setuid,setgid -- \
		/granit --exec --profile=immutable --ignore=all --user=65532:65532 -- /probe trap 1
	WITHIN=5 eventually grep -q ready "$OUT"
	# Of all that was kept granit has this one, and no other.
	grep -q $'^CapEff:\t0000000000000020$' "/proc/$INIT/status"
	kill -TERM "$INIT"
	WITHIN=10 ended 0
	grep -q TERM "$OUT"
}

@test "an unknown capability names the nearest" {
	refuses "'net_bind_servic' is not a known capability; did you mean 'net_bind_service'?" --keep-caps=net_bind_servic
	refuses "is not a known capability" --keep-caps=
	refuses "is not a known capability" --keep-caps=64
	refuses "is not a known capability" --keep-caps=-1
}

@test "what the runtime did not give cannot be kept, and the message says what to do" {
	boxed 125 --read-only --caps a80425fb -- /granit --keep-caps=sys_time -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'the runtime did not give'
	contains "$stderr" 'Kubernetes has no ambient capabilities'
}

@test "secure bits are locked: user 0 gets nothing for being 0" {
	boxed 0 --read-only -- /granit -- /probe status
	# NOROOT, NO_SETUID_FIXUP, KEEP_CAPS_LOCKED, NO_CAP_AMBIENT_RAISE, and their locks
	[ $(($(awk '/^Securebits:/ { print $2 }' <<<"$output") & 0xef)) -eq $((0xef)) ]
	boxed 0 --read-only -- /granit --keep-caps=chown -- /probe status
	[ $(($(awk '/^Securebits:/ { print $2 }' <<<"$output") & 0x2f)) -eq $((0x2f)) ]
}

@test "where the runtime took CAP_SETPCAP there is nothing to lock with, and no reason to fail" {
	boxed 0 --read-only --caps 0 -- /granit -vv -- /probe status
	has 0000000000000000
	contains "$stderr" 'securebits: the runtime left no CAP_SETPCAP'
}

@test "a step whose call fails is the end: nothing is started" {
	local call
	# PR_SET_SECUREBITS, PR_CAPBSET_DROP, capset
	for call in prctl:28 prctl:24 capset; do
		boxed 125 --read-only -- /inject $call=EPERM -- /granit -- /probe args started
		[ -z "$output" ]
		contains "$stderr" 'hardening step'
	done
}

@test "a bounding set that cannot be read back is the end" {
	boxed 125 --read-only -- /inject prctl:23=EPERM -- /granit -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'hardening step read-back failed: there are capabilities left in the bounding set'
}

@test "an ambient set that cannot be filled is the end" {
	boxed 125 --read-only -- /inject prctl:47=EPERM -- /granit --keep-caps=chown -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'hardening step read-back failed: the ambient capabilities'
}

@test "a call that only pretends is found out" {
	local call
	for call in prctl:28 prctl:24 capset; do
		boxed 125 --read-only -- /inject $call=0 -- /granit -- /probe args started
		[ -z "$output" ]
		contains "$stderr" 'hardening step'
	done
	boxed 125 --read-only -- /inject prctl:47=0 -- /granit --keep-caps=chown -- /probe args started
	[ -z "$output" ]
}

@test "--allow-new-privs leaves no_new_privs as it was" {
	boxed 0 --read-only -- /granit --allow-new-privs -- /probe status
	contains "$output" $'NoNewPrivs:\t0'
	boxed 0 --read-only --no-new-privs -- /granit --allow-new-privs -- /probe status
	contains "$output" $'NoNewPrivs:\t1'
}

@test "user 0 would have the bounding set that stays again at the start: without anything against it there is none" {
	local -a options
	local option caps
	# Docker's without SETPCAP, and two that a deployer adds to none.
	for option in --allow-new-privs '--profile=plain --keep-caps=chown' '--profile=audit --keep-caps=chown' \
		'--profile=audit --user=0:0 --keep-caps=chown' '--exec --allow-new-privs'; do
		read -ra options <<<"$option"
		for caps in a80424fb 3; do
			boxed 125 --read-only --caps=$caps -- /granit -q "${options[@]}" -- /probe args started
			[ -z "$output" ]
			contains "$stderr" "hardening step read-back failed: user 0 would regain the bounding set"
			boxed 0 --read-only --caps=$caps -- /granit --check -v --warn=all "${options[@]}" -- /probe args started
			[[ $output =~ effective\ +chown.*\ \ chown,\ dac_override ]]
		done
	done
	# Each of the remedies that are named, and what the runtime may have done itself.
	boxed 0 --read-only --caps=a80424fb -- /granit -q -- /probe status
	has_but_bounding 0000000000000000
	boxed 0 --read-only --caps=a80424fb -- /granit -q --profile=plain --keep-caps=chown --user=65532 -- /probe status
	has_but_bounding 0000000000000001
	boxed 0 --read-only --caps=1 -- /granit -q --profile=plain --keep-caps=chown -- /probe status
	has 0000000000000001
	boxed 0 --read-only --caps=101 -- /granit -q --profile=plain --keep-caps=chown -- /probe status
	has 0000000000000001
	boxed 0 --read-only --caps=a80424fb --no-new-privs -- /granit -q --allow-new-privs -- /probe status
	has_but_bounding 0000000000000000
}

@test "so would another user that keeps a way to user 0, or to files with capabilities" {
	local -a options
	local option cap
	for option in --allow-new-privs '--profile=audit' '--profile=plain' '--exec --allow-new-privs'; do
		read -ra options <<<"$option"
		# Docker's without SETPCAP
		for cap in setuid setfcap fowner chown,setuid; do
			boxed 125 --read-only --caps=a80424fb -- /granit -q "${options[@]}" --user=65532 --keep-caps=$cap -- /probe args started
			[ -z "$output" ]
			contains "$stderr" "hardening step read-back failed: a program that keeps SETUID, FOWNER or SETFCAP would regain the bounding set"
			boxed 0 --read-only --caps=a80424fb -- /granit --check -v --warn=all "${options[@]}" --user=65532 --keep-caps=$cap -- /probe args started
			[[ $output =~ effective\ +.*\ \ chown,\ dac_override ]]
		done
	done
	# Other capabilities lead nowhere; no_new_privs closes all ways; nothing is left to regain; the set was emptied.
	boxed 0 --read-only --caps=a80424fb -- /granit -q --profile=audit --user=65532 --keep-caps=chown,setgid,kill -- /probe status
	has_but_bounding 0000000000000061
	boxed 0 --read-only --caps=a80424fb -- /granit -q --user=65532 --keep-caps=setuid -- /probe status
	has_but_bounding 0000000000000080
	boxed 0 --read-only --caps=c0 -- /granit -q --allow-new-privs --user=65532 --keep-caps=setuid,setgid -- /probe status
	has 00000000000000c0
	boxed 0 --read-only --caps=a80425fb -- /granit -q --allow-new-privs --user=65532 --keep-caps=setuid -- /probe status
	has 0000000000000080
}

@test "--check says that a capability that was named is as good as all" {
	boxed 0 --read-only --caps=200101 -- /granit --check -v --warn=all --keep-caps=chown,sys_admin -- /probe args started
	contains "$output" 'what is as good as all capabilities: sys_admin'
	boxed 0 --read-only -- /granit --check -v --warn=all --keep-caps=chown -- /probe args started
	[[ $output != *'as good as all'* ]]
}

@test "what is foreseen is what comes" {
	local keep='--keep-caps=net_bind_service,chown'
	boxed 0 --read-only -- /granit --check --format=json --warn=all "$keep"
	[ "$(jq -c '[.privileges.resulting.capabilities[] | sort] | unique' <<<"$output")" = '[["chown","net_bind_service"]]' ]
	boxed 0 --read-only -- /granit --check -v --warn=all "$keep"
	[[ $output =~ permitted[[:space:]].*[[:space:]]chown,\ net_bind_service ]]
}

@test "limits, umask, working directory" {
	boxed 0 --read-only -- /granit --rlimit=nofile=100:200 --rlimit=core=1M:unlimited -- /probe rlimit nofile
	[ "$output" = '100 200' ]
	boxed 0 --read-only -- /granit --profile=plain --umask=077 -- /probe status
	contains "$output" $'Umask:\t0077'
	boxed 0 --read-only -- /granit --profile=plain --chdir=/data -- /probe cwd
	[ "$output" = /data ]
	boxed 125 --read-only -- /granit --chdir=/missing -- /probe args started
	contains "$stderr" 'hardening step chdir failed'
	contains "$stderr" 'No such file or directory'
	[ -z "$output" ]
}

@test "bad limits, masks, directories and patterns" {
	refuses "is not a known resource; did you mean 'nofile'?" --rlimit=nofil=3
	refuses 'is not NAME=SOFT[:HARD]' --rlimit=nofile
	refuses 'neither a number' --rlimit=nofile=many
	refuses 'neither a number' --rlimit=nofile=
	refuses 'neither a number' --rlimit=nofile=1:
	refuses 'above the hard one' --rlimit=nofile=5:4
	refuses 'is not an octal mode' --umask=8
	refuses 'is not an octal mode' --umask=1000
	refuses 'is not an octal mode' --umask=
	refuses 'is not an absolute path' --chdir=data
	refuses 'is not a pattern' --unset-env=A=B
}

@test "--exec: the same, and the program in granit's place" {
	boxed 0 --read-only -- /granit --exec -- /probe init-status
	has 0000000000000000
	contains "$output" $'NoNewPrivs:\t1'
	expect 0 "$GRANIT" --profile=plain --exec -- bash -c "cat /proc/\$\$/stat"
	[[ $output == *'(cat)'* || $output == *'(bash)'* ]]
	boxed 127 --read-only -- /granit --exec -- /missing
	boxed 78 -- /granit --exec -- /probe args started
	[ -z "$output" ]
}
