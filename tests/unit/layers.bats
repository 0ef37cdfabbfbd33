#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # backquotes of the document; every test is a subshell; `run` sets output
# That includes point down only, and that lint sees it when one does not; and what lint says where it cannot look.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	T=$BATS_TEST_TMPDIR/tree
	mkdir "$T"
	cp -r src scripts doc "$T/"
}

# red LINE...: what layers.sh says of the copy, in full
red() {
	run "$T/scripts/layers.sh"
	[ "$status" -ne 0 ] && [ "$output" = "$(printf '%s\n' "$@")" ] && return
	printf 'status %s, wanted:\n%s\nbut:\n%s\n' "$status" "$(printf '%s\n' "$@")" "$output"
	return 1
}

# includes FILE HEADER: as its last line, whose number is in $line
includes() {
	printf '#include "%s"\n' "$2" >>"$T/src/$1"
	line=$(wc -l <"$T/src/$1")
}

@test "the includes of src/ keep to the order of its rooms" {
	expect 0 "$T/scripts/layers.sh"
	[ -z "$output" ]
}

# documented: the rooms of the document's table, in its order
documented() {
	sed -nE 's/^\| `src\/([a-z]+)\/` \| ..*/\1/p' "$T/doc/architecture.md"
}

@test "the document shows the rooms that there are, in their order" {
	diff -u <(scripts/layers.sh --order | tr ' ' '\n') <(documented)
	diff -u <(find src -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort) <(documented | sort)
	# The table is what is read: with two rooms swapped it is another order.
	sed -i 's/^| `src\/policy\//| `src\/x\//; s/^| `src\/facts\//| `src\/policy\//; s/^| `src\/x\//| `src\/facts\//' "$T/doc/architecture.md"
	[ "$(documented | sed -n 2,3p | xargs)" = 'facts policy' ]
}

@test "an include that points up is told with its file, its line and the two rooms" {
	includes sys/text.c harden/harden.h
	red "src/sys/text.c:$line: sys includes harden/harden.h: harden lies above it"
}

@test "a room that the order does not have is told, whichever of the two it is" {
	mkdir "$T/src/attic"
	printf '#include "sys/text.h"\n' >"$T/src/attic/old.h"
	red 'src/attic/old.h:1: attic includes sys/text.h: the order does not have attic'
	: >"$T/src/attic/old.h"
	includes net/dns.c attic/old.h
	red "src/net/dns.c:$line: net includes attic/old.h: the order does not have attic"
}

@test "two headers of one room that need each other are told" {
	printf '#include "net/two.h"\n' >"$T/src/net/one.h"
	printf '#include "net/one.h"\n' >"$T/src/net/two.h"
	run "$T/scripts/layers.sh"
	[ "$status" -ne 0 ]
	[ "$(wc -l <<<"$output")" -eq 1 ]
	contains "$output" 'a circle: '
	contains "$output" 'net/one.h'
	contains "$output" 'net/two.h'
}

@test "a linter that is missing is named, with where to get it, and nothing is installed" {
	mkdir "$T/bin"
	# What would be called to install something.
	printf '#!/bin/sh\n: >"%s/installed"\n' "$T" | tee "$T/bin/apt-get" "$T/bin/sudo" >"$T/scripts/setup.sh"
	chmod +x "$T"/bin/* "$T/scripts/setup.sh"
	ln -s "$(command -v bash)" "$(command -v dirname)" "$(command -v find)" "$(command -v sort)" "$T/bin/"
	expect 1 env PATH="$T/bin" LINT='shfmt clang-tidy layers' "$T/scripts/lint.sh" -Isrc
	contains "$stderr" 'there is no shfmt'
	contains "$stderr" 'there is no clang-tidy'
	contains "$stderr" 'scripts/setup.sh lint'
	[ ! -e "$T/installed" ]
}

@test "layers is a linter" {
	expect 0 env LINT=layers "$T/scripts/lint.sh" -Isrc
	contains "$output" 'layers'
	includes sys/text.c harden/harden.h
	expect 1 env LINT=layers "$T/scripts/lint.sh" -Isrc
	contains "$output" "src/sys/text.c:$line: sys includes"
}
