#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
#
# A sealed image in real engines: as it was sealed it starts; what a derived layer or a mount changes is refused, with
# the path.

bats_require_minimum_version 1.5.0

SEALED='granit-test/sealed:1'
DERIVED='granit-test/derived:1'

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	local root=$BATS_FILE_TMPDIR/root granit=${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}
	umask 022
	mkdir -p "$root"/{usr/lib,usr/share,etc/app,data}
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$root/usr/lib/libapp.so.1"
	ln -s libapp.so.1 "$root/usr/lib/libapp.so"
	printf 'setting\n' >"$root/etc/app/conf"
	printf 'prose\n' >"$root/usr/share/text"
	cp "$granit" "$root/granit"
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$root/probe"
	"$granit" --seal="$root" >"$BATS_FILE_TMPDIR/manifest"
	cp "$BATS_FILE_TMPDIR/manifest" "$root/etc/granit.manifest"
	image "$SEALED" "$root"
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	ROOT=$BATS_FILE_TMPDIR/root
	CONTEXT=$BATS_TEST_TMPDIR/context
	mkdir -p "$CONTEXT"
	DIGEST=$(sha256sum <"$BATS_FILE_TMPDIR/manifest" | cut -c 1-64)
	umask 022
}

teardown() {
	engine_rm
}

# derive INSTRUCTION...: a layer on top of the sealed image, made by the engine's own build from $CONTEXT
derive() {
	printf '%s\n' "FROM $SEALED" "$@" >"$CONTEXT/Dockerfile"
	DOCKER_BUILDKIT=0 engine build --tag "$DERIVED" "$CONTEXT" >"$BATS_TEST_TMPDIR/build.log" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/build.log"
		return 1
	}
}

starts() {
	runs 7 --read-only "$SEALED" /probe exit 7
	runs 7 --read-only --user 65532:65532 --cap-drop ALL --security-opt no-new-privileges "$SEALED" /probe exit 7
	runs 0 --read-only --entrypoint /granit "$SEALED" --check --verify=all --manifest-digest="$DIGEST"
	has "$output" 'pass image-sealed'
	has "$output" 'the manifest has the digest that was asked for'
	lacks "$output" 'was added'
}

@test "as it was sealed it starts, and nothing that the engine made is held against it" {
	each_engine starts
}

refuses_byte() {
	derive 'COPY lib /usr/lib/libapp.so.1'
	refuses image-sealed --read-only "$DERIVED"
	has "$stderr" '/usr/lib/libapp.so.1 has changed: its content is not what was sealed'
}

@test "a byte that a derived layer changed" {
	cp "$ROOT/usr/lib/libapp.so.1" "$CONTEXT/lib"
	printf 'x' | dd of="$CONTEXT/lib" bs=1 seek=100 conv=notrunc status=none
	each_engine refuses_byte
}

refuses_added() {
	derive 'COPY tool /usr/share/tool'
	refuses image-sealed --read-only "$DERIVED"
	has "$stderr" '/usr/share/tool was added: a program'
}

@test "a program that a derived layer added" {
	cp "$ROOT/probe" "$CONTEXT/tool"
	each_engine refuses_added
}

refuses_mode() {
	derive 'COPY lib /usr/lib/libapp.so.1'
	refuses image-sealed --read-only "$DERIVED"
	has "$stderr" '/usr/lib/libapp.so.1 has another mode: mode 0775, sealed as 0755'
}

@test "a mode that a derived layer changed" {
	cp "$ROOT/usr/lib/libapp.so.1" "$CONTEXT/lib"
	chmod 775 "$CONTEXT/lib"
	each_engine refuses_mode
}

refuses_mount() {
	refuses image-sealed --read-only --volume "$CONTEXT/lib:/usr/lib/libapp.so.1:ro" "$SEALED"
	has "$stderr" '/usr/lib/libapp.so.1 is covered by a mount'
	refuses image-sealed --read-only --volume "$CONTEXT:/usr/lib:ro" "$SEALED"
	has "$stderr" '/usr/lib is covered by a mount: hides /usr/lib/libapp.so'
}

@test "a bind mount over a library, the same bytes or not" {
	cp "$ROOT/usr/lib/libapp.so.1" "$CONTEXT/lib"
	each_engine refuses_mount
}

refuses_manifest() {
	derive 'COPY lib /usr/lib/libapp.so.1' 'COPY manifest /etc/granit.manifest'
	# Whoever can write a layer can write its manifest: it holds without a word from outside.
	runs 7 --read-only "$DERIVED" /probe exit 7
	runs 78 --read-only --entrypoint /granit "$DERIVED" --manifest-digest="$DIGEST" -- /probe args started
	is "standard output of what was not started" '' "$output"
	has "$stderr" 'the manifest /etc/granit.manifest is not to be believed: its digest is'
}

@test "a manifest that was replaced along with what it names" {
	cp "$ROOT/usr/lib/libapp.so.1" "$CONTEXT/lib"
	printf 'x' | dd of="$CONTEXT/lib" bs=1 seek=100 conv=notrunc status=none
	cp -a "$ROOT" "$BATS_TEST_TMPDIR/other"
	cat "$CONTEXT/lib" >"$BATS_TEST_TMPDIR/other/usr/lib/libapp.so.1"
	"${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" --seal="$BATS_TEST_TMPDIR/other" >"$CONTEXT/manifest"
	each_engine refuses_manifest
}
