#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The helpers themselves: what the other container tests rely on.
# shellcheck disable=SC2030,SC2031 # every test is a subshell, and sets what its own functions read

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
}

teardown() {
	engine_rm
}

# The image is made once for all tests of this file.
setup_file() {
	load ../helpers/engines
	export ROOT=$BATS_FILE_TMPDIR/root
	mkdir "$ROOT"
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$ROOT/"
	each_engine engine_image granit-test/probe:1 "$ROOT" 'ENTRYPOINT ["/probe"]' 'CMD ["args", "from", "CMD"]' 'ENV SEED=1'
}

# Prints what a failing test needs, before it fails.
expect() {
	[ "$2" = "$3" ] && return
	printf '%s: %s\n  wanted %q\n  got    %q\n  stderr %q\n' "$ENGINE" "$1" "$2" "$3" "${stderr:-}"
	return 1
}

runs_image() {
	run --separate-stderr engine_run granit-test/probe:1
	expect status 0 "$status"
	expect "ENTRYPOINT and CMD" $'from\nCMD' "$output"
	run --separate-stderr engine_run granit-test/probe:1 env
	[[ $output == *SEED=1* ]]
}

@test "an image of a folder keeps its instructions" {
	each_engine runs_image
}

root_is_writable() {
	run --separate-stderr engine_run granit-test/probe:1 write /made
	expect "writable root" ok "$output"
	run --separate-stderr engine_run --read-only granit-test/probe:1 write /made
	expect "read-only root" EROFS "$output"
}

@test "a container's root is writable unless --read-only" {
	each_engine root_is_writable
}

passes_status() {
	run --separate-stderr engine_run granit-test/probe:1 exit 78
	expect "exit status" 78 "$status"
	# PID 1 survives signals it has no handler for; a KILL from outside it does not.
	run --separate-stderr engine_run granit-test/probe:1 kill TERM
	expect "PID 1 and its own TERM" 3 "$status"
}

@test "the program's exit status comes through" {
	each_engine passes_status
}

ends_in_time() {
	ENGINE_TIMEOUT=1 run --separate-stderr engine_run granit-test/probe:1 sleep 60
	expect "status after the time is up" 124 "$status"
	expect "containers left" '' "$(engine ps --all --quiet)"
}

@test "a container that does not end is ended, and removed" {
	each_engine ends_in_time
}

is_driven() {
	local name
	name=$(container_name)
	engine_detach "$name" --read-only granit-test/probe:1 trap 2
	retry 100 0.05 has_logged "$name" ready
	engine_running "$name"
	run engine_exec "$name" /probe init-status
	expect "exec" 0 "$status"
	[[ $output == *NoNewPrivs* ]]
	[ -d "/proc/$(engine_pid "$name")" ]
	engine_kill USR1 "$name"
	retry 100 0.05 has_logged "$name" 'USR1 10'
	engine_kill TERM "$name"
	expect "status of the detached container" 0 "$(engine_wait "$name")"
	has_logged "$name" 'TERM 15'
}

has_logged() {
	[[ $'\n'$(engine_logs "$1" 2>&1)$'\n' == *$'\n'"$2"$'\n'* ]]
}

@test "a detached container can be asked, signalled and waited for" {
	each_engine is_driven
}

serves() {
	local name
	name=$(container_name)
	engine_detach "$name" granit-test/probe:1 serve 8080
	retry 100 0.05 has_logged "$name" 'serving on port 8080'
	run engine_exec "$name" /probe get 8080
	[[ $output == *"granit hello"* ]]
	engine_kill TERM "$name"
	expect "status" 0 "$(engine_wait "$name")"
}

@test "a server can be reached from inside its container" {
	each_engine serves
}

@test "a pod of podman's runs" {
	[[ " $GRANIT_TEST_ENGINES " == *" podman "* ]] || skip "GRANIT_TEST_ENGINES leaves podman out"
	ENGINE=podman
	cat >"$BATS_TEST_TMPDIR/pod.yaml" <<-POD
		apiVersion: v1
		kind: Pod
		metadata:
		  name: granit-pod
		spec:
		  restartPolicy: Never
		  containers:
		  - name: app
		    image: localhost/granit-test/probe:1
		    imagePullPolicy: Never
		    args: ["write", "/made"]
		    securityContext:
		      readOnlyRootFilesystem: true
	POD
	run engine kube play --network=none "$BATS_TEST_TMPDIR/pod.yaml"
	expect "kube play: $output" 0 "$status"
	expect "status of the container" 0 "$(engine_wait granit-pod-app)"
	expect "root of the container" EROFS "$(engine_logs granit-pod-app)"
	engine pod rm --force --time 0 granit-pod
}

# Asked of an engine of the test's own, since the suite's must live on.
leaves_nothing() {
	local dir before
	local -n started=ENGINE_DIR_$ENGINE
	before=$(residue_there)
	engine_start "$ENGINE"
	dir=$started
	engine_image granit-test/left:1 "$ROOT" 'ENTRYPOINT ["/probe"]' 'VOLUME /data'
	# Not engine_detach: teardown could no longer ask this engine.
	engine run --detach --pull=never --network=none granit-test/left:1 sleep 60
	run engine_stop "$ENGINE"
	expect "engine_stop: $output" 0 "$status"
	run ! test -e "$dir"
	expect "processes" '' "$(engine_strays "$dir")"
	expect "mounts" '' "$(grep -F "$dir" /proc/self/mountinfo)"
	expect "other places" "$before" "$(residue_there)"
}

residue_there() {
	engine_residue "$ENGINE" | while read -r path; do
		[ ! -e "$path" ] || printf '%s\n' "$path"
	done
}

@test "an engine that was stopped has left nothing behind" {
	each_engine leaves_nothing
}
