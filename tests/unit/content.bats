#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What lies in an image, by name and by content: granit --check --root=DIR on small trees.
# bats sets output and stderr, in a subshell for each test; functions are called by name; a comma belongs to a value.
# shellcheck disable=SC2030,SC2031,SC2054,SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/image
	granit_setup
	mkdir -p "$ROOT/usr/bin"
}

# elf FILE TEXT: what an ELF file without program headers could be; all of it is searched
elf() {
	{
		printf '\177ELF\2\1\1'
		head -c 100 /dev/zero
		# shellcheck disable=SC2059 # it is a format, for its escapes
		printf "$2"
	} >"$1"
}

shell_names='\0PS4\0OPTIND\0IFS\0PPID\0'

@test "an empty image has no shell" {
	says no-shell pass
	says no-shell-content pass
	says no-multicall pass
}

@test "busybox is found under any name" {
	cp /bin/busybox "$ROOT/usr/bin/wget"
	says no-shell-content FAIL
	contains "$output" /usr/bin/wget
	says no-multicall FAIL
	contains "$output" 'is busybox, with a shell in it'
}

@test "bash and dash are found under other names, executable or not" {
	install -m 644 "$(realpath /bin/bash)" "$ROOT/usr/bin/libfoo.so"
	install -m 755 "$(realpath /bin/dash)" "$ROOT/usr/bin/[" && says no-shell-content FAIL
	contains "$output" /usr/bin/libfoo.so
	contains "$output" '/usr/bin/['
}

@test "a full scan finds what lies outside of the program directories, a quick one does not" {
	mkdir -p "$ROOT/srv/deep/er"
	cp /bin/busybox "$ROOT/srv/deep/er/data"
	says no-shell-content FAIL
	flags=(--scan=quick)
	says no-shell-content pass
	flags=(--scan=off)
	says no-shell-content n/a
}

@test "all four names make a shell, each a string of its own" {
	elf "$ROOT/usr/bin/a" "$shell_names"
	says no-shell-content FAIL
	elf "$ROOT/usr/bin/a" '\0PS4\0OPTIND\0IFS\0'
	says no-shell-content pass
	elf "$ROOT/usr/bin/a" 'xPS4\0xOPTIND\0xIFS\0xPPID\0'
	says no-shell-content pass
	elf "$ROOT/usr/bin/a" '\0PS4x\0OPTINDx\0IFSx\0PPIDx'
	says no-shell-content pass
	elf "$ROOT/usr/bin/a" '\0PS4=x\0OPTIND=1\0IFS=\0PPID='
	says no-shell-content FAIL
}

@test "names that lie across the border of two reads are found" {
	local shift
	for shift in 1 2 3 4 5 30 31 32 33; do
		elf "$ROOT/usr/bin/a" ''
		head -c $((65536 - 107 - shift)) /dev/zero >>"$ROOT/usr/bin/a"
		printf '%b' "$shell_names" >>"$ROOT/usr/bin/a"
		says no-shell-content FAIL
	done
}

# at_all_places TEXT: the image's only files, each an ELF file with TEXT elsewhere: in the middle, across the border of
# two reads and around it; with more of a file behind it, and as its end. Sets files to how many there are.
at_all_places() {
	rm -f "$ROOT"/usr/bin/*
	python3 - "$ROOT/usr/bin" "$1" <<-'EOF'
		import sys

		folder, text = sys.argv[1], sys.argv[2].encode().decode("unicode_escape").encode("latin-1")
		border = 65536
		for at in [*range(1000, 1017), *range(border - len(text) - 1, border + 5)]:
		    for behind in (0, 100):
		        with open(f"{folder}/{at}-{behind}", "wb") as file:
		            file.write((b"\x7fELF\2\1\1".ljust(at, b"\0") + text).ljust(at + len(text) + behind, b"\0"))
	EOF
	files=$(find "$ROOT/usr/bin" -type f | wc -l)
}

# finds COUNT ID: so many files are what the report names for one check
finds() {
	run "$GRANIT" --check -v --root="$ROOT"
	local count
	count=$(awk -v id="$2:" '
		/^[a-zA-Z]/ { here = $2 == id }
		here && $1 ~ "^/usr/bin/" { n++ }
		here && $1 == "and" && $3 == "more" { n += $2 }
		END { print n + 0 }' <<<"$output")
	[ "$count" = "$1" ] && return
	printf '%s files are found for %s, not %s, in:\n%s\n' "$count" "$2" "$1" "$output"
	return 1
}

@test "whatever is looked for is found wherever it stands" {
	local id text
	while read -r id text; do
		at_all_places "$text"
		finds "$files" "$id"
	done <<-'EOF'
		no-shell-content \0PS4\0OPTIND\0IFS\0PPID\0
		no-shell-content \0PPID\0IFS\0PS4\0OPTIND
		no-shell-content \0OPTIND=\0PPID=\0IFS=\0PS4
		no-shell-content fish_pid
		no-shell-content fish_pid\0fish_bind_mode
		no-shell-content \0hashstat\0onintr\0breaksw\0
		no-shell-content \0whatis\0apid\0sigexit
		no-shell-content aliasall Stand-alone shell\0aliasall\0
		no-shell-content src.elv.sh/pkg/shell.(*Program).Run
		no-shell-content \0worldwritablefile\0
		no-shell-content mvdan.cc/sh/v3/interp.(*Runner).Run
		no-shell-content nushell_version
		no-multicall BusyBox v1.36\0multi-call binary
		no-multicall usage: toybox
		no-multicall coreutils --coreutils-prog
		no-interpreter Py_BytesMain
		no-interpreter perl_parse
		no-interpreter NODE_OPTIONS
		no-interpreter LUA_PATH
		no-interpreter \0SUBSEP\0RSTART\0ENVIRON
		no-interpreter \0ENVIRON\0RSTART\0SUBSEP
		no-interpreter \0ruby_init
		no-interpreter php_embed_init
		no-interpreter JNI_CreateJavaVM
		no-interpreter \0JLI_Launch
		no-interpreter \0QEMU_LD_PREFIX
		no-interpreter X-Powered-By: PHP/8.2
		no-interpreter Tcl_Main
	EOF
}

@test "a part of a longer word is no name, wherever it stands" {
	local text
	for text in '\0PS4\0xOPTIND\0IFS\0PPID\0' '\0PS4\0OPTINDx\0IFS\0PPID\0' \
		'\0xPS4\0OPTIND\0IFS\0PPID\0' '\0PS4\0OPTIND\0IFS\0PPIDx'; do
		at_all_places "$text"
		finds 0 no-shell-content
	done
	at_all_places '\0SUBSEPx\0RSTART\0ENVIRON\0'
	finds 0 no-interpreter
}

@test "a program that only reads what a shell would run is no shell" {
	elf "$ROOT/usr/bin/a" 'mvdan.cc/sh/v3/syntax.(*Parser).Parse'
	says no-shell-content pass
}

@test "what is no program is not searched" {
	printf '%b' "$shell_names" >"$ROOT/usr/bin/a"
	says no-shell-content pass
}

@test "toybox, coreutils and interpreters are known by their content" {
	elf "$ROOT/usr/bin/a" 'usage: toybox [--long]'
	says no-multicall warn
	elf "$ROOT/usr/bin/a" 'coreutils --coreutils-prog=ls'
	says no-multicall warn
	local marker
	for marker in Py_BytesMain perl_parse NODE_OPTIONS LUA_PATH '\0ruby_init\0' php_embed_init JNI_CreateJavaVM Tcl_Main '\0JLI_Launch\0' '\0QEMU_LD_PREFIX\0' 'X-Powered-By: PHP/8.2' \
		'\0SUBSEP\0RSTART\0ENVIRON\0'; do
		elf "$ROOT/usr/bin/a" "$marker"
		says no-interpreter warn
	done
}

@test "twenty-one names of one file are a multi-call binary" {
	local i
	install -m 755 /dev/null "$ROOT/usr/bin/one"
	for ((i = 0; i < 20; i++)); do ln "$ROOT/usr/bin/one" "$ROOT/usr/bin/hard$i"; done
	says no-multicall warn
	contains "$output" 'has 21 names'
	rm "$ROOT"/usr/bin/hard*
	for ((i = 0; i < 21; i++)); do ln -s one "$ROOT/usr/bin/soft$i"; done
	says no-multicall warn
}

@test "a shell by name: a file, a link to one; not a directory, a pipe, a link to nothing" {
	: >"$ROOT/usr/bin/zsh"
	says no-shell FAIL
	rm "$ROOT/usr/bin/zsh"
	mkdir "$ROOT/usr/bin/sh"
	mkfifo "$ROOT/usr/bin/bash"
	ln -s nothing "$ROOT/usr/bin/ash"
	says no-shell pass
	contains "$output" '/usr/bin/ash leads nowhere'
	: >"$ROOT/usr/bin/nothing"
	says no-shell FAIL
}

@test "links are resolved inside the image, with openat2 and without" {
	ln -s /bin/busybox "$ROOT/usr/bin/tool"
	says no-shell-content pass
	mkdir "$ROOT/bin"
	cp /bin/busybox "$ROOT/bin/busybox"
	says no-shell-content FAIL
	"$GRANIT" --check -v --root="$ROOT" >"$BATS_TEST_TMPDIR/with" || :
	ln -s ../../../../../../../../bin "$ROOT/usr/games"
	ln -s loop "$ROOT/usr/bin/loop"
	run "$GRANIT" --check -v --root="$ROOT"
	local with=$output
	run "$TOOLS/inject" openat2=ENOSYS -- "$GRANIT" --check -v --root="$ROOT"
	[ "$output" = "$with" ]
	run "$TOOLS/inject" openat2=EPERM -- "$GRANIT" --check -v --root="$ROOT"
	[ "$output" = "$with" ]
}

@test "--allow lifts one path, and says so" {
	cp /bin/busybox "$ROOT/usr/bin/app"
	cp /bin/busybox "$ROOT/usr/bin/other"
	flags=(--allow=/usr/bin/app)
	says no-shell-content FAIL
	contains "$output" '/usr/bin/app holds a shell and is allowed'
	rm "$ROOT/usr/bin/other"
	says no-shell-content pass
	: >"$ROOT/usr/bin/node"
	flags+=(--profile=restricted)
	says no-interpreter FAIL
	flags+=(--allow=/usr/bin/node)
	says no-interpreter pass
}

@test "setuid, file capabilities, world-writable, devices, keys, scripts, packed" {
	needs_root "device nodes and file capabilities"
	install -m 4755 /bin/true "$ROOT/usr/bin/s"
	says setuid-files warn
	rm "$ROOT/usr/bin/s"
	says setuid-files pass
	cp /bin/true "$ROOT/usr/bin/c"
	setcap cap_net_raw+ep "$ROOT/usr/bin/c"
	says setuid-files warn
	install -m 666 /dev/null "$ROOT/usr/bin/w"
	says world-writable warn
	mknod "$ROOT/usr/bin/d" c 1 3
	says device-nodes-in-image warn
	mkdir -p "$ROOT/root/.ssh"
	printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\n' >"$ROOT/root/.ssh/some.key"
	says image-secrets warn
	printf '#!/usr/bin/runner\n' >"$ROOT/usr/bin/script"
	chmod 755 "$ROOT/usr/bin/script"
	says no-interpreter pass
	cp /bin/true "$ROOT/usr/bin/runner"
	says no-interpreter warn
	elf "$ROOT/usr/bin/p" 'UPX!'
	says packed-binary warn
}

@test "a budget that runs out is no pass" {
	cp /bin/busybox "$ROOT/usr/bin/b"
	flags=(--scan-budget=10s,1K)
	says no-shell-content FAIL
	contains "$output" 'used up its budget of bytes'
	flags=(--scan-budget=10s,1G,0)
	says no-shell-content FAIL
	contains "$output" 'budget of files'
}

@test "a directory that cannot be opened is an error, not an empty image" {
	expect 125 "$GRANIT" --check --root="$ROOT/nowhere"
	contains "$stderr" 'cannot open the directory'
	expect 125 "$GRANIT" --root="$ROOT" -- true
	contains "$stderr" 'add --check'
}

@test "granit does not find itself" {
	cp "$GRANIT" "$ROOT/usr/bin/granit-copy"
	says no-shell-content pass
	says no-multicall pass
	says no-interpreter pass
	says packed-binary pass
}
