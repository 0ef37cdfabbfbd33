#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2153,SC2154 # every test is a subshell; granit is an array; `run` sets stderr
# What the image's own configuration file may not have written, nor loosen.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
}

@test "the image's file names a termination log that lies ready, empty, and no other; a mistake in it is not told there" {
	local volume=$BATS_TEST_TMPDIR/volume box status
	mkdir -p "$volume" "$ROOT/etc"
	printf 'rows\n' >"$volume/db"
	box=(--bind "$volume:/data")
	# A mistake behind it, whoever runs it.
	printf "termination-log = /data/db\n'; touch /PWNED; ' = x\n" >"$ROOT/etc/granit.conf"
	boxed 125 "${box[@]}" -- /granit --termination-log=none -- /probe exit 0
	boxed 125 "${box[@]}" -- /granit -- /probe exit 0
	boxed 125 "${box[@]}" -- /granit --check
	boxed 125 "${box[@]}" -- /granit --check --termination-log=none
	[ "$(<"$volume/db")" = rows ]
	boxed 125 "${box[@]}" -- /granit --termination-log=/data/log -- /probe exit 0
	contains "$(<"$volume/log")" "touch /PWNED"
	# A refusal.
	printf 'termination-log = /data/db\n' >"$ROOT/etc/granit.conf"
	boxed 78 "${box[@]}" -- /granit -- /probe exit 0
	contains "$stderr" 'cannot write the termination log /data/db: File exists'
	[ "$(<"$volume/db")" = rows ]
	printf 'termination-log = /data/new\n' >"$ROOT/etc/granit.conf"
	boxed 78 "${box[@]}" -- /granit -- /probe exit 0
	[ ! -e "$volume/new" ]
	: >"$volume/new"
	boxed 78 "${box[@]}" -- /granit -- /probe exit 0
	contains "$(<"$volume/new")" 'granit refused to start /probe'
	: >"$volume/new"
	boxed 78 "${box[@]}" -- /granit --termination-log=none -- /probe exit 0
	[ ! -s "$volume/new" ]
}

@test "what the command line says of a path, and its profile, the image's file does not loosen" {
	needs_root 'another user'
	local volume=$BATS_TEST_TMPDIR/volume
	local -a box=(--read-only --bind "$volume:/data" --user 65532:65532)
	mkdir -p "$volume/bin" "$ROOT/etc"
	cp "$TOOLS/probe" "$volume/bin/tool"
	chown -R 65532 "$volume"
	printf 'writable = /data:exec\n' >"$ROOT/etc/granit.conf"
	boxed 0 "${box[@]}" -- /granit -q --landlock=require -- /data/bin/tool args started
	boxed 78 "${box[@]}" -- /granit -q --landlock=require --writable=/data -- /data/bin/tool args started
	printf 'writable = /data/bin:exec\n' >"$ROOT/etc/granit.conf"
	boxed 78 "${box[@]}" -- /granit -q --landlock=require --writable=/data -- /data/bin/tool args started
	# A path of its own stays; and the last word counts in a file, too.
	boxed 0 "${box[@]}" --tmpfs /tmp:noexec -- /granit -q --landlock=require --writable=/tmp --warn=all -- /data/bin/tool args started
	boxed 0 "${box[@]}" -- /granit -q --landlock=require --writable=/data --writable=/data:exec -- /data/bin/tool args started
	# Core files, which are off unless somebody says more.
	printf 'rlimit = core=4096\nrlimit = nofile=100:100\n' >"$ROOT/etc/granit.conf"
	boxed 0 --read-only -- /granit -q -- /probe cat /proc/self/limits
	contains "$output" 'Max core file size        4096'
	boxed 0 --read-only -- /granit -q --profile=immutable -- /probe cat /proc/self/limits
	contains "$output" 'Max core file size        0 '
	contains "$output" 'Max open files            100 '
	boxed 0 --read-only -- /granit -q --profile=immutable --rlimit=core=8192 -- /probe cat /proc/self/limits
	contains "$output" 'Max core file size        8192'
}

@test "a configuration that is no regular file is a finding where an image is inspected, as it ends a start" {
	local make
	for make in mkfifo mkdir; do
		mkdir -p "$ROOT/etc"
		"$make" "$ROOT/etc/granit.conf"
		expect 78 "$GRANIT" --check --root="$ROOT"
		contains "$output" '/etc/granit.conf is not a regular file: granit does not start with it'
		contains "$output" 'note: /etc/granit.conf belongs to the inspected image and was not read'
		boxed 125 --read-only -- /granit -- /probe args started
		[ -z "$output" ]
		rm -r "${ROOT:?}/etc"
	done
	mkdir -p "$ROOT/etc"
	printf 'warn = limits\n' >"$ROOT/etc/granit.conf"
	expect 0 "$GRANIT" --check -v --root="$ROOT" --config="$ROOT/etc/granit.conf"
	contains "$output" 'pass config-trusted'
	[[ "$output" != *'was not read'* ]]
}

@test "where the command line declares a path, no option of the image's file puts programs at, below or above it" {
	needs_root 'another user'
	local volume=$BATS_TEST_TMPDIR/volume row
	local -a box=(--read-only --bind "$volume:/data" --user 65532:65532)
	local -a granit=(/granit -q --landlock=require --warn=all)
	mkdir -p "$volume/bin" "$ROOT/etc"
	chown -R 65532 "$volume"
	for row in 'exec-from = /data' 'exec-from = /data/bin' 'writable = /data/bin:exec'; do
		printf '%s\n' "$row" >"$ROOT/etc/granit.conf"
		boxed 0 "${box[@]}" -- "${granit[@]}" -- /probe exec-copy /data/bin
		[ "$output" = ran ]
		boxed 0 "${box[@]}" -- "${granit[@]}" --writable=/data -- /probe exec-copy /data/bin
		[ "$output" = EACCES ]
		rm -f "$volume"/bin/*
	done
	for row in 'exec-from = /data' 'writable = /data:exec'; do
		printf '%s\n' "$row" >"$ROOT/etc/granit.conf"
		boxed 0 "${box[@]}" -- "${granit[@]}" --writable=/data/bin -- /probe exec-copy /data/bin
		[ "$output" = EACCES ]
		rm -f "$volume"/bin/*
	done
	printf 'exec-from = /data\n' >"$ROOT/etc/granit.conf"
	boxed 0 "${box[@]}" -- /granit --check --format=json --warn=all --writable=/data -- /probe exit 0
	[ "$(jq -c '.. | objects | select(.name? == "exec-from") | .dropped' <<<"$output")" = true ]
	# What it says itself counts, and a row of another path does.
	boxed 0 "${box[@]}" -- "${granit[@]}" --writable=/data --exec-from=/data -- /probe exec-copy /data/bin
	[ "$output" = ran ]
	rm -f "$volume"/bin/*
	boxed 0 "${box[@]}" --tmpfs /tmp -- "${granit[@]}" --writable=/tmp -- /probe exec-copy /data/bin
	[ "$output" = ran ]
}
