#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2317 # for tests/helpers/learn.bash, which calls used and kept
# --learn with applications of Debian's, as they are and not made for it: what one run on a writable root says, taken word by
# word, is enough to start them read-only in restricted, and nothing of it can be left out. The databases are in a file of
# their own.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/learn
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	apps_build
	learn_images nginx redis memcached node python
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/learn
	[ "${GRANIT_TEST_APPS:-all}" != none ] || skip "GRANIT_TEST_APPS leaves the applications out"
	APP='' PROGRAM=() ENDS=0
	kept() { used; }
}

teardown() {
	engine_rm
}

USER_FLAGS=(--user 65532:65532)

# ---- nginx

nginx() { # PORT OPTION...
	PORT=$1 APP=nginx PROGRAM=(/usr/sbin/nginx "${@:2}" -g 'daemon off;')
	used() {
		app_answers 'hello from nginx' curl --silent --show-error --fail --max-time 2 "http://127.0.0.1:$PORT/"
		# More than it keeps in memory.
		app_answers '405 Not Allowed' bash -c 'head -c 100000 /dev/zero |
			curl --silent --max-time 2 --data-binary @- http://127.0.0.1:'"$PORT/"
	}
}

@test "nginx" {
	nginx 8080 -e stderr
	learn_on podman learn_all '--writable=/tmp' "${USER_FLAGS[@]}"
}

# Docker frees all ports.
nginx_learns() {
	local bind=,net_bind_service
	[ "$ENGINE" = podman ] || bind=
	learn_all "--writable=/run --writable=/var/lib/nginx --writable=/var/log/nginx --keep-caps=chown,setgid,setuid$bind --warn=non-root-uid"
}

@test "nginx as root, in the folders of its package" {
	nginx 80 -c /etc/nginx/debian.conf
	learn_on docker nginx_learns
}

# ---- redis

redis() {
	APP=redis PROGRAM=(/usr/bin/redis-server --dir /data)
	used() {
		redis_says $'+OK\n$5\nhello\n+OK\n' 'SET key hello' 'GET key' SAVE
	}
	kept() {
		used
	}
}

redis_says() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	app_answers "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/6379
		printf "%s\r\n" "$@" QUIT >&3
		timeout 5 cat <&3 | tr -d "\r"' redis "${@:2}"
}

@test "redis with its data" {
	redis
	learn_on docker learn_all '--writable=/data' "${USER_FLAGS[@]}"
}

@test "redis as root" {
	redis
	learn_on podman learn_all '--writable=/data --warn=non-root-uid'
}

# ---- memcached

memcached() {
	APP=memcached PROGRAM=(/usr/bin/memcached "$@")
	used() {
		# shellcheck disable=SC2016 # expanded by the inner shell
		app_answers $'STORED\nVALUE key 0 5\nhello' bash -c 'exec 3<>/dev/tcp/127.0.0.1/11211
			printf "%s\r\n" "set key 0 0 5" hello "get key" quit >&3
			timeout 5 cat <&3 | tr -d "\r"'
	}
}

@test "memcached: nothing" {
	memcached
	learn_on podman learn_all '' "${USER_FLAGS[@]}"
}

@test "memcached as root, until it is another user" {
	memcached -u app
	learn_on docker learn_all '--keep-caps=kill,setgid,setuid --warn=non-root-uid'
}

# ---- node and python

node() {
	APP=node PROGRAM=(/usr/bin/node /app/server.js)
	used() {
		app_answers 'hello from node' curl --silent --show-error --fail --max-time 2 http://127.0.0.1:8080/
	}
}

@test "node: that it may write code" {
	node
	learn_on docker learn_all '--allow=/usr/bin/node --deny=none --deny=memfd-exec,user-namespaces,tiocsti,io-uring,pid1' "${USER_FLAGS[@]}"
}

@test "node as root" {
	node
	learn_on podman learn_all '--allow=/usr/bin/node --warn=non-root-uid --deny=none --deny=memfd-exec,user-namespaces,tiocsti,io-uring,pid1'
}

python() {
	APP=python PROGRAM=(/usr/bin/python3 /srv/server.py)
	used() {
		app_answers 201 curl --silent --show-error --fail --max-time 2 --write-out '%{http_code}' --upload-file /etc/hostname \
			http://127.0.0.1:8080/name
		app_answers "$(</etc/hostname)" curl --silent --show-error --fail --max-time 2 http://127.0.0.1:8080/uploads/name
	}
}

@test "python with uploads" {
	python
	learn_on podman learn_all '--writable=/srv/uploads --writable=/tmp --allow=/usr/bin/python3' "${USER_FLAGS[@]}"
}

@test "python as root" {
	python
	learn_on docker learn_all '--writable=/srv/uploads --writable=/tmp --allow=/usr/bin/python3 --warn=non-root-uid'
}

# ---- an engine that grants no listener

@test "the walk alone: nginx" {
	nginx 8080 -e stderr
	learn_on docker walk_alone --writable=/tmp '' "${USER_FLAGS[@]}"
}

@test "the walk alone: redis with its data" {
	redis
	learn_on podman walk_alone --writable=/data '' "${USER_FLAGS[@]}"
}

@test "the walk alone: python with uploads" {
	python
	learn_on docker walk_alone '--writable=/srv/uploads --writable=/tmp' --allow=/usr/bin/python3 "${USER_FLAGS[@]}"
}
