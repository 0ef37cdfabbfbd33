#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# --deny: every word is tried by every way into the kernel, with it and without.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
}

# tries FILE GRANIT-OPTION...: how each system call went, into FILE
tries() {
	local file=$1
	shift
	boxed 0 --read-only -- /granit -q "$@" -- /probe deny-try
	printf '%s\n' "$output" >"$file"
}

# changes WORD LINE...: with the word, these lines are others than without, and no more. Those of i386 and x32 are there
# on amd64 only, and of these i386's not with every kernel.
changes() {
	local word=$1
	shift
	tries "$BATS_TEST_TMPDIR/free" --deny=none
	tries "$BATS_TEST_TMPDIR/denied" --deny="$word"
	diff -u <(for line; do is_here "$line" && printf '%s\n' "$line"; done | sort) <(diff "$BATS_TEST_TMPDIR/free" "$BATS_TEST_TMPDIR/denied" | sed -n 's/^> //p' | sort)
}

# fails_with INJECTION TEXT WORD: the step ends the start, and says TEXT
fails_with() {
	boxed 125 --read-only --caps=0 -- /inject "$1" -- /granit -q --deny="$3" -- /probe args started
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	contains "$stderr" 'hardening step deny failed: '
	contains "$stderr" "$2"
}

@test "without --deny everything goes: the tries are real ones" {
	tries "$BATS_TEST_TMPDIR/free" --deny=none
	local line
	for line in memfd-plain memfd-exec memfd-sealed execveat-fd execveat-path unshare-user clone-user clone-plain \
		clone3-user mprotect-exec; do
		grep -qx "$line ok" "$BATS_TEST_TMPDIR/free" || {
			cat "$BATS_TEST_TMPDIR/free"
			return 1
		}
	done
}

@test "wx-memory" {
	changes wx-memory 'mprotect-exec EACCES' 'mmap-shared-exec EACCES' 'userfaultfd EPERM' 'i386-mmap2 EACCES' \
		'i386-userfaultfd EPERM' 'x32-mmap EACCES' 'shmat-exec EACCES' 'i386-shmat EACCES' 'i386-ipc-shmat EACCES' \
		'i386-ipc-shmat-1 EACCES' 'personality-exec EPERM' 'personality-exec-more EPERM' 'i386-personality EPERM' \
		'x32-personality EPERM'
	boxed 0 --read-only -- /granit -q --deny=none -- /probe map-wx
	[ "$output" = ok ]
	boxed 0 --read-only -- /granit -q --deny=wx-memory -- /probe map-wx
	[ "$output" = EACCES ]
}

@test "wx-memory: memory of brk, too, which is executable where reading implies it" {
	boxed 0 --read-only -- /granit -q --deny=none -- /probe brk-exec
	[ "$output" = 'brk-exec ok' ]
	boxed 0 --read-only -- /granit -q --deny=wx-memory -- /probe brk-exec
	[ "$output" = 'brk-exec EPERM' ]
	boxed 0 --read-only -- /granit -q --profile=restricted --ignore=all -- /probe brk-exec
	[ "$output" = 'brk-exec EPERM' ]
}

@test "wx-memory: a program may ask for its personality, and set what else there is" {
	tries "$BATS_TEST_TMPDIR/denied" --deny=wx-memory
	grep -qx 'personality-ask ok' "$BATS_TEST_TMPDIR/denied"
	grep -qx 'personality-other ok' "$BATS_TEST_TMPDIR/denied"
	# A runtime that lets nobody ask.
	boxed 0 --read-only --caps=0 -- /inject personality=ENOSYS -- /granit -q --deny=wx-memory -- /probe args started
	[ "$output" = started ]
}

# What the program brings is made by execve(2), which asks neither MDWE nor the filter.
@test "wx-memory: a program that brings such memory is told of, and refused where the word was named" {
	local case program path what
	printf 'int main(void)\n{\n\treturn 0;\n}\n' >"$BATS_TEST_TMPDIR/p.c"
	musl-gcc -static -Wl,-z,execstack "$BATS_TEST_TMPDIR/p.c" -o "$ROOT/stack"
	musl-gcc -static -Wl,-N "$BATS_TEST_TMPDIR/p.c" -o "$ROOT/segment"
	python3 tests/helpers/elf.py "$ROOT/silent32" --class=32 --machine=3 --load=512:64 --entry=512
	python3 tests/helpers/elf.py "$ROOT/silent64" --class=64 --machine=62 --load=512:64 --entry=512
	printf '#!/stack\n' >"$ROOT/text"
	chmod 755 "$ROOT"/{text,silent32,silent64}
	for case in '/stack /stack an executable stack' '/segment /segment a segment that is writable and executable' \
		'/text /stack an executable stack' '/silent32 /silent32 an executable stack'; do
		read -r program path what <<<"$case"
		boxed 125 --read-only -- /granit -q --deny=wx-memory -- "$program"
		contains "$stderr" "hardening step deny failed: wx-memory: $path has $what"
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
	done
	boxed 125 -- /granit --profile=plain --deny=wx-memory -- /stack
	boxed 0 --read-only --user 65532:65532 -- /granit --profile=restricted --warn=all -- /stack
	contains "$stderr" 'granit: wx-memory: /stack has an executable stack'
	boxed 0 --read-only --user 65532:65532 -- /granit --profile=restricted --warn=all --deny=none -- /stack
	[[ "$stderr" != *wx-memory* ]]
	# Of 64 bits, who says nothing of a stack gets one that is not executable. This one is no program otherwise.
	boxed 139 --read-only -- /granit -q --deny=wx-memory -- /silent64
}

@test "wx-memory is inherited over fork and exec" {
	boxed 0 --read-only -- /granit -q --deny=wx-memory -- /probe exec /probe map-wx
	[ "$output" = EACCES ]
	# It was set before already.
	boxed 0 --read-only -- /granit -q --deny=wx-memory -- /granit -q --profile=plain --deny=wx-memory -- /probe map-wx
	[ "$output" = EACCES ]
}

@test "memfd-exec" {
	changes memfd-exec 'memfd-plain EACCES' 'memfd-exec EACCES' 'execveat-fd EACCES' 'i386-memfd EACCES' \
		'i386-execveat EACCES' 'x32-memfd EACCES' 'x32-execveat EACCES'
	boxed 0 --read-only -- /granit -q --deny=none --landlock=off -- /probe exec-memfd
	[ "$output" = ran ]
	boxed 0 --read-only -- /granit -q --deny=memfd-exec --landlock=off -- /probe exec-memfd
	[ "$output" = EACCES ]
}

@test "memfd-exec: a sealed memfd, and the question whether a file may be executed, are let through" {
	tries "$BATS_TEST_TMPDIR/denied" --deny=memfd-exec
	grep -qx 'memfd-sealed ok' "$BATS_TEST_TMPDIR/denied"
	run ! grep -x 'execveat-check EACCES' "$BATS_TEST_TMPDIR/denied"
	grep -qx 'execveat-path ok' "$BATS_TEST_TMPDIR/denied"
}

@test "user-namespaces" {
	changes user-namespaces 'unshare-user EPERM' 'clone-user EPERM' 'clone3-user ENOSYS' 'setns-user EPERM' \
		'i386-unshare EPERM' 'i386-clone EPERM' 'i386-clone3 ENOSYS' 'i386-setns EPERM' \
		'x32-unshare EPERM' 'x32-clone EPERM' 'x32-setns EPERM'
}

@test "tiocsti" {
	changes tiocsti 'sti EIO' 'sti-high EIO' 'tioclinux EPERM' 'i386-sti EIO' 'i386-tioclinux EPERM' \
		'x32-sti EIO' 'x32-tioclinux EPERM'
}

@test "tiocsti, on a terminal" {
	expect 0 python3 tests/helpers/terminal.py -- "$GRANIT" --profile=plain -- "$TOOLS/probe" deny-try
	grep -qx 'winsize ok' <<<"$output"
	# What it types is echoed.
	if [ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null)" != 0 ]; then grep -qE '^x?sti ok$' <<<"$output"; fi
	expect 0 python3 tests/helpers/terminal.py -- "$GRANIT" --profile=plain --deny=tiocsti -- "$TOOLS/probe" deny-try
	grep -qx 'winsize ok' <<<"$output"
	grep -qx 'sti EIO' <<<"$output"
	grep -qx 'sti-high EIO' <<<"$output"
}

@test "exec-scripts" {
	changes exec-scripts
	boxed 0 --read-only --caps=0 -- /granit -q --deny=none -- /probe status
	contains "$output" $'Securebits:\t0\n'
	# Without CAP_SETPCAP, and behind secure bits that are locked.
	boxed 0 --read-only --caps=0 -- /granit -q --deny=exec-scripts -- /probe status
	contains "$output" $'Securebits:\t0xf00\n'
	boxed 0 --read-only --caps=a82425fb -- /granit -q --ignore=root-remount --deny=exec-scripts -- /probe status
	contains "$output" $'Securebits:\t0xfef\n'
}

@test "io-uring" {
	grep -qx 0 /proc/sys/kernel/io_uring_disabled || skip "this kernel lets nobody use it"
	changes io-uring 'io-uring EPERM' 'i386-io-uring EPERM' 'x32-io-uring EPERM'
}

# ---- the option

@test "what restricted asks for and the kernel has not is told, and no reason to stay away; what is named must hold" {
	local rule word
	for word in wx-memory exec-scripts; do
		rule=prctl:65=EINVAL
		# As kernels do that know only the older bits.
		[ $word = wx-memory ] || rule=prctl:28=EPERM
		boxed 0 --read-only --caps 0 -- /inject $rule -- /granit -vv --profile=restricted --ignore=all --landlock=off -- /probe args started
		[ "$output" = started ]
		contains "$stderr" "deny: not done: $word: "
		boxed 125 --read-only --caps 0 -- /inject $rule -- /granit --deny=all --ignore=all --landlock=off -- /probe args started
		[ -z "$output" ]
	done
}

@test "restricted denies all, unless it is said otherwise; the rest denies nothing of these" {
	local all=(--profile=restricted --ignore=all --landlock=off)
	tries "$BATS_TEST_TMPDIR/restricted" "${all[@]}"
	tries "$BATS_TEST_TMPDIR/all" --deny=all
	diff -u "$BATS_TEST_TMPDIR/all" "$BATS_TEST_TMPDIR/restricted"
	grep -qx 'memfd-plain EACCES' "$BATS_TEST_TMPDIR/restricted"
	boxed 0 --read-only -- /granit -q "${all[@]}" -- /probe status
	contains "$output" $'Mdwe:\t1'
	contains "$output" $'Securebits:\t0xfef'
	contains "$output" $'Seccomp:\t2'
	local profile
	for profile in plain audit immutable; do
		tries "$BATS_TEST_TMPDIR/free" --profile="$profile" --deny=none
		tries "$BATS_TEST_TMPDIR/denied" --profile="$profile"
		diff -u "$BATS_TEST_TMPDIR/free" "$BATS_TEST_TMPDIR/denied"
		boxed 0 --read-only -- /granit -q --profile="$profile" -- /probe status
		contains "$output" $'Mdwe:\t0'
	done
	boxed 0 --read-only -- /granit -q "${all[@]}" --deny=none -- /probe status
	contains "$output" $'Mdwe:\t0'
	contains "$output" $'Seccomp:\t0'
	boxed 0 --read-only -- /granit -q "${all[@]}" --deny=none,exec-scripts -- /probe status
	contains "$output" $'Mdwe:\t0'
	contains "$output" $'Seccomp:\t0'
}

@test "an unknown word names the nearest" {
	expect 125 "$GRANIT" --deny=tiocst -- true
	[ "$stderr" = "granit: --deny: 'tiocst' is not a known word; did you mean 'tiocsti'?" ]
	expect 125 "$GRANIT" --deny=wx-memory,non -- true
	contains "$stderr" "did you mean 'none'?"
	expect 125 "$GRANIT" --deny=,everything-there-is -- true
	contains "$stderr" 'choose from '
}

# Prints the words that there are.
words() {
	"$GRANIT" --deny=everything-there-is -- true 2>&1 | sed 's/.*choose from //' | tr -s ', ' '\n' | sort
}

@test "the help and the document have the words that there are" {
	[ "$(words | wc -l)" -ge 8 ]
	diff -u <(words) <("$GRANIT" --help | tr -s ' \n' ' ' | sed 's/.*--deny=WORD,[.]* [^:]*: //; s/ (immutable.*//' | tr -s ', ' '\n' | sort)
	diff -u <(words | grep -vx -e all -e none) <(awk -F '[|` ]+' '/^[|] `/ { print $2 }' doc/deny.md | sort)
}

# ---- what goes on

@test "under all words granit starts, passes signals, collects orphans" {
	boxed 0 --read-only -- /granit -q --deny=all -- /probe orphans 20 5
	[ "$output" = 'zombies 0' ]
	boxed 7 --read-only -- /granit -q --deny=all -- /probe exit 7
	boxed 143 --read-only -- /granit -q --deny=all -- /probe kill TERM
	boxed 127 --read-only -- /granit -q --deny=all -- /nothing-there
}

@test "an ordinary dynamic program works under all words" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 0 "$GRANIT" --profile=plain --deny=all -- bash -c 'x=$(echo a b | tr a-z A-Z); cat <(echo "$x")'
	[ "$output" = 'A B' ]
	expect 0 "$GRANIT" --profile=plain --deny=all -- python3 -c '
import subprocess, threading
t = threading.Thread(target=lambda: print(subprocess.run(["echo", "hi"], capture_output=True, text=True).stdout.strip()))
t.start(); t.join()'
	[ "$output" = hi ]
}

@test "the filter of the runtime stays in force" {
	boxed 0 --read-only -- /inject setsid=ENODEV -- /granit -q --deny=tiocsti -- /probe deny-try
	grep -qx 'sti EIO' <<<"$output"
	boxed 0 --read-only -- /inject memfd_create=ENODEV -- /granit -q --deny=tiocsti -- /probe deny-try
	grep -qx 'memfd-plain ENODEV' <<<"$output"
}

@test "-vv tells each word and its reason" {
	boxed 0 --read-only -- /granit -vv --deny=all -- /probe exit 0
	local word
	while read -r word; do
		contains "$stderr" "deny: $word: "
	done < <(words | grep -vx -e all -e none)
}

@test "the report says that there will be a filter" {
	boxed 0 --read-only -- /granit --check --format=json --deny=tiocsti
	[ "$(jq -r '[.. | .seccomp? | select(type == "boolean")] | join(" ")' <<<"$output")" = 'false true' ]
	boxed 0 --read-only -- /granit --check --format=json --deny=exec-scripts
	[ "$(jq -r '[.. | .seccomp? | select(type == "boolean")] | join(" ")' <<<"$output")" = 'false false' ]
}

# ---- where it cannot be done

@test "a kernel without MDWE, and one that pretends, end the start" {
	fails_with prctl:65=EINVAL 'which needs Linux 6.3 or newer' wx-memory
	contains "$stderr" 'Invalid argument; the program was not started'
	fails_with prctl:65=0 'does not say 1 afterwards' wx-memory
}

@test "a kernel without these secure bits, and one that pretends, end the start" {
	fails_with prctl:28=EPERM 'which needs Linux 6.14 or newer' exec-scripts
	fails_with prctl:28=0 'which needs Linux 6.14 or newer' exec-scripts
}

@test "without seccomp(2) prctl(2) will do" {
	boxed 0 --read-only -- /inject seccomp=ENOSYS -- /granit -q --deny=tiocsti -- /probe deny-try
	grep -qx 'sti EIO' <<<"$output"
	boxed 0 --read-only -- /inject seccomp=EPERM -- /granit -q --deny=tiocsti -- /probe deny-try
	grep -qx 'sti EIO' <<<"$output"
}

@test "a kernel without filters, and one that pretends, end the start" {
	local word
	for word in wx-memory memfd-exec user-namespaces tiocsti io-uring pid1; do
		fails_with seccomp=ENOSYS,prctl:22=EINVAL 'CONFIG_SECCOMP_FILTER' "$word"
		fails_with seccomp=EINVAL,prctl:22=EINVAL 'CONFIG_SECCOMP_FILTER' "$word"
		fails_with seccomp=0 "$word: " "$word"
		contains "$stderr" 'works in spite of the filter'
	done
}

@test "a filter takes no_new_privs: set where nothing speaks against it, else told" {
	# CAP_SYS_ADMIN, which does without, is not among these.
	boxed 0 --read-only -- /granit -q --profile=plain --deny=tiocsti -- /probe status
	contains "$output" $'Seccomp:\t2'
	contains "$output" $'NoNewPrivs:\t1'
	boxed 0 --read-only -- /granit -q --profile=plain --deny=exec-scripts -- /probe status
	contains "$output" $'NoNewPrivs:\t0'
	boxed 125 --read-only -- /granit -q --allow-new-privs --deny=tiocsti -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'remove --allow-new-privs'
}
