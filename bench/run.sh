#!/bin/bash
# Measure granit side by side with its peers and hold the ratios against the goals.
# shellcheck disable=SC2016 # what stands in single quotes are awk programs and Markdown
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=goals.sh
. "$top/bench/goals.sh"

usage() {
	cat <<'END'
usage: bench/run.sh [--write] [--starts=N] [--rounds=N] [--repeat=N] [--idle=SECONDS] [--cpu=N] [--only=FIGURE,...]
  --write       also write the result to bench/results.md, and what is judged to bench/results.tsv, which later runs of
                the same kind (machine, rounds) are held against: what is worse by 10 % is red, and counted
  --starts=N    starts of each real image, warm; a quarter of it cold (40; env STARTS)
  --rounds=N    start-ups of each init per figure (1000; env ROUNDS)
  --repeat=N    runs of each reaping and latency measurement (9; env REPEAT)
  --idle=N      seconds to watch the idle inits (10; env IDLE)
  --cpu=N       the CPU everything timed is pinned to (the last one; env CPU)
  --only=LIST   of: images, startup, mounts, tools, resident, reap, latency, syscalls, filter, learn, content, size
GRANIT=FILE in the environment names another binary than build/granit.
END
}

: "${STARTS:=40}" "${ROUNDS:=1000}" "${REPEAT:=9}" "${IDLE:=10}"
write=no figures=images,startup,mounts,tools,resident,reap,latency,syscalls,filter,learn,content,size
only=$figures
arguments=$*
for arg in "$@"; do
	case $arg in
	--write) write=yes ;;
	--starts=*) STARTS=${arg#*=} ;;
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
	[[ ,$figures, == *",$figure,"* ]] || die "--only: there is no figure '$figure' (--help lists them)"
done

results=$build/bench/results
recorded=$top/bench/results.tsv
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
kind="$(uname -m), $processor, $(nproc) CPUs: $STARTS starts, $ROUNDS rounds, $REPEAT repeats, $IDLE s idle"
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

# Another granit's size: what some of it costs.
size_of_other() { # NAME FOLDER MAKE_VARIABLE...
	local name=$1 other=$build/bench/$2 library
	shift 2
	mkdir -p "$other/obj"
	# The libraries as they are; without the compiler's mark they would be taken for another's, and built again.
	cp -au "$build/obj/compiler" "$other/obj/"
	for library in libcap-ng nettle libsodium; do
		[ ! -d "$build/$library" ] || cp -au "$build/$library" "$other/"
	done
	make -s -C "$top" BUILD="$other" "$@" "$other/granit" >/dev/null || return 0
	printf '%s\t%s\n' "$name" "$(stat -Lc %s "$other/granit")"
}

size_without_learn() {
	local stub=$build/bench/no-learn.c
	printf 'int learn(void);\nint learn(void)\n{\n\treturn 0;\n}\n' >"$stub"
	size_of_other 'granit without --learn' no-learn LDFLAGS="$stub" \
		SOURCES="$(cd "$top" && find src -name '*.c' ! -path 'src/learn/*' | LC_ALL=C sort | tr '\n' ' ')"
}

measure_size() {
	local name
	for name in "${contestants[@]}"; do
		[ "$name" != granit-plain ] || continue
		[ ! -x "$(binary_of "$name")" ] || printf '%s\t%s\n' "$name" "$(stat -Lc %s "$(binary_of "$name")")"
		[ "$name" = granit ] || continue
		size_of_other 'granit, TOOLS=no' no-tools TOOLS=no
		size_without_learn
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

show_images() { # warm|cold TITLE
	show "images-$1" "$2" 'image | p50 ms | p90 ms | with granit: p50 ms | p90 ms | p50 with/without' '
		p50[$1] = $2; p90[$1] = $3
		if ($1 !~ /\+granit$/ || $1 ~ /^worst/) next
		bare = $1
		sub(/\+granit$/, "", bare)
		printf "| %s | %.1f | %.1f | %.1f | %.1f | %.2f |\n", bare, p50[bare] / 1e6, p90[bare] / 1e6, $2 / 1e6, $3 / 1e6, $2 / p50[bare]'
}

show_figures() {
	show_images warm 'Whole starts of images, `runc run` to exit, warm'
	show_images cold 'The same with the page cache dropped before each start'
	show_startup startup-host 'Start-up, as a child outside of any container'
	show_startup startup-minimal 'Start-up in a read-only pivot_root namespace'
	show_startup startup-docker "Start-up in the same with Docker's mounts, masks, overlay and a seccomp filter"
	show mounts "Mounts in the table, beside Docker's own" 'mounts | added to granit µs | added to cat µs | granit overhead µs | cat µs' \
		'printf "| %s | %s | %s | %s | %s |\n", $1, us($2), us($3), us($4), us($5)'
	show tools 'Tools, spawn to exit' 'tool | µs | empty static program µs' 'printf "| --%s | %s | %s |\n", $1, us($2), us($3)'
	show resident "Idle for $IDLE s as PID 1" 'init | Private_Dirty kB | Rss kB | context switches' \
		'printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4'
	show reap 'Reaping 20,000 orphans in batches of 500, one CPU' 'init | ms | of them CPU of the init, ms' \
		'printf "| %s | %.1f | %.1f |\n", $1, $2 / 1e6, $3 / 1e6'
	show latency 'SIGUSR1 sent to the init, until the handler in the program, one CPU' 'init | p50 µs' \
		'printf "| %s | %.2f |\n", $1, $2 / 1000'
	show syscalls "System calls from the init's exec to the program's, as PID 1" 'init | calls' 'printf "| %s | %d |\n", $1, $2'
	show filter "The program's getpid(2), under the filter of --deny" 'filter | ns | Speculation_Store_Bypass' \
		'printf "| %s | %.1f | %s |\n", $1, $2 / 1000, $3'
	show learn 'What the program pays under --learn' 'run | open, read, close µs | open to write, close µs' \
		'printf "| %s | %.2f | %.2f |\n", $1, $2 / 1000, $3 / 1000'
	show size 'Binary' 'init | bytes' 'printf "| %s | %d |\n", $1, $2'
	show content "Content of an image (200 MB of ELF files; 100,000 small files)" 'figure | granit ms | plain tool ms' \
		'printf "| %s | %.1f | %.1f |\n", $1, $2 / 1e6, $3 / 1e6'
}

header() {
	printf '# Measured\n\n'
	printf 'One run of `bench/run.sh%s`%s, on %s.\n' "${arguments:+ $arguments}" \
		"$([ "$STARTS $ROUNDS $REPEAT $IDLE" = '40 1000 9 10' ] ||
			printf ' (%s starts, %s rounds, %s repeats, %s s idle)' "$STARTS" "$ROUNDS" "$REPEAT" "$IDLE")" \
		"$(date -u +%Y-%m-%d)"
	printf 'Linux %s %s, %s, %s CPUs, everything timed but whole starts and the content figures pinned to CPU %s.\n' \
		"$(uname -r)" "$(uname -m)" "$processor" "$(nproc)" "$CPU"
	printf 'The peers ending in -musl are built from source by `scripts/build-peers.sh`; the others are the distribution'\''s binaries.\n'
	printf 'An overhead is the p50 with the init less the p50 of the bare program; rounds are interleaved in random order.\n'
	printf 'A dynamic init (dumb-init of Debian) is not put into the container of one static program.\n'
}

prepare
# The part scripts take over what was prepared and found runnable here.
export BENCH_PREPARED="${runnable[*]}"

measure_images() {
	"$top/bench/images.sh" warm "$STARTS" >"$results/images-warm" || :
	"$top/bench/images.sh" cold $((STARTS / 4 < 5 ? 5 : STARTS / 4)) >"$results/images-cold" || :
}

! wanted size || measure_size
! wanted images || measure_images
! wanted startup || measure_startup
! wanted mounts || "$top/bench/mounts.sh" $((ROUNDS / 10)) >"$results/mounts" || :
! wanted tools || "$top/bench/tools.sh" "$ROUNDS" >"$results/tools" || :
! wanted learn || "$top/bench/learn.sh" "$REPEAT" >"$results/learn" || :
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
	show_count
}
report >"$results/report"
if [ "$write" = yes ]; then
	cp "$results/report" "$top/bench/results.md"
	record
fi
if [ -t 1 ]; then
	in_colour <"$results/report"
else
	cat "$results/report"
fi
