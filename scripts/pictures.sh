#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The pictures of the documentation: doc/refusal.svg and doc/start.svg are what granit really prints, doc/overview.svg is what
# happens between `docker run` and the program, doc/starts.svg is bench/results.md's table of whole starts.
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

# A terminal's text on standard input; how a line begins gives its colour. granit itself colours the heading alone.
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
				colour = heading = ""
				if (sub(/^FAIL/, "", line[i]))
					heading = "<tspan fill=\"#ff7b72\" font-weight=\"bold\">FAIL</tspan>"
				else if (line[i] ~ /^[$] /)
					colour = " fill=\"#7ee787\""
				else if (line[i] ~ /^ +[0-9]+ /)
					colour = " fill=\"#79c0ff\""
				printf "<text x=\"16\" y=\"%d\"%s>%s%s</text>\n", 14 + i * 19, colour, heading, escaped(line[i])
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

# Boxes from left to right, no background: the colours are legible on white and on black. A step that can refuse has an arrow to
# the status below it.
overview() {
	awk -F '|' '
		BEGIN {
			wide = 150
			gap = 26
			print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"866\" height=\"190\" viewBox=\"0 0 866 190\" role=\"img\">"
			print "<title>From docker run to the program: verify, harden, start, supervise, look again</title>"
			print "<style>text{font-family:sans-serif;font-size:13px;fill:#57606a}.step{font-weight:bold;font-size:15px}.no{fill:#cf222e}"
			print "@media(prefers-color-scheme:dark){text{fill:#b1bac4}.no{fill:#ff7b72}}</style>"
			print "<g fill=\"none\" stroke=\"#8b949e\" stroke-width=\"1.5\">"
		}
		{
			x = 6 + (NR - 1) * (wide + gap)
			boxes = boxes sprintf("<rect x=\"%d\" y=\"8\" width=\"%d\" height=\"96\" rx=\"8\"/>\n", x, wide)
			if (NR > 1)
				boxes = boxes sprintf("<path d=\"M%d 56h%d m-6 -5l6 5l-6 5\"/>\n", x - gap + 2, gap - 4)
			texts = texts sprintf("<text class=\"step\" x=\"%d\" y=\"31\">%s</text>\n", x + 10, $1)
			for (i = 2; i <= 4; i++)
				texts = texts sprintf("<text x=\"%d\" y=\"%d\">%s</text>\n", x + 10, 34 + (i - 1) * 18, $i)
			if ($5 != "") {
				boxes = boxes sprintf("<path stroke=\"#cf222e\" d=\"M%d 106v40 m-5 -6l5 6l5 -6\"/>\n", x + wide / 2)
				texts = texts sprintf("<text class=\"no\" x=\"%d\" y=\"164\" text-anchor=\"middle\">%s</text>\n", x + wide / 2, $5)
				texts = texts sprintf("<text x=\"%d\" y=\"181\" text-anchor=\"middle\">%s</text>\n", x + wide / 2, $6)
			}
		}
		END { printf "%s</g>\n%s</svg>\n", boxes, texts }'
}

overview >"$into/overview.svg" <<'STEPS'
docker run|the runtime makes|the container, and|starts granit first||
verify|mounts, content,|privileges, the|image: its manifest|refused: status 78|the program never ran
harden|no capabilities,|no new privileges,|Landlock, seccomp|failed: status 125|the program never ran
start|the very file that|was verified, as|its own user||
supervise|signals, orphans;|looks again at|each new mount|--watch=terminate: 78|the program is ended
STEPS

# For each image a bar without granit, and below it one with granit.
starts() {
	awk -F ' *[|] *' '
		function bar(y, ms, class) {
			printf "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"13\" rx=\"2\"/>\n", class, left, y, ms * scale
			printf "<text x=\"%.1f\" y=\"%d\">%.1f ms</text>\n", left + ms * scale + 6, y + 11, ms
		}
		/^### / { warm = /^### Whole starts of images.* warm$/ }
		warm && /^[|] [a-z0-9].*[|] [0-9.]+ [|] [0-9.]+ [|] [0-9.]+ [|]/ && $2 != "image" {
			names[++count] = $2
			without[count] = $3 + 0
			with[count] = $5 + 0
			if (without[count] > most)
				most = without[count]
			if (with[count] > most)
				most = with[count]
		}
		END {
			if (!count)
				exit 1
			left = 90
			scale = 420 / most
			height = 40 + 44 * count
			printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"%d\" viewBox=\"0 0 600 %d\" role=\"img\">\n", height, height
			print "<title>Whole starts of real images, from runc run to exit, without granit and with it</title>"
			print "<style>text{font-family:sans-serif;font-size:12px;fill:#57606a}.name{font-weight:bold;font-size:13px}.without{fill:#8b949e}.with{fill:#2f81f7}"
			print "@media(prefers-color-scheme:dark){text{fill:#b1bac4}}</style>"
			print "<rect class=\"without\" x=\"90\" y=\"8\" width=\"13\" height=\"13\" rx=\"2\"/><text x=\"109\" y=\"19\">without granit</text>"
			print "<rect class=\"with\" x=\"210\" y=\"8\" width=\"13\" height=\"13\" rx=\"2\"/><text x=\"229\" y=\"19\">with granit, default profile: runc run to exit, warm, median</text>"
			for (i = 1; i <= count; i++) {
				y = 36 + (i - 1) * 44
				printf "<text class=\"name\" x=\"80\" y=\"%d\" text-anchor=\"end\">%s</text>\n", y + 19, names[i]
				bar(y, without[i], "without")
				bar(y + 15, with[i], "with")
			}
			print "</svg>"
		}' bench/results.md
}
starts >"$into/starts.svg"
