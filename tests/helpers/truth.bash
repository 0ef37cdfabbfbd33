# shellcheck shell=bash disable=SC2154 # `run` sets status, output and stderr
# SPDX-License-Identifier: MIT
# The truth table: how a container is set up, and what granit has to say of it, one test a set-up. A test's name begins
# with the engine it is about ("podman: ...", "docker: ..."); a pod's with "kube play: ...".

# For setup_file: the image that most set-ups run.
truth_file() {
	load ../helpers/engines
	load ../helpers/container
	image "$IMAGE" "$BATS_FILE_TMPDIR/root"
}

truth_setup() {
	load ../helpers/engines
	load ../helpers/container
	case $BATS_TEST_DESCRIPTION in
	podman:* | 'kube play:'*) only_on podman ;;
	docker:*) only_on docker ;;
	*) engine_fail "no engine in the name of the test" || return ;;
	esac
	# What grants writing to control groups is grave in version 1, and lesser in version 2.
	CGROUP_RO=
	[ -e /sys/fs/cgroup/cgroup.controllers ] || CGROUP_RO=cgroup-ro
	export CGROUP_RO
}

# expect STATUS 'FAILING-ID...' [+ID...] [-ID...] -- [FLAG...] -- [OPTION...] [-- PROGRAM ARG...]
#
# A container of $IMAGE with these flags of the engine's, its program started by granit with these options. It ends with
# STATUS; the checks that fail are the named ones, no more and no fewer; +ID is warned of, -ID is not (nor fails);
# -all: nothing is warned of at all.
# With 0 the program was really started, with 78 it was not.
expect() {
	local wanted=$1 failing=$2
	local -a notes=() flags=()
	shift 2
	while [ "$1" != -- ]; do
		notes+=("$1")
		shift
	done
	shift
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	[[ " $* " == *' -- '* ]] || set -- "$@" -- /probe args started
	run --separate-stderr engine_run "${flags[@]}" --entrypoint /granit "$IMAGE" -v "$@"
	verdict "$wanted" "$failing" "$status" "$output"$'\n'"$stderr" "${notes[@]}"
}

# verdict STATUS 'FAILING-ID...' STATUS-IT-WAS TEXT [+ID...] [-ID...]
verdict() {
	local wanted=$1 failing=$2 got=$3 text=$'\n'${4//$'\r'/}$'\n' note warned
	shift 4
	# With a terminal it has colors.
	# shellcheck disable=SC2001 # a pattern
	text=$(sed $'s/\e\\[[0-9;]*m//g' <<<"$text")$'\n'
	is "exit status ($(grep -Ev '^(pass|n/a|info|warn|     )' <<<"$text"))" "$wanted" "$got" || return
	is "checks that fail" "$(sorted "$failing")" "$(ids FAIL "$text")" || return
	warned=" $(ids warn "$text") "
	for note; do
		case $note in
		+*) has "$warned" " ${note#+} " || return ;;
		-all) is "warnings" '  ' "$warned" || return ;;
		-*) lacks "$warned" " ${note#-} " || return ;;
		esac
	done
	# A report there has to be, or no check has warned for want of one. With a terminal the program's output is in it.
	has "$text" $'\n'"granit: " || return
	case $wanted in
	0) has "$text" $'\nstarted\n' ;;
	78) lacks "$text" $'\nstarted\n' ;;
	esac
}

# ids FAIL|warn TEXT: of the checks that the report has under this heading, in alphabetical order
ids() {
	sorted "$(sed -n "s/^$1 \([a-z0-9-]*\):.*/\1/p" <<<"$2")"
}

# sorted 'WORD...'
sorted() {
	# shellcheck disable=SC2086 # words
	printf '%s\n' $1 | sort | paste -sd ' '
}

# socket NAME: what it is called is what a runtime calls its own, so a socket of that name will do
socket() {
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$BATS_TEST_TMPDIR/$1"
}

# A folder of the host's that belongs to nothing of the system, and that everybody may write.
folder() {
	mkdir -p "$BATS_TEST_TMPDIR/folder"
	chmod 777 "$BATS_TEST_TMPDIR/folder"
	printf '%s\n' "$BATS_TEST_TMPDIR/folder"
}
