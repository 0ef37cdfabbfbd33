#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# That every parser of other people's bytes has a fuzz target with inputs to begin with. `make fuzz` runs them.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
}

# parsers: "SOURCE TARGET" for each source that makes something of bytes which it did not make
parsers() {
	cat <<'END'
src/net/dns.c dns
src/net/resolve.c resolve
src/tools/probe.c http
src/facts/mounts.c mountinfo
src/facts/status.c status
src/facts/account.c account
src/facts/smallfiles.c limits
src/facts/init.c options
src/facts/scan.c scan
src/facts/parts.c elf
src/facts/needed.c elf
src/facts/loader.c elf
src/sys/elfhead.c elf
src/sys/script.c script
src/options/config.c config
src/options/values.c options
src/options/parse.c options
src/launch/env_file.c env_file
src/launch/expand.c expand
src/seal/manifest_parse.c manifest
src/seal/signature.c signature
src/seal/owner.c owner
END
}

# no_parsers: sources that read, and are not in the list: for they make nothing of what they read but numbers that the kernel
# writes, a digest, a name, or they hand it on
no_parsers() {
	cat <<'END'
src/facts/host.c
src/facts/image_file.c
src/facts/image_words.c
src/facts/mountid.c
src/facts/process.c
src/facts/volumes.c
src/facts/way.c
src/harden/user.c
src/launch/diagnose.c
src/launch/secrets.c
src/launch/signals.c
src/learn/caller.c
src/learn/filter.c
src/learn/learnt.c
src/learn/listen.c
src/learn/walk.c
src/net/connect.c
src/posture/posture.c
src/seal/compare.c
src/seal/extra.c
src/seal/hash.c
src/seal/lazy.c
src/seal/make.c
src/seal/verify.c
src/supervise/others.c
src/sys/below.c
src/sys/dents.c
src/sys/text.c
src/tools/kill.c
END
}

# reading: the sources that get bytes from somewhere
reading() {
	find src -name '*.c' -exec grep -lE '\b(text_read|recv|read|pread|read_at|readlinkat|sys_getdents)\(' {} +
}

@test "every parser has a target, and every target inputs to begin with" {
	local source target wrong=
	while read -r source target; do
		[ -f "$source" ] || wrong+="$source is not there"$'\n'
		[ -f "tests/fuzz/$target.c" ] || wrong+="$source has no tests/fuzz/$target.c"$'\n'
	done < <(parsers)
	for target in tests/fuzz/*.c; do
		target=$(basename "$target" .c)
		[ -n "$(find "tests/fuzz/corpus/$target" -type f -size +0 2>/dev/null)" ] || wrong+="$target has no corpus"$'\n'
		parsers | grep -q " $target\$" || wrong+="$target is no parser's target"$'\n'
	done
	printf '%s' "$wrong"
	[ -z "$wrong" ]
}

@test "a source that reads is a parser with a target, or is said to be none" {
	diff -u <({
		no_parsers
		parsers | cut -d' ' -f1
	} | LC_ALL=C sort -u | comm -12 - <(reading | LC_ALL=C sort)) <(reading | LC_ALL=C sort)
	# Nothing stands there that does not read any more.
	[ -z "$(comm -23 <(no_parsers | LC_ALL=C sort) <(reading | LC_ALL=C sort))" ]
}
