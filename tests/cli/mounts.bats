#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# What granit sees at mount points: sockets, parts of a system, what the runtime has put there, descriptors.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	HOST=$BATS_TEST_TMPDIR/host
	mkdir "$HOST"
	# Nothing else can refuse.
	ONLY=(--config=none --ignore=all --fail=sensitive-mounts --fail=writable-mounts)
}

# sockets PATH...: below $HOST. The way there may be longer than a socket's address.
sockets() {
	# shellcheck disable=SC2016 # python's
	python3 -c 'import os, socket, sys
os.chdir(sys.argv[1])
for path in sys.argv[2:]:
	os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
	here = os.open(".", os.O_RDONLY)
	os.chdir(os.path.dirname(path) or ".")
	socket.socket(socket.AF_UNIX).bind(os.path.basename(path))
	os.chdir(here)' "$HOST" "$@"
}

# refused TEXT [NSCONTAINER-OPTION...]
refused() {
	local text=$1
	shift
	boxed 78 --read-only "$@" -- /granit "${ONLY[@]}" -- /probe exit 0
	contains "$stderr" "$text"
}

accepted() { # [NSCONTAINER-OPTION...]
	boxed 0 --read-only "$@" -- /granit "${ONLY[@]}" -- /probe exit 0
}

@test "each socket in a folder, by every end of its path" {
	local end place i
	local -a ends=() binds=()
	while read -r place; do
		for ((end = 1; end; )); do
			place=${place#*/}
			# Too many are called so.
			[[ $place =~ ^(socket|private)$ ]] || ends+=("$place")
			[[ $place == */* ]] || end=0
		done
	done < <(control_sockets)
	mapfile -t ends < <(printf '%s\n' "${ends[@]}" | sort -u)
	[ "${#ends[@]}" -ge 80 ]
	local -a paths=()
	for i in "${!ends[@]}"; do
		paths+=("$i/${ends[i]}")
	done
	sockets "${paths[@]}"
	for i in "${!ends[@]}"; do
		binds+=(--bind "$HOST/$i:/h$i:ro")
		# A report keeps 16 of them.
		if (((i + 1) % 16 == 0 || i + 1 == ${#ends[@]})); then
			refused 'holds a socket that controls the host' "${binds[@]}"
			[ "$(grep -c 'holds a socket that controls' <<<"$stderr")" -eq $((${#binds[@]} / 2)) ] || {
				printf '%s\n' "${ends[@]}" "$stderr"
				return 1
			}
			binds=()
		fi
	done
}

@test "a folder with many entries, and one that cannot be listed, are asked for all of them" {
	(cd "$HOST" && seq 1000 | xargs touch)
	sockets snapd.socket
	refused '/h/snapd.socket' --bind "$HOST:/h:ro"
	chmod 711 "$HOST"
	refused '/h/snapd.socket' --bind "$HOST:/h:ro" --user 65532:65532
}

@test "a folder that a socket's folder is called like, and files called like sockets" {
	mkdir -p "$HOST/containerd" "$HOST/run"
	touch "$HOST/docker.sock" "$HOST/run/docker.sock"
	sockets app/socket other.sock
	accepted --bind "$HOST:/h:ro"
}

@test "a socket of the application's own, called as systemd's is" {
	sockets private
	accepted --bind "$HOST:/h:ro" --bind "$HOST:/run/app:ro"
	mkdir "$HOST/systemd"
	sockets systemd/private
	refused '/h/systemd/private' --bind "$HOST:/h:ro"
	# systemd's own folder has more in it.
	rm -r "$HOST/systemd"
	sockets notify
	refused '/h/private' --bind "$HOST:/h:ro"
}

@test "a socket on the runtime's places, and in /dev" {
	sockets docker.sock
	refused '/dev/shm is a socket that controls the host' --bind "$HOST/docker.sock:/dev/shm"
	refused '/etc/hosts is a socket that controls the host' --bind "$HOST/docker.sock:/etc/hosts"
	refused '/dev/shm holds a socket that controls the host: /dev/shm/docker.sock' --bind "$HOST:/dev/shm"
	refused '/dev/host holds a socket' --bind "$HOST:/dev/host"
}

@test "the host's /run on a tmpfs, wherever it lies, read-only too" {
	needs_root "a tmpfs outside"
	local point
	run_in_memory() { # NSCONTAINER-OPTION...
		# shellcheck disable=SC2016 # the inner shell's
		expect 78 unshare --mount bash -c 'mount -t tmpfs tmpfs "$0" && cd "$0" && mkdir dbus systemd &&
			python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\"dbus/system_bus_socket\")" &&
			cd / && exec "$@" 3>&-' "$HOST" "$TOOLS/nscontainer" --read-only "$@" "$ROOT" -- /granit "${ONLY[@]}" -- /probe exit 0
	}
	for point in /x /x:ro /dev/shm /dev/shm:ro /run /sys/fs/cgroup; do
		run_in_memory --sys --bind "$HOST:$point"
		contains "$stderr" "${point%:ro} holds a socket that controls the host: ${point%:ro}/dbus/system_bus_socket"
	done
	run_in_memory --bind "$HOST/dbus:/x:ro"
	contains "$stderr" '/x holds a socket that controls the host: /x/system_bus_socket'
}

@test "parts of a system, by what lies in them" {
	mkdir -p "$HOST/etc" "$HOST/kubelet/pods" "$HOST/run/udev/data" "$HOST/run/systemd" "$HOST"/root/{etc,usr,proc,boot/grub}
	touch "$HOST"/etc/{passwd,shadow,nsswitch.conf} "$HOST/kubelet/cpu_manager_state"
	ONLY+=(--writable=/h)
	refused '/h is a part of the host'"'"'s system, and writable: an /etc' --bind "$HOST/etc:/h"
	refused "writable: a kubelet's directory" --bind "$HOST/kubelet:/h"
	rm "$HOST"/etc/{shadow,nsswitch.conf} "$HOST/kubelet/cpu_manager_state"
	accepted --bind "$HOST/etc:/h"
	accepted --bind "$HOST/kubelet:/h"
	mkdir "$HOST/kubelet/device-plugins"
	touch "$HOST/etc/machine-id" "$HOST/kubelet/device-plugins/kubelet_internal_checkpoint"
	refused 'writable: an /etc' --bind "$HOST/etc:/h"
	refused "writable: a kubelet's directory" --bind "$HOST/kubelet:/h"
	refused 'writable: a /run' --bind "$HOST/run:/h"
	refused 'writable: the root of a whole system' --bind "$HOST/root:/h"
}

@test "a part of a system in the place of a runtime's folder" {
	mkdir -p "$HOST/etc"
	touch "$HOST"/etc/{passwd,shadow,profile}
	refused '/var/log/amazon/ssm is a part of the host'"'"'s system, and writable: an /etc' --bind "$HOST/etc:/var/log/amazon/ssm"
	contains "$stderr" '/var/log/amazon/ssm is writable'
	ONLY=(--config=none --ignore=all --warn=sensitive-mounts)
	accepted --bind "$HOST/etc:/managed-agents/execute-command:ro"
	contains "$stderr" '1 warning: sensitive-mounts'
	rm "$HOST/etc/shadow"
	accepted --bind "$HOST/etc:/var/log/amazon/ssm"
	lacks_warning
}

lacks_warning() {
	[[ $stderr != *warning* ]]
}

@test "an image that is mounted as a volume is no machine's root, unless it has its kernel" {
	[ "$(id -u)" -eq 0 ] || skip 'an overlay needs root'
	mkdir -p "$HOST"/lower/{etc,usr,proc} "$HOST/empty" "$HOST/image"
	# shellcheck disable=SC2016,SC2054 # the inner shell's; commas of options
	local -a image=(unshare --mount bash -c 'mount -t overlay overlay -o "lowerdir=$1/lower:$1/empty" "$1/image" && shift && exec "$@"' - "$HOST"
		"$TOOLS/nscontainer" --read-only --bind "$HOST/image:/tools:ro" "$ROOT" -- /granit --config=none --ignore=all
		--fail=sensitive-mounts --exec-from=/tools --profile=restricted --warn=limits,seccomp -- /probe exit 0)
	expect 0 "${image[@]}" </dev/null 3>&- 4>&-
	[[ $stderr != *sensitive-mounts* ]]
	mkdir -p "$HOST/lower/lib/modules"
	expect 78 "${image[@]}" </dev/null 3>&- 4>&-
	contains "$stderr" 'the root of a whole system'
}

# As containerd's snapshotters on block devices mount an image that is a volume, and as a host's disk is mounted whole.
@test "an image on a disk of its own is no machine's root, unless somebody can write to that" {
	[ "$(id -u)" -eq 0 ] || skip 'a mount of ext2 needs root'
	mkdir -p "$HOST"/lower/{etc,usr,proc} "$HOST/image"
	truncate -s 4M "$HOST/disk"
	mke2fs -q -t ext4 -d "$HOST/lower" "$HOST/disk" || skip 'there is no mke2fs to make a file system with'
	local options want
	while read -r options want; do
		# shellcheck disable=SC2016 # the inner shell's
		expect "$want" unshare --mount bash -c 'mount -o "loop,$2" "$1/disk" "$1/image" && mount -o remount,bind,ro "$1/image" && shift 2 && exec "$@"' - \
			"$HOST" "$options" "$TOOLS/nscontainer" --read-only --bind "$HOST/image:/tools:ro" "$ROOT" -- /granit --config=none \
			--ignore=all --fail=sensitive-mounts --exec-from=/tools --profile=restricted --warn=limits,seccomp -- /probe exit 0 </dev/null 3>&- 4>&-
		[[ $want -ne 0 || $stderr != *sensitive-mounts* ]]
	done <<<'ro 0
rw 78'
	contains "$stderr" 'the root of a whole system'
}

# A sandbox of a user namespace binds the host's /sys with all that is mounted on it.
@test "kernel file systems of the host's root in a user namespace are no writable mounts" {
	[ "$(id -u)" -eq 0 ] || skip 'a mount needs root'
	ONLY=(--config=none --ignore=all --fail=writable-mounts)
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR"
	chown -R 4711:4711 "$ROOT"
	local mode want
	while read -r mode want; do
		# shellcheck disable=SC2016 # the inner shell's
		expect "$want" unshare --mount bash -c 'mount -t bpf -o "mode=$2" bpf "$1" && shift 2 && exec setpriv --reuid=4711 --regid=4711 --clear-groups "$@"' - \
			"$HOST" "$mode" "$TOOLS/nscontainer" --read-only --bind "$HOST:/bpf" "$ROOT" -- /granit "${ONLY[@]}" -- /probe exit 0 </dev/null 3>&- 4>&-
	done <<<'0700 0
0707 78'
	contains "$stderr" '/bpf is writable'
}

@test "what is only like a part of a system" {
	mkdir -p "$HOST"/etc "$HOST"/kubelet/pods "$HOST"/run/udev "$HOST"/{etc,usr,proc} "$HOST/shadowed/shadow"
	touch "$HOST/etc/passwd" "$HOST/etc/shadow" "$HOST/etc/group" "$HOST/shadowed/passwd" "$HOST/kubelet/config.yaml"
	ONLY+=(--writable=/h)
	accepted --bind "$HOST/etc:/h"
	accepted --bind "$HOST/kubelet:/h"
	accepted --bind "$HOST/run:/h"
	# as somebody builds one
	accepted --bind "$HOST:/h"
	accepted --bind "$HOST/shadowed:/h"
}

@test "one claim's folders etc, var/log and root on /data" {
	local folder
	for folder in etc var/log root usr run; do
		mkdir -p "$HOST/$folder"
		boxed 0 --read-only --bind "$HOST/$folder:/data" -- /granit "${ONLY[@]}" --writable=/data -- /probe exit 0
	done
}

@test "files on the runtime's places are the runtime's, folders are not" {
	local place
	touch "$HOST/file"
	mkdir "$HOST/folder"
	for place in /etc/hosts /etc/hostname /etc/resolv.conf /dev/termination-log /run/.containerenv; do
		accepted --bind "$HOST/file:$place"
	done
	for place in /etc/passwd /etc/group /run/secrets/key; do
		accepted --bind "$HOST/file:$place:ro"
		refused "$place is writable" --bind "$HOST/file:$place"
	done
	rm "$ROOT/etc/hosts"
	refused '/etc/hosts is writable' --bind "$HOST/folder:/etc/hosts"
}

# ---- descriptors

# started_with REDIRECTION: granit as process 1, with that
started_with() {
	# shellcheck disable=SC2016 # the inner shell's
	run --separate-stderr timeout --kill-after=5 60 bash -c '
		for fd in /proc/$$/fd/*; do
			fd=${fd##*/}
			if [[ $fd -gt 2 && $fd -ne 255 && $fd != 2[01][0-9] ]]; then eval "exec $fd>&-"; fi
		done
		exec "$@" '"$1" started_with "$TOOLS/nscontainer" --read-only "$ROOT" -- \
		/granit --config=none --ignore=all --fail=dir-fd-leak -- /probe exit 0
}

@test "a directory as standard descriptor is handed to nobody" {
	started_with '<src'
	[ "$status" -eq 78 ]
	contains "$stderr" 'descriptor 0 is a directory: '
	started_with '1<src'
	[ "$status" -eq 78 ]
	contains "$stderr" 'descriptor 1 is a directory: '
	# Nobody reads this one.
	started_with '2<src'
	[ "$status" -eq 78 ]
	judged dir-fd-leak violation fail fd=0:blk:r:71:/dev/sda
}

@test "a device that drives something as standard descriptor is handed to nobody" {
	started_with '<>/dev/kmsg'
	[ "$status" -eq 78 ]
	contains "$stderr" 'descriptor 0 is a device: /dev/kmsg'
	started_with '2>/dev/kmsg'
	[ "$status" -eq 78 ]
}

@test "files, pipes, sockets and nothing as standard descriptors are what these are for" {
	local how
	: >"$HOST/file"
	for how in '<README.md' '>"'"$HOST"'/file"' '<&- >&-' '</dev/null' '<<<x' '2>/dev/null >&2' '<>/dev/full' '</dev/zero' '</dev/urandom'; do
		started_with "$how"
		[ "$status" -eq 0 ] || {
			printf '%s: %s %s\n' "$how" "$status" "$stderr"
			return 1
		}
	done
}

@test "a part of the root that is writable on another path is a way to the image's files" {
	local start
	mkdir -p "$ROOT/usr/lib/conf" "$ROOT/mnt" "$ROOT/srv" "$BATS_TEST_TMPDIR/beside"
	printf 'setting\n' >"$ROOT/usr/lib/conf/site"
	for start in "$ROOT/usr:/mnt" "$ROOT/usr/lib/conf/site:/srv" "$BATS_TEST_TMPDIR:/mnt"; do
		[ -d "${start%:*}" ] || rmdir "$ROOT/srv"
		[ -d "${start%:*}" ] || : >"$ROOT/srv"
		boxed 78 --read-only --bind "$start" -- /granit -q --writable="${start#*:}" -- /probe truncate /mnt/lib/conf/site
		contains "$stderr" 'FAIL root-read-only'
		contains "$stderr" "can be written at ${start#*:}: it is a mount of the same files"
		[ -s "$ROOT/usr/lib/conf/site" ]
		# The program's own file is below the last one, too.
		[ "$start" = "$BATS_TEST_TMPDIR:/mnt" ] ||
			boxed 0 --read-only --bind "$start" -- /granit -q --writable="${start#*:}" --warn="root-read-only:${start#*:}" -- /probe exit 0
	done
	# Read-only, or beside the root, or in its own place.
	boxed 0 --read-only --bind "$ROOT/usr:/mnt:ro" -- /granit -q -- /probe exit 0
	boxed 0 --read-only --bind "$BATS_TEST_TMPDIR/beside:/mnt" -- /granit -q --writable=/mnt -- /probe exit 0
	boxed 0 --read-only --bind "$ROOT/data:/data" -- /granit -q --writable=/data -- /probe exit 0
}
