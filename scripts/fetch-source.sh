#!/bin/sh
# Fetch the upstream tarball of a Debian source package, held to a version and a SHA-256.
#
#	fetch-source.sh NAME VERSION SHA256 OUTDIR
#
# Standard output is the path of the tarball and nothing else.
# GRANIT_SOURCES=DIR takes the tarball from DIR instead of the network; its sum is checked all the same.
set -eu
umask 022
export LC_ALL=C

die() {
	printf 'fetch-source: %s\n' "$@" >&2
	exit 1
}

[ $# -eq 4 ] || die 'usage: fetch-source.sh NAME VERSION SHA256 OUTDIR'
name=$1 version=$2 sum=$3 outdir=$4
stem=${name}_${version}.orig.tar

printf '%s\n' "$sum" | grep -qE '^[0-9a-f]{64}$' ||
	die "'$sum' is no SHA-256: 64 lower-case hexadecimal digits are needed"

# The suffix is the packager's choice (gz, xz, bz2), so it is looked up, not asked for.
find_tarball() {
	for f in "$1/$stem".*; do
		case $f in
		*.asc | *.sig | *.part | "$1/$stem.*") ;;
		*)
			printf '%s\n' "$f"
			return
			;;
		esac
	done
	return 1
}

has_sum() {
	[ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$2" ]
}

mkdir -p "$outdir" || die "cannot make the folder $outdir for $stem: choose an OUTDIR that can be written"
if there=$(find_tarball "$outdir"); then
	if has_sum "$there" "$sum"; then
		printf '%s\n' "$there"
		exit 0
	fi
	# An earlier download that was cut off or tampered with: worth one fresh try, never worth keeping.
	rm -f "$there"
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/granit-source.XXXXXX") || die 'cannot make a temporary folder: set TMPDIR to one that can be written'
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The last step of both ways. The name appears in OUTDIR only once its content is known to be right.
accept() {
	target=$outdir/$(basename "$1")
	cp "$1" "$target.part" || die "cannot write $target: is there room?"
	if ! has_sum "$target.part" "$sum"; then
		got=$(sha256sum <"$target.part" | cut -d' ' -f1)
		rm -f "$target.part"
		die "$1 is not the file that was pinned" "  wanted SHA-256 $sum" "  got            $got" \
			"It was thrown away. Try again; if the sum stays wrong, do not build from this source: compare the pin with the archive's .dsc first."
	fi
	mv "$target.part" "$target"
	printf '%s\n' "$target"
}

if [ -n "${GRANIT_SOURCES:-}" ]; then
	found=$(find_tarball "$GRANIT_SOURCES") ||
		die "GRANIT_SOURCES is set, but $GRANIT_SOURCES holds no $stem.*" \
			'Put the tarball there, or unset GRANIT_SOURCES to fetch it with apt.'
	accept "$found"
	exit 0
fi

offline="Without network or Debian's apt: put $stem.gz (or .xz) into a folder and set GRANIT_SOURCES to it."
command -v apt-get >/dev/null || die "cannot fetch $stem: there is no apt-get on this machine" "$offline"

# apt's own folders and lists, so that neither the system's lists nor its sources are touched, and no root is needed.
: >"$tmp/empty"
mkdir -p "$tmp/lists/partial" "$tmp/cache/archives/partial" "$tmp/parts" "$tmp/get"
parts=$tmp/parts
own_apt() {
	cmd=$1
	shift
	set -- -q -o Dir::Etc::sourcelist="$tmp/empty" -o Dir::Etc::sourceparts="$parts" \
		-o Dir::State::lists="$tmp/lists" -o Dir::Cache="$tmp/cache" \
		-o APT::Get::List-Cleanup=false -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
	# Root's apt would fetch as _apt, which cannot write into a folder that mktemp made.
	[ "$(id -u)" -ne 0 ] || set -- -o APT::Sandbox::User=root "$@"
	"$cmd" "$@"
}

# Which mirror, proxy and suite this machine uses is the machine's business: ask apt, for Debian's own archive only,
# so that a third party's broken list cannot spoil the build. dpkg's architecture alone, or every foreign one repeats each line.
debian_targets() {
	# shellcheck disable=SC2016 # $(…) are apt's placeholders
	apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)' \
		'Created-By: Packages' 'Origin: Debian' 'Component: main' "Architecture: $(dpkg --print-architecture)" | sort -u
}

targets=$(debian_targets)
if [ -z "$targets" ] && [ "$(id -u)" -eq 0 ]; then
	apt-get -q update >"$tmp/log" 2>&1 || tail -n 5 "$tmp/log" >&2
	targets=$(debian_targets)
fi
[ -n "$targets" ] ||
	die "cannot fetch $stem: apt knows of no Debian archive on this machine (no index with 'Origin: Debian')" \
		"Run 'apt-get update' as root first; it needs a Debian source in /etc/apt." "$offline"

describe() { # FOLDER URI SUITE COMPONENT KEY
	printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: %s\n' "$2" "$3" "$4" >"$1/debian.sources"
	[ ! -r "$5" ] || printf 'Signed-By: %s\n' "$5" >>"$1/debian.sources"
}

# Each archive in a folder of its own too: apt takes a file from one of them only, and that one may have lost it.
printf '%s\n' "$targets" | while IFS='|' read -r uri suite component key; do
	# apt before 2.9 leaves the placeholder as it is. The archive says it is Debian, so Debian's keyring is the one to hold it to.
	case $key in
	/*) ;;
	*) key=/usr/share/keyrings/debian-archive-keyring.gpg ;;
	esac
	alone=$(mktemp -d "$tmp/alone.XXXXXX")
	describe "$alone" "$uri" "$suite" "$component" "$key"
	cat "$alone/debian.sources" >>"$tmp/parts/debian.sources"
	printf '\n' >>"$tmp/parts/debian.sources"
done

fail_apt() {
	printf 'fetch-source: %s\n' "$1" >&2
	sed 's/^/  | /' "$tmp/log" | tail -n 12 >&2
	die "Is the archive reachable ('apt-get update' as root shows the same)?" "$offline"
}

# One broken mirror of several is no reason to stop: what the others have is looked at first.
updated=yes
own_apt apt-get update -o APT::Update::Error-Mode=any >"$tmp/log.update" 2>&1 || updated=no

# The tarball is what is pinned; the packaging revision (VERSION-2, VERSION-2+deb12u1) may move on without changing it.
own_apt apt-cache showsrc --only-source "$name" >"$tmp/showsrc" 2>"$tmp/log" || :
revisions=$(awk -v want="$version" '/^Version: / { v = $2; u = v; sub(/^[0-9]+:/, "", u); sub(/-[^-]*$/, "", u); if (u == want) print v }' "$tmp/showsrc" | sort -u)
if [ -z "$revisions" ]; then
	if [ "$updated" = no ]; then
		mv "$tmp/log.update" "$tmp/log"
		fail_apt "cannot read the list of Debian's source packages, to look for $name $version"
	fi
	others=$(sed -n 's/^Version: //p' "$tmp/showsrc" | sort -u | tr '\n' ' ')
	die "Debian's archive as configured here has no $name $version (it has: ${others:-no package of that name})" \
		'The version is pinned, so another one is not taken: use the Debian release that has it.' "$offline"
fi

# The first way is the usual one.
for parts in "$tmp/parts" "$tmp"/alone.*; do
	for revision in $revisions; do
		(cd "$tmp/get" && own_apt apt-get source --download-only --tar-only "$name=$revision") >"$tmp/log" 2>&1 || continue
		found=$(find_tarball "$tmp/get") || continue
		accept "$found"
		exit 0
	done
	[ "$parts" != "$tmp/parts" ] || cp "$tmp/log" "$tmp/log.first"
done
mv "$tmp/log.first" "$tmp/log"
fail_apt "cannot download the source of $name $version"
