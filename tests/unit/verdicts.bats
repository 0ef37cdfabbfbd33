#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where a check draws its line: facts on this side of it and on that, grave ones and lesser ones. In the profile
# restricted grave things fail where lesser ones warn, so many a case asks there.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	STRICT=option=--profile=restricted
}

disk() { # ID POINT [ROOT [FLAGS]]
	printf 'mount=%s 71 254:0 %s %s %s - ext4 /dev/vda rw' "$1" "${3:-/srv/x}" "$2" "${4:-rw}"
}

# ---- the root

@test "root-read-only: only EROFS counts" {
	judged root-read-only violation fail root=ro:EACCES:71
	judged root-read-only violation fail root=ro:EOPNOTSUPP:71
	judged root-read-only violation fail root=rw:EOPNOTSUPP:71
}

@test "root-read-only: the mount table has to agree" {
	judged root-read-only violation fail unmount=71 'mount=71 47 0:38 / / rw - overlay overlay rw,upperdir=/u'
	contains "$output" 'the mount table says writable'
}

@test "root-remount: CAP_SYS_ADMIN in the permitted set alone, or in the bounding set alone" {
	judged root-remount violation fail $'status=CapPrm:\t0000000000200000'
	contains "$output" 'in the permitted set'
	judged root-remount violation fail $'status=CapBnd:\t0000000000200000'
	contains "$output" 'in the bounding set'
	judged root-remount pass off $'status=CapBnd:\tffffffffffdfffff'
}

@test "root-remount: an unknown root with CAP_SYS_ADMIN is unknown" {
	judged root-remount unknown fail $'status=CapBnd:\t0000000000200000' root=ro:EROFS:12345
}

@test "root-remount: an overlay without an upper layer cannot be written, nor erofs" {
	judged root-remount pass off $'status=CapBnd:\t0000000000200000' unmount=71 'mount=71 47 0:38 / / ro - overlay overlay ro,lowerdir=/l'
	judged root-remount pass off $'status=CapBnd:\t0000000000200000' unmount=71 'mount=71 47 0:38 / / ro - erofs none ro'
	judged root-remount violation fail $'status=CapBnd:\t0000000000200000' unmount=71 'mount=71 47 254:1 / / ro - ext4 /dev/vda1 ro'
}

# ---- mounts

@test "writable-mounts: declared is the path and what lies below, not what begins the same" {
	judged writable-mounts pass off option=--writable=/data "$(disk 91 /data/below)" at=91:dir
	judged writable-mounts violation fail option=--writable=/data "$(disk 91 /database)" at=91:dir
}

@test "writable-mounts: a part of a tmpfs belongs to others too, a whole one goes with the container" {
	judged writable-mounts violation fail 'mount=91 71 0:60 /x /data rw - tmpfs tmpfs rw' at=91:dir
	judged writable-mounts violation warn 'mount=91 71 0:60 / /data rw - tmpfs tmpfs rw' at=91:dir
}

@test "writable-mounts: a single file counts, a socket is left to its own check" {
	judged writable-mounts violation fail "$(disk 91 /data/file)" at=91:file
	judged writable-mounts pass off "$(disk 91 /data/sock)" at=91:socket
}

@test "writable-declared: not there, read-only, not allowed; well" {
	judged writable-declared violation fail option=--writable=/data declared=0:ENOENT
	contains "$output" 'nothing is there'
	judged writable-declared violation fail option=--writable=/data declared=0:EROFS
	contains "$output" 'it is on a read-only mount'
	judged writable-declared violation fail option=--writable=/data declared=0:EACCES
	contains "$output" 'cannot write there: Permission denied'
	judged writable-declared pass off option=--writable=/data declared=0:0
	judged writable-declared n/a off
}

@test "writable-exec: /dev counts for root only" {
	judged writable-exec violation warn $'status=Uid:\t0\t0\t0\t0'
	judged writable-exec pass off
}

@test "writable-exec: what --writable=PATH:exec declares is a note only" {
	local tmpfs='mount=91 71 0:60 / /data/x rw - tmpfs tmpfs rw'
	judged writable-exec pass off "$STRICT" option=--writable=/data:exec declared=0:0 "$tmpfs" at=91:dir
	contains "$output" '/data/x takes programs, as --writable=PATH:exec says'
	judged writable-exec violation fail "$STRICT" option=--writable=/data declared=0:0 "$tmpfs" at=91:dir
	judged writable-exec violation fail "$STRICT" option=--writable=/dat:exec declared=0:0 "$tmpfs" at=91:dir
	judged writable-exec pass off "$STRICT" option=--writable=/dev:exec declared=0:0 $'status=Uid:\t0\t0\t0\t0'
}

@test "writable-exec: noexec is enough, and so is read-only" {
	judged writable-exec pass off 'mount=91 71 0:60 / /tmp rw,noexec - tmpfs tmpfs rw' at=91:dir
	judged writable-exec pass off 'mount=91 71 0:60 / /tmp ro - tmpfs tmpfs rw' at=91:dir
	judged writable-exec violation warn 'mount=91 71 0:60 / /tmp rw - tmpfs tmpfs rw' at=91:dir
}

@test "mounted-twice: the same files, by device and root, on paths of their own" {
	local rw='mount=91 71 254:0 /v /data rw - ext4 /dev/vda rw'
	local -a twice=(mounted-twice violation warn)
	judged "${twice[@]}" "$rw" 'mount=92 71 254:0 /v /ro ro - ext4 /dev/vda rw'
	judged "${twice[@]}" "$rw" 'mount=92 71 254:0 /v/conf /etc ro - ext4 /dev/vda rw'
	judged "${twice[@]}" 'mount=91 71 254:0 /v/conf /data rw - ext4 /dev/vda rw' 'mount=92 71 254:0 /v /ro ro - ext4 /dev/vda rw'
	judged "${twice[@]}" "$rw" 'mount=92 91 254:0 /v /data/ro ro - ext4 /dev/vda rw'
	judged "${twice[@]}" 'mount=91 71 254:0 / /data rw - ext4 /dev/vda rw' 'mount=92 71 254:0 /x /ro ro - ext4 /dev/vda rw'
	# of the image itself, and of what the runtime mounted
	judged "${twice[@]}" 'mount=91 71 0:38 /srv /data rw - overlay overlay rw'
	judged "${twice[@]}" 'mount=91 71 0:42 / /ro ro - tmpfs tmpfs rw'
	# another file system, another part of one, one that lies in its own place, one that no path leads to
	judged mounted-twice pass off "$rw" 'mount=92 71 254:1 /v /ro ro - ext4 /dev/vda rw'
	judged mounted-twice pass off "$rw" 'mount=92 71 254:0 /v2 /ro ro - ext4 /dev/vda rw'
	judged mounted-twice pass off "$rw" 'mount=92 91 254:0 /v/conf /data/conf ro - ext4 /dev/vda rw'
	judged mounted-twice pass off 'mount=91 71 0:38 /srv /srv rw - overlay overlay rw'
	judged mounted-twice pass off "$rw" 'mount=92 91 254:2 / /data ro - ext4 /dev/vdb ro' 'mount=93 71 254:0 /v /ro ro - ext4 /dev/vda rw'
	judged mounted-twice pass off 'mount=91 71 254:0 /v /data ro - ext4 /dev/vda rw' 'mount=92 71 254:0 /v /ro ro - ext4 /dev/vda rw'
	judged mounted-twice pass off "$rw" 'mount=92 71 254:0 /v /also rw - ext4 /dev/vda rw'
}

@test "app-immutable, ld-preload, path-sane: a read-only mount of what is writable elsewhere is writable" {
	local -a twice=('mount=91 71 254:0 /v /data rw - ext4 /dev/vda rw' 'mount=92 71 254:0 /v /ro ro - ext4 /dev/vda rw')
	judged app-immutable violation fail "${twice[@]}" app=/ro/app:EROFS:EROFS:static
	judged app-immutable pass off "${twice[1]}" app=/ro/app:EROFS:EROFS:static
	judged ld-preload violation warn "${twice[@]}" 'env=LD_PRELOAD=/ro/x.so'
	judged ld-preload pass off "${twice[1]}" 'env=LD_PRELOAD=/ro/x.so'
	judged path-sane violation warn "${twice[@]}" 'env=PATH=/usr/bin:/ro'
	# Of a volume that is written in one part only, the rest is not.
	judged app-immutable pass off 'mount=91 71 0:38 /srv /data rw - overlay overlay rw' app=/usr/app:EROFS:EROFS:static
	judged app-immutable violation fail 'mount=91 71 0:38 /srv /data rw - overlay overlay rw' app=/srv/app:EROFS:EROFS:static
}

@test "writable-suid-dev: both are wanted" {
	judged writable-suid-dev violation warn 'mount=91 71 0:60 / /tmp rw,nodev - tmpfs tmpfs rw' at=91:dir
	judged writable-suid-dev violation warn 'mount=91 71 0:60 / /tmp rw,nosuid - tmpfs tmpfs rw' at=91:dir
	judged writable-suid-dev pass off 'mount=91 71 0:60 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw' at=91:dir
}

@test "root-mount-shape: a folder over programs, or the one that the program lies in" {
	judged root-mount-shape violation warn "$(disk 91 /usr/lib/x /srv/x ro)" at=91:dir
	judged root-mount-shape violation warn app=/srv/app:EROFS:EROFS:static "$(disk 91 /srv /srv/x ro)" at=91:dir
	judged root-mount-shape pass off "$(disk 91 /srv /srv/x ro)" at=91:dir
	# One file is how configuration is mounted.
	judged root-mount-shape pass off "$(disk 91 /usr/lib/x.conf /srv/x ro)" at=91:file
}

@test "sensitive-mounts: the sockets of all runtimes, by what they are called on the host" {
	local name
	local -a names=(docker.sock containerd.sock crio.sock podman.sock dockershim.sock cri-dockerd.sock frakti.sock
		buildkitd.sock containerd.sock.ttrpc docker-containerd.sock kubelet.sock)
	diff -u <(printf '%s\n' "${names[@]}" | sort) <(runtime_sockets | sed 's|.*/||' | sort -u)
	for name in "${names[@]}"; do
		judged sensitive-mounts violation fail "mount=91 71 0:60 /run/$name /tmp/x rw - tmpfs tmpfs rw" at=91:socket
		# Nobody could look at it.
		judged sensitive-mounts violation fail "mount=91 71 0:60 /run/$name /tmp/x rw - tmpfs tmpfs rw"
	done
}

@test "sensitive-mounts: a socket that is only called like a runtime's in the container" {
	judged sensitive-mounts violation fail 'mount=91 71 0:60 /run/x.sock /var/run/docker.sock rw - tmpfs tmpfs rw' at=91:socket
}

@test "sensitive-mounts: host directories, read-only or not, and what is below some" {
	local dir
	for dir in /etc /etc/ssl /boot /usr/bin /root /var/run /var/log/pods /var/lib/kubelet /var/lib/docker /var/lib/etcd \
		/var/lib/containerd /home /run /var /var/lib /@/etc; do
		judged sensitive-mounts violation fail "$(disk 91 /data "$dir")" at=91:dir
		judged sensitive-mounts violation warn "$(disk 91 /data "$dir" ro)" at=91:dir
	done
	for dir in /home/me/data /run/me /var/me /var/lib/me /srv /data /etcetera; do
		judged sensitive-mounts pass off "$(disk 91 /data "$dir")" at=91:dir
	done
}

@test "sensitive-mounts: volumes of engines and the kubelet are plain volumes" {
	local root
	for root in /var/lib/docker/volumes/v/_data /var/lib/containers/storage/volumes/v/_data \
		/var/lib/kubelet/pods/6f/volumes/kubernetes.io~empty-dir/t /var/lib/kubelet/pods/6f/volume-subpaths/v/app/0; do
		judged sensitive-mounts pass off "$(disk 91 /data "$root")" at=91:dir
	done
	judged sensitive-mounts violation fail "$(disk 91 /data /var/lib/docker/volumes)" at=91:dir
}

@test "sensitive-mounts: a whole system, a kernel file system, a folder with a socket in it" {
	judged sensitive-mounts violation fail "$(disk 91 /data /)" at=91:system
	judged sensitive-mounts pass off "$(disk 91 /data /)" at=91:dir
	judged sensitive-mounts violation fail 'mount=91 71 0:41 / /mnt rw - proc proc rw'
	judged sensitive-mounts violation fail 'mount=91 71 0:5 / /mnt rw - devtmpfs devtmpfs rw'
	judged sensitive-mounts violation fail "$(disk 91 /data /srv ro)" at=91:dir:docker.sock
}

@test "sensitive-mounts: a tmpfs has no host directory behind it, whatever its root is called" {
	judged sensitive-mounts pass off 'mount=91 71 0:60 /run /data rw - tmpfs tmpfs rw' at=91:dir
}

# ---- identity and privileges

@test "non-root-uid: any of the four" {
	judged non-root-uid violation fail "$STRICT" $'status=Uid:\t65532\t0\t65532\t65532'
	judged non-root-uid violation fail "$STRICT" $'status=Uid:\t65532\t65532\t0\t65532'
	judged non-root-uid violation fail "$STRICT" $'status=Uid:\t65532\t65532\t65532\t0'
}

@test "non-root-gid: real, effective, supplementary" {
	judged non-root-gid violation warn $'status=Gid:\t0\t65532\t65532\t65532'
	judged non-root-gid violation warn $'status=Gid:\t65532\t0\t65532\t65532'
	judged non-root-gid violation warn $'status=Groups:\t27 0 '
	judged non-root-gid pass off $'status=Groups:\t27 100 '
	judged non-root-gid pass off $'status=Groups:\t '
}

@test "non-root-uid, non-root-gid: what the program will be counts, and where that differs it is said" {
	local root=$'status=Uid:\t0\t0\t0\t0' group=$'status=Gid:\t0\t0\t0\t0'
	judged non-root-uid pass off "$STRICT" "$root" option=--user=7:8
	contains "$output" 'the runtime gave user 0, the program runs as 7'
	judged non-root-uid violation fail "$STRICT" option=--user=0:8
	contains "$output" 'the runtime gave user 65532, the program runs as 0'
	judged non-root-uid pass off "$STRICT"
	[[ $output != *'the runtime gave user'* ]]
	judged non-root-gid pass off "$group" option=--user=7:8
	contains "$output" 'the runtime gave group 0, the program runs in group 8'
	judged non-root-gid pass off $'status=Groups:\t0 ' option=--user=7:8
	judged non-root-gid violation warn option=--user=7:0
	judged non-root-gid violation warn option=--user=7:8,9,0
	contains "$output" 'among the supplementary groups'
	judged non-root-uid unknown fail "$STRICT" option=--user=7:8 trouble=status
	judged non-root-gid unknown warn option=--user=7:8 trouble=status
}

@test "caps-effective: what goes with root is lesser, what --keep-caps names is meant" {
	local root=$'status=Uid:\t0\t0\t0\t0' some=$'status=CapPrm:\t0000000000000401'
	judged caps-effective violation warn option=--profile=audit "$root" "$some" option=--user=7:8
	contains "$output" 'granit drops them'
	judged caps-effective violation warn option=--profile=audit "$some" option=--user=7:8
	contains "$output" 'the program has capabilities: chown'
	judged caps-effective violation warn "$STRICT" "$some" option=--keep-caps=chown
	contains "$output" 'an exec session keeps them: net_bind_service'
	contains "$output" 'the program has what --keep-caps says: chown'
	judged caps-effective pass off "$STRICT" "$some" option=--keep-caps=chown,net_bind_service
	# What the runtime did not give is not there to be kept.
	judged caps-effective violation warn "$STRICT" "$some" option=--keep-caps=kill
	[[ $output != *'the program has what'* ]]
}

@test "no-new-privs: what granit does not set is missing" {
	judged no-new-privs violation warn $'status=NoNewPrivs:\t0'
	contains "$output" 'granit does, an exec session goes without'
	judged no-new-privs violation warn $'status=NoNewPrivs:\t0' option=--allow-new-privs
	contains "$output" 'no_new_privs is not set'
	judged no-new-privs violation warn $'status=NoNewPrivs:\t0' option=--profile=audit
	contains "$output" 'no_new_privs is not set'
}

@test "writable-declared: says whom it asked for" {
	judged writable-declared violation fail option=--writable=/data declared=0:EACCES option=--user=7:8
	contains "$output" 'cannot write there as user 7: Permission denied'
}

@test "writable-exec: /dev takes programs from root only, be it root that the program runs as" {
	local root=$'status=Uid:\t0\t0\t0\t0'
	judged writable-exec violation warn "$root"
	judged writable-exec pass off "$root" option=--user=7:8 unmount=87
	contains "$output" '/dev takes programs, but only from root'
}

@test "caps-effective: permitted counts too; what granit drops is lesser" {
	judged caps-effective violation warn $'status=CapPrm:\t0000000000000400'
	judged caps-effective violation warn "$STRICT" $'status=CapPrm:\t0000000000000400'
	contains "$output" 'granit drops them'
	judged caps-effective violation warn option=--profile=audit $'status=CapEff:\t0000000000000400'
	contains "$output" 'the program has capabilities'
}

@test "caps-bounding: no_new_privs keeps it out of reach" {
	judged caps-bounding violation warn $'status=CapBnd:\t0000000000000400'
	contains "$output" 'out of reach by no_new_privs'
	judged caps-bounding violation warn $'status=CapBnd:\t0000000000000400' $'status=NoNewPrivs:\t0'
	contains "$output" 'a setuid file could give'
}

@test "caps-inheritable-ambient: either of the two" {
	judged caps-inheritable-ambient violation warn $'status=CapInh:\t0000000000000400'
	judged caps-inheritable-ambient violation warn $'status=CapAmb:\t0000000000000400'
}

@test "no-new-privs and seccomp: a kernel that does not say so is unknown" {
	judged no-new-privs unknown warn status=NoNewPrivs:
	judged seccomp unknown fail "$STRICT" status=Seccomp:
	judged seccomp violation fail "$STRICT" $'status=Seccomp:\t0'
	judged seccomp pass off "$STRICT" $'status=Seccomp:\t1'
}

@test "a status without one of the lines that every kernel writes is not understood" {
	local line
	for line in Uid Gid CapPrm CapInh CapEff CapBnd; do
		printf 'status=%s:\n' "$line" >"$BATS_TEST_TMPDIR/facts"
		run -2 --separate-stderr build/tests/judge tests/fixtures/base "$BATS_TEST_TMPDIR/facts"
		contains "${stderr:?}" "status lacks: $line"
	done
	# Older than 4.3.
	judged caps-inheritable-ambient pass off status=CapAmb:
}

@test "lsm-confined: labels that confine nothing" {
	judged lsm-confined violation warn 'file=1:docker-default (complain)'
	judged lsm-confined violation warn file=2:system_u:system_r:spc_t:s0
	judged lsm-confined violation warn file=2:unconfined
	judged lsm-confined pass off file=2:system_u:system_r:container_t:s0:c1,c2
	judged lsm-confined n/a off
}

@test "privileged: the signs that were found are told, and no others" {
	judged privileged violation warn $'status=CapBnd:\t000001ffffffffff' $'status=Seccomp:\t0' device=sda:b:8:0
	contains "$output" '3 signs of a privileged container: all capabilities, no seccomp filter, block devices'
	judged privileged violation warn $'status=Seccomp:\t0' device=sda:b:8:0 unmount=51 \
		unmount=75 'mount=75 71 0:44 / /sys rw - sysfs sysfs rw'
	contains "$output" '4 signs of a privileged container: /proc/sys writable, /sys writable, no seccomp filter, block devices'
}

@test "privileged: three signs, not two" {
	judged privileged pass off $'status=CapBnd:\t000001ffffffffff' $'status=Seccomp:\t0'
	judged privileged violation warn $'status=CapBnd:\t000001ffffffffff' $'status=Seccomp:\t0' device=sda:b:8:0
	judged privileged violation warn $'status=CapBnd:\t0000003fffffffff' $'status=Seccomp:\t0' unmount=51
	judged privileged pass off $'status=CapBnd:\t00000000a80425fb' $'status=Seccomp:\t0' device=sda:c:8:0 device=sdb:b:8:0
}

# ---- the kernel and the host

@test "namespaces that cannot be looked at are unknown" {
	local kind
	for kind in pid ipc uts net; do
		judged "host-$kind" unknown warn "namespace=$kind:EACCES"
	done
	judged user-ns unknown info namespace=user:EACCES
	judged host-cgroup-ns unknown info namespace=cgroup:EACCES
	judged host-pid unknown fail "$STRICT" namespace=pid:EPERM
}

@test "host-net: an interface that only hosts have" {
	judged host-net violation warn interface=docker0
}

@test "proc-masked: a null device and an empty folder hide, what cannot be looked at is unknown" {
	judged proc-masked pass off hidden=/proc/kcore:null
	judged proc-masked pass off hidden=/proc/scsi:empty
	judged proc-masked unknown fail "$STRICT" hidden=/proc/kcore:EACCES
	judged proc-masked violation fail "$STRICT" hidden=/proc/kcore:open
	judged proc-masked violation warn "$STRICT" hidden=/proc/scsi:open
}

@test "sys-ro: the one that a path leads to" {
	judged sys-ro violation fail unmount=75 'mount=75 71 0:44 / /sys rw - sysfs sysfs rw'
	judged sys-ro pass off 'mount=91 71 0:44 / /mnt rw - sysfs sysfs rw'
	judged sys-ro pass off unmount=75 'mount=75 71 0:44 / /sys rw - sysfs sysfs rw' 'mount=99 75 0:44 / /sys ro - sysfs sysfs rw'
}

@test "cgroup-ro: version 1 fails, version 2 warns" {
	judged cgroup-ro violation fail 'mount=91 76 0:61 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory'
	judged cgroup-ro violation warn unmount=76 'mount=76 75 0:45 / /sys/fs/cgroup rw - cgroup2 cgroup rw'
}

@test "core-pattern: /sys/kernel counts too; a pipe is only told" {
	judged core-pattern violation warn unmount=75 'mount=75 71 0:44 / /sys rw - sysfs sysfs rw'
	judged core-pattern pass off 'file=0:|/usr/lib/systemd/systemd-coredump'
	contains "$output" 'a crash starts a program on the host'
}

@test "core-pattern: a binfmt_misc of its own counts, unless it is read-only" {
	judged core-pattern violation fail "$STRICT" 'mount=91 51 0:62 / /proc/sys/fs/binfmt_misc rw - binfmt_misc binfmt_misc rw'
	contains "$output" '/proc/sys/fs/binfmt_misc is writable'
	judged core-pattern pass off "$STRICT" 'mount=91 51 0:62 / /proc/sys/fs/binfmt_misc ro - binfmt_misc binfmt_misc rw'
}

@test "devices: block devices and the kernel's memory and log are grave, others lesser" {
	judged devices violation fail "$STRICT" device=sda:b:8:0
	judged devices violation fail "$STRICT" device=mem:c:1:1
	judged devices violation fail "$STRICT" device=kmem:c:1:2
	judged devices violation fail "$STRICT" device=port:c:1:4
	judged devices violation fail "$STRICT" device=kmsg:c:1:11
	judged devices violation warn "$STRICT" device=fuse:c:10:229
	judged devices unknown fail "$STRICT" trouble=devices
	# Part of the list is better than none.
	judged devices violation fail "$STRICT" trouble=devices device=sda:b:8:0
	contains "$output" '/dev/sda is block device 8:0'
}

@test "no-dynamic-loader: nothing odd where the program needs one" {
	judged no-dynamic-loader violation warn path=6:100
	judged no-dynamic-loader violation info path=6:100 app=/app:EROFS:EROFS:dynamic
}

@test "no-dynamic-loader: what is not known to be static is not taken for it" {
	judged no-dynamic-loader violation info path=6:100 app=/app:EROFS:EROFS:unknown
}

@test "sshd and scripts: --allow counts, and leaves a note" {
	local sshd=program=/usr/sbin/sshd:8:0:0:0 script=program=/usr/bin/tool:0:0:64:0
	judged sshd violation fail "$STRICT" "$sshd"
	judged sshd violation fail "$STRICT" "$sshd" option=--allow=/usr/bin/sshd
	judged sshd pass off "$STRICT" "$sshd" option=--allow=/usr/sbin/sshd
	contains "$output" '/usr/sbin/sshd is allowed by --allow'
	judged no-interpreter violation warn "$STRICT" "$script"
	judged no-interpreter pass off "$STRICT" "$script" option=--allow=/usr/bin/tool
	contains "$output" '/usr/bin/tool is a script and is allowed by --allow'
}

@test "sysctls: too much is as wrong as too little" {
	judged sysctls violation info file=16:1
	judged sysctls pass off file=16:0
	judged sysctls violation info file=15:1
	judged sysctls pass off file=15:2
}

# ---- the environment

@test "env-secrets: names are whole words" {
	judged env-secrets violation warn env=API_TOKEN=x
	judged env-secrets violation warn env=PASSWORD=x
	judged env-secrets violation warn env=MY_API_KEY_OLD=x
	judged env-secrets pass off env=COMPASS=x env=BYPASS_CACHE=x env=TOKENIZER=x env=KEYCLOAK_URL=x env=GPG_KEY=x
}

@test "env-secrets: an empty value and the place of a file are none" {
	judged env-secrets pass off env=PASSWORD= env=DB_PASSWORD_FILE=/run/secrets/db
}

@test "env-secrets: values that tell what they are, and are never shown" {
	local value
	for value in AKIAABCDEFGHIJKLMNOP ghp_abc github_pat_abc glpat-abc xoxb-abc '-----BEGIN KEY' postgres://u:geheim@db/x; do
		judged env-secrets violation warn "env=HARMLESS=$value"
		run ! grep -F "$value" <<<"$output"
	done
	judged env-secrets pass off env=URL=https://host:80/a@b env=URL2=https://user@host/
}

@test "ld-preload: the file has to have something in it" {
	judged ld-preload violation warn path=5:10
	judged ld-preload pass off path=5:0
}

@test "ld-preload and interpreter hooks: a read-only place is only told" {
	judged ld-preload pass off env=LD_PRELOAD=/usr/lib/jemalloc.so
	contains "$output" 'LD_PRELOAD is set'
	judged env-interpreter-hooks pass off env=NODE_OPTIONS=--max-old-space-size=512
	judged env-interpreter-hooks violation warn 'env=PYTHONPATH=/tmp' 'mount=91 71 0:60 / /tmp rw,noexec - tmpfs tmpfs rw'
}

@test "ld-preload and interpreter hooks: every path in a value counts, not the first alone" {
	local tmpfs='mount=91 71 0:60 / /tmp rw,noexec - tmpfs tmpfs rw' value
	for value in LD_PRELOAD=/usr/lib/a.so:/tmp/b.so 'LD_PRELOAD=/usr/lib/a.so /tmp/b.so' $'LD_PRELOAD=a.so\t/tmp/b.so' \
		LD_LIBRARY_PATH=/usr/lib:/tmp 'LD_LIBRARY_PATH=/usr/lib;/tmp' LD_AUDIT=:/usr/lib/a.so://tmp/b.so; do
		judged ld-preload violation warn "env=$value" "$tmpfs"
	done
	for value in PYTHONPATH=/usr/lib:/tmp/x PERL5LIB=/usr/lib::/tmp 'NODE_OPTIONS=--require /usr/a.js --require=/tmp/b.js' \
		'JAVA_TOOL_OPTIONS=-javaagent:/opt/a.jar -javaagent:/tmp/b.jar' 'LUA_PATH=/usr/?.lua;/tmp/?.lua' \
		'PERL5OPT=-I/usr/lib -I/tmp'; do
		judged env-interpreter-hooks violation warn "env=$value" "$tmpfs"
	done
	# A separator of other variables' is part of a name here.
	judged env-interpreter-hooks pass off 'env=PYTHONPATH=/usr /tmp' env=BASH_ENV=/usr:/tmp "$tmpfs"
	judged ld-preload pass off env=LD_LIBRARY_PATH=/usr/lib:/lib "$tmpfs"
}

@test "what leads to files is unknown without a mount table, but for what needs none" {
	judged ld-preload unknown warn trouble=mounts env=LD_PRELOAD=/tmp/a.so
	judged ld-preload violation warn trouble=mounts path=5:10
	judged env-interpreter-hooks unknown warn trouble=mounts env=PYTHONPATH=/tmp
	judged path-sane unknown warn trouble=mounts
	judged path-sane violation warn trouble=mounts env=PATH=.
}

@test "path-sane: an entry as long as a path can be counts too" {
	local long
	printf -v long '/%0250d' 1 2
	judged path-sane violation warn "env=PATH=/tmp$long" 'mount=91 71 0:60 / /tmp rw - tmpfs tmpfs rw'
}

@test "path-sane: empty and relative entries, entries on a writable mount" {
	judged path-sane violation warn env=PATH=/usr/bin:
	judged path-sane violation warn env=PATH=:/usr/bin
	judged path-sane violation warn env=PATH=/usr/bin:.
	judged path-sane violation warn env=PATH=/usr/bin:/tmp/bin 'mount=91 71 0:60 / /tmp rw - tmpfs tmpfs rw'
	judged path-sane pass off env=PATH=/usr/bin:/nowhere
}

# ---- the process

@test "dir-fd-leak: directories, ways out, devices, files that can be written are grave; the rest is lesser" {
	judged dir-fd-leak violation fail fd=7:dir:r:71:/etc
	judged dir-fd-leak violation fail fd=7:reg:r:12345:/etc/shadow
	judged dir-fd-leak violation fail fd=7:chr:r:71:/dev/kmsg
	judged dir-fd-leak violation fail fd=7:blk:r:71:/dev/sda
	judged dir-fd-leak violation fail fd=7:reg:w:71:/data/x
	judged dir-fd-leak violation warn fd=7:reg:r:71:/data/x
	judged dir-fd-leak violation warn fd=7:chr:w:71:/dev/null
	judged dir-fd-leak violation warn 'fd=7:fifo:r:12345:pipe:[77]'
	judged dir-fd-leak violation warn 'fd=7:reg:w:12345:/memfd:x (deleted)'
	judged dir-fd-leak unknown fail trouble=fds
}

@test "cwd-unreachable: outside fails, deleted warns, anything else is unknown" {
	judged cwd-unreachable violation fail 'cwd=(unreachable)/x'
	judged cwd-unreachable violation warn cwd=!ENOENT
	judged cwd-unreachable unknown fail cwd=!EACCES
}

@test "app-immutable: the file, its folder, and what :exec declares" {
	judged app-immutable violation fail app=/data/app:0:EACCES:static
	judged app-immutable violation fail app=/data/app:EACCES:0:static
	judged app-immutable violation fail app=/data/app:EACCES:/:static
	contains "$output" '/data/app can be replaced: the user that runs it may write /'
	judged app-immutable pass off app=/data/app:EACCES:EACCES:static
	judged app-immutable violation fail app=/data/app:0:0:static option=--writable=/data declared=0:0
	judged app-immutable pass off app=/data/app:0:0:static option=--writable=/data:exec declared=0:0
	judged app-immutable violation fail app=/database/app:0:0:static option=--writable=/data:exec declared=0:0
}

@test "stdio-tty: any of the three" {
	judged stdio-tty violation warn terminal=1
	judged stdio-tty violation warn terminal=2
}

@test "rlimits: core files, and no limit for open files" {
	judged rlimits violation info limits=1:1024
	judged rlimits violation info limits=0:1048577
	judged rlimits pass off limits=0:1048576
}

@test "limits: version 1's own words, and what cannot be told" {
	grep -v '^file=' tests/fixtures/base >"$BATS_TEST_TMPDIR/base"
	local -A cases=(
		['file=6:9223372036854771712 file=7:100']=violation
		# Pages of 64 KiB; a kernel that knows no largest number of pages.
		['file=6:9223372036854710272 file=7:100']=violation
		['file=6:9223372036854775807 file=7:100']=violation
		['file=6:18446744073709551615 file=7:100']=violation
		['file=6:4611686018427387903 file=7:100']=pass
		['file=6:268435456 file=7:max']=violation
		['file=6:268435456 file=7:100']=pass
		['file=3:max file=4:100']=violation
		['file=3:268435456']=unknown
		['file=4:100']=unknown
	)
	local facts
	for facts in "${!cases[@]}"; do
		printf '%s\n' "${facts// /$'\n'}" >"$BATS_TEST_TMPDIR/facts"
		run build/tests/judge "$BATS_TEST_TMPDIR/base" "$BATS_TEST_TMPDIR/facts"
		grep -q "^limits ${cases[$facts]} " <<<"$output" || {
			printf 'wanted %s for %s in\n%s\n' "${cases[$facts]}" "$facts" "$output"
			return 1
		}
	done
	judged limits pass off 'file=5:max 100000'
	contains "$output" 'no limit for CPU time'
}
