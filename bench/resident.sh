#!/bin/bash
# What an idle init costs: memory, and wake-ups within some seconds, each as PID 1 over a program that only sleeps.
#
#	resident.sh [SECONDS]
#
# One line an init: name, Private_Dirty in kB, Rss in kB, context switches. Several are started, which share their
# clean pages; Rss is what Pss would be for one that runs alone.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

seconds=${1:-10}
[ -n "${BENCH_PREPARED:-}" ] || prepare
[ -z "${BENCH_PREPARED:-}" ] || read -ra runnable <<<"$BENCH_PREPARED"

work=$(mktemp -d "$build/bench/resident.XXXXXX")
launchers=()
clean_up() {
	# The launcher's death takes its container along.
	[ ${#launchers[@]} -eq 0 ] || kill "${launchers[@]}" 2>/dev/null || :
	wait 2>/dev/null || :
	rm -rf "$work"
}
trap clean_up EXIT

program_runs() { # PID of the init
	local children child
	read -ra children <"/proc/$1/task/$1/children" || :
	for child in "${children[@]}"; do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" != sleeper ] || return 0
	done
	return 1
}

each_started() {
	local name
	for name in "${runnable[@]}"; do
		seq -f "$name.%g" "$copies"
	done
}

pid_of() {
	cat "$work/$1"
}

switches() {
	awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$(pid_of "$1")/status"
}

kilobytes() { # NAME FIELD
	awk -v field="$2:" '$1 == field { print $2 }' "/proc/$(pid_of "$1")/smaps_rollup"
}

# Where the stack begins is random, and with it whether 4 or 12 kB of it are touched: only the mean says something.
copies=15

for name in "${runnable[@]}"; do
	init_command "$name" pid1
	for copy in $(seq "$copies"); do
		# No function: what is killed at the end must be the launcher itself and not a shell around it.
		"$tools/container" -p "$work/$name.$copy" "$rootfs" "${cmd[@]}" /bench/sleeper </dev/null >/dev/null 2>&1 &
		launchers+=($!)
	done
done
for started in $(each_started); do
	tries=0
	until [ -s "$work/$started" ] && program_runs "$(pid_of "$started")" 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 50 ] || die "${started%.*} did not start its program within 5 seconds"
		sleep 0.1
	done
done
# From spawning into its loop an init still has a few steps to go.
sleep 1

declare -A before after
for started in $(each_started); do before[$started]=$(switches "$started"); done
sleep "$seconds"
for started in $(each_started); do after[$started]=$(switches "$started"); done

# Memory: the mean. Wake-ups: the worst, as a claim of none must hold for each.
for name in "${runnable[@]}"; do
	for copy in $(seq "$copies"); do
		started=$name.$copy
		printf '%s\t%s\t%s\n' "$(kilobytes "$started" Private_Dirty)" "$(kilobytes "$started" Rss)" \
			$((after[$started] - before[$started]))
	done | awk -v name="$name" '
		{ dirty += $1; rss += $2; if ($3 > worst) worst = $3 }
		END { printf "%s\t%.1f\t%.1f\t%d\n", name, dirty / NR, rss / NR, worst }'
done
