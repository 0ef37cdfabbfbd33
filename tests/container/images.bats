#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Dockerfile.example, built from source and run in every engine; and the image of granit alone.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/examples
	[ "${GRANIT_TEST_APPS:-all}" != none ] || return 0
	examples_base
	each_engine compilers_import
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/examples
	[ "${GRANIT_TEST_APPS:-all}" != none ] || skip "GRANIT_TEST_APPS leaves the applications out"
}

teardown() {
	engine_rm
}

# A Debian with the compilers. The source of libcap-ng is what make has fetched here already.
compilers_import() {
	local folder=$BATS_FILE_TMPDIR/sources
	mkdir -p "$folder/srv/sources"
	cp "$TREE"/build/sources/libcap-ng_*.orig.tar.gz "$folder/srv/sources/"
	engine import --change 'ENV GRANIT_SOURCES=/srv/sources' - granit-test/compilers:1 <"$BASE/compilers.tar" >/dev/null 2>"$BASE/log"
	printf 'FROM granit-test/compilers:1\nCOPY srv /srv\n' >"$folder/Dockerfile"
	DOCKER_BUILDKIT=0 engine build --quiet --tag debian:bookworm-slim "$folder" >"$BASE/log" 2>&1
}

# built NAME DOCKERFILE [FLAG...]
built() {
	local name=$1 file=$2
	local -a flags=()
	shift 2
	[ "$ENGINE" = docker ] || flags=(--pull=never --format docker)
	DOCKER_BUILDKIT=0 engine build "${flags[@]}" --network=none --build-arg BUILDER=debian:bookworm-slim "$@" \
		--file "$file" --tag "$name" "$TREE" >"$BASE/log" 2>&1 || {
		cat "$BASE/log"
		return 1
	}
}

answers() {
	run nsenter --net="/proc/$(engine_pid "$NAME")/ns/net" -- curl --silent --fail --max-time 5 http://127.0.0.1:8080/
	[ "$status" -eq 0 ] && [[ $output == *'cannot be changed.'* ]]
}

example_works() {
	built granit-example "$TREE/Dockerfile.example"
	NAME=$(container_name)
	engine_detach "$NAME" --read-only granit-example
	retry 100 0.1 answers
	# Exactly what the image says, without a shell.
	# podman keeps the health check beside the rest.
	output=$(engine image inspect granit-example | jq '.[0] | .Config + {Healthcheck: (.Config.Healthcheck // .HealthCheck // .Healthcheck)}')
	is "user" '"65532:65532"' "$(jq -c .User <<<"$output")"
	is "entry point" '["/granit","--"]' "$(jq -c .Entrypoint <<<"$output")"
	mapfile -t words < <(jq -r '.Healthcheck.Test[]' <<<"$output")
	is "a program, not a shell" CMD "${words[0]}"
	run engine_exec "$NAME" "${words[@]:1}"
	is "health: $output" 0 "$status"
	engine_kill TERM "$NAME"
	ends_within 10 "$NAME" 0
	runs 78 granit-example
	has "$stderr" 'FAIL root-read-only'
}

@test "Dockerfile.example, from source, in every engine" {
	each_engine example_works
}

# A shell in what is about to be shipped ends the build.
example_refuses_shell() {
	sed 's,^RUN \["/image/granit".*,RUN cp /bin/dash /image/helper\n&,' "$TREE/Dockerfile.example" >"$BATS_TEST_TMPDIR/Dockerfile"
	grep -q 'cp /bin/dash' "$BATS_TEST_TMPDIR/Dockerfile"
	run built granit-example-shell "$BATS_TEST_TMPDIR/Dockerfile" --build-arg GRANIT="granit:$VERSION"
	[ "$status" -ne 0 ]
	has "$output" 'FAIL no-shell-content'
}

@test "the image of granit alone: the binary, its licence, labels; the same bytes again" {
	local manifest config
	VERSION=$(sed -n 's/^VERSION = //p' "$TREE/Makefile")
	ENGINE=none "$TREE/scripts/image.sh" "$VERSION" 3>&- 4>&-
	blob() { cat "$TREE/build/oci/blobs/sha256/${1#sha256:}"; }
	index=$(blob "$(jq -r '.manifests[0].digest' "$TREE/build/oci/index.json")")
	is "kind" application/vnd.oci.image.index.v1+json "$(jq -r .mediaType <<<"$index")"
	# One of each architecture that was built, each of that machine.
	for file in "$TREE"/build/granit "$TREE"/build/dist/granit-linux-*; do
		[ -e "$file" ] || continue
		arch=${file##*-}
		[ "$file" != "$TREE/build/granit" ] || arch=$(dpkg --print-architecture)
		manifest=$(blob "$(jq -r --arg arch "$arch" '.manifests[] | select(.platform.architecture == $arch).digest' <<<"$index")")
		config=$(blob "$(jq -r .config.digest <<<"$manifest")")
		is "layers" 1 "$(jq '.layers | length' <<<"$manifest")"
		is "version of $arch" "$VERSION" "$(jq -r '.config.Labels["org.opencontainers.image.version"]' <<<"$config")"
		is "licence" MIT "$(jq -r '.config.Labels["org.opencontainers.image.licenses"]' <<<"$config")"
		blob "$(jq -r '.layers[0].digest' <<<"$manifest")" >"$BATS_TEST_TMPDIR/layer"
		tar -xOf "$BATS_TEST_TMPDIR/layer" granit | cmp - "$file" || [ "$arch" = "$(dpkg --print-architecture)" ]
		is "files" 'LICENSE granit' "$(tar -tf "$BATS_TEST_TMPDIR/layer" | grep -vE '^(\./)?$|granit.cdx.json' | sort | xargs)"
	done
	cp "$TREE/build/oci/index.json" "$BATS_TEST_TMPDIR/"
	ENGINE=none "$TREE/scripts/image.sh" "$VERSION" 3>&- 4>&-
	cmp "$TREE/build/oci/index.json" "$BATS_TEST_TMPDIR/index.json"
}

image_granit_import() {
	mkdir -p "$BATS_TEST_TMPDIR/granit"
	cp "$TREE/build/granit" "$BATS_TEST_TMPDIR/granit/"
	engine_image "granit:$VERSION" "$BATS_TEST_TMPDIR/granit"
	example_refuses_shell
}

@test "Dockerfile.example with granit out of its image; a shell ends the build" {
	VERSION=$(sed -n 's/^VERSION = //p' "$TREE/Makefile")
	one_engine image_granit_import
}
