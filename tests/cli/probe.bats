#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# --probe: a server's health, told by 0 or 1.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/engines
	granit_setup
	T=$BATS_TEST_TMPDIR
	SERVER=
}

teardown() {
	stop
}

stop() {
	[ -z "$SERVER" ] || kill "$SERVER"
	# No other process: bats has one, which waits for the test to take too long.
	[ -z "$SERVER" ] || wait "$SERVER" || :
	SERVER=
}

# serve WAY [ADDRESS]: sets PORT
serve() {
	rm -f "$T/port"
	stop
	python3 tests/helpers/odd_server.py "$1" "$T/port" "${@:2}" >/dev/null 2>&1 3>&- 4>&- &
	SERVER=$!
	retry 200 0.05 test -s "$T/port"
	PORT=$(<"$T/port")
}

# A port where nobody listens, on either address of the loopback.
free_port() {
	python3 -c 'import socket
s = socket.socket(socket.AF_INET6)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
s.bind(("::", 0))
print(s.getsockname()[1])'
}

@test "2xx and 3xx are healthy, other answers are not" {
	local code
	for code in 200 204 302 399; do
		serve "$code"
		expect 0 "$GRANIT" --probe="http:$PORT/page" --timeout=10s
		[ -z "$output$stderr" ]
	done
	for code in 404 500 600; do
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
	for way in hang drip reset garbage short interim-only interim-endless; do
		serve "$way"
		SECONDS=0
		expect 1 "$GRANIT" --probe="http:$PORT/page"
		[ "$SECONDS" -le 10 ]
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

@test "what it says of each" {
	local case
	for case in 'hang:no answer in time' 'drip:no answer in time' 'reset:Connection reset by peer' 'garbage:not an HTTP/1 server' \
		'short:hung up before' 'interim-only:hung up before' 'interim-endless:no answer in time' 'switch:the answer is 101'; do
		serve "${case%%:*}"
		expect 1 "$GRANIT" --probe="http:$PORT/page" --timeout=700ms
		contains "$stderr" "${case#*:}"
	done
}

@test "interim answers are skipped until the final one" {
	local way
	for way in interim newlines; do
		serve "$way"
		expect 0 "$GRANIT" --probe="http:$PORT/page" --timeout=10s
		[ -z "$output$stderr" ]
	done
}

# The request then meets a socket that is closed already: EPIPE, ECONNRESET.
@test "a server that answers and hangs up before it was asked is healthy" {
	local way
	for way in early early-reset; do
		serve "$way"
		expect 0 "$GRANIT" --probe="http:$PORT/page" --timeout=10s
		rm -f "$T/s"
		serve "$way" "$T/s"
		expect 0 "$GRANIT" --probe="http+unix:$T/s:/page" --timeout=10s
		command -v strace >/dev/null || continue
		expect 0 strace -qq -o "$T/trace" -e trace=sendto -e inject=sendto:delay_enter=300000 \
			"$GRANIT" --probe="http+unix:$T/s:/page" --timeout=10s
		grep -q EPIPE "$T/trace"
		serve "$way"
		expect 0 strace -qq -o "$T/trace" -e trace=sendto -e inject=sendto:delay_enter=300000 \
			"$GRANIT" --probe="http:$PORT/page" --timeout=10s
		# After a reset there is nobody to send to; after a plain end there may be.
		[ "$way" = early ] || grep -qE 'EPIPE|ECONNRESET' "$T/trace"
	done
}

@test "::1 only" {
	serve 200 ::1
	expect 0 "$GRANIT" --probe="tcp:$PORT" --probe="http:$PORT/page" --timeout=10s
	[ -z "$output$stderr" ]
}

# busy: listens on $T/busy with a queue of one, full already, of which one is taken after a second; or never
busy() {
	python3 - "$T/busy" "$1" >"$T/busy.ready" 3>&- 4>&- <<'EOF' &
import socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(0)
full = []
while True:
    c = socket.socket(socket.AF_UNIX)
    c.setblocking(False)
    try:
        c.connect(sys.argv[1])
    except BlockingIOError:
        break
    full.append(c)
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
s.accept()
time.sleep(20)
EOF
	BUSY=$!
	until [ -s "$T/busy.ready" ]; do sleep 0.05; done
}

@test "a socket in the file system whose queue is full is waited for" {
	busy 1
	expect 0 "$GRANIT" --probe="unix:$T/busy" --timeout=10s
	kill "$BUSY"
	rm "$T/busy" "$T/busy.ready"
	busy 20
	expect 1 "$GRANIT" --probe="unix:$T/busy" --timeout=300ms
	contains "$stderr" 'no answer in time while connecting'
	expect 125 "$GRANIT" -q --profile=plain --wait-for="unix:$T/busy" --timeout=300ms -- true
	contains "$stderr" 'not there after 300ms'
	kill "$BUSY"
}

@test "a socket in the file system" {
	expect 1 "$GRANIT" --probe="unix:$T/s"
	contains "$stderr" 'No such file or directory'
	serve 200 "$T/s"
	expect 0 "$GRANIT" --probe="unix:$T/s" --probe="http+unix:$T/s:/page" --timeout=10s
	expect 1 "$GRANIT" --probe="http+unix:$T/s:/other" --timeout=10s
	contains "$stderr" 'the answer is 400'
}

@test "nginx: over TCP on either address, and a socket" {
	local port address
	port=$(free_port)
	for address in 127.0.0.1 '[::1]'; do
		cat >"$T/nginx.conf" <<-END
			daemon off; master_process off; pid $T/nginx.pid; error_log $T/error.log;
			events {}
			http {
				access_log off;
				client_body_temp_path $T/1; proxy_temp_path $T/2; fastcgi_temp_path $T/3; uwsgi_temp_path $T/4; scgi_temp_path $T/5;
				server {
					listen $address:$port; listen unix:$T/n.sock;
					location /healthz { return 204; }
					location /moved { return 301 /healthz; }
					location /hangs-up { return 444; }
					location / { return 503; }
				}
			}
		END
		nginx -p "$T" -e "$T/error.log" -c "$T/nginx.conf" >/dev/null 2>&1 3>&- 4>&- &
		SERVER=$!
		retry 200 0.05 "$GRANIT" --probe="tcp:$port" 2>/dev/null
		expect 0 "$GRANIT" --probe="http:$port/healthz" --probe="http:$port/moved" --probe="unix:$T/n.sock" --probe="http+unix:$T/n.sock:/healthz" \
			--timeout=10s
		expect 1 "$GRANIT" --probe="http:$port/" --timeout=10s
		contains "$stderr" 'the answer is 503'
		expect 1 "$GRANIT" --probe="http+unix:$T/n.sock:/hangs-up" --timeout=10s
		contains "$stderr" 'hung up before'
		stop
		rm -f "$T/n.sock"
	done
	expect 1 "$GRANIT" --probe="http:$port/healthz"
	contains "$stderr" 'Connection refused'
}

@test "redis: over TCP and a socket; it speaks no HTTP" {
	local port
	port=$(free_port)
	redis-server --port "$port" --bind 127.0.0.1 --unixsocket "$T/r.sock" --save '' --appendonly no --dir "$T" >/dev/null 2>&1 3>&- 4>&- &
	SERVER=$!
	retry 200 0.05 "$GRANIT" --probe="tcp:$port" 2>/dev/null
	retry 200 0.05 "$GRANIT" --probe="unix:$T/r.sock" 2>/dev/null
	expect 0 "$GRANIT" --probe="tcp:$port" --probe="unix:$T/r.sock" --timeout=10s
	expect 1 "$GRANIT" --probe="http:$port/" --timeout=5s
	stop
	expect 1 "$GRANIT" --probe="tcp:$port"
	expect 1 "$GRANIT" --probe="unix:$T/r.sock"
}
