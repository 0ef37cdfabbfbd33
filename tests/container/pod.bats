#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# A pod as Kubernetes would be given it: podman kube play reads the same fields.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	load ../helpers/container
	image "$IMAGE" "$BATS_FILE_TMPDIR/root"
}

setup() {
	load ../helpers/engines
	load ../helpers/container
	only_on podman
}

teardown() {
	engine pod rm --force --time 0 granit-pod >/dev/null 2>&1 || :
}

# play ARGS [SECURITY [FIELD [VOLUME]]]: the pod with these arguments (a YAML list), these lines of securityContext,
# this line of the container's, and this volume on /data
play() {
	local mounts='' volumes=''
	if [ -n "${4:-}" ]; then
		mounts='{name: data, mountPath: /data}' volumes="{name: data, $4}"
	fi
	cat >"$BATS_TEST_TMPDIR/pod.yaml" <<-POD
		apiVersion: v1
		kind: Pod
		metadata:
		  name: granit-pod
		spec:
		  restartPolicy: Never
		  containers:
		  - name: app
		    image: localhost/$IMAGE
		    imagePullPolicy: Never
		    args: $1
		    securityContext: {${2:-readOnlyRootFilesystem: true}}
		    resources: {limits: {memory: 64Mi}}
		    volumeMounts: [$mounts]
		    ${3:-}
		  volumes: [$volumes]
	POD
	run engine kube play --network=none "$BATS_TEST_TMPDIR/pod.yaml"
	is "kube play: $output" 0 "$status"
}

@test "a pod with readOnlyRootFilesystem starts, is hardened, and ends on TERM with its program's status" {
	play '["/probe", "trap", "2"]'
	retry 100 0.05 has_logged granit-pod-app ready
	run engine_exec granit-pod-app /probe init-status
	all_dropped "$output"
	run engine_exec granit-pod-app /probe write /made
	is "writing to the root" EROFS "$output"
	engine_kill USR1 granit-pod-app
	retry 100 0.05 has_logged granit-pod-app 'USR1 10'
	engine_kill TERM granit-pod-app
	ends_within 3 granit-pod-app 0
	has_logged granit-pod-app 'TERM 15'
}

@test "the strictest pod starts too, with nothing to say" {
	play '["/probe", "args", "started"]' 'readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, runAsUser: 65532, runAsGroup: 65532, capabilities: {drop: [ALL]}'
	is "exit status" 0 "$(engine_wait granit-pod-app)"
	has_logged granit-pod-app started
	is "what is logged" started "$(engine_logs granit-pod-app 2>&1)"
}

@test "the strictest pod has nothing to say in restricted either, with a volume" {
	play '["--profile=restricted", "--writable=/data", "--", "/probe", "args", "started"]' 'readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, runAsUser: 65532, runAsGroup: 65532, capabilities: {drop: [ALL]}' \
		'command: ["/granit"]' 'emptyDir: {}'
	is "exit status" 0 "$(engine_wait granit-pod-app)"
	is "what is logged" started "$(engine_logs granit-pod-app 2>&1)"
}

@test "a pod without readOnlyRootFilesystem is refused, with the field that fixes it" {
	play '["/probe", "args", "started"]' 'allowPrivilegeEscalation: false'
	is "exit status" 78 "$(engine_wait granit-pod-app)"
	has_logged granit-pod-app 'Kubernetes securityContext: {readOnlyRootFilesystem: true}'
	lacks "$(engine_logs granit-pod-app 2>&1)" started
}
