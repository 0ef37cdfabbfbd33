#!/bin/bash
# What mounts cost a start: volumes in the mount table, against a `cat` of /proc/self/mountinfo.
#
#	mounts.sh [ROUNDS]
#
# One line a number of volumes: it, what they add in ns to granit's overhead, what they add to the `cat`, granit's overhead,
# and the `cat` from spawn to exit. The first line is of none, and adds nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

[ -n "${BENCH_PREPARED:-}" ] || prepare
rounds=${1:-100}

for volumes in 0 100 1000 10000; do
	# Where a step is quadratic, the most of them would take all day: that is seen in a few rounds too.
	[ "$volumes" -lt 10000 ] || rounds=$((rounds / 5))
	in_container -m docker -v "$volumes" -c "$CPU" "$rootfs" /bench/startup -n $((rounds < 5 ? 5 : rounds)) -w 2 -- \
		bare /bin/true \
		+ cat /bench/readfile /proc/self/mountinfo \
		+ granit /contestants/granit -q -- /bin/true |
		sed "s/^/$volumes\t/" || say "no figure for $volumes volumes"
done | awk -F'\t' '
	$2 == "cat" { cat[$1] = $3; if ($1 == 0) cat_of_none = $3 }
	$2 == "granit" {
		if ($1 == 0) none = $4
		printf "%d\t%d\t%d\t%d\t%d\n", $1, $4 - none, cat[$1] - cat_of_none, $4, cat[$1]
	}'
