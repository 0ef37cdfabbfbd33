#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where a check of mounts and of what leads past them draws its line: facts on this side of it and on that, grave ones and lesser ones.
# In the profile restricted grave things fail where lesser ones warn, so many a case asks there.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	STRICT=option=--profile=restricted
}

disk() { # ID POINT [ROOT [FLAGS]]
	printf 'mount=%s 71 254:0 %s %s %s - ext4 /dev/vda rw' "$1" "${3:-/srv/x}" "$2" "${4:-rw}"
}

@test "root-read-only: only EROFS counts" {
	judged root-read-only violation fail root=ro:EACCES:71
	judged root-read-only violation fail root=ro:EOPNOTSUPP:71
	judged root-read-only violation fail root=rw:EOPNOTSUPP:71
}

@test "root-read-only: which mount it is, by the kernel, by the table, or unknown" {
	judged root-read-only pass off root=ro:EROFS:none
	contains "$output" 'taken to be the topmost one at / (overlay)'
	judged root-read-only violation fail root=ro:EROFS:none 'mount=91 71 0:60 / / rw - tmpfs tmpfs rw'
	contains "$output" '/ (tmpfs) contradicts itself'
	judged root-read-only unknown fail root=ro:EROFS:none unmount=71
	contains "$output" 'the mount of / is not known'
	judged root-read-only unknown fail root=ro:EROFS:12345
	contains "$output" 'the mount of / (id 12345) is not in /proc/self/mountinfo'
}

@test "writable-mounts: what is mounted below a read-only bind is writable, and the remedy is another" {
	judged writable-mounts violation fail "$(disk 91 /v /srv/v ro)" 'mount=92 91 0:9 / /v/netns rw - nfs srv:/x rw' at=92:dir
	contains "$output" '/v/netns is writable and outlives the container: nfs, mounted from /; that /v is read-only does not reach it'
	judged writable-mounts violation fail "$(disk 91 /v)" at=91:dir
	[[ $output != *'does not reach'* ]]
}

# What podman binds with the host's /sys where a container has a user namespace and the host's network.
@test "writable-mounts, cgroup-ro: what belongs to the host's root, who is nobody in the container" {
	local pstore='mount=91 75 0:60 / /sys/fs/pstore rw - pstore pstore rw' cgroup='mount=91 76 0:61 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu'
	judged writable-mounts violation fail "$pstore" at=91:dir
	judged writable-mounts pass off "$pstore" at=91:elsewhere
	judged debugfs-tracefs-bpf violation warn "$pstore" at=91:elsewhere
	judged cgroup-ro violation fail "$STRICT" "$cgroup" at=91:dir
	judged cgroup-ro violation warn "$STRICT" "$cgroup" at=91:elsewhere
	contains "$output" "who is nobody in this container"
}

@test "writable-mounts: a procfs of another PID namespace is no part of the container's own" {
	local proc=0:41
	# As runtimes make a part of it read-only, or writable again.
	judged writable-mounts pass off "mount=91 72 $proc /sys/net /proc/sys/net rw - proc proc rw"
	judged writable-mounts violation fail "mount=91 72 $proc / /proc/driver rw - proc proc rw" at=91:dir
	judged writable-mounts violation fail "mount=91 72 0:99 /sys /proc/sys rw - proc proc rw" at=91:dir
}

@test "a root that is its own parent hides nothing" {
	judged writable-mounts violation fail unmount=71 'mount=71 71 0:38 / / ro - overlay overlay rw,upperdir=/u' \
		root=ro:EROFS:none 'mount=91 71 254:7 /x /data rw - ext4 /dev/x rw' at=91:dir
	judged writable-mounts violation fail unmount=71 'mount=71 71 0:38 / / ro - overlay overlay rw,upperdir=/u' \
		root=ro:EROFS:12345 'mount=91 71 254:7 /x /data rw - ext4 /dev/x rw' at=91:dir
}

@test "proc-readonly, core-pattern: what is not there is not judged by the mount around it" {
	local -a open=(unmount=51 unmount=50 unmount=49 unmount=48)
	judged proc-readonly violation fail "${open[@]}"
	contains "$output" '/proc/irq is writable'
	judged proc-readonly violation fail "${open[@]}" absent=/proc/irq
	run ! grep -q '/proc/irq' <<<"$output"
	judged proc-readonly pass off "${open[@]}" absent=/proc/sys absent=/proc/sysrq-trigger absent=/proc/bus absent=/proc/fs absent=/proc/irq
	judged proc-readonly violation fail namespace=user:host "${open[@]}" absent=/proc/sys
	judged core-pattern violation warn "${open[@]}"
	judged core-pattern pass off "${open[@]}" absent=/proc/sys/kernel absent=/proc/sys/fs/binfmt_misc
}

@test "proc-readonly: each place counts by itself, lesser where the host's root is nobody" {
	local id
	for id in 48:bus 49:fs 50:irq; do
		judged proc-readonly violation fail namespace=user:host unmount="${id%:*}"
		contains "$output" "/proc/${id#*:} is writable"
		judged proc-readonly violation fail namespace=user:EACCES unmount="${id%:*}"
		judged proc-readonly violation warn namespace=user:own unmount="${id%:*}"
		judged proc-readonly violation fail "$STRICT" namespace=user:own unmount="${id%:*}"
	done
}

@test "root-read-only: the mount table has to agree" {
	judged root-read-only violation fail unmount=71 'mount=71 47 0:38 / / rw - overlay overlay rw,upperdir=/u'
	contains "$output" 'the mount table says writable'
}

@test "root-read-only: a part of the root, or a folder above it, that can be written on another path" {
	judged root-read-only violation fail 'mount=91 71 0:38 /usr /mnt rw - overlay overlay rw' option=--writable=/mnt
	contains "$output" 'files of / (overlay) can be written at /mnt: it is a mount of the same files (/usr there)'
	judged root-read-only violation fail 'mount=91 71 0:38 / /all rw - overlay overlay rw' option=--writable=/all
	# What nobody declared is writable-mounts' business.
	judged root-read-only pass off 'mount=91 71 0:38 / /all rw - overlay overlay rw'
	judged mounted-twice violation warn 'mount=91 71 0:38 / /all rw - overlay overlay rw'
	# One file, and each of several; what is accepted is accepted by its path.
	judged root-read-only violation fail 'mount=91 71 0:38 /usr/lib/x.so /data/x rw - overlay overlay rw' at=91:file option=--writable=/data/x
	local -a two=('mount=91 71 0:38 /usr /mnt rw - overlay overlay rw' 'mount=92 71 0:38 /opt /data rw - overlay overlay rw')
	judged root-read-only violation fail "${two[@]}" option=--writable=/mnt option=--writable=/data option=--warn=root-read-only:/mnt
	judged root-read-only violation warn "${two[@]}" option=--writable=/mnt option=--writable=/data option=--warn=root-read-only:/mnt,root-read-only:/data
	# A root that is a folder of a file system: a mount of the folder that it lies in.
	local -a folder=(unmount=71 'mount=71 47 254:0 /srv/root / ro - ext4 /dev/vda rw')
	judged root-read-only violation fail "${folder[@]}" 'mount=91 71 254:0 /srv /data rw - ext4 /dev/vda rw' option=--writable=/data
	# A neighbour of it, another file system, a part in its own place, a read-only one, one that no path leads to.
	judged root-read-only pass off "${folder[@]}" 'mount=91 71 254:0 /srv/data /data rw - ext4 /dev/vda rw' option=--writable=/data
	judged root-read-only pass off "${folder[@]}" 'mount=91 71 254:0 /srv/root2 /data rw - ext4 /dev/vda rw' option=--writable=/data
	judged root-read-only pass off "${folder[@]}" 'mount=91 71 254:1 /srv/root/usr /data rw - ext4 /dev/vda rw' option=--writable=/data
	judged root-read-only pass off "${folder[@]}" 'mount=91 71 254:0 /srv/root/data /data rw - ext4 /dev/vda rw' option=--writable=/data
	judged root-read-only pass off "${folder[@]}" 'mount=91 71 254:0 /srv/root/usr /data ro - ext4 /dev/vda rw'
	judged root-read-only pass off "${folder[@]}" 'mount=91 71 254:0 /srv/root/usr /data rw - ext4 /dev/vda rw' \
		'mount=92 91 254:2 / /data ro - ext4 /dev/vdb ro'
}

@test "root-verity: an overlay that requires it, or a device of dm-verity; another device is none" {
	local root='mount=71 47 254:3 / / ro - erofs /dev/mapper/root ro'
	judged root-verity violation info
	contains "$output" 'the kernel does not verify what is read from / (overlay)'
	judged root-verity pass off unmount=71 'mount=71 47 0:38 / / ro - overlay overlay ro,lowerdir=/l::/d,metacopy=on,verity=require'
	contains "$output" 'verifies every file'
	judged root-verity violation info unmount=71 'mount=71 47 0:38 / / ro - overlay overlay ro,lowerdir=/l,verity=on'
	# Of ordinary layers it asks nothing.
	judged root-verity violation info unmount=71 'mount=71 47 0:38 / / ro - overlay overlay ro,lowerdir=/l:/d,metacopy=on,verity=require'
	judged root-verity pass off unmount=71 'mount=71 47 0:38 / / ro - overlay overlay ro,lowerdir+=/l,datadir+=/d,metacopy=on,verity=require'
	judged root-verity pass off unmount=71 "$root" mapping=CRYPT-VERITY-8e9c1d-root
	contains "$output" 'erofs on dm-verity'
	judged root-verity violation info unmount=71 "$root" mapping=CRYPT-LUKS2-8e9c1d-root
	judged root-verity violation info unmount=71 "$root" mapping=LVM-8e9c1d
	judged root-verity violation info unmount=71 "$root"
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
	judged writable-exec violation warn option=--landlock=off $'status=Uid:\t0\t0\t0\t0'
	judged writable-exec pass off
}

@test "writable-exec: what --writable=PATH:exec declares is a note only" {
	local tmpfs='mount=91 71 0:60 / /data/x rw - tmpfs tmpfs rw'
	judged writable-exec pass off "$STRICT" option=--writable=/data:exec declared=0:0 "$tmpfs" at=91:dir
	contains "$output" '/data/x may hold programs, as --writable=PATH:exec says'
	judged writable-exec violation fail "$STRICT" option=--landlock=off option=--writable=/data declared=0:0 "$tmpfs" at=91:dir
	judged writable-exec violation fail "$STRICT" option=--landlock=off option=--writable=/dat:exec declared=0:0 "$tmpfs" at=91:dir
	judged writable-exec pass off "$STRICT" option=--writable=/dev:exec declared=0:0 $'status=Uid:\t0\t0\t0\t0'
}

@test "writable-exec, foreign-programs: --exec-from on a mount that can be written is write and execute, unless :exec says so" {
	local disk='mount=91 71 254:1 /d /data rw - ext4 /dev/vdb rw' over from
	for from in /data /data/bin; do
		for over in option=--landlock=auto option=--landlock=off; do
			judged writable-exec violation fail "$STRICT" "$over" option=--writable=/data option=--exec-from=$from declared=0:0 "$disk" at=91:dir
			contains "$output" "/data is writable, and --exec-from=$from starts programs from it"
			judged foreign-programs violation fail "$STRICT" "$over" option=--writable=/data option=--exec-from=$from declared=0:0 "$disk" at=91:dir
			judged foreign-programs violation warn "$over" option=--writable=/data option=--exec-from=$from declared=0:0 "$disk" at=91:dir
		done
		judged writable-exec pass off "$STRICT" option=--writable=/data:exec option=--exec-from=$from declared=0:0 "$disk" at=91:dir
		judged foreign-programs pass off "$STRICT" option=--writable=/data:exec option=--exec-from=$from declared=0:0 "$disk" at=91:dir
		# Read-only, a mount of its own in it, or nothing can be started.
		judged writable-exec pass off "$STRICT" option=--exec-from=$from "${disk/ rw -/ ro -}" at=91:dir
		judged writable-exec pass off "$STRICT" option=--writable=/data option=--exec-from=$from declared=0:0 "${disk/ rw -/ rw,noexec -}" at=91:dir
	done
	judged writable-exec pass off "$STRICT" option=--writable=/data option=--exec-from=/data/bin declared=0:0 "$disk" at=91:dir \
		'mount=92 91 254:2 /d /data/bin ro - ext4 /dev/vdc ro' at=92:dir
	# A single file, and the same files read-only elsewhere.
	judged writable-exec violation fail "$STRICT" option=--exec-from=/usr/bin/app 'mount=92 71 254:2 /app /usr/bin/app rw - ext4 /dev/vdc rw' at=92:file
	judged writable-exec violation fail "$STRICT" option=--writable=/data option=--exec-from=/tools declared=0:0 "$disk" at=91:dir \
		'mount=92 71 254:1 /d /tools ro - ext4 /dev/vdb rw' at=92:dir
	# A part with :exec is meant, and named.
	judged writable-exec pass off "$STRICT" option=--writable=/data option=--writable=/data/bin:exec declared=0:0 declared=1:0 "$disk" at=91:dir
	contains "$output" '/data is not noexec; Landlock starts no program there, but in /data/bin'
}

@test "writable-exec: noexec is enough, and so is read-only" {
	judged writable-exec pass off 'mount=91 71 0:60 / /tmp rw,noexec - tmpfs tmpfs rw' at=91:dir
	judged writable-exec pass off 'mount=91 71 0:60 / /tmp ro - tmpfs tmpfs rw' at=91:dir
	judged writable-exec violation warn option=--landlock=off 'mount=91 71 0:60 / /tmp rw - tmpfs tmpfs rw' at=91:dir
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

@test "writable-exec, writable-suid-dev: what granit takes the effect of is a note, for nobody can set it on a volume" {
	local disk='mount=91 71 254:7 /v /data rw - ext4 /dev/v rw'
	judged writable-exec pass off "$STRICT" option=--writable=/data declared=0:0 "$disk" at=91:dir
	contains "$output" '/data is not noexec; Landlock starts no program there'
	judged writable-suid-dev pass off "$STRICT" option=--writable=/data declared=0:0 "$disk" at=91:dir
	contains "$output" '/data is not nosuid nodev; no_new_privs makes that harmless'
	# Where it is not in force it takes nothing.
	judged writable-exec violation fail "$STRICT" option=--landlock=auto landlock=1 option=--writable=/data declared=0:0 "$disk" at=91:dir
	judged writable-exec violation fail "$STRICT" landlock=-38 option=--writable=/data declared=0:0 "$disk" at=91:dir
	judged writable-exec violation fail "$STRICT" option=--allow-new-privs option=--writable=/data declared=0:0 "$disk" at=91:dir
}

@test "writable-suid-dev: both are wanted" {
	judged writable-suid-dev violation warn option=--allow-new-privs $'status=NoNewPrivs:\t0' 'mount=91 71 0:60 / /tmp rw,nodev - tmpfs tmpfs rw' at=91:dir
	judged writable-suid-dev violation warn option=--allow-new-privs $'status=NoNewPrivs:\t0' 'mount=91 71 0:60 / /tmp rw,nosuid - tmpfs tmpfs rw' at=91:dir
	judged writable-suid-dev pass off 'mount=91 71 0:60 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw' at=91:dir
}

@test "root-mount-shape: a folder over programs, or the one that the program lies in" {
	judged root-mount-shape violation warn "$(disk 91 /usr/lib/x /srv/x ro)" at=91:dir
	judged root-mount-shape violation warn app=/srv/app:EROFS:EROFS:static "$(disk 91 /srv /srv/x ro)" at=91:dir
	judged root-mount-shape pass off "$(disk 91 /srv /srv/x ro)" at=91:dir
	# One file is how configuration is mounted.
	judged root-mount-shape pass off "$(disk 91 /usr/lib/x.conf /srv/x ro)" at=91:file
}

@test "sensitive-mounts: sockets that control the host, by what they are called there" {
	local place
	local -a places
	mapfile -t places < <(control_sockets)
	[ "${#places[@]}" -ge 40 ]
	for place in "${places[@]}"; do
		judged sensitive-mounts violation fail "mount=91 71 0:60 ${place#/run} /tmp/x ro - tmpfs tmpfs rw" at=91:socket
		# Nobody could look at it.
		judged sensitive-mounts violation fail "mount=91 71 0:60 $place /tmp/x rw - tmpfs tmpfs rw"
	done
	# Others are called so, too.
	for place in /private /app/socket /app/unix.socket /docker.sock.bak /xdocker.sock /dbus/session; do
		judged sensitive-mounts violation warn "mount=91 71 0:60 $place /tmp/x rw - tmpfs tmpfs rw" at=91:socket
		contains "$output" 'what listens there is not known'
	done
}

@test "sensitive-mounts: a socket that is only called like a runtime's in the container" {
	judged sensitive-mounts violation fail 'mount=91 71 0:60 /run/x.sock /var/run/docker.sock rw - tmpfs tmpfs rw' at=91:socket
}

@test "sensitive-mounts: host directories, read-only or not, and what is below some" {
	local dir
	for dir in /etc /etc/ssl /boot /usr/bin /root /var/run /var/log/pods /var/lib/kubelet /var/lib/docker /var/lib/etcd \
		/var/lib/containerd /home /run /var /var/lib; do
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
	judged sensitive-mounts pass off 'mount=91 71 254:1 / /data rw - ext4 /dev/vdb rw' at=91:dir
	judged sensitive-mounts violation fail 'mount=91 71 0:41 / /mnt rw - proc proc rw'
	judged sensitive-mounts violation fail 'mount=91 71 0:5 / /mnt rw - devtmpfs devtmpfs rw'
	judged sensitive-mounts violation fail "$(disk 91 /data /srv ro)" at=91:dir:docker.sock
}

@test "sensitive-mounts: a tmpfs has no host directory behind it, whatever its root is called" {
	judged sensitive-mounts pass off 'mount=91 71 0:60 /run /data rw - tmpfs tmpfs rw' at=91:dir
}

@test "writable-declared: says whom it asked for" {
	judged writable-declared violation fail option=--writable=/data declared=0:EACCES option=--user=7:8
	contains "$output" 'cannot write there as user 7: Permission denied'
}

@test "writable-exec: /dev takes programs from root only, be it root that the program runs as" {
	local root=$'status=Uid:\t0\t0\t0\t0'
	judged writable-exec violation warn option=--landlock=off "$root"
	judged writable-exec pass off "$root" option=--user=7:8 unmount=87
	contains "$output" 'only root can start programs from /dev'
}

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

@test "a pipe keeps nothing; a device is no volume, and reading only does not tame it" {
	local node='mount=91 71 0:5 /sda /data/disk rw - devtmpfs udev rw'
	judged writable-mounts pass off 'mount=91 72 0:25 /nspawn/kmsg /proc/kmsg rw - tmpfs tmpfs rw' at=91:pipe
	judged sensitive-mounts pass off 'mount=91 72 0:25 /nspawn/kmsg /proc/kmsg rw - tmpfs tmpfs rw' at=91:pipe
	judged writable-mounts violation fail 'mount=91 72 0:25 /nspawn/kmsg /data rw - tmpfs tmpfs rw' at=91:dir
	judged writable-mounts pass off "$node" at=91:other
	judged sensitive-mounts violation fail "$node" at=91:other
	judged sensitive-mounts violation fail "${node/rw/ro}" at=91:other
	judged sensitive-mounts pass off "$node" at=91:other option=--writable=/data/disk
	judged sensitive-mounts pass off 'mount=91 73 0:5 /full /dev/full rw - devtmpfs udev rw' at=91:other
}
