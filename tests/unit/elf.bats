#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which parts of an ELF file are searched: those that get mapped, whatever machine it is for.
# bats sets output, in a subshell for each test.
# shellcheck disable=SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	mkdir -p "$ROOT/usr/bin"
	SHELL_NAMES='\0PS4\0OPTIND\0IFS\0PPID\0'
}

# elf WORD...: the one file of the image
elf() {
	python3 tests/helpers/elf.py "$ROOT/usr/bin/tool" "$@"
}

# says VERDICT: what the report says of shells by content
says() {
	run "$GRANIT" --check -v --root="$ROOT"
	grep -qE "^$1 +no-shell-content:" <<<"$output" && return
	printf 'wanted "%s" for no-shell-content in:\n%s\n' "$1" "$(grep -A 3 -E '^[a-zA-Z/]+ +no-shell-content:' <<<"$output")"
	return 1
}

@test "a part that is mapped, for machines of both widths and byte orders" {
	local class data
	for class in 32 64; do
		for data in lsb msb; do
			elf --class="$class" --data="$data" --load=4096:1000 --put=4200:"$SHELL_NAMES" --size=9000
			says FAIL
			elf --class="$class" --data="$data" --load=4096:1000 --put=9000:"$SHELL_NAMES" --size=12000
			says pass
		done
	done
}

@test "names in two different parts belong together" {
	elf --load=4096:1000 --load=8192:1000 --put=4200:'\0PS4\0IFS\0' --put=8200:'\0OPTIND\0PPID\0' --size=12000
	says FAIL
}

@test "a part that follows another without a gap, or overlaps it, is searched to its end" {
	elf --load=4096:1000 --load=5096:1000 --put=5900:"$SHELL_NAMES" --size=9000
	says FAIL
	elf --load=4096:1000 --load=4196:2000 --put=6000:"$SHELL_NAMES" --size=9000
	says FAIL
	elf --load=4096:2000 --load=4196:100 --put=6000:"$SHELL_NAMES" --size=9000
	says FAIL
}

@test "the first and the last string of a part need no border" {
	elf --load=4096:1000 --put=4096:'PS4\0OPTIND\0IFS\0PPID\0' --size=9000
	says FAIL
	elf --load=4096:4096 --put=8168:'aaaa\0PS4\0OPTIND\0IFS\0PPIDx' --size=13000
	says FAIL
	elf --load=4096:4097 --put=8168:'aaaa\0PS4\0OPTIND\0IFS\0PPIDx' --size=13000
	says pass
}

@test "what one part ends with does not count where the next one begins" {
	elf --load=4096:4096 --load=12288:100 --put=8191:x --put=12288:'OPTIND\0PS4\0IFS\0PPID\0' --size=13000
	says FAIL
	elf --load=4096:4096 --load=12288:100 --put=8187:'\0OPTI' --put=12288:'ND\0PS4\0IFS\0PPID\0' --size=13000
	says pass
}

@test "whole pages are mapped: what lies before and behind a part in its pages is searched" {
	elf --load=5000:100 --put=4100:"$SHELL_NAMES" --size=20000
	says FAIL
	elf --load=5000:100 --put=8160:"$SHELL_NAMES" --size=20000
	says FAIL
	elf --load=5000:100 --put=8200:"$SHELL_NAMES" --size=20000
	says pass
	# Kernels of arm64 may be built for pages of 64 KiB.
	elf --machine=183 --load=5000:100 --put=65000:"$SHELL_NAMES" --size=140000
	says FAIL
	elf --machine=183 --load=5000:100 --put=66000:"$SHELL_NAMES" --size=140000
	says pass
}

@test "a part that cannot be written and is larger in memory: all of the file is searched" {
	elf --load=4096:100:r:9000 --put=13000:"$SHELL_NAMES" --size=20000
	says FAIL
	elf --load=4096:100:rw:9000 --put=13000:"$SHELL_NAMES" --size=20000
	says pass
}

@test "a name across the border of two reads begins and ends like any other" {
	local at
	for at in 69628 69629 69630 69631 69632 69633; do
		elf --load=4096:200000 --put="$at":"$SHELL_NAMES" --size=210000
		says FAIL
		elf --load=4096:200000 --put="$at":'xPS4\0xOPTIND\0xIFS\0xPPID\0' --size=210000
		says pass
	done
}

@test "more parts than are counted: all of the file is searched" {
	local -a loads=()
	local i
	for ((i = 0; i < 40; i++)); do
		loads+=(--load=$((8192 * (i + 1))):16)
	done
	elf "${loads[@]}" --put=400000:"$SHELL_NAMES" --size=410000
	says FAIL
}

@test "headers that tell nothing of use: all of the file is searched" {
	elf --put=6000:"$SHELL_NAMES" --size=9000
	says FAIL
	elf --load=4096:100 --phoff=99999999 --put=9000:"$SHELL_NAMES" --size=13000
	says FAIL
	elf --load=4096:100 --phentsize=64 --put=9000:"$SHELL_NAMES" --size=13000
	says FAIL
	# Cut off in the middle of the header.
	printf '\177ELF\2\1\1\0PS4\0OPTIND\0IFS\0PPID\0' >"$ROOT/usr/bin/tool"
	says FAIL
}

@test "a part that reaches beyond the end of the file is searched as far as there is one" {
	elf --load=4096:999999 --put=6000:"$SHELL_NAMES"
	says FAIL
}

@test "a part that is described, and not mapped, is not searched" {
	elf --load=4096:100 --note=9000:1000 --put=9200:"$SHELL_NAMES" --size=13000
	says pass
}

@test "what an earlier read ended with does not make a beginning" {
	# The second read starts 64 bytes before the first one's end, at 69568: in the middle of a word.
	elf --load=4096:200000 --put=69567:'xPS4\0' --put=80000:'\0OPTIND\0IFS\0PPID\0' --size=210000
	says pass
	elf --load=4096:200000 --put=69567:'\0PS4\0' --put=80000:'\0OPTIND\0IFS\0PPID\0' --size=210000
	says FAIL
}

@test "a name is found wherever it stands in a block" {
	local i
	for ((i = 0; i < 64; i++)); do
		{
			printf '\177ELF\2\1\1'
			head -c $((200 + i)) /dev/zero
			# shellcheck disable=SC2059 # it is a format, for its escapes
			printf "$SHELL_NAMES"
		} >"$ROOT/usr/bin/tool$i"
	done
	says FAIL
	contains "$output" 'and 48 more'
}

@test "busybox is not what only speaks of it" {
	elf --load=4096:1000 --put=4200:'\0BusyBox v1.36\0' --size=9000
	run "$GRANIT" --check -v --root="$ROOT"
	grep -qE '^pass no-multicall:' <<<"$output"
	elf --load=4096:1000 --put=4200:'\0BusyBox v1.36\0' --put=4300:'multi-call binary' --size=9000
	run "$GRANIT" --check -v --root="$ROOT"
	grep -qE '^warn no-multicall:' <<<"$output"
}

@test "what a kernel reads otherwise than the file claims is searched to its end" {
	local class data other
	# The other class's fields make sense too: the entries' size and their number, at 42 and 44, or at 54 and 56.
	elf --load=4096:100 --byte=42:32 --byte=44:1 --put=9000:"$SHELL_NAMES" --size=13000
	says FAIL
	elf --class=32 --load=4096:100 --byte=54:56 --byte=56:1 --put=9000:"$SHELL_NAMES" --size=13000
	says FAIL
	# The class, or the byte order, is not the header's.
	for data in lsb msb; do
		other=1
		[ "$data" = msb ] || other=2
		for class in 32 64; do
			elf --class="$class" --data="$data" --byte=4:$((class == 32 ? 2 : 1)) --load=4096:100 --put=9000:"$SHELL_NAMES" --size=13000
			says FAIL
			elf --class="$class" --data="$data" --byte=5:$other --load=4096:100 --put=9000:"$SHELL_NAMES" --size=13000
			says FAIL
			elf --class="$class" --data="$data" --load=4096:100 --put=9000:"$SHELL_NAMES" --size=13000
			says pass
		done
	done
}

@test "bash that claims to be of another class runs, and is found" {
	needs_tool python3
	local scan flipped=$ROOT/usr/bin/x
	[ "$(od -An -tu1 -j4 -N1 "$(realpath /bin/bash)")" -eq 2 ] || skip "this machine's bash is no 64-bit program"
	python3 tests/helpers/flip_class.py "$(realpath /bin/bash)" "$flipped"
	chmod 755 "$flipped"
	[ "$("$flipped" -c 'echo it runs')" = 'it runs' ]
	for scan in quick full; do
		run "$GRANIT" --check -v --root="$ROOT" --scan="$scan"
		contains "$output" '/usr/bin/x is a shell by its content'
	done
}

# quick VERDICT: of shells by content, in a quick look
quick() {
	run "$GRANIT" --check -v --root="$ROOT" --scan=quick
	grep -qE "^$1 +no-shell-content:" <<<"$output" && return
	printf 'wanted "%s" for no-shell-content in:\n%s\n' "$1" "$(grep -A 3 -E '^[a-zA-Z/]+ +no-shell-content:' <<<"$output")"
	return 1
}

MIB=1048576

@test "the loader that a program names is read wherever its headers lie, by the class that the kernel goes by" {
	local class data headers loader=$ROOT/srv/loader
	mkdir "$ROOT/srv"
	python3 tests/helpers/elf.py "$loader" --load=4096:1000 --put=4200:"$SHELL_NAMES" --size=9000
	# names VERDICT ELF-OPTION...: a program that names that loader
	names() {
		local verdict=$1
		shift
		elf --load=4096:100 --interp=5000:12 --put=5000:'/srv/loader\0' --size=13000 "$@"
		chmod 755 "$ROOT/usr/bin/tool"
		quick "$verdict"
	}
	for headers in 64 4064 4096 12000; do
		for class in 32 64; do
			for data in lsb msb; do
				names FAIL --class="$class" --data="$data" --headers="$headers"
			done
			names FAIL --class="$class" --headers="$headers" --byte=4:$((class == 32 ? 2 : 1))
			names FAIL --class="$class" --headers="$headers" --byte=5:2
		done
	done
	# A 32-bit header that makes sense too, and that no kernel reads.
	names FAIL --byte=42:32 --byte=44:1 --byte=4:1
	# x32
	names FAIL --class=32 --machine=62 --headers=12000
	# Behind the end of the file, and more than a kernel takes.
	names pass --phoff=99999999
	names pass --byte=56:255 --byte=57:255
}

@test "a quick look reads the constants, a MiB of each part, and not the code before them" {
	local -a parts=(--load="4096:40000:rx" --load="65536:$((3 * MIB)):r" --load="$((4 * MIB)):$((3 * MIB)):rw")
	elf "${parts[@]}" --put=70000:"$SHELL_NAMES" --size=$((8 * MIB))
	quick FAIL
	elf "${parts[@]}" --put=$((MIB + 65536 - 50)):"$SHELL_NAMES" --size=$((8 * MIB))
	quick FAIL
	elf "${parts[@]}" --put=$((MIB + 65536)):"$SHELL_NAMES" --size=$((8 * MIB))
	quick pass
	contains "$output" 'a quick scan read the constants of 1 programs and libraries, in 1 of them the first MiB'
	says FAIL
	elf "${parts[@]}" --put=$((5 * MIB - 50)):"$SHELL_NAMES" --size=$((8 * MIB))
	quick FAIL
	elf "${parts[@]}" --put=$((5 * MIB)):"$SHELL_NAMES" --size=$((8 * MIB))
	quick pass
	elf "${parts[@]}" --put=9000:"$SHELL_NAMES" --size=$((8 * MIB))
	quick pass
	says FAIL
}

@test "a quick look reads the code too where no constants lie behind it, in whatever order the headers are" {
	elf --load="4096:$((6 * MIB)):rx" --load="$((7 * MIB)):1000:rw" --put=$((4 * MIB)):"$SHELL_NAMES" --size=$((8 * MIB))
	quick FAIL
	elf --load="4096:$((6 * MIB)):rx" --load="$((7 * MIB)):1000:rw" --put=$((5 * MIB)):"$SHELL_NAMES" --size=$((8 * MIB))
	quick pass
	elf --load=4096:1000:r --load=65536:40000:rx --put=70000:"$SHELL_NAMES" --size=120000
	quick FAIL
	elf --load=65536:40000:rx --load=4096:1000:r --put=70000:"$SHELL_NAMES" --size=120000
	quick FAIL
	elf --load=110000:1000:r --load=65536:40000:rx --put=70000:"$SHELL_NAMES" --size=120000
	quick pass
	elf --load=4096:40000:rwx --put=9000:"$SHELL_NAMES" --size=120000
	quick FAIL
}

@test "constants that are marked executable: a quick look reads all executed parts but the one that the program starts in" {
	local -a parts=(--load=4096:40000:rx --load=65536:40000:rx --load=110000:100:r)
	elf "${parts[@]}" --entry=5000 --put=70000:"$SHELL_NAMES" --size=120000
	quick FAIL
	elf "${parts[@]}" --entry=5000 --put=9000:"$SHELL_NAMES" --size=120000
	quick pass
	# A library starts nowhere.
	elf "${parts[@]}" --put=9000:"$SHELL_NAMES" --size=120000
	quick FAIL
	elf --class=32 --data=msb "${parts[@]}" --entry=66000 --put=9000:"$SHELL_NAMES" --size=120000
	quick FAIL
}

@test "parts that overlap: a quick look reads all of the file, in whatever order the headers are" {
	elf --load=4096:40000:rx --load=30000:100:r --entry=5000 --put=9000:"$SHELL_NAMES" --size=120000
	quick FAIL
	elf --load=30000:100:r --load=4096:40000:rx --entry=5000 --put=9000:"$SHELL_NAMES" --size=120000
	quick FAIL
	elf --load=4096:40000:rx --load=44095:100:r --entry=5000 --put=9000:"$SHELL_NAMES" --size=120000
	quick FAIL
	elf --load=4096:40000:rx --load=44096:100:r --entry=5000 --put=9000:"$SHELL_NAMES" --size=120000
	quick pass
}

@test "bash with constants that are marked executable runs, and is found" {
	needs_tool python3
	local hidden=$ROOT/usr/bin/x
	[ "$(od -An -tu1 -j4 -N1 "$(realpath /bin/bash)")" -eq 2 ] || skip "this machine's bash is no 64-bit program"
	python3 tests/helpers/mark_constants.py "$(realpath /bin/bash)" "$hidden"
	chmod 755 "$hidden"
	[ "$("$hidden" -c 'echo it runs')" = 'it runs' ]
	quick FAIL
	contains "$output" '/usr/bin/x is a shell by its content'
}

@test "a quick look reads all of a file whose header contradicts itself" {
	elf --load=4096:100:r --byte=42:32 --byte=44:1 --put=$((3 * MIB)):"$SHELL_NAMES" --size=$((4 * MIB))
	quick FAIL
	elf --load=4096:100:r --phentsize=64 --put=$((3 * MIB)):"$SHELL_NAMES" --size=$((4 * MIB))
	quick FAIL
}

@test "a shell whose linker keeps code and constants together is found by a quick look" {
	needs_tool gcc
	printf '%s\n' 'const char *const names[] = {"PS4", "OPTIND", "IFS", "PPID"};' \
		'int main(int n, char **v) { return names[n % 4][0] + v[0][0]; }' >"$BATS_TEST_TMPDIR/sh.c"
	local how
	for how in noseparate-code separate-code; do
		gcc -O1 -Wl,-z,"$how" -o "$ROOT/usr/bin/tool" "$BATS_TEST_TMPDIR/sh.c"
		quick FAIL
		contains "$output" '/usr/bin/tool is a shell by its content'
	done
}

@test "names of wide characters count like narrow ones, in both byte orders" {
	local data at
	for data in lsb msb; do
		for at in 4200 69620 69624 69628 69632 69636; do
			elf --data="$data" --load=4096:200000 --wide="$at":'\0PS4\0OPTIND\0IFS\0PPID\0' --size=210000
			says FAIL
			elf --data="$data" --load=4096:200000 --wide="$at":'\0PS4\0OPTIND\0IFS=\0PPID=' --size=210000
			says FAIL
			elf --data="$data" --load=4096:200000 --wide="$at":'\0PS4\0xOPTIND\0IFS\0PPID\0' --size=210000
			says pass
			elf --data="$data" --load=4096:200000 --wide="$at":'\0PS4\0OPTINDx\0IFS\0PPID\0' --size=210000
			says pass
		done
		elf --data="$data" --load=4096:200000 --wide=69600:'fish_pid' --wide=69700:'fish_bind_mode' --size=210000
		says FAIL
	done
}

@test "a file is searched whole behind another start than ELF's, if a loader that does not look at it would map it" {
	local class data
	for class in 32 64; do
		for data in lsb msb; do
			elf --class="$class" --data="$data" --byte=0:88 --load=4096:100 --put=9000:"$SHELL_NAMES" --size=13000
			says FAIL
			# The table is outside of the file; it is no program, nor one that is loaded.
			elf --class="$class" --data="$data" --byte=0:88 --load=4096:100 --phoff=13000 --put=9000:"$SHELL_NAMES" --size=13000
			says pass
			elf --class="$class" --data="$data" --byte=0:88 --byte=16:4 --byte=17:4 --load=4096:100 --put=9000:"$SHELL_NAMES" --size=13000
			says pass
		done
	done
	# musl's loader takes entries of any size, and a sum that wraps around.
	elf --byte=0:88 --phentsize=8 --load=4096:100 --put=9000:"$SHELL_NAMES" --size=13000
	says FAIL
	elf --byte=0:88 --phoff=$(((1 << 63) - 1)) --byte=32:0xf8 --byte=39:0xff --load=4096:100 --put=9000:"$SHELL_NAMES" --size=13000
	says FAIL
}
