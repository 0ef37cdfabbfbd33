#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets stderr
#
# Lines of the documents that call granit without an engine, as they stand, but for the program and the image's folder. tests/documents.txt
# says which test runs which.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$GRANIT" "$BATS_TEST_TMPDIR/bin/granit"
}

# typed STATUS LINE
typed() {
	expect "$1" env PATH="$BATS_TEST_TMPDIR/bin:$PATH" bash -o pipefail -c "$2"
}

@test "checks.md: the options of levels, and the inspection of an unpacked image" {
	local line
	local -a lines
	mapfile -t lines < <(sed -nE 's/^    (granit .* -- \/app) .*/\1/p' doc/checks.md)
	[ "${#lines[@]}" -eq 6 ]
	for line in "${lines[@]}"; do
		# Here, where nothing is a container, what counts is that granit takes them.
		line="${line/ -- \/app/} --check --ignore=all"
		run --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin:$PATH" bash -c "$line"
		printf '%s\n%s\n' "$line" "$stderr"
		[ "$status" -eq 0 ]
	done
	line=$(sed -n 's/^    \(granit --check --root=\)/\1/p' doc/checks.md)
	typed 0 "${line/\/path\/of\/the\/unpacked\/image/$ROOT}"
	contains "$output" 'checks passed'
}

@test "README.md and options.md: the findings that fail, out of the report" {
	local document line
	for document in README.md doc/options.md; do
		line=$(sed -n 's/^    \(granit --check --format=json | jq\)/\1/p' "$document")
		# The status is granit's: something fails here.
		typed 78 "${line/--check/--check --profile=restricted --fail=all}"
		[[ $'\n'$output$'\n' == *$'\nroot-read-only\n'* ]]
	done
}
