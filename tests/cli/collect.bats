#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets output and stderr
# examples/collect, with files of this machine's, which is a Debian.

bats_require_minimum_version 1.5.0

setup() {
	COLLECT=$(realpath "$BATS_TEST_DIRNAME/../../examples/collect")
	T=$BATS_TEST_TMPDIR
	FROM=$T/from
	mkdir -p "$FROM/share/app/conf" "$FROM/lib/app/modules" "$FROM/available"
	# A module that needs a library beside the C library, at a place that only a link in the directory leads to.
	cp "$(realpath /usr/bin/jq)" "$FROM/lib/app/modules/echo.so"
	ln -s ../../lib/app/modules "$FROM/share/app/modules"
	printf 'load_module modules/echo.so;\n' >"$FROM/available/echo.conf"
	ln -s "$FROM/available/echo.conf" "$FROM/share/app/conf/50-echo.conf"
	ln -s 50-echo.conf "$FROM/share/app/conf/again.conf"
}

collect() {
	run --separate-stderr sh "$COLLECT" "$T/image" "$@"
	printf '%s\n' "$output" "$stderr"
}

@test "a program: its libraries and its loader, and no shell" {
	collect "$(command -v jq)"
	[ "$status" -eq 0 ]
	[ "$(chroot_or_skip /usr/bin/jq -n 1+1)" = 2 ]
	[ -z "$(find "$T/image" -name '*sh' -o -name 'busybox')" ]
}

chroot_or_skip() {
	[ "$(id -u)" -eq 0 ] || skip 'chroot needs root'
	chroot "$T/image" "$@"
}

@test "a directory: what its links lead to, with the libraries that that needs" {
	collect "$FROM/share/app"
	[ "$status" -eq 0 ]
	local to=$T/image$FROM/share/app
	cmp "$to/modules/echo.so" "$FROM/lib/app/modules/echo.so"
	[ ! -L "$to/modules" ]
	cmp "$to/conf/50-echo.conf" "$FROM/available/echo.conf"
	cmp "$to/conf/again.conf" "$FROM/available/echo.conf"
	[ -z "$(find "$to" -type l)" ]
	local library
	library=$(ldd "$FROM/lib/app/modules/echo.so" | sed -n 's/.*libjq[^ ]* => \([^ ]*\) .*/\1/p')
	[ -n "$library" ] && [ -e "$T/image$library" ]
}

@test "a link that leads nowhere is named, and ends nothing" {
	ln -s /nowhere/at-all "$FROM/share/app/gone"
	collect "$FROM/share/app"
	[ "$status" -eq 0 ]
	[[ $stderr == *"$FROM/share/app/gone leads nowhere"* ]]
	[ -e "$T/image$FROM/share/app/modules/echo.so" ]
}

@test "a PATH that is a link becomes what it leads to; one that is not there ends it" {
	collect "$FROM/share/app/modules" "$FROM/share/app/conf/50-echo.conf"
	[ "$status" -eq 0 ]
	[ -d "$T/image$FROM/share/app/modules" ] && [ ! -L "$T/image$FROM/share/app/modules" ]
	[ ! -L "$T/image$FROM/share/app/conf/50-echo.conf" ]
	collect "$FROM/none"
	[ "$status" -eq 1 ]
	[[ $stderr == *"there is no $FROM/none"* ]]
}

@test "the documents that lead people to an image lead to it" {
	local document
	for document in README.md doc/quick-start.md doc/migration.md examples/README.md; do
		grep -qE '\]\([a-z./]*collect\)' "$BATS_TEST_DIRNAME/../../$document" || {
			printf '%s does not name examples/collect\n' "$document"
			return 1
		}
	done
}
