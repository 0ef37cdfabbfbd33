# shellcheck shell=sh
# SPDX-License-Identifier: MIT
#
# What scripts/build-*.sh share; they source it, and have set -eu before. A script sets
#
#	me		its own name without .sh, for messages
#	library		the library's name
# and calls	begin TARBALL OUTDIR FILE	FILE: one that the source has to have
#		run FUNCTION			with its output in a log, the end of which is shown when it fails
#		install_file FROM TO		TO below OUTDIR
#
# CC comes from the environment, or is musl-gcc. It may hold options ("aarch64-linux-gnu-gcc -specs FILE"), so it is split
# into words wherever it is called. AR, RANLIB, OBJCOPY and LD: from the environment, or those that CC uses.
# shellcheck disable=SC2034,SC2154,SC2086
umask 022
export LC_ALL=C
# What a calling make was told on its command line (CFLAGS=...) is not meant for the library's own make.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

die() {
	printf "$me: %s\n" "$@" >&2
	exit 1
}

begin() {
	[ -n "$2" ] || die "usage: $me.sh TARBALL OUTDIR"
	tarball=$1
	[ -r "$tarball" ] || die "cannot read $tarball: fetch it first with scripts/fetch-source.sh"
	mkdir -p "$2" || die "cannot make the folder $2: choose an OUTDIR that can be written"
	outdir=$(cd "$2" && pwd)
	case $outdir in
	*[[:space:]]*) die "the path '$outdir' has white space in it, which configure and make cannot handle: choose another OUTDIR" ;;
	esac

	CC=${CC:-musl-gcc}
	triplet=$($CC -dumpmachine) || die "the compiler '$CC' does not run: install it (Debian: musl-tools; scripts/setup.sh dist) or set CC"
	AR=${AR:-$($CC -print-prog-name=ar)}
	RANLIB=${RANLIB:-$($CC -print-prog-name=ranlib)}
	OBJCOPY=${OBJCOPY:-$($CC -print-prog-name=objcopy)}
	LD=${LD:-$($CC -print-prog-name=ld)}

	work=$(mktemp -d "$outdir/.build.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	mkdir "$work/source"
	tar -xf "$tarball" -C "$work/source" --strip-components=1 || die "cannot unpack $tarball: remove it and fetch it again"
	[ -f "$work/source/$3" ] || die "$tarball holds no $3: is it a release of $library?"
	# No build path may reach the objects: two builds in different folders have to be the same bytes.
	same_bytes=-ffile-prefix-map=$work/source=$library
}

run() {
	("$1") >"$work/log" 2>&1 && return
	tail -n 25 "$work/log" | sed 's/^/  | /' >&2
	die "building $library from $tarball with '$CC' failed: the end of the log is above" "CFLAGS: ${CFLAGS:-}"
}

# Renamed into place: make takes a file's presence for the proof that it is whole.
install_file() {
	mkdir -p "$(dirname "$outdir/$2")"
	cp "$1" "$outdir/$2.new"
	mv "$outdir/$2.new" "$outdir/$2"
}

# archive ARCHIVE 'SYMBOL...' 'UNDEFINED...' OBJECT...
#
# One object with the functions named and what they call, and nothing else: a library's other parts cannot get into granit,
# not its constructors either. What is left for the C library is named as well, so that nothing new (stdio, the heap,
# getrandom) creeps in with another version or compiler.
archive() {
	archive=$1 symbols=$2 allowed=$3
	shift 3
	roots=
	for symbol in $symbols; do roots="$roots -u $symbol"; done
	"$LD" -r --gc-sections $roots -o "$work/$library.o" "$@" || die "linking the parts of $library with '$LD' failed"
	"$OBJCOPY" --strip-unneeded "$work/$library.o"
	for symbol in $("$($CC -print-prog-name=nm)" -u "$work/$library.o" | awk '{ print $NF }'); do
		# The compiler's own: position-independent code, arithmetic wider than the machine's, stack protector.
		case $symbol in
		_GLOBAL_OFFSET_TABLE_ | __aeabi_* | __*[dt]i[34] | _save[gf]pr* | _rest[gf]pr* | .TOC. | __stack_chk_*) continue ;;
		esac
		case " $allowed " in
		*" $symbol "*) ;;
		*) die "$library would call $symbol, which granit has no use for: $archive is not made" ;;
		esac
	done
	rm -f "$work/$archive"
	# D: no times, no owners in the archive, whatever the default of this ar is.
	"$AR" crD "$work/$archive" "$work/$library.o"
	"$RANLIB" -D "$work/$archive"
}
