#!/bin/bash
# What the filter of --deny costs the program: getpid(2), and mitigations of speculation, with and without it.
#
#	filter.sh [ROUNDS]
#
# One line a filter: name, ps of a call, Speculation_Store_Bypass in the program's /proc/self/status.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

[ -n "${BENCH_PREPARED:-}" ] || prepare

deny_of() { # NAME -> granit's options
	case $1 in
	none) printf '%s\n' --deny=none ;;
	all) printf '%s\n' --deny=all ;;
	esac
}

declare -A states
figures=$(mktemp "$build/bench/filter.XXXXXX")
trap 'rm -f "$figures"' EXIT
names=(none default all)
# Interleaved, as everywhere.
for _ in $(seq "${1:-9}"); do
	for name in "${names[@]}"; do
		mapfile -t options < <(deny_of "$name")
		IFS=$'\t' read -r ps state < <(in_container -c "$CPU" "$rootfs" /contestants/granit -q "${options[@]}" -- /bench/getpid) ||
			die "no figure for the filter '$name'"
		printf '%s\t%s\n' "$name" "$ps" >>"$figures"
		states[$name]=$state
	done
done
while IFS=$'\t' read -r name ps; do
	printf '%s\t%s\t%s\n' "$name" "$ps" "${states[$name]}"
done < <(medians <"$figures")
