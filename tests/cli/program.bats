#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # ${NAME} is for granit; `run` sets stderr
# What the program's arguments become.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
}

# expanded STATUS ARGUMENT...: what /usr/bin/printf gets, a line each
expanded() {
	local status="$1"
	shift
	run "-$status" --separate-stderr env SET=hi EMPTY= SPACED='a  b *' "$GRANIT" --profile=plain --expand -- \
		/usr/bin/printf '%s\n' "$@"
}

@test "variables, defaults and dollars are replaced; nothing is split or run" {
	expanded 0 'x${SET}y${SET}' '${NONE:-d f}' '${EMPTY:-e}' '[${EMPTY}]' '${SET:?must be}' '$${SET}' '$1 $(id) $' '${SPACED}' \
		'$$$${SET}'
	[ "$output" = $'xhiyhi\nd f\ne\n[]\nhi\n${SET}\n$1 $(id) $\na  b *\n$${SET}' ]
}

@test "a value is not expanded again" {
	run -0 env 'A=${B}' B=b "$GRANIT" --profile=plain --expand -- /usr/bin/printf %s '${A}'
	[ "$output" = '${B}' ]
}

@test "without --expand arguments stay as they are" {
	run -0 "$GRANIT" --profile=plain -- /usr/bin/printf %s '${SET}$$'
	[ "$output" = '${SET}$$' ]
}

@test "--exec expands too" {
	run -0 env SET=hi "$GRANIT" --profile=plain --exec --expand -- /usr/bin/printf %s '${SET}'
	[ "$output" = hi ]
}

@test "an unset variable is an error that names it; nothing starts" {
	expanded 125 '${NONE}'
	contains "$stderr" 'the variable NONE is not set'
	[ -z "$output" ]
	expanded 125 '${EMPTY:?say where}'
	contains "$stderr" 'say where'
	expanded 125 $'${EMPTY:?say\nwhere}'
	contains "$stderr" 'say\012where'
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "what is no variable is an error, and shows no value" {
	local argument
	for argument in '${SET' '${}' '${1A}' '${SET-x}' '${SET:+x}'; do
		expanded 125 "\${SPACED}$argument"
		contains "$stderr" 'only ${NAME}'
		[[ "$stderr" != *'a  b'* ]]
	done
}

@test "a variable that --unset-env removes is not set" {
	run -125 --separate-stderr env SET=hi "$GRANIT" --profile=plain --unset-env=SET --expand -- /usr/bin/printf %s '${SET}'
	contains "$stderr" 'the variable SET is not set'
}

# scripted STATUS TEXT PROGRAM ARG...: an interpreter, with a volume that its user can write
scripted() {
	boxed "$1" --read-only --bind "$VOLUME:/data" -- /granit --config=none --ignore=all --fail=app-immutable --warn=no-interpreter "${OPTIONS[@]}" -- "${@:3}"
	[ -z "$2" ] || contains "$stderr" "$2"
}

@test "a script that the program is told to run is the program, too" {
	VOLUME=$BATS_TEST_TMPDIR/volume
	OPTIONS=(--writable=/data)
	make_root
	mkdir -p "$VOLUME" "$ROOT/srv"
	cp "$TOOLS/probe" "$ROOT/node"
	cp "$TOOLS/probe" "$ROOT/renamed"
	printf '\0Py_BytesMain\0' >>"$ROOT/renamed"
	printf 'x' >"$VOLUME/x.js"
	printf 'x' >"$ROOT/srv/x.js"
	ln -s /data/x.js "$ROOT/srv/link.js"
	local program
	for program in /node /renamed '/probe args tini -- /node'; do
		# shellcheck disable=SC2086 # words
		{
			scripted 78 '/data/x.js can be written by the user that runs it' $program /data/x.js
			scripted 78 '/srv/link.js can be written' $program --enable-source-maps -W ignore /srv/link.js /srv/x.js
			scripted 0 '' $program args /srv/x.js /data/x.js
			# What is no file, what an option has as its value, and what stands behind code.
			scripted 0 '' $program args --file=/data/x.js /data /nowhere
			scripted 0 '' $program args -m module /data/x.js
		}
	done
	# To another program it is data.
	scripted 0 '' /probe args /data/x.js
	# A relative name means what it will mean when it starts.
	OPTIONS=(--writable=/data --chdir=/data)
	scripted 78 './x.js can be written' /node x.js
	scripted 0 '' /node args ../srv/x.js
	OPTIONS=(--writable=/data --chdir=/srv)
	scripted 78 '../data/x.js can be written' /node ../data/x.js
	scripted 0 '' /node args x.js
	OPTIONS=(--writable=/data:exec)
	scripted 0 '' /node args /data/x.js
}
