#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Pack what `make install` copies as a package for Debian: build/granit_VERSION_ARCH.deb
#
#	deb.sh VERSION COMPILER MAINTAINER
#
# The binary is static: the package depends on nothing. The same source gives the same bytes.
set -euo pipefail
export LC_ALL=C
umask 022
cd "$(dirname "$0")/.."

die() {
	printf 'deb: %s\n' "$@" >&2
	exit 1
}

[ $# -eq 3 ] || die 'usage: deb.sh VERSION COMPILER MAINTAINER (make deb)'
version=$1 compiler=$2 maintainer=$3
for tool in dpkg-deb gzip; do
	command -v "$tool" >/dev/null || die "there is no $tool, which packs for Debian"
done

# The binary knows what it was built for better than this machine does.
machine=$(od -An -tx1 -j4 -N15 build/granit | awk '{ print $1 $2, $15 }')
case $machine in
'0201 3e') arch=amd64 ;;
'0201 b7') arch=arm64 ;;
'0101 28') arch=armhf ;;
'0201 f3') arch=riscv64 ;;
'0201 15') arch=ppc64el ;;
'0202 '*) arch=s390x ;;
'0101 03') arch=i386 ;;
*) die "build/granit is for a machine that deb.sh does not know (ELF: $machine)" ;;
esac

# The commit's time, not today's.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
root=build/deb
rm -rf "$root"
make --no-print-directory -s install CC="$compiler" DESTDIR="$root" PREFIX=/usr >/dev/null
find "$root/usr/share/man" -type f -exec gzip -9n {} +

doc=$root/usr/share/doc/granit
mkdir -p "$doc" "$root/DEBIAN" "$root/usr/share/lintian/overrides"
# LICENSE is the one place for the licence's words.
awk 'NR == FNR { if (/^Copyright/) sub(/^Copyright \(c\) /, "") && holder = $0; else if (NR > 1) licence = licence (/^$/ ? " .\n" : " " $0 "\n"); next }
	{ sub(/@COPYRIGHT@/, holder) }
	/^@LICENSE@$/ { sub(/^( [.]\n)+/, "", licence); printf "%s", licence; next }
	{ print }' LICENSE packaging/debian/copyright >"$doc/copyright"
install -m 644 packaging/debian/lintian-overrides "$root/usr/share/lintian/overrides/granit"
gzip -9nc CHANGELOG.md >"$doc/CHANGELOG.md.gz"
# Debian wants one in its own form.
printf 'granit (%s) unstable; urgency=medium\n\n  * What is new stands in CHANGELOG.md.gz.\n\n -- %s  %s\n' "$version" "$maintainer" \
	"$(date -u -d "@$epoch" '+%a, %d %b %Y %H:%M:%S +0000')" | gzip -9nc >"$doc/changelog.gz"
chmod 644 "$doc"/*.gz
# Of the files alone: what folders take is the file system's affair.
size=$(find "$root/usr" -type f -printf '%s\n' | awk '{ n += int(($1 + 1023) / 1024) } END { print n }')
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" -e "s|@MAINTAINER@|$maintainer|" packaging/debian/control >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$epoch" {} +

deb=build/granit_${version}_$arch.deb
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zxz --build "$root" "$deb" >/dev/null
printf 'deb: %s: %d bytes\n' "$deb" "$(stat -c %s "$deb")"
