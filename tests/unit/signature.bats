#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What granit makes of signatures: those that minisign and signify write, and all that is not quite one.
# bats sets output; every test is a subshell.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # and $ is sed's

bats_require_minimum_version 1.5.0

setup_file() {
	# Each test says that they are missing.
	if ! command -v minisign || ! command -v signify-openbsd; then return; fi >/dev/null
	cd "$BATS_FILE_TMPDIR" || return
	printf 'what is signed\n' >data
	printf 'what is not\n' >other
	for name in one two; do
		minisign -G -W -p "$name.pub" -s "$name.key" >/dev/null
		signify-openbsd -G -n -p "signify-$name.pub" -s "signify-$name.sec"
		minisign -S -s "$name.key" -m data -x "$name.minisig" -t "comment of $name"
		minisign -S -l -s "$name.key" -m data -x "$name-legacy.minisig" -t "comment of $name"
		signify-openbsd -S -s "signify-$name.sec" -m data -x "$name.sig"
	done
	minisign -S -s one.key -m other -x other.minisig -t 'comment of one'
}

setup() {
	load ../helpers/granit
	granit_setup
	needs_tool minisign signify-openbsd
	cd "$BATS_FILE_TMPDIR" || return
	S=$BATS_TEST_TMPDIR/signature
	K=$BATS_TEST_TMPDIR/key
}

# says WANTED DATA SIGNATURE KEY: the verdict, by the name of its errno, and why or the comment
says() {
	run "$TOOLS/signature" "$2" "$3" "$4"
	# shellcheck disable=SC2053 # a pattern
	[ "$status" -eq 0 ] && [[ $output == $1 ]] && return
	printf 'wanted: %s\nstatus %s: %s\n' "$1" "$status" "$output"
	return 1
}

# edited WANTED SIGNATURE SED-EXPRESSION: what is said of the signature so changed, made by the first key of its tool
edited() {
	local key=one.pub
	[[ $2 != *.sig ]] || key=signify-one.pub
	sed "$3" "$2" >"$S"
	run ! cmp -s "$S" "$2"
	says "$1" data "$S" "$key"
}

# twist FILE LINE BYTE: FILE with a bit changed in what the base64 of that line, from 0, stands for
twist() {
	python3 - "$@" <<-'EOF'
		import base64, sys
		name, line, at = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
		lines = open(name).read().split("\n")
		data = bytearray(base64.b64decode(lines[line]))
		data[at] ^= 1
		lines[line] = base64.b64encode(bytes(data)).decode()
		sys.stdout.write("\n".join(lines))
	EOF
}

@test "what the tools write holds: minisign's two algorithms, and signify" {
	[[ $(sed -n 2p one.minisig) == RU* && $(sed -n 2p one-legacy.minisig) == RW* && $(sed -n 2p one.sig) == RW* ]]
	says '0 comment of one' data one.minisig one.pub
	says '0 comment of one' data one-legacy.minisig one.pub
	says '0 ' data one.sig signify-one.pub
}

@test "sizes of the data around the blocks of both hashes" {
	local size
	head -c 300 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
	for size in 0 1 47 48 63 64 65 111 112 127 128 129 256 300; do
		head -c "$size" "$BATS_TEST_TMPDIR/bytes" >"$BATS_TEST_TMPDIR/part"
		minisign -S -s one.key -m "$BATS_TEST_TMPDIR/part" -x "$S" -t x
		says '0 x' "$BATS_TEST_TMPDIR/part" "$S" one.pub
		minisign -S -l -s one.key -m "$BATS_TEST_TMPDIR/part" -x "$S" -t x
		says '0 x' "$BATS_TEST_TMPDIR/part" "$S" one.pub
	done
}

@test "the key is a file, or its line alone, with or without its end" {
	tail -n 1 one.pub >"$K"
	says '0 comment of one' data one.minisig "$K"
	printf '%s' "$(tail -n 1 one.pub)" >"$K"
	says '0 comment of one' data one.minisig "$K"
	printf '%s' "$(cat one.pub)" >"$K"
	says '0 comment of one' data one.minisig "$K"
}

@test "another key is named with its id, as minisign shows it" {
	local one two
	one=$(sed -n '1s/.* //p' one.pub) two=$(sed -n '1s/.* //p' two.pub)
	says "ENOKEY it was made with the key $one, and the one given is $two" data one.minisig two.pub
	# A number, without zeros in front.
	python3 - one.pub >"$K" <<-'EOF'
		import base64, sys
		one = base64.b64decode(open(sys.argv[1]).read().split("\n")[1])
		print(base64.b64encode(one[:2] + b"\x01\x02\x00\x00\x00\x00\x00\x00" + one[10:]).decode())
	EOF
	says "ENOKEY it was made with the key $one, and the one given is 201" data one.minisig "$K"
	says 'ENOKEY it was made with the key *' data one.sig signify-two.pub
	says 'ENOKEY it was made with the key *' data one.sig one.pub
	says 'ENOKEY it was made with the key *' data two.minisig one.pub
}

@test "the key's id is right and the key is another" {
	python3 - one.pub two.pub >"$K" <<-'EOF'
		import base64, sys
		one, two = (base64.b64decode(open(name).read().split("\n")[1]) for name in sys.argv[1:])
		print(base64.b64encode(one[:10] + two[10:]).decode())
	EOF
	says 'EBADMSG it is not valid: *' data one.minisig "$K"
	says 'EBADMSG it is not valid: *' data one-legacy.minisig "$K"
}

@test "other data, and data with a byte more, less or changed" {
	says 'EBADMSG it is not valid: *' other one.minisig one.pub
	says 'EBADMSG it is not valid: *' data other.minisig one.pub
	says 'EBADMSG it is not valid: *' other one-legacy.minisig one.pub
	says 'EBADMSG it is not valid: *' other one.sig signify-one.pub
	: >"$BATS_TEST_TMPDIR/data"
	says 'EBADMSG it is not valid: *' "$BATS_TEST_TMPDIR/data" one.minisig one.pub
	head -c 14 data >"$BATS_TEST_TMPDIR/data"
	says 'EBADMSG it is not valid: *' "$BATS_TEST_TMPDIR/data" one.minisig one.pub
	printf 'what is signee\n' >"$BATS_TEST_TMPDIR/data"
	says 'EBADMSG it is not valid: *' "$BATS_TEST_TMPDIR/data" one.minisig one.pub
	says 'EBADMSG it is not valid: *' "$BATS_TEST_TMPDIR/data" one.sig signify-one.pub
}

@test "a bit of the signature, of its two halves and of the comment's" {
	local file at
	for file in one.minisig one-legacy.minisig; do
		for at in 10 41 42 73; do
			twist "$file" 1 "$at" >"$S"
			says 'EBADMSG it is not valid: *' data "$S" one.pub
		done
		for at in 0 31 32 63; do
			twist "$file" 3 "$at" >"$S"
			says 'EBADMSG its trusted comment *' data "$S" one.pub
		done
		twist "$file" 1 2 >"$S"
		says 'ENOKEY it was made with the key *' data "$S" one.pub
	done
	twist one.sig 1 73 >"$S"
	says 'EBADMSG it is not valid: *' data "$S" signify-one.pub
}

@test "the trusted comment is the one that was signed, and the untrusted one does not matter" {
	edited 'EBADMSG its trusted comment *' one.minisig '3s/one/two/'
	edited 'EBADMSG its trusted comment *' one.minisig '3s/$/ /'
	edited 'EBADMSG its trusted comment *' one-legacy.minisig '3s/one/two/'
	edited '0 comment of one' one.minisig '1s/comment: .*/comment: anything/'
	# Both signatures hold, each where it was made.
	{ head -n 2 other.minisig && tail -n 2 one.minisig; } >"$S"
	says 'EBADMSG its trusted comment *' other "$S" one.pub
}

@test "a prehashed signature is none of the hash, nor a plain one prehashed" {
	# The other algorithm's letters: D and d differ in the byte 1.
	sed '2s/^RU/RW/' one.minisig >"$S"
	says 'EBADMSG it is not valid: *' data "$S" one.pub
	sed '2s/^RW/RU/' one-legacy.minisig >"$S"
	says 'EBADMSG it is not valid: *' data "$S" one.pub
}

@test "lines: all of them, each with its end, and no more" {
	edited 'EINVAL *its third line*' one.minisig '3,$d'
	edited 'EINVAL *its fourth line*' one.minisig '4d'
	edited 'EINVAL *its first line*' one.minisig 1d
	edited 'EINVAL *its second line*' one.minisig 2d
	edited 'EINVAL *there is something after*' one.minisig '$a\x'
	edited 'EINVAL *there is something after*' one.minisig '$a\\n'
	edited 'EINVAL *its third line*' one.sig '$a\x'
	edited 'EINVAL *its third line*' one.sig '2{p}'
	# A signature of signify's is one of minisign's that lacks the comment, but not the prehashed one.
	edited '0 ' one-legacy.minisig '3,$d'
	head -c -1 one.minisig >"$S"
	says 'EINVAL *its fourth line*' data "$S" one.pub
	head -c -1 one.sig >"$S"
	says 'EINVAL *its second line*' data "$S" signify-one.pub
	cat one.minisig two.minisig >"$S"
	says 'EINVAL *there is something after*' data "$S" one.pub
}

@test "carriage returns, blanks and bytes that are no text" {
	local line
	for line in 1 2 3 4; do edited 'EINVAL *' one.minisig "${line}s/\$/\\r/"; done
	edited 'EINVAL *' one.sig '1s/$/\r/'
	edited 'EINVAL *' one.sig '2s/$/\r/'
	edited 'EINVAL *' one.minisig '2s/^/ /'
	edited 'EINVAL *' one.minisig '2s/$/ /'
	edited 'EINVAL *' one.minisig '4s/^./&\n/'
	edited 'EINVAL *' one.minisig '3s/one/\x00/'
	edited 'EINVAL *' one.minisig '1s/comment/\x1b/'
	edited 'EINVAL *' one.minisig '3s/one/\x7f/'
}

@test "base64 in its one way: padding, no bits to spare, its length, no other alphabet" {
	edited 'EINVAL *its second line*' one.minisig '2s/=$//'
	edited 'EINVAL *its second line*' one.minisig '2s/=$/==/'
	edited 'EINVAL *its second line*' one.minisig '2s/.=$/B=/'
	edited 'EINVAL *its second line*' one.minisig '2s/^..../&AAAA/'
	edited 'EINVAL *its second line*' one.minisig '2s/^....//'
	edited 'EINVAL *its second line*' one.minisig '2s/^\(....\)./\1-/'
	edited 'EINVAL *its fourth line*' one.minisig '4s/==$//'
	edited 'EINVAL *its fourth line*' one.minisig '4s/^..../&AAAA/'
	edited 'EINVAL *its algorithm*' one.minisig '2s/^RU/RE/'
	edited 'EINVAL *its algorithm*' one.minisig '2s/^RU/RV/'
	edited 'EINVAL *its algorithm*' one.sig '2s/^RW/RV/'
	edited 'EINVAL *its algorithm*' one.minisig '2s/^R/S/'
}

@test "every beginning of a signature is refused" {
	local file said
	for file in one.minisig one.sig; do
		said=$("$TOOLS/signature" --cut data "$file" one.pub)
		[ "$(wc -l <<<"$said")" -eq "$(stat -c %s "$file")" ]
		run ! grep -v '^EINVAL ' <<<"$said"
	done
}

@test "a key that is none" {
	: >"$K"
	says 'ENOKEY the key is malformed: *' data one.minisig "$K"
	says 'ENOKEY the key is malformed: *' data one.minisig one.minisig
	says 'ENOKEY the key is malformed: *' data one.minisig one.key
	local edit
	for edit in '2s/$/\r/' '2s/$/ /' '2s/^R/S/' '2s/.$//' '2s/^..../&AAAA/' '2a\x' '2{p}' '1{p}' '1s/^/x/' '2d' '1s/$/\r/' '1s/untrusted/trusted/' '2a\\n'; do
		sed "$edit" one.pub >"$K"
		run ! cmp -s "$K" one.pub
		says 'ENOKEY the key is malformed: *' data one.minisig "$K"
	done
	head -n 1 one.pub | tr -d '\n' >"$K"
	says 'ENOKEY the key is malformed: *' data one.minisig "$K"
}

# A key of small order is nobody's: with it there are signatures that hold for any data.
@test "a public key of small order" {
	python3 - one.pub one.minisig "$K" "$S" <<-'EOF'
		import base64, sys
		pub, sig, key, out = sys.argv[1:]
		name = base64.b64decode(open(pub).read().split("\n")[1])[:10]
		open(key, "w").write(base64.b64encode(name + b"\1" + bytes(31)).decode() + "\n")
		blob = b"Ed" + name[2:] + b"\1" + bytes(63)
		open(out, "w").write("untrusted comment: x\n" + base64.b64encode(blob).decode() + "\n")
	EOF
	says 'EBADMSG it is not valid: *' data "$S" "$K"
	says 'EBADMSG it is not valid: *' other "$S" "$K"
}

@test "a long comment is shown in part, and all of it counts" {
	local long
	long=$(printf '%0300d' 7)
	minisign -S -s one.key -m data -x "$S" -t "$long"
	says "0 ${long:0:252}..." data "$S" one.pub
	sed -i '3s/7$/8/' "$S"
	says 'EBADMSG its trusted comment *' data "$S" one.pub
}
