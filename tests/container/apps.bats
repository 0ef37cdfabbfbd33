#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Applications that everybody runs, from Debian's packages, with all that granit takes from them: started, asked something,
# ended; on every engine in restricted, on one in immutable, which grants more. What each has to be allowed is the least
# that it works with, and doc/applications.md says so; a test that takes a part of it away stands beside.
# GRANIT_TEST_APPS=none leaves the file out, where Debian's archive cannot be reached.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	apps_build
	apps_images
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	[ "${GRANIT_TEST_APPS:-all}" != none ] || skip "GRANIT_TEST_APPS leaves the applications out"
}

teardown() {
	engine_rm
}

# refused ID APP [FLAG...] -- [OPTION...] -- PROGRAM [ARG...]: that check fails, and the program is not started
refused() {
	local id=$1 app=$2
	local -a more=()
	shift 2
	while [ "$1" != -- ]; do
		more+=("$1")
		shift
	done
	shift
	app_flags
	runs 78 "${FLAGS[@]}" "${more[@]}" --entrypoint /granit "granit-test/$app:1" "$@"
	has "$stderr" "FAIL $id:"
}

# volume FOLDER: sets VOLUME, the flags that put it on /data; ON_VOLUME, what granit has to be told. Docker cannot mount a folder
# noexec, nosuid, nodev: nothing is warned of all the same, since granit takes the effect.
volume() {
	VOLUME=(--volume "$1:/data:noexec,nosuid,nodev") ON_VOLUME=(--writable=/data)
	[ "$ENGINE" = podman ] || VOLUME=(--volume "$1:/data")
}

# empty_volume, database_volume: a folder for it that belongs to the application's user
empty_volume() {
	install -d -m 700 -o 65532 -g 65532 "$BATS_TEST_TMPDIR/$ENGINE"
	volume "$BATS_TEST_TMPDIR/$ENGINE"
}

database_volume() {
	cp -a "$APPS_DIR/data" "$BATS_TEST_TMPDIR/$ENGINE"
	volume "$BATS_TEST_TMPDIR/$ENGINE"
}

# lives STATUS 'WARNING-ID...': what is asked of each application that has answered
lives() {
	app_hardened
	app_checked "$2"
	app_ends "$1"
}

# ---- what is asked

# In its own protocol, of which a line is enough.
redis_answers() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	app_answers "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/6379
		printf "%s\r\n" "$@" QUIT >&3
		timeout 5 cat <&3 | tr -d "\r"' redis "${@:2}"
}

web_answers() {
	app_answers "$1" curl --silent --show-error --fail --max-time 5 http://127.0.0.1:8080/
}

postgres_answers() {
	local loader
	loader=$(compgen -G "$APPS_DIR/psql/usr/lib/*-linux-*/ld-linux*.so.*")
	app_answers "$1" "$loader" --library-path "${loader%/*}" "$(compgen -G "$APPS_DIR/psql/usr/lib/postgresql/*/bin/psql")" \
		--no-psqlrc --quiet --tuples-only --no-align --host=127.0.0.1 --username=postgres --command="$2"
}

# ---- redis

redis_caches() {
	app_start redis -- --profile="$1" -- /usr/bin/redis-server --save ''
	redis_answers $'+PONG\n+OK\n$5\nhello\n' PING 'SET key hello' 'GET key'
	lives 0 ''
}

@test "redis as a cache, immutable: nothing to be allowed" {
	one_engine redis_caches immutable
}

@test "redis as a cache, restricted: nothing to be allowed" {
	each_engine redis_caches restricted
}

redis_keeps() {
	empty_volume
	app_start redis "${VOLUME[@]}" -- --profile="$1" "${ON_VOLUME[@]}" -- /usr/bin/redis-server --dir /data --appendonly yes
	redis_answers $'+OK\n$5\nhello\n' 'SET key hello' 'GET key'
	# A copy of the process writes the file.
	redis_answers 'Background saving started' BGSAVE
	lives 0 ''
	app_start redis "${VOLUME[@]}" -- --profile="$1" "${ON_VOLUME[@]}" -- /usr/bin/redis-server --dir /data --appendonly yes
	redis_answers $'$5\nhello\n' 'GET key'
	app_ends 0
}

@test "redis with its data, immutable: a volume" {
	one_engine redis_keeps immutable
}

@test "redis with its data, restricted: a volume" {
	each_engine redis_keeps restricted
}

redis_has_no_volume() {
	empty_volume
	refused writable-mounts redis "${VOLUME[@]}" -- -- /usr/bin/redis-server --dir /data --appendonly yes
	refused writable-declared redis -- --writable=/data -- /usr/bin/redis-server --dir /data --appendonly yes
	runs 1 "${FLAGS[@]}" granit-test/redis:1 /usr/bin/redis-server --appendonly yes
	has "$output" 'Read-only file system'
}

@test "redis with its data, but without the volume, or with one not declared" {
	one_engine redis_has_no_volume
}

# ---- nginx

NGINX=(/usr/sbin/nginx -e stderr -g 'daemon off;')

nginx_serves() {
	app_start nginx --tmpfs /tmp:noexec -- --profile="$1" --writable=/tmp -- "${NGINX[@]}"
	web_answers 'hello from nginx'
	lives 0 ''
}

@test "nginx, immutable: a tmpfs for its number and for large bodies" {
	one_engine nginx_serves immutable
}

@test "nginx, restricted: a tmpfs for its number and for large bodies" {
	each_engine nginx_serves restricted
}

nginx_has_no_tmpfs() {
	refused writable-mounts nginx --tmpfs /tmp:noexec -- --profile=restricted -- "${NGINX[@]}"
	runs 1 "${FLAGS[@]}" granit-test/nginx:1 "${NGINX[@]}"
	has "$stderr" 'mkdir() "/tmp/body" failed'
}

@test "nginx without the tmpfs, or with one not declared" {
	one_engine nginx_has_no_tmpfs
}

# ---- node

# Its compiler writes code and starts it: of what restricted denies, all but that.
NODE_DENY=--deny=none,pid1,memfd-exec,user-namespaces,tiocsti,exec-scripts,io-uring

node_serves() {
	app_start node -- "${@:2}" -- /usr/bin/node "$1" /app/server.js
	web_answers 'hello from node'
	# Debian's is a library, with a small program on top.
	lives 0 no-interpreter
}

@test "node, immutable: itself" {
	one_engine node_serves --use-strict --profile=immutable --allow=/usr/bin/node
}

@test "node, restricted: itself, and to write code" {
	each_engine node_serves --use-strict --profile=restricted --allow=/usr/bin/node "$NODE_DENY"
}

@test "node without its compiler, restricted: itself" {
	each_engine node_serves --jitless --profile=restricted --allow=/usr/bin/node
}

node_is_not_allowed() {
	refused no-interpreter node -- --profile=restricted "$NODE_DENY" -- /usr/bin/node /app/server.js
}

@test "node, restricted, but not allowed" {
	one_engine node_is_not_allowed
}

node_may_not_write_code() {
	app_flags
	run --separate-stderr engine_run "${FLAGS[@]}" --entrypoint /granit granit-test/node:1 --deny=wx-memory -- /probe map-wx
	[ "$output" != ok ] || skip "nothing keeps memory from being written and executed here"
	run --separate-stderr engine_run "${FLAGS[@]}" --entrypoint /granit granit-test/node:1 --deny=wx-memory -- \
		/usr/bin/node --eval 'console.log("started")'
	lacks "$output" started
	is "status: it traps" 133 "$status"
}

@test "node, denied to write code, does not start" {
	one_engine node_may_not_write_code
}

# ---- python

PYTHON=(/usr/bin/python3 -m http.server 8080 --directory /srv)

python_serves() {
	app_start python -- "$@" -- "${PYTHON[@]}"
	web_answers 'hello from python'
	# It has no handler.
	lives 143 "$WARNS"
}

@test "python, immutable: nothing to be allowed, which warns" {
	WARNS=no-interpreter one_engine python_serves --profile=immutable
}

@test "python, restricted: itself" {
	WARNS='' each_engine python_serves --profile=restricted --allow=/usr/bin/python3
}

python_is_not_allowed() {
	refused no-interpreter python -- --profile=restricted -- "${PYTHON[@]}"
}

@test "python, restricted, but not allowed" {
	one_engine python_is_not_allowed
}

# ---- postgres

# No socket in a folder: it listens on 127.0.0.1 only.
POSTGRES=(/usr/bin/postgres -D /data -k '')

postgres_serves() {
	database_volume
	app_start postgres "${VOLUME[@]}" -- --profile="$1" "${ON_VOLUME[@]}" -- "${POSTGRES[@]}"
	postgres_answers 'PostgreSQL' 'SELECT version()'
	postgres_answers 'hello' "CREATE TABLE said (word text); INSERT INTO said VALUES ('hello'); SELECT word FROM said"
	# Workers share memory by files in /dev/shm.
	postgres_answers 'Workers Launched: 2' "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
		SET min_parallel_table_scan_size = 0; EXPLAIN (ANALYZE) SELECT count(*) FROM said"
	lives 0 ''
}

@test "postgres, immutable: a volume, and shared memory" {
	one_engine postgres_serves immutable
}

@test "postgres, restricted: a volume, and shared memory" {
	each_engine postgres_serves restricted
}

postgres_lacks_something() {
	database_volume
	refused writable-mounts postgres "${VOLUME[@]}" -- -- "${POSTGRES[@]}"
	# Debian's has its socket in /var/run/postgresql.
	runs 1 "${FLAGS[@]}" "${VOLUME[@]}" --entrypoint /granit granit-test/postgres:1 --writable=/data -- \
		/usr/bin/postgres -D /data
	has "$stderr" '/var/run/postgresql'
}

@test "postgres with a volume not declared, or without a place for the socket that it wants" {
	one_engine postgres_lacks_something
}

# ---- haproxy

haproxy_serves() {
	app_start haproxy -- --profile="$1" -- /usr/sbin/haproxy -f /etc/haproxy/haproxy.cfg
	web_answers 'hello from haproxy'
	# Lua is a library of its; the status is its own.
	lives 143 no-interpreter
}

@test "haproxy, immutable: nothing to be allowed" {
	one_engine haproxy_serves immutable
}

@test "haproxy, restricted: nothing to be allowed" {
	each_engine haproxy_serves restricted
}

# ---- the document

# Line by line as they stand, but for the image's name, and the volume's folder on this machine.
documented() {
	local line app word
	local -a words
	while read -r line; do
		words=()
		while read -r word; do
			case $word in
			apps/*) app=${word#apps/} word=granit-test/$app:1 ;;
			/srv/*:/data*) word=$BATS_TEST_TMPDIR$word ;;
			esac
			words+=("$word")
		done < <(xargs -n 1 printf '%s\n' <<<"${line#"$ENGINE run "}")
		printf '# %s\n' "$app"
		NAME=$(container_name)
		engine_detach "$NAME" "${words[@]}"
		case $app in
		redis) redis_answers '+PONG' PING ;;
		postgres) postgres_answers PostgreSQL 'SELECT version()' ;;
		*) web_answers "hello from $app" ;;
		esac
		app_hardened
		engine_destroy "$NAME"
		printf '%s\n' "$app" >>"$BATS_TEST_TMPDIR/documented"
	done < <(sed -n ':more; /\\$/ { N; s/\\\n *//; b more; }; s/^    \('"$ENGINE"' run .*\)/\1/p' "$BATS_TEST_DIRNAME/../../doc/applications.md")
}

@test "the lines of doc/applications.md, as they stand" {
	mkdir "$BATS_TEST_TMPDIR/srv"
	install -d -m 700 -o 65532 -g 65532 "$BATS_TEST_TMPDIR/srv/redis"
	cp -a "$APPS_DIR/data" "$BATS_TEST_TMPDIR/srv/postgres"
	each_engine documented
	[[ $GRANIT_TEST_ENGINES != 'podman docker' ]] ||
		diff <(printf '%s\n' "${APPS[@]}" | sort) <(sort "$BATS_TEST_TMPDIR/documented")
}
