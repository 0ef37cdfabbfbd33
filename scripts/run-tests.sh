#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Run the tests, and count.
#
#	run-tests.sh [TIER...]		of unit, cli, container, platform; a tier that is named must be there
#
# Without a name: those that are there. What went wrong is printed in full, what was skipped with its reason, and last
# of all one line: `N passed, N failed, N skipped`. The status is 0 only if nothing failed.
#
# The five tests of a tier that took longest are listed, for whoever wants the whole to be faster.
#
# As failed counts what did not run, too: the tests behind a setup that failed, and a tier without a single test that
# passed, be it empty or skipped as a whole. A tier must not vanish without a red light.
#
# The container tier waits for engines most of its time, so the other tiers run beside it.
# Everything that bats said is kept in build/results/TIER.tap. GRANIT=FILE tests another binary than build/granit.
# MISSING_TOOLS=fail: a test that lacks a tool fails, and is not skipped.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

known='unit cli container platform'
results=build/results
# A test that hangs fails, and the next one has its turn.
export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-300}

# The distribution's own tools first: the wrappers of a version manager take ten times as long to start python3.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

die() {
	printf 'run-tests: %s\n' "$@" >&2
	exit 2
}

tiers=("$@")
for tier; do
	[[ " $known " == *" $tier "* ]] || die "'$tier' is no tier of the tests: $known"
done
if [ $# -eq 0 ]; then
	for tier in $known; do
		[ ! -d "tests/$tier" ] || tiers+=("$tier")
	done
fi
command -v bats >/dev/null || die 'there is no bats to run the tests with: scripts/setup.sh check'
for tool in probe inject nscontainer attack hungfs torture judge signature advise rest exhaust; do
	[ -x "build/tests/$tool" ] || die "the tests need build/tests/$tool: make test-tools"
done
[ -x "${GRANIT:=build/granit}" ] || die "there is no $GRANIT to be tested: make"
# Tests change folders.
GRANIT=$(realpath -- "$GRANIT")
export GRANIT

run_tier() { # TIER
	local from=${EPOCHREALTIME/[.,]/} status=0
	trap 'interrupted=1' INT
	bats --tap --timing "tests/$1" >"$results/$1.tap" 2>&1 </dev/null || status=$?
	printf '%d %d\n' "$status" "$(((${EPOCHREALTIME/[.,]/} - from) / 1000))" >"$results/$1.end"
}

# An interrupted bats takes down what its tests set up, engines and all; that is waited for. TERM would end it at once.
stop() {
	trap '' INT TERM
	local job
	for job in $(jobs -p); do
		kill -INT -- "-$job" 2>/dev/null || :
	done
	wait
	printf 'run-tests: stopped\n' >&2
	exit 130
}

rm -rf "$results"
mkdir -p "$results"

others=()
for tier in "${tiers[@]}"; do
	[ "$tier" = container ] || others+=("$tier")
done
# Job control gives each a process group of its own, which can be stopped as a whole.
set -m
trap stop INT TERM
if [[ " ${tiers[*]} " == *' container '* ]]; then
	run_tier container &
fi
for tier in "${others[@]}"; do
	run_tier "$tier"
	[ -z "${interrupted:-}" ] || break
done &
wait
set +m
trap - INT TERM

# One tier's TAP: prints what is worth reading, then a line for the shell, "passed failed skipped".
# shellcheck disable=SC2016 # awk's, not the shell's
count='
	/^1\.\.[0-9]+$/ { planned = substr($0, 4) + 0; next }
	/^ok [0-9]+ / {
		failing = 0
		if (match($0, / # skip( |$)/)) {
			skipped++
			sub(/^ok [0-9]+ /, "")
			print "  skipped: " $0
		} else {
			passed++
		}
		next
	}
	/^not ok [0-9]+ / { failed++; failing = 1 }
	# Before the first test it is something that kept bats from its work.
	failing || passed + failed + skipped == 0 { print "  " $0; next }
	/^# bats warning:/ { print "  " $0 }
	END {
		if (planned > passed + failed + skipped) {
			printf "  did not run: %d of %d tests\n", planned - passed - failed - skipped, planned
			failed += planned - passed - failed - skipped
		}
		if (failed == 0 && status != 0) {
			printf "  bats ended with status %d\n", status
			failed = 1
		}
		if (failed == 0 && passed == 0) {
			print "  no test has passed: a tier may not be empty, nor skipped as a whole"
			failed = 1
		}
		printf "%d %d %d\n", passed, failed, skipped
	}'

# Where the time goes: each file of the tier would say more, but bats names none. All is read, for who writes into a pipe that nobody
# reads any more ends with an error.
longest() { # TAP
	sed -nE 's/^(not )?ok [0-9]+ (.*) in ([0-9]+)ms( # .*)?$/\3 \2/p' "$1" | sort -rn |
		awk 'NR <= 5 { ms = $1; sub(/^[0-9]+ /, ""); printf "  %6.1f s  %s\n", ms / 1000, $0 }'
}

passed=0 failed=0 skipped=0
for tier in "${tiers[@]}"; do
	read -r status ms <"$results/$tier.end" || die "the tier $tier was cut off: see $results/$tier.tap"
	mapfile -t lines < <(awk -v status="$status" "$count" "$results/$tier.tap")
	read -r tier_passed tier_failed tier_skipped <<<"${lines[-1]}"
	printf '%s: %d passed, %d failed, %d skipped (%d.%d s)\n' \
		"$tier" "$tier_passed" "$tier_failed" "$tier_skipped" $((ms / 1000)) $((ms % 1000 / 100))
	longest "$results/$tier.tap"
	[ "${#lines[@]}" -eq 1 ] || printf '%s\n' "${lines[@]:0:${#lines[@]}-1}"
	passed=$((passed + tier_passed)) failed=$((failed + tier_failed)) skipped=$((skipped + tier_skipped))
done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
