#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # for the helpers
# The options in the ENTRYPOINT of an example are what --learn says of its program, with its configuration and its CMD.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	apps_build
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	[ "${GRANIT_TEST_APPS:-all}" != none ] || skip "GRANIT_TEST_APPS leaves the applications out"
	EXAMPLES=$BATS_TEST_DIRNAME/../../examples
}

teardown() {
	engine_rm
}

# instruction NAME WORD: the last one of these in the example's Dockerfile, an argument a line
instruction() {
	sed -n ':more; /\\$/ { N; s/\\\n[ \t]*//; b more; }; s/^'"$2"' //p' "$EXAMPLES/$1/Dockerfile" | tail -n 1 | jq -r '.[]'
}

# One a line and sorted, but for the profile, what has to do with its end, and exec-scripts, of which --learn says nothing: whether a
# script is run is the kernel's business.
normal() {
	sed -E '/^(\/granit|--|--profile=.*|-e|143)$/d; s/^--deny=(.*)/\1/; t words; b; :words; s/(^|,)([^,]+)/\n--deny=\2/g; s/^\n//' |
		sed '/^--deny=exec-scripts$/d' | sort
}

# example_learnt NAME PORT: in an image of the application with the example's files
example_learnt() {
	local name=$1 root=$BATS_TEST_TMPDIR/$1 learnt
	local -a program
	ENGINE=${GRANIT_TEST_ENGINES%% *}
	mapfile -t program < <(instruction "$name" CMD)
	cp -a "$APPS_DIR/$name" "$root"
	install -d -m 1777 "$root/tmp"
	case $name in
	nginx) cp "$EXAMPLES/nginx/nginx.conf" "$root/etc/nginx/" ;;
	node) cp "$EXAMPLES/node/server.js" "$root/app/" ;;
	redis) install -d -m 700 -o 65532 -g 65532 "$root/data" ;;
	# An image has no database: it comes by a volume.
	postgres) cp -a "$APPS_DIR/data" "$root/data" ;;
	esac
	image "granit-test/example-$name:1" "$root"
	NAME=$(container_name)
	engine_detach "$NAME" --user 65532:65532 --entrypoint /granit "granit-test/example-$name:1" --learn --format=json -- "${program[@]}"
	app_answers '' bash -c ": <>/dev/tcp/127.0.0.1/$2"
	engine_kill TERM "$NAME"
	engine_wait "$NAME"
	learnt=$(engine_logs "$NAME" 2>&1 | grep '"mode":"learn"' | tail -n 1)
	diff <(instruction "$name" ENTRYPOINT | normal) <(jq -r '.options[], .restricted[]' <<<"$learnt" | normal)
}

@test "nginx" {
	example_learnt nginx 8080
}

@test "redis" {
	example_learnt redis 6379
}

@test "node" {
	example_learnt node 8080
}

@test "python" {
	example_learnt python 8080
}

@test "postgres" {
	example_learnt postgres 5432
}
