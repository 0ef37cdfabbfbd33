# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # bats sets them
# What the tests of granit itself share. They stand in the top folder, and take the binary from $GRANIT.

granit_setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	GRANIT=$(realpath "${GRANIT:-build/granit}")
	TOOLS=$PWD/build/tests
	ROOT=$BATS_TEST_TMPDIR/root
	PATH=$PATH:/usr/sbin:/sbin
}

# The build that lets nobody read memory which was given back, unless another binary is tested than the usual one.
guarded_granit() {
	[ "$GRANIT" != "$(realpath build/granit)" ] || GRANIT=$TOOLS/granit
}

# An image root with granit, the probe and an empty /tmp.
make_root() {
	mkdir -p "$ROOT/tmp" "$ROOT/data"
	cp "$GRANIT" "$ROOT/granit"
	cp "$TOOLS/probe" "$TOOLS/inject" "$ROOT/"
}

# expect STATUS COMMAND [ARG...]: runs it; sets output and stderr, shows all of it where the status is another.
expect() {
	local wanted=$1
	shift
	# The status is told to run too, which else takes 127 for a mistake of the test's own.
	run --separate-stderr "-$wanted" timeout --kill-after=5 200 "$@" 3>&- && return
	printf '%s\n  status %s, wanted %s\n  stdout %s\n  stderr %s\n' "$*" "$status" "$wanted" "$output" "${stderr:-}"
	return 1
}

# contains TEXT PART
contains() {
	[[ $1 == *"$2"* ]] && return
	printf 'not found: %s\n  in: %s\n' "$2" "$1"
	return 1
}

# boxed STATUS [NSCONTAINER-OPTION...] -- PROGRAM...: as PID 1 on the image root. Descriptors of bats are kept out.
boxed() {
	local wanted=$1
	shift
	local -a flags=()
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	# shellcheck disable=SC2016 # the inner shell's
	expect "$wanted" bash -c '
		for fd in /proc/$$/fd/*; do
			fd=${fd##*/}
			if [[ $fd -gt 2 && $fd -ne 255 && $fd != 2[01][0-9] ]]; then eval "exec $fd>&-"; fi
		done
		exec "$@"' boxed "$TOOLS/nscontainer" "${flags[@]}" "$ROOT" "$@"
}

# judged ID VERDICT LEVEL [FACT...]: what the judge says of this check, with these facts added to the base
judged() {
	local wanted="$1 $2 $3" facts=$BATS_TEST_TMPDIR/facts
	shift 3
	printf '%s\n' "$@" >"$facts"
	run build/tests/judge tests/fixtures/base "$facts"
	grep -qxF "$wanted" <<<"$output" && return
	printf 'wanted: %s\nfacts:\n%s\nverdicts:\n%s\n' "$wanted" "$(<"$facts")" "$output"
	return 1
}

# needs_tool COMMAND...: a test that runs alone says what it lacks; `make check` has installed all, and is red.
needs_tool() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null && continue
		[ "${MISSING_TOOLS:-}" != fail ] || {
			printf 'there is no %s, though scripts/setup.sh check installs it\n' "$tool"
			return 1
		}
		skip "there is no $tool: scripts/setup.sh check"
	done
}

needs_root() {
	[ "$(id -u)" -eq 0 ] || skip "takes root: $1"
}

# has_int80: whether an amd64 process can make i386's system calls here. A kernel may have none, built or told so: SEGV then.
# What is left out for that is said once a file.
has_int80() {
	local known=$BATS_FILE_TMPDIR/int80
	[ "$(uname -m)" = x86_64 ] || return
	if [ ! -e "$known" ]; then
		# A shell of its own keeps quiet of the signal.
		bash -c '"$1" int80; exit' has_int80 "$TOOLS/probe" >"$known" 2>/dev/null ||
			printf '# this kernel has no 32-bit system calls (int 0x80): those of i386 are left out\n' >&3
	fi
	grep -qx ok "$known"
}

# is_here LINE: whether what the probe tried by this way there is on this machine at all
is_here() {
	case $1 in
	i386-*) has_int80 ;;
	x32-*) [ "$(uname -m)" = x86_64 ] ;;
	esac
}

# control_sockets: the places on a host where src/facts/sockets.c knows one, a line each
control_sockets() {
	sed -n '/places\[\] = {/,/^};/s/.*{\.path = "\([^"]*\)".*/\1/p' src/facts/sockets.c
}
