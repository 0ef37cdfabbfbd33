#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What holds for every file: its length, and in src/ its first lines, and names that lead to one function.
# shellcheck disable=SC2016 # programs of awk

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
}

# functions FOLDER: "NAME FILE" for each function that a .c file there defines, or a header as a static one. Names stand
# at the beginning of a line, behind their type, as clang-format has it.
functions() {
	find "$1" -name '*.[ch]' | LC_ALL=C sort | xargs awk '
		{ sub(/printf_like\([^)]*\) */, "") }
		/^[a-z][a-z0-9_ *]*[ *][a-z0-9_]+\(/ && (FILENAME ~ /\.c$/ || /^static/) {
			name = substr($0, 1, index($0, "(") - 1); sub(/.*[ *]/, "", name)
			kind = /^static/ ? "static" : "extern"
			print name, FILENAME, kind
		}' | LC_ALL=C sort -u
}

# namesakes FOLDER: names of static functions that another file has a function of too
namesakes() {
	functions "$1" | awk '
		!seen[$1, $2]++ { files[$1] = files[$1] " " $2; count[$1]++ }
		$3 == "static" { static[$1] = 1 }
		END { for (name in count) if (count[name] > 1 && static[name]) print name ":" files[name] }' | LC_ALL=C sort
}

# unexplained FOLDER: files whose second line does not begin a comment that says what they are
unexplained() {
	find "$1" -name '*.[ch]' | LC_ALL=C sort | xargs awk '
		FNR == 1 && !/SPDX-License-Identifier/ { print FILENAME ": no licence in line 1" }
		FNR == 2 { open = ($0 == "/*"); if (!open && !/^(\/\*|\/\/) [A-Za-z"-].*[a-z]/) print FILENAME ": no word of what it is in line 2" }
		FNR == 3 && open && !/^ \* [A-Za-z"-].*[a-z]/ { print FILENAME ": no word of what it is in line 3" }'
}

@test "the name of a static function stands once in src/" {
	[ "$(functions src | wc -l)" -gt 800 ]
	run namesakes src
	[ -z "$output" ] || {
		printf '%s\n' "$output"
		return 1
	}
}

@test "a static function that is called like another file's is found" {
	mkdir -p "$BATS_TEST_TMPDIR/src/a" "$BATS_TEST_TMPDIR/src/b"
	printf '%s\n' 'static int one(int x);' '' 'static int one(int x)' '{' '}' 'static printf_like(1, 2) void two(const char *f, ...)' \
		'{' '}' >"$BATS_TEST_TMPDIR/src/a/a.c"
	[ -z "$(namesakes "$BATS_TEST_TMPDIR/src")" ]
	printf '%s\n' 'const char *two(void)' '{' '}' 'int one_more(int x)' '{' '}' >"$BATS_TEST_TMPDIR/src/b/b.c"
	printf '%s\n' 'int one_more(int x);' 'static inline bool one(void)' '{' '}' >"$BATS_TEST_TMPDIR/src/b/b.h"
	run namesakes "$BATS_TEST_TMPDIR/src"
	[ "$(cut -d: -f1 <<<"$output" | xargs)" = 'one two' ]
}

@test "every file of src/ says in its first lines what it is" {
	run unexplained src
	printf '%s\n' "$output"
	[ -z "$output" ]
}

@test "no file has more than 500 lines" {
	run find src tests scripts bench Makefile -type f \( -name '*.[ch]' -o -name '*.bats' -o -name '*.bash' -o -name '*.sh' \
		-o -name '*.py' -o -name '*.js' -o -name Makefile \) -exec awk 'FNR == 501 { print FILENAME }' {} +
	printf '%s\n' "$output"
	[ "$status" -eq 0 ] && [ -z "$output" ]
}
