#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets stderr
# Variables that the program does not get.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	mkdir -p "$ROOT/lib"
}

# started NAME=VALUE... -- GRANIT-OPTION...: runs it; $output is the environment that the program got
started() {
	local -a variables=()
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	boxed 0 --read-only --tmpfs=/scratch:noexec -- /probe exec-env "${variables[@]}" -- \
		/granit --ignore=writable-mounts "$@" -- /probe env
}

# got NAME=VALUE...: that and no more
got() {
	diff -u <(printf '%s\n' "$@") <(printf '%s\n' "$output")
}

@test "what names a file on a writable mount is removed, whatever the variable" {
	local name
	for name in LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG_OUTPUT GLIBC_TUNABLES BASH_ENV ENV PYTHONSTARTUP PYTHONPATH \
		PERL5OPT PERL5LIB RUBYOPT RUBYLIB NODE_OPTIONS NODE_PATH LUA_INIT LUA_PATH JAVA_TOOL_OPTIONS \
		_JAVA_OPTIONS JDK_JAVA_OPTIONS PHPRC PHP_INI_SCAN_DIR LOCPATH GCONV_PATH; do
		started A=1 "$name=/scratch/x" Z=2 -- -vv
		got A=1 Z=2
		contains "$stderr" "environment: removed $name, which names a file on a writable mount"
	done
}

@test "what names a read-only place, or none, stays" {
	local -a all=(LD_PRELOAD=/lib/a.so LD_LIBRARY_PATH=/lib:/usr/lib GCONV_PATH=/lib/gconv NODE_OPTIONS=--max-old-space-size=512
		GLIBC_TUNABLES=glibc.malloc.check=3 NOT_A_HOOK=/scratch/x PYTHONPATH= LD_PRELOAD_=/scratch/x)
	started "${all[@]}" -- -q
	got "${all[@]}"
}

@test "the value is never told" {
	started LD_PRELOAD=/scratch/xyzzy.so -- -vv
	run ! grep -q xyzzy <<<"$output$stderr"
	started LD_PRELOAD=/scratch/xyzzy.so -- -vv --unset-env='LD_*'
	run ! grep -q xyzzy <<<"$output$stderr"
}

@test "a variable that is there twice is judged twice" {
	started LD_PRELOAD=/lib/a.so LD_PRELOAD=/scratch/b.so -- -q
	got LD_PRELOAD=/lib/a.so
}

@test "an ignored check keeps its variables, and only those" {
	started LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch -- -q --ignore=ld-preload
	got LD_PRELOAD=/scratch/a.so
	started LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch -- -q --ignore=env-interpreter-hooks
	got PYTHONPATH=/scratch
}

@test "plain and audit remove nothing" {
	local profile
	for profile in plain audit; do
		started LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch -- -q --profile="$profile"
		got LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch
	done
}

@test "without a mount table every path may be one that can be written" {
	boxed 0 --read-only --no-proc -- /probe exec-env LD_PRELOAD=/lib/a.so NODE_OPTIONS=--x A=/lib -- \
		/granit -q --ignore=all --warn=ld-preload,env-interpreter-hooks -- /probe env
	got NODE_OPTIONS=--x A=/lib
}

@test "the check says what becomes of it: removed, or the container refused" {
	started LD_PRELOAD=/scratch/a.so -- -v
	contains "$stderr" 'LD_PRELOAD names a file on a writable mount; granit removes it'
	started LD_PRELOAD=/scratch/a.so -- -v --profile=audit
	contains "$stderr" 'LD_PRELOAD names a file on a writable mount'
	run ! grep -q 'granit removes it' <<<"$stderr"
	boxed 78 --read-only --tmpfs=/scratch:noexec -- /probe exec-env LD_PRELOAD=/scratch/a.so -- \
		/granit --ignore=writable-mounts --fail=ld-preload -- /probe args started
	[ -z "$output" ]
	run ! grep -q 'granit removes it' <<<"$stderr"
}

# ---- --unset-env

@test "--unset-env takes patterns, repeats, and works in every profile" {
	local profile
	for profile in plain audit immutable restricted; do
		started TOKEN_A=1 TOKEN_B=2 KEEP=3 X=4 =odd -- -q --profile="$profile" --ignore=all --deny=none --landlock=off \
			--unset-env='TOKEN_*' --unset-env='?'
		got KEEP=3 =odd
	done
}

@test "--unset-env of nothing that is there, and of all" {
	started A=1 B=2 -- -q --unset-env=C
	got A=1 B=2
	started A=1 B=2 -- -q '--unset-env=*'
	[ -z "$output" ]
	started 'AB=1' 'A=B' -- -q --unset-env='A*B'
	got A=B
}

@test "--unset-env is told with -vv, the name alone" {
	started $'BAD\033[31m=xyzzy' -- -vv --unset-env='BAD*'
	contains "$stderr" 'environment: removed BAD\033[31m, which is one that --unset-env means'
	run ! grep -q xyzzy <<<"$stderr"
}

@test "the program is found by the PATH that was judged, though it does not get it" {
	boxed 0 --read-only -- /probe exec-env PATH=/ A=1 -- /granit -q --profile=plain --unset-env=PATH -- probe env
	got A=1
}

@test "a pattern that can be none is refused" {
	expect 125 "$GRANIT" --unset-env= -- true
	expect 125 "$GRANIT" --unset-env=A=B -- true
	contains "$stderr" 'is no pattern'
}
