#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034 # flags is for says() of image.bash
# A bound that is hit is never a silent pass: more files, links and levels than a walk remembers.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/image
	granit_setup
	mkdir -p "$ROOT/usr/bin"
	flags=()
}

# forgetful_granit: the tests' own build, which remembers no more than 64 files
forgetful_granit() {
	[ "$GRANIT" = "$(realpath build/granit)" ] || skip 'another binary is tested'
	GRANIT=$TOOLS/granit
}

# many FOLDER COUNT: so many empty files
many() {
	mkdir -p "$1"
	(cd "$1" && seq -f 'j%g' "$2" | xargs touch)
}

@test "thirty-three thousand files in one program directory hide no shell in the next one" {
	many "$ROOT/usr/local/sbin" 33000
	mkdir "$ROOT/bin"
	cp /bin/dash "$ROOT/bin/sh"
	for scan in quick full; do
		flags=(--scan="$scan")
		says no-shell FAIL
		says no-shell-content FAIL
	done
}

@test "of thousands of program directories the last one is looked at like the first" {
	(mkdir "$ROOT/opt" && cd "$ROOT/opt" && seq -f '%g/bin' 36000 | xargs mkdir -p)
	mkdir -p "$ROOT/nix/store/x/bin"
	cp /bin/dash "$ROOT/nix/store/x/bin/sh"
	flags=(--scan=quick)
	says no-shell FAIL
	says no-shell-content FAIL
}

@test "what is not remembered is looked at all the same" {
	forgetful_granit
	many "$ROOT/usr/local/sbin" 100
	mkdir -p "$ROOT/bin" "$ROOT/opt/x/bin"
	cp /bin/dash "$ROOT/bin/sh"
	: >"$ROOT/opt/x/bin/bash"
	for scan in quick full; do
		flags=(--scan="$scan")
		says no-shell FAIL
		contains "$output" '/bin/sh has the name'
		contains "$output" '/opt/x/bin/bash has the name'
		says no-shell-content FAIL
	done
}

@test "links that cannot be counted are unknown, and those that the file counts itself are not" {
	forgetful_granit
	many "$ROOT/usr/local/sbin" 100
	local i
	install -m 755 /dev/null "$ROOT/usr/bin/one"
	for ((i = 0; i < 20; i++)); do ln "$ROOT/usr/bin/one" "$ROOT/usr/bin/hard$i"; done
	says no-multicall warn
	contains "$output" 'has 21 names'
	rm "$ROOT"/usr/bin/hard*
	says no-multicall pass
	ln -s one "$ROOT/usr/bin/soft"
	says no-multicall FAIL
	contains "$output" 'unknown: there are too many files to count the links'
	rm -r "${ROOT:?}/usr/local"
	says no-multicall pass
}

# deep COUNT: a folder so many levels down, with a file on each level in the way there and back
deep() {
	local path=$ROOT/deep i
	for ((i = 1; i < $1; i++)); do path+=/d; done
	mkdir -p "$path"
	while [ "$path" != "$ROOT" ]; do
		: >"$path/a" && : >"$path/z"
		path=${path%/*}
	done
}

@test "hundreds of levels are walked down and up again, and nothing is left out" {
	deep 300
	says no-shell-content pass
	local place at
	for at in 1 31 32 33 34 64 65 250 300; do
		place=$ROOT/deep$(for ((i = 1; i < at; i++)); do printf /d; done)
		for name in 0shell zshell; do
			cp /bin/dash "$place/$name"
			says no-shell-content FAIL
			contains "$output" "/$name is a shell by"
			[ "$(grep -c 'is a shell by' <<<"$output")" -eq 1 ]
			rm "$place/$name"
		done
	done
	# All of them, so that whatever order the file system has some lie behind the way down.
	local path=$ROOT/deep
	for ((at = 1; at <= 300; at++)); do
		for name in b m y; do printf '\177ELF\2\1\1\0%0100d\0PS4\0OPTIND\0IFS\0PPID\0' 0 >"$path/$name"; done
		chmod 755 "$path/b" "$path/m" "$path/y"
		path+=/d
	done
	says no-shell-content FAIL
	contains "$output" 'and 884 more'
}

@test "a deep tree takes no more descriptors than a flat one" {
	deep 200
	run bash -c 'ulimit -n 64 && exec "$@"' - "$GRANIT" --check -v --root="$ROOT"
	grep -qE '^pass +no-shell-content:' <<<"$output"
}

@test "a seal goes as deep as the image" {
	deep 300
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest"
	[ "$(grep -c '/[az] .*type=file' "$BATS_TEST_TMPDIR/manifest")" -eq 600 ]
}
