#!/bin/bash
# System calls between an init's own exec and its program's, as PID 1 in the read-only container.
#
#	syscalls.sh
#
# One line an init: name, count. The calls of all its processes count, for the program waits for them all.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

command -v strace >/dev/null || die 'strace is not there: install it (Debian: strace) to count system calls'
[ -n "${BENCH_PREPARED:-}" ] || prepare
[ -z "${BENCH_PREPARED:-}" ] || read -ra runnable <<<"$BENCH_PREPARED"

trace=$(mktemp "$build/bench/trace.XXXXXX")
trap 'rm -f "$trace"' EXIT

for name in "${runnable[@]}"; do
	init_command "$name" pid1
	strace -f -qq -o "$trace" "$tools/container" "$rootfs" "${cmd[@]}" /bin/true </dev/null >/dev/null 2>&1
	# The launcher waits the while; a call cut in two by another process is one; signals and ends are none.
	awk -v name="$name" -v init="execve(\"${cmd[0]}\"" '
		NR == 1 { launcher = $1 }
		index($0, init) { counting = 1; next }
		!counting || $1 == launcher || / resumed>/ || /\+\+\+/ || /---/ { next }
		/execve(at)?\(.*"\/bin\/true"/ { done = 1; exit }
		{ n++ }
		END { if (!done) exit 1; printf "%s\t%d\n", name, n }' "$trace" ||
		say "no count for $name: its exec of /bin/true is not in the trace"
done
