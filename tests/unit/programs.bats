#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the checks on an image's files make of what was found; how it is found is in content.bats.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	STRICT=option=--profile=restricted
}

# program=PATH:FAMILIES:CONTENT:MARKS:LINKS[:dangling]

@test "a link to nothing is only told, in every family" {
	judged no-shell pass off program=/bin/sh:1:0:0:0:dangling
	judged no-interpreter pass off program=/usr/bin/python3:2:0:0:0:dangling
	judged no-network-tools pass off program=/usr/bin/curl:8:0:0:0:dangling
	judged sshd pass off program=/usr/sbin/sshd:8:0:0:0:dangling
}

@test "--allow lifts the name that it says and no other" {
	judged no-shell pass off option=--allow=/bin/sh program=/bin/sh:1:0:0:0
	judged no-shell violation fail option=--allow=/bin/s program=/bin/sh:1:0:0:0
	judged no-shell violation fail option=--allow=/bin program=/bin/sh:1:0:0:0
}

@test "no-shell-content: a shell is grave, what shells have in common with libraries lesser" {
	judged no-shell-content violation fail program=/bin/foo:0:0x3:0:0
	judged no-shell-content violation warn program=/bin/foo:0:0x21:0:0
	judged no-shell-content pass off program=/bin/foo:0:0x1:0:0
}

@test "no-multicall: with a shell in it grave, without lesser, by many names lesser" {
	judged no-multicall violation fail program=/bin/foo:0:0x7:0:0
	judged no-multicall violation warn program=/bin/foo:0:0x5:0:0
	judged no-multicall violation warn program=/bin/foo:0:0x9:0:0
	judged no-multicall violation warn program=/bin/foo:0:0x11:0:0
	judged no-multicall violation warn program=/bin/foo:0:0x1:0:30
	judged no-multicall pass off program=/bin/foo:0:0x3:0:0
}

@test "no-interpreter: by name and by content grave, libraries and scripts lesser" {
	judged no-interpreter violation fail "$STRICT" program=/usr/bin/lua:2:0:0:0
	judged no-interpreter violation fail "$STRICT" program=/usr/bin/x:0:0x41:0:0
	judged no-interpreter violation warn "$STRICT" program=/usr/lib/libpython3.so.1:0:0x41:0:0
	judged no-interpreter violation warn "$STRICT" program=/usr/bin/x:0:0:0x40:0
	judged no-interpreter pass off "$STRICT" option=--allow=/usr/bin/lua program=/usr/bin/lua:2:0:0:0
	contains "$output" 'anyone who controls it can do what a shell does'
}

@test "sshd: both servers by name, the client is none" {
	judged sshd violation fail "$STRICT" program=/usr/sbin/sshd:8:0:0:0
	judged sshd violation fail "$STRICT" program=/usr/sbin/dropbear:8:0:0:0
	judged sshd pass off "$STRICT" program=/usr/bin/ssh:8:0:0:0
}

@test "marks of files: each for its own check" {
	judged setuid-files violation warn program=/x:0:0:1:0
	judged setuid-files violation warn program=/x:0:0:2:0
	judged world-writable violation warn program=/x:0:0:4:0
	judged device-nodes-in-image violation warn program=/x:0:0:8:0
	judged image-secrets violation warn program=/x:0:0:0x10:0
	judged image-secrets violation warn program=/x:0:0:0x20:0
	judged packed-binary violation warn program=/x:0:0:0x80:0
	judged packed-binary violation warn program=/x:0:0x8001:0:0
}

@test "what could not be looked at is unknown in every check on content" {
	local id
	for id in no-shell no-shell-content no-multicall; do
		judged "$id" unknown fail blind=/usr/bin/x:EIO
		judged "$id" unknown fail budget=time
		judged "$id" unknown fail trouble=programs
		judged "$id" n/a off option=--scan=off
	done
	judged setuid-files unknown warn blind=/usr/bin/x:EIO
	judged no-multicall unknown fail trouble=links
	judged no-shell-content pass off trouble=links
}

@test "what is closed to granit and to the program too is told, unless somebody else will be there" {
	local closed=blind=/root:EACCES:barred setuid=program=/bin/su:0:0:1:0
	judged no-shell pass off "$closed"
	contains "$output" '/root cannot be read by granit, nor by the program'
	judged no-shell pass off option=--user=5000:5000 "$closed"
	judged no-shell unknown fail option=--user=5000:5000 blind=/srv:EACCES $'status=Uid:\t0\t0\t0\t0'
	contains "$output" '/srv: Permission denied; give the container CAP_DAC_READ_SEARCH'
	judged no-shell unknown fail blind=/srv:EACCES $'status=Uid:\t0\t0\t0\t0' status=CapEff:0000000000000004
	[[ $output != *CAP_DAC_READ_SEARCH* ]]
	judged no-shell unknown fail blind=/srv:EACCES
	[[ $output != *CAP_DAC_READ_SEARCH* ]]
	judged no-shell unknown fail option=--keep-caps=dac_read_search "$closed"
	judged no-shell pass off "$closed" "$setuid"
	judged no-shell unknown fail option=--allow-new-privs status=NoNewPrivs:0 "$closed" "$setuid"
	judged no-shell pass off option=--allow-new-privs status=NoNewPrivs:0 "$closed"
}

@test "a program that can be started and not read is unknown to checks of content, not of names" {
	judged no-shell-content unknown fail program=/usr/bin/x:0:0:0x80:0
	judged no-multicall unknown fail program=/usr/bin/x:0:0:0x80:0
	judged no-interpreter unknown fail "$STRICT" program=/usr/bin/x:0:0:0x80:0
	judged no-shell pass off program=/usr/bin/x:0:0:0x80:0
}

@test "a violation is a violation, whatever else is unknown" {
	judged no-shell violation fail program=/bin/sh:1:0:0:0 blind=/usr/bin/x:EIO
}

@test "of many findings the gravest are shown, and the rest is counted" {
	local -a facts=()
	local i
	for ((i = 0; i < 20; i++)); do
		facts+=("program=/lesser$i:0:0x5:0:0")
	done
	judged no-multicall violation fail "${facts[@]}" program=/grave:0:0x7:0:0
	contains "$output" '/grave is busybox, with a shell in it'
	[ "$(grep -c '/lesser' <<<"$output")" -eq 15 ]
}
