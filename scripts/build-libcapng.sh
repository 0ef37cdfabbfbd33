#!/bin/sh
# Build libcap-ng as a static library for musl, from its pinned source tarball.
#
#	build-libcapng.sh TARBALL OUTDIR
#
# gives	OUTDIR/lib/libcap-ng.a
#	OUTDIR/include/cap-ng.h
#	OUTDIR/kernel-headers/	links to the kernel's headers, which musl does not have; granit is compiled with them too
#
# CC, AR, RANLIB and CFLAGS come from the environment where they are set there. A cross compiler needs nothing else.
set -eu
# shellcheck disable=SC2034 # build-library.sh reads it
me=build-libcapng
library=libcap-ng
# shellcheck source=scripts/build-library.sh
. "$(dirname "$0")/build-library.sh"
begin "${1:-}" "${2:-}" src/cap-ng.c
# shellcheck disable=SC2086 # words
multiarch=$($CC -print-multiarch)

# musl brings no kernel headers, and the folder of the C library they lie in must not be searched: it is glibc's.
# Links to the three folders that are the kernel's own, passed with -idirafter, give one without the other.
link_headers() {
	for want in linux asm asm-generic; do
		for dir in "/usr/include/$multiarch" "/usr/$triplet/include" /usr/include; do
			[ -d "$dir/$want" ] || continue
			ln -sfn "$dir/$want" "$outdir/kernel-headers/$want"
			continue 2
		done
		die "no kernel headers for $triplet: no folder $want below /usr/include/$multiarch, /usr/$triplet/include or /usr/include" \
			'Install them (Debian: linux-libc-dev, for a foreign architecture linux-libc-dev:ARCH).'
	done
}
mkdir -p "$outdir/kernel-headers"
link_headers

# Sections let the final link drop what granit does not call.
CFLAGS="${CFLAGS:--Os -ffunction-sections -fdata-sections} -idirafter $outdir/kernel-headers"
CFLAGS="$CFLAGS $same_bytes -ffile-prefix-map=$outdir/kernel-headers=kernel-headers"
export CC CFLAGS AR RANLIB

build() {
	cd "$work/source"
	# --host even for this machine: configure must not try to run what it compiles, which a cross build cannot.
	# pthread.h: the library would only use it to notice a fork, which granit does not do after it was called.
	# D: no times, no owners in the archive, whatever the default of this ar is.
	AR_FLAGS=crD ac_cv_header_pthread_h=no ./configure --host="$triplet" --disable-shared --enable-static --disable-dependency-tracking \
		--without-python --without-python3 &&
		make -C src AR_FLAGS=crD ARFLAGS=crD RANLIB="$RANLIB -D" libcap-ng.la
}

run build

# Its constructor looks at the kernel before main(), for every start, though the library's functions do the same when they
# are first called ("This is so static libs get initialized", init() in cap-ng.c): without it a start that needs no
# capability makes 12 system calls less.
"$OBJCOPY" --enable-deterministic-archives --remove-section=.init_array --remove-section=.rela.init_array \
	--remove-section=.rel.init_array "$work/source/src/.libs/libcap-ng.a" ||
	die "removing the constructor from libcap-ng.a with '$OBJCOPY' failed: are the binutils there?"

# What it reads /proc/PID/status for with stdio, it asks prctl(2) for where there is no /proc ("do it the hard way",
# get_bounding_set() in cap-ng.c). That way needs no stdio, no heap and fewer and cheaper system calls, so it is told that
# there is no such file: src/harden/capng_stdio.c.
"$OBJCOPY" --enable-deterministic-archives --redefine-sym fopen=capng_fopen --redefine-sym fclose=capng_fclose \
	--redefine-sym fgets=capng_fgets --redefine-sym sscanf=capng_sscanf \
	--redefine-sym asprintf=capng_asprintf "$work/source/src/.libs/libcap-ng.a" ||
	die "taking stdio from libcap-ng.a with '$OBJCOPY' failed: are the binutils there?"

install_file "$work/source/src/cap-ng.h" include/cap-ng.h
install_file "$work/source/src/.libs/libcap-ng.a" lib/libcap-ng.a
