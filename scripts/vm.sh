#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Run a shell script on Debian's own kernel, which this machine's may not be: cgroup v2, AppArmor, Landlock's second ABI.
#
#	vm.sh FOLDER [KERNEL-PARAMETER...]
#
# FOLDER is copied to / of a virtual machine that has busybox, runc, crun and apparmor_parser beside it, and nothing else; /run.sh
# of it is run there as root, by busybox, and what it prints is printed. The parameter `lsm=lockdown,yama,apparmor` leaves Landlock
# out. $VM_TIMEOUT (300) seconds at most. There is no KVM needed: a processor is played, ten times slower than this one.
#
# The kernel is Debian's package, as apt-get checks it, unpacked in build/vm and not installed.
set -euo pipefail
export LC_ALL=C
top=$(realpath "${BASH_SOURCE[0]%/*}/..")
PATH=$PATH:/usr/sbin:/sbin

die() {
	printf 'vm: %s\n' "$@" >&2
	exit 125
}

[[ $# -ge 1 && -d $1 ]] || die 'usage: vm.sh FOLDER [KERNEL-PARAMETER...]'
folder=$1
shift
[ -f "$folder/run.sh" ] || die "$folder has no run.sh"
for tool in qemu-system-x86_64 runc crun apparmor_parser; do
	command -v "$tool" >/dev/null || die "there is no $tool: scripts/setup.sh check"
done

# kernel: the path of the one that Debian's cloud images start now
kernel() {
	local cache=$top/build/vm package file
	mkdir -p "$cache"
	package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
	[ -n "$package" ] || die 'apt knows no kernel: apt-get update'
	file=$cache/$package
	if [ ! -s "$file" ]; then
		(
			cd "$cache"
			# The one without a signature of Secure Boot is the same kernel, and has no firmware beside it.
			apt-get -qq -o APT::Sandbox::User=root download "$package-unsigned" 2>/dev/null ||
				apt-get -qq -o APT::Sandbox::User=root download "$package"
			dpkg-deb --fsys-tarfile linux-image-*.deb | tar -xO --wildcards './boot/vmlinuz-*' >"$file.new"
			rm -f linux-image-*.deb
			mv "$file.new" "$file"
		) >&2
	fi
	printf '%s\n' "$file"
}

# install PROGRAM: with the libraries that its loader asks for
install_program() {
	local program
	program=$(command -v "$1")
	{
		printf '%s\n' "$program"
		ldd "$program" 2>/dev/null | grep -o '/[^ )]*' || :
	} | while read -r file; do
		install -D "$(realpath "$file")" "$root/$file"
	done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{bin,dev,etc,proc,run,sys,tmp}
cp /bin/busybox "$root/bin/busybox"
for tool in runc crun apparmor_parser; do
	install_program "$tool"
done
cp -a "$folder/." "$root/"
# From the first root there is no pivot_root(2) (Documentation/filesystems/ramfs-rootfs-initramfs.rst), which runtimes want.
cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mkdir /new
/bin/busybox mount -t tmpfs -o mode=755 root /new
for name in /*; do
	[ "$name" = /new ] || /bin/busybox cp -a "$name" /new/
done
exec /bin/busybox switch_root /new /begin
INIT
cat >"$root/begin" <<'INIT'
#!/bin/busybox sh
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t securityfs securityfs /sys/kernel/security
ip link set lo up
sh /run.sh </dev/null
echo "vm: ended with status $?"
poweroff -f
INIT
chmod +x "$root/init" "$root/begin"
image=$(kernel)
(cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) | gzip -1 >"$work/initrd"

# The status is a line at the end, for a machine has none.
timeout --foreground "${VM_TIMEOUT:-300}" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults \
	-display none -no-reboot -serial stdio -monitor none -kernel "$image" -initrd "$work/initrd" \
	-append "console=ttyS0 quiet panic=-1 $*" </dev/null >"$work/output" || die "the machine did not end by itself: $(tail -n 3 "$work/output")"
tr -d '\r' <"$work/output" | sed -n '/^vm: ended with status /!p'
status=$(tr -d '\r' <"$work/output" | sed -n 's/^vm: ended with status //p')
[ -n "$status" ] || die "/run.sh did not end"
exit "$status"
