#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets output and status
# scripts/setup.sh, with an apt-get of the test's own.

bats_require_minimum_version 1.5.0

setup() {
	T=$BATS_TEST_TMPDIR
	mkdir "$T/bin"
	# A table with one package that is there nowhere.
	sed "/^table='\$/,/^'\$/c\\table='no-such-package | build | a reason | no-such-command'" "$BATS_TEST_DIRNAME/../../scripts/setup.sh" >"$T/setup.sh"
	printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>%q\n' "$T/calls" | tee "$T/bin/apt-get" "$T/bin/sudo" >/dev/null
	chmod +x "$T/bin"/*
}

@test "what is missing is installed, and another apt's lock is waited for" {
	run env PATH="$T/bin:$PATH" bash "$T/setup.sh" build
	printf '%s\n' "$output"
	[ "$status" -eq 0 ]
	[[ $output == *'installing no-such-package'*'a reason'* ]]
	cat "$T/calls"
	grep -q ' update$' "$T/calls"
	grep -q ' install .*no-such-package$' "$T/calls"
	# A machine that has just booted installs its updates.
	run ! grep -v -- '-o DPkg::Lock::Timeout=120 ' "$T/calls"
}

@test "nothing missing: one line, and no apt" {
	sed -i 's/no-such-command/sh/' "$T/setup.sh"
	run env PATH="$T/bin:$PATH" bash "$T/setup.sh" build
	[ "$status" -eq 0 ]
	[ "$output" = 'setup: nothing is missing for: build' ]
	[ ! -e "$T/calls" ]
}
