#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# --fail, --warn and --ignore for what one check finds at one path.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	DISK='mount=91 71 254:7 /x /data rw - ext4 /dev/x rw'
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir "$VOLUME"
	OTHER='mount=92 71 254:7 /y /other rw - ext4 /dev/x rw'
}

# wrong TEXT OPTION...: a mistake that is named
wrong() {
	local text=$1
	shift
	expect 125 "$GRANIT" --config=none "$@" -- /x
	contains "$stderr" "$text"
}

@test "what is found at a path has the path's level, all else its own" {
	judged writable-mounts violation warn "$DISK" at=91:dir option=--warn=writable-mounts:/data
	contains "$output" '/data is writable and outlives the container: ext4, mounted from /x (--warn=writable-mounts:PATH)'
	judged writable-mounts violation fail "$DISK" "$OTHER" at=91:dir at=92:dir option=--warn=writable-mounts:/data
	judged writable-mounts pass off "$DISK" at=91:dir option=--ignore=writable-mounts:/data
	contains "$output" '(--ignore=writable-mounts:PATH)'
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-exec:/data
}

@test "raised: a tmpfs, in audit, and where the check is off" {
	local tmpfs='mount=91 71 0:60 / /tmp rw,noexec - tmpfs tmpfs rw'
	judged writable-mounts violation warn "$tmpfs" at=91:dir
	judged writable-mounts violation fail "$tmpfs" at=91:dir option=--fail=writable-mounts:/tmp
	judged writable-mounts violation fail "$DISK" at=91:dir option=--profile=audit option=--fail=writable-mounts:/data
	judged writable-mounts violation fail "$DISK" at=91:dir option=--ignore=all option=--fail=writable-mounts:/data
	judged writable-mounts pass off "$OTHER" at=92:dir option=--ignore=all option=--fail=writable-mounts:/data
	judged writable-mounts off off "$OTHER" at=92:dir option=--ignore=all option=--ignore=writable-mounts:/data
}

@test "a device and an inherited descriptor have paths too" {
	judged devices violation fail option=--profile=restricted device=/dev/sda:b:8:0
	judged devices violation warn option=--profile=restricted device=/dev/sda:b:8:0 option=--warn=devices:/dev/sda
	judged devices violation fail option=--profile=restricted device=/dev/sda:b:8:0 device=/dev/sdb:b:8:1 option=--warn=devices:/dev/sda
	judged dir-fd-leak violation fail fd=9:dir:r:71:/srv
	judged dir-fd-leak violation warn fd=9:dir:r:71:/srv option=--warn=dir-fd-leak:/srv
	judged dir-fd-leak violation fail fd=9:dir:r:71:/srv fd=8:dir:r:71:/etc option=--warn=dir-fd-leak:/srv
}

@test "the very path, and not what lies below or above it" {
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-mounts:/dat
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-mounts:/
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-mounts:/data/x
}

@test "the last one said counts" {
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-mounts:/data option=--fail=writable-mounts
	judged writable-mounts violation warn "$DISK" at=91:dir option=--fail=writable-mounts option=--warn=writable-mounts:/data
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-mounts:/data option=--fail=writable-mounts:/data
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-mounts:/data option=--warn=none
	judged writable-mounts violation warn "$DISK" "$OTHER" at=91:dir at=92:dir \
		'option=--warn=writable-mounts:/data, writable-mounts:/other'
}

@test "one folder of a GPU is accepted, a socket elsewhere refuses" {
	local gpu='mount=91 71 254:7 /var/lib/docker/x /opt/gpu rw - ext4 /dev/x rw'
	judged sensitive-mounts violation warn "$gpu" at=91:etc option=--warn=sensitive-mounts:/opt/gpu
	judged sensitive-mounts violation fail "$gpu" at=91:etc option=--warn=sensitive-mounts:/opt/gpu \
		'mount=92 71 0:60 /docker.sock /tmp/x ro - tmpfs tmpfs rw' at=92:socket
	# The remedy is for what refuses.
	contains "$output" '/tmp/x is a socket that controls the host'
	judged sensitive-mounts violation warn 'mount=92 71 0:60 /docker.sock /tmp/x ro - tmpfs tmpfs rw' at=92:socket \
		option=--warn=sensitive-mounts:/tmp/x
}

@test "programs, variables' files, descriptors of paths: any check whose findings have one" {
	judged no-shell violation warn program=/bin/sh:1:0:0:1: option=--warn=no-shell:/bin/sh
	judged no-shell violation fail program=/bin/sh:1:0:0:1: option=--warn=no-shell:/bin/ash
	judged app-immutable violation warn app=/data/app:0:EACCES:static option=--warn=app-immutable:/data/app
	judged writable-declared violation warn option=--writable=/data declared=0:ENOENT option=--warn=writable-declared:/data
}

@test "what is wrong is named: the check, the path, all, too many" {
	wrong "'writable-mount' is not a known check; did you mean 'writable-mounts'?" --warn=writable-mount:/data
	wrong "'data' is not an absolute path" --warn=writable-mounts:data
	wrong "'' is not an absolute path" --fail=writable-mounts:
	wrong "'/data/' is not an absolute path" --ignore=writable-mounts:/data/
	wrong "'/data' is a path: name one check, not all" --warn=all:/data
	wrong 'given more than 64 times' "--warn=$(seq -f 'limits:/%g' -s , 65)"
	expect 127 "$GRANIT" --config=none --profile=plain "--warn=$(seq -f 'limits:/%g' -s , 64)" -- /x
}

@test "the file may say so too, but not of itself, and a profile of the command line ends it" {
	make_root
	mkdir -p "$ROOT/etc"
	printf 'warn = writable-mounts:/data\nignore = config-trusted:/etc/granit.conf\n' >"$ROOT/etc/granit.conf"
	boxed 0 --read-only --bind "$VOLUME:/data" -- /granit --ignore=all --warn=writable-mounts -- /probe exit 0
	boxed 78 --read-only --bind "$VOLUME:/data" -- /granit --profile=immutable --scan=off -- /probe exit 0
	contains "$stderr" 'FAIL writable-mounts'
	boxed 0 --read-only --bind "$VOLUME:/data" -- /granit --check --scan=off
	contains "$output" 'warn = writable-mounts:/data    (/etc/granit.conf, line 1) lowers'
	boxed 78 -- /granit --check --scan=off
	contains "$output" 'FAIL config-trusted'
}

@test "JSON has the level of each piece" {
	needs_tool jq
	make_root
	mkdir "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/a:/a" --bind "$BATS_TEST_TMPDIR/b:/b" -- \
		/granit --check --config=none --format=json --warn=writable-mounts:/a
	jq -r '.findings[] | select(.id == "writable-mounts") | .path, (.evidence[] | "\(.kind) \(.level) \(.text | .[:2])")' \
		<<<"$output" >"$BATS_TEST_TMPDIR/said"
	diff -u <(printf '%s\n' /b 'grave fail /b' 'lesser warn /a') "$BATS_TEST_TMPDIR/said"
}

@test "the watch knows them" {
	make_root
	boxed 0 --read-only --bind "$VOLUME:/data" -- /granit --config=none --ignore=all --warn=writable-mounts:/data -v -- /probe exit 0
	contains "$stderr" 'warn writable-mounts'
}

@test "--fail=warnings: every warning refuses, and nothing that only informs" {
	judged writable-mounts violation fail "$DISK" at=91:dir option=--profile=audit option=--fail=warnings
	judged host-uts violation fail namespace=uts:host option=--fail=warnings
	judged user-ns violation info namespace=user:host option=--fail=warnings
	judged writable-mounts violation fail "$DISK" at=91:dir option=--warn=writable-mounts:/data option=--fail=warnings
	judged writable-mounts violation fail "$DISK" at=91:dir option=--fail=warnings option=--warn=writable-mounts
	judged host-uts violation warn namespace=uts:host option=--fail=warnings option=--fail=none
	wrong "'warnings' is not a known check" --warn=warnings
	make_root
	boxed 0 --read-only -- /granit --check --ignore=all --warn=no-shell,stdio-tty
	mkdir -p "$ROOT/bin"
	cp /bin/busybox "$ROOT/bin/sh"
	boxed 0 --read-only -- /granit --check --ignore=all --warn=no-shell
	boxed 78 --read-only -- /granit --check --ignore=all --warn=no-shell --fail=warnings
	boxed 78 --read-only -- /granit --ignore=all --warn=no-shell --fail=warnings -- /probe args started
	[ -z "$output" ]
}
