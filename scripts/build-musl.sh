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
# shellcheck disable=SC2034 # build-library.sh reads it
me=build-musl
library=musl
# shellcheck source=scripts/build-library.sh
. "$(dirname "$0")/build-library.sh"
begin "${1:-}" "${2:-}" src/internal/libc.h

build() {
	cd "$work/source"
	# D: no times and no owners in the archives. The folder's name must not reach the objects either.
	CFLAGS="$same_bytes" ./configure --target="$triplet" --prefix="$outdir" --disable-shared --enable-wrapper=gcc \
		CC="$CC" &&
		make -j"$(nproc)" AR="$AR -D" RANLIB="$RANLIB -D" &&
		make install
}

run build
