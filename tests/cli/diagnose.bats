#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `expect` sets output and stderr
# Why a program could not be started, said so that one knows what to do.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	PLAIN=("$GRANIT" --profile=plain --)
	FILE=$BATS_TEST_TMPDIR/file
}

# fails STATUS TEXT PROGRAM [ARG...]
fails() {
	local wanted=$1 text=$2
	shift 2
	expect "$wanted" "${PLAIN[@]}" "$@"
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	contains "$stderr" "$text"
}

# krallin/tini#133: "not found", and the file is there.
@test "a dynamic program without its loader" {
	cp /bin/true "$FILE"
	python3 - "$FILE" <<-'PYTHON'
		import sys
		data = open(sys.argv[1], "rb").read()
		at = data.find(b"/lib")
		open(sys.argv[1], "wb").write(data[:at] + b"/nil" + data[at + 4:])
	PYTHON
	fails 127 'its loader /nil' "$FILE"
	contains "$stderr" 'is not in the image'
}

@test "a script whose interpreter is missing, or whose lines end as on Windows" {
	printf '#!/missing/sh -e\necho\n' >"$FILE"
	chmod +x "$FILE"
	fails 127 'its first line names /missing/sh, which is not in the image' "$FILE"
	printf '#! /bin/sh\r\necho\r\n' >"$FILE"
	fails 127 'carriage return' "$FILE"
	printf '#!/mis\033[31m\n' >"$FILE"
	fails 127 '/mis\033[31m' "$FILE"
}

@test "a program for another machine" {
	cp "$TOOLS/probe" "$FILE"
	# e_machine: MIPS, then one that has no name here
	printf '\010\000' | dd of="$FILE" bs=1 seek=18 conv=notrunc status=none
	fails 126 'it is a program for mips, and this is ' "$FILE"
	contains "$stderr" '--platform'
	printf '\377\000' | dd of="$FILE" bs=1 seek=18 conv=notrunc status=none
	fails 126 'it is a program for another machine' "$FILE"
}

@test "what is neither program nor script" {
	echo text >"$FILE"
	chmod +x "$FILE"
	fails 126 'neither a program nor a script with a #! line' "$FILE"
	: >"$FILE"
	fails 126 'neither a program nor a script' "$FILE"
}

@test "a directory, a device, and a file that may not be executed, and by whom" {
	fails 126 'it is a directory' /
	fails 126 'it is not a regular file' /dev/null
	install -m 640 "$TOOLS/probe" "$FILE"
	fails 126 "its mode is 640 and it belongs to $(id -u):$(id -g), so user $(id -u) may not" "$FILE"
}

@test "a program on a noexec mount" {
	needs_root 'mounts'
	# shellcheck disable=SC2016 # the inner shell's
	expect 126 unshare --mount bash -c 'mount -t tmpfs -o noexec tmpfs "$1" && cp "$2" "$1/probe" && exec "$3" --profile=plain -- "$1/probe" exit 0' \
		- "$BATS_TEST_TMPDIR" "$TOOLS/probe" "$GRANIT"
	contains "$stderr" 'it is on a noexec mount'
}

@test "a program with file capabilities, of which some are not to be had" {
	needs_root 'sets file capabilities'
	needs_tool setcap
	make_root
	setcap cap_net_bind_service,cap_chown=+ep "$ROOT/probe"
	local user
	for user in 0 65532; do
		boxed 126 --read-only -- /granit -q --user=$user -- /probe args started
		[ -z "$output" ]
		contains "$stderr" 'it has file capabilities that it may not get (chown,net_bind_service): --keep-caps=chown,net_bind_service,'
		contains "$stderr" 'setcap -r'
		boxed 126 --read-only -- /granit -q --user=$user --keep-caps=chown -- /probe args started
		contains "$stderr" 'may not get (net_bind_service): --keep-caps=chown,net_bind_service,'
		boxed 0 --read-only -- /granit -q --user=$user --keep-caps=chown,net_bind_service -- /probe args started
		contains "$output" started
	done
	# Without the effective flag the kernel gives what there is.
	setcap cap_net_bind_service=+p "$ROOT/probe"
	boxed 0 --read-only -- /granit -q -- /probe args started
}

@test "a name that is nowhere, and a command line in one word" {
	fails 127 'it is in no directory of PATH' nosuchprogram
	fails 127 'cannot find /nosuchprogram: No such file' /nosuchprogram
	fails 127 'needs a shell: use the JSON form' 'nginx -g daemon'
}

@test "a broken ELF file is no trouble" {
	local cut
	for cut in 4 5 20 52 63 64 100; do
		head -c "$cut" "$TOOLS/probe" >"$FILE"
		chmod +x "$FILE"
		expect 126 "${PLAIN[@]}" "$FILE"
	done
}

@test "ENTRYPOINT and CMD that name the same program are told" {
	expect 0 "$GRANIT" --profile=plain -- /bin/true /bin/true
	contains "$stderr" '/bin/true is its own only argument: is it in both ENTRYPOINT and CMD?'
	expect 0 "$GRANIT" --profile=plain -q -- /bin/true /bin/true
	[ -z "$stderr" ]
	expect 0 "$GRANIT" --profile=plain -- /bin/true /bin/true x
	[ -z "$stderr" ]
}

@test "a command in shell form, in an image without a shell" {
	make_root
	boxed 127 --read-only -- /granit --profile=plain -- /bin/sh -c /app
	contains "$stderr" 'cannot find /bin/sh: No such file or directory; CMD or ENTRYPOINT in shell form needs a shell: use the JSON form'
}

@test "a bare name that the working directory has, and PATH has not" {
	cp /bin/true "$BATS_TEST_TMPDIR/only-here"
	cd "$BATS_TEST_TMPDIR"
	case $GRANIT in /*) ;; *) PLAIN[0]=$OLDPWD/$GRANIT ;; esac
	fails 127 'cannot find only-here: it is in no directory of PATH; the working directory has one: ./NAME' only-here
	fails 127 'cannot find not-here: it is in no directory of PATH' not-here
	run ! grep -q 'working directory' <<<"$stderr"
	PATH=$PATH:$BATS_TEST_TMPDIR expect 0 "${PLAIN[@]}" only-here
}

@test "a script behind a UTF-8 byte-order mark" {
	printf '\xef\xbb\xbf#!/bin/true\n' >"$FILE"
	chmod +x "$FILE"
	fails 126 'it begins with a UTF-8 byte-order mark' "$FILE"
}
