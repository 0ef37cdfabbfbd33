#!/bin/bash
# What --sleep, --probe and --kill cost, which engines start every few seconds for ever: spawn to exit, against a static
# program that does nothing.
#
#	tools.sh [ROUNDS]
#
# One line a tool: name, p50 in ns, p50 in ns of the empty program.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

[ -n "${BENCH_PREPARED:-}" ] || prepare
"$granit" --sleep=0 2>/dev/null || die "$granit has no --sleep (made with TOOLS=no?)"

# The harness is process 1 in there, which a signal without a handler does not reach.
in_container -c "$CPU" "$rootfs" /bench/listener 8080 /bench/startup -n "${1:-1000}" -- \
	bare /bin/true \
	+ sleep /contestants/granit --sleep=0 \
	+ probe /contestants/granit --probe=tcp:8080 \
	+ kill /contestants/granit --kill=TERM |
	awk -F'\t' '$1 == "bare" { bare = $2; next } { printf "%s\t%d\t%d\n", $1, $2, bare }'
