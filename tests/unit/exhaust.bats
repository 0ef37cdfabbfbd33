#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets output
# Pure functions, where a wrong bound would be a hole, with every input up to a stated size. What the sizes are is said in
# tests/helpers/exhaust_*.c. The number of cases is told by this file, so that none of them gets lost.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
}

exhaust() { # PART LEAST
	run -0 "$TOOLS/exhaust" "$1"
	printf '%s\n' "$output"
	[[ "$output" =~ ^"$1: "([0-9]+)" cases"$ ]]
	[ "${BASH_REMATCH[1]}" -ge "$2" ]
}

@test "paths of up to seven characters, each beneath each: path_is_beneath, path_compare, path_len_above" {
	exhaust paths 6974881
}

@test "patterns of up to six characters: text_matches" {
	exhaust patterns 1392555
}

@test "numbers of up to five characters, and those about each bound: text_to_uint, text_to_time, text_to_size" {
	exhaust numbers 14000000
}

@test "all characters and what is none, all escapes: text_utf8_length, text_code_point, text_octal" {
	exhaust bytes 20000000
}

@test "trees of up to six mounts, with every root: mounts_find_covered, mounts_by_path" {
	exhaust mounts 5532795
}

@test "heads of ELF files of every size: elf_read_head, elf_find_table" {
	exhaust elf 25000000
}

# What the interpreter runs is what the kernel gets; the numbers are syscalls.bats'.
@test "the filter of --deny says what its table says, for each word, call and value" {
	exhaust filter 1000000
}

@test "the filter of --learn says what its table says" {
	exhaust listener 500000
}

@test "a part that is none is an error" {
	run -2 "$TOOLS/exhaust" nothing
}
