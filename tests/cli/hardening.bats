#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# What granit takes away, asked of the kernel; and what it does where it cannot.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	make_root
}

# Asked until the program is there, and its granit with it: outside of the container, where both can be seen.
start() { # NSCONTAINER-OPTION... -- GRANIT-OPTION...
	local -a flags=()
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	"$TOOLS/nscontainer" --read-only "${flags[@]}" "$ROOT" -- /granit -q "$@" --ignore=dir-fd-leak -- /probe sleep 60 \
		>/dev/null 2>"$BATS_TEST_TMPDIR/err" 3>&- 4>&- &
	OUTER=$!
	retry 200 0.05 is_up && return
	cat "$BATS_TEST_TMPDIR/err"
	return 1
}

is_up() {
	INIT=$(pgrep -P "$OUTER") && PROGRAM=$(pgrep -P "$INIT" -x probe)
}

teardown() {
	[ -z "${OUTER:-}" ] || kill -TERM "$OUTER" 2>/dev/null || :
}

# dropped PID: no capability in any set, no_new_privs
dropped() {
	[ "$(grep -c $'^Cap[A-Za-z]*:\t0000000000000000$' "/proc/$1/status")" -eq 5 ] &&
		grep -q $'^NoNewPrivs:\t1$' "/proc/$1/status" && return
	grep -E '^(Cap|NoNew)' "/proc/$1/status"
	return 1
}

@test "process 1 is as weak as the program" {
	start --
	dropped "$INIT"
	dropped "$PROGRAM"
}

# has_none PID: no capability that it could use
has_none() {
	[ "$(grep -cE '^Cap(Inh|Prm|Eff|Amb):	0000000000000000$' "/proc/$1/status")" -eq 4 ]
}

@test "process 1 keeps nothing of what the program was to keep" {
	needs_root 'has capabilities to keep'
	start -- --keep-caps=net_bind_service
	retry 100 0.05 has_none "$INIT"
	grep -q '^CapEff:	0000000000000400$' "/proc/$PROGRAM/status"
}

@test "the program cannot look into process 1, though it is the same user" {
	needs_root "a view of who owns /proc/PID"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	start --user 65532:65532 --
	[ "$(awk '/^Uid:/ { print $2 }' "/proc/$INIT/status")" -eq 65532 ]
	retry 100 0.05 belongs_to_root "/proc/$INIT/environ"
}

# What may not be looked into belongs to root (proc(5)); it does so a moment after the program's start.
belongs_to_root() {
	[ "$(stat -c %u "$1")" -eq 0 ]
}

@test "without CAP_SETPCAP the bounding set stays, and no_new_privs keeps it out of reach" {
	needs_root "capabilities to give"
	# Docker's less SETPCAP.
	boxed 0 --read-only --caps=a80424fb -- /granit -q -- /probe status
	contains "$output" $'CapBnd:\t00000000a80424fb'
	contains "$output" $'CapEff:\t0000000000000000'
	contains "$output" $'CapPrm:\t0000000000000000'
	contains "$output" $'NoNewPrivs:\t1'
	boxed 0 --read-only --caps=a80424fb -- /granit -vv -- /probe exit 0
	contains "$stderr" 'no_new_privs keeps it out of reach'
}

@test "what was taken away already is no error" {
	boxed 5 --read-only --caps=0 --no-new-privs -- /granit -q -- /probe exit 5
}

@test "no_new_privs that is only pretended stops the start" {
	needs_root "a filter without no_new_privs"
	# With CAP_SYS_ADMIN the liar needs no no_new_privs of its own.
	boxed 125 --read-only --caps=a82425fb -- /inject prctl:38=0 -- /granit -q --ignore=root-remount -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'hardening step no-new-privs failed'
}

@test "a core limit that is only pretended stops the start" {
	boxed 125 --read-only -- /inject prlimit64=0 -- /granit -q -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'hardening step limits failed'
}

@test "a step that fails is named with its call and its reason, and the program is not started" {
	boxed 125 --read-only -- /inject prlimit64=EPERM -- /granit -q -- /probe args started
	[ -z "$output" ]
	[ "$stderr" = 'granit: hardening step limits failed: setrlimit(RLIMIT_CORE): Operation not permitted; the program was not started' ]
}

# closes LIMIT LAST [INJECTION]: descriptors 3 to LAST are inherited, and the limit is LIMIT
closes() {
	# shellcheck disable=SC2016 # the inner shell's
	run --separate-stderr bash -c '
		exec 3>&- 4>&-
		for ((fd = 3; fd <= $1; fd++)); do eval "exec $fd</dev/null"; done
		ulimit -n "$0"; exec "${@:2}"' "$1" "$2" "$TOOLS/inject" "${3:-chdir=EPERM}" -- "$GRANIT" -q --ignore=all --termination-log=none -- "$TOOLS/probe" args started
}

@test "descriptors that are only said to be closed stop the start, even when there is room for none more" {
	# All places taken; none but those that stay; room for one.
	local case
	for case in '8 7' '3 2' '4 2' '64 7'; do
		# shellcheck disable=SC2086 # words
		closes $case close_range=0
		printf '%s: %s %s\n' "$case" "$output" "$stderr"
		[ "$status" -eq 125 ]
		[ -z "$output" ]
		contains "$stderr" 'hardening step close-fds failed: close_range('
		# shellcheck disable=SC2086
		closes $case
		[ "$output" = started ]
	done
}

# ends INJECTION STEP SENTENCE [OPTION...]: the whole of what is said, and nothing is started
ends() {
	boxed 125 --read-only -- /inject "$1" -- /granit -q "${@:4}" -- /probe args started
	[ -z "$output" ]
	[ "$stderr" = "granit: hardening step $2 failed: $3; the program was not started" ] && return
	printf '%s: wanted %s: %s\n  got %s\n' "$1" "$2" "$3" "$stderr"
	return 1
}

@test "whichever call fails, it is that one which is named" {
	local no='Operation not permitted'
	ends close_range=EIO close-fds 'close_range(3, INT_MAX): I/O error'
	ends close_range=0 close-fds 'close_range(3, INT_MAX) left a descriptor open: Bad file descriptor'
	ends prlimit64=EPERM limits "getrlimit: $no" --rlimit=nofile=64
	ends umask=0 umask "umask is not what it was set to: $no" --umask=027
	ends chdir=EACCES chdir '--chdir=/tmp: Permission denied' --chdir=/tmp
	# PR_GET_SECUREBITS, PR_SET_SECUREBITS, PR_CAPBSET_DROP
	ends prctl:27=EPERM securebits "prctl(PR_GET_SECUREBITS): $no"
	ends prctl:28=EPERM securebits "prctl(PR_SET_SECUREBITS): $no"
	ends prctl:28=0 securebits "the secure bits are not what they were set to: $no"
	ends prctl:24=EPERM bounding-set "prctl(PR_CAPBSET_DROP): $no"
	ends prctl:24=0 read-back "there are capabilities left in the bounding set: $no"
	ends capset=EPERM capabilities "capset: $no"
	ends capset=0 read-back "the capabilities are not what they were set to: $no"
	ends prctl:8=EPERM user "prctl(PR_SET_KEEPCAPS): $no" --profile=plain --user=7:7 --keep-caps=chown
	ends setresgid=EAGAIN user 'setresgid: Resource temporarily unavailable' --user=7:7
	ends landlock_restrict_self=ENOMEM landlock 'landlock_restrict_self; --landlock=auto makes it optional: Out of memory' --landlock=require
	ends prctl:65=EINVAL deny 'wx-memory: prctl(PR_SET_MDWE), which needs Linux 6.3 or newer; with an older one name only the other words: --deny=WORD,...: Invalid argument' --deny=wx-memory
}

@test "a sandbox that has a step only in part, or not at all: said, and fatal in restricted only" {
	# A range up to ~0 is EINVAL there; so is what asks for the secure bits.
	boxed 0 --read-only -- /inject close_range=EINVAL -- /granit -q -- /probe fds
	[ "$(wc -l <<<"$output")" -eq 3 ]
	boxed 0 --read-only -- /inject prctl:27=EINVAL -- /granit --ignore=all -- /probe args started
	[ "$output" = started ]
	[ "$stderr" = 'granit: securebits: this sandbox has none; the bounding set, which is emptied, keeps user 0 from capabilities' ]
	boxed 0 --read-only -- /inject prctl:28=EINVAL -- /granit -q -- /probe status
	contains "$output" $'CapBnd:\t0000000000000000'
	boxed 125 --read-only -- /inject prctl:28=EINVAL -- /granit --profile=restricted --ignore=all -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'hardening step securebits failed: prctl(PR_SET_SECUREBITS): this sandbox has no secure bits; to start without them: --allow-missing=securebits: Invalid argument'
	# Restricted starts without a step that is named.
	boxed 0 --read-only -- /inject prctl:28=EINVAL -- /granit --profile=restricted --ignore=all --allow-missing=securebits -- /probe args started
	[ "$output" = started ]
	contains "$stderr" 'granit: securebits: this sandbox has none'
	# A profile of the deployer's ends what the image's file allows.
	mkdir -p "$ROOT/etc"
	printf 'profile = restricted\nallow-missing = securebits\nignore = all\n' >"$ROOT/etc/granit.conf"
	boxed 0 --read-only -- /inject prctl:28=EINVAL -- /granit -- /probe args started
	boxed 125 --read-only -- /inject prctl:28=EINVAL -- /granit --profile=restricted --ignore=all -- /probe args started
	rm "$ROOT/etc/granit.conf"
	boxed 125 --read-only -- /granit --allow-missing=bounding-set -- /probe args started
	contains "$stderr" 'securebits'
	# What it would have held has to be held by the other step.
	boxed 125 --read-only -- /inject prctl:28=EINVAL,prctl:24=EPERM -- /granit -q -- /probe args started
	[ -z "$output" ]
}

@test "-vv tells each step and its reason" {
	boxed 0 --read-only -- /granit -vv -- /probe exit 0
	local step
	for step in close-fds limits capabilities no-new-privs read-back; do
		contains "$stderr" "$step: "
	done
}

@test "plain and audit take nothing away" {
	boxed 0 --read-only -- /granit --profile=plain -- /probe status
	contains "$output" $'CapEff:\t00000000a80425fb'
	contains "$output" $'NoNewPrivs:\t0'
	boxed 0 --read-only -- /granit -q --profile=audit -- /probe status
	contains "$output" $'CapEff:\t00000000a80425fb'
	contains "$output" $'NoNewPrivs:\t0'
}

@test "one warning is one warning" {
	boxed 0 --read-only -- /granit --ignore=all --warn=non-root-uid -- /probe exit 0
	[ "$stderr" = 'granit: 1 warning: non-root-uid' ]
}

# ---- older kernels and refusing runtimes: supervision goes on

@test "without signalfd signals and children are waited for another way" {
	boxed 0 --read-only -- /inject signalfd4=EMFILE -- /granit -q -- /probe orphans 20 5
	[ "$output" = 'zombies 0' ]
	boxed 7 --read-only -- /inject signalfd4=ENOSYS -- /granit -q -- /probe exit 7
}

@test "without Landlock it starts, and says so in the report" {
	boxed 0 --read-only -- /inject landlock_create_ruleset=ENOSYS -- /granit --check -v
	grep -qE '^info landlock-available:' <<<"$output"
}
