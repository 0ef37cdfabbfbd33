# shellcheck shell=bash
# What the benchmark's scripts share: where things lie, who competes, and how each is called.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build
tools=$build/bench/tools
# The container's root. An image with one program: were the competitors' binaries in a program folder, granit would scan them.
rootfs=$build/bench/rootfs
granit=$(realpath -m "${GRANIT:-$build/granit}")
: "${CPU:=$(($(nproc) - 1))}"

say() {
	printf 'bench: %s\n' "$@" >&2
}

# Lines of a name and numbers: one line a name, with the median of each column.
medians() {
	awk -F'\t' '
		!($1 in runs) { names[++known] = $1 }
		{ runs[$1]++; for (i = 2; i <= NF; i++) v[$1, i, runs[$1]] = $i; fields[$1] = NF }
		function median(name, i,    n, j, k, x, sorted) {
			n = runs[name]
			for (j = 1; j <= n; j++) {
				x = v[name, i, j]
				for (k = j - 1; k > 0 && sorted[k] > x; k--) sorted[k + 1] = sorted[k]
				sorted[k + 1] = x
			}
			return sorted[int((n + 1) / 2)]
		}
		END {
			for (m = 1; m <= known; m++) {
				printf "%s", names[m]
				for (i = 2; i <= fields[names[m]]; i++) printf "\t%d", median(names[m], i)
				printf "\n"
			}
		}'
}

die() {
	say "$@"
	exit 1
}

# granit-plain and granit are one binary: what the first supervises, the second also verifies and hardens.
contestants=(granit-plain granit tini-musl dumb-init-musl tini-static dumb-init catatonit)

binary_of() { # NAME -> path outside the container
	case $1 in
	granit | granit-plain) printf '%s\n' "$granit" ;;
	*-musl) printf '%s\n' "$build/peers/$1" ;;
	*) command -v "$1" || printf '/usr/bin/%s\n' "$1" ;;
	esac
}

# Sets the array `cmd` to the call of an init, up to where its program follows.
# Where it is no PID 1, tini wants to be told to be a subreaper, or it writes a warning that would be timed too.
init_command() { # NAME host|minimal|docker|pid1
	case $2 in
	# The copy too: how a file was written shows in the page cache, and a linker's is the slower.
	host) cmd=("$rootfs/contestants/${1%-plain}") ;;
	*) cmd=("/contestants/${1%-plain}") ;;
	esac
	case $1 in
	granit-plain) cmd+=(--profile=plain) ;;
	tini-*) [ "$2" = pid1 ] || cmd+=(-s) ;;
	esac
	cmd+=(--)
}

in_container() { # container's options, then ROOT PROGRAM...
	"$tools/container" "$@" </dev/null
}

# A new version may refuse where it should not: it is then left out aloud, and the rest is measured all the same.
starts() { # NAME MODE
	local reason
	init_command "$1" pid1
	reason=$(in_container -m "$2" "$rootfs" "${cmd[@]}" /bin/true 2>&1) && return
	say "$1 is left out: it did not start /bin/true in the read-only container ($2):" "${reason:-no message}"
	return 1
}

# Which of the contestants can be had and do start here; the others are named once, with the reason.
runnable=()
find_runnable() {
	local name
	for name in "${contestants[@]}"; do
		if [ ! -x "$(binary_of "$name")" ]; then
			say "$name is left out: $(binary_of "$name") is not there"
			continue
		fi
		# Not static: it would need its libraries inside, and the image would no longer be that of one static program.
		[ "$name" != dumb-init ] || continue
		! starts "$name" minimal || runnable+=("$name")
	done
}

is_runnable() {
	[[ " ${runnable[*]} " == *" $1 "* ]]
}

compile() { # NAME [FLAG]...
	local source=$top/bench/$1.c out=$tools/$1
	shift
	[ "$out" -nt "$source" ] && [ "$out" -nt "$top/bench/bench.h" ] && return
	local flags=(-std=gnu11 -D_GNU_SOURCE -Os -static -s -Wall -Wextra -Wconversion -Wshadow -Werror "$@")
	[ ! -d "$build/libcap-ng/kernel-headers" ] || flags+=(-idirafter "$build/libcap-ng/kernel-headers")
	# CC may hold options.
	# shellcheck disable=SC2086
	${CC:-musl-gcc} "${flags[@]}" "$source" -o "$out" ||
		die "cannot compile $source: is musl-gcc there (Debian: musl-tools)? For the kernel's headers build granit first."
}

require_root() {
	[ "$(id -u)" -eq 0 ] || die 'root is needed: the read-only container is made of namespaces and mounts'
}

prepare() {
	require_root
	mkdir -p "$tools"
	local tool
	for tool in container startup reap latency sleeper getpid readfile listener opens; do
		compile "$tool"
	done
	# One page less to map is one page less of noise.
	compile true -Wl,-z,noseparate-code -Wl,--build-id=none

	if [ ! -x "$build/peers/tini-musl" ] || [ "$top/scripts/build-peers.sh" -nt "$build/peers/tini-musl" ]; then
		"$top/scripts/build-peers.sh" "$build/peers" || say 'the peers could not be built with musl: the comparison lacks them'
	fi

	rm -rf "$rootfs"
	mkdir -p "$rootfs"/{bin,bench,contestants,dev,etc,mnt,proc,sys,tmp}
	cp "$tools"/{startup,reap,latency,sleeper,getpid,readfile,listener,opens} "$rootfs/bench/"
	cp "$tools/true" "$rootfs/bin/"
	printf '127.0.0.1\tlocalhost\n' >"$rootfs/etc/hosts"
	printf 'bench\n' >"$rootfs/etc/hostname"
	: >"$rootfs/etc/resolv.conf"
	# Copied, as they are into every image: what a linker writes piece by piece lies in small pieces in the page cache too,
	# and a start is 20 us slower.
	local name path
	for name in "${contestants[@]}"; do
		path=$(binary_of "$name")
		[ ! -x "$path" ] || cp "$path" "$rootfs/contestants/${name%-plain}"
	done
	# Pages not yet written to disk count as private and dirty, and would be blamed on the init that maps them.
	sync
	find_runnable
}
