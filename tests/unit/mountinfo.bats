#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031 # every test is a subshell
# The mount table as a file: what the parser takes and what it refuses, and the tables that runtimes make.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	TABLE=$BATS_TEST_TMPDIR/mountinfo
	CASE=$BATS_TEST_TMPDIR/case
	ROOT_LINE='71 47 0:38 / / ro,relatime - overlay overlay rw,upperdir=/u'
}

# judge ROOT-ID [FACT...]: the judge on the table in $TABLE
judge() {
	local id=$1
	shift
	# The rest of the base stays: only its mounts are others.
	grep -v '^mount=\|^root=' tests/fixtures/base >"$CASE"
	printf '%s\n' "mountinfo=$TABLE" "root=ro:EROFS:$id" "$@" >>"$CASE"
	run -0 --separate-stderr timeout --kill-after=5 20 build/tests/judge "$CASE"
}

# said ID VERDICT LEVEL
said() {
	grep -qxF "$1 $2 $3" <<<"$output" && return
	printf 'wanted: %s %s %s\n%s\n' "$1" "$2" "$3" "$output"
	return 1
}

# wrong LINE: the table is refused, and the line is named
wrong() {
	printf 'mountinfo=%s\n' "$TABLE" >"$CASE"
	run --separate-stderr build/tests/judge "$CASE"
	[[ $status -eq 2 && ${stderr:?} == *"mountinfo is wrong: line $1" ]] && return
	printf 'status %s, stderr %s\n' "$status" "$stderr"
	return 1
}

@test "ten thousand lines: the last counts as much as the first" {
	{
		printf '%s\n' "$ROOT_LINE"
		seq 1000 10999 | sed 's,.*,& 71 254:0 /srv /mnt/& ro - ext4 /dev/vda rw,'
		printf '%s\n' '20000 71 254:0 /srv /last rw - ext4 /dev/vda rw'
	} >"$TABLE"
	judge 71 at=20000:dir
	said writable-mounts violation fail
	contains "$output" '/last is writable'
}

@test "the last line may lack its newline" {
	printf '%s\n%s' "$ROOT_LINE" '91 71 254:0 /srv /last rw - ext4 /dev/vda rw' >"$TABLE"
	judge 71 at=91:dir
	said writable-mounts violation fail
}

@test "a line without the dash is refused" {
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data rw ext4 /dev/vda rw' >"$TABLE"
	wrong 2
}

@test "a line that ends after the dash, the type or the source is refused" {
	printf '%s\n' '91 71 254:0 /srv /data rw -' >"$TABLE"
	wrong 1
	printf '%s\n' '91 71 254:0 /srv /data rw - ext4' >"$TABLE"
	wrong 1
	printf '%s\n' '91 71 254:0 /srv /data rw - ext4 /dev/vda' >"$TABLE"
	wrong 1
	printf '%s\n' '91 71 254:0 /srv /data rw - ext4 /dev/vda ' >"$TABLE"
	wrong 1
}

@test "an id that is no number, or too large for one, is refused" {
	printf '%s\n' 'x1 71 254:0 /srv /data rw - ext4 /dev/vda rw' >"$TABLE"
	wrong 1
	printf '%s\n' '91 7x 254:0 /srv /data rw - ext4 /dev/vda rw' >"$TABLE"
	wrong 1
	printf '%s\n' '99999999999999999999 71 254:0 /srv /data rw - ext4 /dev/vda rw' >"$TABLE"
	wrong 1
}

@test "garbage and an empty line are refused" {
	printf '%s\n\n%s\n' "$ROOT_LINE" "$ROOT_LINE" >"$TABLE"
	wrong 2
	head -c 4096 /dev/zero | tr '\0' 'x' >"$TABLE"
	wrong 1
}

@test "a backslash without three octal digits stays what it is" {
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /a\b\99\134\04 rw - ext4 /dev/vda rw' >"$TABLE"
	judge 71 at=91:dir
	contains "$output" '/a\b\99\\04 is writable'
}

@test "read-only is the word ro, of the mount or of the file system" {
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data rw,rootcontext=x - ext4 /dev/vda rw,errors=remount-ro,rotate' >"$TABLE"
	judge 71 at=91:dir
	said writable-mounts violation fail
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data rw,relatime - ext4 /dev/vda errors=continue,ro' >"$TABLE"
	judge 71 at=91:dir
	said writable-mounts pass off
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data relatime,ro - ext4 /dev/vda rw' >"$TABLE"
	judge 71 at=91:dir
	said writable-mounts pass off
}

@test "shared is a tag of its own, a follower's is not" {
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data ro master:7 propagate_from:3 - ext4 /dev/vda rw' >"$TABLE"
	judge 71 at=91:dir
	said mount-propagation pass off
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data ro master:7 shared:8 - ext4 /dev/vda rw' >"$TABLE"
	judge 71 at=91:dir
	said mount-propagation violation warn
}

# ---- what covers what

@test "a mount on a folder above hides a mount, and what is mounted in that" {
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data/deep rw - ext4 /dev/vda rw' \
		'92 91 254:0 /srv /data/deep/er rw - ext4 /dev/vda rw' '93 71 0:60 / /data ro - tmpfs tmpfs rw' >"$TABLE"
	judge 71 at=91:dir at=92:dir at=93:dir
	said writable-mounts pass off
}

@test "a mount that only begins with the same letters hides nothing" {
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /database rw - ext4 /dev/vda rw' \
		'92 71 0:60 / /data ro - tmpfs tmpfs rw' >"$TABLE"
	judge 71 at=91:dir at=92:dir
	said writable-mounts violation fail
}

@test "a mount over / hides nothing: the process stands on the root below it" {
	printf '%s\n' "$ROOT_LINE" '91 71 254:0 /srv /data rw - ext4 /dev/vda rw' '99 71 0:60 / / ro - tmpfs tmpfs ro' >"$TABLE"
	judge 71 at=91:dir at=99:dir
	said writable-mounts violation fail
	# Mounted later, on what lies over the root: no path leads there.
	printf '%s\n' "$ROOT_LINE" '99 71 0:60 / / ro - tmpfs tmpfs ro' '91 99 254:0 /srv /data rw - ext4 /dev/vda rw' >"$TABLE"
	judge 71 at=91:dir at=99:dir
	said root-mount-shape violation warn
	said writable-mounts pass off
}

@test "a table that runs in circles ends" {
	printf '%s\n' "$ROOT_LINE" '91 92 254:0 /srv /a rw - ext4 /dev/vda rw' '92 91 254:0 /srv /b rw - ext4 /dev/vda rw' >"$TABLE"
	judge 71 at=91:dir at=92:dir
	said writable-mounts violation fail
}

# ---- the tables of runtimes

# harmless: no check on mounts refuses this table
harmless() {
	local id
	for id in root-read-only root-remount root-mount-shape sensitive-mounts proc-readonly sys-ro core-pattern mount-propagation; do
		said "$id" pass off
	done
	run ! grep -E '^[a-z-]+ [a-z]+ fail$' <<<"$output"
}

# The first line is the root's.
judge_runtime() {
	TABLE=tests/fixtures/mountinfo/$1
	judge "$(cut -d ' ' -f 1 "$TABLE" | head -n 1)" "${@:2}"
}

@test "Docker's table, with --read-only" {
	judge_runtime docker
	said writable-mounts pass off
	harmless
}

@test "podman's table, with --read-only: only its own tmpfs warn" {
	judge_runtime podman
	said writable-mounts violation warn
	[ "$(grep -c 'is a writable tmpfs' <<<"$output")" -eq 3 ]
	harmless
}

@test "the table of containerd and the kubelet, with readOnlyRootFilesystem" {
	judge_runtime containerd
	said writable-mounts pass off
	harmless
}

@test "the table of CRI-O and the kubelet, with readOnlyRootFilesystem" {
	judge_runtime cri-o
	said writable-mounts pass off
	harmless
}

@test "what looks like the runtime's own, and is not: other type, other source, other place" {
	local line
	for line in '91 72 0:60 / /proc/acpi rw - tmpfs tmpfs rw' '91 71 254:0 /srv/hosts /etc/hosts.allow rw - ext4 /dev/vda rw' \
		'91 73 254:0 /srv/shm /dev/shm rw - ext4 /dev/vda rw' '91 71 254:0 /docker/containers/b/hosts /etc/passwd rw - ext4 /dev/vda rw' \
		'91 87 0:60 / /dev/shm/more rw - tmpfs tmpfs rw' '91 72 0:62 /proc/x /proc rw - fuse.lxcfs lxcfs rw' \
		'91 73 0:5 / /dev rw - devtmpfs devtmpfs rw' '91 72 0:42 /null /proc rw - tmpfs tmpfs rw'; do
		{
			cat tests/fixtures/mountinfo/docker
			printf '%s\n' "$line"
		} >"$TABLE"
		judge 71 at=91:file
		grep -qE '^writable-mounts violation (warn|fail)$' <<<"$output" || {
			printf 'taken for the runtime'"'"'s: %s\n' "$line"
			return 1
		}
	done
}

@test "devices lent by the host, where none can be made, are the runtime's" {
	{
		cat tests/fixtures/mountinfo/docker
		printf '%s\n' '91 73 0:5 /null /dev/null rw,nosuid - devtmpfs devtmpfs rw' '92 73 0:5 /tty /dev/tty rw,nosuid - devtmpfs devtmpfs rw'
	} >"$TABLE"
	judge 71 at=91:other at=92:other
	said writable-mounts pass off
	said sensitive-mounts pass off
}

@test "lxcfs over files of /proc is the runtime's" {
	{
		cat tests/fixtures/mountinfo/docker
		printf '%s\n' '91 72 0:62 /proc/cpuinfo /proc/cpuinfo rw,nosuid,nodev - fuse.lxcfs lxcfs rw,user_id=0'
	} >"$TABLE"
	judge 71 at=91:file
	said writable-mounts pass off
}

@test "a mount on another's root has no way of its own, whatever is escaped in their path" {
	local dir
	for dir in '/dx/y' '/d\040x/y' '/d\134\134\134/y'; do
		printf '%s\n' "$ROOT_LINE" "80 71 0:50 / $dir rw - ext4 /dev/sda rw" "81 80 0:51 / $dir ro - ext4 /dev/sdb rw" >"$TABLE"
		judge 71 "config=$(printf '%b' "${dir//\\/\\0}")/granit.conf:0100644:0:ro"
		said config-trusted pass off
	done
}

@test "LXC's table, with a read-only root: terminals of the container's own are nodes of its devpts" {
	judge_runtime lxc absent=/proc/bus absent=/proc/fs absent=/proc/irq
	said writable-mounts pass off
	harmless
	# It leaves them open, to the host's root.
	judge_runtime lxc
	said proc-readonly violation warn
	judge_runtime lxc namespace=user:host
	said proc-readonly violation fail
	# Those of another one, such as the host's, are not.
	TABLE=$BATS_TEST_TMPDIR/other
	sed 's/0:46 \/1/0:23 \/1/' tests/fixtures/mountinfo/lxc >"$TABLE"
	judge 75 at=85:other
	said sensitive-mounts violation fail
	# Nor is a node of a devpts where the container has none.
	grep -v ' / /dev/pts ' tests/fixtures/mountinfo/lxc >"$TABLE"
	judge 75 at=83:other
	said sensitive-mounts violation fail
}

@test "accounts that a runtime made up: read-only, or a file that the program's user cannot change" {
	local file
	for file in passwd group; do
		{
			cat tests/fixtures/mountinfo/docker
			printf '91 71 254:0 /run/containers/a/userdata/%s /etc/%s rw,nosuid,nodev,noexec - ext4 /dev/vda rw\n' $file $file
		} >"$TABLE"
		judge 71 at=91:fixed
		said writable-mounts pass off
		judge 71 at=91:file
		said writable-mounts violation fail
		judge 71 at=91:dir
		said writable-mounts violation fail
	done
}

@test "what nvidia-container-cli hides devices with" {
	local line='91 72 0:60 / /proc/driver/nvidia rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=555'
	{
		cat tests/fixtures/mountinfo/docker
		printf '%s\n' "$line"
	} >"$TABLE"
	judge 71 at=91:dir
	said writable-mounts pass off
	sed -i '$s/,noexec//' "$TABLE"
	judge 71 at=91:dir
	said writable-mounts violation warn
}

@test "podman's /dev/shm in gVisor comes from outside, noexec; a volume there does not" {
	printf '%s\n' '8 8 0:8 / / ro - 9p none ro,aname=/' '16 8 0:15 / /dev/shm rw,noexec - 9p none rw,aname=/,cache=remote_revalidating' >"$TABLE"
	judge 8 at=16:dir
	said writable-mounts pass off
	sed -i 's/rw,noexec/rw/' "$TABLE"
	judge 8 at=16:dir
	said writable-mounts violation fail
}
