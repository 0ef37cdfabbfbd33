#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which parts of an ELF file are searched: those that get mapped, whatever machine it is for.

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
	run "$GRANIT" --check --root="$ROOT"
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
			elf --class="$class" --data="$data" --load=4096:1000 --put=6000:"$SHELL_NAMES" --size=9000
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
	elf --load=4096:24 --put=4096:'aaaa\0PS4\0OPTIND\0IFS\0PPIDx' --size=9000
	says FAIL
	elf --load=4096:25 --put=4096:'aaaa\0PS4\0OPTIND\0IFS\0PPIDx' --size=9000
	says pass
}

@test "what one part ends with does not count where the next one begins" {
	elf --load=4096:100 --load=8192:100 --put=4195:x --put=8192:'OPTIND\0PS4\0IFS\0PPID\0' --size=9000
	says FAIL
	elf --load=4096:100 --load=8192:100 --put=4191:'\0OPTI' --put=8192:'ND\0PS4\0IFS\0PPID\0' --size=9000
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
		loads+=(--load=$((8192 + 64 * i)):16)
	done
	elf "${loads[@]}" --put=20000:"$SHELL_NAMES" --size=30000
	says FAIL
}

@test "headers that tell nothing of use: all of the file is searched" {
	elf --put=6000:"$SHELL_NAMES" --size=9000
	says FAIL
	elf --load=4096:100 --phoff=99999999 --put=6000:"$SHELL_NAMES" --size=9000
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
	elf --load=4096:100 --note=5000:1000 --put=5200:"$SHELL_NAMES" --size=9000
	says pass
}

@test "what an earlier read ended with does not make a beginning" {
	# The second read starts 32 bytes before the first one's end, at 69600: in the middle of a word.
	elf --load=4096:200000 --put=69599:'xPS4\0' --put=80000:'\0OPTIND\0IFS\0PPID\0' --size=210000
	says pass
	elf --load=4096:200000 --put=69599:'\0PS4\0' --put=80000:'\0OPTIND\0IFS\0PPID\0' --size=210000
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
	run "$GRANIT" --check --root="$ROOT"
	grep -qE '^pass no-multicall:' <<<"$output"
	elf --load=4096:1000 --put=4200:'\0BusyBox v1.36\0' --put=4300:'multi-call binary' --size=9000
	run "$GRANIT" --check --root="$ROOT"
	grep -qE '^warn no-multicall:' <<<"$output"
}
