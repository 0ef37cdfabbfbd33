#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets output
# How what is verified beside the program is scheduled, and what comes of it when it takes long.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
}

@test "idle time at first, a share of its own after ten minutes, and the end after an hour" {
	run -0 "$TOOLS/rest"
	diff -u - <(printf '%s\n' "$output") <<'END'
start: idle
next after 600 s
collected: 1
ten minutes: batch, nice 19
next after 3600 s
granit: not verified yet: it took an hour, and the program is ended (--watch=terminate)
an hour: 1
an hour, warn: 0
END
}
