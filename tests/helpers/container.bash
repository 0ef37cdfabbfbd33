# shellcheck shell=bash disable=SC2154 # `run` sets status, output and stderr
# SPDX-License-Identifier: MIT
# What the tests of granit in an engine's containers share, on top of engines.bash.

# Which image tests run. granit:1 is what a user bakes: granit, a program, no shell, no CMD.
IMAGE=granit-test/granit:1

# image NAME FOLDER [INSTRUCTION...]: granit and the probe and what FOLDER holds, in every engine.
image() {
	local name=$1 folder=$2
	shift 2
	mkdir -p "$folder"
	cp "${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" "$folder/granit"
	cp "$BATS_TEST_DIRNAME/../../build/tests/probe" "$folder/probe"
	each_engine engine_image "$name" "$folder" 'ENTRYPOINT ["/granit", "--"]' "$@"
}

# runs STATUS [FLAG...] IMAGE [ARG...]: to its end; sets output and stderr, prints them where the status is another.
runs() {
	local wanted=$1
	shift
	run "-$wanted" --separate-stderr engine_run "$@" && return
	printf '%s run %s\n  status %s, wanted %s\n  stdout %s\n  stderr %s\n' "$ENGINE" "$*" "$status" "$wanted" "$output" "${stderr:-}"
	return 1
}

# refuses ID [FLAG...] IMAGE [ARG...]: that check fails, and the program is not started
refuses() {
	local id=$1
	shift
	runs 78 "$@" /probe args started
	is "standard output of what was not started" '' "$output"
	has "$stderr" "FAIL $id:"
}

# checked [FLAG...] -- OPTION...: the report of granit --check in a read-only container of $IMAGE
checked() {
	local -a flags=()
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	run --separate-stderr engine_run --read-only "${flags[@]}" --entrypoint /granit "$IMAGE" --check -v "$@"
}

# is WHAT WANTED GOT
is() {
	[ "$2" = "$3" ] && return
	printf '%s: %s\n  wanted %q\n  got    %q\n' "$ENGINE" "$@"
	return 1
}

# has TEXT PART
has() {
	[[ $1 == *"$2"* ]] && return
	printf '%s: not found: %s\n  in: %s\n' "$ENGINE" "$2" "$1"
	return 1
}

# lacks TEXT PART
lacks() {
	[[ $1 != *"$2"* ]] && return
	printf '%s: found, and should not be: %s\n  in: %s\n' "$ENGINE" "$2" "$1"
	return 1
}

# What the container has printed so far, errors too.
has_logged() {
	[[ $(engine_logs "$1" 2>&1) == *"$2"* ]]
}

# ends_within SECONDS NAME STATUS: it has begun to end; how long that takes, and with what
ends_within() {
	local from=${EPOCHREALTIME/[.,]/} ms
	is "exit status" "$3" "$(engine_wait "$2")"
	ms=$(((${EPOCHREALTIME/[.,]/} - from) / 1000))
	[ "$ms" -lt "$(($1 * 1000))" ] && return
	printf '%s: it took %d ms to end\n' "$ENGINE" "$ms"
	return 1
}

# all_dropped TEXT: no capability in any of the five sets, no_new_privs
all_dropped() {
	local set
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		has "$1" "$set:"$'\t0000000000000000'
	done
	has "$1" $'NoNewPrivs:\t1'
}

only_on() {
	[[ " $GRANIT_TEST_ENGINES " == *" $1 "* ]] || skip "GRANIT_TEST_ENGINES leaves $1 out"
	ENGINE=$1
}
