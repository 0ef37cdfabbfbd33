#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Dockerfile.example, built from source and run in every engine; and the image of granit alone.

bats_require_minimum_version 1.5.0

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

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/examples
	[ -z "$(examples_missing)" ] || return 0
	examples_base
	ENGINE=${GRANIT_TEST_ENGINES%% *}
	compilers_import
	# One engine compiles. The other begins with what came of that, where make finds nothing left to do: every stage runs in both.
	built granit-source "$BATS_TEST_DIRNAME/../../Dockerfile.example" --target source
	local other
	for other in ${GRANIT_TEST_ENGINES#"$ENGINE"}; do
		engine save granit-source | ENGINE=$other engine load --quiet >/dev/null
		ENGINE=$other engine tag localhost/granit-source debian:bookworm-slim || ENGINE=$other engine tag granit-source debian:bookworm-slim
	done
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	load ../helpers/examples
	[ -z "$(examples_missing)" ] || skip "$(examples_missing)"
}

teardown() {
	engine_rm
}

answers() {
	run nsenter --net="/proc/$(engine_pid "$NAME")/ns/net" -- curl --silent --fail --max-time 5 http://127.0.0.1:8080/
	[ "$status" -eq 0 ] && [[ $output == *'cannot be changed.'* ]]
}

example_works() {
	built granit-example "$TREE/Dockerfile.example"
	local -a often=(--health-retries=1)
	[ "$ENGINE" = podman ] || often+=(--health-interval=500ms)
	NAME=$(container_name)
	engine_detach "$NAME" "${often[@]}" --read-only granit-example
	retry 100 0.1 answers
	is "user" 65532:65532 "$(engine image inspect --format '{{.Config.User}}' granit-example)"
	is "entry point" '["/granit","--"]' "$(engine image inspect --format '{{json .Config.Entrypoint}}' granit-example)"
	retry 100 0.1 health_is healthy
	engine_kill TERM "$NAME"
	ends_within 10 "$NAME" 0
	# A server that is not where the image says.
	NAME=$(container_name)
	engine_detach "$NAME" "${often[@]}" --read-only granit-example /hello 8081
	retry 100 0.1 health_is unhealthy
	runs 78 granit-example
	has "$stderr" 'FAIL root-read-only'
}

# What the image's HEALTHCHECK finds, as the engine runs it. podman leaves the timer to systemd, and asks when told to.
health_is() {
	local ask=true
	[ "$ENGINE" = docker ] || ask="engine healthcheck run $NAME"
	$ask >/dev/null 2>&1 || :
	[ "$(engine inspect --format '{{.State.Health.Status}}' "$NAME")" = "$1" ]
}

@test "Dockerfile.example, from source, by podman" {
	only_on podman
	example_works
}

@test "Dockerfile.example, from source, by Docker Engine" {
	only_on docker
	example_works
}

# A shell in what is about to be shipped ends the build.
example_refuses_shell() {
	sed 's,^COPY --from=source /hello.*,&\nRUN cp /bin/dash /image/helper,' "$TREE/Dockerfile.example" >"$BATS_TEST_TMPDIR/Dockerfile"
	grep -q 'cp /bin/dash' "$BATS_TEST_TMPDIR/Dockerfile"
	run built granit-example-shell "$BATS_TEST_TMPDIR/Dockerfile" --build-arg GRANIT="granit:$VERSION"
	printf '%s\n' "$output"
	[ "$status" -ne 0 ]
	has "$output" 'FAIL no-shell-content'
}

# For the index a file is what its name says.
@test "the image of granit alone: for each architecture the binary, its licence, labels; the same bytes again" {
	local manifest config native arch
	VERSION=$(sed -n 's/^VERSION = //p' "$TREE/Makefile")
	native=$(dpkg --print-architecture)
	export ENGINE=none DIST=$BATS_TEST_TMPDIR/dist OCI=$BATS_TEST_TMPDIR/oci
	mkdir "$DIST"
	[ "$native" != armhf ] || skip "the other machine of this test is this one"
	printf 'other machine\n' >"$DIST/granit-linux-arm"
	printf 'not taken: it was built apart\n' >"$DIST/granit-linux-$native"
	make -C "$TREE" --silent image 3>&- 4>&-
	blob() { cat "$OCI/blobs/sha256/${1#sha256:}"; }
	index=$(blob "$(jq -r '.manifests[0].digest' "$OCI/index.json")")
	is "kind" application/vnd.oci.image.index.v1+json "$(jq -r .mediaType <<<"$index")"
	is "architectures" "$(printf '%s\n' "$native" arm | sort | xargs)" "$(jq -r '.manifests[].platform.architecture' <<<"$index" | sort | xargs)"
	is "variant" v7 "$(jq -r '.manifests[].platform | select(.architecture == "arm").variant' <<<"$index")"
	for arch in "$native" arm; do
		manifest=$(blob "$(jq -r --arg arch "$arch" '.manifests[] | select(.platform.architecture == $arch).digest' <<<"$index")")
		config=$(blob "$(jq -r .config.digest <<<"$manifest")")
		is "layers" 1 "$(jq '.layers | length' <<<"$manifest")"
		is "architecture" "$arch linux" "$(jq -r '"\(.architecture) \(.os)"' <<<"$config")"
		is "version" "$VERSION" "$(jq -r '.config.Labels["org.opencontainers.image.version"]' <<<"$config")"
		is "licence" MIT "$(jq -r '.config.Labels["org.opencontainers.image.licenses"]' <<<"$config")"
		is "entry point" '["/granit","--"]' "$(jq -c .config.Entrypoint <<<"$config")"
		is "user" 65532:65532 "$(jq -r .config.User <<<"$config")"
		blob "$(jq -r '.layers[0].digest' <<<"$manifest")" >"$BATS_TEST_TMPDIR/layer-$arch"
		is "files" 'LICENSE granit granit.cdx.json' "$(tar -tf "$BATS_TEST_TMPDIR/layer-$arch" | grep -vE '^(\./)?$' | sort | xargs)"
	done
	tar -xOf "$BATS_TEST_TMPDIR/layer-$native" granit | cmp - "$TREE/build/granit"
	tar -xOf "$BATS_TEST_TMPDIR/layer-arm" granit | cmp - "$DIST/granit-linux-arm"
	cp "$OCI/index.json" "$BATS_TEST_TMPDIR/"
	"$TREE/scripts/image.sh" "$VERSION" 3>&- 4>&-
	cmp "$OCI/index.json" "$BATS_TEST_TMPDIR/index.json"
}

image_granit_import() {
	mkdir -p "$BATS_TEST_TMPDIR/granit"
	cp "$TREE/build/granit" "$BATS_TEST_TMPDIR/granit/"
	engine_image "granit:$VERSION" "$BATS_TEST_TMPDIR/granit" 'USER 65532:65532'
	example_refuses_shell
}

@test "Dockerfile.example with granit out of its image; a shell ends the build" {
	VERSION=$(sed -n 's/^VERSION = //p' "$TREE/Makefile")
	one_engine image_granit_import
}

# README.md's lines, as they stand, but that there is no network to publish a port in.
readme_works() {
	local line
	local -a lines
	NAME=$(container_name)
	printf '%s %s\n' "$ENGINE" "$NAME" >>"$(engine_list)"
	mapfile -t lines < <(sed -n '/^## Try it/,/^## Two/s/^    //p' "$TREE/README.md" | sed -e "s/^podman/$ENGINE/" \
		-e 's/ run --rm/& --network=none/' -e "s/--rm\(.*\) --publish [^ ]*/--detach --name $NAME\1/")
	is "lines" 6 "${#lines[@]}"
	for line in "${lines[@]}"; do
		printf '# %s\n' "$line"
		run env -C "$TREE" PATH="$(engine_path):$PATH" ENGINE="$ENGINE" DOCKER_BUILDKIT=0 bash -c "$line" 3>&- 4>&-
		printf '%s\n' "$output"
		case $line in
		*'# refused'*) is "status" 78 "$status" ;;
		*) is "status" 0 "$status" ;;
		esac
	done
	retry 100 0.1 answers
}

@test "the lines of README.md, as they stand" {
	each_engine readme_works
}
