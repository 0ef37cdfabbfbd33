#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2317 # every test is a subshell; for tests/helpers/learn.bash, which calls used and kept
# --learn with what public images' Dockerfiles make (tests/helpers/public.bash): what it says of each is what an engineer who
# knows the image would, and enough. More of them are in tests/public.

bats_require_minimum_version 1.5.0

setup_file() {
	load_helpers
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	public_build public httpd mosquitto bind9 tools
}

setup() {
	load_helpers
	[ "${GRANIT_TEST_APPS:-all}" != none ] || skip "GRANIT_TEST_APPS leaves the applications out"
	APP='' PROGRAM=() ENDS=0
	kept() { used; }
}

teardown() {
	engine_rm
}

load_helpers() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/learn
	load ../helpers/public
}

# ---- httpd

httpd_learns() {
	local -a options flags
	local took learnt mount=,net_bind_service tmpfs=uid=0,gid=0,
	[ "$ENGINE" = podman ] || mount=
	[ "$ENGINE" = docker ] || tmpfs=
	advises "--writable=/usr/local/apache2/logs --allow=/usr/bin/dash --allow=/usr/bin/sh --keep-caps=chown,kill,setgid,setuid$mount $(
	)--warn=non-root-uid" "/usr/local/apache2/logs:noexec,mode=0755,${tmpfs}size=16m"
	enough
	# All lines one by one would take as long as the rest of the file.
	without_cap kill
	breaks '--keep-caps: kill'
}

@test "httpd: a folder for its number and its socket; signals to its workers" {
	APP=httpd PROGRAM=(httpd-foreground)
	used() {
		app_answers 'It works!' curl --silent --show-error --fail --max-time 2 http://127.0.0.1/
		app_answers 'hello from a script' curl --silent --show-error --fail --max-time 2 http://127.0.0.1/cgi-bin/hello
	}
	learn_on podman httpd_learns
}

# ---- mosquitto

mosquitto_learns() {
	local -a options flags
	local took learnt
	advises "--writable=/mosquitto/data --writable=/mosquitto/log --allow=/usr/bin/dash --allow=/usr/bin/sh $(
	)--keep-caps=chown,kill,setgid,setuid --warn=writable-declared:/mosquitto/data --warn=writable-declared:/mosquitto/log $(
	)--warn=non-root-uid" 'mosquitto-data:/mosquitto/data mosquitto-log:/mosquitto/log'
	has "$(notes /mosquitto)" 'was set to what it was already'
	has "$(notes /mosquitto/data)" 'a VOLUME of the image: without a name it ends with the container'
	enough
	learn_volumes_rm
}

@test "mosquitto: its volumes, and not the configuration, whose owner is set at each start" {
	mosquitto
	learn_on docker mosquitto_learns
}

# ---- bind9

bind9_learns() {
	local -a options flags
	local took learnt mounts='run-named:/run/named' bind=,net_bind_service
	[ "$ENGINE" = podman ] || bind=
	[ "$ENGINE" = podman ] || mounts='/run/named:noexec,mode=0755,uid=53,gid=53,size=16m'
	# It is another user when it binds its ports.
	advises "--writable=/run/named --writable=/var/cache/bind --writable=/var/lib/bind --keep-caps=kill,setgid,setuid$bind $(
	)--warn=writable-declared:/run/named --warn=writable-declared:/var/cache/bind --warn=writable-declared:/var/lib/bind $(
	)--warn=non-root-uid" "$mounts var-cache-bind:/var/cache/bind var-lib-bind:/var/lib/bind etc-bind:/etc/bind:ro var-log:/var/log:ro" \
		--cap-add=SYS_PTRACE
	is "the ports" '["--listen=udp:53,53,953"]' "$(jq -c .listen <<<"$learnt")"
	is "who wrote its number" '["named"]' "$(jq -c '[.learn.writes[].by] | unique' <<<"$learnt")"
	enough
	learn_volumes_rm
}

@test "bind9: a port that it binds as another user; volumes that nobody writes to, read-only" {
	APP=bind9 PROGRAM=(/usr/sbin/named -g -4 -c /etc/bind/named.conf -u bind)
	used() {
		printf '%s\n' 'server 127.0.0.1' 'zone example.test' 'update add new.example.test 60 A 192.0.2.7' send >"$BATS_TEST_TMPDIR/update"
		client dig 192.0.2.1 +short +time=1 +tries=1 @127.0.0.1 ns.example.test
		client nsupdate '' -t 2 "$BATS_TEST_TMPDIR/update"
		kept
	}
	kept() {
		client dig 192.0.2.7 +short +time=1 +tries=1 @127.0.0.1 new.example.test
	}
	learn_on podman bind9_learns
}
