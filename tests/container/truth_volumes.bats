#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Truth table, what is mounted into a container: volumes, folders and sockets of the host's, tmpfs, secrets.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/truth
	truth_file
}

setup() {
	load ../helpers/truth
	truth_setup
}

teardown() {
	engine_rm
	! mountpoint --quiet "$BATS_TEST_TMPDIR/run" || umount "$BATS_TEST_TMPDIR/run"
	[ -z "${VOLUME:-}" ] || engine volume rm --force "$VOLUME" >/dev/null
	[ -z "${SECRET:-}" ] || engine secret rm "$SECRET" >/dev/null
}

# ---- tmpfs: gone with the container, so it only warns

@test "podman: --tmpfs /tmp" {
	expect 0 '' +writable-mounts -writable-suid-dev -- --read-only --tmpfs /tmp --
}

@test "docker: --tmpfs /tmp" {
	expect 0 '' +writable-mounts -writable-suid-dev -- --read-only --tmpfs /tmp --
}

@test "podman: --tmpfs /tmp:exec" {
	expect 0 '' +writable-mounts -writable-exec -- --read-only --read-only-tmpfs=false --tmpfs /tmp:exec --
}

@test "docker: --tmpfs /tmp:exec" {
	expect 0 '' +writable-mounts -writable-exec -- --read-only --user 65532:65532 --tmpfs /tmp:exec --
}

@test "podman: --tmpfs /tmp:noexec" {
	expect 0 '' +writable-mounts -writable-exec -- --read-only --read-only-tmpfs=false --tmpfs /tmp:noexec,nosuid,nodev --
}

@test "docker: --tmpfs /tmp:noexec" {
	expect 0 '' +writable-mounts -writable-exec -- --read-only --user 65532:65532 --tmpfs /tmp:noexec,nosuid,nodev --
}

@test "podman: --mount type=tmpfs" {
	expect 0 '' +writable-mounts -- --read-only --mount type=tmpfs,destination=/scratch --
}

@test "docker: --mount type=tmpfs" {
	expect 0 '' +writable-mounts -- --read-only --mount type=tmpfs,destination=/scratch --
}

@test "docker: --tmpfs :ro" {
	expect 0 '' -writable-mounts -- --read-only --tmpfs /scratch:ro --
}

@test "podman: --tmpfs over /bin" {
	expect 0 '' +root-mount-shape +path-sane -- --read-only --tmpfs /bin --
}

@test "docker: --tmpfs over /bin" {
	expect 0 '' +root-mount-shape +path-sane -- --read-only --tmpfs /bin --
}

# ---- volumes

@test "podman: a folder" {
	expect 78 writable-mounts -sensitive-mounts -- --read-only --volume "$(folder):/data" --
}

@test "docker: a folder" {
	expect 78 writable-mounts -sensitive-mounts -- --read-only --volume "$(folder):/data" --
}

@test "podman: a folder, read-only" {
	expect 0 '' -writable-mounts -writable-exec -sensitive-mounts -- --read-only --read-only-tmpfs=false --volume "$(folder):/data:ro" --
}

@test "docker: a folder, read-only" {
	expect 0 '' -writable-mounts -sensitive-mounts -- --read-only --volume "$(folder):/data:ro" --
}

@test "podman: --mount type=bind,readonly" {
	expect 0 '' -sensitive-mounts -- --read-only --mount "type=bind,source=$(folder),destination=/data,readonly" --
}

@test "docker: --mount type=bind,readonly" {
	expect 0 '' -writable-mounts -- --read-only --mount "type=bind,source=$(folder),destination=/data,readonly" --
}

@test "podman: a folder, shared with the host" {
	expect 78 writable-mounts +mount-propagation -- --read-only --volume "$(folder):/data:rshared" --
}

# Gone with the container, but written to the disk: granit cannot tell it from one that stays.
@test "podman: a folder as an overlay" {
	expect 78 writable-mounts -sensitive-mounts -- --read-only --volume "$(folder):/data:O" --
}

# The mount table writes them in another way.
@test "podman: a folder with blanks in its name" {
	expect 78 writable-mounts -- --read-only --volume "$(folder):/my data" --
}

@test "docker: a folder with blanks in its name, declared writable" {
	expect 0 '' -writable-mounts -- --read-only --volume "$(folder):/my data" -- '--writable=/my data'
}

@test "podman: a named volume" {
	VOLUME=$(container_name)
	expect 78 writable-mounts -- --read-only --volume "$VOLUME:/data" --
}

@test "docker: a named volume" {
	VOLUME=$(container_name)
	expect 78 writable-mounts -- --read-only --volume "$VOLUME:/data" --
}

@test "podman: a named volume, read-only" {
	VOLUME=$(container_name)
	expect 0 '' -sensitive-mounts -- --read-only --volume "$VOLUME:/data:ro" --
}

@test "docker: a named volume, read-only" {
	VOLUME=$(container_name)
	expect 0 '' -writable-mounts -sensitive-mounts -- --read-only --volume "$VOLUME:/data:ro" --
}

# It says tmpfs to granit, as --tmpfs does.
@test "podman: a named volume in memory" {
	VOLUME=$(container_name)
	engine volume create --opt type=tmpfs --opt device=tmpfs "$VOLUME"
	expect 0 '' +writable-mounts -- --read-only --volume "$VOLUME:/data" --
}

@test "docker: a named volume in memory" {
	VOLUME=$(container_name)
	engine volume create --opt type=tmpfs --opt device=tmpfs "$VOLUME"
	expect 0 '' +writable-mounts -- --read-only --volume "$VOLUME:/data" --
}

@test "podman: an anonymous volume" {
	expect 78 writable-mounts -- --read-only --volume /data --
}

@test "docker: an anonymous volume" {
	expect 78 writable-mounts -- --read-only --volume /data --
}

# from STATUS 'FAILING-ID...' [:ro]: with the volumes of a container that runs
from() {
	local name
	name=$(container_name)
	engine_detach "$name" --read-only --volume "$(folder):/data" --entrypoint /probe "$IMAGE" sleep 60
	expect "$1" "$2" -- --read-only --volumes-from "$name${3:-}" --
}

@test "podman: --volumes-from" {
	from 78 writable-mounts
}

@test "docker: --volumes-from" {
	from 78 writable-mounts
}

@test "podman: --volumes-from :ro" {
	from 0 '' :ro
}

@test "docker: --volumes-from :ro" {
	from 0 '' :ro
}

@test "podman: --mount type=image" {
	expect 0 '' -sensitive-mounts -- --read-only --mount "type=image,source=$IMAGE,destination=/img" --
}

@test "podman: --mount type=image,rw=true" {
	expect 78 writable-mounts -- --read-only --mount "type=image,source=$IMAGE,destination=/img,rw=true" --
}

# A claim's folders, as subPath mounts them: they are called as they like.
claim() {
	mkdir -p "$BATS_TEST_TMPDIR/claim/etc" "$BATS_TEST_TMPDIR/claim/var/log"
	expect 0 '' -sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/claim/etc:/data" \
		--volume "$BATS_TEST_TMPDIR/claim/var/log:/log" -- --writable=/data --writable=/log
}

@test "podman: folders etc and var/log of a volume, declared writable" {
	claim
}

@test "docker: folders etc and var/log of a volume, declared writable" {
	claim
}

# ---- the host's system

@test "podman: the host's /etc" {
	expect 78 'writable-mounts sensitive-mounts' -- --read-only --volume /etc:/host/etc --
}

@test "docker: the host's /etc" {
	expect 78 'writable-mounts sensitive-mounts' -- --read-only --volume /etc:/host/etc --
}

@test "podman: the host's /etc, read-only" {
	expect 0 '' +sensitive-mounts -- --read-only --volume /etc:/host/etc:ro --
}

@test "docker: the host's /etc, read-only" {
	expect 0 '' +sensitive-mounts -writable-mounts -- --read-only --volume /etc:/host/etc:ro --
}

@test "podman: the host's /etc, declared writable" {
	expect 78 sensitive-mounts -- --read-only --volume /etc:/host/etc -- --writable=/host/etc
}

@test "docker: the host's /etc, declared writable" {
	expect 78 sensitive-mounts -- --read-only --volume /etc:/host/etc -- --writable=/host/etc
}

# A socket in it would tell, or its device manager. Where the engine's folders are not the usual ones, its name says nothing.
var_run() {
	[ "$(stat --file-system --format %T /run/)" != tmpfs ] || skip "this machine's /run is a tmpfs"
	expect 78 writable-mounts -- --read-only --volume /var/run:/host/run --
}

@test "podman: the host's /var/run" {
	var_run
}

@test "docker: the host's /var/run" {
	var_run
}

# Below the host's / lies the container's own root filesystem, writable: whoever writes there changes the program.
@test "podman: the host's /" {
	expect 78 "app-immutable writable-mounts sensitive-mounts $CGROUP_RO" -- --read-only --volume /:/host --
}

@test "docker: the host's /" {
	expect 78 "app-immutable writable-mounts sensitive-mounts $CGROUP_RO" -- --read-only --volume /:/host --
}

# What is mounted below it comes along, and is not read-only: the container's own root filesystem is.
@test "podman: the host's /, read-only" {
	expect 78 "app-immutable writable-mounts sensitive-mounts $CGROUP_RO" -- --read-only --volume /:/host:ro --
}

@test "docker: the host's /, read-only" {
	expect 78 "app-immutable writable-mounts sensitive-mounts $CGROUP_RO" -- --read-only --volume /:/host:ro --
}

@test "podman: the host's /proc, read-only" {
	expect 0 '' +sensitive-mounts -- --read-only --mount type=bind,source=/proc,destination=/host/proc,readonly,bind-nonrecursive --
}

@test "podman: the host's /dev" {
	expect 78 'writable-mounts sensitive-mounts' -- --read-only --volume /dev:/host/dev --
}

@test "docker: the host's /dev" {
	expect 78 'writable-mounts sensitive-mounts' -- --read-only --volume /dev:/host/dev --
}

@test "podman: the host's time zone, read-only" {
	expect 0 '' -root-mount-shape -- --read-only --volume /etc/localtime:/etc/localtime:ro --
}

@test "docker: the host's time zone, read-only" {
	expect 0 '' -root-mount-shape -- --read-only --volume /etc/localtime:/etc/localtime:ro --
}

@test "podman: the host's shell, read-only" {
	expect 78 'no-shell no-shell-content' -- --read-only --volume /usr/bin/dash:/bin/dash:ro --
}

@test "docker: the host's shell, read-only" {
	expect 78 'no-shell no-shell-content' -- --read-only --volume /usr/bin/dash:/bin/dash:ro --
}

# ---- sockets

@test "podman: Docker's socket under another name" {
	socket docker.sock
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/docker.sock:/tmp/x" --
}

@test "docker: Docker's socket under another name" {
	socket docker.sock
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/docker.sock:/tmp/x" --
}

@test "podman: a socket of another name as Docker's, read-only" {
	socket other
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/other:/var/run/docker.sock:ro" --
}

@test "docker: a socket of another name as Docker's, read-only" {
	socket other
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/other:/var/run/docker.sock:ro" --
}

@test "podman: a socket that is no runtime's" {
	socket other
	expect 0 '' +sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/other:/tmp/x" --
}

@test "docker: a socket that is no runtime's" {
	socket other
	expect 0 '' +sensitive-mounts -writable-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/other:/tmp/x" --
}

@test "podman: a folder that holds Docker's socket, read-only" {
	socket docker.sock
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR:/host:ro" --
}

@test "docker: a folder that holds Docker's socket, read-only" {
	socket docker.sock
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR:/host:ro" --
}

@test "podman: containerd's own folder, read-only" {
	mkdir "$BATS_TEST_TMPDIR/containerd"
	socket containerd/containerd.sock
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/containerd:/host:ro" --
}

@test "docker: containerd's own folder, read-only" {
	mkdir "$BATS_TEST_TMPDIR/containerd"
	socket containerd/containerd.sock
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/containerd:/host:ro" --
}

# As /run is on most hosts.
memory_with_socket() {
	mkdir "$BATS_TEST_TMPDIR/run"
	mount -t tmpfs tmpfs "$BATS_TEST_TMPDIR/run"
	mkdir "$BATS_TEST_TMPDIR/run/podman"
	socket run/podman/podman.sock
	expect 78 sensitive-mounts +writable-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/run:/host/run" --
}

@test "podman: a tmpfs of the host's that holds podman's socket" {
	memory_with_socket
}

@test "docker: a tmpfs of the host's that holds podman's socket" {
	memory_with_socket
}

# The host's /run, as it is on most, where the runtime has a tmpfs of its own.
memory_on_shm() {
	mkdir "$BATS_TEST_TMPDIR/run"
	mount -t tmpfs tmpfs "$BATS_TEST_TMPDIR/run"
	mkdir "$BATS_TEST_TMPDIR/run/dbus"
	socket run/dbus/system_bus_socket
	expect 78 sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/run:/dev/shm" --
}

@test "podman: a tmpfs of the host's that holds D-Bus' socket, on /dev/shm" {
	memory_on_shm
}

@test "docker: a tmpfs of the host's that holds D-Bus' socket, on /dev/shm" {
	memory_on_shm
}

@test "podman: Docker's socket, accepted by its path" {
	socket docker.sock
	expect 0 '' +sensitive-mounts -- --read-only --volume "$BATS_TEST_TMPDIR/docker.sock:/tmp/x" -- --warn=sensitive-mounts:/tmp/x
}

# ---- secrets, and users

# podman makes /etc/passwd and /etc/group for it.
@test "podman: a user that the image does not know" {
	expect 0 '' -sensitive-mounts -writable-mounts -- --read-only --read-only-tmpfs=false --user 4242:4242 --
}

# Declared by the deployer, read-only, in a folder of the container's own.
@test "podman: --secret" {
	SECRET=$(container_name)
	engine secret create "$SECRET" - <<<word
	expect 0 '' -sensitive-mounts -env-secrets -- --read-only --secret "$SECRET,target=/key" --
}

@test "podman: --secret as a variable" {
	SECRET=$(container_name)
	engine secret create "$SECRET" - <<<word
	expect 0 '' +env-secrets -- --read-only --secret "$SECRET,type=env,target=DB_PASSWORD" --
}
