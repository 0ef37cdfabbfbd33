#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Truth table, the environment that the image or the deployer gives.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/truth
	truth_file
	image granit-test/env:1 "$BATS_FILE_TMPDIR/root" 'ENV API_TOKEN=word' 'ENV PATH=/:/bin:.'
}

setup() {
	load ../helpers/truth
	truth_setup
}

@test "podman: a secret and a poor PATH in the image" {
	IMAGE=granit-test/env:1 expect 0 '' +env-secrets +path-sane -- --read-only --
}

@test "docker: a secret and a poor PATH in the image" {
	IMAGE=granit-test/env:1 expect 0 '' +env-secrets +path-sane -- --read-only --
}

@test "podman: PATH with the working directory" {
	expect 0 '' +path-sane -- --read-only --env PATH=.:/bin --
}

@test "docker: PATH with the working directory" {
	expect 0 '' +path-sane -- --read-only --env PATH=.:/bin --
}

@test "podman: PATH with a tmpfs" {
	expect 0 '' +path-sane -- --read-only --tmpfs /scratch --env PATH=/scratch:/bin --
}

@test "docker: PATH with a tmpfs" {
	expect 0 '' +path-sane -- --read-only --tmpfs /scratch --env PATH=/scratch:/bin --
}

@test "podman: PATH with a read-only directory" {
	expect 0 '' -path-sane -- --read-only --env PATH=/usr/bin:/bin --
}

@test "podman: LD_PRELOAD on a tmpfs" {
	expect 0 '' +ld-preload -- --read-only --tmpfs /scratch --env LD_PRELOAD=/scratch/x.so --
}

@test "docker: LD_PRELOAD on a tmpfs" {
	expect 0 '' +ld-preload -- --read-only --tmpfs /scratch --env LD_PRELOAD=/scratch/x.so --
}

@test "podman: LD_PRELOAD on the root" {
	expect 0 '' -ld-preload -- --read-only --env LD_PRELOAD=/usr/lib/x.so --
}

@test "docker: LD_PRELOAD on the root" {
	expect 0 '' -ld-preload -- --read-only --env LD_PRELOAD=/usr/lib/x.so --
}

@test "podman: PYTHONPATH on a tmpfs" {
	expect 0 '' +env-interpreter-hooks -- --read-only --tmpfs /scratch --env PYTHONPATH=/scratch --
}

@test "docker: PYTHONPATH on a tmpfs" {
	expect 0 '' +env-interpreter-hooks -- --read-only --tmpfs /scratch --env PYTHONPATH=/scratch --
}

@test "podman: a password" {
	expect 0 '' +env-secrets -- --read-only --env DB_PASSWORD=word --
}

@test "docker: a password" {
	expect 0 '' +env-secrets -- --read-only --env DB_PASSWORD=word --
}

@test "podman: an address with a password" {
	expect 0 '' +env-secrets -- --read-only --env DB=postgres://me:word@db/x --
}

@test "podman: the name of a password's file" {
	expect 0 '' -env-secrets -- --read-only --env DB_PASSWORD_FILE=/run/secrets/db --
}

@test "docker: the name of a password's file" {
	expect 0 '' -env-secrets -- --read-only --env DB_PASSWORD_FILE=/run/secrets/db --
}
