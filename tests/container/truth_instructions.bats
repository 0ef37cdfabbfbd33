#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Truth table, the instructions of an image: USER, VOLUME, WORKDIR, ENTRYPOINT, CMD.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/truth
	truth_file
	image granit-test/user:1 "$BATS_FILE_TMPDIR/root" 'USER 65532:65532'
	image granit-test/volume:1 "$BATS_FILE_TMPDIR/root" 'VOLUME /data'
	image granit-test/workdir:1 "$BATS_FILE_TMPDIR/root" 'VOLUME /data' 'WORKDIR /data'
	image granit-test/check:1 "$BATS_FILE_TMPDIR/root" 'ENTRYPOINT ["/granit", "--check"]'
	image granit-test/words:1 "$BATS_FILE_TMPDIR/root" 'ENTRYPOINT ["/granit", "--", "/probe", "args"]' 'CMD ["from", "CMD"]'
	image granit-test/declared:1 "$BATS_FILE_TMPDIR/root" 'VOLUME /data' 'ENTRYPOINT ["/granit", "--writable=/data", "--"]' 'CMD ["/probe", "write", "/data/x"]'
}

setup() {
	load ../helpers/truth
	truth_setup
}

@test "podman: USER 65532:65532" {
	IMAGE=granit-test/user:1 expect 0 '' -non-root-uid -non-root-gid -caps-effective -- --read-only --
}

@test "docker: USER 65532:65532" {
	IMAGE=granit-test/user:1 expect 0 '' -non-root-uid -non-root-gid -caps-effective -- --read-only --
}

@test "podman: VOLUME" {
	IMAGE=granit-test/volume:1 expect 78 writable-mounts -- --read-only --
}

@test "docker: VOLUME" {
	IMAGE=granit-test/volume:1 expect 78 writable-mounts -- --read-only --
}

@test "podman: VOLUME, covered by a tmpfs" {
	IMAGE=granit-test/volume:1 expect 0 '' +writable-mounts -- --read-only --tmpfs /data --
}

@test "docker: VOLUME, covered by a tmpfs" {
	IMAGE=granit-test/volume:1 expect 0 '' +writable-mounts -- --read-only --tmpfs /data --
}

@test "podman: VOLUME, covered by a read-only folder" {
	IMAGE=granit-test/volume:1 expect 0 '' -sensitive-mounts -- --read-only --volume "$(folder):/data:ro" --
}

@test "docker: VOLUME, covered by a read-only folder" {
	IMAGE=granit-test/volume:1 expect 0 '' -sensitive-mounts -- --read-only --volume "$(folder):/data:ro" --
}

@test "podman: a WORKDIR that is a VOLUME" {
	IMAGE=granit-test/workdir:1 expect 78 writable-mounts -cwd-unreachable -- --read-only --
}

@test "docker: a WORKDIR that is a VOLUME" {
	IMAGE=granit-test/workdir:1 expect 78 writable-mounts -cwd-unreachable -- --read-only --
}

@test "podman: a WORKDIR that is a VOLUME, declared" {
	IMAGE=granit-test/workdir:1 expect 0 '' -cwd-unreachable -- --read-only -- --writable=/data
}

@test "docker: a WORKDIR that is a VOLUME, declared" {
	IMAGE=granit-test/workdir:1 expect 0 '' -cwd-unreachable -- --read-only -- --writable=/data
}

declared_in_image() {
	runs 0 --read-only granit-test/declared:1
	is "writing there" ok "$output"
}

@test "podman: VOLUME, and --writable in ENTRYPOINT" {
	declared_in_image
}

@test "docker: VOLUME, and --writable in ENTRYPOINT" {
	declared_in_image
}

# ENTRYPOINT ["/granit", "--check"]: the answer is the exit status.
checks() {
	runs 0 --read-only granit-test/check:1
	is "checks that fail" '' "$(ids FAIL "$output")"
	runs 78 granit-test/check:1
	is "checks that fail" root-read-only "$(ids FAIL "$output")"
}

@test "podman: granit --check as the ENTRYPOINT, read-only or not" {
	checks
}

@test "docker: granit --check as the ENTRYPOINT, read-only or not" {
	checks
}

words() {
	runs 0 --read-only granit-test/words:1
	is "arguments" $'from\nCMD' "$output"
	runs 0 --read-only granit-test/words:1 from --profile=plain
	is "arguments" $'from\n--profile=plain' "$output"
	runs 78 granit-test/words:1
}

@test "podman: the program in ENTRYPOINT, its arguments in CMD, overridden or not" {
	words
}

@test "docker: the program in ENTRYPOINT, its arguments in CMD, overridden or not" {
	words
}

remaps() {
	runs 0 --read-only --entrypoint /granit "$IMAGE" -e 143 -e 9 -- /probe kill TERM
	runs 0 --read-only --entrypoint /granit "$IMAGE" --remap-exit=9 -- /probe exit 9
	runs 8 --read-only --entrypoint /granit "$IMAGE" --remap-exit=9 -- /probe exit 8
}

@test "podman: exit statuses that count as 0" {
	remaps
}

@test "docker: exit statuses that count as 0" {
	remaps
}
