#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The pictures of the documentation are what granit prints today.

@test "the pictures are those that scripts/pictures.sh makes" {
	[ "$(id -u)" -eq 0 ] || skip "containers need root"
	local picture tree=$BATS_TEST_DIRNAME/../..
	"$tree/scripts/pictures.sh" "$BATS_TEST_TMPDIR"
	for picture in refusal start; do
		cmp "$BATS_TEST_TMPDIR/$picture.svg" "$tree/doc/$picture.svg" || {
			printf 'granit says something else by now: scripts/pictures.sh\n'
			return 1
		}
	done
}
