#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# The command lines of the documents that no other test runs, as they stand: the image and the program are this test's own, and no
# container has a network or stays. tests/documents.txt says which test runs which.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	local root=$BATS_FILE_TMPDIR/root
	mkdir -p "$root/etc"
	cp build/hello "$root/hello"
	image "$IMAGE" "$root"
	# What a Debian of people's has for this.
	mkdir -p "$BATS_FILE_TMPDIR/tools/bin"
	cp /bin/busybox "$BATS_FILE_TMPDIR/tools/bin/ls"
	each_engine engine_image debian:bookworm-slim "$BATS_FILE_TMPDIR/tools" 'CMD ["/bin/ls", "/"]'
}

setup() {
	load ../helpers/engines
	load ../helpers/container
}

teardown() {
	engine_rm
}

# lines DOCUMENT PATTERN: its command lines that match, in the words of the engine; one that ends in a backslash goes on
lines() {
	sed -n 's/^    //p' "$BATS_TEST_DIRNAME/../../$1" | sed -e ':a' -e '/\\$\|&&$/{N;s/\\\n *//;s/&&\n */\&\& /;ba' -e '}' | grep -E "$2" |
		sed -e "s,GRANIT-IMAGE,$IMAGE," -e "s,IMAGE,$IMAGE," -e 's/ -it / /' -e 's/ run / run --rm --network=none /' -e 's/--network=none \(.*--network\)/\1/'
}

# typed LINE: as somebody types it in an empty folder, where the engine is that of the tests
typed() {
	printf '# %s\n' "$1"
	run --separate-stderr env -C "$BATS_TEST_TMPDIR" PATH="$(engine_path):$PATH" bash -c "$1" 3>&- 4>&-
	printf '%s\n' "$output" "$stderr"
}

inspection_works() {
	local -a line
	printf '%s x\n' "$ENGINE" >>"$(engine_list)"
	mapfile -t line < <(lines doc/options.md '^podman (create|run .*--check)')
	is "lines" 2 "${#line[@]}"
	typed "${line[0]}"
	is "status" 0 "$status"
	# An image id of another user's: root maps nobody.
	typed "${line[1]/ --userns=keep-id / }"
	is "status" 0 "$status"
	has "$output" 'checks passed'
}

@test "options.md: the inspection of an image that exists" {
	only_on podman
	inspection_works
}

@test "debugging.md: to see all findings and start nevertheless" {
	only_on podman
	local line
	line=$(lines doc/debugging.md '^podman run --read-only --entrypoint')
	typed "${line/-- PROGRAM/-- \/probe args started}"
	is "status" 0 "$status"
	is "output" started "$output"
	has "$stderr" 'warn limits: '
}

beside_works() {
	local line
	local -a all
	engine_detach web --read-only "$IMAGE" /hello
	retry 100 0.1 is_granit_there
	mapfile -t all < <(lines doc/debugging.md "^$ENGINE run .*container:web")
	[ "${#all[@]}" -ge 1 ]
	for line in "${all[@]}"; do
		typed "$line"
		is "status" 0 "$status"
		[[ $line != *SYS_PTRACE* ]] || has "$output" hello
	done
}

is_granit_there() {
	[ "$(engine_pid web)" -gt 0 ]
}

@test "debugging.md: a container beside it" {
	each_engine beside_works
}

@test "learn.md: one run, and a report while it runs" {
	only_on podman
	local line
	printf '%s web\n' "$ENGINE" >>"$(engine_list)"
	line=$(lines doc/learn.md '^podman run --name web')
	line=${line/ run / run --detach }
	typed "${line/\/usr\/sbin\/nginx*//hello}"
	is "status" 0 "$status"
	typed "$(lines doc/learn.md '^podman kill')"
	is "status" 0 "$status"
	retry 100 0.1 has_logged web 'granit: learnt in'
	engine_running web
}

@test "sealing.md: sealed, signed by either tool, and started with the key" {
	only_on podman
	local line
	local -a all
	cp -r "$BATS_FILE_TMPDIR/root" "$BATS_TEST_TMPDIR/image"
	# Whoever seals has granit in PATH, and a key without a password.
	mkdir "$BATS_TEST_TMPDIR/bin"
	cp "$BATS_FILE_TMPDIR/root/granit" "$BATS_TEST_TMPDIR/bin/"
	mapfile -t all < <(sed -n '/^## Seal and sign/,/^## Verify/s/^    //p' doc/sealing.md |
		sed -e "s,/image,$BATS_TEST_TMPDIR/image,g" -e 's/minisign -G/& -W/' -e 's/signify-openbsd -G/& -n/')
	is "lines" 11 "$(printf '%s\n' "${all[@]}" | grep -c .)"
	for line in "${all[@]}"; do
		# One of the two is meant, and minisign's would count.
		[[ $line != signify-openbsd\ -G* ]] || rm "$BATS_TEST_TMPDIR/image/etc/granit.manifest.minisig"
		typed "PATH=$BATS_TEST_TMPDIR/bin:\$PATH; $line"
		is "status" 0 "$status"
	done
	has "$output" 'checks passed'
	rm "$BATS_TEST_TMPDIR/image/etc/granit.manifest.sig"
	cp "$BATS_TEST_TMPDIR/granit.manifest.minisig" "$BATS_TEST_TMPDIR/image/etc/"
	engine_image "$IMAGE-sealed" "$BATS_TEST_TMPDIR/image" 'ENTRYPOINT ["/granit", "--"]'
	mapfile -t all < <(sed -n '/^## Verify/,$s/^    docker run/podman run --rm --network=none/p' doc/sealing.md | sed -e "s,IMAGE,$IMAGE-sealed," -e 's,-- /app,-- /probe args started,')
	is "lines" 2 "${#all[@]}"
	for line in "${all[@]}"; do
		typed "$line"
		is "status" 0 "$status"
		is "output" started "$output"
	done
}

learnt_lines() {
	local line
	local -a all
	mapfile -t all < <(lines examples/learn/README.md '^(docker run|jq) ')
	is "lines" 3 "${#all[@]}"
	for line in "${all[@]}"; do
		line=${line//examples\/learn/$BATS_TEST_DIRNAME/../../examples/learn}
		line=${line/-- \/app/-- \/probe exit 0}
		typed "${line/#docker/$ENGINE}"
		is "status" 0 "$status"
	done
	is "the service" true "$(python3 -c 'import sys, yaml; print(str(yaml.safe_load(open(sys.argv[1]))["services"]["web"]["read_only"]).lower())' "$BATS_TEST_TMPDIR/compose.yaml")"
	is "the container" true "$(jq '.containerDefinitions[0].readonlyRootFilesystem' "$BATS_TEST_TMPDIR/task.json")"
}

@test "examples/learn: compose file and task definition out of one run" {
	each_engine learnt_lines
}
