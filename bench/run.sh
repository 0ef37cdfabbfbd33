#!/bin/bash
# Measure granit side by side with its peers and hold the ratios against the goals.
# shellcheck disable=SC2016 # what stands in single quotes are awk programs and Markdown
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

usage() {
	cat <<'END'
usage: bench/run.sh [--write] [--rounds=N] [--repeat=N] [--idle=SECONDS] [--cpu=N] [--only=FIGURE,...]
  --write       also write the result to bench/results.md
  --rounds=N    start-ups of each init per figure (1000; env ROUNDS)
  --repeat=N    runs of each reaping and latency measurement (9; env REPEAT)
  --idle=N      seconds to watch the idle inits (10; env IDLE)
  --cpu=N       the CPU everything timed is pinned to (the last one; env CPU)
  --only=LIST   of: startup, resident, reap, latency, syscalls, filter, content, size
GRANIT=FILE in the environment names another binary than build/granit.
END
}

: "${ROUNDS:=1000}" "${REPEAT:=9}" "${IDLE:=10}"
write=no only=startup,resident,reap,latency,syscalls,filter,content,size
arguments=$*
for arg in "$@"; do
	case $arg in
	--write) write=yes ;;
	--rounds=*) ROUNDS=${arg#*=} ;;
	--repeat=*) REPEAT=${arg#*=} ;;
	--idle=*) IDLE=${arg#*=} ;;
	--cpu=*) CPU=${arg#*=} ;;
	--only=*) only=${arg#*=} ;;
	--help)
		usage
		exit 0
		;;
	*)
		usage >&2
		die "unknown option '$arg'"
		;;
	esac
done
export CPU
for figure in ${only//,/ }; do
	case $figure in
	startup | resident | reap | latency | syscalls | filter | content | size) ;;
	*) die "--only: there is no figure '$figure' (--help lists them)" ;;
	esac
done

# What is compared with what. Columns count from the name: 2 is a figure's first number.
# kind|figure file|column|of|against (the best of several)|goal|unit|text
# ratio: granit's number over the peer's; fact: granit's number itself.
goals() {
	cat <<'END'
ratio|startup-host|3|granit-plain|dumb-init-musl|0.8|us|start-up overhead, `--profile=plain`, against dumb-init (musl)
ratio|startup-minimal|3|granit|tini-musl|2.0|us|start-up overhead, default profile, read-only namespace, against tini (musl)
ratio|startup-minimal|3|granit|tini-static|0.9|us|the same, against Debian's tini-static
ratio|startup-docker|3|granit|tini-musl|2.0|us|the same with all of Docker's mounts, against tini (musl)
ratio|startup-docker|3|granit|tini-static|0.9|us|the same with all of Docker's mounts, against Debian's tini-static
ratio|size|2|granit|tini-static|0.2|bytes|binary, against Debian's tini-static
ratio|resident|2|granit|tini-musl|1.0|kB|Private_Dirty of PID 1, default profile, against tini (musl)
fact|resident|4|granit|tini-musl|0|switches|wake-ups while idle, default profile (against tini: musl)
ratio|reap|2|granit|tini-musl,dumb-init-musl,tini-static|1.0|us|reaping 20,000 orphans, against the faster of tini, dumb-init
ratio|reap|3|granit|tini-musl,dumb-init-musl,tini-static|1.0|us|CPU time of the init meanwhile, against the least of the same
ratio|latency|2|granit-plain|tini-musl,dumb-init-musl,tini-static|1.05|us|signal to handler, plain, against the faster of tini, dumb-init
ratio|latency|2|granit|tini-musl,dumb-init-musl,tini-static|1.2|us|signal to handler, default with watch, against the same
ratio|content|2|scan|plain:3|2.0|us|content scan, warm, against `cat` of the same files
ratio|content|2|small-20|plain:3|1.5|us|100,000 files of 20 bytes, against `find -type f -perm /111`
ratio|content|2|small-1000|plain:3|1.5|us|100,000 files of 1,000 bytes, against the same
ratio|content|2|seal|plain:3|1.1|us|manifest check, warm, against `openssl dgst -sha256` of the same files
END
}

results=$build/bench/results
require_root
rm -rf "$results"
mkdir -p "$results"

wanted() {
	[[ ",$only," == *",$1,"* ]]
}

# bare, then every init in front of it, in startup's way of writing commands
startup_commands() { # host|minimal|docker
	local name program=$tools/true
	[ "$1" = host ] || program=/bin/true
	list=(bare "$program")
	for name in "${contestants[@]}"; do
		if [ "$1" = host ]; then
			# The default profile refuses outside a read-only root, as it should.
			[ "$name" != granit ] || continue
			[ -x "$(binary_of "$name")" ] || continue
		else
			is_runnable "$name" || continue
			[ "$1" = minimal ] || starts "$name" "$1" || continue
		fi
		init_command "$name" "$1"
		list+=(+ "$name" "${cmd[@]}" "$program")
	done
}

measure_startup() {
	local list mode
	startup_commands host
	"$tools/startup" -c "$CPU" -n "$ROUNDS" -- "${list[@]}" >"$results/startup-host"
	for mode in minimal docker; do
		startup_commands "$mode"
		in_container -m "$mode" -c "$CPU" "$rootfs" /bench/startup -n "$ROUNDS" -- "${list[@]}" >"$results/startup-$mode"
	done
}

# One run after the other of each init in turn, so that a slow spell of the machine hits all alike; the median of each.
measure_repeated() { # FIGURE
	local name round numbers
	for round in $(seq "$REPEAT"); do
		for name in "${runnable[@]}"; do
			init_command "$name" pid1
			if numbers=$(in_container -c "$CPU" "$rootfs" "${cmd[@]}" "/bench/$1" 2>"$results/complaints"); then
				printf '%s\t%s\n' "$name" "$numbers"
			else
				say "no figure for $1 of $name in round $round:" "$(cat "$results/complaints")"
			fi
		done
	done | medians >"$results/$1"
}

# What --probe, --wait-for, --secret and their like cost: a granit without them.
size_without_tools() {
	local small=$build/bench/no-tools library
	mkdir -p "$small"
	for library in libcap-ng nettle libsodium; do
		[ ! -d "$build/$library" ] || cp -au "$build/$library" "$small/"
	done
	make -s -C "$top" TOOLS=no BUILD="$small" "$small/granit" >/dev/null || return 0
	printf 'granit, TOOLS=no\t%s\n' "$(stat -Lc %s "$small/granit")"
}

measure_size() {
	local name
	for name in "${contestants[@]}"; do
		[ "$name" != granit-plain ] || continue
		[ ! -x "$(binary_of "$name")" ] || printf '%s\t%s\n' "$name" "$(stat -Lc %s "$(binary_of "$name")")"
		[ "$name" != granit ] || size_without_tools
	done >"$results/size"
}

micro='function us(ns) { return sprintf("%.1f", ns / 1000) }'

show() { # FIGURE TITLE HEADER AWK_ROW
	local figure=$1 columns
	[ -s "$results/$figure" ] || return 0
	columns=$(printf '%s' "$3" | tr -cd '|' | wc -c)
	printf '\n### %s\n\n| %s |\n|---%s|\n' "$2" "$3" "$(printf '|--:%.0s' $(seq "$columns"))"
	awk -F'\t' "$micro"' { '"$4"' }' "$results/$figure"
}

show_startup() { # FIGURE TITLE
	show "$1" "$2" 'init | p50 µs | overhead µs | in fifths of the run, µs' '
		low = high = $4
		for (i = 5; i <= NF; i++) { if ($i < low) low = $i; if ($i > high) high = $i }
		if ($1 == "bare") printf "| the bare program | %s | | |\n", us($2)
		else printf "| %s | %s | %s | %s–%s |\n", $1, us($2), us($3), us(low), us(high)'
}

show_figures() {
	show_startup startup-host 'Start-up, as a child outside of any container'
	show_startup startup-minimal 'Start-up in a read-only pivot_root namespace'
	show_startup startup-docker "Start-up in the same with Docker's mounts, masks, overlay and a seccomp filter"
	show resident "Idle for $IDLE s as PID 1" 'init | Private_Dirty kB | Rss kB | context switches' \
		'printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4'
	show reap 'Reaping 20,000 orphans in batches of 500, one CPU' 'init | ms | of them CPU of the init, ms' \
		'printf "| %s | %.1f | %.1f |\n", $1, $2 / 1e6, $3 / 1e6'
	show latency 'SIGUSR1 sent to the init, until the handler in the program, one CPU' 'init | p50 µs' \
		'printf "| %s | %.2f |\n", $1, $2 / 1000'
	show syscalls "System calls from the init's exec to the program's, as PID 1" 'init | calls' 'printf "| %s | %d |\n", $1, $2'
	show filter "The program's getpid(2), under the filter of --deny" 'filter | ns | Speculation_Store_Bypass' \
		'printf "| %s | %.1f | %s |\n", $1, $2 / 1000, $3'
	show size 'Binary' 'init | bytes' 'printf "| %s | %d |\n", $1, $2'
	show content "Content of an image (200 MB of ELF files; 100,000 small files)" 'figure | granit ms | plain tool ms' \
		'printf "| %s | %.1f | %.1f |\n", $1, $2 / 1e6, $3 / 1e6'
}

value() { # FIGURE NAME COLUMN
	[ -s "$results/$1" ] && awk -F'\t' -v name="$2" -v i="$3" '$1 == name { print $i }' "$results/$1"
}

best_peer() { # FIGURE NAME PEERS COLUMN
	local peer
	case $3 in
	plain:*) value "$1" "$2" "${3#plain:}" ;;
	*)
		for peer in ${3//,/ }; do
			value "$1" "$peer" "$4" || :
		done | sort -n | head -n 1
		;;
	esac
}

show_goals() {
	local kind figure column name peers goal unit text mine theirs
	printf '\n### Goals\n\n| figure | granit | peer | ratio | goal | |\n|---|--:|--:|--:|--:|---|\n'
	while IFS='|' read -r kind figure column name peers goal unit text; do
		wanted "${figure%-*}" || continue
		mine=$(value "$figure" "$name" "$column" || :)
		theirs=$(best_peer "$figure" "$name" "$peers" "$column" || :)
		awk -v kind="$kind" -v mine="$mine" -v theirs="$theirs" -v goal="$goal" -v unit="$unit" -v text="$text" '
			function shown(x) { return unit == "us" ? sprintf("%.1f µs", x / 1000) : x " " unit }
			BEGIN {
				if (kind == "fact") { ratio = ""; verdict = mine <= goal }
				else if (theirs + 0 > 0) { ratio = sprintf("%.2f", mine / theirs); verdict = mine / theirs <= goal }
				else mine = ""
				printf "| %s | %s | %s | %s | %s%s | %s |\n", text, mine == "" ? "" : shown(mine), theirs == "" ? "" : shown(theirs),
					mine == "" ? "" : ratio, kind == "fact" ? "" : "≤ ", goal, mine == "" ? "not measured" : verdict ? "met" : "MISSED"
			}'
	done < <(goals)
}

header() {
	printf '# Measured\n\n'
	printf 'One run of `bench/run.sh%s`%s, on %s.\n' "${arguments:+ $arguments}" \
		"$([ "$ROUNDS $REPEAT $IDLE" = '1000 9 10' ] || printf ' (%s rounds, %s repeats, %s s idle)' "$ROUNDS" "$REPEAT" "$IDLE")" \
		"$(date -u +%Y-%m-%d)"
	printf 'Linux %s %s, %s, %s CPUs, everything timed but the content figures pinned to CPU %s.\n' "$(uname -r)" "$(uname -m)" \
		"$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$CPU"
	printf 'The peers ending in -musl are built from source by `scripts/build-peers.sh`; the others are the distribution'\''s binaries.\n'
	printf 'An overhead is the p50 with the init less the p50 of the bare program; rounds are interleaved in random order.\n'
	printf 'A dynamic init (dumb-init of Debian) is not put into the container of one static program.\n'
}

prepare
# The part scripts take over what was prepared and found runnable here.
export BENCH_PREPARED="${runnable[*]}"

! wanted size || measure_size
! wanted startup || measure_startup
! wanted syscalls || "$top/bench/syscalls.sh" >"$results/syscalls" || :
! wanted filter || "$top/bench/filter.sh" "$REPEAT" >"$results/filter" || :
! wanted reap || measure_repeated reap
! wanted latency || measure_repeated latency
! wanted resident || "$top/bench/resident.sh" "$IDLE" >"$results/resident"
! wanted content || "$top/bench/content.sh" >"$results/content" || :

report() {
	header
	show_goals
	show_figures
}
if [ "$write" = yes ]; then
	report | tee "$top/bench/results.md"
else
	report
fi
