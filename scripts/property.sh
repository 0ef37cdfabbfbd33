#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What the verdict says against what a program can do, on containers made up at random (as root).
#
#	property.sh [CASES]		SEED=N: the same cases again; EXTRA=OPTIONS: granit's in each of them, to see it fail
#
# From a small grammar of mounts, users, images and options each case gets a container without an engine. granit judges it;
# then a program tries to write, to start programs and to reach the engine everywhere, under the same options with all checks
# at warn. Whatever the program could do and nothing had named is a false pass; whatever was refused and could not be done is a false alarm. Either
# ends in status 1, with the case as a command line.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

# A descriptor of the caller's would be a finding in every case.
for fd in /proc/"$$"/fd/*; do
	fd=${fd##*/}
	[ "$fd" -le 2 ] || [ "$fd" -eq 255 ] || eval "exec $fd>&-"
done

cases=${1:-200}
seed=${SEED:-$RANDOM$RANDOM}
RANDOM=$((seed % 32768))
granit=${GRANIT:-$PWD/build/granit}
tools=$PWD/build/tests
work=$(mktemp -d)
python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(99)
print("ready", flush=True)
while True:
    s.accept()[0].close()' "$work/engine" >"$work/listens" &
engine=$!
trap 'kill "$engine"; rm -rf "$work"' EXIT
until [ -s "$work/listens" ]; do
	kill -0 "$engine"
	sleep 0.1
done
chmod 666 "$work/engine"
printf 'property: SEED=%s, %d cases\n' "$seed" "$cases"

# one_of VARIABLE WORD...: sets it to one of them. Not in a subshell, where bash gives RANDOM a seed of its own.
one_of() {
	local -n chosen=$1
	shift
	local -a words=("$@")
	# shellcheck disable=SC2034 # it is the caller's
	chosen=${words[RANDOM % $#]}
}

make_image() {
	rm -rf "$work/root"
	mkdir -p "$work/root"/{proc,dev,sys,tmp,etc,run,lib64,usr/bin,data,srv/a,opt/tools,mnt}
	cp "$granit" "$work/root/granit"
	cp "$tools/probe" "$work/root/probe"
	[ "$1" = without ] || touch "$work/root/lib64/ld-linux-x86-64.so.2"
}

# volume POINT CONTENT: a folder for it
volume() {
	local dir=$work/volumes$1
	rm -rf "$dir"
	mkdir -p "$dir"
	chmod 777 "$dir"
	case $2 in
	program) cp "$tools/probe" "$dir/app" ;;
	shell) cp /bin/busybox "$dir/app" ;;
	settings) echo 'key = value' >"$dir/app.conf" ;;
	socket) ln "$work/engine" "$dir/docker.sock" ;;
	esac
	printf '%s' "$dir"
}

# Sets FLAGS, the container's; OPTIONS, granit's; KIND and HOLDS by mount point; DECLARED, points and ":exec"
make_case() {
	local point kind content declared
	FLAGS=()
	one_of LOADER with without
	read -ra OPTIONS <<<"${EXTRA:-}"
	declare -gA KIND=() HOLDS=() DECLARED=()
	make_image "$LOADER"
	one_of ROOT_KIND ro ro ro ro rw
	[ "$ROOT_KIND" = rw ] || FLAGS+=(--read-only)
	one_of USER_KIND 0 65532
	[ "$USER_KIND" = 0 ] || FLAGS+=(--user 65532:65532)
	for point in /data /srv/a /opt/tools /mnt /tmp; do
		one_of kind none none rw ro ro,noexec rw,noexec tmpfs tmpfs:noexec
		one_of content none program shell settings socket
		one_of declared no no yes exec
		case $kind in
		none) continue ;;
		tmpfs*) FLAGS+=("--tmpfs=$point${kind#tmpfs}") content=none ;;
		rw) FLAGS+=(--bind "$(volume "$point" "$content"):$point") ;;
		rw,noexec) FLAGS+=(--bind "$(volume "$point" "$content"):$point:noexec") ;;
		*) FLAGS+=(--bind "$(volume "$point" "$content"):$point:$kind") ;;
		esac
		KIND[$point]=$kind HOLDS[$point]=$content
		case $declared in
		yes)
			[[ $kind == ro* ]] || OPTIONS+=("--writable=$point")
			[[ $kind == ro* ]] || DECLARED[$point]='write'
			;;
		exec)
			if [[ $kind == ro* ]]; then
				OPTIONS+=("--exec-from=$point")
			else
				OPTIONS+=("--writable=$point:exec")
			fi
			DECLARED[$point]='exec'
			;;
		esac
	done
}

# inside GRANIT-OPTION-OR-PROGRAM...: what comes of it in the container
inside() {
	"$tools/nscontainer" "${FLAGS[@]}" "$work/root" -- /granit "$@" </dev/null 2>"$work/err"
}

# can VERB ARG...: whether the program can do that
can() {
	local said
	said=$(inside -q --warn=all "${OPTIONS[@]}" -- "$@" || :)
	[[ $said == *ok* || $said == *ran* ]]
}

failing() {
	jq -r '.findings[] | select(.level == "fail") | .id' "$work/report"
}

# named POINT: whether a finding at warn or above has it in its words
named() {
	jq -e --arg at "$1" '[.findings[] | select(.level == "warn" or .level == "fail") | .evidence[].text | select(contains($at))] | length > 0' \
		"$work/report" >/dev/null
}

wrong() {
	printf 'property: SEED=%s case %d: %s\n  nscontainer %s ROOT (loader: %s) -- /granit --check %s\n  contents:' \
		"$seed" "$number" "$1" "${FLAGS[*]}" "$LOADER" "${OPTIONS[*]}"
	local point
	for point in "${!HOLDS[@]}"; do printf ' %s=%s' "$point" "${HOLDS[$point]}"; done
	printf '\n  fails: %s\n' "$(failing | tr '\n' ' ')"
	found=$((found + 1))
}

# Nothing is refused: then what can be done is declared, or was named.
check_pass() {
	local point
	! can /probe write /usr/new || wrong 'the image can be written, and it passes'
	for point in "${!KIND[@]}"; do
		! can /probe write "$point/new" || [ -n "${DECLARED[$point]:-}" ] || named "$point" ||
			wrong "$point can be written, and nothing names it"
		! can /probe exec-copy "$point" || [ "${DECLARED[$point]:-}" = exec ] ||
			wrong "a program that was written to $point is started"
		case ${HOLDS[$point]} in
		program)
			! can "$point/app" args ran || [ "${DECLARED[$point]:-}" = exec ] || wrong "$point/app is started"
			;;
		shell)
			! can "$point/app" echo ran || wrong "the shell $point/app is started"
			;;
		socket)
			! can /probe connect "$point/docker.sock" || wrong "$point/docker.sock can be reached, and it passes"
			;;
		esac
	done
}

# What was refused can be done.
check_refusal() {
	local id point
	for id in $(failing); do
		case $id in
		root-read-only) can /probe write /usr/new || [ "$USER_KIND" != 0 ] || wrong 'the image is refused as writable, and cannot be written' ;;
		writable-mounts)
			for point in "${!KIND[@]}"; do
				[[ ${KIND[$point]} != ro* && -z ${DECLARED[$point]:-} ]] && can /probe write "$point/new" && continue 2
			done
			[ "$ROOT_KIND" = rw ] || wrong 'a volume is refused as writable, and none can be written'
			;;
		sensitive-mounts)
			for point in "${!KIND[@]}"; do
				[ "${HOLDS[$point]}" = socket ] && can /probe connect "$point/docker.sock" && continue 2
			done
			wrong 'a socket is refused, and none can be reached'
			;;
		foreign-programs)
			for point in "${!KIND[@]}"; do
				[[ ${KIND[$point]} == ro && ${HOLDS[$point]} == shell && ${DECLARED[$point]:-} != exec ]] && continue 2
			done
			wrong 'a volume is refused for its programs, and none has a shell'
			;;
		no-shell* | no-multicall)
			for point in "${!KIND[@]}"; do
				[[ ${HOLDS[$point]} == shell && ${DECLARED[$point]:-} == exec ]] && continue 2
			done
			wrong 'a shell is refused, and none may be started'
			;;
		esac
	done
}

found=0 passed=0 refused=0
for ((number = 1; number <= cases; number++)); do
	make_case
	status=0
	inside --check --format=json "${OPTIONS[@]}" >"$work/report" || status=$?
	case $status in
	0)
		passed=$((passed + 1))
		check_pass
		;;
	78)
		refused=$((refused + 1))
		check_refusal
		;;
	*) wrong "status $status: $(<"$work/err")" ;;
	esac
done
printf 'property: %d passed, %d refused, %d wrong\n' "$passed" "$refused" "$found"
[ "$found" -eq 0 ]
