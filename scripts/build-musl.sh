#!/bin/sh
# SPDX-License-Identifier: MIT
# Build musl as a static library for a cross compiler, from its pinned source tarball.
#
#	build-musl.sh TARBALL OUTDIR
#
# gives	OUTDIR/lib/musl-gcc.specs	gcc -specs=FILE then compiles and links for musl
#	OUTDIR/lib/*.a *.o, OUTDIR/include
#
# CC comes from the environment. Debian's musl-tools are for the machine's own architecture, and it has no musl for
# riscv64: from the source it is the same way, and the same musl, for all of them.
set -eu
umask 022
export LC_ALL=C
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

die() {
	printf 'build-musl: %s\n' "$@" >&2
	exit 1
}

[ $# -eq 2 ] || die 'usage: build-musl.sh TARBALL OUTDIR'
tarball=$1
[ -r "$tarball" ] || die "cannot read $tarball: fetch it first with scripts/fetch-source.sh"
mkdir -p "$2" || die "cannot make the folder $2: choose an OUTDIR that can be written"
outdir=$(cd "$2" && pwd)
case $outdir in
*[[:space:]]*) die "the path '$outdir' has white space in it, which musl's make cannot handle: choose another OUTDIR" ;;
esac

# CC may hold options, so it is split into words wherever it is called.
# shellcheck disable=SC2086
triplet=$($CC -dumpmachine) || die "the compiler '$CC' does not run: install it (scripts/setup.sh dist) or set CC"
# shellcheck disable=SC2086
{
	AR=$($CC -print-prog-name=ar)
	RANLIB=$($CC -print-prog-name=ranlib)
}

work=$(mktemp -d "$outdir/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$work/source" "$work/prefix"
tar -xf "$tarball" -C "$work/source" --strip-components=1 || die "cannot unpack $tarball: remove it and fetch it again"
[ -f "$work/source/src/internal/libc.h" ] || die "$tarball holds no src/internal/libc.h: is it a release of musl?"

build() {
	cd "$work/source"
	# D: no times and no owners in the archives. The folder's name must not reach the objects either.
	CFLAGS="-ffile-prefix-map=$work/source=musl" ./configure --target="$triplet" --prefix="$outdir" --disable-shared --enable-wrapper=gcc \
		CC="$CC" &&
		make -j"$(nproc)" AR="$AR -D" RANLIB="$RANLIB -D" &&
		make install
}

if ! (build) >"$work/log" 2>&1; then
	tail -n 25 "$work/log" | sed 's/^/  | /' >&2
	die "building musl from $tarball with '$CC' failed: the end of the log is above"
fi
