#!/bin/sh
# SPDX-License-Identifier: MIT
# Build the SHA-256 of nettle as a static library for musl, from its pinned source tarball.
#
#	build-nettle.sh TARBALL OUTDIR
#
# gives	OUTDIR/lib/libnettle.a
#	OUTDIR/include/nettle/
#
# It holds every way this architecture has to do it, and not nettle's own choice between them: that is a constructor, which
# runs at every start, asks for all of its ciphers, and reads an environment variable. src/seal/sha256_compress.c chooses: it
# has the function granit_sha256_compress, and nettle's own of another name each.
set -eu
# shellcheck disable=SC2034 # build-library.sh reads it
me=build-nettle
library=nettle
# shellcheck source=scripts/build-library.sh
. "$(dirname "$0")/build-library.sh"
begin "${1:-}" "${2:-}" sha256.c

# What has a faster way than C, by the name that fat-*.c gives it. The others get the C one as their only one.
case $triplet in
x86_64-*) fat=--enable-fat objects='sha256-compress.o sha256-compress-2.o' ways='sha_ni x86_64' ;;
aarch64-*) fat=--enable-fat objects='sha256-compress.o sha256-compress-2.o' ways='arm64 c' ;;
*) fat=--disable-assembler objects=sha256-compress.o ways= ;;
esac
symbols='nettle_sha256_init nettle_sha256_update nettle_sha256_digest'
for way in $ways; do symbols="$symbols _nettle_sha256_compress_$way"; done

# -O2: what is done in C is done for every byte of an image. NDEBUG: assert(3) prints with stdio.
CFLAGS="${CFLAGS:--O2 -DNDEBUG -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables} $same_bytes"
export CC CFLAGS AR RANLIB

build() {
	cd "$work/source"
	# --host even for this machine: configure must not try to run what it compiles, which a cross build cannot.
	# shellcheck disable=SC2086 # words
	./configure --host="$triplet" "$fat" --disable-shared --enable-static --disable-documentation --disable-openssl \
		--disable-public-key --disable-dependency-tracking --disable-pic &&
		make CFLAGS="$CFLAGS" sha256.o write-be32.o $objects
}
run build

cd "$work/source"
# shellcheck disable=SC2086 # words
archive libnettle.a "$symbols" '_nettle_sha256_compress memcpy memset' sha256.o write-be32.o $objects
# Names that a program may declare: those that begin with an underscore are not its own (C11, 7.1.3).
renames='--redefine-sym _nettle_sha256_compress=granit_sha256_compress'
for way in $ways; do renames="$renames --redefine-sym _nettle_sha256_compress_$way=nettle_sha256_compress_$way"; done
# shellcheck disable=SC2086 # words
"$OBJCOPY" --enable-deterministic-archives $renames "$work/libnettle.a" ||
	die "renaming what nettle calls with '$OBJCOPY' failed: are the binutils there?"
install_file sha2.h include/nettle/sha2.h
install_file nettle-types.h include/nettle/nettle-types.h
install_file "$work/libnettle.a" lib/libnettle.a
