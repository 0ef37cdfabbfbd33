#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts of inner shells; every test is a subshell; `run` sets stderr
# --wait-for: the program starts when what it needs is there.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/engines
	granit_setup
	T=$BATS_TEST_TMPDIR
	PLAIN=("$GRANIT" --profile=plain)
	PID1=(unshare --pid --fork --mount-proc --kill-child=KILL)
	WAITING=
	SERVER=
}

teardown() {
	[ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || :
	[ -z "$WAITING" ] || kill -KILL "$WAITING" 2>/dev/null || :
}

# A port of ADDRESS where nobody listens: sets PORT
free_port() { # ADDRESS
	PORT=$(python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
s.bind((sys.argv[1], 0))
print(s.getsockname()[1])' "$1")
}

listen() { # ADDRESS PORT, or PATH
	python3 -c 'import socket, sys
if len(sys.argv) == 2:
    s = socket.socket(socket.AF_UNIX)
    s.bind(sys.argv[1])
else:
    s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((sys.argv[1], int(sys.argv[2])))
s.listen()
while True:
    s.accept()[0].close()' "$@" >/dev/null 2>&1 3>&- 4>&- &
	SERVER=$!
}

# waiting COMMAND...: it runs beside the test, and has not started the program yet. Its output goes to $T/out.
waiting() {
	"$@" >"$T/out" 2>"$T/err" 3>&- 4>&- &
	WAITING=$!
	retry 200 0.05 has_child "$WAITING"
	[ ! -s "$T/out" ]
}

has_child() {
	[ -n "$(pgrep -P "$1")" ]
}

# ends STATUS: what waits ends so
ends() {
	local status=0
	wait "$WAITING" || status=$?
	WAITING=
	[ "$status" -eq "$1" ] || {
		printf 'status %s, wanted %s\n' "$status" "$1"
		cat "$T/out" "$T/err"
		return 1
	}
}

@test "tcp: an address, a name, both families" {
	local host at
	for host in 127.0.0.1 localhost '[::1]'; do
		at=${host//[\[\]]/}
		[ "$host" != localhost ] || at=127.0.0.1
		free_port "$at"
		waiting "${PLAIN[@]}" --wait-for="tcp:$host:$PORT" -- "$TOOLS/probe" args started
		listen "$at" "$PORT"
		ends 0
		[ "$(<"$T/out")" = started ]
		[ ! -s "$T/err" ]
		kill "$SERVER"
	done
}

@test "unix: not a file, somebody who listens" {
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$T/s"
	[ -S "$T/s" ]
	waiting "${PLAIN[@]}" --wait-for="unix:$T/s" -- "$TOOLS/probe" args started
	rm "$T/s"
	listen "$T/s"
	ends 0
	[ "$(<"$T/out")" = started ]
}

@test "file: whatever is there, a directory too" {
	waiting "${PLAIN[@]}" --wait-for="file:$T/there" -- "$TOOLS/probe" args started
	mkdir "$T/there"
	ends 0
	[ "$(<"$T/out")" = started ]
}

@test "several: all of them" {
	free_port 127.0.0.1
	waiting "${PLAIN[@]}" --wait-for="file:$T/one" --wait-for="file:$T/two" --wait-for="tcp:127.0.0.1:$PORT" -- "$TOOLS/probe" args started
	: >"$T/two"
	listen 127.0.0.1 "$PORT"
	[ ! -s "$T/out" ]
	: >"$T/one"
	ends 0
	[ "$(<"$T/out")" = started ]
}

@test "what is there already holds nobody up" {
	SECONDS=0
	expect 0 "${PLAIN[@]}" --wait-for=file:/ --timeout=0s -- "$TOOLS/probe" args started
	[ "$output" = started ]
	[ "$SECONDS" -le 3 ]
}

@test "when the time is over: 125, and what was not there and why" {
	free_port 127.0.0.1
	expect 125 "${PLAIN[@]}" --termination-log="$T/log" --timeout=300ms --wait-for=file:/ --wait-for="tcp:127.0.0.1:$PORT" -- "$TOOLS/probe" args started
	[ "$stderr" = "granit: --wait-for=tcp:127.0.0.1:$PORT: not there after 300ms (--timeout): Connection refused; the program was not started" ]
	[ -z "$output" ]
	grep -q 'Connection refused' "$T/log"
	expect 125 "${PLAIN[@]}" --timeout=1s --wait-for=file:/no/such -- "$TOOLS/probe" args started
	contains "$stderr" 'file:/no/such: not there after 1s (--timeout): No such file or directory'
	expect 125 "${PLAIN[@]}" --timeout=100ms --wait-for=unix:/no/such -- "$TOOLS/probe" args started
	contains "$stderr" 'unix:/no/such: not there after 100ms (--timeout): No such file or directory'
	expect 125 "${PLAIN[@]}" --timeout=100ms --exec --wait-for=file:/no/such -- "$TOOLS/probe" args started
	contains "$stderr" 'No such file or directory'
	# Only a program's own status can count as 0.
	expect 125 "${PLAIN[@]}" --timeout=100ms -e 125 --wait-for=file:/no/such -- "$TOOLS/probe" args started
	expect 0 "${PLAIN[@]}" -e 125 --wait-for=file:/ -- "$TOOLS/probe" exit 125
}

@test "--timeout is for all of them together" {
	SECONDS=0
	expect 125 "${PLAIN[@]}" --timeout=1s --wait-for=file:/no/1 --wait-for=file:/no/2 --wait-for=file:/no/3 -- true
	contains "$stderr" 'file:/no/1'
	[ "$SECONDS" -le 4 ]
}

@test "a name: /etc/hosts, its aliases, in either case, all its addresses" {
	needs_root 'an /etc/hosts of its own'
	make_root
	mkdir "$ROOT/etc"
	printf '%s\n' '# 127.0.0.1 comment' '127.0.0.1 one two	THREE # four' '::1	both' '127.0.0.1 both' 'nonsense five' \
		'127.0.0.1 two-ways' '2001:db8::1 two-ways' '2001:db8::1 other-way' '127.0.0.1 other-way' >"$ROOT/etc/hosts"
	local name
	# Where there is no way to one family's address, the other's answer says more.
	for name in one two three both two-ways other-way; do
		boxed 125 --read-only --net -- /granit -q --profile=plain --timeout=100ms --wait-for="tcp:$name:80" -- /probe args no
		contains "$stderr" 'Connection refused'
	done
	for name in four five comment nobody; do
		boxed 125 --read-only --net -- /granit -q --profile=plain --timeout=100ms --wait-for="tcp:$name:80" -- /probe args no
		contains "$stderr" 'it is not in /etc/hosts, and /etc/resolv.conf: No such file or directory'
	done
	rm "$ROOT/etc/hosts"
	boxed 125 --read-only --net -- /granit -q --profile=plain --timeout=100ms --wait-for=tcp:one:80 -- /probe args no
	contains "$stderr" 'it is not in /etc/hosts, and /etc/resolv.conf: No such file or directory'
}

@test "a name: an /etc/hosts of any length, with lines of any length" {
	needs_root 'an /etc/hosts of its own'
	make_root
	mkdir "$ROOT/etc"
	{
		printf '127.0.0.1 first\n'
		# Lines that end everywhere in what is read at a time, one that is longer, and one without an end.
		for i in {1..9000}; do printf '0.0.0.0 advertiser-%s.example\n' "$i"; done
		printf '127.0.0.1 middle\n127.0.0.1 '
		head -c 140000 /dev/zero | tr '\0' ' '
		printf ' too-long\n127.0.0.1 behind\n127.0.0.1 last'
	} >"$ROOT/etc/hosts"
	local name
	for name in first middle behind last; do
		boxed 125 --read-only --net -- /granit -q --profile=plain --timeout=100ms --wait-for="tcp:$name:80" -- /probe args no
		contains "$stderr" 'Connection refused'
	done
	for name in too-long nobody advertiser; do
		boxed 125 --read-only --net -- /granit -q --profile=plain --timeout=100ms --wait-for="tcp:$name:80" -- /probe args no
		contains "$stderr" 'it is not in /etc/hosts'
	done
}

# asked STATUS RESOLV-CONF WAY GRANIT-OPTION...: with that file, and a name server of that way on 127.0.0.1
asked() {
	printf '%b' "$2" >"$T/resolv.conf"
	printf '127.0.0.1 in-hosts\n' >"$T/hosts"
	: >"$T/questions"
	rm -f "$T/ready"
	expect "$1" unshare --net --mount bash -c '
		ip link set lo up || exit 99
		mount --bind "$1/resolv.conf" /etc/resolv.conf && mount --bind "$1/hosts" /etc/hosts || exit 99
		python3 tests/helpers/dns_server.py "$2" "$1/ready" "$1/questions" db.ns.example=127.0.0.1 six.example=::1 top=127.0.0.1 \
			both.example=::1 both.example=127.0.0.1 &
		[ -z "${LISTEN:-}" ] || exec python3 -c "import socket, sys
s = socket.create_server((sys.argv[1], 9))
while True:
    s.accept()[0].close()" "$LISTEN" &
		for i in {1..200}; do [ ! -s "$1/ready" ] || break; sleep 0.05; done
		"${@:3}"
		status=$?
		kill $(jobs -p)
		exit "$status"' - "$T" "$3" "${PLAIN[@]}" "${@:4}" -- "$TOOLS/probe" args started
}

# Nobody listens on the port: that it is refused says that the name was found.
@test "a name: of a name server, with the domains of resolv.conf(5)" {
	needs_root 'a network of its own'
	local name
	for name in db db.ns six both top db.ns.example db.ns.example. in-hosts; do
		asked 125 '# x\nnameserver 127.0.0.1\nsearch . ns.example\texample  \noptions x ndots:2 y\n' plain --timeout=600ms --wait-for="tcp:$name:9"
		contains "$stderr" 'Connection refused'
		[ "$name" = in-hosts ] || [ -s "$T/questions" ]
	done
	[ ! -s "$T/questions" ]
	# Of several addresses one is enough: of this name, ::1 is refused.
	LISTEN=127.0.0.1 asked 0 'nameserver 127.0.0.1\nsearch example\n' plain --timeout=20s --wait-for=tcp:both:9
	[ "$output" = started ]
	for name in nobody db.other db.; do
		asked 125 'nameserver 127.0.0.1\nsearch ns.example example\n' plain --timeout=300ms --wait-for="tcp:$name:9"
		contains "$stderr" 'no such name in /etc/hosts or at the name server'
	done
	# Without an option it is first asked for as it is where it has a dot.
	asked 125 'nameserver 127.0.0.1\nsearch ns.example\n' plain --timeout=300ms --wait-for=tcp:db.ns:9
	[ "$(head -n 1 "$T/questions")" = 'db.ns A' ]
	asked 125 'nameserver 127.0.0.1\nsearch ns.example\noptions ndots:5\n' plain --timeout=300ms --wait-for=tcp:db.ns:9
	[ "$(head -n 1 "$T/questions")" = 'db.ns.ns.example A' ]
}

@test "a name: a search domain that can not be asked for is passed over, and as many count as there are" {
	needs_root 'a network of its own'
	local bad label
	label=$(printf 'x%.0s' {1..64})
	bad="bad..domain .bad $label $(printf 'x.%.0s' {1..130})"
	asked 125 "nameserver 127.0.0.1\nsearch $bad $(printf 'no%s.example ' {1..31}) ns.example\n" plain --timeout=2s --wait-for=tcp:db:9
	contains "$stderr" 'Connection refused'
	asked 125 "nameserver 127.0.0.1\nsearch $bad\n" plain --timeout=300ms --wait-for=tcp:nobody:9
	contains "$stderr" 'no such name'
	# A name that is none itself is told.
	asked 125 'nameserver 127.0.0.1\nsearch example\n' plain --timeout=300ms --wait-for="tcp:$label:9"
	contains "$stderr" 'asking the name server (/etc/resolv.conf): Invalid argument'
}

@test "a name server that lies, is silent, fails, or is not the first" {
	needs_root 'a network of its own'
	local way
	for way in alias stranger-first; do
		asked 125 'nameserver 127.0.0.1\n' "$way" --timeout=600ms --wait-for=tcp:db.ns.example:9
		contains "$stderr" 'Connection refused'
	done
	for way in garbage other-number other-question short endless-name silent; do
		asked 125 'nameserver 127.0.0.1\n' "$way" --timeout=300ms --wait-for=tcp:db.ns.example:9
		[[ $stderr == *'the name server did not answer'* || $stderr == *'no such name'* ]]
	done
	asked 125 'nameserver 127.0.0.1\n' fails --timeout=300ms --wait-for=tcp:db.ns.example:9
	contains "$stderr" 'the name server could not answer'
	# As in a cluster without a way out: it is another name that the server cannot ask for.
	asked 125 'nameserver 127.0.0.1\nsearch far.test ns.example\noptions ndots:5\n' fails-elsewhere --timeout=600ms --wait-for=tcp:db.ns.example:9
	contains "$stderr" 'Connection refused'
	asked 125 'nameserver 127.0.0.1\nsearch far.test ns.example\noptions ndots:5\n' fails-elsewhere --timeout=600ms --wait-for=tcp:db:9
	contains "$stderr" 'Connection refused'
	asked 125 'nameserver 127.0.0.1\nsearch far.test ns.example\noptions ndots:5\n' fails-elsewhere --timeout=300ms --wait-for=tcp:ns.example:9
	contains "$stderr" 'the name server could not answer'
	# It has addresses, so no domain is to be tried.
	asked 125 'nameserver 127.0.0.1\nsearch example\n' cut --timeout=300ms --wait-for=tcp:db.ns.example:9
	contains "$stderr" "the name server's answer is too long for UDP"
	run ! grep -q 'example.example' "$T/questions"
	asked 125 'nameserver 127.0.0.9\n' plain --timeout=300ms --wait-for=tcp:db.ns.example:9
	contains "$stderr" 'asking the name server (/etc/resolv.conf): Connection refused'
	asked 125 'nameserver 127.0.0.9\nnameserver 127.0.0.1\n' plain --timeout=600ms --wait-for=tcp:db.ns.example:9
	contains "$stderr" ':9: not there after 600ms (--timeout): Connection refused'
	[ -s "$T/questions" ]
}

@test "it waits hardened, in the strictest profile too, as the program's user" {
	needs_root 'another user to become'
	make_root
	chmod 755 "$ROOT"
	mkdir -m 700 "$ROOT/closed"
	: >"$ROOT/closed/file"
	local -a strict=(--read-only --net -- /granit -q --profile=restricted --ignore=all --user=1000:1000 --timeout=200ms)
	boxed 125 "${strict[@]}" --wait-for=tcp:127.0.0.1:80 -- /probe args no
	contains "$stderr" 'Connection refused'
	boxed 125 "${strict[@]}" --wait-for=file:/closed/file -- /probe args no
	contains "$stderr" 'Permission denied'
	boxed 0 "${strict[@]}" --wait-for=file:/closed -- /granit --profile=plain --wait-for=file:/closed -- /granit --sleep=0s
}

@test "TERM and INT end it at once, with 128+N; so does what they are rewritten to" {
	local signal
	for signal in TERM:143 INT:130 HUP:129 USR1:138; do
		# What bash starts beside itself ignores INT.
		waiting env --default-signal "${PLAIN[@]}" --timeout=50s --wait-for="file:$T/never" -- "$TOOLS/probe" args started
		kill -s "${signal%:*}" "$WAITING"
		ends "${signal#*:}"
		contains "$(<"$T/err")" 'arrived before it was there; the program was not started'
		[ ! -s "$T/out" ]
	done
	for signal in TERM INT; do
		waiting env --default-signal "${PLAIN[@]}" --timeout=50s -r "$signal:WINCH" --wait-for="file:$T/never" -- "$TOOLS/probe" args started
		kill -s "$signal" "$WAITING"
		ends 156
	done
}

@test "there is nothing to drain before the start: --stop-delay does not hold TERM back" {
	SECONDS=0
	waiting "${PLAIN[@]}" --timeout=50s --stop-delay=40s --wait-for="file:$T/never" -- "$TOOLS/probe" args started
	kill "$WAITING"
	ends 143
	[ "$SECONDS" -le 20 ]
}

@test "signals that would not end the program do not end waiting" {
	waiting "${PLAIN[@]}" --wait-for="file:$T/there" -- "$TOOLS/probe" args started
	kill -s WINCH "$WAITING"
	kill -s URG "$WAITING"
	kill -s CONT "$WAITING"
	: >"$T/there"
	ends 0
	[ "$(<"$T/out")" = started ]
	waiting bash -c 'trap "" HUP; exec "$@"' - "${PLAIN[@]}" --wait-for="file:$T/there2" -- "$TOOLS/probe" args started
	kill -s HUP "$WAITING"
	: >"$T/there2"
	ends 0
}

has_children() { # PID NUMBER
	[ "$(pgrep -P "$1" | wc -l)" -eq "$2" ]
}

@test "as process 1 it passes signals on and collects orphans the while; with --exec it hears them itself" {
	needs_root 'a PID namespace'
	local init
	mkfifo "$T/fifo"
	waiting "${PID1[@]}" bash -c '(read -r line <"$1" &); exec "${@:2}"' - "$T/fifo" \
		"${PLAIN[@]}" --timeout=50s --wait-for="file:$T/never" -- "$TOOLS/probe" args started
	init=$(pgrep -P "$WAITING")
	retry 200 0.05 has_children "$init" 2
	: >"$T/fifo"
	retry 200 0.05 has_children "$init" 1
	kill -s TERM "$init"
	ends 143
	waiting "${PID1[@]}" "${PLAIN[@]}" --exec --timeout=50s --wait-for="file:$T/never" -- "$TOOLS/probe" args started
	# Before it blocks signals, as process 1 it would miss them.
	init=$(pgrep -P "$WAITING")
	retry 100 0.05 term_ends "$init"
	ends 143
	contains "$(<"$T/err")" 'signal 15 arrived'
	waiting "${PID1[@]}" "${PLAIN[@]}" --exec --timeout=50s --wait-for="file:$T/there" -- "$TOOLS/probe" args started
	: >"$T/there"
	ends 0
	[ "$(<"$T/out")" = started ]
}

# A zombie of unshare's is gone soon.
term_ends() {
	kill -s TERM "$1" 2>/dev/null || return 0
	return 1
}

@test "who waits dies with granit, and starts nothing; the program that was started does not" {
	local child
	waiting "${PLAIN[@]}" --wait-for="file:$T/there" -- "$TOOLS/probe" args started
	child=$(pgrep -P "$WAITING")
	kill -s KILL "$WAITING"
	ends 137
	wait_gone "$child"
	: >"$T/there"
	[ ! -s "$T/out" ]
	mkfifo "$T/fifo"
	"${PLAIN[@]}" --wait-for="file:$T/there" -- bash -c 'echo up; read -r line <"$1"; echo "$line"' - "$T/fifo" >"$T/out" 2>&1 3>&- 4>&- &
	retry 200 0.05 grep -q up "$T/out"
	kill -s KILL "$!"
	wait "$!" || :
	printf 'still there\n' >"$T/fifo"
	retry 200 0.05 grep -q 'still there' "$T/out"
}

@test "in a PID namespace whose first process the program becomes (unshare without --fork)" {
	needs_root 'a PID namespace'
	expect 0 unshare --pid "${PLAIN[@]}" --wait-for=file:/ -- "$TOOLS/probe" args started
	[ "$output" = started ]
	waiting unshare --pid "${PLAIN[@]}" --timeout=50s --wait-for="file:$T/never" -- "$TOOLS/probe" args started
	kill "$WAITING"
	ends 143
}

@test "-g, and what cannot make a process" {
	waiting "${PLAIN[@]}" -g --timeout=50s --wait-for="file:$T/never" -- "$TOOLS/probe" args started
	kill "$WAITING"
	ends 143
	expect 125 "$TOOLS/inject" fork=EAGAIN,clone=EAGAIN -- "${PLAIN[@]}" --wait-for=file:/ -- "$TOOLS/probe" args started
	contains "$stderr" 'cannot make a process for'
}

@test "the configuration file may say all of it" {
	printf 'SECRET\n' >"$T/secret"
	printf 'A=1\n' >"$T/env"
	printf '%s\n' 'wait-for = file:/' "env-file = $T/env" expand 'secrets = auto' "secret = S=$T/secret" 'timeout = 1s' >"$T/conf"
	expect 0 env -i PATH="$PATH" "${PLAIN[@]}" --config="$T/conf" -- bash -c 'echo "$1 $A $S"' - '${A}'
	[ "$output" = '1 1 SECRET' ]
}

@test "at a terminal it is in the foreground: ^C ends it" {
	expect 130 python3 tests/helpers/terminal.py wait:go 'send:\x03' -- bash -c 'echo go; exec "$@"' - \
		"${PLAIN[@]}" --timeout=50s --wait-for="file:$T/never" -- true
}

@test "at a terminal ^Z gives it back to the shell, and fg waits on" {
	# Who was asked for the socket waits for the file by now, or soon.
	expect 0 python3 tests/helpers/terminal.py wait:asked 'send:\x1a' 'wait:back 148' 'wait:done 0' -- bash -mc '
		python3 -c "import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
s.accept()
print(\"asked\")" "$1/s" &
		"${@:2}"
		echo "back $?"
		: >"$1/there"
		fg
		echo "done $?"' - "$T" "${PLAIN[@]}" --timeout=50s --wait-for="unix:$T/s" --wait-for="file:$T/there" -- "$TOOLS/probe" args started
	contains "$output" $'\nstarted'
}

@test "what is no target" {
	local target
	for target in 5432 tcp:5432 tcp:host tcp:host:0 tcp:host:65536 tcp::80 tcp:::1:80 'tcp:[::1]' 'tcp:[host]:80' 'tcp:[127.0.0.1]:80' 'tcp:a b:80' tcp:a/b:80 \
		unix:x file:x file: unix: http:80/; do
		expect 125 "${PLAIN[@]}" --wait-for="$target" -- true
		contains "$stderr" 'is not tcp:HOST:PORT'
	done
	local -a many=()
	for target in {1..17}; do many+=(--wait-for=file:/); done
	expect 125 "${PLAIN[@]}" "${many[@]}" -- true
	contains "$stderr" 'more than 16 times'
	expect 0 "${PLAIN[@]}" "${many[@]:1}" -- true
}
