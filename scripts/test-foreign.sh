#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Run the unit and cli tests of a tree that was built for another architecture, with qemu's user emulation.
#
#	test-foreign.sh ARCH TREE [TIER|FILE...]	ARCH by Docker's name; unit and cli by default
#
# tests/foreign.txt lists what cannot work there, test by test, and why: that may fail. Whatever else fails is a failure.
#
# Nothing of the machine is changed: the kernel is told of qemu in a user namespace of its own, which takes Linux 6.7
# and root. Where binfmt_misc knows qemu already (Debian's qemu-user-static with systemd) that does.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
# As in run-tests.sh: not a version manager's wrappers.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

die() {
	printf 'test-foreign: %s\n' "$@" >&2
	exit 1
}

# Docker's name | qemu's | class, byte order and machine of its ELF files, as bytes for binfmt_misc
machines='
arm64   | aarch64 | 02 01 b7 00
arm     | arm     | 01 01 28 00
riscv64 | riscv64 | 02 01 f3 00
ppc64le | ppc64le | 02 01 15 00
s390x   | s390x   | 02 02 00 16
'

# register DIR ARCH QEMU: has the kernel start QEMU for the files of ARCH. F: it is opened now, so that it is there in
# images too; C: with the caller's rights; P: with argv[0] as it was.
register() {
	local class order m1 m2 type='\x02\x00' mask='\xfe\xff'
	read -r class order m1 m2 < <(awk -F ' *[|] *' -v arch="$2" '$1 == arch { print $3 }' <<<"$machines")
	if [ "$order" = 02 ]; then type='\x00\x02' mask='\xff\xfe'; fi
	printf '%s' ":granit-$2:M::\\x7fELF\\x$class\\x$order\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00$type\\x$m1\\x$m2:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff$mask\\xff\\xff:$3:F" >"$1/register"
}

if [ "${1:-}" = --inside ]; then
	# In the new user namespace, whose ids are not there before the parent says so.
	shift
	arch=$1 qemu=$2 ready=$3
	shift 3
	read -r _ <"$ready"
	mount -t binfmt_misc none /proc/sys/fs/binfmt_misc 2>/dev/null ||
		die 'binfmt_misc cannot be mounted in a user namespace: that takes Linux 6.7' \
			'or let the machine know of qemu: update-binfmts --enable (Debian: binfmt-support), or systemd-binfmt'
	register /proc/sys/fs/binfmt_misc "$arch" "$qemu" || die "binfmt_misc does not take $qemu"
	exec "$@"
fi

[ $# -ge 2 ] || die 'usage: test-foreign.sh ARCH TREE [TIER|FILE...]'
arch=$1 tree=$2
shift 2
[ $# -gt 0 ] || set -- unit cli
for file in granit tests/probe tests/judge tests/signature; do
	[ -x "$tree/build/$file" ] || die "there is no $tree/build/$file: scripts/dist.sh --test $arch"
done
tree=$(realpath "$tree")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# 386 runs on amd64 without qemu: there nothing is left out because of that.
emulated=yes
if [ "$arch" = 386 ] && "$tree/build/granit" --version >/dev/null 2>&1; then emulated=no; fi

# What the list says of this architecture: files, and names of tests.
awk -F ' *[|] *' -v arch="$arch" -v emulated="$emulated" '/^[^#]/ && ($1 == arch || ($1 == "qemu" && emulated == "yes")) { print $2 }' \
	tests/foreign.txt | sort -u >"$work/listed"
for what; do
	[ -f "$what" ] || what="tests/$what/*.bats"
	# shellcheck disable=SC2086 # a pattern
	for file in $what; do
		grep -qxF "$file" "$work/listed" || printf '%s\n' "$file"
	done
done >"$work/files"
mapfile -t files <"$work/files"
left_out=$(grep -c '^tests/' "$work/listed" || :)

# What makes a container, and what makes a system call fail, is no part of granit, and works on the calls of this machine.
[ "$emulated" = no ] || install build/tests/nscontainer build/tests/inject "$tree/build/tests/"

# With a time for each test: what waits for what qemu cannot do would wait long.
run=(env -C "$tree" BATS_TEST_TIMEOUT="${BATS_TEST_TIMEOUT:-300}" bats --tap "${files[@]}")
if "$tree/build/granit" --version >/dev/null 2>&1; then
	"${run[@]}" >"$work/tap" 2>&1 </dev/null || :
else
	name=$(awk -F ' *[|] *' -v arch="$arch" '$1 == arch { print $2 }' <<<"$machines")
	qemu=$(command -v "qemu-$name-static") || die "there is no qemu-$name-static: scripts/setup.sh dist-$arch"
	[ "$(id -u)" -eq 0 ] || die "this machine does not run programs of $arch by itself, and telling it to takes root"
	mkfifo "$work/ready"
	unshare --user --mount --propagation private "$0" --inside "$arch" "$qemu" "$work/ready" "${run[@]}" >"$work/tap" 2>&1 </dev/null &
	child=$!
	# unshare makes the namespace first; a map that came earlier would go to the wrong one.
	for ((n = 0; n < 200; n++)); do
		[ "$(readlink "/proc/$child/ns/user")" = "$(readlink /proc/self/ns/user)" ] || break
		sleep 0.05
	done
	# All ids as they are: tests become other users.
	for map in uid_map gid_map; do
		printf '0 0 4294967295\n' >"/proc/$child/$map"
	done
	printf 'go\n' >"$work/ready"
	wait "$child" || :
fi

# What failed, less what may.
cp "$work/tap" "$tree/build/foreign.tap"
sed -nE 's/^not ok [0-9]+ //p' "$work/tap" | sed 's/ # timeout after [0-9]*s$//' | sort -u >"$work/failed"
sed -nE 's/^ok [0-9]+ //p' "$work/tap" | sort -u >"$work/passed"
planned=$(sed -nE 's/^1\.\.([0-9]+)$/\1/p' "$work/tap" | head -n 1)
comm -23 "$work/failed" "$work/listed" >"$work/unexpected"
ran=$(grep -cE '^(not )?ok ' "$work/tap" || :)
printf 'test-foreign: %s%s: %d passed, %d listed in tests/foreign.txt, %d failed; %d files left out\n' "$arch" "$([ "$emulated" = yes ] || printf ' (by itself)')" "$(grep -c '^ok ' "$work/tap" || :)" \
	"$(comm -12 "$work/failed" "$work/listed" | wc -l)" "$(wc -l <"$work/unexpected")" "$left_out"
comm -12 "$work/passed" "$work/listed" | sed 's/^/  works after all: /'
if [ "$ran" -eq 0 ] || [ "$ran" -ne "${planned:-0}" ]; then
	tail -n 20 "$work/tap" >&2
	die "$ran of ${planned:-no} tests ran: the end of $tree/build/foreign.tap is above"
fi
[ -s "$work/unexpected" ] || exit 0
sed 's/^/  failed: /' "$work/unexpected"
printf 'test-foreign: what bats said is in %s\n' "$tree/build/foreign.tap"
exit 1
