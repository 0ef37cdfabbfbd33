#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What does the image's program need? Runs the image once under granit --learn, applies the list, runs it read-only in
# restricted, asks it the same, and prints the difference. granit has to be in the image, as /granit.
#
#	ENGINE=podman examples/learn/try.sh IMAGE 'COMMAND' PROGRAM [ARG...]
#
# COMMAND asks the program: a line for the shell, in which $CONTAINER is the container's name; it is tried for a minute until it
# succeeds, and should do all that the program is for. FLAGS are more words for the engine (--user 65532:65532, --publish 8080:8080).
set -eu

ENGINE=${ENGINE:-docker} FLAGS=${FLAGS:-}
[ $# -ge 3 ] || {
	sed -n '4,11s/^#//p' "$0" >&2
	exit 2
}
image=$1 command=$2 engine=${ENGINE##*/}
shift 2
work=$(mktemp -d) CONTAINER=granit-learn-$$
export CONTAINER ENGINE
trap '"$ENGINE" rm --force "$CONTAINER" >/dev/null 2>&1 || :; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
	echo "try.sh: $1" >&2
	"$ENGINE" logs "$CONTAINER" >&2 || :
	exit 1
}

# asks FILE: what the command says goes there
asks() {
	tries=0
	until sh -c "$command" >"$1" 2>"$work/errors"; do
		tries=$((tries + 1))
		[ "$tries" -lt 60 ] || {
			cat "$work/errors" >&2
			return 1
		}
		sleep 1
	done
}

ends() {
	"$ENGINE" stop --time 20 "$CONTAINER" >/dev/null
}

# shellcheck disable=SC2086 # words of the engine's
"$ENGINE" run --detach --name "$CONTAINER" $FLAGS --entrypoint /granit "$image" --learn --format=json -- "$@" >/dev/null ||
	fail "the image does not start: is granit in it, as /granit?"
asks "$work/before" || fail "the program does not answer under --learn"
ends
"$ENGINE" logs "$CONTAINER" 2>&1 | grep '"mode":"learn"' | tail -n 1 >"$work/learnt"
[ -s "$work/learnt" ] || fail "there is no report: did the program end on TERM?"
"$ENGINE" rm "$CONTAINER" >/dev/null

jq -r --arg engine "$engine" '
	"learnt in \(.learn.milliseconds / 1000) s, accepting \(.learn.accepted) connections",
	(.learn.sources[] | select(.unavailable) | "no \(.name): \(.unavailable)"),
	"granit:  \((.options + .restricted) | map(@sh) | join(" "))",
	"\($engine):  \(.[$engine] | map(@sh) | join(" "))",
	(.learn.places[] | select(.note) | "decide:  \(.path): \(.note)")' "$work/learnt"

# The words as a list of this shell's: the program behind them.
list=$(jq -r --arg engine "$engine" --arg image "$image" '
	.[$engine] + ["--entrypoint", "/granit", $image, "--profile=restricted"] + .options + .restricted + ["--"] | @sh' "$work/learnt")
eval "set -- $list \"\$@\""
# shellcheck disable=SC2086 # words of the engine's
"$ENGINE" run --detach --name "$CONTAINER" --security-opt no-new-privileges --memory 512m --pids-limit 200 $FLAGS "$@" >/dev/null ||
	fail "the list is not enough: the container does not start"
asks "$work/after" || fail "the list is not enough: the program does not answer"
ends
if ! diff -u "$work/before" "$work/after" >"$work/difference"; then
	echo 'it answers otherwise, read-only in restricted:'
	cat "$work/difference"
	exit 1
fi
echo 'it answers as before, read-only in restricted'
