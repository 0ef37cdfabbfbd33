#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Build granit for all architectures, with what a release has beside it.
#
#	dist.sh [ARCH...]		build/dist/granit-linux-ARCH, SHA256SUMS, granit.{cdx,openvex,provenance}.json
#	dist.sh --test [ARCH...]	build, then run the unit and cli tests with each, through scripts/test-foreign.sh
#	dist.sh --list			the architectures, by Docker's names
#
# Without ARCH: all of them. TESTS='tests/unit/elf.bats ...' runs only these files of tests, or tiers. MINISIGN_KEY=FILE signs SHA256SUMS (minisign; it asks for the key's password, if it has one).
# Each architecture is built in a copy of the tree, build/dist/tree/ARCH, by the Makefile as it is: what that links is linked
# here. What is fetched is fetched into build/sources, once.
set -euo pipefail
export LC_ALL=C
umask 022
cd "$(dirname "$0")/.."

# Docker's name | compiler, and what it has to be told | Debian's name
#
# ppc64le: musl has no other long double there than the one of 64 bits.
architectures='
amd64   | x86_64-linux-gnu-gcc                               | amd64
arm64   | aarch64-linux-gnu-gcc                              | arm64
arm     | arm-linux-gnueabihf-gcc                            | armhf
riscv64 | riscv64-linux-gnu-gcc                              | riscv64
ppc64le | powerpc64le-linux-gnu-gcc -mlong-double-64         | ppc64el
s390x   | s390x-linux-gnu-gcc                                | s390x
386     | i686-linux-gnu-gcc                                 | i386
'

die() {
	printf 'dist: %s\n' "$@" >&2
	exit 1
}

known=$(awk -F ' *[|] *' 'NF == 3 { print $1 }' <<<"$architectures" | xargs)
if [ "${1:-}" = --list ]; then
	printf '%s\n' "$known"
	exit 0
fi
test=no
if [ "${1:-}" = --test ]; then
	test=yes
	shift
fi
if [ $# -eq 0 ]; then
	# shellcheck disable=SC2086 # words
	set -- $known
fi
for arch; do
	[[ " $known " == *" $arch "* ]] || die "'$arch' is no architecture that granit is built for: $known"
done

dist=build/dist
sources=build/sources
mkdir -p "$dist/tree" "$dist/musl"

# NAME VERSION SHA256 LICENCE of all that is linked in statically
mapfile -t libraries < <(make --no-print-directory -s libraries)
[ "${#libraries[@]}" -ge 2 ] || die 'make libraries names no libraries'
version=$(make --no-print-directory -s version)

for library in "${libraries[@]}"; do
	read -r name library_version sum licence <<<"$library"
	[ -n "$licence" ] || die "the Makefile says no licence of $name: beside its _VERSION and _SHA256 it wants a _LICENSE"
	tarball=$(scripts/fetch-source.sh "$name" "$library_version" "$sum" "$sources")
	[ "$name" != musl ] || musl=$tarball musl_pin="$library_version $sum"
done

build_musl() { # ARCH COMPILER
	local prefix=$dist/musl/$1 wanted
	wanted="$musl_pin $2 $(cat scripts/build-library.sh scripts/build-musl.sh | sha256sum)"
	[ "$(cat "$prefix/done" 2>/dev/null)" != "$wanted" ] || return 0
	rm -rf "$prefix"
	CC=$2 scripts/build-musl.sh "$musl" "$prefix"
	printf '%s\n' "$wanted" >"$prefix/done"
}

# The times of the files go with them, so that what was built is not built again.
copy_tree() { # TO
	mkdir -p "$1"
	find "$1" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
	tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$1"
}

build() { # ARCH COMPILER TARGET...
	local arch=$1 compiler=$2 tree=$dist/tree/$1
	shift 2
	command -v "${compiler%% *}" >/dev/null || die "there is no ${compiler%% *}: scripts/setup.sh dist-$arch installs it"
	build_musl "$arch" "$compiler"
	copy_tree "$tree"
	GRANIT_SOURCES=$PWD/$sources make --no-print-directory -j"$(nproc)" -C "$tree" \
		CC="$compiler -specs=$PWD/$dist/musl/$arch/lib/musl-gcc.specs" "$@" >"$dist/$arch.log" 2>&1 || {
		tail -n 25 "$dist/$arch.log" | sed 's/^/  | /' >&2
		die "building for $arch failed: the end of $dist/$arch.log is above"
	}
	install -m 755 "$tree/build/granit" "$dist/granit-linux-$arch"
	printf 'dist: %s: %d bytes\n' "granit-linux-$arch" "$(stat -c %s "$dist/granit-linux-$arch")"
}

scripts/setup.sh build dist "${@/#/dist-}"
targets=(all)
if [ "$test" = yes ]; then
	targets+=(test-tools)
	# Those of this machine, too: see scripts/test-foreign.sh.
	make --no-print-directory -s all test-tools >"$dist/native.log" 2>&1 || die "building granit for this machine failed: see $dist/native.log"
fi
failed=()
compilers=()
for arch; do
	compiler=$(awk -F ' *[|] *' -v arch="$arch" '$1 == arch { print $2 }' <<<"$architectures")
	compilers+=("${compiler%% *}")
	build "$arch" "$compiler" "${targets[@]}"
	# shellcheck disable=SC2086 # words
	[ "$test" = no ] || scripts/test-foreign.sh "$arch" "$dist/tree/$arch" ${TESTS:-} || failed+=("$arch")
done

COMPILERS="${compilers[*]}" scripts/release-files.sh "$dist" "$version" "${libraries[@]}"
printf 'dist: granit %s for %d architectures in %s\n' "$version" "$(find "$dist" -name 'granit-linux-*' | wc -l)" "$dist"
[ "${#failed[@]}" -eq 0 ] || die "tests failed: ${failed[*]}"
