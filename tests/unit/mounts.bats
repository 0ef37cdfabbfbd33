#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The mount table: what it may look like, and what of it is the runtime's own.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
}

# reads ID VERDICT LEVEL: judged, with the facts from standard input
reads() {
	local -a facts
	mapfile -t facts
	judged "$1" "$2" "$3" "${facts[@]}"
}

@test "octal escapes are undone, and control bytes are shown as such" {
	reads writable-mounts violation fail <<'F'
mount=91 71 254:0 /srv/a\040b /da\040ta\012x rw,nosuid - ext4 /dev/vda rw
at=91:dir
F
	contains "$output" '/da ta\012x is writable'
	contains "$output" 'mounted from /srv/a b'
}

@test "optional tags, none or many, and an empty source" {
	reads writable-mounts violation warn <<'F'
mount=91 71 0:60 / /tmp rw,nosuid shared:1 master:2 propagate_from:3 unbindable - tmpfs  rw,size=1k
at=91:dir
F
	contains "$output" '/tmp is a writable tmpfs'
}

@test "a line of 4 kB" {
	reads writable-mounts violation fail < <(printf 'mount=91 71 254:0 /srv /%s rw - ext4 /dev/vda rw\nat=91:dir\n' "$(printf '%4000s' '' | tr ' ' x)")
}

@test "two thousand lines" {
	reads writable-mounts violation fail < <(
		for i in {1000..3000}; do printf 'mount=%s 71 254:0 /srv /m%s ro - ext4 /dev/vda rw\n' "$i" "$i"; done
		printf 'mount=4000 71 254:0 /srv /last rw - ext4 /dev/vda rw\nat=4000:dir\n'
	)
	contains "$output" '/last is writable'
}

@test "what is covered does not count, what covers does" {
	reads writable-mounts pass off <<'F'
mount=91 71 254:0 /srv /data rw - ext4 /dev/vda rw
mount=92 91 254:0 /srv /data ro - ext4 /dev/vda rw
at=91:dir
at=92:dir
F
	reads writable-mounts violation fail <<'F'
mount=91 71 254:0 /srv /data ro - ext4 /dev/vda rw
mount=92 91 254:0 /srv /data rw - ext4 /dev/vda rw
at=91:dir
at=92:dir
F
}

@test "another mount over / does not hide the root that the process has" {
	reads root-mount-shape violation warn <<'F'
mount=99 71 0:60 / / ro - tmpfs tmpfs ro
F
	reads root-read-only violation fail <<'F'
unmount=71
mount=71 47 0:38 / / rw - overlay overlay rw,upperdir=/u
mount=99 71 0:60 / / ro - tmpfs tmpfs ro
root=rw:0:71
F
}

@test "the root's flags and the probe must agree" {
	reads root-read-only violation fail <<<'root=ro:0:71'
	reads root-read-only violation fail <<<'root=rw:EROFS:71'
	reads root-read-only violation fail <<<'root=rw:EACCES:71'
	reads root-read-only unknown fail <<<'root=ro:EMFILE:71'
	# A chroot: its mount is in no row.
	reads root-read-only unknown fail <<<'root=ro:EROFS:12345'
}

@test "CAP_SYS_ADMIN is harmless where nothing can be written at all" {
	reads root-remount violation fail <<<'status=CapBnd:	0000000000200000'
	reads root-remount pass off <<'F'
status=CapBnd:	0000000000200000
unmount=71
mount=71 47 7:0 / / ro - squashfs /dev/loop0 ro
F
}

@test "what cannot be read is unknown, and refuses where a violation would" {
	reads writable-mounts unknown fail <<<'trouble=mounts'
	reads root-remount unknown fail <<<'trouble=status'
	reads no-shell-content unknown fail <<<'blind=/usr/bin/x:EIO'
	reads caps-effective unknown warn <<<'trouble=status'
}

@test "podman's and the kubelet's own mounts are nobody's fault" {
	reads writable-mounts pass off <<'F'
unmount=90
mount=91 71 254:0 /var/lib/kubelet/pods/6f/etc-hosts /etc/hosts rw - ext4 /dev/vda rw
mount=92 73 254:0 /var/lib/kubelet/pods/6f/containers/app/1a2b /dev/termination-log rw - ext4 /dev/vda rw
mount=93 71 0:70 /containers/storage/overlay-containers/c3/userdata/.containerenv /run/.containerenv rw - tmpfs tmpfs rw
mount=94 71 0:70 /containers/storage/overlay-containers/c3/userdata/run/secrets /run/secrets rw - tmpfs tmpfs rw
F
	reads sensitive-mounts pass off <"$BATS_TEST_TMPDIR/facts"
}

@test "volumes that an engine keeps are plain volumes, host directories are not" {
	reads sensitive-mounts pass off <<'F'
mount=91 71 254:0 /var/lib/docker/volumes/v/_data /data rw - ext4 /dev/vda rw
mount=92 71 254:0 /var/lib/kubelet/pods/6f/volumes/kubernetes.io~empty-dir/t /t rw - ext4 /dev/vda rw
at=91:dir
at=92:dir
F
	reads sensitive-mounts violation fail <<<'mount=91 71 254:0 /var/lib/kubelet/pki /p rw - ext4 /dev/vda rw'
	reads sensitive-mounts violation warn <<<'mount=91 71 254:0 /etc/ssl /p ro - ext4 /dev/vda rw'
	reads sensitive-mounts violation fail <<<'mount=91 71 0:41 / /host/proc rw - proc proc rw'
}

@test "a runtime's socket counts under any name, read-only too, a stranger's only warns" {
	reads sensitive-mounts violation fail <<'F'
mount=91 71 0:60 /podman/podman.sock /tmp/x ro - tmpfs tmpfs rw
at=91:socket
F
	reads sensitive-mounts violation warn <<'F'
mount=91 71 0:60 /agent.sock /tmp/x ro - tmpfs tmpfs rw
at=91:socket
F
	reads writable-mounts pass off <"$BATS_TEST_TMPDIR/facts"
	reads sensitive-mounts violation fail <<'F'
option=--writable=/run2
mount=91 71 0:60 / /run2 ro - tmpfs tmpfs rw
at=91:dir:docker.sock
F
}

@test "--writable declares a mount and what lies below it, not what lies above" {
	reads writable-mounts pass off <<'F'
option=--writable=/data
mount=91 71 254:0 /srv /data rw - ext4 /dev/vda rw
at=91:dir
F
	reads writable-mounts violation fail <<'F'
option=--writable=/data/cache
mount=91 71 254:0 /srv /data rw - ext4 /dev/vda rw
at=91:dir
F
}

@test "profiles: a tmpfs warns, in restricted it fails; audit never fails" {
	reads writable-mounts violation fail <<'F'
option=--profile=restricted
mount=91 71 0:60 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw
at=91:dir
F
	reads root-read-only violation warn <<'F'
option=--profile=audit
root=rw:0:71
F
	reads root-read-only off off <<<'option=--profile=plain'
	reads root-read-only violation warn <<'F'
option=--warn=root-read-only
option=--profile=restricted
root=rw:0:71
F
	reads root-read-only off off <<'F'
option=--fail=root-read-only
option=--ignore=all
F
}
