#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A sealed image whose manifest is signed: what starts, and who the report says it has it from.
# shellcheck disable=SC2030,SC2031,SC2154 # bats sets output and stderr

bats_require_minimum_version 1.5.0

setup_file() {
	# Each test says that they are missing.
	if ! command -v minisign || ! command -v signify-openbsd; then return; fi >/dev/null
	cd "$BATS_FILE_TMPDIR" || return
	local name
	for name in one two three; do minisign -G -W -p "$name.pub" -s "$name.key" >/dev/null; done
	signify-openbsd -G -n -p bsd.pub -s bsd.sec
}

setup() {
	load ../helpers/granit
	granit_setup
	needs_tool minisign signify-openbsd
	make_root
	MANIFEST=$ROOT/etc/granit.manifest
	KEYS=$BATS_FILE_TMPDIR
	mkdir -p "$ROOT/etc" "$ROOT/usr/lib" "$ROOT/keys"
	cp "$TOOLS/probe" "$ROOT/usr/lib/libapp.so.1"
	sealed
}

# The image as it is now gets its manifest, and the first key's signature.
sealed() {
	rm -f "$MANIFEST"*
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$MANIFEST"
	signed one
}

signed() { # KEY [MINISIGN-OPTION...]
	minisign -S -s "$KEYS/$1.key" -m "$MANIFEST" -t 'app:1.4' "${@:2}"
}

public() { # KEY: its line
	tail -n 1 "$KEYS/$1.pub"
}

starts() {
	boxed 7 --read-only "${BOX[@]}" -- /granit "$@" -- /probe exit 7
}

# refused TEXT OPTION...: with this evidence, and nothing is started
refused() {
	local text=$1
	shift
	boxed 78 --read-only "${BOX[@]}" -- /granit "$@" -- /probe args started
	[ -z "$output" ]
	contains "$stderr" "the manifest /etc/granit.manifest is not valid: $text"
}

# reports TEXT OPTION...: the note on who says so
reports() {
	local text=$1
	shift
	boxed 0 --read-only "${BOX[@]}" -- /granit --check -v "$@"
	contains "$output" 'pass image-sealed'
	contains "$output" "note: the manifest's signature is valid; $text"
}

@test "the key as its line and as a file's text, on the command line: whose that is cannot be told" {
	starts --manifest-key="$(public one)"
	starts --manifest-key="$(cat "$KEYS/one.pub")"
	reports 'proof from the command line: authenticity, unless' --manifest-key="$(public one)"
	contains "$output" 'note: signed with the comment: app:1.4'
}

@test "both algorithms of minisign, and signify" {
	rm "$MANIFEST.minisig"
	refused 'there is a key, but no signature beside the manifest (/etc/granit.manifest.minisig or .sig)' --manifest-key="$(public one)"
	signed one -l
	starts --manifest-key="$(public one)"
	rm "$MANIFEST.minisig"
	signify-openbsd -S -s "$KEYS/bsd.sec" -m "$MANIFEST" -x "$MANIFEST.sig"
	starts --manifest-key="$(public bsd)"
	starts --manifest-key="$(public one)" --manifest-key="$(public bsd)"
	refused 'its signature: it was made with the key' --manifest-key="$(public one)"
}

@test "of two signatures minisign's counts" {
	signify-openbsd -S -s "$KEYS/bsd.sec" -m "$MANIFEST" -x "$MANIFEST.sig"
	starts --manifest-key="$(public one)"
	refused 'its signature: it was made with the key' --manifest-key="$(public bsd)"
}

@test "a key in the image: integrity, whoever asked for it" {
	cp "$KEYS/one.pub" "$ROOT/etc/minisign.pub"
	sealed
	starts --manifest-key=/etc/minisign.pub
	reports "proof from the image itself: integrity, not authenticity" --manifest-key=/etc/minisign.pub
	printf 'manifest-key = %s\n' "$(public one)" >"$ROOT/etc/granit.conf"
	sealed
	starts
	reports "proof from the image itself: integrity, not authenticity"
	# The same key from outside is another matter.
	signed two
	refused 'its signature: it was made with the key'
}

@test "a key from another mount: authenticity, if that cannot be written" {
	mkdir "$BATS_TEST_TMPDIR/keys"
	cp "$KEYS/one.pub" "$BATS_TEST_TMPDIR/keys/minisign.pub"
	BOX=(--bind "$BATS_TEST_TMPDIR/keys:/keys:ro")
	starts --manifest-key=/keys/minisign.pub
	reports "proof from a read-only mount: authenticity" --manifest-key=/keys/minisign.pub
	BOX=(--bind "$BATS_TEST_TMPDIR/keys:/keys")
	reports 'proof from a writable mount: integrity, not authenticity; mount it read-only' \
		--manifest-key=/keys/minisign.pub --writable=/keys
	BOX=(--bind "$BATS_TEST_TMPDIR/keys:/keys:ro" --bind "$BATS_TEST_TMPDIR/keys:/tmp")
	reports 'proof from a writable mount: integrity, not authenticity' \
		--manifest-key=/keys/minisign.pub --writable=/tmp
	# A link leads to the part that can be written.
	mkdir "$BATS_TEST_TMPDIR/keys/open"
	mv "$BATS_TEST_TMPDIR/keys/minisign.pub" "$BATS_TEST_TMPDIR/keys/open/"
	ln -s open/minisign.pub "$BATS_TEST_TMPDIR/keys/minisign.pub"
	BOX=(--bind "$BATS_TEST_TMPDIR/keys:/keys:ro" --bind "$BATS_TEST_TMPDIR/keys/open:/tmp")
	reports 'proof from a writable mount: integrity, not authenticity' \
		--manifest-key=/keys/minisign.pub --writable=/tmp
}

@test "a key that a link on a writable volume leads to proves integrity alone" {
	mkdir "$BATS_TEST_TMPDIR/keys" "$BATS_TEST_TMPDIR/links"
	cp "$KEYS/one.pub" "$BATS_TEST_TMPDIR/keys/minisign.pub"
	ln -s /keys/minisign.pub "$BATS_TEST_TMPDIR/links/key.pub"
	BOX=(--bind "$BATS_TEST_TMPDIR/keys:/keys:ro" --bind "$BATS_TEST_TMPDIR/links:/tmp")
	reports 'proof from a writable mount: integrity, not authenticity' \
		--manifest-key=/tmp/key.pub --writable=/tmp
}

@test "a key of the machine that inspects an image that does not run" {
	expect 0 "$GRANIT" --check -v --root="$ROOT" --manifest-key="$KEYS/one.pub"
	contains "$output" "the manifest's signature is valid; proof from this machine: authenticity, unless"
	expect 78 "$GRANIT" --check -v --root="$ROOT" --manifest-key="$KEYS/two.pub"
	contains "$output" 'its signature: it was made with the key'
}

@test "any of several keys will do, and what does not hold is told before what is another's" {
	starts --manifest-key="$(public two)" --manifest-key="$(public one)"
	starts --manifest-key="$(public one)" --manifest-key="$(public two)"
	starts --manifest-key=/keys/none.pub --manifest-key="$(public one)"
	refused 'its signature: it was made with the key' --manifest-key="$(public two)" --manifest-key="$(public three)"
	printf ' ' >>"$MANIFEST"
	refused 'its signature: it is not valid' --manifest-key="$(public two)" --manifest-key="$(public one)"
	refused 'its signature: it is not valid' --manifest-key="$(public one)" --manifest-key="$(public two)"
}

@test "a manifest that was made anew for what was changed, with the old signature, another one or none" {
	printf 'x' | dd of="$ROOT/usr/lib/libapp.so.1" bs=1 seek=100 conv=notrunc status=none
	cp "$MANIFEST.minisig" "$BATS_TEST_TMPDIR/old"
	sealed
	rm "$MANIFEST.minisig"
	starts
	refused 'there is a key, but no signature beside the manifest' --manifest-key="$(public one)"
	cp "$BATS_TEST_TMPDIR/old" "$MANIFEST.minisig"
	refused 'its signature: it is not valid' --manifest-key="$(public one)"
	signed two
	refused 'its signature: it was made with the key' --manifest-key="$(public one)"
}

@test "nothing of a manifest is read before it is believed" {
	printf 'nonsense\n' >>"$MANIFEST"
	refused 'its signature: it is not valid' --manifest-key="$(public one)"
	signed one
	refused 'line 13: the line does not begin with a path' --manifest-key="$(public one)"
}

@test "a key and a digest: both have to hold" {
	local sum
	sum=$(sha256sum <"$MANIFEST" | cut -c 1-64)
	starts --manifest-key="$(public one)" --manifest-digest="$sum"
	refused 'its digest is' --manifest-key="$(public one)" --manifest-digest="${sum/[0-9]/f}"
	refused 'its signature' --manifest-key="$(public two)" --manifest-digest="$sum"
}

@test "files that are empty, too large, or none" {
	: >"$MANIFEST.minisig"
	refused 'its signature: it is malformed: its first line is not an untrusted comment' --manifest-key="$(public one)"
	head -c 5000 /dev/zero >"$MANIFEST.minisig"
	refused 'there is a key, but no signature beside the manifest (/etc/granit.manifest.minisig or .sig): File too large' --manifest-key="$(public one)"
	rm "$MANIFEST.minisig"
	mkfifo "$MANIFEST.minisig"
	refused 'there is a key, but no signature beside the manifest' --manifest-key="$(public one)"
	rm "$MANIFEST.minisig"
	signed one
	: >"$ROOT/keys/empty"
	refused 'its signature: the key is malformed: it is not a public key of minisign or signify' --manifest-key=/keys/empty
	refused 'its signature: the key is malformed: it is not a public key of minisign or signify' --manifest-key=RWshort
}

@test "a comment that would draw on the terminal is refused, and a strange one is shown escaped" {
	signed one -t $'app\tone'
	reports '' --manifest-key="$(public one)"
	contains "$output" 'signed with the comment: app\tone' || contains "$output" 'signed with the comment: app\x09one' || contains "$output" 'signed with the comment: app\011one'
	sed -i $'3s/app/\e[31m/' "$MANIFEST.minisig"
	refused 'its signature: it is malformed' --manifest-key="$(public one)"
}

@test "the same verdict as another user" {
	needs_root 'becomes another user'
	BOX=(--user 65532:65532)
	starts --manifest-key="$(public one)"
	refused 'its signature: it was made with the key' --manifest-key="$(public two)"
}
