#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2317 # every test is a subshell; for tests/helpers/learn.bash, which calls used and kept
# --learn with what public images' Dockerfiles make (tests/helpers/public.bash): what it says of each is what an engineer who
# knows the image would, and enough. These take longer than they tell: `make check-public`, not `make check`.

bats_require_minimum_version 1.5.0

setup_file() {
	load_helpers
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	public_build public-more php mosquitto squid syncthing tools
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

# ---- php

php_learns() {
	local -a options flags
	local took learnt owner=uid=0,gid=0,
	[ "$ENGINE" = docker ] || owner=
	advises "--writable=/tmp --allow=/usr/bin/dash --allow=/usr/bin/sh --allow=/usr/sbin/php-fpm8.2 --allow=/usr/local/bin/php-fpm $(
	)--keep-caps=kill,setgid,setuid --warn=non-root-uid" \
		"/tmp:noexec,mode=1777,${owner}size=16m"
	enough
}

@test "php: sessions and uploads in /tmp; signals to its workers" {
	APP=php PROGRAM=(docker-php-entrypoint php-fpm -c /usr/local/etc/php.ini -y /usr/local/etc/php-fpm.conf)
	used() {
		app_answers 'hello from php: 4' python3 "$BATS_TEST_DIRNAME/../helpers/fastcgi.py" 9000 /var/www/html/index.php
	}
	learn_on docker php_learns
}

# ---- mosquitto

mosquitto_learns_as_another() {
	local -a options flags
	local took learnt
	advises '--writable=/mosquitto/data --writable=/mosquitto/log --allow=/usr/bin/dash --allow=/usr/bin/sh' \
		'mosquitto-data:/mosquitto/data mosquitto-log:/mosquitto/log' --user=1883
	enough --user=1883
	learn_volumes_rm
}

@test "mosquitto as its own user" {
	mosquitto
	learn_on podman mosquitto_learns_as_another
}

# ---- squid

squid_learns() {
	local -a options flags
	local took learnt owner=uid=0,gid=0,
	[ "$ENGINE" = docker ] || owner=
	advises "--writable=/run --writable=/var/log/squid --writable=/var/spool/squid --allow=/usr/bin/bash $(
	)--keep-caps=chown,dac_override,kill,setgid,setuid --warn=non-root-uid" "/run:noexec,mode=0755,${owner}size=16m var-log-squid:/var/log/squid var-spool-squid:/var/spool/squid"
	enough
	learn_volumes_rm
}

@test "squid: its number, its spool, its logs" {
	APP=squid PROGRAM=(entrypoint.sh -f /etc/squid/squid.conf -NYC)
	used() {
		app_answers ERR_CONNECT_FAIL curl --silent --show-error --max-time 5 --proxy http://127.0.0.1:3128 http://127.0.0.1:1/
	}
	learn_on docker squid_learns
}

# ---- syncthing

syncthing_learns() {
	local -a options flags
	local took learnt
	advises '--writable=/var/syncthing --allow=/usr/bin/dash --allow=/usr/bin/sh --keep-caps=chown,kill,setgid,setuid --warn=non-root-uid' \
		'var-syncthing:/var/syncthing'
	enough
	learn_volumes_rm
}

@test "syncthing: all that it generates in its volume" {
	APP=syncthing PROGRAM=(/entrypoint.sh /usr/bin/syncthing)
	used() {
		app_answers Syncthing curl --silent --show-error --fail --max-time 2 http://127.0.0.1:8384/
	}
	learn_on podman syncthing_learns
}
