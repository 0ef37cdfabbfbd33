#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts that tests write; every test is a subshell; `run` sets output and status
# examples/ci with the engines: inspect.sh, the step of the action, the script of the job.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	local folder=$BATS_FILE_TMPDIR tools=$BATS_TEST_DIRNAME/../../build
	mkdir -p "$folder"/{granit,clean,bad/bin}
	cp "${GRANIT:-$tools/granit}" "$folder/granit/granit"
	cp "$tools/tests/probe" "$folder/clean/app"
	cp "$tools/tests/probe" "$folder/bad/bin/ping"
	cp /bin/busybox "$folder/bad/bin/helper"
	chmod 4755 "$folder/bad/bin/ping"
	mkdir -m 700 "$folder"/{clean,bad}/root
	for ENGINE in $GRANIT_TEST_ENGINES; do
		engine_image granit:0.1.0 "$folder/granit" 'USER 65532:65532' 'ENTRYPOINT ["/granit","--"]'
		engine_image ci-clean "$folder/clean" 'CMD ["/app"]'
		engine_image ci-bad "$folder/bad" 'CMD ["/bin/ping"]'
	done
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	load ../helpers/apps
	CI=$(realpath "$BATS_TEST_DIRNAME/../../examples/ci")
	WORK=$BATS_TEST_TMPDIR/work
	mkdir -p "$WORK" "$BATS_TEST_TMPDIR/bin"
	printf 'FROM scratch\n' >"$WORK/Dockerfile"
}

# The engine's command line under its own name: ahead of all others in the PATH of `pipeline`. `docker pull`, `docker login` and
# apk need a network.
stubs() { # NAME
	local -a cli
	engine_cli
	printf '#!/bin/sh\ncase $1 in pull | login) cat >/dev/null; exit 0 ;; esac\nexec%s "$@"\n' "$(printf ' %q' env "PATH=$PATH" "${cli[@]}")" \
		>"$BATS_TEST_TMPDIR/bin/$1"
	printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/bin/apk"
	chmod +x "$BATS_TEST_TMPDIR/bin"/*
}

pipeline() { # STATUS VARIABLE=VALUE... COMMAND...
	run "-$1" env -u GITHUB_ACTIONS -C "$WORK" PATH="$BATS_TEST_TMPDIR/bin:$PATH" "${@:2}" 3>&- 4>&- </dev/null
	printf '%s\n' "$output"
}

inspects() {
	local before
	before=$(engine ps --all --quiet | sort)
	stubs "$ENGINE"
	pipeline 0 ENGINE="$ENGINE" "$CI/inspect.sh" ci-clean
	has "$output" '0 failed'
	is "results" 0 "$(jq '.runs[0].results | length' "$WORK/granit.sarif")"
	pipeline 78 ENGINE="$ENGINE" "$CI/inspect.sh" ci-bad
	has "$output" 'FAIL no-shell-content'
	# The setuid bit got as far as the inspection.
	is "rules" 'no-multicall no-shell-content setuid-files' "$(jq -r '.runs[0].tool.driver.rules[].id' "$WORK/granit.sarif" | xargs)"
	is "quality" 3 "$(jq length "$WORK/codequality.json")"
	pipeline 78 ENGINE="$ENGINE" "$CI/inspect.sh" ci-bad --profile=restricted
	pipeline 0 ENGINE="$ENGINE" "$CI/inspect.sh" ci-bad --profile=audit
	pipeline 125 ENGINE="$ENGINE" "$CI/inspect.sh" ci-bad --frobnicate
	has "$output" 'did not inspect ci-bad'
	is "containers left" "$before" "$(engine ps --all --quiet | sort)"
}

@test "inspect.sh, by podman" {
	only_on podman
	inspects
}

@test "inspect.sh, by Docker Engine" {
	only_on docker
	inspects
}

# As the runner does it: the script to a file, and bash with these flags; the inputs in the environment.
@test "the step of the composite action" {
	one_engine action_step
}

action_step() {
	stubs docker
	local granit=granit:0.1.0
	python3 -c '
import sys, yaml
step, = yaml.safe_load(open(sys.argv[1]))["runs"]["steps"]
print(step["run"])' "$CI/action.yml" >"$BATS_TEST_TMPDIR/step.sh"
	pipeline 78 GITHUB_ACTIONS=true GITHUB_ACTION_PATH="$CI" IMAGE=ci-bad GRANIT_IMAGE="$granit" DOCKERFILE=Dockerfile OPTIONS='--warn=setuid-files --scan=full' \
		bash --noprofile --norc -e -o pipefail "$BATS_TEST_TMPDIR/step.sh"
	has "$output" '::error file=Dockerfile,line=1,title=granit%3A no-shell-content::'
	has "$output" '::warning file=Dockerfile,line=1,title=granit%3A setuid-files::'
	[ -s "$WORK/granit.sarif" ]
	pipeline 0 GITHUB_ACTIONS=true GITHUB_ACTION_PATH="$CI" IMAGE=ci-clean GRANIT_IMAGE="$granit" DOCKERFILE=Dockerfile OPTIONS= \
		bash --noprofile --norc -e -o pipefail "$BATS_TEST_TMPDIR/step.sh"
	lacks "$output" ::
}

@test "the script of GitLab's job" {
	one_engine gitlab_job
}

gitlab_job() {
	stubs docker
	mkdir -p "$WORK/ci"
	ln -s "$CI" "$WORK/ci/granit"
	python3 -c '
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))["granit"]
print("set -eo pipefail", *job["before_script"], *job["script"], sep="\n")' "$CI/gitlab-ci.yml" >"$BATS_TEST_TMPDIR/job.sh"
	pipeline 78 IMAGE=ci-bad GRANIT_IMAGE=granit:0.1.0 DOCKERFILE=Dockerfile CI_REGISTRY=r CI_REGISTRY_USER=u CI_REGISTRY_PASSWORD=p \
		bash "$BATS_TEST_TMPDIR/job.sh"
	[ "$(jq length "$WORK/codequality.json")" -ge 3 ]
}
