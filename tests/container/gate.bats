#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# The documents' Dockerfile with the inspection as a gate, and the lines of doc/quick-start.md, as they stand: by podman, by
# Docker's classic builder and by BuildKit, as far as Docker's command line has it built in.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	local folder=$BATS_FILE_TMPDIR tools=$BATS_TEST_DIRNAME/../../build
	mkdir -p "$folder"/{granit,clean,shell}
	cp "${GRANIT:-$tools/granit}" "$folder/granit/granit"
	cp "$tools/tests/probe" "$folder/clean/app"
	# podman gives a tmpfs the mode of the image's directory.
	install -d -m 1777 "$folder/clean/tmp"
	cp -r "$folder/clean/." "$folder/shell"
	cp /bin/busybox "$folder/shell/helper"
	for ENGINE in $GRANIT_TEST_ENGINES; do
		# As scripts/image.sh makes it: of a user who may not read everything.
		engine_image granit:0.1.0 "$folder/granit" 'USER 65532:65532' 'ENTRYPOINT ["/granit","--"]'
		# A directory that only root can enter is in most images.
		mkdir -p "$folder"/{clean,shell}/root
		chmod 700 "$folder"/{clean,shell}/root
		engine_image gate-clean "$folder/clean"
		engine_image gate-shell "$folder/shell"
	done
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	TREE=$(realpath "$BATS_TEST_DIRNAME/../..")
}

teardown() {
	engine_rm
}

# The block of a document that takes granit from where it inspects.
gate() { # DOCUMENT
	awk '/^```/ { if (on && block ~ /AS inspected/) printf "%s", block; on = $0 == "```dockerfile"; block = ""; next }
		on { block = block $0 "\n" }' "$1"
}

# built BUILDKIT IMAGE: the gate with that image as the application's, as the image gate-built
built() {
	local -a flags=()
	[ "$ENGINE" = docker ] || flags=(--pull=never)
	gate "$TREE/README.md" | sed "s,^FROM your/image AS,FROM $2 AS," >"$BATS_TEST_TMPDIR/Dockerfile"
	engine image rm --force gate-built >/dev/null 2>&1 || :
	mkdir -p "$BATS_TEST_TMPDIR/context"
	DOCKER_BUILDKIT=$1 run engine build "${flags[@]}" --network=none --no-cache --file "$BATS_TEST_TMPDIR/Dockerfile" \
		--tag gate-built "$BATS_TEST_TMPDIR/context"
	printf '%s\n' "$output"
}

exists() {
	engine image inspect gate-built >/dev/null 2>&1
}

gate_holds() { # BUILDKIT
	built "$1" gate-shell
	[ "$status" -ne 0 ]
	has "$output" 'FAIL no-shell-content'
	run exists
	[ "$status" -ne 0 ]
	built "$1" gate-clean
	is "status" 0 "$status"
	exists
	runs 78 gate-built
	has "$stderr" 'FAIL root-read-only'
	runs 0 --read-only gate-built /app args started
	has "$output" started
	# A gate that nothing depends on is the one that builders leave out: the last stage has to be the reason.
	[ "$ENGINE$1" != docker0 ] || return 0
	gate "$TREE/README.md" >"$BATS_TEST_TMPDIR/whole"
	gate() { sed 's/^COPY --from=inspected/COPY --from=granit:0.1.0/' "$BATS_TEST_TMPDIR/whole"; }
	built "$1" gate-shell
	is "the gate that is skipped" 0 "$status"
}

@test "the gate lets no shell through: podman" {
	only_on podman
	gate_holds 0
}

@test "the gate lets no shell through: Docker's classic builder" {
	only_on docker
	gate_holds 0
}

@test "the gate lets no shell through: BuildKit" {
	only_on docker
	mkdir -p "$BATS_TEST_TMPDIR/context"
	printf 'FROM scratch\nCOPY --chmod=600 Dockerfile /\n' >"$BATS_TEST_TMPDIR/context/Dockerfile"
	DOCKER_BUILDKIT=1 run engine build --network=none "$BATS_TEST_TMPDIR/context"
	[ "$status" -eq 0 ] || skip "this docker has no BuildKit: ${lines[0]}"
	gate_holds 1
}

@test "it is the same in every document" {
	[ "$(gate "$TREE/README.md" | wc -l)" -ge 10 ]
	diff <(gate "$TREE/README.md") <(gate "$TREE/doc/quick-start.md")
	local file
	for file in Dockerfile.example examples/{go,java,nginx,node,postgres,python,redis}/Dockerfile; do
		printf '# %s\n' "$file"
		# The inspecting stage is of granit's image, as root, and the last one takes granit from it.
		awk '/^FROM / { stage = $4; last = $2 " " $3; user = 0 }
			/^USER 0:0$/ { user = 1 }
			stage == "inspected" && /^RUN \["\/granit","--check","--root=\/image"/ { inspected = user }
			/^COPY --from=inspected \/granit \/granit$/ { taken = stage == "" }
			END { exit !(inspected && taken) }' "$TREE/$file"
	done
}

# The lines of the steps: Docker's, and for podman its own in the place of the one of Docker's above it.
quick_start() {
	awk -v engine="$ENGINE" '
		function told() { if (line != "") print line; line = "" }
		/^## / { on = /^## [1-6]/ }
		!on || !/^    (docker|podman) / { next }
		/^    docker / { told(); line = substr($0, 5) }
		/^    podman / && engine == "podman" { line = substr($0, 5) }
		END { told() }' "$TREE/doc/quick-start.md"
}

# What keeps on running is ended.
quick_start_works() {
	local line
	built 0 gate-clean
	# The image of the last line has the options of the page in it.
	{
		printf 'FROM gate-built\n'
		sed -n '/^ENTRYPOINT.*--profile=restricted/,/^```/p' "$TREE/doc/quick-start.md" | sed '/^```/d; s,\["/app"\],["/app"\,"args"\,"started"],'
	} >"$BATS_TEST_TMPDIR/context/Dockerfile"
	DOCKER_BUILDKIT=0 engine build --tag gate-final "$BATS_TEST_TMPDIR/context" >/dev/null 2>&1
	printf '%s learn\n' "$ENGINE" >>"$(engine_list)"
	mapfile -t steps < <(quick_start | sed -e "s/^docker/$ENGINE/" -e 's/ run /&--network=none /' -e 's/IMAGE$/gate-final/' \
		-e 's/IMAGE/gate-built/' -e 's,-- /app,& args started,')
	is "lines" 9 "${#steps[@]}"
	# The page says where podman needs another word.
	is "lines of podman's" 3 "$(grep -c '^    podman' "$TREE/doc/quick-start.md")"
	for line in "${steps[@]}"; do
		printf '# %s\n' "$line"
		run --separate-stderr env -C "$TREE" PATH="$(engine_path):$PATH" bash -c "$line" 3>&- 4>&-
		printf '%s\n' "$output" "$stderr"
		is "status" 0 "$status"
		case $line in
		*--check*) has "$output" 'checks passed' ;;
		*--target=*) has "$stderr" 'granit: audit: restricted would refuse: root-read-only' ;;
		*' logs '*) has "$output$stderr" 'granit: learnt in' ;;
		*--profile=restricted* | *gate-final) is "the log" '' "$stderr" ;;
		esac
	done
}

@test "every line of the quick start, as it stands" {
	each_engine quick_start_works
}
