#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# SHA-256 by each of the ways that nettle has on this architecture, against sha256sum.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	[ -x build/tests/digest ] || skip "this distribution's nettle chooses by itself"
}

# same [WAY]: for sizes on both sides of each border of blocks and of padding, and one of many blocks
same() {
	local size
	head -c 300000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
	for size in 0 1 2 3 54 55 56 57 62 63 64 65 118 119 120 121 127 128 129 191 192 193 255 256 257 4095 4096 4097 300000; do
		head -c "$size" "$BATS_TEST_TMPDIR/bytes" >"$BATS_TEST_TMPDIR/part"
		cmp <(build/tests/digest "$@" <"$BATS_TEST_TMPDIR/part") <(sha256sum <"$BATS_TEST_TMPDIR/part" | cut -c 1-64) && continue
		printf '%s: %s bytes\n' "${1:-the way that is chosen}" "$size"
		return 1
	done
}

@test "the way that is chosen" {
	same
}

@test "each way that this processor knows, and one of them is for all" {
	local ways way works
	ways=$(build/tests/digest --ways)
	[ -n "$ways" ] || skip 'nettle has one way on this architecture'
	[[ $ways == *' yes' ]]
	while read -r way works; do
		if [ "$works" = yes ]; then same "$way"; else run -2 build/tests/digest "$way"; fi
	done <<<"$ways"
}

# Built for this machine, and not for one that is emulated: the field e_machine of its ELF header.
is_native() {
	[ "$(od -An -tx1 -j18 -N2 "$GRANIT")" = "$(od -An -tx1 -j18 -N2 /proc/self/exe)" ]
}

@test "the first way that the processor knows, by the kernel's word" {
	local flag way works
	is_native || skip 'the processor is emulated'
	case $(uname -m) in
	x86_64) flag=sha_ni way=sha_ni ;;
	aarch64) flag=sha2 way=arm64 ;;
	*) skip 'nettle has one way on this architecture' ;;
	esac
	works=no
	run ! grep -qE "^(flags|Features).* $flag( |\$)" /proc/cpuinfo || works=yes
	build/tests/digest --ways | grep -qx "$way $works"
}

# qemu's processor of 2008 has no SHA-NI; granit itself has to notice.
@test "granit on a processor without the instructions" {
	[ "$(uname -m)" = x86_64 ] || skip 'a test of the choice on x86_64'
	is_native || skip 'the processor is emulated'
	needs_tool qemu-x86_64-static
	qemu-x86_64-static -cpu Nehalem build/tests/digest --ways | grep -qx 'sha_ni no'
	mkdir -p "$ROOT/etc"
	head -c 100000 /dev/urandom >"$ROOT/etc/bytes"
	expect 0 qemu-x86_64-static -cpu Nehalem "$GRANIT" --seal="$ROOT"
	contains "$output" "sha256digest=$(sha256sum <"$ROOT/etc/bytes" | cut -c 1-64)"
}

@test "nothing runs at the start, and no environment variable is read, for the libraries' sake" {
	local archive
	for archive in build/nettle/lib/libnettle.a build/libsodium/lib/libsodium.a; do
		[ -e "$archive" ] || continue
		readelf --wide --sections "$archive" | grep -q ' \.text'
		run ! grep -qE '\.(init_array|ctors|preinit_array)' <(readelf --wide --sections "$archive")
		run ! grep -qE 'getenv|getrandom|malloc|fopen|printf' <(nm --undefined-only "$archive")
	done
	run ! grep -qa NETTLE_FAT_OVERRIDE "$GRANIT"
}
