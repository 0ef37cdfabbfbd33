#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031 # every test is a subshell
# Where a check of what of the kernel and the host is in reach draws its line: facts on this side of it and on that, grave ones and lesser ones.
# In the profile restricted grave things fail where lesser ones warn, so many a case asks there.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	STRICT=option=--profile=restricted
}

@test "namespaces that cannot be looked at are unknown" {
	local kind
	for kind in pid ipc uts net; do
		judged "host-$kind" unknown warn "namespace=$kind:EACCES"
	done
	judged user-ns unknown info namespace=user:EACCES
	judged host-cgroup-ns unknown info namespace=cgroup:EACCES
	judged host-pid unknown fail "$STRICT" namespace=pid:EPERM
}

@test "lsm-confined: SELinux without a policy confines nothing" {
	judged lsm-confined violation warn file=2:kernel
	judged lsm-confined violation warn file=2:init
	judged lsm-confined pass off file=2:system_u:system_r:container_t:s0
	judged lsm-confined pass off 'file=2:kernel (enforce)'
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

@test "cgroup-ro: the host's groups of version 2 are grave: above the namespace's root, or in the host's" {
	local line='rw - cgroup2 cgroup rw'
	judged cgroup-ro violation fail unmount=76 "mount=76 75 0:45 /../.. /sys/fs/cgroup $line"
	judged cgroup-ro violation fail unmount=76 "mount=76 75 0:45 /../other /data $line"
	judged cgroup-ro violation fail unmount=76 namespace=cgroup:host "mount=76 75 0:45 / /sys/fs/cgroup $line"
	# With the host's namespace and a group of its own.
	judged cgroup-ro violation warn unmount=76 namespace=cgroup:host "mount=76 75 0:45 /docker/0f1e /sys/fs/cgroup $line"
	judged cgroup-ro violation warn unmount=76 "mount=76 75 0:45 /..x /sys/fs/cgroup $line"
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

@test "gVisor: /proc/sys, its values and two devices are the sandbox's own" {
	local open='unmount=51' fuse=device=/dev/fuse:c:10:229 tun=device=/dev/net/tun:c:10:200
	judged proc-readonly violation fail "$open"
	judged proc-readonly pass off gvisor=yes "$open"
	contains "$output" 'in gVisor /proc/sys belongs to the sandbox, not to the host'
	judged core-pattern violation warn "$open"
	judged core-pattern pass off gvisor=yes "$open"
	judged sysctls violation info file=10:0
	judged sysctls n/a off gvisor=yes file=10:0
	judged devices violation warn "$fuse" "$tun"
	judged devices pass off gvisor=yes "$fuse" "$tun"
	judged devices violation fail "$STRICT" gvisor=yes device=/dev/sda:b:10:200
	judged runtime-detect pass off gvisor=yes env=container=podman
	contains "$output" 'podman, in gVisor'
}

# is_told WORDS FACT...
is_told() {
	local words=$1
	shift
	judged runtime-detect pass off "$@"
	# It is the last check, and that its only line.
	[ "${output##*$'\n    '}" = "$words" ]
}

@test "runtime-detect: the platform, by what it alone puts there" {
	is_told 'no known runtime'
	is_told Kubernetes env=KUBERNETES_SERVICE_HOST=10.0.0.1 env=container=podman
	is_told 'Amazon ECS' env=ECS_CONTAINER_METADATA_URI_V4=http://169.254.170.2/v4/x env=AWS_EXECUTION_ENV=AWS_ECS_EC2
	is_told 'Amazon ECS' env=ECS_CONTAINER_METADATA_URI=http://169.254.170.2/v3/x
	is_told 'AWS Fargate' env=ECS_CONTAINER_METADATA_URI_V4=http://169.254.170.2/v4/x env=AWS_EXECUTION_ENV=AWS_ECS_FARGATE
	is_told 'Cloud Run' env=K_SERVICE=app env=K_REVISION=app-1
	is_told podman env=container=podman
	is_told LXC env=container=lxc
	is_told systemd-nspawn env=container=systemd-nspawn
	is_told 'no known runtime' env=container=oci
}

@test "runtime-detect: CRI-O and Kata by the sources of the runtime's files" {
	local storage=/var/lib/containers/storage/overlay-containers/0f1e
	is_told 'Kubernetes, by CRI-O' env=KUBERNETES_SERVICE_HOST=10.0.0.1 \
		mount="30 25 8:1 $storage/userdata/hostname /etc/hostname rw,nosuid - ext4 /dev/sda1 rw"
	is_told 'podman' env=container=podman \
		mount="30 25 8:1 $storage/userdata/hostname /etc/hostname rw,nosuid - ext4 /dev/sda1 rw"
	is_told 'Kubernetes' env=KUBERNETES_SERVICE_HOST=10.0.0.1 \
		mount="30 25 8:1 $storage/userdata/hostname /data rw,nosuid - ext4 /dev/sda1 rw"
	is_told 'Kubernetes, in a virtual machine of Kata Containers' env=KUBERNETES_SERVICE_HOST=10.0.0.1 \
		mount="31 25 0:40 /0f1e2d3c-hosts /etc/hosts rw,relatime - virtiofs kataShared rw"
	is_told 'Kubernetes' env=KUBERNETES_SERVICE_HOST=10.0.0.1 \
		mount="31 25 0:40 /0f1e2d3c-hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw"
	is_told 'no known runtime' mount="31 25 0:40 / /data rw,relatime - virtiofs kataShared rw"
}

@test "devices: block devices and the kernel's memory and log are grave, others lesser" {
	judged devices violation fail "$STRICT" device=/dev/sda:b:8:0
	judged devices violation fail "$STRICT" device=/dev/mem:c:1:1
	judged devices violation fail "$STRICT" device=/dev/kmem:c:1:2
	judged devices violation fail "$STRICT" device=/dev/port:c:1:4
	judged devices violation fail "$STRICT" device=/dev/kmsg:c:1:11
	judged devices violation warn "$STRICT" device=/dev/fuse:c:10:229
	judged devices unknown fail "$STRICT" trouble=devices
	# Part of the list is better than none.
	judged devices violation fail "$STRICT" trouble=devices device=/dev/sda:b:8:0
	contains "$output" '/dev/sda is block device 8:0'
}

@test "sysctls: too much is as wrong as too little" {
	judged sysctls violation info file=16:1
	judged sysctls pass off file=16:0
	judged sysctls violation info file=15:1
	judged sysctls pass off file=15:2
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

@test "limits: of processes in a pod, which cannot set it" {
	local mark='mount=900 20 8:1 /x/.containerenv /run/.containerenv ro - ext4 /dev/x rw'
	judged limits violation warn file=4:max
	judged limits pass off file=4:max env=KUBERNETES_SERVICE_HOST=10.0.0.1
	contains "$output" podPidsLimit
	# podman kube play has the file, and not the variable that podman run sets.
	judged limits pass off file=4:max "$mark"
	judged limits violation warn file=4:max "$mark" env=container=podman
	judged limits violation warn file=3:max "$mark"
}
