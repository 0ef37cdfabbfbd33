#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Truth table, the root and how a container is run by default: what starts, what does not, in every profile.

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
}

# All that a deployer can set; podman's own tmpfs mounts would otherwise be warned of.
strict() {
	flags=(--read-only --cap-drop ALL --user 65532:65532 --security-opt no-new-privileges --memory 64m --pids-limit 50)
	[ "$ENGINE" = docker ] || flags+=(--read-only-tmpfs=false)
}

# ---- the root

@test "podman: nothing set" {
	expect 78 root-read-only -- --
}

@test "docker: nothing set" {
	expect 78 root-read-only -- --
}

@test "podman: --read-only" {
	expect 0 '' -root-mount-shape -sensitive-mounts -writable-suid-dev +writable-mounts -- --read-only --
}

@test "docker: --read-only" {
	expect 0 '' -root-mount-shape -sensitive-mounts -writable-suid-dev -writable-mounts -- --read-only --
}

@test "podman: --read-only, the ENTRYPOINT of the image" {
	runs 0 --read-only "$IMAGE" /probe args started
	is "standard output" started "$output"
}

@test "docker: --read-only, the ENTRYPOINT of the image" {
	runs 0 --read-only "$IMAGE" /probe args started
	is "standard output" started "$output"
}

@test "podman: --read-only --read-only-tmpfs=false" {
	expect 0 '' -writable-mounts -writable-exec -- --read-only --read-only-tmpfs=false --
}

@test "podman: --read-only=false, but all else strict" {
	local flags
	strict
	expect 78 root-read-only -- "${flags[@]}" --read-only=false --
}

@test "docker: --read-only=false, but all else strict" {
	local flags
	strict
	expect 78 root-read-only -- "${flags[@]}" --read-only=false --
}

@test "podman: a root folder in the place of an image" {
	runs 78 --rootfs "$BATS_FILE_TMPDIR/root" /granit -v -- /probe args started
	verdict 78 root-read-only "$status" "$stderr"
}

@test "podman: a root folder in the place of an image, --read-only" {
	runs 0 --read-only --rootfs "$BATS_FILE_TMPDIR/root" /granit -v -- /probe args started
	verdict 0 '' "$status" "$output"$'\n'"$stderr"
}

@test "podman: all that can be set" {
	local flags
	strict
	expect 0 '' -all -- "${flags[@]}" --
}

@test "docker: all that can be set" {
	local flags
	strict
	expect 0 '' -all -- "${flags[@]}" --
}

# silent FLAG...: a start that says nothing, in immutable and in restricted
silent() {
	local profile
	for profile in immutable restricted; do
		runs 0 "$@" --entrypoint /granit "$IMAGE" --profile="$profile" -- /probe args started
		is "standard output in $profile" started "$output"
		is "standard error in $profile" '' "$stderr"
	done
}

@test "podman: all that can be set, and nothing is logged" {
	local flags
	strict
	silent "${flags[@]}"
}

@test "docker: all that can be set, and nothing is logged" {
	local flags
	strict
	silent "${flags[@]}"
}

# ---- profiles

@test "podman: restricted, all that can be set" {
	local flags
	strict
	expect 0 '' -all -- "${flags[@]}" -- --profile=restricted
}

@test "docker: restricted, all that can be set" {
	local flags
	strict
	expect 0 '' -all -- "${flags[@]}" -- --profile=restricted
}

@test "podman: restricted, --read-only alone" {
	expect 78 'writable-mounts non-root-uid' -- --read-only -- --profile=restricted
}

@test "docker: restricted, --read-only alone" {
	expect 78 'non-root-uid' -- --read-only -- --profile=restricted
}

@test "podman: audit, nothing set" {
	expect 0 '' +root-read-only +non-root-uid -- -- --profile=audit
}

@test "docker: audit, nothing set" {
	expect 0 '' +root-read-only +non-root-uid -- -- --profile=audit
}

@test "podman: plain, nothing set" {
	runs 0 --entrypoint /granit "$IMAGE" --profile=plain -- /probe status
	is "standard error" '' "$stderr"
	has "$output" $'NoNewPrivs:\t0'
}

@test "docker: plain, nothing set" {
	runs 0 --entrypoint /granit "$IMAGE" --profile=plain -- /probe status
	is "standard error" '' "$stderr"
	has "$output" $'NoNewPrivs:\t0'
}

@test "podman: audit, --privileged" {
	expect 0 '' +root-read-only +root-remount +privileged +proc-readonly +sys-ro +seccomp -- --privileged -- --profile=audit
}

# ---- levels of single checks

@test "podman: nothing set, --warn=root-read-only" {
	expect 0 '' +root-read-only -- -- --warn=root-read-only
}

@test "docker: nothing set, --warn=root-read-only" {
	expect 0 '' +root-read-only -- -- --warn=root-read-only
}

@test "podman: --read-only, --fail=non-root-uid" {
	expect 78 non-root-uid -- --read-only -- --fail=non-root-uid
}

@test "docker: --read-only, --fail=non-root-uid" {
	expect 78 non-root-uid -- --read-only -- --fail=non-root-uid
}

@test "podman: nothing set, --ignore=all" {
	expect 0 '' -all -- -- --ignore=all
}

@test "podman: an option that there is not" {
	runs 125 --read-only --entrypoint /granit "$IMAGE" --no-such-option -- /probe args started
	is "standard output" '' "$output"
}

@test "docker: an option that there is not" {
	runs 125 --read-only --entrypoint /granit "$IMAGE" --no-such-option -- /probe args started
	is "standard output" '' "$output"
}

# ---- what a deployer sets beside, and that must not alarm

@test "podman: --hostname, --add-host" {
	expect 0 '' -sensitive-mounts -host-uts -- --read-only --hostname somebody --add-host a.example:192.0.2.1 --
}

@test "docker: --hostname, --add-host" {
	expect 0 '' -sensitive-mounts -host-uts -- --read-only --hostname somebody --add-host a.example:192.0.2.1 --
}

@test "podman: --dns, --network host" {
	ENGINE_NETWORK=host expect 0 '' +host-net -sensitive-mounts -root-mount-shape -- --read-only --dns 192.0.2.1 --dns-search example --
}

@test "docker: --dns, --network host" {
	ENGINE_NETWORK=host expect 0 '' +host-net -sensitive-mounts -root-mount-shape -- --read-only --dns 192.0.2.1 --dns-search example --
}

@test "docker: --dns, --network none" {
	expect 0 '' -host-net -sensitive-mounts -writable-mounts -- --read-only --dns 192.0.2.1 --
}

@test "podman: --ulimit" {
	expect 0 '' -- --read-only --ulimit nofile=64:64 --ulimit nproc=4096:4096 --
}

@test "docker: --ulimit" {
	expect 0 '' -- --read-only --ulimit nofile=64:64 --ulimit core=0:0 --
}

@test "podman: --memory, --pids-limit" {
	expect 0 '' -limits -- --read-only --memory 64m --pids-limit 50 --
}

@test "docker: --memory, --pids-limit" {
	expect 0 '' -limits -- --read-only --memory 64m --pids-limit 50 --
}

@test "podman: --interactive --tty" {
	expect 0 '' +stdio-tty -- --read-only --interactive --tty --
}

@test "docker: --tty" {
	expect 0 '' +stdio-tty -- --read-only --tty --
}

# The mount that brings the engine's own init in is nobody's fault.
@test "podman: --init" {
	expect 0 '' -sensitive-mounts -- --read-only --init --
}

# Docker's init is granit itself here, see setup_suite.bash; then there are two of them.
@test "docker: --init" {
	expect 0 '' -sensitive-mounts -writable-mounts -- --read-only --init --
}

@test "podman: --systemd=false" {
	expect 0 '' -- --read-only --systemd=false --
}

# In version 1 a hierarchy of control groups is writable then, on purpose.
@test "podman: --systemd=always" {
	expect "$([ -z "$CGROUP_RO" ] && echo 0 || echo 78)" "$CGROUP_RO" +writable-mounts -- --read-only --systemd=always --
}

# ---- a health check by exec

# by AS, flags of exec: health STATUS 'FAILING-ID...' [FLAG...] -- [OPTION...] [-- CHECK-OPTION...]
health() {
	local wanted=$1 failing=$2 name
	local -a flags=() options=()
	shift 2
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	name=$(container_name)
	engine_detach "$name" "${flags[@]}" --entrypoint /granit "$IMAGE" "${options[@]}" -- /probe trap 1
	retry 100 0.05 has_logged "$name" ready
	run engine_exec "${AS[@]}" "$name" /granit --check "${@:2}"
	is "exit status of the health check" "$wanted" "$status"
	is "checks that fail" "$failing" "$(ids FAIL "$output")"
	has "$output" 'granit: judged with the options of process 1, believed from /proc/1/cmdline'
	engine_running "$name"
}

@test "podman: granit --check by exec, in a container that is as it should be" {
	health 0 '' --read-only --
}

@test "docker: granit --check by exec, in a container that is as it should be" {
	health 0 '' --read-only --
}

@test "podman: granit --check by exec, in a writable container that audit let start" {
	health 0 '' -- --profile=audit
}

@test "docker: granit --check by exec, in a writable container that audit let start" {
	health 0 '' -- --profile=audit
}

@test "podman: granit --check by exec, with a stricter profile than the start had" {
	health 78 root-read-only -- --profile=audit -- --profile=immutable
}

@test "docker: granit --check by exec, with a stricter profile than the start had" {
	health 78 root-read-only -- --profile=audit -- --profile=immutable
}

# A user who may not trace process 1, which is root's and not dumpable.
@test "podman: granit --check by exec, as a user of its own, with what process 1 declared" {
	local -a AS=(--user 65532:65532)
	health 0 '' --read-only --tmpfs /data:noexec -- --writable=/data --user=65532:65532
}

@test "docker: granit --check by exec, as a user of its own, with what process 1 declared" {
	local -a AS=(--user 65532:65532)
	health 0 '' --read-only --tmpfs /data:noexec -- --writable=/data --user=65532:65532
}
