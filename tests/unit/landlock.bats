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

@test "a volume starts nothing, read-only or not: programs come from the image" {
	plan 'mount=100 71 0:60 / /tools ro - ext4 /dev/v ro' 'mount=101 71 0:61 / /usr/bin/app ro - ext4 /dev/w ro' \
		plan=/tools:/usr:/usr/bin:/usr/lib:/usr/bin/app:/usr/bin/other
	rules 'give write /dev' 'give write /proc' 'give entries /' 'give entries /usr' 'give entries /usr/bin' \
		'entry - /tools' 'entry - /usr' 'entry - /usr/bin' 'entry exec /usr/lib' 'entry - /usr/bin/app' 'entry exec /usr/bin/other'
	# Where the kernel starts nothing, nothing need be gone through.
	plan 'mount=100 71 0:60 / /srv/tmp rw,noexec - tmpfs tmpfs rw' plan=/srv
	rules 'give write /dev' 'give write /proc' 'give write /srv/tmp' 'give entries /' 'entry exec /srv'
}

@test "--exec-from: a folder, a part of a volume, a single file; what is mounted in it is not meant" {
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'mount=101 100 0:61 / /data/bin ro - ext4 /dev/w ro' \
		'mount=102 100 0:62 / /data/more ro - ext4 /dev/x ro' 'mount=103 102 0:63 / /data/more/tmp rw - tmpfs tmpfs rw' \
		'mount=104 71 0:64 / /usr/bin/app ro - ext4 /dev/y ro' \
		option=--exec-from=/data/bin option=--exec-from=/data/more option=--exec-from=/usr/bin/app \
		plan=/data:/data/more/bin:/data/more/tmp:/usr
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give entries /' 'give exec /data/bin' 'give exec /usr/bin/app' \
		'give entries /data/more' 'entry - /data' 'entry exec /data/more/bin' 'entry - /data/more/tmp' 'entry exec /usr'
	plan 'mount=100 71 0:60 / /tools ro - ext4 /dev/v ro' option=--exec-from=/tools/bin plan=/tools
	rules 'give write /dev' 'give write /proc' 'give exec /tools/bin' 'give entries /' 'entry - /tools'
}

@test "what is written elsewhere is not started from the image: rules are for files, not for paths" {
	plan unmount=71 'mount=71 47 254:1 /root / ro - ext4 /dev/r rw' 'mount=100 71 254:1 /root/opt/data /srv rw,noexec - ext4 /dev/r rw' \
		plan=/opt:/opt/data:/opt/bin:/srv
	rules 'give write /dev' 'give write /proc' 'give write /srv' 'give entries /' 'give entries /opt' \
		'entry - /opt' 'entry - /opt/data' 'entry exec /opt/bin' 'entry - /srv'
	# In its own place no path leads to it but the mount's.
	plan unmount=71 'mount=71 47 254:1 /root / ro - ext4 /dev/r rw' 'mount=100 71 254:1 /root/opt/data /opt/data rw - ext4 /dev/r rw' plan=/opt/data
	rules 'give write /dev' 'give write /proc' 'give write /opt/data' 'give entries /' 'give entries /opt' 'entry - /opt/data'
}

@test "a covered mount counts for nothing, and what covers it does" {
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'mount=101 100 0:61 / /data ro - ext4 /dev/w ro' plan=/data
	rules 'give write /dev' 'give write /proc' 'give entries /' 'entry - /data'
}

@test "declared: written, and started with :exec only" {
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'option=--writable=/data' 'option=--writable=/data/plugins:exec' \
		'option=--writable=/run/fifo' plan=/data
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give exec /data/plugins' 'give write /run/fifo' \
		'give entries /' 'entry - /data'
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'option=--writable=/data:exec' plan=/data
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give exec /data' 'give entries /' 'entry - /data'
}

@test "declared without :exec in a place that is declared for programs: that place is not given whole" {
	local row
	for row in --writable=/data:exec --exec-from=/data; do
		plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' option=$row option=--writable=/data/sub/files \
			plan=/data/sub:/data/bin:/data/sub/files:/data/sub/other
		rules 'give write /dev' 'give write /proc' 'give write /data' 'give entries /' 'give entries /data' 'give entries /data/sub' \
			'entry - /data/sub' 'entry exec /data/bin' 'entry - /data/sub/files' 'entry exec /data/sub/other'
	done
	# On mounts of their own; what else is mounted in :exec goes with it.
	plan 'mount=100 71 0:60 / /data rw - ext4 /dev/v rw' 'mount=101 100 0:61 / /data/files rw - ext4 /dev/w rw' \
		'mount=102 100 0:62 / /data/more ro - ext4 /dev/x ro' option=--writable=/data:exec option=--writable=/data/files \
		plan=/data/files:/data/more:/data/bin
	rules 'give write /dev' 'give write /proc' 'give write /data' 'give entries /' 'give entries /data' \
		'entry - /data/files' 'entry exec /data/more' 'entry exec /data/bin'
}

@test "a writable root: written as a whole, and programs start from it, but not from other writable mounts" {
	plan root=rw:0:71 'unmount=71' 'mount=71 47 0:38 / / rw - overlay overlay rw,upperdir=/u' \
		'mount=100 71 0:60 / /tmp rw - tmpfs tmpfs rw' plan=/usr:/tmp
	rules 'give write /' 'give entries /' 'entry exec /usr' 'entry - /tmp'
}

@test "--connect-unix: the path, and the sockets on every mount" {
	plan 'mount=100 71 0:60 / /spire ro - tmpfs tmpfs ro' option=--connect-unix=/run/app.sock plan=
	output=$(grep connect <<<"$output")
	rules 'give connect /run/app.sock' 'give connect /spire'
}

@test "no writable mount at all: one rule" {
	plan unmount=72 unmount=73 unmount=74 unmount=86 unmount=87 unmount=53 plan=/usr
	rules 'give write /dev' 'give exec /' 'entry exec /usr'
}
