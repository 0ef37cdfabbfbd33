#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets status and output
# The manifests of examples/, without a cluster: against Kubernetes' and Kyverno's schemas (kubernetes-models,
# @kubernetes-models/kyverno), against Pod Security, and the admission policy's CEL expressions evaluated (@marcbachmann/cel-js).
# GRANIT_TEST_NPM=none leaves out what needs those.

bats_require_minimum_version 1.5.0

setup_file() {
	[ "${GRANIT_TEST_NPM:-all}" != none ] || return 0
	export GRANIT_NPM=$BATS_TEST_DIRNAME/../../build/npm
	mkdir -p "$GRANIT_NPM"
	GRANIT_NPM=$(realpath "$GRANIT_NPM")
	local -a packages=(kubernetes-models@5.1.0 @kubernetes-models/kyverno@2.0.0 @marcbachmann/cel-js@8.0.0 js-yaml@4.1.0)
	(
		flock 9
		[ "${packages[*]}" != "$(cat "$GRANIT_NPM/made" 2>/dev/null)" ] || exit 0
		printf '{"private": true}\n' >"$GRANIT_NPM/package.json"
		npm install --prefix "$GRANIT_NPM" --ignore-scripts --no-audit --no-fund --silent --save-exact "${packages[@]}" || exit
		printf '%s\n' "${packages[*]}" >"$GRANIT_NPM/made"
	) 9>"$GRANIT_NPM/lock" 3>&- 4>&-
}

setup() {
	EXAMPLES=$(realpath "$BATS_TEST_DIRNAME/../../examples")
	POD=$EXAMPLES/kubernetes/pod.yaml
}

manifests() {
	[ "${GRANIT_TEST_NPM:-all}" != none ] || skip "GRANIT_TEST_NPM leaves npm's packages out"
	run node "$BATS_TEST_DIRNAME/../helpers/manifests.js" "$@"
	printf '%s\n' "$output"
}

@test "every manifest is what Kubernetes' and Kyverno's schemas say" {
	mapfile -t files < <(grep -rl --include='*.yaml' '^apiVersion:' "$EXAMPLES")
	[ "${#files[@]}" -ge 15 ]
	manifests schema "${files[@]}"
	[ "$status" -eq 0 ]
	sed 's/readOnlyRootFilesystem: true/readOnlyRootFilesystem: 5/' "$POD" >"$BATS_TEST_TMPDIR/wrong.yaml"
	manifests schema "$BATS_TEST_TMPDIR/wrong.yaml"
	[ "$status" -ne 0 ]
}

@test "every pod passes Pod Security restricted, but those that show what is refused" {
	mapfile -t files < <(grep -rlE --include='*.yaml' '^kind: (Pod|Job)$' "$EXAMPLES" | grep -v /seed-pod/)
	[ "${#files[@]}" -ge 10 ]
	manifests restricted "${files[@]}"
	[ "$status" -eq 0 ]
	manifests restricted "$EXAMPLES/seed-pod/refused-privileged.yaml"
	[ "$status" -ne 0 ]
}

# denied TEXT EDIT: the pod, changed like this
denied() {
	manifests policy "$POD" "$2"
	[ "$status" -eq 1 ]
	[[ $output == *"$1"* ]]
}

@test "the admission policy lets granit's pod through, and denies others" {
	manifests policy "$POD"
	[ "$status" -eq 0 ]
	manifests policy "$POD" 'pod.spec.initContainers = [pod.spec.containers[0]]'
	[ "$status" -eq 0 ]
	local root='readOnlyRootFilesystem: true is missing' word='first word' off="turns granit's checks off"
	denied "$root" 'delete pod.spec.containers[0].securityContext'
	denied "$root" 'delete pod.spec.containers[0].securityContext.readOnlyRootFilesystem'
	denied "$root" 'pod.spec.containers[0].securityContext.readOnlyRootFilesystem = false'
	denied "$root" 'pod.spec.initContainers = [{name: "first", image: "x", command: ["/granit", "--", "/x"]}]'
	denied "$word" 'delete pod.spec.containers[0].command'
	denied "$word" 'pod.spec.containers[0].command = []'
	denied "$word" 'pod.spec.containers[0].command = ["/bin/sh", "/granit"]'
	denied "$word" 'pod.spec.containers.push({...pod.spec.containers[0], command: ["/hello"]})'
	denied "$off" 'pod.spec.containers[0].command.splice(1, 1, "--profile=plain")'
	denied "$off" 'pod.spec.containers[0].command.splice(1, 1, "--profile", "audit")'
	denied "$off" 'pod.spec.containers[0].command.push("--warn=all")'
}

@test "the findings of a cluster, out of its termination messages" {
	cat >"$BATS_TEST_TMPDIR/pods.json" <<-'JSON'
		{"items": [
		  {"metadata": {"namespace": "shop", "name": "web-1"}, "status": {"containerStatuses": [
		    {"name": "web", "image": "web:3", "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {
		      "exitCode": 78, "message": "granit: refused to start /web: this container is not immutable\nFAIL root-read-only: x\n     / is\nFAIL no-shell: y\n"}}},
		    {"name": "ok", "image": "ok:1", "state": {"running": {}}, "lastState": {}}]}},
		  {"metadata": {"namespace": "shop", "name": "own-78"}, "status": {"containerStatuses": [
		    {"name": "own", "image": "own:1", "state": {"terminated": {"exitCode": 78, "message": "bad configuration"}}, "lastState": {}}]}},
		  {"metadata": {"namespace": "jobs", "name": "init-1"}, "status": {"initContainerStatuses": [
		    {"name": "first", "image": "x:1", "state": {"terminated": {"exitCode": 125, "message": "granit: unknown option"}}, "lastState": {}}]}},
		  {"metadata": {"namespace": "new", "name": "pending"}, "status": {"phase": "Pending"}}
		]}
	JSON
	run jq -r -f "$EXAMPLES/kubernetes/collect.jq" "$BATS_TEST_TMPDIR/pods.json"
	printf '%s\n' "$output"
	[ "$output" = $'shop\tweb-1\tweb\tweb:3\t78\tno-shell,root-read-only\njobs\tinit-1\tfirst\tx:1\t125\t' ]
	[ "$(wc -l <"$EXAMPLES/kubernetes/collect.jq")" -le 30 ]
}
