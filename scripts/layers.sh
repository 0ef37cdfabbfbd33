#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Hold the includes of src/ against the order of its rooms: a room may include itself and the rooms before it in the list
# below, and no file may come round to itself. src/*.c, which has no room, may include every one.
set -euo pipefail
cd "$(dirname "$0")/.."

# The one place that has the order, from the lowest to the highest.
order='sys policy facts seal posture checks report harden net launch watch supervise learn tools options'

[ "${1:-}" != --order ] || exec printf '%s\n' "$order"
# shellcheck disable=SC2016 # awk's, not the shell's
find src -name '*.[ch]' | sort | xargs awk -v order="$order" '
	function room(path) { return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : "main" }
	BEGIN { n = split(order " main", names); for (i = 1; i <= n; i++) rank[names[i]] = i }
	/^#include "/ {
		from = substr(FILENAME, 5); split($0, quoted, "\""); to = quoted[2]
		if (!(room(from) in rank) || !(room(to) in rank)) { bad = 1; print FILENAME ":" FNR ": " room(from) " includes " to ": the order does not have " (room(to) in rank ? room(from) : room(to)) }
		else if (rank[room(to)] > rank[room(from)]) { bad = 1; print FILENAME ":" FNR ": " room(from) " includes " to ": " room(to) " lies above it" }
		if (from ~ /\.h$/) edges[from] = edges[from] " " to
	}
	function visit(file, way,   i, m, next_files) {
		if (index(way " ", " " file " ")) { bad = 1; print "src/" file ": a circle:" way " " file; return }
		if (seen[file]++) return
		m = split(edges[file], next_files, " ")
		for (i = 1; i <= m; i++) visit(next_files[i], way " " file)
	}
	END { for (file in edges) visit(file, ""); exit bad }'
