#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# What granit finds out about the place where it is: facts that only a kernel can give.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
}

# only ID: the options under which nothing else can refuse
only() {
	printf '%s\n' --ignore=all "--fail=$1"
}

# ---- /proc and the root

@test "in a chroot the root's mount is not known, and that refuses" {
	needs_root "chroot"
	mkdir "$ROOT/proc"
	# shellcheck disable=SC2016,SC2046 # the inner shell's; two words
	expect 78 unshare --mount bash -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$ROOT" \
		/granit --check -v $(only root-read-only)
	contains "$output" 'is not in /proc/self/mountinfo, as in a chroot'
	# Read-only as it is, it takes no remedy.
	# shellcheck disable=SC2016,SC2046 # the inner shell's; two words
	expect 78 unshare --mount bash -c 'mount -t proc proc "$0/proc" && mount --rbind "$0/.." "$0/.." && mount -o remount,bind,ro "$0/.." &&
		cd "$0/../root" && exec chroot . "$@"' "$ROOT" /granit --check -v $(only root-read-only)
	contains "$output" 'unknown: the mount of / (id '
	run ! grep 'how to fix it' <<<"$output"
}

@test "a tmpfs in the place of /proc is no /proc, whatever lies in it" {
	mkdir -p "$BATS_TEST_TMPDIR/false/self"
	printf '1 0 0:1 / / ro - tmpfs tmpfs ro\n' >"$BATS_TEST_TMPDIR/false/self/mountinfo"
	boxed 78 --read-only --no-proc --bind "$BATS_TEST_TMPDIR/false:/proc:ro" -- /granit -- /probe exit 0
	contains "$stderr" 'cannot use /proc: it is not a procfs'
}

@test "a root that says read-only, and takes files, contradicts itself" {
	local answer
	for answer in 0 EACCES ENOENT; do
		# shellcheck disable=SC2046 # two words
		boxed 78 --read-only -- /inject "renameat=$answer" -- /granit --check -v $(only root-read-only)
		contains "$output" 'contradicts itself: its mount flags say read-only, renaming a file that does not exist says '
	done
}

@test "a root is writable though its directory is another user's" {
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	# shellcheck disable=SC2046 # two words
	boxed 78 --user 65532:65532 -- /granit --check -v $(only root-read-only)
	contains "$output" '/ is mounted writable ('
	[ ! -e "$ROOT/.granit-is-not-there" ]
}

@test "a procfs that has no type of its own for files, as gVisor's, is known by its device" {
	local -a odd=(/inject 'openat2=ENOSYS,fstatfs:4=ENOSYS' --)
	# shellcheck disable=SC2046 # two words
	boxed 5 --read-only -- "${odd[@]}" /granit $(only root-read-only) -- /probe exit 5
	needs_root "a mount over /proc"
	printf '71 47 0:38 / / ro - overlay overlay ro\n' >"$BATS_TEST_TMPDIR/fake"
	# shellcheck disable=SC2016,SC2046 # the inner shell's; two words
	expect 78 unshare --mount bash -c 'mount --bind "$1" "/proc/$$/mountinfo" && shift && exec "$@" 3>&- 4>&- 5>&- 6>&- 255>&-' - \
		"$BATS_TEST_TMPDIR/fake" "$TOOLS/inject" openat2=ENOSYS,fstatfs:4=ENOSYS -- "$GRANIT" --check -v $(only writable-mounts)
	contains "$output" 'something is mounted over it'
}

# ---- mounts

@test "what is only called like a runtime's socket, in a folder that is mounted" {
	mkdir "$BATS_TEST_TMPDIR/run"
	touch "$BATS_TEST_TMPDIR/run/docker.sock"
	# shellcheck disable=SC2046 # two words
	boxed 0 --read-only --bind "$BATS_TEST_TMPDIR/run:/host:ro" -- /granit $(only sensitive-mounts) -- /probe exit 0
}

@test "the whole file system of a host" {
	needs_root "a mount of /"
	boxed 78 --read-only --bind /:/host -- /granit -- /probe exit 0
	contains "$stderr" "/host is a part of the host's system, and writable: the root of a whole system"
}

@test "declared writable, and not for the user that the program runs as" {
	needs_root "somebody else to be"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	install -d -m 755 "$BATS_TEST_TMPDIR/volume"
	boxed 78 --read-only --user 65532:65532 --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit --writable=/data -- /probe exit 0
	contains "$stderr" '--writable=/data: cannot write there: Permission denied'
	chown 65532 "$BATS_TEST_TMPDIR/volume"
	boxed 5 --read-only --user 65532:65532 --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit -q --writable=/data -- /probe exit 5
}

@test "a mount over / hides nothing from the checks: the process stands on the root below it" {
	needs_root "mounts"
	mkdir "$BATS_TEST_TMPDIR/volume"
	# shellcheck disable=SC2016 # the inner shell's
	expect 78 unshare --mount bash -c 'mount --bind "$1" /mnt && mount -t tmpfs -o ro none / && shift && exec "$@"' - \
		"$BATS_TEST_TMPDIR/volume" "$GRANIT" --check -v --ignore=all --fail=writable-mounts
	contains "$output" '/mnt is writable'
}

@test "a full scan stays on the root's mount" {
	mkdir "$BATS_TEST_TMPDIR/volume"
	cp /bin/busybox "$BATS_TEST_TMPDIR/volume/x"
	boxed 5 --read-only --bind "$BATS_TEST_TMPDIR/volume:/data:ro" -- /granit -q --scan=full -- /probe exit 5
}

@test "a full scan at the start finds what a quick one does not look at" {
	mkdir -p "$ROOT/srv/deep"
	cp /bin/busybox "$ROOT/srv/deep/x"
	boxed 5 --read-only -- /granit -q -- /probe exit 5
	boxed 78 --read-only -- /granit -q --scan=full -- /probe exit 5
	contains "$stderr" '/srv/deep/x is a shell by its content'
}

# ---- programs

@test "the directories of PATH are looked at, wherever they are" {
	mkdir -p "$ROOT/tools" "$ROOT/srv"
	cp /bin/dash "$ROOT/tools/x"
	boxed 5 --read-only -- /granit -q -- /probe exit 5
	PATH=$PATH:/tools boxed 78 --read-only -- /granit -q -- /probe exit 5
	contains "$stderr" '/tools/x is a shell by its content'
}

@test "a directory of PATH that may not be entered is told, and no more than that" {
	needs_root "somebody else to be"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	install -d -m 700 "$ROOT/secret"
	PATH=$PATH:/secret boxed 0 --read-only --user 65532:65532 -- /granit --check -v
	contains "$output" '/secret cannot be read by granit, nor by the program'
}

@test "a program that its user can replace, by its directory alone" {
	needs_root "somebody else to be"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	install -d -m 755 -o 65532 "$BATS_TEST_TMPDIR/volume"
	install -m 555 "$TOOLS/probe" "$BATS_TEST_TMPDIR/volume/app"
	boxed 78 --read-only --user 65532:65532 --bind "$BATS_TEST_TMPDIR/volume:/data" -- /granit --writable=/data -- /data/app exit 0
	contains "$stderr" '/data/app can be replaced'
}

@test "a program that its user can replace, by a directory further up" {
	needs_root "somebody else to be"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	install -d -m 755 -o 65532 "$BATS_TEST_TMPDIR/volume"
	install -d -m 755 "$BATS_TEST_TMPDIR/volume/a" "$BATS_TEST_TMPDIR/volume/a/b"
	install -m 555 "$TOOLS/probe" "$BATS_TEST_TMPDIR/volume/a/b/app"
	ln -s /data/a/b/app "$ROOT/app"
	local options=(--read-only --user 65532:65532 --bind "$BATS_TEST_TMPDIR/volume:/data") start=(/granit --landlock=off --ignore=all --fail=app-immutable --)
	boxed 78 "${options[@]}" -- "${start[@]}" /data/a/b/app exit 0
	contains "$stderr" '/data/a/b/app can be replaced: the user that runs it may write /data'
	# By a link, with dots, from the working directory, and where the kernel does not tell links apart: the same.
	boxed 78 "${options[@]}" -- "${start[@]}" /app exit 0
	contains "$stderr" '/app can be replaced: the user that runs it may write /data'
	boxed 78 "${options[@]}" -- "${start[@]}" data/../data/a/b/app exit 0
	contains "$stderr" 'may write /data'
	boxed 78 "${options[@]}" -- /inject openat2=ENOSYS -- "${start[@]}" /app exit 0
	contains "$stderr" 'may write /data'
	chown 0 "$BATS_TEST_TMPDIR/volume"
	boxed 5 "${options[@]}" -- "${start[@]}" /app exit 5
	boxed 5 "${options[@]}" -- /inject openat2=ENOSYS -- "${start[@]}" /app exit 5
}

@test "a program in a sticky directory is replaced by its owner only, and one on a mount of its own by nobody" {
	needs_root "somebody else to be"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	install -d -m 1777 "$BATS_TEST_TMPDIR/volume"
	install -d -m 755 "$BATS_TEST_TMPDIR/volume/a"
	install -m 555 "$TOOLS/probe" "$BATS_TEST_TMPDIR/volume/a/app"
	local options=(--read-only --user 65532:65532 --bind "$BATS_TEST_TMPDIR/volume:/data") start=(/granit -q --landlock=off --ignore=all --fail=app-immutable --)
	boxed 5 "${options[@]}" -- "${start[@]}" /data/a/app exit 5
	chown 65532 "$BATS_TEST_TMPDIR/volume/a"
	chmod 555 "$BATS_TEST_TMPDIR/volume/a"
	boxed 78 "${options[@]}" -- "${start[@]}" /data/a/app exit 0
	contains "$stderr" '/data/a/app can be replaced: the user that runs it may write /data'
	boxed 5 "${options[@]}" --bind "$BATS_TEST_TMPDIR/volume/a:/data/a:ro" -- "${start[@]}" /data/a/app exit 5
}

@test "a loader is nothing odd for a program that asks for one" {
	# What is asked here is the machine's own.
	[ -e /lib64/ld-linux-x86-64.so.2 ] || skip "there is no loader of a name that granit knows"
	run "$GRANIT" --check -v --profile=audit --scan=off -- /bin/true
	grep -qE '^info no-dynamic-loader:' <<<"$output"
	run "$GRANIT" --check -v --profile=audit --scan=off -- "$TOOLS/probe"
	grep -qE '^warn no-dynamic-loader:' <<<"$output"
}

# elf32 FILE TYPE: a little-endian 32-bit program whose one header is of this type, a byte behind its usual place
elf32() {
	python3 - "$@" <<-'END'
		import struct, sys
		head = b"\x7fELF" + bytes([1, 1, 1]) + bytes(9)
		head += struct.pack("<HHIIIIIHHHHHH", 2, 3, 1, 0, 53, 0, 0, 52, 32, 1, 0, 0, 0)
		open(sys.argv[1], "wb").write(head + b"\0" + struct.pack("<I", int(sys.argv[2])) + bytes(60))
	END
	chmod 755 "$1"
}

@test "a script and a program that cannot be read are not taken for static, and 32-bit programs are understood" {
	[ "$(printf '\1\0' | od -An -td2 | tr -d ' ')" = 1 ] || skip "this machine's byte order is the other one"
	local loader=$ROOT/lib64/ld-linux-x86-64.so.2 case
	mkdir -p "$ROOT/lib64"
	touch "$loader"
	printf '#!/probe\n' >"$ROOT/script"
	cp "$TOOLS/probe" "$ROOT/hidden"
	chmod 755 "$ROOT/script" "$ROOT" "$BATS_TEST_TMPDIR"
	chmod 111 "$ROOT/hidden"
	elf32 "$ROOT/static" 1
	elf32 "$ROOT/dynamic" 3
	for case in warn:/probe warn:/static info:/dynamic info:/script; do
		boxed 0 --read-only -- /granit --check -v --scan=off -- "${case#*:}"
		grep -qE "^${case%:*} no-dynamic-loader:" <<<"$output" || {
			printf 'wanted %s in\n%s\n' "$case" "$(grep no-dynamic-loader <<<"$output")"
			return 1
		}
	done
	[ "$(id -u)" -eq 0 ] || return 0
	boxed 0 --read-only --user 65532:65532 -- /granit --check -v --scan=off -- /hidden
	grep -qE '^info no-dynamic-loader:' <<<"$output"
}

# ---- the process

@test "a working directory that was deleted warns" {
	mkdir "$BATS_TEST_TMPDIR/gone"
	cd "$BATS_TEST_TMPDIR/gone"
	rmdir "$BATS_TEST_TMPDIR/gone"
	run "$GRANIT" --check -v --profile=audit --scan=off
	contains "$output" 'the working directory was deleted'
}

@test "a working directory outside of the root is refused" {
	needs_root "chroot"
	mkdir "$BATS_TEST_TMPDIR/outside"
	cd "$BATS_TEST_TMPDIR/outside"
	expect 78 python3 -c 'import os, sys; os.chroot(sys.argv[1]); os.execv(sys.argv[2], sys.argv[2:])' "$ROOT" \
		/granit --check -v --ignore=all --fail=cwd-unreachable
	contains "$output" 'the working directory is outside of the container: (unreachable)'
}

@test "an inherited directory is seen though stdin is closed, and though it is open as a path only" {
	expect 78 bash -c 'exec 9</ <&-; exec "$@"' - "$GRANIT" --check -v --ignore=all --fail=dir-fd-leak
	contains "$output" 'descriptor 9 is a directory'
	expect 78 python3 -c 'import os, sys
os.dup2(os.open("/", os.O_PATH | os.O_DIRECTORY), 9)
os.execv(sys.argv[1], sys.argv[1:])' "$GRANIT" --check -v --ignore=all --fail=dir-fd-leak
	contains "$output" 'descriptor 9 is a directory'
}

@test "more descriptors than can be looked at are unknown" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 78 bash -c 'for ((i = 10; i < 90; i++)); do eval "exec $i</dev/null"; done; exec "$@"' - \
		"$GRANIT" --check -v --ignore=all --fail=dir-fd-leak
	contains "$output" 'more descriptors were inherited, too many to inspect'
}

# ---- the host

@test "namespaces: a container's own processes, and the host's" {
	boxed 0 --read-only -- /granit --check -v
	grep -qE '^pass host-pid:' <<<"$output"
	grep -qE '^pass host-ipc:' <<<"$output"
	[ "$(readlink /proc/self/ns/pid)" = 'pid:[4026531836]' ] || skip "these tests run in a container themselves"
	run "$GRANIT" --check -v --profile=audit --scan=off
	grep -qE '^warn host-pid:' <<<"$output"
	contains "$output" 'granit is process'
}

@test "a namespace that the kernel does not have is none, one that cannot be looked at is unknown" {
	boxed 78 --read-only -- /inject readlinkat=EACCES -- /granit --check -v --config=none --ignore=all --fail=host-pid
	contains "$output" 'cannot look at the namespace: Permission denied'
	boxed 0 --read-only -- /inject readlinkat=ENOENT -- /granit --check -v --config=none --ignore=all --fail=host-pid
}

@test "a network interface that only hosts have" {
	needs_root "a network of its own"
	command -v ip >/dev/null || skip "there is no ip(8)"
	# shellcheck disable=SC2016 # the inner shell's
	expect 0 unshare --net --mount bash -c 'ip link set lo name br-granit && mount -t sysfs none /sys && exec "$0" "$@"' \
		"$GRANIT" --check -v --profile=audit --scan=off
	contains "$output" 'there is a network interface as hosts have: br-granit'
}

@test "a device that containers do not have" {
	needs_root "device nodes"
	mkdir "$ROOT/dev"
	mknod "$ROOT/dev/sdz" b 7 99
	mknod "$ROOT/dev/null" c 1 3
	boxed 78 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
	contains "$output" '/dev/sdz is block device 7:99'
	rm "$ROOT/dev/sdz"
	boxed 0 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
}

@test "a device is not the usual one by its name alone" {
	needs_root "device nodes"
	mkdir "$ROOT/dev"
	local -A nodes=([core]='b 7 99' [tty]='b 7 99' [null]='c 1 1' [stdin]='c 1 3' [console]='c 10 200')
	local name
	for name in "${!nodes[@]}"; do
		# shellcheck disable=SC2086 # three words
		mknod "$ROOT/dev/$name" ${nodes[$name]}
		boxed 78 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
		contains "$output" "/dev/$name is "
		rm "$ROOT/dev/$name"
	done
	mknod "$ROOT/dev/tty" c 5 0
	mknod "$ROOT/dev/console" c 136 7
	mknod "$ROOT/dev/ptmx" c 5 2
	ln -s /proc/kcore "$ROOT/dev/core"
	boxed 0 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
}

@test "devices in folders of /dev, as deep as they lie" {
	needs_root "device nodes"
	mkdir -p "$ROOT/dev/net" "$ROOT/dev/dri/by-path" "$ROOT/dev/disk/by-id" "$ROOT/dev/pts"
	boxed 0 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
	mknod "$ROOT/dev/net/tun" c 10 200
	mknod "$ROOT/dev/dri/null" c 1 3
	boxed 78 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
	contains "$output" '/dev/net/tun is a device that containers usually do not have (10:200)'
	contains "$output" '/dev/dri/null is a device'
	mknod "$ROOT/dev/disk/by-id/x" b 7 99
	mknod "$ROOT/dev/pts/disk" b 7 98
	boxed 78 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
	contains "$output" '/dev/disk/by-id/x is block device 7:99'
	contains "$output" '/dev/pts/disk is block device 7:98'
	rm "$ROOT/dev/pts/disk" "$ROOT/dev/disk/by-id/x"
	chmod 755 "$ROOT" "$BATS_TEST_TMPDIR"
	chmod 700 "$ROOT/dev/net"
	rm "$ROOT/dev/dri/null"
	boxed 78 --read-only --no-dev --user 65532:65532 -- /granit --check -v --ignore=all --fail=devices
	contains "$output" 'cannot list /dev/net: Permission denied'
	rm -r "$ROOT/dev/net" && (cd "$ROOT/dev/dri" && seq 17000 | xargs touch)
	boxed 78 --read-only --no-dev -- /granit --check -v --ignore=all --fail=devices
	contains "$output" 'cannot list /dev/dri: there is more than one look takes'
}

@test "nothing is asked of AppArmor but the label" {
	needs_tool strace
	strace -o "$BATS_TEST_TMPDIR/trace" "$GRANIT" --check -v --profile=audit --scan=off >/dev/null || skip "nothing can be traced here"
	contains "$(<"$BATS_TEST_TMPDIR/trace")" /proc/self/attr/current
	run ! grep /sys/module/apparmor "$BATS_TEST_TMPDIR/trace"
}

@test "a short path of the program costs no call more, a longer one a call for each directory" {
	needs_tool strace
	local case
	mkdir -p "$ROOT/usr/bin"
	cp "$TOOLS/probe" "$ROOT/usr/bin/node"
	for case in 2:/probe 4:/usr/bin/node; do
		strace -f -o "$BATS_TEST_TMPDIR/trace" "$TOOLS/nscontainer" --read-only "$ROOT" -- \
			/granit --check -v --ignore=all --fail=app-immutable -- "${case#*:}" >/dev/null 3>&- || skip "nothing can be traced here"
		# The file, its directory, those above; whether it may be executed is another question.
		[ "$(grep -cE 'faccessat2?\(.*W_OK' "$BATS_TEST_TMPDIR/trace")" -eq "${case%:*}" ]
		run ! grep -E 'readlinkat\(.*"self/fd/' "$BATS_TEST_TMPDIR/trace"
	done
}

@test "the cure for programs in /dev is another user, not a mount on it" {
	needs_root "root"
	boxed 78 --read-only -- /granit --check -v --landlock=off --ignore=all --fail=writable-exec
	contains "$output" '/dev is writable for root, who can start programs from it: run as another user (--user 65532:65532)'
	run ! grep -E "(tmpfs|-v|mount) .*noexec" <<<"$output"
}

@test "what runtimes hide in /proc, and what they forgot to hide" {
	boxed 0 --read-only -- /granit --check -v
	grep -qE '^pass proc-masked:' <<<"$output"
	boxed 78 --read-only --proc-writable -- /granit --check -v
	grep -qE '^warn proc-masked:' <<<"$output"
	grep -qE '/proc/[a-z_]+ is not hidden' <<<"$output"
}

# ---- other kernels

@test "host-net: the first network namespace has a file that no other has" {
	needs_root "a network namespace"
	[ -e /proc/sys/net/core/netdev_max_backlog ] || skip 'the tests have a network namespace of their own'
	# shellcheck disable=SC2046 # two words
	expect 0 unshare --net "$GRANIT" --check -v $(only host-net)
	# As it is where the number of the namespace tells nothing, before 6.18.
	mkdir -p "$BATS_TEST_TMPDIR/core"
	touch "$BATS_TEST_TMPDIR/core/netdev_max_backlog"
	# shellcheck disable=SC2016,SC2046 # the inner shell's; two words
	expect 78 unshare --net --mount bash -c 'mount --bind "$1" /proc/sys/net/core && shift && exec "$@"' - \
		"$BATS_TEST_TMPDIR/core" "$GRANIT" --check -v $(only host-net)
	contains "$output" "the network is the host's"
}

@test "limits: the container's own control group, where the host's can be seen" {
	needs_root "mounts"
	local top=$BATS_TEST_TMPDIR/cgroup line=0::/pod/app wanted=0
	mkdir -p "$top/pod/app"
	printf '268435456\n' >"$top/pod/app/memory.max"
	printf '100\n' >"$top/pod/app/pids.max"
	for line in 0::/pod/app 0::/pod 0::/../pod/app; do
		printf '%s\n' "$line" >"$BATS_TEST_TMPDIR/self"
		# shellcheck disable=SC2016,SC2046 # the inner shell's; two words
		expect "$wanted" unshare --mount bash -c 'mount --bind "$1" /sys/fs/cgroup && mount --bind "$2" "/proc/$$/cgroup" && shift 2 && exec "$@"' - \
			"$top" "$BATS_TEST_TMPDIR/self" "$GRANIT" --check -v $(only limits)
		wanted=78
	done
	printf 'max\n' >"$top/pod/app/memory.max"
	printf '0::/pod/app\n' >"$BATS_TEST_TMPDIR/self"
	# shellcheck disable=SC2016,SC2046 # the inner shell's; two words
	expect 78 unshare --mount bash -c 'mount --bind "$1" /sys/fs/cgroup && mount --bind "$2" "/proc/$$/cgroup" && shift 2 && exec "$@"' - \
		"$top" "$BATS_TEST_TMPDIR/self" "$GRANIT" --check -v $(only limits)
	contains "$output" 'no limit for memory is visible'
}

@test "--pause starts no program: a writable root of its own is no reason to refuse, what the pod shares is" {
	local err=$BATS_TEST_TMPDIR/err
	boxed 78 -- /granit --pause --fail=root-read-only
	contains "$stderr" 'FAIL root-read-only'
	boxed 78 --proc-writable -- /granit --pause
	contains "$stderr" 'refused to start granit --pause: proc-readonly'
	"$TOOLS/nscontainer" "$ROOT" -- /granit --pause --ignore=dir-fd-leak >/dev/null 2>"$err" 3>&- 4>&- &
	# shellcheck disable=SC2016 # the inner shell's
	timeout 10 bash -c 'until grep -q "warnings: root-read-only" "$0"; do sleep 0.05; done' "$err"
	kill -0 $!
	kill -TERM $!
	wait $! || :
}

@test "a FIFO that is mounted is no volume, a device is one that everybody asks about" {
	needs_root "a device"
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	# shellcheck disable=SC2046 # two words
	boxed 5 --read-only --bind "$BATS_TEST_TMPDIR/pipe:/kmsg" -- /granit $(only writable-mounts) -- /probe exit 5
	# shellcheck disable=SC2046 # two words
	boxed 78 --read-only --bind /dev/null:/odd -- /granit $(only sensitive-mounts) -- /probe exit 5
	contains "$stderr" '/odd is a device from outside'
}

@test "accounts that a runtime made up for a user without a line are nobody's volume, as long as he cannot change them" {
	needs_root "files of another user"
	local accounts=$BATS_TEST_TMPDIR/passwd
	local -a box=(--read-only --bind "$accounts:/etc/passwd:nodev,nosuid,noexec" --user 1000660000:0)
	mkdir -p "$ROOT/etc"
	touch "$ROOT/etc/passwd"
	printf 'app:x:1000660000:0::/:/none\n' >"$accounts"
	boxed 5 "${box[@]}" -- /granit -- /probe exit 5
	boxed 5 "${box[@]:0:3}" --caps 1c0 -- /granit --user=1000660000:0 -- /probe exit 5
	chmod 664 "$accounts"
	boxed 78 "${box[@]}" -- /granit -- /probe exit 5
	contains "$stderr" '/etc/passwd is writable and outlives the container'
	chmod 644 "$accounts"
	chown 1000660000 "$accounts"
	boxed 78 "${box[@]}" -- /granit -- /probe exit 5
	# root may write it, and who has root's rights over files.
	chown 0 "$accounts"
	boxed 78 "${box[@]:0:3}" -- /granit -- /probe exit 5
	boxed 78 "${box[@]:0:3}" -- /granit --user=1000660000:0 --keep-caps=dac_override -- /probe exit 5
}

@test "a program directory on a writable volume: what the program stored there does not refuse its next start" {
	local volume=$BATS_TEST_TMPDIR/volume dir
	mkdir -p "$volume/bin" "$ROOT/opt" "$ROOT/usr/local"
	cp /bin/busybox "$volume/bin/x"
	mkdir "$volume/tool"
	cp -r "$volume/bin" "$volume/tool/bin"
	chmod 777 "$volume/bin"
	# Without Landlock it would be started from there.
	boxed 78 --read-only --bind "$volume:/usr/local" -- /granit --landlock=off --writable=/usr/local -- /probe exit 5
	contains "$stderr" 'is a shell by its content'
	for dir in /data /opt /usr/local; do
		boxed 5 --read-only --bind "$volume:$dir" -- /probe exec-env PATH=/usr/bin:/data/bin -- \
			/granit --writable=$dir --fail=world-writable -- /probe exit 5
		boxed 78 --read-only --bind "$volume:$dir" -- /probe exec-env PATH=/usr/bin:/data/bin -- \
			/granit --writable=$dir:exec -- /probe exit 5
		contains "$stderr" 'is a shell by its content'
		boxed 78 --read-only --bind "$volume:$dir:ro" -- /probe exec-env PATH=/usr/bin:/data/bin -- /granit -- /probe exit 5
	done
}

@test "files of the image on a writable mount that a level accepts are still the image's" {
	mkdir -p "$ROOT/usr/lib" "$ROOT/mnt"
	boxed 78 --read-only --bind "$ROOT/usr:/mnt" -- /granit -- /probe exit 5
	contains "$stderr" 'refused to start /probe: writable-mounts'
	local accepted
	for accepted in --warn=writable-mounts:/mnt --warn=writable-mounts --writable=/mnt; do
		boxed 78 --read-only --bind "$ROOT/usr:/mnt" -- /granit "$accepted" -- /probe exit 5
		contains "$stderr" 'files of / ('
		contains "$stderr" 'can be written at /mnt'
	done
	boxed 5 --read-only --bind "$ROOT/usr:/mnt" -- /granit --warn=writable-mounts:/mnt,root-read-only:/mnt -- /probe exit 5
}
