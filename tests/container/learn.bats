#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# --learn with applications of Debian's: what one run on a writable root says, taken word by word, is enough to start them
# read-only in restricted, and nothing of it can be left out.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	apps_build
	# With the folders that images have which were not made for a read-only root.
	cp -a "$APPS_DIR/nginx" "$APPS_DIR/redis" "$BATS_FILE_TMPDIR/"
	install -d -m 1777 "$BATS_FILE_TMPDIR/nginx/tmp"
	printf 'nobody:x:65534:65534::/:/nonexistent\n' >>"$BATS_FILE_TMPDIR/nginx/etc/passwd"
	printf 'nogroup:x:65534:\n' >>"$BATS_FILE_TMPDIR/nginx/etc/group"
	install -d -m 750 -o 65532 -g 65532 "$BATS_FILE_TMPDIR/redis/data"
	image granit-test/learn-nginx:1 "$BATS_FILE_TMPDIR/nginx"
	image granit-test/learn-redis:1 "$BATS_FILE_TMPDIR/redis"
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

# learnt TITLE: the first line of the report below it
learnt() {
	awk -v title="$1:" 'found { print; exit } $0 == title { found = 1 }' <<<"$report"
}

# learns APP [FLAG...] -- PROGRAM [ARG...]: started with --learn, asked and ended; sets report, and from it options, what
# granit is to be told, and flags, what the engine is
learns() {
	local app=$1
	local -a started=()
	shift
	while [ "$1" != -- ]; do
		started+=("$1")
		shift
	done
	NAME=$(container_name)
	engine_detach "$NAME" "${started[@]}" --entrypoint /granit "granit-test/$app:1" --learn "$@"
	"answers_of_$app"
	app_ends 0
	report=$(engine_logs "$NAME" 2>&1)
	read -ra options < <(learnt granit)
	read -ra flags < <(learnt "$ENGINE run")
}

# starts [FLAG...] -- [OPTION...] -- PROGRAM...: with the user that it had, in restricted
starts() {
	local -a more=()
	while [ "$1" != -- ]; do
		more+=("$1")
		shift
	done
	NAME=$(container_name)
	engine_detach "$NAME" --security-opt no-new-privileges --memory 256m --pids-limit 100 "${more[@]}" --entrypoint /granit \
		"granit-test/$APP:1" --profile=restricted "${@:2}"
}

answers_of_learn-nginx() {
	app_answers 'hello from nginx' curl --silent --show-error --fail --max-time 5 http://127.0.0.1:8080/
	# More than it keeps in memory.
	app_answers '405 Not Allowed' bash -c 'head -c 100000 /dev/zero | curl --silent --max-time 5 --data-binary @- http://127.0.0.1:8080/'
}

answers_of_learn-redis() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	app_answers $'+OK\n$5\nhello\n+OK\n' bash -c 'exec 3<>/dev/tcp/127.0.0.1/6379
		printf "%s\r\n" "SET key hello" "GET key" SAVE QUIT >&3
		timeout 5 cat <&3 | tr -d "\r"'
}

nginx_learnt() {
	local APP=learn-nginx report
	local -a options flags nginx=(/usr/sbin/nginx -e stderr -g 'daemon off;')
	learns learn-nginx --user 65532:65532 -- "${nginx[@]}"
	has "$report" 'accepting '
	is "granit's options" '--writable=/tmp' "${options[*]}"
	starts --user 65532:65532 "${flags[@]}" -- "${options[@]}" -- "${nginx[@]}"
	answers_of_learn-nginx
	app_hardened
	app_ends 0
	# Without the one place that it is given.
	run engine_run --user 65532:65532 "${flags[@]/--tmpfs=*/--read-only}" --entrypoint /granit granit-test/learn-nginx:1 --profile=plain -- "${nginx[@]}"
	[ "$status" -ne 0 ]
}

nginx_of_root_learnt() {
	local APP=learn-nginx report
	local -a options flags nginx=(/usr/sbin/nginx -e stderr -g 'daemon off;')
	learns learn-nginx -- "${nginx[@]}"
	is "granit's options" '--writable=/tmp --keep-caps=chown,setgid,setuid' "${options[*]}"
	# Its workers are another user's, and cannot be read.
	has "$report" 'calls could not be read, the last one of nginx'
	# That it is root is what restricted refuses, and what it keeps is not for every check.
	starts "${flags[@]}" -- "${options[@]}" --warn=non-root-uid,non-root-gid,writable-exec,caps-effective,caps-bounding,caps-inheritable-ambient -- "${nginx[@]}"
	answers_of_learn-nginx
	app_ends 0
}

redis_learnt() {
	local APP=learn-redis report
	local -a options flags redis=(/usr/bin/redis-server --dir /data)
	learns learn-redis --user 65532:65532 -- "${redis[@]}"
	is "granit's options" '--writable=/data' "${options[*]}"
	has "$report" '/data: use a volume instead of the tmpfs if it must outlive the container'
	starts --user 65532:65532 "${flags[@]}" -- "${options[@]}" -- "${redis[@]}"
	answers_of_learn-redis
	app_hardened
	app_ends 0
}

@test "nginx: what one run says is enough, and has nothing that is not needed" {
	each_engine nginx_learnt
}

@test "nginx that begins as root: its capabilities too" {
	each_engine nginx_of_root_learnt
}

@test "redis with its data: what one run says is enough" {
	each_engine redis_learnt
}
