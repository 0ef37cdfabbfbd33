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
umask 022
export LC_ALL=C
# What a calling make was told on its command line (CFLAGS=...) is not meant for libcap-ng's own make.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

die() {
	printf 'build-libcapng: %s\n' "$@" >&2
	exit 1
}

[ $# -eq 2 ] || die 'usage: build-libcapng.sh TARBALL OUTDIR'
tarball=$1
[ -r "$tarball" ] || die "cannot read $tarball: fetch it first with scripts/fetch-source.sh"
mkdir -p "$2" || die "cannot make the folder $2: choose an OUTDIR that can be written"
outdir=$(cd "$2" && pwd)
case $outdir in
*[[:space:]]*) die "the path '$outdir' has white space in it, which libcap-ng's configure and make cannot handle: choose another OUTDIR" ;;
esac

CC=${CC:-musl-gcc}
# CC may hold options ("aarch64-linux-gnu-gcc -specs FILE"), so it is split into words wherever it is called.
# shellcheck disable=SC2086
triplet=$($CC -dumpmachine) || die "the compiler '$CC' does not run: install musl-gcc (Debian: musl-tools) or set CC"
# shellcheck disable=SC2086
{
	multiarch=$($CC -print-multiarch)
	AR=${AR:-$($CC -print-prog-name=ar)}
	RANLIB=${RANLIB:-$($CC -print-prog-name=ranlib)}
}

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

work=$(mktemp -d "$outdir/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$work/source"
tar -xf "$tarball" -C "$work/source" --strip-components=1 || die "cannot unpack $tarball: remove it and fetch it again"
[ -f "$work/source/src/cap-ng.c" ] || die "$tarball holds no src/cap-ng.c: is it a release of libcap-ng?"

# Sections let the final link drop what granit does not call. No build path may reach the objects: two builds in
# different folders have to be the same bytes.
CFLAGS="${CFLAGS:--Os -ffunction-sections -fdata-sections} -idirafter $outdir/kernel-headers"
CFLAGS="$CFLAGS -ffile-prefix-map=$work/source=libcap-ng -ffile-prefix-map=$outdir/kernel-headers=kernel-headers"
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

if ! (build) >"$work/log" 2>&1; then
	tail -n 25 "$work/log" | sed 's/^/  | /' >&2
	die "building libcap-ng from $tarball with '$CC' failed: the end of the log is above" "CFLAGS: $CFLAGS"
fi

# Its constructor looks at the kernel before main(), for every start, though the library's functions do the same when they
# are first called ("This is so static libs get initialized", init() in cap-ng.c): without it a start that needs no
# capability makes 12 system calls less.
# shellcheck disable=SC2086
OBJCOPY=${OBJCOPY:-$($CC -print-prog-name=objcopy)}
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

mkdir -p "$outdir/lib" "$outdir/include"
cp "$work/source/src/cap-ng.h" "$outdir/include/cap-ng.h"
# Renamed into place last: make takes the archive's presence for the proof that all of this is done.
cp "$work/source/src/.libs/libcap-ng.a" "$outdir/lib/libcap-ng.a.new"
mv "$outdir/lib/libcap-ng.a.new" "$outdir/lib/libcap-ng.a"
