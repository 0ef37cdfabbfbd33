#!/bin/sh
# SPDX-License-Identifier: MIT
# Build what granit takes of libsodium as a static library for musl, from its pinned source tarball: checking an Ed25519
# signature, BLAKE2b, reading base64.
#
#	build-libsodium.sh TARBALL OUTDIR
#
# gives	OUTDIR/lib/libsodium.a
#	OUTDIR/include/sodium.h, OUTDIR/include/sodium/
#
# Debian's tarball is the one of the repository and has no configure; the files that are needed do not ask for much of it.
# sodium_init() is not among them: it looks for the fastest way to do what is done here once, and opens /dev/urandom.
set -eu
# shellcheck disable=SC2034 # build-library.sh reads it
me=build-libsodium
library=libsodium
# shellcheck source=scripts/build-library.sh
. "$(dirname "$0")/build-library.sh"
begin "${1:-}" "${2:-}" src/libsodium/crypto_sign/ed25519/ref10/open.c

sources='
	crypto_sign/ed25519/ref10/open.c
	crypto_sign/ed25519/ref10/sign.c
	crypto_core/ed25519/ref10/ed25519_ref10.c
	crypto_hash/sha512/cp/hash_sha512_cp.c
	crypto_verify/sodium/verify.c
	crypto_generichash/blake2b/ref/blake2b-ref.c
	crypto_generichash/blake2b/ref/blake2b-compress-ref.c
	crypto_generichash/blake2b/ref/generichash_blake2b.c
	sodium/codecs.c
	sodium/core.c
	sodium/utils.c
'
symbols='crypto_sign_ed25519_verify_detached crypto_generichash_blake2b sodium_base642bin'

# What its configure.ac finds out, for these files.
cat >"$work/config.h" <<'H'
#define CONFIGURED 1
#if defined(__SIZEOF_INT128__)
#define HAVE_TI_MODE 1
#endif
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NATIVE_LITTLE_ENDIAN 1
#else
#define NATIVE_BIG_ENDIAN 1
#endif
#define HAVE_EXPLICIT_BZERO 1
#define HAVE_WEAK_SYMBOLS 1
H

# NDEBUG: assert(3) prints with stdio.
CFLAGS="${CFLAGS:--Os -DNDEBUG -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables} -std=gnu11 -D_GNU_SOURCE -w $same_bytes -ffile-prefix-map=$work=libsodium"

build() {
	cd "$work/source/src/libsodium"
	# The library's interface has no number that the files here ask for.
	sed -e 's/@VERSION@/1.0.18/' -e 's/@SODIUM_LIBRARY_VERSION_MAJOR@/10/' -e 's/@SODIUM_LIBRARY_VERSION_MINOR@/3/' \
		-e '/@SODIUM_LIBRARY_MINIMAL_DEF@/d' include/sodium/version.h.in >include/sodium/version.h || return
	mkdir "$work/objects"
	for source in $sources; do
		# shellcheck disable=SC2086 # words
		$CC $CFLAGS -include "$work/config.h" -Iinclude -Iinclude/sodium -c "$source" \
			-o "$work/objects/$(basename "$source" .c).o" || return
	done
}
run build

archive libsodium.a "$symbols" 'memcpy memset memmove memcmp strchr abort explicit_bzero __errno_location' "$work"/objects/*.o
cd "$work/source/src/libsodium/include"
for header in sodium.h sodium/*.h; do install_file "$header" "include/$header"; done
install_file "$work/libsodium.a" lib/libsodium.a
