#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets status and output
# The manifests of examples/, without a cluster: against Kubernetes' and Kyverno's schemas (kubernetes-models,
# @kubernetes-models/kyverno), against Pod Security, and the admission policy's CEL expressions evaluated (@marcbachmann/cel-js), and Kyverno's (jmespath).
# GRANIT_TEST_NPM=none leaves out what needs those.

bats_require_minimum_version 1.5.0

setup_file() {
	[ "${GRANIT_TEST_NPM:-all}" != none ] || return 0
	export GRANIT_NPM=$BATS_TEST_DIRNAME/../../build/npm
	mkdir -p "$GRANIT_NPM"
	GRANIT_NPM=$(realpath "$GRANIT_NPM")
	local -a packages=(kubernetes-models@5.1.0 @kubernetes-models/kyverno@2.0.0 @marcbachmann/cel-js@8.0.0 js-yaml@4.1.0 jmespath@0.16.0)
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
	local root='readOnlyRootFilesystem: true is missing' word='first word' off='an option that this policy does not allow' end='has no --'
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
	local words
	for words in --prof=plain --ignore=all,limits --warn=all --learn --exec-from=/data --writable=none --manifest-key=none --config=/data/c -qv; do
		denied "$off" "pod.spec.containers[0].command.splice(1, 1, '$words', '--')"
	done
	denied "$end" 'Object.assign(pod.spec.containers[0], {command: ["/granit"], args: ["--profile=plain", "--", "/app"]})'
	manifests policy "$POD" 'Object.assign(pod.spec.containers[0], {command: ["/granit", "--profile=restricted", "--writable=/data", "--"], args: ["/app", "--learn"]})'
	[ "$status" -eq 0 ]
}

@test "Kyverno's policy does so too, and takes an image with the label" {
	local root='readOnlyRootFilesystem: true is missing' word='neither does the command start with /granit'
	kyverno 0 '' '' ''
	kyverno 0 entrypoint '' 'delete pod.spec.containers[0].command'
	kyverno 0 '' '' 'pod.spec.initContainers = [pod.spec.containers[0]]'
	kyverno 1 '' "$word" 'delete pod.spec.containers[0].command'
	kyverno 1 entrypoint "$word" 'pod.spec.containers[0].command = ["/hello"]'
	kyverno 1 '' "$word" 'pod.spec.initContainers = [{...pod.spec.containers[0], command: ["/bin/sh", "/granit"]}]'
	kyverno 1 entrypoint "$root" 'delete pod.spec.containers[0].securityContext'
	kyverno 1 entrypoint "$root" 'pod.spec.initContainers = [{...pod.spec.containers[0], securityContext: {}}]'
}

# kyverno STATUS LABEL TEXT EDIT
kyverno() {
	manifests kyverno "$POD" "$2" "$4"
	[ "$status" -eq "$1" ]
	[[ $output == *"$3"* ]]
}

# What granit leaves behind for the kubelet.
message() { # STATUS OPTION...
	run "-$1" "${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" --config=none --termination-log="$BATS_TEST_TMPDIR/message" "${@:2}" -- /web
	cat "$BATS_TEST_TMPDIR/message"
}

@test "the findings of a cluster, out of the messages that granit leaves" {
	local -a only=(--ignore=all --scan=off --writable=/nowhere)
	message 78 "${only[@]}" --fail=writable-declared,image-age >"$BATS_TEST_TMPDIR/refused"
	message 125 --frobnicate >"$BATS_TEST_TMPDIR/mistake"
	jq -n --rawfile refused "$BATS_TEST_TMPDIR/refused" --rawfile mistake "$BATS_TEST_TMPDIR/mistake" '
		def pod($namespace; $name; $kind; $container): {metadata: {namespace: $namespace, name: $name}, status: {($kind): [$container]}};
		def ended($name; $status; $message): {name: $name, image: "\($name):1", state: {terminated: {exitCode: $status, message: $message}}};
		{items: [
			pod("shop"; "web-1"; "containerStatuses"; ended("web"; 78; $refused) |
				{name, image, state: {waiting: {reason: "CrashLoopBackOff"}}, lastState: .state}),
			pod("shop"; "web-2"; "containerStatuses"; {name: "web", image: "web:1", state: {running: {}}, lastState: {}}),
			pod("shop"; "own-78"; "containerStatuses"; ended("own"; 78; "bad configuration")),
			pod("shop"; "silent"; "containerStatuses"; ended("silent"; 78; null)),
			pod("jobs"; "init-1"; "initContainerStatuses"; ended("first"; 125; $mistake)),
			{metadata: {namespace: "new", name: "pending"}, status: {phase: "Pending"}}
		]}' >"$BATS_TEST_TMPDIR/pods.json"
	run jq -r -f "$EXAMPLES/kubernetes/collect.jq" "$BATS_TEST_TMPDIR/pods.json"
	printf '%s\n' "$output"
	[ "$output" = $'shop\tweb-1\tweb\tweb:1\t78\twritable-declared\njobs\tinit-1\tfirst\tfirst:1\t125\tthere is no option --frobnicate; granit --help lists them' ]
}

@test "the findings in a log: of JSON reports among other lines" {
	run --separate-stderr -78 "${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" --config=none --ignore=all --fail=writable-declared --scan=off \
		--writable=/nowhere --format=json -- /web
	local recipe
	# shellcheck disable=SC2154
	recipe=$(sed -n "s/^    kubectl logs POD | jq -cR '\(.*\)'$/\1/p" "$BATS_TEST_DIRNAME/../../doc/kubernetes.md")
	[ -n "$recipe" ]
	run jq -cR "$recipe" <<<"a line of the program's
{\"level\": \"info\"}
$stderr"
	printf '%s\n' "$output"
	[[ $output == *'{"id":"writable-declared","verdict":"violation","level":"fail"}'* ]]
	[[ $output != *info* ]]
}
