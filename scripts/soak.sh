#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Whether granit grows: orphans, signals and a mount watch for a long time, and what process 1 holds before and after.
# Then the same under torture: see torture.sh.
#
#	soak.sh [SECONDS]		600 by default, half of it each; as root
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=$((${1:-600} / 2))
granit=$(realpath "${GRANIT:-build/granit}")
probe=$(realpath build/tests/probe)
dir=$(mktemp -d)
box=
finish() {
	[ -z "$box" ] || kill -KILL "$box" 2>/dev/null || :
	rm -rf "$dir"
}
trap finish EXIT

mkdir -p "$dir/root/tmp" "$dir/root/mnt"
cp "$granit" "$dir/root/granit"
cp "$probe" "$dir/root/probe"

# Kilobytes that are its own, and descriptors.
holds() {
	awk '/^Private_(Clean|Dirty):/ { n += $2 } END { printf "%d ", n }' "/proc/$init/smaps_rollup"
	find "/proc/$init/fd" -mindepth 1 | wc -l
}

# Orphans come to process 1 when those who started them end; the program does not mind these signals.
round() {
	nsenter -t "$init" -m -p /probe orphans 200 0
	for signal in WINCH URG CHLD CONT; do
		kill -"$signal" "$init"
	done
	nsenter -t "$init" -m /probe tmpfs /mnt
	nsenter -t "$init" -m /probe umount /mnt
	rounds=$((rounds + 1))
} >/dev/null

build/tests/nscontainer --read-only "$dir/root" -- /granit -q --warn=all --watch=warn -- /probe sleep $((seconds + 600)) 2>"$dir/err" &
box=$!
for ((i = 0; i < 200; i++)); do
	init=$(pgrep -P "$box" || :)
	[ -z "$init" ] || ! pgrep -P "$init" >/dev/null || break
	sleep 0.05
done

rounds=0
# What the first ones make it touch is no growth.
for ((i = 0; i < 20; i++)); do round; done
before=$(holds)
end=$((SECONDS + seconds))
while [ "$SECONDS" -lt "$end" ]; do round; done
kill -0 "$init"
after=$(holds)
zombies=$(pgrep --runstates Z -P "$init" -c || :)
printf 'soak: %d rounds in %d s; private kB and descriptors before: %s, after: %s; zombies: %d\n' "$rounds" "$seconds" "$before" "$after" "$zombies"
[ "$before" = "$after" ] && [ "$zombies" -eq 0 ]
scripts/torture.sh "$seconds"
