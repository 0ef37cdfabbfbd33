#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# --probe: a server's health, told by 0 or 1.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	SERVER=
}

teardown() {
	[ -z "$SERVER" ] || kill "$SERVER"
}

# serve WAY: sets PORT
serve() {
	local file=$BATS_TEST_TMPDIR/port tries=100
	rm -f "$file"
	[ -z "$SERVER" ] || kill "$SERVER"
	python3 tests/helpers/odd_server.py "$1" "$file" >/dev/null 2>&1 3>&- &
	SERVER=$!
	until [ -s "$file" ]; do
		((tries--))
		sleep 0.1
	done
	PORT=$(<"$file")
}

@test "2xx and 3xx are healthy, other answers are not" {
	local code
	for code in 200 204 302 399; do
		serve "$code"
		expect 0 "$GRANIT" --probe="http:$PORT/page" --timeout=10s
		[ -z "$output$stderr" ]
	done
	for code in 404 500 199; do
		serve "$code"
		expect 1 "$GRANIT" --probe="http:$PORT/page" --timeout=10s
		contains "$stderr" "the answer is $code"
	done
}

@test "all of several have to hold" {
	serve 200
	expect 0 "$GRANIT" --probe="tcp:$PORT" --probe="http:$PORT/page" --timeout=10s
	expect 1 "$GRANIT" --probe="tcp:$PORT" --probe="http:$PORT/other" --timeout=10s
	expect 1 "$GRANIT" --probe="tcp:1" --probe="tcp:$PORT" --timeout=10s
	contains "$stderr" '--probe=tcp:1: '
}

@test "a server that hangs, drips, resets or talks nonsense is not healthy, and holds nobody up" {
	local way
	for way in hang drip reset garbage short; do
		serve "$way"
		SECONDS=0
		expect 1 "$GRANIT" --probe="http:$PORT/page"
		[ "$SECONDS" -le 3 ]
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
	serve endless
	expect 0 "$GRANIT" --probe="http:$PORT/page" --timeout=10s
}

@test "it takes no address" {
	local target
	for target in tcp:10.0.0.1:80 http:example.org/ http://127.0.0.1/ http:80:x/ tcp:0 tcp:65536 tcp: udp:5 unix:x "http:80/a b"; do
		expect 125 "$GRANIT" --probe="$target"
		contains "$stderr" 'never leaves the container'
	done
}

@test "TERM ends it with 1" {
	serve hang
	expect 1 timeout --preserve-status -s TERM 0.5 "$GRANIT" --probe="http:$PORT/page" --timeout=20s
	contains "$stderr" 'signal 15 came'
}

@test "a socket in the file system" {
	local path=$BATS_TEST_TMPDIR/s
	expect 1 "$GRANIT" --probe="unix:$path"
	python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
while True:
    c, _ = s.accept()
    if c.recv(4096):
        c.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    c.close()' "$path" >/dev/null 2>&1 3>&- &
	SERVER=$!
	local tries=100
	until "$GRANIT" --probe="unix:$path" 2>/dev/null; do
		((tries--))
		sleep 0.1
	done
	expect 0 "$GRANIT" --probe="http+unix:$path:/x" --timeout=10s
}
