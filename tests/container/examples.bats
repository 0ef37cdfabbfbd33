#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # backquotes of the page; every test is a subshell; `run` sets stderr; helpers read ENGINE, APPS_DIR
# The images of examples/, built from their Dockerfiles, and started in the ways that stand beside them: the README's lines,
# the compose file, the pod. What each is allowed is the least: a test takes every word of it away, and sees it fail.
# GRANIT_TEST_APPS=none leaves the file out, where Debian's archive cannot be reached; and so does another system than Debian 12.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/examples
	[ -z "$(examples_missing)" ] || return 0
	[[ " $GRANIT_TEST_ENGINES " == *' podman '* ]] || return 0
	local ENGINE=podman
	examples_base
	base_import
	mkdir "$BATS_FILE_TMPDIR/granit"
	cp "${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" "$BATS_FILE_TMPDIR/granit/granit"
	engine_image granit:0.1.0 "$BATS_FILE_TMPDIR/granit" 'USER 65532:65532'
	# The long ones first.
	example_builds java go node postgres python nginx redis
	example_build postgres --target init --tag granit-postgres-init
	example_database
	# Before hello_images: buildah takes away the image of a stage that has no instruction, and that is the Debian.
	quick_start_image
	hello_images
	[[ " $GRANIT_TEST_ENGINES " != *' docker '* ]] || docker_images
}

# The two stages of doc/quick-start.md that leave the shell behind, in its Dockerfile, as mysite-granit.
quick_start_image() {
	local context=$BATS_FILE_TMPDIR/quick-start page=$TREE/doc/quick-start.md
	mkdir "$context"
	cp "$TREE"/examples/{collect,nginx/nginx.conf} "$context/"
	awk '/^```/ { on = $0 == "```dockerfile"; next } on && /^FROM mysite/ { of = 1 } !on { of = 0 } of' "$page" >"$context/Dockerfile"
	is "stages" 2 "$(grep -c ^FROM "$context/Dockerfile")"
	awk '/^FROM granit.* AS inspected/ { on = 1 } /^```/ { on = 0 } on' "$page" |
		sed "s|^CMD .*|$(sed -n 's/^The rest stays, with `\(CMD .*\]\)`.*/\1/p' "$page")|" >>"$context/Dockerfile"
	grep -q '^CMD.*nginx' "$context/Dockerfile"
	engine tag debian:bookworm-slim mysite
	engine build --pull=never --quiet --network=none --layers=false --tag mysite-granit "$context" >"$BASE/log-quick-start" 2>&1 || {
		cat "$BASE/log-quick-start"
		return 1
	}
}

# What podman has built, and postgres' volume.
docker_images() {
	local -a names=(granit-{nginx,redis,node,python,postgres,go,java,hello,derived})
	local name volume
	engine save --quiet --multi-image-archive "${names[@]}" | ENGINE=docker engine load --quiet >/dev/null
	for name in "${names[@]}"; do
		ENGINE=docker engine tag "localhost/$name" "$name"
	done
	ENGINE=docker engine volume create granit-postgres >/dev/null
	volume=$(ENGINE=docker engine volume inspect --format '{{.Mountpoint}}' granit-postgres)
	# A volume takes over the owner of the image's folder only while it is empty.
	install -d -m 700 -o 65532 -g 65532 "$volume"
	engine volume export granit-postgres | tar -C "$volume" --numeric-owner -x
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/examples
	[ -z "$(examples_missing)" ] || skip "$(examples_missing)"
	only_on podman
	APPS_DIR=$TREE/build/apps
}

teardown() {
	engine_rm
	ENGINE=podman engine pod rm --all --force --time 0 >/dev/null 2>&1 || :
}

# The volumes of the README's lines: of redis an empty one, of postgres one with a database, made as README.md says.
example_database() {
	local -a LINE
	mapfile -t LINE < <(sed -n ':more; /\\$/ { N; s/\\\n *//; b more; }; s/^    docker run --rm \(.*initdb.*\)/\1/p' \
		"$TREE/examples/postgres/README.md" | xargs -n 1 printf '%s\n')
	[ "${#LINE[@]}" -gt 4 ]
	# podman tells the program of a user that the image does not know; Docker does not.
	engine_run --passwd=false "${LINE[@]}" >"$BASE/log" 2>&1
}

answers() { # NAME, of the example that runs in the container $NAME
	case $1 in
	redis)
		# shellcheck disable=SC2016 # expanded by the inner shell
		app_answers $'+OK\n$5\nhello\n' bash -c 'exec 3<>/dev/tcp/127.0.0.1/6379 || exit
			printf "%s\r\n" "SET key hello" "GET key" QUIT >&3
			timeout 5 cat <&3 | tr -d "\r"'
		;;
	postgres)
		# A client that asks for encryption is told no: N.
		app_answers N bash -c 'exec 3<>/dev/tcp/127.0.0.1/5432 || exit
			printf "\0\0\0\10\4\322\26\57" >&3
			timeout 5 head -c 1 <&3'
		;;
	*) app_answers 'a container that cannot be changed.' curl --silent --show-error --fail --max-time 5 http://127.0.0.1:8080/ ;;
	esac
}

# The line of README.md for the engine. The container is asked something, is without a privilege, and ends with 0 when told to.
example_run() { # NAME
	local -a LINE
	example_line "$ENGINE" "$1"
	NAME=$(container_name)
	engine_detach "$NAME" "${LINE[@]}"
	answers "$1"
	app_hardened
	app_ends 0
	engine_destroy "$NAME"
}

# All ways to start it.
example() { # NAME [SERVICE], of the compose file, and what the pod calls its container
	local name=$1 service=${2:-$1}
	each_engine example_run "$name"
	ENGINE=podman

	printf '# compose.yaml\n'
	if [ "$name" = postgres ]; then
		compose postgres initdb
		engine_wait "$NAME"
	fi
	compose "$name" "$service"
	answers "$name"
	app_ends 0
	engine_destroy "$NAME"

	printf '# pod.yaml\n'
	play "$TREE/examples/$name/pod.yaml"
	NAME=granit-$service-$service
	answers "$name"
	app_hardened
	app_ends 0
}

# play FILE [FILTER]: the manifest, as far as there is no network. It ends when its program does.
play() {
	manifest "$1" "${2:-.} | .spec.restartPolicy = \"Never\"" >"$BATS_TEST_TMPDIR/pod.json"
	run engine kube play --network=none "$BATS_TEST_TMPDIR/pod.json"
	is "kube play: $output" 0 "$status"
}

# without WORD STATUS TEXT NAME [FLAG...]: the example is not up when its ENTRYPOINT lacks the word; what it says then
without() {
	local word=$1 wanted=$2 text=$3 name=$4
	local -a entry command
	shift 4
	mapfile -t entry < <(engine image inspect "granit-$name" | jq -r --arg word "$word" '.[0].Config.Entrypoint[1:-1] | map(select(. != $word))[]')
	mapfile -t command < <(engine image inspect "granit-$name" | jq -r '.[0].Config.Cmd[]')
	lacks " ${entry[*]} " " $word "
	is "words left out" "$(engine image inspect "granit-$name" | jq '.[0].Config.Entrypoint | length - 3')" "${#entry[@]}"
	app_flags
	runs "$wanted" "${FLAGS[@]}" "$@" --entrypoint /granit "granit-$name" "${entry[@]}" -- "${command[@]}"
	has "$output$stderr" "$text"
}

@test "nginx" {
	example nginx
}

@test "nginx allowed less" {
	without --writable=/tmp 78 'FAIL writable-mounts' nginx --tmpfs /tmp:noexec
}

@test "the quick start's stages around collect" {
	NAME=$(container_name)
	app_flags
	engine_detach "$NAME" "${FLAGS[@]}" --tmpfs /tmp:noexec,nosuid,nodev,mode=1777 --entrypoint /granit mysite-granit --writable=/tmp -- \
		/usr/sbin/nginx -e stderr -g 'daemon off;'
	# There is nothing in /srv: that it answers is enough.
	app_answers '404 Not Found' curl --silent --show-error --max-time 5 http://127.0.0.1:8080/
}

@test "redis" {
	example redis
}

@test "redis allowed less" {
	without --writable=/data 78 'FAIL writable-mounts' redis --volume granit-redis:/data:noexec,nosuid,nodev
	app_flags
	runs 78 "${FLAGS[@]}" granit-redis
	has "$stderr" 'FAIL writable-declared'
}

@test "node" {
	example node
}

@test "node allowed less" {
	without --allow=/usr/bin/node 78 'FAIL no-interpreter' node
	without --deny=none,pid1,memfd-exec,user-namespaces,tiocsti,exec-scripts,io-uring 133 '' node
}

@test "python" {
	example python
}

@test "python allowed less" {
	without --allow=/usr/bin/python3 78 'FAIL no-interpreter' python
}

@test "postgres" {
	example postgres
}

@test "postgres allowed less" {
	without --writable=/data 78 'FAIL writable-mounts' postgres --volume granit-postgres:/data:noexec,nosuid,nodev
}

@test "a service in Go" {
	example go
}

@test "java" {
	example java
}

@test "java allowed less" {
	without --allow=/java/bin/java 78 'FAIL no-interpreter' java
	without --deny=none,pid1,memfd-exec,user-namespaces,tiocsti,exec-scripts,io-uring 1 'initialization of VM' java
}

@test "the examples take the granit that this tree makes" {
	local version
	version=$(sed -n 's/^VERSION = //p' "$TREE/Makefile")
	run grep -rhoE 'granit:[0-9][0-9.]*' "$TREE/examples"
	is "versions" "granit:$version" "$(sort -u <<<"$output")"
}

# ---- what is made of the web server in C

# Both of its images, and one with a shell in it.
hello_images() {
	local folder=$BATS_FILE_TMPDIR/hello
	mkdir -p "$folder"
	cp "${GRANIT:-$TREE/build/granit}" "$folder/granit"
	make -C "$TREE" --silent hello
	cp "$TREE/build/hello" "$folder/"
	engine_image granit-hello "$folder" 'USER 65532:65532' 'ENTRYPOINT ["/granit","--"]' 'CMD ["/hello"]'
	example_build base --tag granit-base
	example_build base/derived --tag granit-derived
	example_build seed-pod/shell --tag granit-hello-shell
}

@test "hello" {
	example hello
}

@test "an image derived from a base image inherits its policy" {
	example base derived
	# Nothing in the derived image says that /data has to be writable, or how strict to be.
	app_flags
	runs 78 "${FLAGS[@]}" granit-derived
	has "$stderr" 'FAIL writable-declared'
	runs 78 "${FLAGS[@]}" --volume granit-derived:/data --tmpfs /tmp:noexec granit-derived
	has "$stderr" 'FAIL writable-mounts'
}

# said NAME TEXT: once it has ended
said() {
	is "exit status" 78 "$(engine_wait "$1")"
	has "$(engine_logs "$1" 2>&1)" "$2"
}

@test "the seed pod starts" {
	play "$TREE/examples/seed-pod/pod.yaml"
	NAME=granit-seed-hello
	answers hello
	engine_kill TERM "$NAME"
	ends_within 10 "$NAME" 0
}

@test "its counterparts are refused: a writable root, a folder of the host, a shell, privileges" {
	local file check
	while read -r file check; do
		play "$TREE/examples/seed-pod/refused-$file.yaml" "(.spec.volumes[]?.hostPath.path) |= \"$BATS_TEST_TMPDIR/host\""
		said granit-seed-hello "FAIL $check:"
		engine pod rm --force --time 0 granit-seed >/dev/null
		grep -qF "\`refused-$file.yaml\`" "$TREE/examples/seed-pod/README.md"
		grep -F "\`refused-$file.yaml\`" "$TREE/examples/seed-pod/README.md" | grep -qF "\`$check\`"
	done <<-'PODS'
		writable-root root-read-only
		host-path writable-mounts
		shell no-shell-content
		privileged root-remount
	PODS
}

@test "a program and its sidecar share their processes" {
	local port
	play "$TREE/examples/sidecar/pod.yaml"
	for NAME in granit-sidecar-hello granit-sidecar-side; do
		port=8080
		[ "$NAME" = granit-sidecar-hello ] || port=8081
		app_answers 'a container that cannot be changed.' curl --silent --show-error --fail --max-time 5 "http://127.0.0.1:$port/"
	done
	# Both programs, both granits, and what holds the pod.
	is "processes that each sees" 5 "$(app_processes | wc -l)"
	for NAME in granit-sidecar-side granit-sidecar-hello; do
		engine_kill TERM "$NAME"
		ends_within 10 "$NAME" 0
	done
}

@test "a job ends with its program's status, and says what it made" {
	local -a LINE
	manifest "$TREE/examples/job/job.yaml" '{apiVersion: "v1", kind: "Pod", metadata: {name: .metadata.name}, spec: .spec.template.spec}' \
		>"$BATS_TEST_TMPDIR/job.json"
	run engine kube play --network=none "$BATS_TEST_TMPDIR/job.json"
	is "kube play: $output" 0 "$status"
	is "exit status" 0 "$(engine_wait granit-job-job)"
	has_logged granit-job-job 499500
	example_line podman job
	runs 0 "${LINE[@]:1}"
	is "output" 499500 "$output"
}
