# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# The same set-ups on every low-level runtime: bundles as an engine would make them, without one. What each has to come
# to is in the table of doc/platforms.md, and nowhere else.
#
#	platform_setup RUNTIME       a bundle, for this file's tests
#	verdict_is SET-UP            run it there, and hold it to the table's column of RUNTIME
#
# On Debian's own kernel, in a virtual machine, which has all of them done at once:
#
#	vm_run FOLDER [KERNEL-PARAMETER...]  every set-up by runc and crun, or $VM_SET_UPS alone; what they print goes to FOLDER/out
#	vm_verdict_is FOLDER RUNTIME SET-UP  what came of it

PATH=$PATH:/usr/sbin:/sbin

platform_setup() {
	RUNTIME=$1
	[ "$(id -u)" -eq 0 ] || skip 'containers need root'
	needs_tool jq "$RUNTIME" runc
	STATE=$BATS_TEST_TMPDIR/state
	bundle_in "$BATS_TEST_TMPDIR"
}

# bundle_in FOLDER: with what it may mount beside it
bundle_in() {
	PLACE=$1 BUNDLE=$1/bundle
	local image=$BUNDLE/rootfs
	mkdir -p "$image"/{bin,data,dev,etc,proc,run,sys,tmp} "$PLACE/volume"
	chmod 755 "$PLACE" "$BUNDLE" "$image"
	chown 65532 "$PLACE/volume"
	cp "$GRANIT" "$image/granit"
	cp build/tests/probe "$image/probe"
	# gVisor lays a tmpfs over a /tmp that is empty.
	: >"$image/tmp/.keep"
	(cd "$BUNDLE" && runc spec)
	# What Docker and containerd set, by default or with the usual flags.
	configure '.process.terminal = false | .process.noNewPrivileges = true | .process.user = {uid: 65532, gid: 65532}
		| .process.capabilities = {} | .process.env = ["PATH=/bin"]
		| .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64"],
			syscalls: [{names: ["add_key", "keyctl"], action: "SCMP_ACT_ERRNO"}]}'
	options=() program=(/probe exit 5)
}

# configure FILTER [ARG...]: changes config.json by a filter of jq's
configure() {
	jq "$@" <"$BUNDLE/config.json" >"$BUNDLE/config.new"
	mv "$BUNDLE/config.new" "$BUNDLE/config.json"
}

add_mount() { # SOURCE POINT OPTION
	# shellcheck disable=SC2016 # jq's
	configure --arg source "$1" --arg point "$2" --arg option "$3" \
		'.mounts += [{type: "bind", source: $source, destination: $point, options: ["rbind", $option]}]'
}

# shellcheck disable=SC2016 # jq's
capabilities() { # NAME...
	configure '.process.capabilities = ([$ARGS.positional[] | "CAP_" + .] | {bounding: ., effective: ., permitted: .})' --args "$@"
}

seal_image() {
	mkdir -p "$BUNDLE/rootfs/etc"
	"$GRANIT" --seal="$BUNDLE/rootfs" --ignore=all >"$PLACE/manifest"
	mv "$PLACE/manifest" "$BUNDLE/rootfs/etc/granit.manifest"
}

set_up() { # SET-UP
	local -a all
	case $1 in
	'strict') options=(--profile=restricted) ;;
	'strict, with what gVisor lacks')
		options=(--profile=restricted --landlock=auto --allow-missing=securebits --warn=seccomp)
		;;
	'default, root')
		configure '.process.user = {uid: 0, gid: 0} | .process.noNewPrivileges = false'
		capabilities CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE
		;;
	'writable root') configure '.root.readonly = false' ;;
	'privileged')
		configure '.linux.maskedPaths = [] | .linux.readonlyPaths = [] | del(.linux.seccomp) | .process.user = {uid: 0, gid: 0}
			| .process.noNewPrivileges = false
			| .mounts |= map(if .type == "sysfs" then .options -= ["ro"] else . end)'
		mapfile -t all < <(all_capabilities)
		capabilities "${all[@]}"
		;;
	'SYS_ADMIN') capabilities SYS_ADMIN ;;
	'host namespaces')
		configure 'del(.hostname) | .linux.namespaces |= map(select(.type | IN("pid", "ipc", "uts", "network") | not))'
		options=('--fail=host-pid,host-ipc,host-net')
		;;
	'declared volume')
		add_mount "$PLACE/volume" /data rw
		options=(--writable=/data)
		;;
	'undeclared volume') add_mount "$PLACE/volume" /data rw ;;
	'a shell') cp /bin/busybox "$BUNDLE/rootfs/bin/sh" ;;
	'a socket')
		python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$PLACE/docker.sock"
		: >"$BUNDLE/rootfs/run/docker.sock"
		add_mount "$PLACE/docker.sock" /run/docker.sock ro
		;;
	'sealed') seal_image ;;
	'sealed, changed')
		seal_image
		printf 'x' >>"$BUNDLE/rootfs/probe"
		;;
	*)
		printf 'no set-up of this name: %s\n' "$1"
		return 1
		;;
	esac
}

# Every capability that the tests have to give, of those that any runtime knows.
all_capabilities() {
	local number=0 name set
	set=0x$(awk '$1 == "CapBnd:" { print $2 }' /proc/self/status)
	for name in CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE \
		NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN \
		SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE \
		MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ; do
		((set >> number++ & 1)) && printf '%s\n' "$name"
	done
	return 0
}

# Runs it to its end: sets status, and what it says is in a file, for a sandbox keeps the pipes that it is given.
# shellcheck disable=SC2016 # the inner shell's
start_container() {
	local id=granit-$BATS_SUITE_TEST_NUMBER-$$
	local -a command
	case $RUNTIME in
	runc) command=(runc --root "$STATE" run --bundle "$BUNDLE" "$id") ;;
	# Without control groups of its own it needs a version 2 to look at; a host may have the older ones.
	crun) command=(unshare --mount bash -c 'umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' -
		crun --root "$STATE" --cgroup-manager=disabled run --bundle "$BUNDLE" "$id") ;;
	runsc) command=(runsc --root "$STATE" --platform=ptrace --network=none --ignore-cgroups run -bundle "$BUNDLE" "$id") ;;
	esac
	status=0
	# No /dev/null: runsc gives its standard input to the user that its sandbox runs as, and this one is the machine's.
	timeout --foreground --kill-after=5 60 "${command[@]}" < <(:) >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- 4>&- || status=$?
}

# wanted SET-UP: what the table says of it
wanted() {
	awk -F' *[|] *' -v name="$1" -v runtime="$RUNTIME" '
		/^[|] set-up / { for (i = 2; i < NF; i++) column[$i] = i }
		$2 == name { print $column[runtime] }' doc/platforms.md
}

# granit with ${options[@]} and ${program[@]}
arguments_are() {
	# A file, since some versions of jq take arguments that look like options for their own.
	printf '%s\n' /granit "${options[@]}" -- "${program[@]}" >"$PLACE/arguments"
	# shellcheck disable=SC2016 # jq's
	configure --rawfile lines "$PLACE/arguments" '.process.args = ($lines | rtrimstr("\n") | split("\n"))'
}

verdict_is() { # SET-UP
	local wanted
	wanted=$(wanted "$1")
	set_up "$1"
	arguments_are
	start_container
	came_to "$1" "$wanted"
}

# came_to SET-UP WANTED: by $status, and what is in the file out
came_to() {
	local wanted=$2 got
	case $status in
	5) got=starts ;;
	# What gVisor cannot mount, no container has.
	128) got="refused by the runtime" ;;
	78) got="refused: $(sed -n 's/^granit: refused to start [^:]*: //p' "$BATS_TEST_TMPDIR/out")" ;;
	*) got="status $status" ;;
	esac
	[ "$got" = "$wanted" ] && return
	printf '%s on %s\n  wanted %s\n  got    %s\n' "$1" "$RUNTIME" "$wanted" "$got"
	cat "$BATS_TEST_TMPDIR/out"
	return 1
}

# ---- in a virtual machine

# What the table has a row of, but for the sandbox's.
vm_set_ups() {
	[ -z "${VM_SET_UPS:-}" ] || {
		printf '%s\n' "$VM_SET_UPS"
		return
	}
	awk -F' *[|] *' '/^[|] set-up / { on = 1; getline; next } !/^[|]/ { on = 0 } on && $2 !~ /gVisor/ { print $2 }' doc/platforms.md
}

# Docker's profile has no more than this to do here: that there is one.
vm_apparmor() {
	cat <<-'P'
		profile granit-test flags=(attach_disconnected,mediate_deleted) {
		  network,
		  capability,
		  file,
		  umount,
		  signal,
		  deny mount,
		}
	P
}

# The folder of a set-up, by its number, and what is to be done with it.
vm_bundle() { # NUMBER SET-UP
	bundle_in "$VM/c/$1"
	configure '.process.apparmorProfile = "granit-test"'
	set_up "$2"
	[ "$2" != privileged ] || configure 'del(.process.apparmorProfile)'
	arguments_are
	# Its own places are the machine's.
	sed -i "s|\"$VM/|\"/|g" "$BUNDLE/config.json"
}

vm_run() {
	local number=0 name out=$1/out
	VM=$1/machine
	shift
	mkdir -p "$VM/etc"
	vm_apparmor >"$VM/etc/profile"
	while read -r name; do
		vm_bundle "$number" "$name"
		number=$((number + 1))
	done < <(vm_set_ups)
	cat >"$VM/run.sh" <<-'RUN'
		apparmor_parser -r /etc/profile
		for runtime in runc crun; do
			for place in /c/*; do
				echo "case: $runtime ${place##*/}"
				(cd $place/bundle && timeout 60 $runtime run "$runtime-${place##*/}" </dev/null 2>&1)
				echo "status: $?"
			done
		done
	RUN
	scripts/vm.sh "$VM" "$@" >"$out" 2>&1 || {
		cat "$out"
		return 1
	}
}

vm_verdict_is() { # FOLDER RUNTIME SET-UP
	local wanted number
	RUNTIME="6.1: $2"
	wanted=$(wanted "$3")
	number=$(($(vm_set_ups | grep -nxF "$3" | cut -d: -f1) - 1))
	sed -n "/^case: $2 $number\$/,/^status: /p" "$1/out" >"$BATS_TEST_TMPDIR/out"
	status=$(sed -n 's/^status: //p' "$BATS_TEST_TMPDIR/out")
	came_to "$3" "$wanted"
}
