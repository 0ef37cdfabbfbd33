#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # marks of Markdown; bats sets stderr
# Kernels that lack a call, and seccomp profiles that do not know it: what doc/platforms.md says of each.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	needs_root 'more users than one'
	WARNED='--warn=limits,seccomp,host-net,dir-fd-leak,lsm-confined'
}

# rows: CALL|IMMUTABLE|RESTRICTED of each
rows() {
	sed -nE 's/^\| `([A-Za-z0-9_]+)` \| [0-9.]+ \|[^|]*\| ([^|]*) \| ([^|]*) \|$/\1|\2|\3/p' "$BATS_TEST_DIRNAME/../../doc/platforms.md"
}

# injections CALL: what inject has to be told for a kernel, and for a profile
injections() {
	case $1 in
	PR_CAP_AMBIENT) printf 'prctl:47=%s\n' EINVAL EPERM ;;
	PR_*) return 1 ;;
	*) printf "$1=%s\n" ENOSYS EPERM ;;
	esac
}

# comes_to VERDICT INJECTION START...: "starts", or "needs `OPTION`"
comes_to() {
	local verdict=$1 injection=$2 option
	shift 2
	case $verdict in
	starts) boxed 5 --read-only "${FLAGS[@]}" -- /inject "$injection" -- "$@" -- /probe exit 5 ;;
	needs\ *)
		option=${verdict#needs \`} option=${option%\`}
		boxed 125 --read-only "${FLAGS[@]}" -- /inject "$injection" -- "$@" -- /probe exit 5
		contains "$stderr" "${option%%=*}"
		boxed 5 --read-only "${FLAGS[@]}" -- /inject "$injection" -- "$@" "$option" -- /probe exit 5
		;;
	*) return 1 ;;
	esac || {
		printf '%s: %s: not "%s": %s\n' "$injection" "$*" "$verdict" "$stderr"
		return 1
	}
}

@test "each call that is missing, as a kernel and as a profile says it" {
	local call immutable restricted injection count=0
	while IFS='|' read -r call immutable restricted; do
		for injection in $(injections "$call"); do
			FLAGS=()
			comes_to "$immutable" "$injection" /granit -q
			FLAGS=(--user 65532:65532 --no-new-privs)
			comes_to "$restricted" "$injection" /granit -q --profile=restricted "$WARNED"
			count=$((count + 1))
		done
	done < <(rows)
	[ "$count" -ge 18 ]
}

@test "all of them together" {
	local all
	all=$(rows | while IFS='|' read -r call _; do injections "$call" | head -n 1; done | paste -sd,)
	FLAGS=()
	comes_to starts "$all" /granit -q
	FLAGS=(--user 65532:65532 --no-new-privs)
	comes_to 'needs `--landlock=auto`' "$all" /granit -q --profile=restricted "$WARNED"
}

@test "what is refused stays refused, whatever is missing" {
	local call
	rows | while IFS='|' read -r call _; do injections "$call" | tail -n 1; done >"$BATS_TEST_TMPDIR/injections"
	mkdir -p "$ROOT/bin"
	cp /bin/busybox "$ROOT/bin/sh"
	# Not to be read, only to be run.
	chmod 711 "$ROOT/bin/sh"
	while read -r call; do
		boxed 78 -- /inject "$call" -- /granit -q -- /probe exit 5
		boxed 78 --read-only --user 65532:65532 -- /inject "$call" -- /granit -q -- /probe exit 5
		contains "$stderr" 'no-shell-content'
	done <"$BATS_TEST_TMPDIR/injections"
}
