#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# What a deployer or a derived image can do wrong: granit refuses, says what it was and how to fix it.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	image "$IMAGE" "$BATS_FILE_TMPDIR/root"
}

setup() {
	load ../helpers/engines
	load ../helpers/container
}

teardown() {
	engine_rm
}

refuses_writable_root() {
	refuses root-read-only "$IMAGE"
	has "$stderr" 'granit: refused to start /probe: root-read-only'
	has "$stderr" '/ is mounted writable'
	has "$stderr" '     --read-only'
}

@test "a writable root" {
	each_engine refuses_writable_root
}

audits() {
	runs 7 --entrypoint /granit "$IMAGE" --profile=audit -- /probe exit 7
	has "$stderr" warning
	# Nothing is taken away there.
	runs 0 --entrypoint /granit "$IMAGE" --profile=audit -- /probe status
	has "$output" $'NoNewPrivs:\t0'
}

@test "a writable root only warns in audit" {
	each_engine audits
}

refuses_busybox() {
	refuses no-multicall --read-only granit-test/wget:1
	has "$stderr" '/usr/local/bin/wget is busybox, with a shell in it'
	has "$stderr" 'FAIL no-shell-content:'
}

@test "busybox under the name of wget" {
	mkdir -p "$BATS_TEST_TMPDIR/root/usr/local/bin"
	cp /bin/busybox "$BATS_TEST_TMPDIR/root/usr/local/bin/wget"
	image granit-test/wget:1 "$BATS_TEST_TMPDIR/root"
	each_engine refuses_busybox
}

refuses_shell() {
	refuses no-shell --read-only granit-test/shell:1
	has "$stderr" '/bin/sh has the name of a shell'
}

@test "a shell" {
	mkdir -p "$BATS_TEST_TMPDIR/root/bin"
	cp /bin/dash "$BATS_TEST_TMPDIR/root/bin/sh"
	image granit-test/shell:1 "$BATS_TEST_TMPDIR/root"
	each_engine refuses_shell
}

# What it is called is what the host calls it, so a socket of that name will do.
make_socket() {
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1"
}

refuses_socket() {
	refuses sensitive-mounts --read-only --volume "$SOCKETS/docker.sock:/tmp/x" "$IMAGE"
	has "$stderr" "/tmp/x is a socket that controls the host"
	refuses sensitive-mounts --read-only --volume "$SOCKETS/docker.sock:/tmp/x:ro" "$IMAGE"
}

@test "Docker's socket under the name of /tmp/x, read-only or not" {
	SOCKETS=$BATS_TEST_TMPDIR
	make_socket "$SOCKETS/docker.sock"
	each_engine refuses_socket
}

refuses_socket_folder() {
	refuses sensitive-mounts --read-only --volume "$SOCKETS:/host:ro" "$IMAGE"
	has "$stderr" "/host holds a socket that controls the host"
	# Declaring it does not make it harmless.
	runs 78 --read-only --volume "$SOCKETS:/host" --entrypoint /granit "$IMAGE" --writable=/host -- /probe args started
	has "$stderr" 'FAIL sensitive-mounts:'
}

@test "a folder with Docker's socket in it, declared or not" {
	SOCKETS=$BATS_TEST_TMPDIR/run
	mkdir "$SOCKETS"
	make_socket "$SOCKETS/docker.sock"
	each_engine refuses_socket_folder
}

refuses_volume() {
	refuses writable-mounts --read-only granit-test/volume:1
	has "$stderr" '/data is writable and outlives the container'
}

@test "a VOLUME that the image itself asks for" {
	image granit-test/volume:1 "$BATS_TEST_TMPDIR/root" 'VOLUME /data'
	each_engine refuses_volume
}

refuses_bind() {
	refuses writable-mounts --read-only --volume "$SHARED:/data" "$IMAGE"
	runs 0 --read-only --volume "$SHARED:/data:ro" "$IMAGE" /probe write /data/x
	is "writing to the read-only one" EROFS "$output"
}

@test "a folder of the host's, unless it is read-only" {
	SHARED=$BATS_TEST_TMPDIR/shared
	mkdir "$SHARED"
	each_engine refuses_bind
}

refuses_host_etc() {
	refuses sensitive-mounts --read-only --volume /etc:/host/etc "$IMAGE"
	has "$stderr" "/host/etc is a part of the host's system, and writable: an /etc"
}

@test "the host's /etc, writable" {
	each_engine refuses_host_etc
}

refuses_host_root() {
	refuses sensitive-mounts --read-only --volume /:/host:ro "$IMAGE"
	has "$stderr" '/host'
}

# Read-only is only the mount of / itself: what is mounted below comes with it as it is, /proc and /dev and all.
@test "the host's whole file system, though read-only" {
	each_engine refuses_host_root
}

is_strict() {
	runs 78 --read-only --tmpfs /tmp --user 65532:65532 --entrypoint /granit "$IMAGE" --profile=restricted -- /probe args started
	has "$stderr" 'FAIL writable-mounts:'
	has "$stderr" '/tmp is a writable tmpfs'
}

@test "a tmpfs, in the profile restricted" {
	each_engine is_strict
}

names_the_flag() {
	runs 78 --read-only --entrypoint /granit "$IMAGE" --writable=/cache -- /probe args started
	has "$stderr" 'FAIL writable-declared:'
	has "$stderr" '--tmpfs /cache'
}

@test "what was declared and is not there, with the flag to add" {
	each_engine names_the_flag
}

refuses_sys_admin() {
	refuses root-remount --read-only --cap-add SYS_ADMIN "$IMAGE"
	has "$stderr" 'CAP_SYS_ADMIN is in the permitted set'
}

@test "CAP_SYS_ADMIN, which could make the root writable again" {
	each_engine refuses_sys_admin
}

refuses_privileged() {
	refuses root-remount --read-only --privileged "$IMAGE"
	local id
	for id in proc-readonly sys-ro; do
		has "$stderr" "FAIL $id:"
	done
}

# Docker asks for all capabilities the kernel knows, and fails by itself where root has fewer.
@test "a privileged container" {
	only_on podman
	refuses_privileged
}

refuses_own_program() {
	runs 78 --read-only --volume /data --entrypoint /granit "$IMAGE" --writable=/data -- /data/probe args started
	has "$stderr" 'FAIL app-immutable:'
	runs 0 --read-only --volume /data --entrypoint /granit "$IMAGE" --writable=/data:exec -- /data/probe args started
}

@test "a program on a volume that its user can write, unless it was declared :exec" {
	mkdir -p "$BATS_TEST_TMPDIR/root/data"
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$BATS_TEST_TMPDIR/root/data/"
	IMAGE=granit-test/own:1
	image "$IMAGE" "$BATS_TEST_TMPDIR/root"
	each_engine refuses_own_program
}
