#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Truth table, what a deployer gives beyond the default or takes from it: users, capabilities, namespaces, devices.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/truth
	truth_file
}

setup() {
	load ../helpers/truth
	truth_setup
}

# ---- users and capabilities

@test "podman: --user 65532:65532" {
	expect 0 '' -non-root-uid -non-root-gid -caps-effective -- --read-only --user 65532:65532 --
}

@test "docker: --user 65532:65532" {
	expect 0 '' -non-root-uid -non-root-gid -caps-effective -- --read-only --user 65532:65532 --
}

@test "podman: --user 65532, which leaves it in group 0" {
	expect 0 '' -non-root-uid +non-root-gid -- --read-only --user 65532 --
}

@test "docker: --user 65532, which leaves it in group 0" {
	expect 0 '' -non-root-uid +non-root-gid -- --read-only --user 65532 --
}

@test "podman: --group-add 0" {
	expect 0 '' +non-root-gid -- --read-only --user 65532:65532 --group-add 0 --
}

@test "docker: --group-add 0" {
	expect 0 '' +non-root-gid -- --read-only --user 65532:65532 --group-add 0 --
}

@test "podman: --cap-drop ALL" {
	expect 0 '' -caps-effective -caps-bounding -- --read-only --cap-drop ALL --
}

@test "docker: --cap-drop ALL" {
	expect 0 '' -caps-effective -caps-bounding -- --read-only --cap-drop ALL --
}

@test "podman: --security-opt no-new-privileges" {
	expect 0 '' -no-new-privs -- --read-only --security-opt no-new-privileges --
}

@test "docker: --security-opt no-new-privileges" {
	expect 0 '' -no-new-privs -- --read-only --security-opt no-new-privileges --
}

@test "podman: --cap-add SYS_ADMIN" {
	expect 78 root-remount -- --read-only --cap-add SYS_ADMIN --
}

@test "docker: --cap-add SYS_ADMIN" {
	expect 78 root-remount -- --read-only --cap-add SYS_ADMIN --
}

# Not in the effective set then, but a setuid file or an exec session could have it.
@test "podman: --cap-add SYS_ADMIN for another user than root" {
	expect 78 root-remount -- --read-only --cap-add SYS_ADMIN --user 65532:65532 --
}

@test "docker: --cap-add SYS_ADMIN for another user than root" {
	expect 78 root-remount -- --read-only --cap-add SYS_ADMIN --user 65532:65532 --
}

@test "podman: --cap-add NET_ADMIN" {
	expect 0 '' +caps-effective -privileged -- --read-only --cap-add NET_ADMIN --
}

@test "docker: --cap-add NET_ADMIN" {
	expect 0 '' +caps-effective -privileged -- --read-only --cap-add NET_ADMIN --
}

@test "podman: --cap-add SYS_PTRACE" {
	expect 0 '' +caps-effective -privileged -- --read-only --cap-add SYS_PTRACE --
}

@test "docker: --cap-add SYS_PTRACE" {
	expect 0 '' +caps-effective -privileged -- --read-only --cap-add SYS_PTRACE --
}

# Of all capabilities the one that root has not everywhere is left out: without it the engine itself would fail.
@test "podman: all capabilities" {
	expect 78 root-remount -- --read-only --cap-add ALL --cap-drop SYS_RESOURCE --
}

@test "docker: all capabilities" {
	expect 78 root-remount -- --read-only --cap-add ALL --cap-drop SYS_RESOURCE --
}

@test "podman: --privileged" {
	expect 78 "root-remount proc-readonly sys-ro $CGROUP_RO" +privileged +devices +seccomp -- --read-only --privileged --
}

@test "podman: --privileged, as another user than root" {
	expect 78 "root-remount proc-readonly sys-ro $CGROUP_RO" -non-root-uid -- --read-only --privileged --user 65532:65532 --
}

@test "podman: restricted, --privileged" {
	expect 78 "root-remount proc-readonly sys-ro non-root-uid seccomp privileged proc-masked core-pattern devices $CGROUP_RO" \
		-- --read-only --read-only-tmpfs=false --privileged -- --profile=restricted
}

# What Docker's --privileged is made of, as far as single flags give it.
@test "docker: all capabilities, no filter, nothing hidden" {
	expect 78 'root-remount proc-readonly' +seccomp +proc-masked +core-pattern -- --read-only --cap-add ALL --cap-drop SYS_RESOURCE \
		--security-opt seccomp=unconfined --security-opt systempaths=unconfined --
}

# ---- confinement

@test "podman: --security-opt seccomp=unconfined" {
	expect 0 '' +seccomp -privileged -- --read-only --security-opt seccomp=unconfined --
}

@test "docker: --security-opt seccomp=unconfined" {
	expect 0 '' +seccomp -privileged -- --read-only --security-opt seccomp=unconfined --
}

@test "podman: --security-opt unmask=ALL" {
	expect 78 proc-readonly +proc-masked +core-pattern -- --read-only --security-opt unmask=ALL --
}

@test "podman: --security-opt unmask=/proc/keys" {
	expect 0 '' +proc-masked -core-pattern -- --read-only --security-opt unmask=/proc/keys --
}

@test "docker: --security-opt systempaths=unconfined" {
	expect 78 proc-readonly +proc-masked +core-pattern -- --read-only --security-opt systempaths=unconfined --
}

# ---- namespaces

@test "podman: --ipc=private" {
	expect 0 '' -host-ipc -- --read-only --ipc=private --
}

@test "docker: --ipc=private" {
	expect 0 '' -host-ipc -- --read-only --ipc=private --
}

@test "podman: --ipc=host" {
	expect 0 '' +host-ipc -sensitive-mounts -- --read-only --ipc=host --
}

@test "docker: --ipc=host" {
	expect 0 '' +host-ipc -sensitive-mounts -- --read-only --ipc=host --
}

@test "podman: --ipc=none" {
	expect 0 '' -host-ipc -- --read-only --ipc=none --
}

@test "docker: --ipc=none" {
	expect 0 '' -host-ipc -- --read-only --ipc=none --
}

@test "podman: --pid=host" {
	expect 0 '' +host-pid -- --read-only --pid=host --
}

@test "docker: --pid=host" {
	expect 0 '' +host-pid -- --read-only --pid=host --
}

@test "podman: --uts=host" {
	expect 0 '' +host-uts -- --read-only --uts=host --
}

@test "docker: --uts=host" {
	expect 0 '' +host-uts -- --read-only --uts=host --
}

@test "podman: --network=none" {
	ENGINE_NETWORK=none expect 0 '' -host-net -- --read-only --
}

@test "docker: --network=none" {
	ENGINE_NETWORK=none expect 0 '' -host-net -- --read-only --
}

@test "podman: --network=host" {
	ENGINE_NETWORK=host expect 0 '' +host-net -- --read-only --
}

@test "docker: --network=host" {
	ENGINE_NETWORK=host expect 0 '' +host-net -- --read-only --
}

@test "podman: --cgroupns=host" {
	expect 0 '' -sensitive-mounts -- --read-only --cgroupns=host --
}

@test "docker: --cgroupns=host" {
	expect 0 '' -sensitive-mounts -- --read-only --cgroupns=host --
}

@test "podman: --cgroupns=private" {
	expect 0 '' -sensitive-mounts -- --read-only --cgroupns=private --
}

@test "docker: --cgroupns=private" {
	expect 0 '' -sensitive-mounts -- --read-only --cgroupns=private --
}

@test "podman: --userns=host" {
	expect 0 '' -- --read-only --userns=host --
}

@test "docker: --userns=host" {
	expect 0 '' -- --read-only --userns=host --
}

@test "podman: a user namespace of its own" {
	expect 0 '' -sensitive-mounts -root-mount-shape -- --read-only --uidmap 0:100000:65536 --gidmap 0:100000:65536 --
}

# The runtime cannot mount a sysfs there, and binds the host's, with all that is mounted on it.
@test "podman: a user namespace of its own, --network=host" {
	ENGINE_NETWORK=host expect 0 '' +host-net -- --read-only --uidmap 0:100000:65536 --gidmap 0:100000:65536 --
}

# Root in there is nobody outside, but may all the same make its own root writable.
@test "podman: a user namespace of its own, --cap-add SYS_ADMIN" {
	expect 78 root-remount -- --read-only --uidmap 0:100000:65536 --gidmap 0:100000:65536 --cap-add SYS_ADMIN --
}

# ---- devices

# device NODE: the deployer lends it
device() {
	[ -c "$1" ] || skip "this machine has no $1"
	expect 0 '' +devices -privileged -- --read-only --device "$1" --
}

@test "podman: --device /dev/kmsg" {
	device /dev/kmsg
}

@test "docker: --device /dev/kmsg" {
	device /dev/kmsg
}

@test "podman: --device /dev/fuse" {
	device /dev/fuse
}

@test "docker: --device /dev/fuse" {
	device /dev/fuse
}

@test "podman: restricted, --device /dev/kmsg" {
	[ -c /dev/kmsg ] || skip "this machine has no /dev/kmsg"
	expect 78 devices -- --read-only --read-only-tmpfs=false --user 65532:65532 --device /dev/kmsg -- --profile=restricted
}
