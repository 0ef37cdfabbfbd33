#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The torture test: a program that does to process 1 all that it can think of (build/tests/torture), mounts that come,
# go and stay, a file system that hangs, signals and orphans from outside, and a reader of standard error that stalls.
#
#	torture.sh [SECONDS]		60 by default; as root
#	SEED=N torture.sh ...		what another run did, which prints its seed first
#	WITHOUT='DEED...'		none of these (build/tests/torture --list);  KEEP=1: what was written is kept
#
# Two containers: `warn` watches, and has the file system that hangs; `terminate` would end if a look were not to be had,
# and its program does not listen to TERM.
#
# Afterwards: process 1 lives and waits, has no zombie, not more memory and descriptors of its own than when it was warm;
# the mounts of a last, quiet minute have each been named; one of before that was not is only forgiven where lines were
# dropped and that was said; TERM ends it within a second.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

seconds=${1:-60}
seed=${SEED:-$((EPOCHSECONDS % 1000000))}
granit=$(realpath "${GRANIT:-build/granit}")
tools=$(realpath build/tests)
readonly PLACES=1000 BATCH=10 BOXES='warn terminate'
dir=$(mktemp -d)
chmod 755 "$dir"
declare -A box init reader before_kb before_fds
stayed=() others=()
hungfs=

printf 'torture: SEED=%d, %d seconds\n' "$seed" "$seconds"
RANDOM=$seed

finish() {
	local pid
	for pid in $hungfs "${box[@]}" "${others[@]}" "${reader[@]}"; do
		kill -TERM "$pid" 2>/dev/null || :
	done
	wait
	if [ -n "${KEEP:-}" ]; then
		printf 'torture: kept: %s\n' "$dir"
	else
		rm -rf "$dir"
	fi
}
trap finish EXIT
trap 'exit 130' INT TERM

die() {
	printf 'torture: SEED=%d: %s\n' "$seed" "$*" >&2
	failed=$((failed + 1))
}
failed=0

# within SECONDS COMMAND...
within() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -le "$end" ] || return
		sleep 0.02
	done
}

# ---- the containers

mkdir -p "$dir/root"/{tmp,hung,source,probe-dir}
cp "$granit" "$dir/root/granit"
cp "$tools/probe" "$tools/torture" "$dir/root/"
(cd "$dir/root" && seq -f m%g $((PLACES + BATCH)) | xargs mkdir)

# read_by_fits NAME: takes what is in the pipe, then nothing for a while; all of it once it is to be calm
read_by_fits() {
	local pause
	trap 'exit 0' TERM
	exec <"$dir/$1.err.pipe" >"$dir/$1.err"
	until [ -e "$dir/calm" ]; do
		timeout 0.$((RANDOM % 9 + 1)) cat || :
		pause=$((RANDOM % 4))
		while [ "$pause" -gt 0 ] && [ ! -e "$dir/calm" ]; do
			sleep 1
			pause=$((pause - 1))
		done
	done
	exec cat
}

has_init() {
	init[$1]=$(pgrep -P "${box[$1]}") && grep -q '^ready' "$dir/$1.out"
}

start() { # NAME GRANIT-OPTION... -- PROGRAM...
	local name=$1
	shift
	# The program fills it by a description of its own, which it has to open.
	mkfifo "$dir/$name.err.pipe"
	chmod 666 "$dir/$name.err.pipe"
	: >"$dir/$name.out"
	read_by_fits "$name" &
	reader[$name]=$!
	"$tools/nscontainer" --read-only --user 65532:65532 --tmpfs /source "$dir/root" -- /granit -q -w --ignore=all "$@" \
		>"$dir/$name.out" 2>"$dir/$name.err.pipe" </dev/null &
	box[$name]=$!
	within 20 has_init "$name" || {
		die "$name did not start"
		exit 1
	}
}

# deeds [LEFT-OUT...]
deeds() {
	"$tools/torture" --list | grep -vxF "$(printf '%s\n' none "$@")"
}

read -r -a without <<<"${WITHOUT:-}"
mapfile -t deeds < <(deeds "${without[@]}")
start warn --warn=writable-mounts --watch=warn -- /torture --seconds "$seconds" --seed "$((seed + 1))" "${deeds[@]}"
# Whoever kills each looker for a minute has the container ended: that is meant.
mapfile -t deeds < <(deeds lookers "${without[@]}")
start terminate --warn=writable-mounts --watch=terminate --grace=300ms -- \
	/torture --deaf --seconds "$seconds" --seed "$((seed + 2))" "${deeds[@]}"

"$tools/hungfs" --swallow --pid "${init[warn]}" /hung >"$dir/hungfs.out" &
hungfs=$!

# ---- what is done from outside

inside() { # NAME COMMAND...
	nsenter -t "${init[$1]}" -m "${@:2}" >>"$dir/inside" 2>&1
}

lives() {
	kill -0 "${init[$1]}" 2>/dev/null
}

next=1
mount_one() { # NAME
	[ "$next" -lt "$PLACES" ] || return 0
	local place=/m$next
	next=$((next + 1))
	if [ $((RANDOM % 3)) -eq 0 ]; then
		inside "$1" /probe bind /source "$place"
	else
		inside "$1" /probe tmpfs "$place"
	fi
	case $((RANDOM % 4)) in
	0 | 1) stayed+=("$1 $place") ;;
	2) inside "$1" /probe umount "$place" ;;
	3)
		sleep "0.$((RANDOM % 5))"
		inside "$1" /probe umount "$place"
		;;
	esac
}

outside_signals=(USR1 USR2 WINCH PIPE XFSZ CHLD CONT URG ALRM TTOU 35 50)
round() { # NAME
	case $((RANDOM % 8)) in
	0 | 1 | 6 | 7) mount_one "$1" ;;
	2) kill -"${outside_signals[RANDOM % ${#outside_signals[@]}]}" "${init[$1]}" ;;
	3) nsenter -t "${init[$1]}" -m -p /probe orphans $((RANDOM % 50 + 1)) 0 >>"$dir/inside" 2>&1 ;;
	4) kill -USR$((RANDOM % 2 + 1)) "$hungfs" ;;
	5) sleep "0.$((RANDOM % 4))" ;;
	esac
}

# Kilobytes, and descriptors. Not the private ones: a child that looks shares them, for as long as it is there.
holds_kb() {
	awk '/^Anonymous:/ { n += $2 } END { print n + 0 }' "/proc/${init[$1]}/smaps_rollup"
}

holds_fds() {
	find "/proc/${init[$1]}/fd" -mindepth 1 2>/dev/null | wc -l
}

end=$((SECONDS + seconds)) warm=$((SECONDS + seconds / 4))
for name in $BOXES; do before_kb[$name]=0 before_fds[$name]=0; done
rounds=0
while [ "$SECONDS" -lt "$end" ]; do
	for name in $BOXES; do
		lives "$name" || break 2
		round "$name" || :
		rounds=$((rounds + 1))
		# What it comes to when it is warm.
		[ "$SECONDS" -lt "$warm" ] || continue
		kb=$(holds_kb "$name") fds=$(holds_fds "$name")
		[ "$kb" -le "${before_kb[$name]}" ] || before_kb[$name]=$kb
		[ "$fds" -le "${before_fds[$name]}" ] || before_fds[$name]=$fds
	done
done

# ---- a last, quiet while, and what is left

: >"$dir/calm"
kill -USR2 "$hungfs"

names_all() { # NAME: the last batch
	local i
	for ((i = PLACES + 1; i <= PLACES + BATCH; i++)); do
		grep -qaE "/m$i is (a )?writable" "$dir/$1.err" || return
	done
}

is_quiet() {
	grep -q '^quiet' "$dir/$1.out"
}

has_no_zombie() {
	! pgrep --runstates Z -P "${init[$1]}" >/dev/null
}

holds_no_more() {
	[ "$(holds_kb "$1")" -le "${before_kb[$1]}" ] && [ "$(holds_fds "$1")" -le "${before_fds[$1]}" ]
}

is_gone() {
	! kill -0 "${box[$1]}" 2>/dev/null
}

verdict() { # NAME WANTED-STATUS
	local name=$1 status=0 from ms i missing=0 all=0 dropped one
	lives "$name" || {
		wait "${box[$name]}" || status=$?
		die "$name: process 1 is gone, with status $status"
		return
	}
	within 60 is_quiet "$name" || die "$name: the program did not come to its end"
	for ((i = PLACES + 1; i <= PLACES + BATCH; i++)); do inside "$name" /probe tmpfs "/m$i"; done
	within 90 names_all "$name" || die "$name: mounts of the quiet end are not named"
	dropped=$(grep -aic 'dropped' "$dir/$name.err" || :)
	for one in "${stayed[@]}"; do
		[ "${one% *}" = "$name" ] || continue
		all=$((all + 1))
		grep -qaE "${one#* } is (a )?writable" "$dir/$name.err" || missing=$((missing + 1))
	done
	[ "$missing" -eq 0 ] || [ "$dropped" -gt 0 ] || die "$name: $missing of $all mounts are not named, and no line was dropped"
	within 10 has_no_zombie "$name" || die "$name: zombies"
	within 10 holds_no_more "$name" ||
		die "$name: grown from ${before_kb[$name]} kB, ${before_fds[$name]} descriptors to $(holds_kb "$name"), $(holds_fds "$name")"
	[ "$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/${init[$name]}/status")" = S ] || die "$name: process 1 does not wait"
	printf 'torture: %s: %d mounts stayed, %d not named, %d times lines were dropped; %d kB, %d descriptors\n' \
		"$name" "$all" "$missing" "$dropped" "$(holds_kb "$name")" "$(holds_fds "$name")"
	from=${EPOCHREALTIME/[.,]/}
	kill -TERM "${init[$name]}"
	within 10 is_gone "$name" || die "$name: TERM does not end it"
	ms=$(((${EPOCHREALTIME/[.,]/} - from) / 1000))
	kill -KILL "${box[$name]}" 2>/dev/null || :
	wait "${box[$name]}" || status=$?
	unset "box[$name]"
	[ "$status" -eq "$2" ] || die "$name: ended with $status, not $2"
	[ "$ms" -le 1000 ] || die "$name: TERM took $ms ms"
}

verdict warn 0
verdict terminate 137
printf 'torture: SEED=%d: %d rounds in %d s: %d faults\n' "$seed" "$rounds" "$seconds" "$failed"
[ "$failed" -eq 0 ]
