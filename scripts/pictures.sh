#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The pictures of the documentation, from what granit really prints: doc/refusal.svg, doc/start.svg
#
#	pictures.sh [FOLDER]		into FOLDER instead of doc
#
# In containers without an engine, build/tests/nscontainer, as root. Memory holds their root, and what depends on the machine
# (how many checks warned) is left out: the same granit gives the same bytes.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

into=${1:-doc}
[ "$(id -u)" -eq 0 ] || {
	printf 'pictures: containers need root: try sudo\n' >&2
	exit 1
}
for tool in granit tests/nscontainer tests/probe; do
	[ -x "build/$tool" ] || {
		printf 'pictures: build/%s is not there: make all test-tools\n' "$tool" >&2
		exit 1
	}
done

work=$(mktemp -d /dev/shm/granit-pictures.XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp build/granit "$work/granit"
cp build/tests/probe "$work/app"

container() { # [FLAG...] -- GRANIT-OPTION...: what it says
	local -a flags=()
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	(
		# An engine hands on three descriptors, whatever the caller of this script has open.
		for fd in "/proc/$BASHPID/fd"/*; do
			[ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"
		done
		build/tests/nscontainer --net "${flags[@]}" "$work" -- /granit "$@" -- /app args </dev/null 2>&1
	) | grep -v '^granit: .* checks passed' || :
}

# A terminal's text on standard input; how a line begins gives its colour.
svg() { # TITLE
	awk -v title="$1" '
		function escaped(text) {
			gsub(/&/, "\\&amp;", text)
			gsub(/</, "\\&lt;", text)
			gsub(/>/, "\\&gt;", text)
			return text
		}
		{
			line[NR] = $0
			if (length($0) > widest)
				widest = length($0)
		}
		END {
			width = 32 + int(widest * 8.4 + 0.999)
			height = 32 + NR * 19
			printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", width, height, width, height
			printf "<title>%s</title>\n", escaped(title)
			printf "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#1b1f24\"/>\n"
			printf "<g font-family=\"monospace\" font-size=\"14\" fill=\"#d6dbe1\" xml:space=\"preserve\">\n"
			for (i = 1; i <= NR; i++) {
				colour = ""
				if (line[i] ~ /^FAIL /)
					colour = " fill=\"#ff7b72\""
				else if (line[i] ~ /^[$] /)
					colour = " fill=\"#7ee787\""
				else if (line[i] ~ /^ +[0-9]+ /)
					colour = " fill=\"#79c0ff\""
				printf "<text x=\"16\" y=\"%d\"%s>%s</text>\n", 14 + i * 19, colour, escaped(line[i])
			}
			print "</g>\n</svg>"
		}'
}

{
	printf '$ docker run IMAGE\n'
	container --user 65532:65532 --
	printf '$ echo $?\n78\n'
} | svg 'A refusal' >"$into/refusal.svg"

# The steps, by the names that granit gives them; of one that says several things, the last.
{
	printf '$ granit -v -v -- /app\n'
	container --read-only -- -v -v --profile=restricted --ignore=all --deny=all | awk '
		BEGIN {
			print "     before: options, facts, checks; if one fails: status 78, nothing started"
		}
		/^[a-z-]+: / && !/^granit: / {
			name = $1
			if (!(name in text))
				order[++steps] = name
			text[name] = substr($0, length(name) + 2)
		}
		END {
			for (i = 1; i <= steps; i++)
				printf "%3d  %-16s %s\n", i, order[i], text[order[i]]
			print "     then: the program starts; signals forwarded, orphans reaped, mounts watched"
		}'
} | svg 'The order in which granit starts a program' >"$into/start.svg"
