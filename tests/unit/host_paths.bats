#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a mount shows of the host: by another row that tells where its file system lies there, by what lies in it, never by
# how it is called in its file system.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	# What Docker mounts, to be said anew.
	NO_DOCKER=(unmount=88 unmount=89 unmount=90)
}

# parent POINT: the mount that it is mounted in, /dev or /
parent() {
	[[ $1 == /dev/* ]] && echo 73 || echo 71
}

# mounted ROOT [FLAGS [DEVICE [FSTYPE]]]: on /data
mounted() {
	printf 'mount=99 71 %s %s /data %s - %s /dev/x rw' "${3:-254:7}" "$1" "${2:-rw}" "${4:-ext4}"
}

# anchor POINT ROOT [DEVICE [FSTYPE]]: what a runtime mounts
anchor() {
	printf 'mount=98 %s %s %s %s ro - %s /dev/x rw' "$(parent "$1")" "${3:-254:7}" "$2" "$1" "${4:-ext4}"
}

plain() { # FACT...
	judged sensitive-mounts pass off "${NO_DOCKER[@]}" "$@"
}

refused() { # FACT...
	judged sensitive-mounts violation fail "${NO_DOCKER[@]}" "$@"
}

warned() { # FACT...
	judged sensitive-mounts violation warn "${NO_DOCKER[@]}" "$@"
}

@test "a claim's folders are called as they like: etc, var/log, root, usr, boot" {
	local root
	for root in /etc /var/log /root /usr /boot /lib/pg /var/run /home /run /var /dev; do
		plain "$(mounted "$root")" at=99:dir option=--writable=/data declared=0:0
		plain "$(mounted "$root" ro)" at=99:dir
		# Docker's own files lie on another disk, and tell nothing of this one.
		judged sensitive-mounts pass off "$(mounted "$root")" at=99:dir
	done
}

@test "an undeclared volume is refused as such, whatever it is called" {
	judged writable-mounts violation fail "${NO_DOCKER[@]}" "$(mounted /etc)" at=99:dir
}

@test "Docker's hostname tells: below its prefix lies the host" {
	local prefix containers
	for prefix in '' /@ /@rootfs /root /rootfs/live /@/.snapshots/1/snapshot; do
		containers=$(anchor /etc/hostname "$prefix/var/lib/docker/containers/c1/hostname")
		refused "$containers" "$(mounted "$prefix/etc")" at=99:dir
		contains "$output" 'writable: /etc'
		refused "$containers" "$(mounted "$prefix/var/lib/kubelet")" at=99:dir
		warned "$containers" "$(mounted "$prefix/etc/ssl" ro)" at=99:dir
		plain "$containers" "$(mounted "$prefix/srv/etc")" at=99:dir
		plain "$containers" "$(mounted "$prefix/var/lib/pg")" at=99:dir
		plain "$containers" "$(mounted "$prefix/etcetera")" at=99:dir
		# the whole of it, and what it is a part of
		refused "$containers" "$(mounted "${prefix:-/}")" at=99:dir
		refused "$containers" "$(mounted /)" at=99:dir
		# another disk
		plain "$containers" "$(mounted "/etc" rw 254:8)" at=99:dir
	done
}

@test "a /var of its own: /lib/pg is a database's folder, /lib/kubelet the kubelet's" {
	local containers
	containers=$(anchor /etc/hosts /lib/docker/containers/c1/hosts)
	plain "$containers" "$(mounted /lib/pg)" at=99:dir
	plain "$containers" "$(mounted /etc)" at=99:dir
	plain "$containers" "$(mounted /usr/x)" at=99:dir
	refused "$containers" "$(mounted /lib/kubelet)" at=99:dir
	contains "$output" 'writable: /var/lib/kubelet'
	refused "$containers" "$(mounted /log)" at=99:dir
	warned "$containers" "$(mounted /log/pods ro)" at=99:dir
	refused "$containers" "$(mounted /)" at=99:dir
	contains "$output" 'writable: /var'
}

@test "the kubelet's, containerd's, podman's, nerdctl's and other engines' files tell as well" {
	local root
	while read -r point root; do
		refused "$(anchor "$point" "/pre$root")" "$(mounted /pre/etc)" at=99:dir
		plain "$(anchor "$point" "/pre$root")" "$(mounted /etc)" at=99:dir
	done <<-'ROWS'
		/etc/hosts /var/lib/kubelet/pods/6f/etc-hosts
		/dev/termination-log /var/lib/kubelet/pods/6f/containers/app/1a2b
		/etc/hostname /var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/77/hostname
		/etc/resolv.conf /var/lib/containers/storage/overlay-containers/c3/userdata/resolv.conf
		/etc/hosts /run/containers/storage/overlay-containers/c3/userdata/hosts
		/etc/hosts /var/lib/nerdctl/1935db59/etchosts/default/c3/hosts
		/etc/hostname /var/lib/rancher/k3s/agent/containerd/io.containerd.grpc.v1.cri/sandboxes/7/hostname
		/etc/hosts /var/lib/k0s/kubelet/pods/6f/etc-hosts
		/etc/hosts /var/snap/microk8s/common/var/lib/kubelet/pods/6f/etc-hosts
	ROWS
}

@test "a folder that an engine was told to use tells nothing" {
	plain "$(anchor /etc/hosts /data/docker/containers/c1/hosts)" "$(mounted /etc)" at=99:dir
	plain "$(anchor /etc/hosts /docker/containers/c1/hosts)" "$(mounted /etc)" at=99:dir
	# What somebody mounted elsewhere is no anchor.
	plain "$(anchor /srv/hosts /var/lib/docker/containers/c1/hosts)" "$(mounted /etc)" at=99:dir
}

@test "podman's files in memory tell which tmpfs is the host's /run" {
	local containers
	containers=$(anchor /run/.containerenv /containers/storage/overlay-containers/c3/userdata/.containerenv 0:24 tmpfs)
	refused "$containers" "$(mounted / rw 0:24 tmpfs)" at=99:dir
	contains "$output" 'writable: /run'
	warned "$containers" "$(mounted / ro 0:24 tmpfs)" at=99:dir
	refused "$containers" "$(mounted /systemd rw 0:24 tmpfs)" at=99:dir
	plain "$containers" "$(mounted /my-service ro 0:24 tmpfs)" at=99:dir
	plain "$containers" "$(mounted / rw 0:25 tmpfs)" at=99:dir
}

@test "subvolumes, snapshots and deployments of an installed system are prefixes without an anchor" {
	local prefix
	for prefix in /@ /@rootfs /@/.snapshots/1/snapshot; do
		refused "$(mounted "$prefix/etc" rw 0:30 btrfs)" at=99:dir
		plain "$(mounted "$prefix/srv" rw 0:30 btrfs)" at=99:dir
		# On no other file system is that a subvolume.
		plain "$(mounted "$prefix/etc")" at=99:dir
	done
	refused "$(mounted /ostree/deploy/fedora/deploy/ab12.0/etc)" at=99:dir
	refused "$(mounted /ostree/deploy/fedora/deploy/ab12.0/var/lib/kubelet)" at=99:dir
	plain "$(mounted /ostree/deploy/fedora/deploy)" at=99:dir
	# /var lies beside the deployments.
	refused "$(anchor /etc/hosts /ostree/deploy/fedora/var/lib/containers/storage/x/hosts)" \
		"$(mounted /ostree/deploy/fedora/deploy/ab12.0/etc)" at=99:dir
	refused "$(anchor /etc/hosts /@/var/lib/docker/containers/c1/hosts 0:30 btrfs)" \
		"$(mounted /@/.snapshots/7/snapshot/etc rw 0:30 btrfs)" at=99:dir
}

@test "an /etc, a kubelet's folder, a /run, a root are known by what lies in them" {
	local part
	for part in etc kubelet run system; do
		refused "$(mounted /srv/x)" "at=99:$part"
		refused "$(mounted /srv/x)" "at=99:$part" option=--writable=/data declared=0:0
		warned "$(mounted /srv/x ro)" "at=99:$part"
	done
}

@test "a volume of an engine's has what an image has, and no kubelet's folder, nor a /run" {
	local part root docker
	docker=$(anchor /etc/hostname /var/lib/docker/containers/c1/hostname)
	for root in /var/lib/docker/volumes/v/_data /home/u/.local/share/containers/storage/volumes/v/_data \
		/var/lib/kubelet/pods/6f/volumes/kubernetes.io~empty-dir/t; do
		for part in etc system; do
			plain "$(mounted "$root")" "at=99:$part" option=--writable=/data declared=0:0
		done
		for part in kubelet run; do
			refused "$(mounted "$root")" "at=99:$part" option=--writable=/data declared=0:0
		done
	done
	# A part of one: where it lies has to be known.
	plain "$docker" "$(mounted /var/lib/docker/volumes/v/_data/chroot)" at=99:system option=--writable=/data declared=0:0
	refused "$(mounted /var/lib/docker/volumes/v/_data/chroot)" at=99:system option=--writable=/data declared=0:0
}

@test "a host that is a container itself has its /var in a volume" {
	local var=/var/lib/docker/volumes/0a1b/_data kind part dir
	kind=$(anchor /etc/hostname "$var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/s1/hostname")
	for part in etc kubelet run system; do
		refused "$(mounted "$var/lib/x")" "at=99:$part" option=--writable=/data declared=0:0
		warned "$(mounted "$var/lib/x" ro)" "at=99:$part"
	done
	for dir in lib/kubelet log/pods lib/containerd lib/kubelet/pods/6f; do
		refused "$kind" "$(mounted "$var/$dir")" at=99:dir
		contains "$output" "writable: /var/$dir"
		warned "$kind" "$(mounted "$var/$dir" ro)" at=99:dir
	done
	refused "$kind" "$(mounted "$var")" at=99:dir
	# Its own volumes are volumes all the same, and so is what is mounted of one.
	for dir in lib/kubelet/pods/6f/volumes/kubernetes.io~empty-dir/t lib/kubelet/pods/6f/volumes/kubernetes.io~csi/pv/mount/pg \
		lib/containerd/io.containerd.grpc.v1.cri/containers/c1/volumes/ab12 local-path-provisioner/pvc-1; do
		plain "$kind" "$(mounted "$var/$dir")" at=99:dir option=--writable=/data declared=0:0
	done
}

@test "a declared volume is not refused for its name, where an anchor has said it" {
	local containers
	containers=$(anchor /etc/hostname /var/lib/docker/containers/c1/hostname)
	plain "$containers" "$(mounted /var/log/app)" at=99:dir option=--writable=/data declared=0:0
	contains "$output" '/data is /var/log/app on the host, and writable, as --writable says'
	refused "$containers" "$(mounted /var/log/app)" at=99:dir
	refused "$containers" "$(mounted /var/log/app)" at=99:dir:docker.sock option=--writable=/data declared=0:0
}

@test "a VOLUME of the image's that containerd keeps is a plain volume" {
	plain "$(anchor /etc/hosts /var/lib/kubelet/pods/6f/etc-hosts)" \
		"$(mounted /var/lib/containerd/io.containerd.grpc.v1.cri/containers/c1/volumes/ab12)" at=99:dir
}

# ---- what the runtime mounts

# own ROW KIND: it is the runtime's, and nobody's fault
own() {
	judged writable-mounts pass off "${NO_DOCKER[@]}" "mount=$1" "at=${1%% *}:$2" || return
	judged sensitive-mounts pass off "${NO_DOCKER[@]}" "mount=$1" "at=${1%% *}:$2"
}

# foreign ROW KIND: somebody has asked for it
foreign() {
	judged writable-mounts violation fail "${NO_DOCKER[@]}" "mount=$1" "at=${1%% *}:$2"
}

@test "a single file on a runtime's place is the runtime's on every engine; a folder there is not" {
	local point row
	for point in /etc/hosts /etc/hostname /etc/resolv.conf /dev/termination-log /run/.containerenv; do
		for row in '0:90 /ab12-hosts' '254:7 /var/lib/nerdctl/1935db59/etchosts/default/c3/hosts' '254:7 /x/y'; do
			own "91 $(parent "$point") ${row% *} ${row#* } $point rw - virtiofs kataShared rw" file
			foreign "91 $(parent "$point") ${row% *} ${row#* } $point rw - virtiofs kataShared rw" dir
		done
	done
}

@test "podman's passwd and group, and secrets, are read-only files" {
	local point
	for point in /etc/passwd /etc/group /run/secrets/key /run/secrets/a/b /var/run/secrets/key; do
		own "91 71 254:7 /var/lib/containers/storage/vfs-containers/c/userdata/x $point ro - ext4 /dev/x rw" file
		foreign "91 71 254:7 /x $point rw - ext4 /dev/x rw" file
		foreign "91 71 254:7 /x $point rw - ext4 /dev/x rw" dir
	done
	own '91 71 0:24 /containers/storage/overlay-containers/c/userdata/run/secrets /run/secrets rw - tmpfs tmpfs rw' dir
	foreign '91 71 0:24 /containers/x /run/secrets rw - tmpfs tmpfs rw' dir
}

@test "lxcfs over files of /proc, and over the list of processors; not all of it" {
	own '91 72 0:90 /proc/meminfo /proc/meminfo rw - fuse.lxcfs lxcfs rw' file
	own '91 75 0:90 /sys/devices/system/cpu /sys/devices/system/cpu rw - fuse.lxcfs lxcfs rw' dir
	own '91 75 0:90 /sys/devices/system/cpu/online /sys/devices/system/cpu/online rw - fuse.lxcfs lxcfs rw' file
	foreign '91 72 0:90 / /proc/x rw - fuse.lxcfs lxcfs rw' dir
	foreign '91 71 0:90 / /data rw - fuse.lxcfs lxcfs rw' dir
	foreign '91 75 0:90 / /sys/devices/system/cpu rw - fuse.lxcfs lxcfs rw' dir
	foreign '91 72 0:90 /proc/self /proc/self rw - fuse.lxcfs lxcfs rw' dir
}

@test "the agent of ECS for execute-command" {
	own '91 71 254:7 /var/log/ecs/exec/t/c /var/log/amazon/ssm rw - xfs /dev/x rw' dir
	own '91 71 254:7 /bin/3.1/amazon-ssm-agent /ecs-execute-command-ab/amazon-ssm-agent ro - xfs /dev/x rw' file
	own '91 71 254:7 /c.json /ecs-execute-command-ab/configuration/amazon-ssm-agent.json ro - xfs /dev/x rw' file
	own '91 71 254:9 / /managed-agents/execute-command ro - ext4 /dev/y ro' dir
	foreign '91 71 254:9 / /managed-agents/execute-command rw - ext4 /dev/y rw' dir
	foreign '91 71 254:7 /etc /var/log/amazon/ssm rw - xfs /dev/x rw' etc
	foreign '91 71 254:9 /x /ecs-execute-command-ab rw - ext4 /dev/y rw' dir
	foreign '91 71 254:9 /x /var/log/amazon rw - ext4 /dev/y rw' dir
}

@test "the termination log is a file, and lies where no code does" {
	local point
	for point in /dev/termination-log /tmp/end /run/app/end /var/log/end /var/msg /end; do
		own "91 71 254:7 /var/lib/kubelet/pods/6f/containers/app/1a2b $point rw - ext4 /dev/x rw" file
	done
	for point in /usr/lib/python3.11/random.py /app/server.js /etc/app.conf /lib/x.so; do
		foreign "91 71 254:7 /var/lib/kubelet/pods/6f/containers/app/1a2b $point rw - ext4 /dev/x rw" file
	done
	foreign '91 71 254:7 /srv/pods/a/containers/b /data rw - ext4 /dev/x rw' dir
}

@test "/dev and what lies in it: by its type, and all of it; no socket in it" {
	local point
	for point in /dev /dev/shm; do
		judged sensitive-mounts violation fail unmount=87 "mount=91 73 0:90 / $point rw - tmpfs tmpfs rw" at=91:dir:docker.sock
		foreign "91 73 0:90 /x $point rw - tmpfs tmpfs rw" dir
	done
	refused 'mount=91 73 0:5 / /dev/host rw - devtmpfs devtmpfs rw' at=91:dir
	own '91 73 0:5 /null /dev/null rw - devtmpfs devtmpfs rw' other
	own '91 73 0:42 /null /dev/null rw - tmpfs tmpfs rw' other
	foreign '91 73 0:42 /x /dev/x rw - tmpfs tmpfs rw' dir
	# A whole tmpfs that somebody laid there goes with the container.
	judged writable-mounts violation warn 'mount=91 73 0:90 / /dev/mine rw - tmpfs tmpfs rw' at=91:dir
}
