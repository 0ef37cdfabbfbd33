#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Many containers: one after the other, and many at once, by runc alone and by podman (as root).
#
#	load.sh [CONTAINERS [AT_ONCE]]		1000 and 50 by default
#
# Each is judged, hardened and started, ends with a status that granit has to hand on, and is gone then. A line for each engine
# says how many were wrong, and what most of them took; the status is 1 if one was.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=../tests/helpers/engines.bash
. tests/helpers/engines.bash

containers=${1:-1000} at_once=${2:-50}
work=$(mktemp -d)
# shellcheck disable=SC2317 # it is called by the trap
finish() {
	[ -z "${ENGINE:-}" ] || engine_stop podman || :
	rm -rf "$work"
}
trap finish EXIT

mkdir -p "$work"/{image,bundle}
cp build/granit build/tests/probe "$work/image/"

runc spec --bundle "$work/bundle"
jq --arg root "$work/image" '
	.root = {path: $root, readonly: true} | .process.terminal = false |
	.process.user = {uid: 65532, gid: 65532} |
	.mounts |= map(select(.destination != "/dev/mqueue")) |
	.process.args = ["/granit", "-q", "--", "/probe", "exit", "7"]' "$work/bundle/config.json" >"$work/config"
mv "$work/config" "$work/bundle/config.json"

# Both are called by their names.
# shellcheck disable=SC2317
by_runc() { # NUMBER
	runc --root "$work/runc" run --bundle "$work/bundle" "load-$1"
}

# shellcheck disable=SC2317
by_podman() { # NUMBER
	engine_run --read-only --user 65532:65532 load -q -- /probe exit 7
}

# Milliseconds and status of one.
one() { # HOW NUMBER
	local from=${EPOCHREALTIME/[.,]/} status=0
	"$1" "$2" >"$work/said.$1.$2" 2>&1 </dev/null || status=$?
	printf '%d %d\n' $(((${EPOCHREALTIME/[.,]/} - from) / 1000)) "$status" >"$work/took.$1.$2"
	[ "$status" -ne 7 ] || rm "$work/said.$1.$2"
}

# What was said by those that were wrong is shown.
tell() { # HOW WHAT COUNT
	local wrong half most
	wrong=$(cat "$work/took.$1."* | awk '$2 != 7' | wc -l)
	read -r half most < <(cat "$work/took.$1."* | sort -n | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)], t[int(NR * 0.99 + 0.5)] }')
	printf '%s, %s: %d of %d wrong; p50 %d ms, p99 %d ms\n' "${1#by_}" "$2" "$wrong" "$3" "$half" "$most"
	head -n 5 "$work/said.$1."* 2>/dev/null || :
	rm -f "$work"/{took,said}."$1".*
	[ "$wrong" -eq 0 ] || failed=1
}

many() { # HOW
	local i
	for ((i = 0; i < containers; i++)); do
		one "$1" "$i"
	done
	tell "$1" 'one after the other' "$containers"
	for ((i = 0; i < at_once; i++)); do
		one "$1" "$i" &
	done
	wait
	tell "$1" 'at once' "$at_once"
}

failed=0
many by_runc
if [ -n "$(runc --root "$work/runc" list -q)" ]; then
	printf 'runc: some are left\n'
	failed=1
fi
engine_start podman
ENGINE=podman
export ENGINE_TIMEOUT=300
engine_image load "$work/image" 'ENTRYPOINT ["/granit"]'
many by_podman
if [ -n "$(engine ps --all --quiet)" ]; then
	printf 'podman: some are left\n'
	failed=1
fi
exit "$failed"
