#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# As process 1 of a container that no engine made: verify, harden, refuse.
# bats sets output and stderr; functions are called by name; a comma belongs to a value.
# shellcheck disable=SC2030,SC2031,SC2054,SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
}

@test "a read-only root starts, and the warnings are named in a line" {
	boxed 7 --read-only -- /granit -- /probe exit 7
	[ -z "$output" ]
	grep -qxE 'granit: ([2-9]|[1-9][0-9]) warnings:( [a-z-]+)+' <<<"$stderr"
	boxed 7 --read-only -- /granit -q -- /probe exit 7
	[ -z "$output$stderr" ]
	boxed 7 --read-only -- /granit -v -- /probe exit 7
	contains "$stderr" 'pass root-read-only'
}

@test "audit names what its target would refuse, and what would only warn" {
	cp /bin/busybox "$ROOT/sh"
	boxed 7 -- /granit --profile=audit -- /probe exit 7
	grep -qxE 'granit: audit: immutable would refuse:( [a-z-]+)*; [0-9]+ warnings:( [a-z-]+)+' <<<"$stderr"
	[[ ${stderr%%;*} == *' root-read-only'* && ${stderr%%;*} == *' no-shell '* && ${stderr%%;*} != *non-root-uid* ]]
	[[ ${stderr#*;} == *' non-root-uid'* && ${stderr#*;} != *no-shell* ]]
	boxed 7 -- /granit --profile=audit --target=restricted -- /probe exit 7
	[[ ${stderr%%;*} == 'granit: audit: restricted would refuse:'*' non-root-uid'* ]]
	# What was said of a check holds in the target too.
	boxed 7 -- /granit --profile=audit --warn=no-shell -- /probe exit 7
	[[ ${stderr%%;*} != *' no-shell '* && ${stderr#*;} == *' no-shell '* ]]
	boxed 7 -- /granit --profile=audit -v -- /probe exit 7
	contains "$stderr" $'warn root-read-only: the root filesystem is writable\n     immutable: fail'
	boxed 0 -- /granit --check --profile=audit --format=json
	[ "$(jq -r '.findings[] | select(.id == "root-read-only") | .level + " " + .target_level' <<<"$output")" = 'warn fail' ]
	expect 125 "$GRANIT" --target=audit -- /bin/true
	contains "$stderr" "choose from immutable, restricted"
}

@test "process 1 and the program have no capability and no new privileges" {
	boxed 0 --read-only -- /granit -q -- /probe init-status
	[ "$(grep -c '^Cap[A-Za-z]*:.0000000000000000$' <<<"$output")" -eq 5 ]
	contains "$output" $'NoNewPrivs:\t1'
	boxed 0 --read-only -- /granit -q -- /probe status
	[ "$(grep -c '^Cap[A-Za-z]*:.0000000000000000$' <<<"$output")" -eq 5 ]
	boxed 0 --read-only -- /granit -q -- /probe rlimit core
	[ "$output" = '0 0' ]
	boxed 0 --read-only -- /granit -q -- /probe remount
	[ "$output" = EPERM ]
}

@test "inherited descriptors are refused when they lead out, and else closed" {
	expect 78 bash -c 'exec 7</; exec "$@"' - "$TOOLS/nscontainer" --read-only "$ROOT" -- /granit -- /probe fds
	contains "$stderr" 'descriptor 7 is a directory'
	expect 0 bash -c 'exec 3>&- 4>&- 7< <(:); exec "$@"' - "$TOOLS/nscontainer" --read-only "$ROOT" -- \
		/granit -q --ignore=dir-fd-leak -- /probe fds
	[ "$(awk '{ print $1 }' <<<"$output" | tr '\n' ' ')" = '0 1 2 ' ]
}

@test "a writable root is refused, with the reason and how to fix it in each tool" {
	boxed 78 -- /granit -- /probe exit 0
	[ -z "$output" ]
	contains "$stderr" 'refused to start /probe'
	contains "$stderr" '/ is mounted writable'
	contains "$stderr" --read-only
	contains "$stderr" 'readOnlyRootFilesystem: true'
	contains "$stderr" Kubernetes
}

@test "a busybox under the name of wget is refused" {
	mkdir -p "$ROOT/usr/local/bin"
	cp /bin/busybox "$ROOT/usr/local/bin/wget"
	boxed 78 --read-only -- /granit -- /probe exit 0
	contains "$stderr" '/usr/local/bin/wget is a shell by its content'
}

@test "a shell beside the program, in the root directory, is refused" {
	cp /bin/dash "$ROOT/tool"
	boxed 78 --read-only -- /granit -- /probe exit 0
	contains "$stderr" '/tool is a shell by its content'
}

@test "a runtime socket is refused under any name" {
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$BATS_TEST_TMPDIR/docker.sock"
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/docker.sock:/tmp/x" -- /granit -- /probe exit 0
	contains "$stderr" "/tmp/x is a socket that controls the host"
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/docker.sock:/tmp/x:ro" -- /granit --writable=/tmp/x -- /probe exit 0
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR:/data:ro" -- /granit -- /probe exit 0
	contains "$stderr" '/data/docker.sock'
}

@test "a writable volume is refused unless declared, a tmpfs warns" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit -- /probe exit 0
	contains "$stderr" '/data is writable and outlives the container'
	boxed 0 --read-only --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit -q --writable=/data -- /probe write /data/x
	[ "$output" = ok ]
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/volume:/data:ro" -- /granit --writable=/data -- /probe exit 0
	contains "$stderr" 'it is on a read-only mount'
	boxed 0 --read-only --tmpfs /tmp -- /granit -- /probe exit 0
	boxed 78 --read-only --tmpfs /tmp -- /granit --fail=writable-mounts -- /probe exit 0
}

@test "CAP_SYS_ADMIN and a writable /proc are refused" {
	needs_root "capabilities to give"
	boxed 78 --read-only --caps=0000000000200000 -- /granit -- /probe exit 0
	contains "$stderr" 'CAP_SYS_ADMIN is in the permitted set'
	boxed 78 --read-only --proc-writable -- /granit -- /probe exit 0
	contains "$stderr" '/proc/sys is writable'
}

@test "a program on a volume is refused, unless :exec says it is meant" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/volume/app"
	boxed 78 --read-only --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit --writable=/data -- /data/app exit 4
	contains "$stderr" '/data/app can be written'
	boxed 4 --read-only --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit -q --writable=/data:exec -- /data/app exit 4
}

@test "without /proc, and with a false one, nothing starts" {
	boxed 78 --read-only --no-proc -- /granit -- /probe exit 0
	contains "$stderr" /proc
	boxed 78 --read-only --no-proc --tmpfs /proc -- /granit -- /probe exit 0
	contains "$stderr" 'it is not a procfs'
	boxed 0 --read-only --no-proc -- /granit --profile=audit -- /probe exit 0
}

@test "a file mounted over /proc/self/mountinfo is not believed" {
	needs_root "a mount over /proc"
	printf '71 47 0:38 / / ro - overlay overlay ro\n' >"$BATS_TEST_TMPDIR/fake"
	# shellcheck disable=SC2016 # the inner shell's
	expect 78 unshare --mount bash -c 'mount --bind "$1" "/proc/$$/mountinfo" && shift && exec "$@"' - \
		"$BATS_TEST_TMPDIR/fake" "$GRANIT" --check -v --ignore=all --fail=writable-mounts
	contains "$output" 'something is mounted over it'
}

@test "audit starts on a writable root, as the levels say" {
	boxed 3 -- /granit --profile=audit -- /probe exit 3
	boxed 3 -- /granit --warn=root-read-only -- /probe exit 3
	boxed 78 -- /granit --ignore=all --fail=root-read-only -- /probe exit 3
	boxed 3 -- /granit --fail=all --ignore=all -- /probe exit 3
}

@test "--check reports on standard output and starts nothing" {
	boxed 0 --read-only -- /granit --check -v -- /probe exit 3
	contains "$output" 'pass root-read-only'
	[ -z "$stderr" ]
	boxed 78 -- /granit --check -v
	contains "$output" 'FAIL root-read-only'
	grep -qxE 'granit: [0-9]+ checks passed, [0-9]+ warned, 1 failed' <<<"$output"
}

@test "zombies of process 1 are collected" {
	boxed 0 --read-only -- /granit -q -- /probe orphans 300 5
	[ "$output" = 'zombies 0' ]
}

# step_fails RULE STEP: the step's system call fails, and nothing is started
step_fails() {
	boxed 125 --read-only -- /inject "$1" -- /granit -q -- /probe args started
	[ -z "$output" ]
	contains "$stderr" "hardening step $2 failed"
	contains "$stderr" 'the program was not started'
}

@test "each hardening step that fails, or only pretends to work, stops the start" {
	step_fails close_range=EIO close-fds
	step_fails close_range=0 close-fds
	step_fails prlimit64=EPERM limits
	step_fails capset=EPERM capabilities
	step_fails prctl:24=EPERM bounding-set
	step_fails prctl:38=EPERM no-new-privs
	step_fails capset=0 read-back
	step_fails prctl:24=0 read-back
}

@test "close_range that is not there has a substitute" {
	local error
	for error in ENOSYS EPERM; do
		boxed 0 --read-only -- /inject "close_range=$error" -- /granit -q -- /probe fds
		[ "$(awk '{ print $1 }' <<<"$output" | tr '\n' ' ')" = '0 1 2 ' ]
	done
}

@test "kernels without openat2 and statx do" {
	local call
	for call in openat2 statx; do
		boxed 0 --read-only -- /inject "$call=ENOSYS" -- /granit -q -- /probe exit 0
		boxed 78 -- /inject "$call=ENOSYS" -- /granit -q -- /probe exit 0
	done
}
