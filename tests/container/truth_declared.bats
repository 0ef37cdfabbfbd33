#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Truth table, what is declared to be writable: there, missing, read-only, for programs too.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/truth
	truth_file
}

setup() {
	load ../helpers/truth
	truth_setup
}

# declared STATUS 'FAILING-ID...' [+ID...] [-ID...] OPTION PATH-AND-MODE
declared() {
	expect "${@:1:$#-2}" -- --read-only --user 65532:65532 --volume "$(folder):${*: -1}" -- "${*: -2:1}"
}

@test "podman: --writable and a volume there" {
	declared 0 '' -writable-suid-dev --writable=/data /data
}

@test "docker: --writable and a volume there" {
	declared 0 '' -writable-mounts -writable-suid-dev --writable=/data /data
}

@test "podman: --writable and a volume below it" {
	declared 78 writable-declared --writable=/data /data/below
}

@test "docker: --writable and a volume below it" {
	declared 78 writable-declared --writable=/data /data/below
}

@test "podman: --writable and a volume above it" {
	declared 78 'writable-mounts writable-declared' --writable=/data/below /data
}

@test "docker: --writable and a volume above it" {
	declared 78 'writable-mounts writable-declared' --writable=/data/below /data
}

@test "podman: --writable and a read-only volume" {
	declared 78 writable-declared --writable=/data /data:ro
}

@test "docker: --writable and a read-only volume" {
	declared 78 writable-declared --writable=/data /data:ro
}

@test "podman: --writable and nothing there" {
	expect 78 writable-declared -- --read-only -- --writable=/data
}

@test "docker: --writable and nothing there" {
	expect 78 writable-declared -- --read-only -- --writable=/data
}

@test "podman: --writable and a tmpfs" {
	expect 0 '' -writable-mounts -- --read-only --read-only-tmpfs=false --tmpfs /data -- --writable=/data
}

@test "docker: --writable and a tmpfs" {
	expect 0 '' -writable-mounts -- --read-only --tmpfs /data -- --writable=/data
}

@test "podman: --writable twice" {
	expect 0 '' -writable-mounts -- --read-only --read-only-tmpfs=false --tmpfs /a --volume "$(folder):/b" -- --writable=/a --writable=/b
}

# What is declared with :exec is meant to hold programs.
@test "podman: restricted, --writable=PATH:exec" {
	expect 0 '' -writable-exec -- --read-only --read-only-tmpfs=false --user 65532:65532 --tmpfs /data:exec -- --profile=restricted --writable=/data:exec
}

@test "docker: restricted, --writable=PATH:exec" {
	expect 0 '' -writable-exec -- --read-only --user 65532:65532 --tmpfs /data:exec -- --profile=restricted --writable=/data:exec
}

@test "podman: restricted, --writable=PATH and a noexec tmpfs" {
	expect 0 '' -writable-exec -- --read-only --read-only-tmpfs=false --user 65532:65532 --tmpfs /data:noexec -- --profile=restricted --writable=/data
}

@test "docker: restricted, --writable=PATH and a noexec tmpfs" {
	expect 0 '' -writable-exec -- --read-only --user 65532:65532 --tmpfs /data:noexec -- --profile=restricted --writable=/data
}
