#!/bin/bash
# What looking at an image's content costs, against the plain tool that reads the same files. Warm caches, no pinning.
#
#	content.sh [ROUNDS]
#
# One line a figure: name, ns of granit, ns of the plain tool. The trees stay in the build folder for the next run.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

rounds=${1:-7}
trees=$build/bench/trees
[ -x "$granit" ] || die "$granit is not there: build it first"
mkdir -p "$trees" "$tools"
compile startup
compile true -Wl,-z,noseparate-code -Wl,--build-id=none

# Real programs and libraries, about 200 MB of them, in the folders where an image has them.
elf_tree() {
	local tree=$trees/elf size=0 file bytes magic
	[ ! -e "$tree.done" ] || return 0
	rm -rf "$tree"
	mkdir -p "$tree"/{usr/bin,usr/lib,etc}
	while read -r bytes file; do
		[ $((size + bytes)) -le 200000000 ] || break
		magic=$(head -c 4 "$file" | od -An -tx1)
		[ "$magic" = ' 7f 45 4c 46' ] || continue
		case $file in
		*/bin/*) cp "$file" "$tree/usr/bin/" ;;
		*) cp "$file" "$tree/usr/lib/" ;;
		esac
		size=$((size + bytes))
	done < <(find /usr/bin /usr/lib/"$(uname -m)"-linux-gnu -maxdepth 1 -type f -size -20000k -printf '%s %p\n' | LC_ALL=C sort -k2)
	: >"$tree.done"
}

# 100,000 files in 100 folders, as a language's package manager leaves them.
small_tree() { # NAME BYTES
	local tree=$trees/$1 dir
	[ ! -e "$tree.done" ] || return 0
	rm -rf "$tree"
	for dir in $(seq -w 100); do
		mkdir -p "$tree/usr/share/$dir"
		head -c $(($2 * 1000)) /dev/zero | tr '\0' x | (cd "$tree/usr/share/$dir" && split -a 3 -b "$2" - f)
	done
	: >"$tree.done"
}

# 78 is granit's verdict on what it found, and is looked for here; 125 would say that it did not do its work.
compare() { # FIGURE GRANIT_COMMAND... + PLAIN_COMMAND...
	local figure=$1 out
	shift
	if out=$("$tools/startup" -n "$rounds" -w 1 -e 78 -- bare "$tools/true" + granit "$@" 2>&1); then
		printf '%s\n' "$out" | awk -v figure="$figure" '$1 == "granit" { g = $2 } $1 == "plain" { p = $2 } END { printf "%s\t%d\t%d\n", figure, g, p }'
	else
		say "$figure is not measured:" "$out"
	fi
}

elf_tree
(cd "$trees/elf" && find . -type f ! -path './etc/*' -print0) | sed -z "s|^\.|$trees/elf|" >"$trees/elf.list"
rm -f "$trees/elf/etc/granit.manifest"
compare scan "$granit" --check --root="$trees/elf" --scan=full \
	+ plain /usr/bin/xargs -0 -a "$trees/elf.list" cat

for size in 20 1000; do
	small_tree "small-$size" "$size"
	compare "small-$size" "$granit" --check --root="$trees/small-$size" --scan=full \
		+ plain /usr/bin/find "$trees/small-$size" -type f -perm /111
done

# Only the seal, or the figure would hold the scan once more.
check_seal=("$granit" --check --root="$trees/elf" --profile=plain --fail=image-sealed --scan=off)
if "$granit" --seal="$trees/elf" --ignore=all >"$trees/manifest" && mv "$trees/manifest" "$trees/elf/etc/granit.manifest"; then
	victim=$(tr '\0' '\n' <"$trees/elf.list" | head -n 1)
	cp -p "$victim" "$trees/victim"
	printf 'x' | dd of="$victim" bs=1 seek=64 conv=notrunc status=none
	"${check_seal[@]}" >/dev/null 2>&1 && noticed=no || noticed=yes
	cp -p "$trees/victim" "$victim"
	# A check that is fast because it checks nothing is no result.
	if [ "$noticed" = no ]; then
		say 'seal is not measured: granit does not notice a changed byte'
	elif ! "${check_seal[@]}" >/dev/null 2>&1; then
		say 'seal is not measured: granit does not accept what it sealed itself'
	else
		compare seal "${check_seal[@]}" + plain /usr/bin/xargs -0 -a "$trees/elf.list" openssl dgst -sha256
	fi
else
	say 'seal is not measured: granit --seal failed'
fi
