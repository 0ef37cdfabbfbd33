#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2317 # for tests/helpers/learn.bash, which calls used and kept
# --learn with databases, which were made when the image was built: a named volume begins with them. Else as learn.bats.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/learn
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	apps_build
	learn_images postgres mariadb
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/learn
	[ "${GRANIT_TEST_APPS:-all}" != none ] || skip "GRANIT_TEST_APPS leaves the applications out"
	APP='' PROGRAM=() ENDS=0
}

teardown() {
	engine_rm
}

USER_FLAGS=(--user 65532:65532)

# client NAME FILE WANTED [ARG...]: a client of Debian's, as build/apps has it, is told WANTED
client() {
	local loader
	loader=$(compgen -G "$APPS_DIR/$1/usr/lib/*-linux-*/ld-linux*.so.*")
	app_answers "$3" "$loader" --library-path "${loader%/*}" "$(compgen -G "$APPS_DIR/$1/$2")" "${@:4}"
}

# ---- postgres

postgres_says() {
	client psql 'usr/lib/postgresql/*/bin/psql' "$1" --no-psqlrc --quiet --tuples-only --no-align --host=127.0.0.1 --username=postgres --command="$2"
}

@test "postgres: its database, its socket" {
	APP=postgres PROGRAM=(/usr/bin/postgres -D /var/lib/postgresql/data)
	used() {
		postgres_says kept "CREATE TABLE IF NOT EXISTS said (word text); INSERT INTO said VALUES ('kept'); SELECT DISTINCT word FROM said"
	}
	kept() {
		postgres_says kept 'SELECT DISTINCT word FROM said'
	}
	learn_on docker learn_all '--writable=/run/postgresql --writable=/var/lib/postgresql/data' "${USER_FLAGS[@]}"
}

# ---- mariadb

mariadb() {
	APP=mariadb PROGRAM=(/usr/sbin/mariadbd --no-defaults --datadir=/var/lib/mysql --socket=/run/mysqld/mysqld.sock
		--pid-file=/run/mysqld/mysqld.pid --lc-messages-dir=/usr/share/mysql "$@")
	used() {
		mariadb_says kept "CREATE TABLE IF NOT EXISTS test.said (word text); INSERT INTO test.said VALUES ('kept'); SELECT DISTINCT word FROM test.said"
	}
	kept() {
		mariadb_says kept 'SELECT DISTINCT word FROM test.said'
	}
}

mariadb_says() {
	client mysql usr/bin/mariadb "$1" --no-defaults --protocol=tcp --host=127.0.0.1 --user=app --batch --skip-column-names --execute="$2"
}

@test "mariadb: its database, its socket, a place for what is temporary" {
	mariadb
	learn_on podman learn_all '--writable=/run/mysqld --writable=/tmp --writable=/var/lib/mysql' "${USER_FLAGS[@]}"
}

# The folder of its socket is the other user's, in podman the tmpfs as well.
mariadb_learns() {
	learn_all "--writable=/run/mysqld --writable=/tmp --writable=/var/lib/mysql --keep-caps=kill,setgid,setuid $(
	)--warn=writable-declared:/run/mysqld --warn=writable-declared:/var/lib/mysql --warn=non-root-uid"
}

@test "mariadb as root, until it is another user" {
	mariadb --user=app
	learn_on docker mariadb_learns
}

@test "the walk alone: mariadb" {
	mariadb
	learn_on podman walk_alone '--writable=/run/mysqld --writable=/tmp --writable=/var/lib/mysql' '' "${USER_FLAGS[@]}"
}
