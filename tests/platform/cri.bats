#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table of doc/platforms.md in pods of containerd's, asked for as a kubelet does; granit is their pause container, too.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/granit
	load ../helpers/platform
	granit_setup
	[ "$(id -u)" -eq 0 ] || skip 'containers need root'
	needs_tool containerd ctr runc protoc jq /usr/lib/cni/ptp
	python3 -c 'import google.protobuf, grpc' || skip 'there is no python3-grpcio, or no python3-protobuf'
	# Sockets have short paths.
	PODS=$(mktemp -d /tmp/granit-cri.XXXXXX)
	ABSENT=$(cri_places | while read -r place; do [ -e "$place" ] || printf '%s\n' "$place"; done)
	export PODS ABSENT
	python3 "$BATS_TEST_DIRNAME/../helpers/cri.py" "$GRANIT" build/tests "$PODS" >"$BATS_FILE_TMPDIR/out" || {
		tail -n 20 "$PODS/log"
		return 1
	}
}

# What containerd and its plug-ins make whatever they are told; children stand before their parents.
cri_places() {
	printf '%s\n' /run/containerd/runc/k8s.io /run/containerd/runc /run/containerd/s /run/containerd /var/lib/cni/results /var/lib/cni \
		/run/netns /sys/fs/cgroup/k8s.io
	local place
	for place in /sys/fs/cgroup/*/; do
		printf '%s\n' "${place}k8s.io"
	done
}

# What was there before stays, and so does what is in use.
teardown_file() {
	local place
	[ -z "${PODS:-}" ] || rm -rf "$PODS"
	while read -r place; do
		[ ! -d "$place" ] || find "$place" -depth -type d -exec rmdir {} + 2>/dev/null || :
	done <<<"${ABSENT:-}"
}

setup() {
	load ../helpers/granit
	load ../helpers/platform
	granit_setup
	# shellcheck disable=SC2034 # for platform.bash
	RUNTIME=CRI
}

# of NAME FILTER: what came of that set-up
of() {
	jq -r --arg name "$1" ".[\$name] | $2" "$BATS_FILE_TMPDIR/out"
}

@test "CRI: every set-up" {
	local name checks
	while read -r name; do
		status=$(of "$name" .status)
		of "$name" .log >"$BATS_TEST_TMPDIR/out"
		came_to "$name" "$(wanted "$name")"
	done < <(vm_set_ups)
}

@test "CRI: a pod as the documentation wants it warns of its token alone" {
	[ "$(of strict .log)" = 'granit: 1 warning: sa-token' ]
	[ "$(of sealed .log)" = 'granit: 1 warning: sa-token' ]
}

@test "CRI: procMount: Unmasked is refused" {
	[ "$(of 'procMount: Unmasked' .status)" = 78 ]
	[[ $(of 'procMount: Unmasked' .log) == 'granit: refused to start /probe: proc-readonly'* ]]
}

@test "CRI: why it was refused is the pod's termination message" {
	[[ $(of 'writable root' .termination) == 'granit refused to start /probe: root-read-only'* ]]
}

@test "CRI: kubectl exec judges with the options of process 1, and a pod that is stopped ends as its program does" {
	[ "$(of 'a pod that runs' .meanwhile.status)" = 0 ]
	[[ $(of 'a pod that runs' .meanwhile.out) == *'judged with the options of process 1'* ]]
	[ "$(of 'a pod that runs' .status)" = 143 ]
}

@test "ctr by itself, without a kubelet: starts read-only, and refuses what it does elsewhere" {
	local name checks
	for name in read-only 'declared volume' sealed; do
		[ "$(of "ctr: $name" .status)" = 5 ]
	done
	# It mounts an empty tmpfs on /run, whatever is asked for.
	[ "$(of 'ctr: read-only' .log)" = 'granit: 3 warnings: writable-mounts caps-bounding limits' ]
	while IFS='|' read -r name checks; do
		[ "$(of "ctr: $name" .status)" = 78 ]
		[ "$(of "ctr: $name" .log | head -n 1)" = "granit: refused to start /probe: $checks" ]
	done <<-'END'
		writable root|root-read-only
		privileged|root-remount, proc-readonly, sys-ro
		undeclared volume|writable-mounts
		a shell|no-shell, no-shell-content, no-multicall
		sealed, changed|image-sealed
	END
}
