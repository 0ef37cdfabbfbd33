#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034 # flags is for says() of image.bash
# The walk over an image: links, odd files, what may not be read, and how far it goes.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/image
	granit_setup
	mkdir -p "$ROOT/usr/bin"
	flags=()
}

# as_nobody ID VERDICT: the same, looked at by somebody who is not root
as_nobody() {
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
	cp "$GRANIT" "$BATS_TEST_TMPDIR/granit"
	run setpriv --reuid=65532 --regid=65532 --clear-groups "$BATS_TEST_TMPDIR/granit" --check -v --root="$ROOT"
	grep -qE "^$2 +$1:" <<<"$output" && return
	printf 'wanted "%s" for %s in:\n%s\n' "$2" "$1" "$(grep -A 5 -E "^[a-zA-Z/]+ +$1:" <<<"$output")"
	return 1
}

# ---- links

@test "an absolute link leads to what the image has there" {
	mkdir "$ROOT/srv"
	cp /bin/busybox "$ROOT/srv/real"
	ln -s /srv/real "$ROOT/usr/bin/tool"
	flags=(--scan=quick)
	says no-shell-content FAIL
}

@test "a link with many dots ends at the image's root, not at the machine's" {
	ln -s ../../../../../../../../../../bin/busybox "$ROOT/usr/bin/tool"
	says no-shell-content pass
	mkdir "$ROOT/bin"
	cp /bin/true "$ROOT/bin/busybox"
	says no-shell-content pass
	cp /bin/busybox "$ROOT/bin/busybox"
	says no-shell-content FAIL
}

@test "a directory that is a link to the machine's is not followed there" {
	ln -s ../../../../../../../bin "$ROOT/bin"
	ln -s /usr/sbin "$ROOT/sbin"
	says no-shell pass
	says no-shell-content pass
}

@test "links in circles end" {
	ln -s b "$ROOT/usr/bin/a"
	ln -s a "$ROOT/usr/bin/b"
	ln -s . "$ROOT/usr/bin/here"
	ln -s ../bin "$ROOT/usr/bin/there"
	says no-shell-content pass
}

@test "a link to a device is no device of the image" {
	needs_root "device nodes"
	ln -s /dev/null "$ROOT/usr/bin/x"
	mkdir "$ROOT/dev"
	mknod "$ROOT/dev/null" c 1 3
	flags=(--scan=quick)
	says device-nodes-in-image pass
}

@test "twenty names are not many yet, hard links or symbolic ones" {
	local i
	install -m 755 /dev/null "$ROOT/usr/bin/one"
	for ((i = 1; i < 20; i++)); do ln "$ROOT/usr/bin/one" "$ROOT/usr/bin/hard$i"; done
	says no-multicall pass
	ln "$ROOT/usr/bin/one" "$ROOT/usr/bin/hard20"
	says no-multicall warn
	# Manual pages go by many names too.
	chmod 644 "$ROOT/usr/bin/one"
	says no-multicall pass
	chmod 755 "$ROOT/usr/bin/one"
	rm "$ROOT"/usr/bin/hard*
	for ((i = 1; i <= 20; i++)); do ln -s one "$ROOT/usr/bin/soft$i"; done
	says no-multicall pass
	ln -s one "$ROOT/usr/bin/soft21"
	says no-multicall warn
}

# ---- odd files

@test "a FIFO, a directory, a device and a socket called sh are no shell, and keep nobody waiting" {
	needs_root "device nodes"
	mkfifo "$ROOT/usr/bin/sh"
	mkdir "$ROOT/usr/bin/bash"
	mknod "$ROOT/usr/bin/dash" c 1 3
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$ROOT/usr/bin/zsh"
	flags=(--scan-budget=5s)
	says no-shell pass
	says no-shell-content pass
}

@test "block and character devices are told, wherever they lie" {
	needs_root "device nodes"
	mkdir "$ROOT/srv"
	mknod "$ROOT/srv/disk" b 7 99
	says device-nodes-in-image warn
	rm "$ROOT/srv/disk"
	says device-nodes-in-image pass
	mknod "$ROOT/srv/zero" c 1 5
	says device-nodes-in-image warn
}

@test "setgid counts on a file, not on a directory" {
	install -m 2755 /bin/true "$ROOT/usr/bin/tool"
	says setuid-files warn
	rm "$ROOT/usr/bin/tool"
	install -d -m 2755 "$ROOT/srv"
	says setuid-files pass
}

@test "a directory for everybody is told unless it is sticky" {
	install -d -m 1777 "$ROOT/tmp"
	says world-writable pass
	install -d -m 777 "$ROOT/tmp"
	says world-writable warn
	contains "$output" '/tmp/ is world-writable'
}

@test "a certificate is no key" {
	mkdir "$ROOT/etc"
	printf -- '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n' >"$ROOT/etc/ca.pem"
	says image-secrets pass
	printf -- '-----BEGIN EC PRIVATE KEY-----\nabc\n' >"$ROOT/etc/ca.pem"
	says image-secrets warn
}

@test "names of key files count in their place only" {
	mkdir -p "$ROOT/root/.docker" "$ROOT/root/.aws" "$ROOT/etc"
	: >"$ROOT/etc/config.json"
	: >"$ROOT/etc/credentials"
	says image-secrets pass
	: >"$ROOT/root/.docker/config.json"
	says image-secrets warn
	rm "$ROOT/root/.docker/config.json"
	: >"$ROOT/root/.aws/credentials"
	says image-secrets warn
}

@test "a script without its interpreter is harmless" {
	printf '#!/usr/bin/runner -x\n' >"$ROOT/usr/bin/script"
	chmod 755 "$ROOT/usr/bin/script"
	says no-interpreter pass
	mkdir "$ROOT/usr/bin/runner"
	says no-interpreter pass
	rmdir "$ROOT/usr/bin/runner"
	cp /bin/true "$ROOT/usr/bin/runner"
	says no-interpreter warn
	contains "$output" '/usr/bin/script is a script, and its interpreter /usr/bin/runner is there'
}

# ---- what may not be read

@test "a program that may be started but not read does not show what it is" {
	needs_root "somebody else to look"
	install -m 711 /bin/busybox "$ROOT/usr/bin/tool"
	as_nobody packed-binary warn
	contains "$output" '/usr/bin/tool can be started but not read'
}

@test "a directory that may not be entered is unknown, not empty" {
	needs_root "somebody else to look"
	install -d -m 700 "$ROOT/usr/bin"
	as_nobody no-shell FAIL
	contains "$output" 'unknown: cannot look at /usr/bin: Permission denied'
}

# ---- how far it goes

@test "of an image that does not run only content is judged" {
	local id
	run "$GRANIT" --check --root="$ROOT"
	grep -qx 'n/a  [1-9][0-9] checks need a running container' <<<"$output"
	[[ $output != *root-read-only* ]]
	flags=(-v)
	for id in root-read-only root-remount writable-mounts sensitive-mounts non-root-uid no-new-privs host-pid devices limits; do
		says "$id" n/a
	done
	says no-shell pass
	says shells-file pass
	mkdir "$ROOT/etc"
	: >"$ROOT/etc/shells"
	says shells-file info
}

@test "program directories with a star in them are looked at by a quick scan" {
	mkdir -p "$ROOT/opt/tool/bin" "$ROOT/nix/store/abc-x/bin"
	flags=(--scan=quick)
	: >"$ROOT/opt/tool/bin/bash"
	says no-shell FAIL
	contains "$output" '/opt/tool/bin/bash has the name of a shell'
	rm "$ROOT/opt/tool/bin/bash"
	: >"$ROOT/nix/store/abc-x/bin/bash"
	says no-shell FAIL
}

@test "a shell by name counts in program directories only, by content everywhere" {
	mkdir "$ROOT/srv"
	: >"$ROOT/srv/bash"
	says no-shell pass
	cp /bin/dash "$ROOT/srv/data"
	says no-shell-content FAIL
}

@test "what lies deeper than a path is long is unknown, not clean" {
	local name i
	printf -v name '%0250d' 0
	(cd "$ROOT" && for ((i = 0; i < 20; i++)); do mkdir "$name" && cd -P "$name" || exit; done)
	says no-shell-content FAIL
	contains "$output" 'unknown: cannot look at'
	contains "$output" 'Filename too long'
}

@test "no time at all is a budget too" {
	flags=(--scan-budget=0s)
	says no-shell FAIL
	contains "$output" 'used up its budget of time'
}

@test "another mount in the image's folder is not the image's" {
	needs_root "mounts"
	mkdir "$ROOT/data"
	# shellcheck disable=SC2016 # the inner shell's
	run unshare --mount bash -c 'mount -t tmpfs none "$2/data" && cp /bin/busybox "$2/data/x" && exec "$1" --check -v --root="$2"' - "$GRANIT" "$ROOT"
	grep -qE '^pass no-shell-content:' <<<"$output"
	cp /bin/busybox "$ROOT/data/x"
	says no-shell-content FAIL
}

@test "in a name control bytes are shown, not sent to the terminal" {
	cp /bin/busybox "$ROOT/usr/bin/"$'a\033[31mb\nc'
	says no-shell-content FAIL
	contains "$output" '/usr/bin/a\033[31mb\012c is a shell'
}
