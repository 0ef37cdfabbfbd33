#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # others' variables; for tests/helpers/learn.bash; `run` sets status
# examples/learn/try.sh: an image, once under --learn and once with what that says.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/learn
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	apps_build
	learn_images nginx redis
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/learn
	[ "${GRANIT_TEST_APPS:-all}" != none ] || skip "GRANIT_TEST_APPS leaves the applications out"
}

# tries IMAGE COMMAND PROGRAM...: with the engine $ENGINE of the tests, and without a network
tries() {
	local -a cli
	engine_cli
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexec %s "$@"\n' "${cli[*]}" >"$BATS_TEST_TMPDIR/bin/$ENGINE"
	chmod +x "$BATS_TEST_TMPDIR/bin/$ENGINE"
	run env ENGINE="$BATS_TEST_TMPDIR/bin/$ENGINE" FLAGS='--network=none --pull=never --user 65532:65532' \
		"$BATS_TEST_DIRNAME/../../examples/learn/try.sh" "granit-test/learn-$1:1" "${@:2}" 3>&- 4>&-
}

IN_NETWORK='nsenter --net="/proc/$("$ENGINE" inspect --format "{{.State.Pid}}" "$CONTAINER")/ns/net" --'

nginx_tried() {
	tries nginx "$IN_NETWORK curl --silent --fail --max-time 2 http://127.0.0.1:8080/" /usr/sbin/nginx -e stderr -g 'daemon off;'
	is "status: $output" 0 "$status"
	has "$output" "granit:  '--writable=/tmp'"
	has "$output" "'--tmpfs' '/tmp:noexec,mode=1777,"
	is "the last line" 'it answers as before, read-only in restricted' "${lines[-1]}"
}

@test "a program whose list is enough" {
	each_engine nginx_tried
}

# It says another thing each time.
redis_tried() {
	tries redis "$IN_NETWORK bash -c 'exec 3<>/dev/tcp/127.0.0.1/6379; printf \"INFO server\\r\\nQUIT\\r\\n\" >&3; grep run_id: <&3'" \
		/usr/bin/redis-server --dir /data
	is "status: $output" 1 "$status"
	has "$output" 'it answers otherwise, read-only in restricted:'
	has "$output" '-run_id:'
	has "$output" '+run_id:'
}

@test "a program that answers otherwise" {
	one_engine redis_tried
}

not_there() {
	tries redis true /none
	is "status: $output" 1 "$status"
	has "$output" 'try.sh: '
}

@test "a program that does not start" {
	one_engine not_there
}
