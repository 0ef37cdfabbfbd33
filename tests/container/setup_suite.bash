# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Starting an engine costs more than a container does: once for all files of this folder. One that does not start ends
# the run; $GRANIT_TEST_ENGINES is the only way to do with fewer.

# shellcheck source=tests/helpers/engines.bash
source "${BASH_SOURCE[0]%/*}/../helpers/engines.bash"

setup_suite() {
	local name granit
	granit=$(realpath "${GRANIT:-${BASH_SOURCE[0]%/*}/../../build/granit}")
	for name in $GRANIT_TEST_ENGINES; do
		# For dockerd, which takes the init of --init from there.
		engine_start "$name" --init-path "$granit"
	done
}

# bats calls it too when setup_suite failed half-way, and in a place where a failing command is not noticed by itself.
teardown_suite() {
	local name status=0
	for name in $GRANIT_TEST_ENGINES; do
		engine_stop "$name" || status=1
	done
	return "$status"
}
