#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# An attacker as the container's program, again and again: what of process 1 it gets hold of, and how often.
#
#	attack.sh [STARTS]		1000 by default, of each of two profiles and two users; as root
#
# Prints each attempt of build/tests/attack that succeeded, and fails where that is not in the list below. Each start
# tries all of them; the one that comes first, before process 1 is back from its own start, takes turns.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

# USER NAME: what is known, and why nothing hangs on it. doc/threat-model.md tells it to users.
#
#   0 oom-score-adj      files of root's with no question but their mode: who is chosen when memory runs out,
#   0 coredump-filter    what a core would hold, of a process that leaves none,
#   0 clear-refs         statistics of memory that nobody reads,
#   0 autogroup          the weight of a session, which is the program's own too,
#   0 sched-reset        statistics of the scheduler;
#   0 fd-list            the numbers of the descriptors, not what they are
known='0 oom-score-adj
0 coredump-filter
0 clear-refs
0 autogroup
0 sched-reset
0 fd-list'

starts=${1:-1000}
granit=$(realpath "${GRANIT:-build/granit}")
tools=$(realpath build/tests)
dir=$(mktemp -d)
# The images of whoever is not root.
chmod 755 "$dir"
jobs=()
finish() {
	[ "${#jobs[@]}" -eq 0 ] || kill "${jobs[@]}" 2>/dev/null || :
	wait
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

# What the caller left open is none of the container's.
for fd in "/proc/$$/fd"/*; do
	fd=${fd##*/}
	if [ "$fd" -gt 2 ] && [ "$fd" -ne 255 ]; then eval "exec $fd>&-"; fi
done

mkdir -p "$dir/root/tmp"
cp "$granit" "$dir/root/granit"
cp "$tools/attack" "$dir/root/attack"

# Those that a race may win: what the kernel asks ptrace's question for, down to the first that it does not.
mapfile -t racers < <("$tools/attack" --list | sed '/^prlimit/,$d')
[ "${#racers[@]}" -gt 0 ]
"$tools/attack" --list | grep -q /i386 || printf 'attack: this kernel has no int 0x80\n'

attack() { # PROFILE USER
	local i status
	for ((i = 0; i < starts; i++)); do
		status=0
		timeout --signal=KILL 20 "$tools/nscontainer" --read-only --user "$2:$2" "$dir/root" -- \
			/granit -q --profile="$1" --ignore=all --warn=writable-mounts -- \
			/attack --first "${racers[i % ${#racers[@]}]}" </dev/null 2>&1 || status=$?
		[ "$status" -eq 0 ] || printf 'won container-ended-with-%d\n' "$status"
	done >"$dir/$1.$2"
}

for profile in immutable restricted; do
	for user in 0 65532; do
		attack "$profile" "$user" &
		jobs+=($!)
	done
done
wait "${jobs[@]}"
jobs=()

failed=0
for profile in immutable restricted; do
	for user in 0 65532; do
		while read -r count name; do
			verdict=WON
			! grep -qxF "$user ${name#won }" <<<"$known" || verdict=known
			[ "$verdict" = known ] || failed=$((failed + 1))
			printf '%-6s %-10s %6s %-28s %d\n' "$verdict" "$profile" "$user" "${name#won }" "$count"
		done < <(sort "$dir/$profile.$user" | uniq -c)
	done
done
printf 'attack: %d attempts, %d starts in each of 4 ways; %d have won that should not\n' \
	"$("$tools/attack" --list | wc -l)" "$starts" "$failed"
[ "$failed" -eq 0 ]
