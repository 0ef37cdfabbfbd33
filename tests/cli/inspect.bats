#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2153,SC2154 # every test is a subshell; `expect` sets output and stderr
# An image that is inspected (--check --root, --seal) is data, and tries everything: its configuration file, links, device
# nodes, FIFOs, sockets and names with control bytes. Under strace: nothing is opened to be written, no node, no connection.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	IMAGE=$BATS_TEST_TMPDIR/image
	VICTIM=$BATS_TEST_TMPDIR/victim
	LOG=$BATS_TEST_TMPDIR/strace
	NODES=(etc/granit.conf etc/granit.manifest etc/granit.manifest.minisig etc/granit.manifest.sig etc/granit/build-epoch
		etc/shells etc/ld.so.preload etc/passwd usr/bin/tool usr/bin/odd srv/odd srv/id_rsa)
	echo 'as it was' >"$VICTIM"
	fresh_image
}

fresh_image() {
	rm -rf "$IMAGE"
	mkdir -p "$IMAGE/etc/granit" "$IMAGE/usr/bin" "$IMAGE/srv" "$IMAGE/bin"
	cp "$TOOLS/probe" "$IMAGE/usr/bin/app"
	# What makes it fail.
	cp "$TOOLS/probe" "$IMAGE/usr/bin/sh"
}

state() {
	find "$IMAGE" -printf '%P %y %s %m %U %T@ %l\n' | sort | sha256sum
}

# watched STATUS OPTION...: granit under strace; then nothing was written, and only files and folders were opened
watched() {
	local wanted=$1 line path before
	shift
	needs_tool strace
	before=$(state)
	expect "$wanted" strace -f -qq -y -s 300 -o "$LOG" \
		-e trace='%file,ftruncate,fchmod,fchown,connect,bind,sendto,sendmsg,socket,memfd_create,kill,execve' "$GRANIT" "$@"
	sed -i '/execve(/d' "$LOG"
	if grep -E 'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE|creat\(|truncate|rename|unlink|link(at)?\(|mkdir|mknod|chmod|chown|utime|mount|connect\(|bind\(|send(to|msg)\(|socket\(|kill\(|setxattr' "$LOG" |
		grep -vE 'readlink|chdir'; then
		return 1
	fi
	while read -r line; do
		path=${line##*= *[0-9]<}
		printf -v path %b "${path%%>*}"
		[ -f "$path" ] || [ -d "$path" ] || {
			printf 'opened, and is neither file nor folder: %s\n' "$line"
			return 1
		}
	done < <(grep -E '^[0-9]+ +open(at2?)?\(.*= [0-9]+<' "$LOG" | grep -v O_PATH)
	[ "$(<"$VICTIM")" = 'as it was' ]
	[ "$(state)" = "$before" ]
	[ ! -e "$BATS_TEST_TMPDIR/new" ]
	[[ $output$stderr != *$'\033'* ]]
}

# Both ways to inspect.
inspected() {
	local wanted=$1
	shift
	watched "$wanted" --check --root="$IMAGE" "$@"
	watched "$wanted" --seal="$IMAGE" "$@"
}

@test "the image's configuration file is not read, and writes no termination log" {
	local line
	for line in "termination-log = $VICTIM" "termination-log = victim" "termination-log = $BATS_TEST_TMPDIR/new"; do
		printf "%s\n'; touch /PWNED; '\n" "$line" >"$IMAGE/etc/granit.conf"
		(cd "$BATS_TEST_TMPDIR" && inspected 0 --ignore=no-shell)
		printf '%s\nfail = all\n' "$line" >"$IMAGE/etc/granit.conf"
		(cd "$BATS_TEST_TMPDIR" && inspected 0 --ignore=no-shell)
		(cd "$BATS_TEST_TMPDIR" && inspected 78)
	done
}

@test "an inspection writes no termination log, whoever names one" {
	printf 'termination-log = %s\n' "$VICTIM" >"$IMAGE/etc/granit.conf"
	inspected 78 --termination-log="$VICTIM"
	inspected 78 --config="$IMAGE/etc/granit.conf"
	inspected 125 --frobnicate --termination-log="$VICTIM"
	inspected 125 --termination-log="$VICTIM" --frobnicate
	echo 'frobnicate = 1' >>"$IMAGE/etc/granit.conf"
	inspected 125 --config="$IMAGE/etc/granit.conf"
	printf 'words of the program\n' >"$VICTIM"
	make_root
	cp -r "$IMAGE" "$ROOT/image"
	boxed 125 --bind "$VICTIM:/dev/termination-log" -- /granit --check -v --root=/image --frobnicate
	boxed 125 --bind "$VICTIM:/dev/termination-log" -- /granit --seal=/image --frobnicate
	boxed 78 --bind "$VICTIM:/dev/termination-log" -- /granit --check -v --root=/image
	boxed 78 --bind "$VICTIM:/dev/termination-log" -- /granit --seal=/image
	[ "$(<"$VICTIM")" = 'words of the program' ]
}

@test "the image does not decide its own inspection" {
	local line
	for line in 'ignore = all' 'warn = all' 'profile = plain' 'allow = /bin/sh' 'scan = off' 'scan = quick' 'scan-budget = 1s,1,1' \
		'format = tap' 'manifest = /nothing' 'quiet' 'no line of options'; do
		echo "$line" >"$IMAGE/etc/granit.conf"
		expect 78 "$GRANIT" --check -v --root="$IMAGE" --profile=restricted
		contains "$output" 'FAIL no-shell'
		contains "$output" 'note: /etc/granit.conf belongs to the inspected image and was not read'
		expect 78 "$GRANIT" --seal="$IMAGE"
		[ -z "$output" ]
	done
}

@test "who names the image's file believes it, and is told what it lowers" {
	printf 'format = text\nignore = all\n' >"$IMAGE/etc/granit.conf"
	expect 0 "$GRANIT" --check --root="$IMAGE" --config="$IMAGE/etc/granit.conf"
	contains "$output" "ignore = all    ($IMAGE/etc/granit.conf, line 2) lowers"
	[[ $output != *'format = text'* ]]
	expect 78 "$GRANIT" --check -v --root="$IMAGE" --config="$IMAGE/etc/granit.conf" --profile=immutable
	contains "$output" "line 2) dropped: the command line takes its place"
}

@test "the named file of the image is found inside of the image from any working directory" {
	echo 'ignore = all' >"$BATS_TEST_TMPDIR/outside"
	ln -s "$BATS_TEST_TMPDIR/outside" "$IMAGE/etc/granit.conf"
	ln -s "$IMAGE/etc" "$BATS_TEST_TMPDIR/folder"
	cd "$IMAGE"
	expect 125 "$GRANIT" --check --root=. --config=etc/granit.conf
	contains "$stderr" 'No such file or directory'
	cd "$IMAGE/etc"
	expect 125 "$GRANIT" --check --root=.. --config=granit.conf
	cd "$BATS_TEST_TMPDIR"
	expect 125 "$GRANIT" --check --root="$IMAGE" --config=folder/granit.conf
	# One that is not in the image is the caller's.
	expect 0 "$GRANIT" --check --root="$IMAGE" --config=outside
}

@test "the named file of the image is found inside of the image, whatever links say" {
	echo 'ignore = all' >"$BATS_TEST_TMPDIR/outside"
	ln -s "$BATS_TEST_TMPDIR/outside" "$IMAGE/etc/granit.conf"
	local root
	for root in "$IMAGE" "$IMAGE/" "$IMAGE//" "$IMAGE/../${IMAGE##*/}"; do
		expect 125 "$GRANIT" --check -v --root="$root" --config="$IMAGE/etc/granit.conf"
		contains "$stderr" 'No such file or directory'
	done
	cd "$IMAGE/.."
	for root in "$IMAGE" "./${IMAGE##*/}" "${IMAGE##*/}"; do
		expect 125 "$GRANIT" --check -v --root="$root" --config="${IMAGE##*/}/etc/granit.conf"
		contains "$stderr" 'No such file or directory'
		expect 125 "$GRANIT" --check -v --root="$root" --config="./${IMAGE##*/}/bin/../etc/granit.conf"
	done
	rm "$IMAGE/etc/granit.conf"
	echo 'ignore = all' >"$IMAGE/etc/real"
	ln -s /etc/real "$IMAGE/etc/granit.conf"
	expect 0 "$GRANIT" --check -v --root="$IMAGE" --config="$IMAGE/etc/granit.conf"
}

# as KIND PATH: something of this kind at that place of the image
as() {
	local at=$IMAGE/$2
	mkdir -p "${at%/*}"
	case $1 in
	fifo) mkfifo "$at" ;;
	device) mknod "$at" c 1 7 ;;
	block) mknod "$at" b 7 200 ;;
	socket) ln "$BATS_TEST_TMPDIR/socket" "$at" ;;
	folder) mkdir "$at" ;;
	outside) ln -s /dev/full "$at" ;;
	victim) ln -s "$VICTIM" "$at" ;;
	upwards) ln -s ../../../../../../../../../dev/full "$at" ;;
	inside) ln -s /dev/node "$at" ;;
	fifo-inside) ln -s /dev/fifo "$at" ;;
	round) ln -s "/$2" "$at" ;;
	esac
}

# full_of KIND...: an image that has the kind at every place that granit looks at, inspected in each way
full_of() {
	local kind node
	for kind; do
		fresh_image
		mkdir "$IMAGE/dev"
		mkfifo "$IMAGE/dev/fifo"
		[ ! -e "$BATS_TEST_TMPDIR/node" ] || ln "$BATS_TEST_TMPDIR/node" "$IMAGE/dev/node"
		for node in "${NODES[@]}"; do
			as "$kind" "$node"
		done
		watched 78 --check --root="$IMAGE" --manifest-key="$IMAGE/etc/granit.conf"
		watched 125 --check --root="$IMAGE" --config="$IMAGE/etc/granit.conf"
		watched 0 --seal="$IMAGE" --ignore=config-trusted,no-shell,device-nodes-in-image
	done
}

@test "no FIFO of the image is opened to see what it is" {
	full_of fifo
	contains "$output" 'type=fifo'
}

@test "no socket and no folder is" {
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$BATS_TEST_TMPDIR/socket"
	full_of socket folder
}

@test "no link of the image leads out of it, or to what is no file" {
	full_of outside victim upwards fifo-inside round
}

@test "no device node of the image is opened at all" {
	needs_root 'makes device nodes'
	mknod "$BATS_TEST_TMPDIR/node" c 1 7 || skip 'device nodes cannot be made here'
	full_of device block inside
	expect 125 "$GRANIT" --check -v --root="$IMAGE" --config="$IMAGE/etc/granit.conf"
	contains "$stderr" 'it is not a regular file'
}

@test "a program directory that is a device node or a FIFO is no directory" {
	rmdir "$IMAGE/bin"
	mkfifo "$IMAGE/bin"
	inspected 0 --ignore=no-shell
}

@test "names with control bytes forge no line and reach no terminal" {
	local name
	for name in $'a\n'"FAIL forged: line" $'b\033[31mred' $'c\rd' $'\377\376' '%s%n'; do
		cp "$TOOLS/probe" "$IMAGE/srv/$name"
		chmod 4777 "$IMAGE/srv/$name"
		ln -s "$name" "$IMAGE/usr/bin/$name"
		mkdir "$IMAGE/srv/$name.d"
		chmod 777 "$IMAGE/srv/$name.d"
		mkfifo "$IMAGE/srv/$name.fifo"
	done
	watched 78 --check --root="$IMAGE" --fail=setuid-files,world-writable --ignore=no-shell
	[[ $output != *$'\nFAIL forged'* ]]
	watched 78 --check --root="$IMAGE" --fail=setuid-files --format=tap
	[[ $output != *$'\nFAIL forged'* ]]
	watched 78 --check --root="$IMAGE" --fail=setuid-files --format=json
	[ "$(wc -l <<<"$output")" -eq 1 ]
	watched 0 --seal="$IMAGE" --ignore=setuid-files,world-writable,no-shell
	[[ $output != *$'\nFAIL forged'* ]]
}

@test "an image's name with control bytes does not reach the terminal either" {
	local odd=$BATS_TEST_TMPDIR/$'i\033[31m\nFAIL x'
	mv "$IMAGE" "$odd"
	echo 'frobnicate = 1' >"$odd/etc/granit.conf"
	expect 125 "$GRANIT" --check -v --root="$odd" --config="$odd/etc/granit.conf"
	[[ $stderr != *$'\033'* ]] && [ "$(wc -l <<<"$stderr")" -eq 1 ]
	expect 125 "$GRANIT" --check -v --root="$odd/missing"
	[[ $stderr != *$'\033'* ]] && [ "$(wc -l <<<"$stderr")" -eq 1 ]
	expect 78 "$GRANIT" --seal="$odd"
	[[ $stderr != *$'\033'* ]]
	expect 125 "$GRANIT" --root="$odd" -- true
	[[ $stderr != *$'\033'* ]] && [ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "nobody can inspect, in a read-only container without a network" {
	needs_root 'becomes another user'
	make_root
	mkdir "$ROOT/image"
	boxed 78 --read-only --user 65534:65534 --bind "$IMAGE:/image:ro" -- /granit --check -v --root=/image
	contains "$output" 'FAIL no-shell: '
	rm "$IMAGE/usr/bin/sh"
	boxed 0 --read-only --user 65534:65534 --bind "$IMAGE:/image:ro" -- /granit --check -v --root=/image
	boxed 0 --read-only --user 65534:65534 --bind "$IMAGE:/image:ro" -- /granit --seal=/image
	[[ $output == '#mtree'* ]]
}

@test "what nobody may not read is unknown, and says how to look at it" {
	needs_root 'becomes another user'
	make_root
	mkdir "$ROOT/image" "$IMAGE/root"
	chmod 700 "$IMAGE/root"
	boxed 78 --read-only --user 65534:65534 --bind "$IMAGE:/image:ro" -- /granit --check -v --root=/image
	contains "$output" 'unknown: cannot look at /root: Permission denied; inspect it as the user who owns it'
}

# An archive carries holes and hard links, so an image of a few kB may name as much as it likes.
@test "an image of holes, or of one file with many names, is not read for ever" {
	local i size=15T
	fresh_image
	rm "$IMAGE/bin/sh" "$IMAGE/usr/bin/sh" 2>/dev/null || :
	"$GRANIT" --seal="$IMAGE" --ignore=all >"$BATS_TEST_TMPDIR/manifest" 3>&-
	: >"$IMAGE/usr/bin/big"
	chmod 755 "$IMAGE/usr/bin/big"
	"$GRANIT" --seal="$IMAGE" --ignore=all >"$BATS_TEST_TMPDIR/manifest" 3>&-
	truncate -s "$size" "$IMAGE/usr/bin/big" || { size=1T && truncate -s "$size" "$IMAGE/usr/bin/big"; }
	sed -E "s|^(\./usr/bin/big .*size=)0|\1$(stat -c %s "$IMAGE/usr/bin/big")|" "$BATS_TEST_TMPDIR/manifest" >"$IMAGE/etc/granit.manifest"
	grep -q "size=$(stat -c %s "$IMAGE/usr/bin/big")" "$IMAGE/etc/granit.manifest"
	expect 78 timeout 30 "$GRANIT" --check -v --root="$IMAGE" --scan-budget=1s --ignore=all --fail=image-sealed
	contains "$output" '/usr/bin/big cannot be verified: the time to read it is over: raise --scan-budget'
	expect 125 timeout 30 "$GRANIT" --seal="$IMAGE" --scan-budget=1s --ignore=all
	[ -z "$output" ]
	contains "$stderr" 'usr/bin/big: the time to read it is over: raise --scan-budget'
	# One file of 64 MB with a thousand names: 64 GB to be read, and no hole.
	rm "$IMAGE/usr/bin/big" "$IMAGE/etc/granit.manifest"
	head -c 64M /dev/zero >"$IMAGE/srv/first"
	for i in {1..1000}; do ln "$IMAGE/srv/first" "$IMAGE/srv/$i"; done
	expect 125 timeout 60 "$GRANIT" --seal="$IMAGE" --scan-budget=1s --ignore=all
	contains "$stderr" 'the time to read it is over'
	# What is stored has its time, however short the budget is.
	rm "$IMAGE"/srv/[0-9]*
	expect 0 "$GRANIT" --seal="$IMAGE" --scan-budget=0s --ignore=all
	echo "$output" >"$IMAGE/etc/granit.manifest"
	expect 0 "$GRANIT" --check -v --root="$IMAGE" --scan-budget=0s --verify=all --ignore=all --fail=image-sealed
	contains "$output" 'pass image-sealed'
}
