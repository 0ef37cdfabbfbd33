#!/bin/sh
# Build the inits that granit is measured against, static with musl, from Debian's source packages.
#
#	build-peers.sh OUTDIR
#
# gives OUTDIR/tini-musl and OUTDIR/dumb-init-musl. CC and CFLAGS come from the environment where they are set there.
# The same libc and the same flags for all, so that a ratio says something about the init and not about its build.
set -eu
umask 022
export LC_ALL=C

tini_version=0.19.0
tini_sha256=0fd35a7030052acd9f58948d1d900fe1e432ee37103c5561554408bdac6bbf0d
dumb_init_version=1.2.5
dumb_init_sha256=3eda470d8a4a89123f4516d26877a727c0945006c8830b7e3bad717a5f6efc4e

die() {
	printf 'build-peers: %s\n' "$@" >&2
	exit 1
}

[ $# -eq 1 ] || die 'usage: build-peers.sh OUTDIR'
mkdir -p "$1" || die "cannot make the folder $1: choose an OUTDIR that can be written"
outdir=$(cd "$1" && pwd)
scripts=$(cd "$(dirname "$0")" && pwd)

CC=${CC:-musl-gcc}
CFLAGS=${CFLAGS:--Os -static -s}
# CC may hold options, so it is split into words wherever it is called.
# shellcheck disable=SC2086
$CC -dumpmachine >/dev/null || die "the compiler '$CC' does not run: install musl-gcc (Debian: musl-tools) or set CC"

work=$(mktemp -d "${TMPDIR:-/tmp}/granit-peers.XXXXXX") || die 'cannot make a temporary folder: set TMPDIR to one that can be written'
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

unpack() { # NAME VERSION SHA256
	tarball=$("$scripts/fetch-source.sh" "$1" "$2" "$3" "$outdir/sources") || exit 1
	mkdir "$work/$1"
	tar -xf "$tarball" -C "$work/$1" --strip-components=1 || die "cannot unpack $tarball: remove it and fetch it again"
}

# What cmake and xxd would generate; neither is needed for one array.
as_array() { # NAME FILE
	printf 'unsigned char %s[] = {' "$1"
	od -An -v -tx1 "$2" | sed 's/ \(..\)/0x\1,/g'
	printf '};\nunsigned int %s_len = sizeof %s;\n' "$1" "$1"
}

compile() { # OUTPUT SOURCE
	# shellcheck disable=SC2086
	$CC $CFLAGS -std=gnu99 -w -I"$work/generated" "$2" -o "$outdir/$1.new" >"$work/log" 2>&1 || {
		sed 's/^/  | /' "$work/log" | tail -n 20 >&2
		die "compiling $1 with '$CC $CFLAGS' failed: the end of the log is above"
	}
	mv "$outdir/$1.new" "$outdir/$1"
}

mkdir "$work/generated"

unpack tini "$tini_version" "$tini_sha256"
printf '#define TINI_VERSION "%s"\n#define TINI_GIT ""\n' "$tini_version" >"$work/generated/tiniConfig.h"
as_array LICENSE "$work/tini/LICENSE" >"$work/generated/tiniLicense.h"
compile tini-musl "$work/tini/src/tini.c"

unpack dumb-init "$dumb_init_version" "$dumb_init_sha256"
# Its own VERSION.h lies beside the source and is found before the generated one; both say the same.
as_array VERSION "$work/dumb-init/VERSION" >"$work/generated/VERSION.h"
compile dumb-init-musl "$work/dumb-init/dumb-init.c"
