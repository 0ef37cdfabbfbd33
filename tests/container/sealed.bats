#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
#
# A sealed image in real engines: as it was sealed it starts; what a derived layer or a mount changes is refused, with
# the path. Signed as examples/sealed/sign.sh does it, with the key that the deployer gives, a new manifest is too.

bats_require_minimum_version 1.5.0

SEALED='granit-test/sealed:1'
DERIVED='granit-test/derived:1'
SIGNED='granit-test/signed:1'

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	local name root=$BATS_FILE_TMPDIR/root granit=${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}
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
	cd "$BATS_FILE_TMPDIR" || return
	for name in ours theirs; do minisign -G -W -p "$name.pub" -s "$name.key" >/dev/null; done
	each_engine sign "$SEALED" "$SIGNED" "$BATS_FILE_TMPDIR/ours.key"
}

# sign IMAGE SIGNED-IMAGE KEY: the example's script, which calls the engine by a name
sign() {
	printf '#!/bin/bash\nsource %q\nENGINE=%s DOCKER_BUILDKIT=0 engine "$@"\n' "$BATS_TEST_DIRNAME/../helpers/engines.bash" "$ENGINE" \
		>"$BATS_FILE_TMPDIR/engine"
	chmod 755 "$BATS_FILE_TMPDIR/engine"
	ENGINE=$BATS_FILE_TMPDIR/engine DOCKER_BUILDKIT=0 "$BATS_TEST_DIRNAME/../../examples/sealed/sign.sh" "$@" \
		>"$BATS_FILE_TMPDIR/sign.log" 2>&1 3>&- && return
	cat "$BATS_FILE_TMPDIR/sign.log"
	return 1
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

# derive INSTRUCTION...: a layer on top of $FROM or the sealed image, made by the engine's own build from $CONTEXT
derive() {
	printf '%s\n' "FROM ${FROM:-$SEALED}" "$@" >"$CONTEXT/Dockerfile"
	DOCKER_BUILDKIT=0 engine build --tag "$DERIVED" "$CONTEXT" >"$BATS_TEST_TMPDIR/build.log" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/build.log"
		return 1
	}
}

starts() {
	runs 7 --read-only "$SEALED" /probe exit 7
	runs 7 --read-only --user 65532:65532 --cap-drop ALL --security-opt no-new-privileges "$SEALED" /probe exit 7
	runs 0 --read-only --entrypoint /granit "$SEALED" --check -v --verify=all --manifest-digest="$DIGEST"
	has "$output" 'pass image-sealed'
	has "$output" 'the manifest has the required digest'
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
	has "$stderr" 'the manifest /etc/granit.manifest is not valid: its digest is'
}

@test "a manifest that was replaced along with what it names" {
	cp "$ROOT/usr/lib/libapp.so.1" "$CONTEXT/lib"
	printf 'x' | dd of="$CONTEXT/lib" bs=1 seek=100 conv=notrunc status=none
	cp -a "$ROOT" "$BATS_TEST_TMPDIR/other"
	cat "$CONTEXT/lib" >"$BATS_TEST_TMPDIR/other/usr/lib/libapp.so.1"
	"${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" --seal="$BATS_TEST_TMPDIR/other" >"$CONTEXT/manifest"
	each_engine refuses_manifest
}

with_key() { # STATUS IMAGE KEY [ENGINE-FLAG...]: the program is started or not
	local status=$1 image=$2 key=$3
	shift 3
	runs "$status" --read-only "$@" --entrypoint /granit "$image" --manifest-key="$key" -- /probe args started
}

signed_starts() {
	local line
	line=$(tail -n 1 "$BATS_FILE_TMPDIR/ours.pub")
	with_key 0 "$SIGNED" "$line"
	has "$output" started
	with_key 0 "$SIGNED" /key.pub --volume "$BATS_FILE_TMPDIR/ours.pub:/key.pub:ro"
	runs 0 --read-only --volume "$BATS_FILE_TMPDIR/ours.pub:/key.pub:ro" --entrypoint /granit "$SIGNED" --check -v --manifest-key=/key.pub
	has "$output" "the manifest's signature is valid; proof from a read-only mount: authenticity"
	has "$output" "signed with the comment: $SIGNED"
	with_key 78 "$SIGNED" "$(tail -n 1 "$BATS_FILE_TMPDIR/theirs.pub")"
	has "$stderr" 'its signature: it was made with the key'
	# Not signed, and the key that asks for it.
	with_key 78 "$SEALED" "$line"
	has "$stderr" 'there is a key, but no signature beside the manifest'
}

@test "signed by the example's script it starts with that key, from outside, and with no other" {
	each_engine signed_starts
}

refuses_new_manifest() {
	local line
	line=$(tail -n 1 "$BATS_FILE_TMPDIR/ours.pub")
	FROM=$SIGNED derive 'COPY lib /usr/lib/libapp.so.1' 'COPY manifest /etc/granit.manifest'
	# It agrees with itself: only the key tells.
	runs 7 --read-only "$DERIVED" /probe exit 7
	with_key 78 "$DERIVED" "$line"
	is "standard output of what was not started" '' "$output"
	has "$stderr" 'the manifest /etc/granit.manifest is not valid: its signature: it is not valid'
	sign "$DERIVED" "$DERIVED" "$BATS_FILE_TMPDIR/theirs.key"
	with_key 78 "$DERIVED" "$line"
	has "$stderr" 'its signature: it was made with the key'
	FROM=$SIGNED derive 'COPY lib /usr/lib/libapp.so.1'
	with_key 78 "$DERIVED" "$line"
	has "$stderr" '/usr/lib/libapp.so.1 has changed'
}

@test "a manifest that was replaced along with what it names, and signed by somebody else" {
	cp "$ROOT/usr/lib/libapp.so.1" "$CONTEXT/lib"
	printf 'x' | dd of="$CONTEXT/lib" bs=1 seek=100 conv=notrunc status=none
	cp -a "$ROOT" "$BATS_TEST_TMPDIR/other"
	cat "$CONTEXT/lib" >"$BATS_TEST_TMPDIR/other/usr/lib/libapp.so.1"
	"${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" --seal="$BATS_TEST_TMPDIR/other" >"$CONTEXT/manifest"
	each_engine refuses_new_manifest
}

# A new volume is filled with what the image has at its place: another mount, and the image's own word.
reports_volume() {
	FROM=$SIGNED derive 'COPY key.pub /keys/key.pub' 'COPY manifest /etc/granit.manifest' 'VOLUME /keys'
	sign "$DERIVED" "$DERIVED" "$BATS_FILE_TMPDIR/theirs.key"
	runs 0 --read-only --entrypoint /granit "$DERIVED" --check -v --writable=/keys --manifest-key=/keys/key.pub
	has "$output" "the manifest's signature is valid; proof from a writable mount: integrity, not authenticity"
}

@test "a key that the image brings along in a volume is not taken for the deployer's" {
	cp "$BATS_FILE_TMPDIR/theirs.pub" "$CONTEXT/key.pub"
	cp -a "$ROOT" "$BATS_TEST_TMPDIR/other"
	mkdir "$BATS_TEST_TMPDIR/other/keys"
	cp "$CONTEXT/key.pub" "$BATS_TEST_TMPDIR/other/keys/"
	"${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" --seal="$BATS_TEST_TMPDIR/other" >"$CONTEXT/manifest"
	each_engine reports_volume
}
