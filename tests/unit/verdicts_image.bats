#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where a check of what an image holds draws its line: facts on this side of it and on that, grave ones and lesser ones.
# In the profile restricted grave things fail where lesser ones warn, so many a case asks there.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	STRICT=option=--profile=restricted
}

@test "no-dynamic-loader: nothing odd where the program needs one" {
	judged no-dynamic-loader violation warn path=6:100
	judged no-dynamic-loader violation info path=6:100 app=/app:EROFS:EROFS:dynamic
}

@test "no-dynamic-loader: what is not known to be static is not taken for it" {
	judged no-dynamic-loader violation info path=6:100 app=/app:EROFS:EROFS:unknown
}

@test "sshd and scripts: --allow counts, and leaves a note" {
	local sshd=program=/usr/sbin/sshd:8:0:0:0 script=program=/usr/bin/tool:0:0:64:0
	judged sshd violation fail "$STRICT" "$sshd"
	judged sshd violation fail "$STRICT" "$sshd" option=--allow=/usr/bin/sshd
	judged sshd pass off "$STRICT" "$sshd" option=--allow=/usr/sbin/sshd
	contains "$output" '/usr/sbin/sshd is allowed by --allow'
	judged no-interpreter violation warn "$STRICT" "$script"
	judged no-interpreter pass off "$STRICT" "$script" option=--allow=/usr/bin/tool
	contains "$output" '/usr/bin/tool is a script and is allowed by --allow'
}
