#!/bin/bash
# What --learn costs the program: opening a file to read it, and to write it.
#
#	learn.sh [ROUNDS]
#
# One line a way: name, ns of opening, reading and closing, ns of opening to write and closing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

[ -n "${BENCH_PREPARED:-}" ] || prepare

for _ in $(seq "${1:-9}"); do
	for name in plain learn; do
		learn=()
		[ "$name" = plain ] || learn=(--learn=/dev/null)
		numbers=$(in_container -c "$CPU" "$rootfs" /contestants/granit -q --profile=plain "${learn[@]}" -- /bench/opens) ||
			die "no figure for '$name'"
		printf '%s\t%s\n' "$name" "$numbers"
	done
done | medians
