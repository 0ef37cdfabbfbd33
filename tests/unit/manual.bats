#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The manuals say of options, checks and exit statuses what the binary does: nothing is missing on either side.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	PAGE=doc/granit.1
	CONF=doc/granit.conf.5
	T=$BATS_TEST_TMPDIR
}

# "-u --user=" for each option of the help; "=" where it takes a value.
options() {
	"$GRANIT" --help | sed -nE 's/^ {2,6}(-[A-Za-z])?,? *(--[a-z-]+)(=?).*/\1 \2\3/p' | sort
}

# The same of the manual's list of options.
documented() {
	awk '/^\.Sh /{ on = $2 == "OPTIONS" } on && /^\.It Fl /' "$PAGE" |
		sed -E 's/^\.It Fl ([A-Za-z]) , /-\1 /; s/^\.It Fl / /; s/ (-[a-z-]+) Ns Op Ns =.*/ \1/; s/ (-[a-z-]+) Ns =.*/ -\1=/; s/ (-[a-z-]+)$/ -\1/' | sort
}

# The words that a list of the binary's own knows, which it tells when it is given another one.
words() { # OPTION
	"$GRANIT" --config=none "--$1=0000000000" -- /x 2>&1 | sed -n 's/.*; choose from //p' | tr -d ' ' | tr , '\n'
}

@test "every option is in the manual as the help has it, and no other" {
	[ "$(options | wc -l)" -ge 40 ]
	diff -u <(options) <(documented)
}

@test "every option is in the table of doc/options.md, and no other" {
	# The first column, in which a value may hold an escaped bar.
	diff -u <(options | grep -o -- '--[a-z-]*' | sort -u) \
		<(sed -n '/^| option /,/^$/{ s/ | .*//; p; }' doc/options.md | grep -oP '(?<=`)--[a-z-]+' | sort -u)
}

@test "words that are to choose from are the same" {
	local count=0 name value
	while read -r name value; do
		grep -qxF ".It Fl -$name Ns = Ns Cm ${value//|/ | }" "$PAGE" || {
			printf 'not in %s: --%s=%s\n' "$PAGE" "$name" "$value"
			return 1
		}
		count=$((count + 1))
	done < <("$GRANIT" --help | sed -nE 's/^ +(-[A-Za-z], )?--([a-z-]+)=([a-z]+(\|[a-z]+)+)( .*)?$/\2 \3/p')
	[ "$count" -ge 4 ]
}

@test "the words of --profile and --deny are explained" {
	local option word
	for option in profile deny; do
		[ "$(words "$option" | wc -l)" -ge 4 ]
		for word in $(words "$option"); do
			grep -qE "^\.(It )?Cm $word( |$)" "$PAGE" || {
				printf '%s does not explain --%s=%s\n' "$PAGE" "$option" "$word"
				return 1
			}
		done
	done
}

@test "the checks and what they mean are the table's" {
	"$GRANIT" --list-checks --format=json | jq -r '.checks[] | .id + "\t" + .title' >"$T/table"
	[ "$(wc -l <"$T/table")" -ge 60 ]
	awk '/^\.Sh /{ on = $2 == "CHECKS" } !on { next } id != "" { print id "\t" $0; id = "" } /^\.It Cm /{ id = $3 }' "$PAGE" >"$T/page"
	diff -u "$T/table" "$T/page" || {
		printf 'scripts/manual.sh writes it anew\n'
		return 1
	}
}

@test "granit.conf's names are the options that a file may hold" {
	local line
	for line in $(options | sed 's/.*--//; s/=$//'); do
		printf '%s = 0\n' "$line" >"$T/conf"
		# In a folder of its own: termination-log is a file's name.
		(cd "$T" && "$GRANIT" --profile=plain --config="$T/conf" -- /x 2>&1 || :) | grep -qF 'for the command line only' ||
			printf '%s\n' "$line"
	done | sort >"$T/allowed"
	[ "$(wc -l <"$T/allowed")" -ge 25 ]
	diff -u "$T/allowed" <(sed -n 's/^\.It Cm //p' "$CONF" | sed 's/ , /\n/g' | sort)
}

@test "the exit statuses are those of the source" {
	sed -nE 's/.*EXIT_[A-Z_]+ = ([0-9]+),.*/.It \1/p' src/sys/exit.h | sed 's/128$/&+N/' | sort >"$T/source"
	[ -s "$T/source" ]
	diff -u "$T/source" <(awk '/^\.Sh /{ on = $2 == "EXIT" } on && /^\.It [1-9]/' "$PAGE" | sort)
}

@test "what the options' examples and the diagnostics say is what granit says" {
	run ! "$GRANIT" --config=none --verbsoe
	[[ $output == *"there is no option --verbsoe; did you mean --verbose?"* ]]
	grep -qF "there is no option --NAME; did you mean --OTHER?" "$PAGE"
	printf 'umask = 9\n' >"$T/conf"
	run -125 "$GRANIT" --config="$T/conf" -- /x
	[[ $output == "granit: $T/conf:1:9: "* ]]
}
