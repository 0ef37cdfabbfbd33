#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which paths Landlock gives what, from mount tables that are only text.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	CASE=$BATS_TEST_TMPDIR/case
}

# plan [FACT...] : sets output to the rules for the base with these facts added
plan() {
	printf '%s\n' "$@" >"$CASE"
	run -0 build/tests/judge tests/fixtures/base "$CASE"
}

# rules LINE...: these and no others, in any order
rules() {
	diff -u <(printf '%s\n' "$@" | sort) <(sort <<<"$output")
}

@test "the usual container: written are /proc and /dev, started is what else / holds" {
	plan 'plan=/usr:/dev:/proc:/sys:/etc'
	rules 'give write /dev' 'give write /proc' 'give entries /' \
		'entry exec /usr' 'entry - /dev' 'entry - /proc' 'entry - /sys' 'entry exec /etc'
}

@test "the directories on the way to a writable mount are gone through, each once" {
	plan 'mount=100 71 0:60 / /app/data/one rw - tmpfs tmpfs rw' 'mount=101 71 0:61 / /app/data/two rw - tmpfs tmpfs rw' \
		'plan=/app:/app/data:/app/bin:/app/data/one:/app/data/three:/app/data/one1:/ap'
	rules 'give write /dev' 'give write /proc' 'give write /app/data/one' 'give write /app/data/two' \
		'give entries /' 'give entries /app' 'give entries /app/data' \
		'entry - /app' 'entry - /app/data' 'entry exec /app/bin' 'entry - /app/data/one' 'entry exec /app/data/three' \
		'entry exec /app/data/one1' 'entry exec /ap'
}

@test "a read-only mount on a writable one has programs again, below another writable one not" {
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'mount=101 100 0:61 / /data/bin ro - ext4 /dev/w ro' \
		'mount=102 100 0:62 / /data/more ro - ext4 /dev/x ro' 'mount=103 102 0:63 / /data/more/tmp rw - tmpfs tmpfs rw' \
		'plan=/data:/data/more/bin:/data/more/tmp'
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give entries /' \
		'give exec /data/bin' 'give entries /data/more' \
		'entry - /data' 'entry exec /data/more/bin' 'entry - /data/more/tmp'
}

@test "a read-only mount of what is written elsewhere starts nothing: rules are for files, not for paths" {
	plan 'mount=100 71 254:0 /v /data rw - ext4 /dev/v rw' 'mount=101 71 254:0 /v /ro ro - ext4 /dev/v rw' 'plan=/data:/ro:/usr'
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give entries /' 'entry - /data' 'entry - /ro' 'entry exec /usr'
	plan 'mount=100 71 254:0 /v /data rw - ext4 /dev/v rw' 'mount=101 71 254:0 /v/conf /srv/ro ro - ext4 /dev/v rw' \
		'plan=/srv:/srv/ro:/srv/bin'
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give entries /' 'give entries /srv' \
		'entry - /srv' 'entry - /srv/ro' 'entry exec /srv/bin'
	plan 'mount=100 71 254:0 /v /data rw - ext4 /dev/v rw' 'mount=101 71 254:0 /w /ro ro - ext4 /dev/v rw' plan=/ro
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give entries /' 'entry exec /ro'
}

@test "a covered mount counts for nothing, and what covers it does" {
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'mount=101 100 0:61 / /data ro - ext4 /dev/w ro' plan=/data
	rules 'give write /dev' 'give write /proc' 'give entries /' 'entry exec /data'
}

@test "declared: written, and started with :exec only" {
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'option=--writable=/data' 'option=--writable=/data/plugins:exec' \
		'option=--writable=/run/fifo' plan=/data
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give exec /data/plugins' 'give write /run/fifo' \
		'give entries /' 'entry - /data'
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'option=--writable=/data:exec' plan=/data
	rules 'give write /dev' 'give write /proc' 'give write exec /data' 'give entries /' 'entry - /data'
}

@test "a writable root: written as a whole, and programs start from it, but not from other writable mounts" {
	plan root=rw:0:71 'unmount=71' 'mount=71 47 0:38 / / rw - overlay overlay rw,upperdir=/u' \
		'mount=100 71 0:60 / /tmp rw - tmpfs tmpfs rw' plan=/usr:/tmp
	rules 'give write entries /' 'entry exec /usr' 'entry - /tmp'
}

@test "no writable mount at all: one rule" {
	plan unmount=72 unmount=73 unmount=74 unmount=86 unmount=87 unmount=53 plan=/usr
	rules 'give write /dev' 'give exec /' 'entry exec /usr'
}
