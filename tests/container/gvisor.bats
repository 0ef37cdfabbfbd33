#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# gVisor as users have it: a runtime of Docker's and of podman's. What it comes to without an engine is in tests/platform.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	image "$IMAGE" "$BATS_FILE_TMPDIR/root"
	local shell=$BATS_FILE_TMPDIR/shell
	mkdir -p "$shell/bin"
	cp /bin/busybox "$shell/bin/x"
	image granit-test/gvisor-shell:1 "$shell"
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	command -v runsc >/dev/null
	OWNER=$(stat -c %u /dev/null)
	export ENGINE_RUNTIME=runsc
	# A pipe for standard input (-i): gVisor takes over what it gets there, and of an engine that is the machine's /dev/null.
	exec < <(:)
}

teardown() {
	engine_rm
	[ "$(stat -c %u /dev/null)" = "$OWNER" ]
}

starts() {
	runs 5 -i --read-only "$IMAGE" /probe exit 5
	runs 0 -i --read-only --user 65532:65532 --cap-drop ALL "$IMAGE" /probe status
	has "$output" $'CapEff:\t0000000000000000'
	runs 0 -i --read-only --entrypoint /granit "$IMAGE" --check -v
	has "$output" gVisor
}

@test "gVisor: a read-only container starts, and drops what it has" {
	each_engine starts
}

refuses_what_is_open() {
	refuses root-read-only -i "$IMAGE"
	refuses no-shell-content -i --read-only granit-test/gvisor-shell:1
	refuses writable-mounts -i --read-only -v "$BATS_TEST_TMPDIR:/data" "$IMAGE"
}

@test "gVisor: a writable root, a shell and an undeclared volume refuse" {
	each_engine refuses_what_is_open
}

takes_a_volume() {
	chmod 777 "$BATS_TEST_TMPDIR"
	runs 0 -i --read-only -v "$BATS_TEST_TMPDIR:/data" --entrypoint /granit "$IMAGE" --writable=/data -- /probe write /data/new
	runs 0 -i --read-only --tmpfs /tmp --entrypoint /granit "$IMAGE" --writable=/tmp -- /probe write /tmp/new
}

@test "gVisor: a declared volume is written" {
	each_engine takes_a_volume
}

stops() {
	local name
	name=$(container_name)
	engine_detach "$name" -i --read-only "$IMAGE" /probe serve 8080
	retry 400 0.05 has_logged "$name" serving >/dev/null
	run -0 engine_exec -i "$name" /granit --check <<<""
	engine_kill TERM "$name"
	ends_within 10 "$name" 0
}

@test "gVisor: a health check by exec, and the end by TERM" {
	each_engine stops
}
