#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The manifest: what --seal writes, what other tools read in it, and what granit refuses to read.
# bats sets output and stderr; every test is a subshell.
# shellcheck disable=SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	TREE=$BATS_TEST_TMPDIR/tree
	MANIFEST=$BATS_TEST_TMPDIR/manifest
	umask 022
}

teardown() {
	[[ $TREE != /dev/shm/* ]] || rm -rf "$TREE"
}

# Names and kinds that images have, and those that nobody should give.
make_tree() {
	mkdir -p "$TREE"/{usr/bin,etc,data,"with space"}
	cp "$TOOLS/probe" "$TREE/usr/bin/probe"
	chmod 555 "$TREE/usr/bin/probe"
	ln "$TREE/usr/bin/probe" "$TREE/usr/bin/hard"
	ln -s probe "$TREE/usr/bin/link"
	ln -s "../no where" "$TREE/data/dangling"
	printf 'text\n' >"$TREE/with space/line"$'\n''end'
	printf 'x' >"$TREE/data/"$'\xff\xfe'
	printf 'y' >"$TREE/data/a#b=c\\d"
	: >"$TREE/etc/empty"
	chmod 1777 "$TREE/data"
	mkfifo "$TREE/data/fifo"
	truncate -s 3M "$TREE/data/sparse"
}

seal() {
	expect 0 "$GRANIT" --seal="$TREE"
	[ -z "$stderr" ]
	printf '%s\n' "$output" >"$MANIFEST"
}

# reads VERDICT [TEXT]: what --check says of the manifest in $MANIFEST
reads() {
	cp "$MANIFEST" "$TREE/etc/granit.manifest"
	run --separate-stderr "$GRANIT" --check -v --root="$TREE" --scan=off --verify=all
	grep -qx "$1 image-sealed: .*" <<<"$output" && contains "$output" "${2:-}" && return
	printf 'wanted: %s %s\n%s\n' "$1" "${2:-}" "$(grep -A12 image-sealed <<<"$output")"
	return 1
}

@test "names are whole paths, sorted by bytes, with octal escapes and no times" {
	make_tree
	seal
	[ "$(head -n 1 "$MANIFEST")" = '#mtree' ]
	tail -n +2 "$MANIFEST" | LC_ALL=C sort -c
	grep -qx '\. type=dir mode=0755 uid=[0-9]* gid=[0-9]*' "$MANIFEST"
	grep -q '^\./with\\040space/line\\012end type=file mode=0644 .* size=5 sha256digest=[0-9a-f]\{64\}$' "$MANIFEST"
	grep -q '^\./data/\\377\\376 type=file' "$MANIFEST"
	grep -q '^\./data/a\\043b\\075c\\134d type=file' "$MANIFEST"
	grep -q '^\./data type=dir mode=01777 ' "$MANIFEST"
	grep -q '^\./data/dangling type=link .* link=\.\./no\\040where$' "$MANIFEST"
	[ "$(grep -c "sha256digest=$(sha256sum <"$TREE/usr/bin/probe" | cut -c 1-64)" "$MANIFEST")" -eq 2 ]
	run ! grep -E 'time=|nlink=|inode=' "$MANIFEST"
}

@test "the same bytes on every run, and from a copy made in another order" {
	make_tree
	seal
	cp "$MANIFEST" "$MANIFEST.first"
	mkdir "$BATS_TEST_TMPDIR/copy"
	(cd "$TREE" && find . -print0 | LC_ALL=C sort -rz | tar --null --no-recursion -T - -cf -) |
		tar -C "$BATS_TEST_TMPDIR/copy" -xpf -
	TREE=$BATS_TEST_TMPDIR/copy
	seal
	diff "$MANIFEST.first" "$MANIFEST"
}

@test "setuid modes and devices" {
	needs_root 'makes a device'
	mkdir -p "$TREE/etc"
	mknod "$TREE/null" c 1 3
	mknod "$TREE/disk" b 259 70000
	printf 'x' >"$TREE/setuid"
	chown 12:34 "$TREE/setuid"
	chmod 6755 "$TREE/setuid"
	seal
	grep -q '^\./null type=char .* device=native,1,3$' "$MANIFEST"
	grep -q '^\./disk type=block .* device=native,259,70000$' "$MANIFEST"
	grep -q '^\./setuid type=file mode=06755 uid=12 gid=34 ' "$MANIFEST"
	reads pass
}

@test "bsdtar writes the same of the same tree" {
	needs_tool bsdtar
	make_tree
	seal
	bsdtar -cf - --format=mtree --options='!all,type,mode,uid,gid,size,link,sha256,device' -C "$TREE" . >"$MANIFEST.bsdtar"
	diff <(python3 tests/helpers/mtree_words.py "$MANIFEST") <(python3 tests/helpers/mtree_words.py "$MANIFEST.bsdtar")
}

@test "granit takes what bsdtar wrote, once it is sorted" {
	needs_tool bsdtar
	make_tree
	bsdtar -cf - --format=mtree --options='!all,type,mode,uid,gid,size,link,sha256,device' -C "$TREE" . |
		LC_ALL=C sort >"$MANIFEST"
	reads pass
}

@test "bsdtar reads every name of it" {
	needs_tool bsdtar
	make_tree
	seal
	diff <(tail -n +2 "$MANIFEST" | wc -l) <(bsdtar -tvf "$MANIFEST" | wc -l)
	bsdtar -tvf "$MANIFEST" | grep -q 'lrwxrwxrwx.* -> probe$'
}

@test "mtree finds the tree as the manifest says, and notices a change" {
	needs_tool mtree
	make_tree
	# Its own unvis has no way to tell a line's end in a name from the line's.
	rm "$TREE/with space/line"$'\n''end'
	seal
	expect 0 mtree -f "$MANIFEST" -p "$TREE"
	[ -z "$output" ]
	printf 'y' >"$TREE/data/"$'\xff\xfe'
	expect 2 mtree -f "$MANIFEST" -p "$TREE"
}

@test "a sealed tree passes, and the manifest and its signatures do not list themselves" {
	make_tree
	: >"$TREE/etc/granit.manifest.minisig"
	: >"$TREE/etc/granit.manifest.sig"
	seal
	run ! grep granit.manifest "$MANIFEST"
	reads pass 'note: unsigned'
	run ! grep -q 'was added' <<<"$output"
}

# More than 32 bits, and a digest that sha256sum(1) said. A hole of a tmpfs takes no memory to read; a disk's fills the cache.
@test "4 GB and a byte that are a hole are sealed and verified" {
	if [ "$(stat -f -c %T /dev/shm)" = tmpfs ] && [ -w /dev/shm ]; then
		TREE=$(mktemp -d -p /dev/shm)
	fi
	mkdir -p "$TREE/etc"
	truncate -s $(((1 << 32) + 1)) "$TREE/hole"
	seal
	grep -q ' size=4294967297 sha256digest=fbb82f7b353676bb562eb82157fcf0ea42c36492ca13ee56dbf82c08b6802c5c$' "$MANIFEST"
	reads pass
}

@test "what cannot be looked at is an error, and nothing is written" {
	make_tree
	mkdir "$TREE/deep"
	local name
	printf -v name '%0200d' 0
	# Deeper than any path may be long.
	(cd "$TREE/deep" && for _ in {1..25}; do mkdir "$name" && cd "$name" || exit; done)
	expect 125 "$GRANIT" --seal="$TREE" --ignore=all
	[ -z "$output" ]
	contains "$stderr" 'cannot look at '
}

@test "a file that its reader may not read is an error" {
	needs_root 'becomes another user'
	make_tree
	chmod 600 "$TREE/etc/empty"
	chmod 711 "$BATS_TEST_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "${BATS_TEST_TMPDIR%/*/*}"
	cp "$GRANIT" "$BATS_TEST_TMPDIR/granit"
	expect 125 setpriv --reuid=65532 --regid=65532 --clear-groups "$BATS_TEST_TMPDIR/granit" --seal="$TREE" --ignore=all
	[ -z "$output" ]
	contains "$stderr" "cannot read $TREE/etc/empty: Permission denied; nothing was written"
}

@test "what fails the checks is not sealed, unless the check is named" {
	make_tree
	cp /bin/dash "$TREE/usr/bin/sh"
	expect 78 "$GRANIT" --seal="$TREE"
	[ -z "$output" ]
	contains "$stderr" "refused to seal $TREE"
	contains "$stderr" 'FAIL no-shell'
	expect 78 "$GRANIT" --seal="$TREE" --profile=plain
	expect 0 "$GRANIT" --seal="$TREE" --ignore=no-shell,no-shell-content
	contains "$output" './usr/bin/sh type=file'
}

@test "a program, or no folder, is no tree to seal" {
	expect 125 "$GRANIT" --seal="$BATS_TEST_TMPDIR/none"
	contains "$stderr" 'none'
	mkdir "$TREE"
	expect 125 "$GRANIT" --seal="$TREE" -- /app
	contains "$stderr" 'starts nothing'
}

# broken WHY SED-EXPRESSION: the manifest so changed is not believed, with the reason
broken() {
	seal
	sed -i "$2" "$MANIFEST"
	reads FAIL "$1"
	contains "$output" 'is not valid'
}

@test "a manifest that is not as granit writes it is refused, with the line" {
	make_tree
	broken 'line 3: there is an unknown keyword' '3s/ uid=/ time=1.0 uid=/'
	broken 'line 3: a keyword is given twice' '3s/ uid=/ uid=0 uid=/'
	broken 'line 3: it lacks keywords of its type' '3s/ uid=[0-9]*//'
	broken "line 3: a keyword has an invalid value" '3s/mode=[0-7]*/mode=9/'
	broken "line 3: a keyword has an invalid value" '3s/mode=[0-7]*/mode=10000/'
	broken "line 3: a keyword has an invalid value" '3s/uid=[0-9]*/uid=4294967296/'
	broken 'line 3: there is an unknown keyword' '3s/ uid=/  uid=/'
	broken 'line 3: it ends with a blank' '3s/$/ /'
	broken 'line 4: it is not sorted by bytes' '3{h;d};4{G}'
	broken 'line 1: its first line is not #mtree' '1d'
	broken 'line 3: the line does not begin with a path' '3s,^\./,./../,'
	broken 'line 3: the line does not begin with a path' '3s,^\./,.//,'
	broken 'line 3: the line does not begin with a path' '3s,^\./,./\\057,'
	broken 'line 3: the line does not begin with a path' '3s,^\./,./\\000,'
	broken 'its first name is not the directory .' '2d'
	broken 'line 3: ' '3s,^,/set ,'
}

@test "a manifest cut short is refused" {
	make_tree
	seal
	truncate -s -1 "$MANIFEST"
	reads FAIL "it does not end with a newline"
	: >"$MANIFEST"
	reads FAIL 'its first line is not #mtree'
}
