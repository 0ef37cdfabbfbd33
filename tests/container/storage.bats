#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # expanded by the inner shell; `run` sets output and stderr
# podman with its storage where users have it, /var/lib/containers on a file system of its own, and with its own settings: what it
# mounts is known by another path than the tests' engines have. All of it lies in a mount namespace, and goes with it.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/engines
	[[ " $GRANIT_TEST_ENGINES " == *' podman '* ]] || return 0
	export STORAGE=$BATS_FILE_TMPDIR
	mkdir -p "$STORAGE/image"
	cp "${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" "$STORAGE/image/granit"
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$STORAGE/image/probe"
	truncate -s 512M "$STORAGE/disk"
	mkfs.ext4 -q "$STORAGE/disk"
	printf '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\nlog_driver = "k8s-file"\n[engine]\nlock_type = "file"\n' \
		>"$STORAGE/containers.conf"
	# Folders to mount on, which are gone again afterwards.
	for dir in /var/lib/containers /run/containers; do
		[ -e "$dir" ] || mkdir "$dir"
	done
}

setup() {
	[ -n "${STORAGE:-}" ] || skip 'GRANIT_TEST_ENGINES leaves podman out'
}

teardown_file() {
	rmdir /var/lib/containers /run/containers 2>/dev/null || :
}

# started STATUS [PODMAN-OPTION...] -- GRANIT-OPTION...: /probe exit 5 behind granit
started() {
	local wanted=$1
	shift
	run --separate-stderr timeout 120 unshare --mount bash -c '
		set -eu
		storage=$1
		shift
		mount -o loop "$storage/disk" /var/lib/containers
		mount -t tmpfs tmpfs /run/containers
		export CONTAINERS_CONF=$storage/containers.conf
		podman=(podman --runtime runc --cgroup-manager cgroupfs --events-backend none)
		"${podman[@]}" image exists granit-test/storage:1 ||
			tar -C "$storage/image" -cf - . | "${podman[@]}" import - granit-test/storage:1 >/dev/null 2>&1
		options=()
		while [ "$1" != -- ]; do
			options+=("$1")
			shift
		done
		shift
		status=0
		"${podman[@]}" run --rm --pull=never --network=none --read-only --read-only-tmpfs=false "${options[@]}" \
			--entrypoint /granit granit-test/storage:1 "$@" -- /probe exit 5 </dev/null || status=$?
		umount -R /var/lib/containers/storage/overlay 2>/dev/null || :
		exit "$status"' storage "$STORAGE" "$@" 3>&- 4>&-
	[ "$status" -eq "$wanted" ] || {
		printf 'status %s, wanted %s\n%s\n%s\n' "$status" "$wanted" "$output" "$stderr"
		return 1
	}
}

@test "storage of its own: root, and restricted for a user that the image has no entry of" {
	started 5 --
	started 5 --user 4242:4242 --cap-drop ALL --security-opt no-new-privileges --memory 64m -- --profile=restricted
}

@test "storage of its own: a volume is one, of the host or of podman's" {
	started 78 -v /etc:/data:ro -- --fail=sensitive-mounts
	[[ $stderr == *sensitive-mounts* ]]
	started 78 -v data:/data --
	[[ $stderr == *'/data is writable and outlives the container'* ]]
	started 5 -v data:/data -- --writable=/data
}
