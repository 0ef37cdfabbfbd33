#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Truth table, pods: what of a Kubernetes manifest granit has to say, as podman kube play carries it out.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/truth
	truth_file
}

setup() {
	load ../helpers/truth
	truth_setup
	CONTEXT=$READ_ONLY MOUNTS='' VOLUMES='' FIELDS='' MORE=''
}

teardown() {
	[ -n "${ENGINE:-}" ] || return 0
	engine pod rm --force --time 0 granit-truth >/dev/null 2>&1 || :
	engine volume rm --force data settings word >/dev/null 2>&1 || :
	engine secret rm word >/dev/null 2>&1 || :
}

READ_ONLY='readOnlyRootFilesystem: true'
STRICT="$READ_ONLY, allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, capabilities: {drop: [ALL]}"

# pod STATUS 'FAILING-ID...' [+ID...] [-ID...] -- [OPTION...]: as expect. CONTEXT, MOUNTS, VOLUMES are what its
# securityContext, volumeMounts and volumes hold, FIELDS a line of the container's, MORE further documents.
pod() {
	local wanted=$1 failing=$2 arguments='' option
	local -a notes=()
	shift 2
	while [ "$1" != -- ]; do
		notes+=("$1")
		shift
	done
	shift
	for option; do
		arguments+="\"$option\", "
	done
	cat >"$BATS_TEST_TMPDIR/pod.yaml" <<-POD
		apiVersion: v1
		kind: Pod
		metadata:
		  name: granit-truth
		spec:
		  restartPolicy: Never
		  containers:
		  - name: app
		    image: localhost/$IMAGE
		    imagePullPolicy: Never
		    command: ["/granit", "-v"]
		    args: [$arguments"--", "/probe", "args", "started"]
		    securityContext: {$CONTEXT}
		    volumeMounts: [$MOUNTS]
		    $FIELDS
		  volumes: [$VOLUMES]
		$MORE
	POD
	run engine kube play --network=none "$BATS_TEST_TMPDIR/pod.yaml"
	is "kube play: $output" 0 "$status"
	status=$(engine_wait granit-truth-app)
	verdict "$wanted" "$failing" "$status" "$(engine_logs granit-truth-app 2>&1)" "${notes[@]}"
}

# volume SOURCE [readOnly]: on /data
volume() {
	VOLUMES="{name: data, $1}"
	MOUNTS="{name: data, mountPath: /data${2:+, $2: true}}"
}

@test "kube play: readOnlyRootFilesystem" {
	pod 0 '' -writable-mounts -sensitive-mounts -writable-exec --
}

@test "kube play: no securityContext" {
	CONTEXT=
	pod 78 root-read-only --
}

@test "kube play: all but readOnlyRootFilesystem" {
	CONTEXT=${STRICT#*, }
	pod 78 root-read-only -non-root-uid -no-new-privs --
}

@test "kube play: all that a pod can set" {
	CONTEXT=$STRICT FIELDS='resources: {limits: {memory: 64Mi}}'
	pod 0 '' -all --
}

@test "kube play: restricted, all that a pod can set" {
	CONTEXT=$STRICT FIELDS='resources: {limits: {memory: 64Mi}}'
	pod 0 '' -all -- --profile=restricted
}

@test "kube play: restricted, all that a pod can set, and a volume" {
	CONTEXT=$STRICT FIELDS='resources: {limits: {memory: 64Mi}}'
	volume 'emptyDir: {}'
	pod 0 '' -all -- --profile=restricted --writable=/data
}

@test "kube play: no limit for memory" {
	CONTEXT=$STRICT
	pod 0 '' +limits --
}

@test "kube play: restricted, as root" {
	pod 78 non-root-uid -- --profile=restricted
}

# runAsNonRoot alone is the kubelet's to hold to; podman does not.
@test "kube play: runAsNonRoot, runAsUser" {
	CONTEXT="$READ_ONLY, runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532"
	pod 0 '' -non-root-uid -non-root-gid --
}

@test "kube play: allowPrivilegeEscalation: false" {
	CONTEXT="$READ_ONLY, allowPrivilegeEscalation: false"
	pod 0 '' -no-new-privs +caps-effective --
}

@test "kube play: capabilities, drop ALL" {
	CONTEXT="$READ_ONLY, capabilities: {drop: [ALL]}"
	pod 0 '' -caps-effective -caps-bounding --
}

@test "kube play: capabilities, add SYS_ADMIN" {
	CONTEXT="$READ_ONLY, capabilities: {add: [SYS_ADMIN]}"
	pod 78 root-remount --
}

# Its /sys stays read-only, since the pod has its network from elsewhere.
@test "kube play: privileged" {
	CONTEXT="$READ_ONLY, privileged: true"
	pod 78 "root-remount proc-readonly $CGROUP_RO" +privileged +seccomp --
}

@test "kube play: emptyDir" {
	volume 'emptyDir: {}'
	pod 78 writable-mounts -sensitive-mounts --
}

@test "kube play: emptyDir, declared" {
	volume 'emptyDir: {}'
	pod 0 '' -writable-mounts -sensitive-mounts -- --writable=/data
}

@test "kube play: emptyDir, readOnly" {
	volume 'emptyDir: {}' readOnly
	pod 0 '' -writable-mounts --
}

# podman 4 makes a folder on the disk of it, whatever the medium; then it has to be declared as any other.
@test "kube play: emptyDir in memory, declared" {
	volume 'emptyDir: {medium: Memory}'
	pod 0 '' -writable-mounts -sensitive-mounts -- --writable=/data
}

@test "kube play: --writable, and no volume" {
	pod 78 writable-declared -- --writable=/data
}

@test "kube play: persistentVolumeClaim" {
	volume 'persistentVolumeClaim: {claimName: data}'
	pod 78 writable-mounts --
}

@test "kube play: hostPath" {
	volume "hostPath: {path: $(folder), type: Directory}"
	pod 78 writable-mounts -sensitive-mounts --
}

@test "kube play: hostPath, readOnly" {
	volume "hostPath: {path: $(folder), type: Directory}" readOnly
	pod 0 '' -writable-mounts -sensitive-mounts --
}

@test "kube play: hostPath /etc" {
	volume 'hostPath: {path: /etc}'
	pod 78 'writable-mounts sensitive-mounts' --
}

@test "kube play: hostPath /etc, readOnly" {
	volume 'hostPath: {path: /etc}' readOnly
	pod 0 '' +sensitive-mounts --
}

@test "kube play: hostPath docker.sock" {
	socket docker.sock
	volume "hostPath: {path: $BATS_TEST_TMPDIR/docker.sock}"
	pod 78 sensitive-mounts --
}

@test "kube play: hostPath docker.sock, readOnly" {
	socket docker.sock
	volume "hostPath: {path: $BATS_TEST_TMPDIR/docker.sock, type: Socket}" readOnly
	pod 78 sensitive-mounts --
}

@test "kube play: configMap, readOnly" {
	volume 'configMap: {name: settings}' readOnly
	MORE=$'---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {key: value}'
	pod 0 '' -writable-mounts -sensitive-mounts --
}

@test "kube play: secret, readOnly" {
	volume 'secret: {secretName: word, optional: false}' readOnly
	MORE=$'---\napiVersion: v1\nkind: Secret\nmetadata: {name: word}\ndata: {key: d29yZA==}'
	pod 0 '' -writable-mounts -sensitive-mounts -env-secrets --
}

@test "kube play: a secret in the environment" {
	FIELDS='env: [{name: DB_PASSWORD, value: word}]'
	pod 0 '' +env-secrets --
}

@test "kube play: tty" {
	FIELDS='tty: true'
	pod 0 '' +stdio-tty --
}
