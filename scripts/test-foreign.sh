#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Run the unit and cli tests of a tree that was built for another architecture, with qemu's user emulation.
#
#	test-foreign.sh ARCH TREE [TIER...]	ARCH by Docker's name
#
# tests/foreign.txt lists what cannot work there, test by test, and why: that may fail. Whatever else fails is a failure.
#
# Nothing of the machine is changed: the kernel is told of qemu in a user namespace of its own, which takes Linux 6.7
# and root. Where binfmt_misc knows qemu already (Debian's qemu-user-static with systemd) that does.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

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

[ $# -ge 2 ] || die 'usage: test-foreign.sh ARCH TREE [TIER...]'
arch=$1 tree=$2
shift 2
[ $# -gt 0 ] || set -- unit cli
[ -x "$tree/build/granit" ] || die "there is no $tree/build/granit: scripts/dist.sh --test $arch"

work=$(mktemp -d)
child=
finish() {
	[ -z "$child" ] || kill -TERM "$child" 2>/dev/null || :
	rm -rf "$work"
}
trap finish EXIT

status=0
if "$tree/build/granit" --version >/dev/null 2>&1; then
	"$tree/scripts/run-tests.sh" "$@" >"$work/out" 2>&1 || status=$?
else
	name=$(awk -F ' *[|] *' -v arch="$arch" '$1 == arch { print $2 }' <<<"$machines")
	qemu=$(command -v "qemu-$name-static") || die "there is no qemu-$name-static: scripts/setup.sh dist-$arch"
	[ "$(id -u)" -eq 0 ] || die "this machine does not run programs of $arch by itself, and telling it to takes root"
	mkfifo "$work/ready"
	unshare --user --mount --propagation private "$0" --inside "$arch" "$qemu" "$work/ready" \
		"$tree/scripts/run-tests.sh" "$@" >"$work/out" 2>&1 &
	child=$!
	# unshare has made the namespace before its child can open the pipe; a map that came earlier would be refused.
	for ((n = 0; n < 200; n++)); do
		[ "$(readlink "/proc/$child/ns/user")" = "$(readlink /proc/self/ns/user)" ] || break
		sleep 0.05
	done
	for map in uid_map gid_map; do
		# All ids as they are: tests become other users.
		printf '0 0 4294967295\n' >"/proc/$child/$map"
	done
	printf 'go\n' >"$work/ready"
	wait "$child" || status=$?
	child=
fi

# What failed, less what may.
cat "$tree"/build/results/*.tap >"$work/tap" 2>/dev/null || {
	cat "$work/out"
	die "the tests did not run"
}
sed -nE 's/^not ok [0-9]+ //p' "$work/tap" | sort -u >"$work/failed"
awk -F ' *[|] *' -v arch="$arch" '/^[^#]/ && ($1 == "all" || $1 == arch) { print $2 }' tests/foreign.txt 2>/dev/null | sort -u >"$work/may"
passed=$(grep -c '^ok ' "$work/tap" || :)
comm -23 "$work/failed" "$work/may" >"$work/unexpected"
printf 'test-foreign: %s: %d passed, %d cannot work there (tests/foreign.txt), %d failed, of %d\n' "$arch" "$passed" \
	"$(comm -12 "$work/failed" "$work/may" | wc -l)" "$(wc -l <"$work/unexpected")" "$(grep -cE '^(not )?ok ' "$work/tap")"
comm -13 "$work/failed" "$work/may" | sed 's/^/  works after all, or is not there: /'
[ -s "$work/unexpected" ] || [ "$passed" -eq 0 ] || exit 0
sed 's/^/  /' "$work/unexpected"
printf 'test-foreign: what bats said is in %s\n' "$tree/build/results"
exit 1
