#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2317 # every test is a subshell; for tests/helpers/learn.bash, which calls used and kept
# --learn with what public images' Dockerfiles make (tests/helpers/public.bash): what it says of each is what an engineer who
# knows the image would, and enough. Not here, for a package of each is larger than all of these: tomcat, rabbitmq, varnish,
# prometheus, postfix.

bats_require_minimum_version 1.5.0

setup_file() {
	load_helpers
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	public_build
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

# client NAME WANTED [ARG...]: one of Debian's is told WANTED
client() {
	local loader
	loader=$(compgen -G "$APPS_DIR/tools/usr/lib/*-linux-*/ld-linux*.so.*")
	app_answers "$2" "$loader" --library-path "${loader%/*}" "$APPS_DIR/tools/usr/bin/$1" "${@:3}"
}

# advises OPTIONS MOUNTS [FLAG...]: what granit and the engine are to be told; the engines mount in any order. Sets what
# learn.bash works on.
advises() {
	local wanted=$1 mounts=$2
	shift 2
	public_image "$APP"
	learns "$@"
	is "what granit is to be told of $APP" "$wanted" "${options[*]}"
	is "what is mounted for $APP" "$mounts" "$(printf '%s\n' "${flags[@]}" | grep / | xargs)"
}

# notes PATH: what there is to decide of it
notes() {
	jq -r --arg path "$1" '.learn.places[] | select(.path == $path).note' <<<"$learnt"
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

# ---- php

php_learns() {
	local -a options flags
	local took learnt owner=uid=0,gid=0,
	[ "$ENGINE" = docker ] || owner=
	advises '--writable=/tmp --allow=/usr/bin/dash --allow=/usr/bin/sh --keep-caps=kill,setgid,setuid --warn=non-root-uid' \
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

mosquitto() {
	APP=mosquitto PROGRAM=(/docker-entrypoint.sh /usr/sbin/mosquitto -c /mosquitto/config/mosquitto.conf)
	used() {
		client mosquitto_pub '' -h 127.0.0.1 -t said -r -m kept
		kept
	}
	kept() {
		client mosquitto_sub kept -h 127.0.0.1 -t said -C 1 -W 2
	}
}

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
