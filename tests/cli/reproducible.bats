#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Two builds of the same source are the same bytes: in other folders, by another user, at another time, in another locale. The one
# is this tree's own.

bats_require_minimum_version 1.5.0

# A build with all libraries takes minutes where the linters run beside them.
setup_file() {
	export BATS_TEST_TIMEOUT=1200
}

setup() {
	load ../helpers/granit
	granit_setup
}

@test "folder, user, time, locale and umask do not show in the binary" {
	local two=$BATS_TEST_TMPDIR/a-longer-way/to/two
	[ -z "$(find src -type f -newer build/granit)" ] || {
		printf 'build/granit is older than its sources: make\n'
		return 1
	}
	mkdir -p "$two/build"
	tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$two"
	cp -a build/sources "$two/build/"
	# Later than now, and with files in another order.
	find "$two" -type f -exec touch -d '2031-02-03 04:05:06' {} +
	mkdir "$two/build/tmp"
	local -a other=(env -i PATH="$PATH" TMPDIR="$two/build/tmp" HOME=/nowhere TZ=Pacific/Auckland LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8 USER=other)
	if [ "$(id -u)" -eq 0 ]; then
		chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test"
		chown -R 65534 "$two"
		other=(setpriv --reuid=65534 --regid=65534 --clear-groups "${other[@]}")
	fi
	(umask 077 && "${other[@]}" make -C "$two" -j2 all) >"$BATS_TEST_TMPDIR/log.two" 2>&1 3>&- || {
		tail -n 20 "$BATS_TEST_TMPDIR/log.two"
		return 1
	}
	cmp "$GRANIT" "$two/build/granit"
	# Nor does the folder stand in it at all.
	run ! grep -qF "$BATS_TEST_TMPDIR" "$two/build/granit"
}
