#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # ${NAME} is for granit; `run` sets stderr
# --env-file: variables from a file, as docker run reads it.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	T=$BATS_TEST_TMPDIR
	PLAIN=("$GRANIT" --profile=plain)
}

# got LINE...: the environment that the program got, sorted, is that and no more
got() {
	diff -u <(printf '%s\n' "$@") <(sort <<<"$output")
}

# refuses TEXT [NAME=VALUE...]: of $T/env
refuses() {
	expect 125 env "${@:2}" "${PLAIN[@]}" --env-file="$T/env" -- "$TOOLS/probe" args x
	contains "$stderr" "$1"
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "lines as docker run reads them" {
	printf '%s\n' '# comment' '' '   ' '	# another' '  A=1' 'B="quoted" # kept' "C='x'" 'D=a=b' 'E=' 'F= x ' 'G=${A} $A \n' 'under_1=x' 'a.b-c=x' 'UML=ä' 'OLD' \
		'NOT_THERE' >"$T/env"
	expect 0 env -i OLD=old B=before "${PLAIN[@]}" --env-file="$T/env" -- "$TOOLS/probe" env
	got 'A=1' 'B="quoted" # kept' "C='x'" 'D=a=b' 'E=' 'F= x ' 'G=${A} $A \n' 'OLD=old' 'UML=ä' 'a.b-c=x' 'under_1=x'
}

@test "a byte order mark, carriage returns, and a last line without an end" {
	printf '\xef\xbb\xbfA=1\r\n\r\nB=2\r\nC=3' >"$T/env"
	expect 0 env -i "${PLAIN[@]}" --env-file="$T/env" -- "$TOOLS/probe" env
	got A=1 B=2 C=3
	printf '\xef\xbb\xbf' >"$T/env"
	expect 0 env -i A=1 "${PLAIN[@]}" --env-file="$T/env" -- "$TOOLS/probe" env
	got A=1
}

@test "no memory for it: 125, and that it is the limit's" {
	local row
	printf 'A=1\n' >"$T/env"
	# The limit is granit's: --rlimit would be the program's alone. What keeps an option needs room before.
	for row in 60M:--expand "100M:--env-file=$T/env"; do
		expect 125 prlimit --as="$(numfmt --from=iec "${row%%:*}")" "${PLAIN[@]}" "${row#*:}" -- "$TOOLS/probe" args x
		contains "$stderr" 'not enough memory'
		contains "$stderr" 'ulimit -v'
	done
}

@test "several: what was said last counts, however often it is there" {
	printf '%s\n' A=1 A=2 B=1 >"$T/one"
	printf '%s\n' B=2 C=2 >"$T/two"
	expect 0 "$TOOLS/probe" exec-env A=x A=y C=z -- "${PLAIN[@]}" --env-file="$T/one" --env-file="$T/two" -- "$TOOLS/probe" env
	got A=2 B=2 C=2
}

@test "a bad line is an error with its number, and shows no value" {
	printf '%s\n' A=1 '' 'export B=geheim' >"$T/env"
	refuses ":3: the name has a blank in it"
	[[ $stderr != *geheim* ]]
	printf '%s\n' '# x' '=geheim' >"$T/env"
	refuses ":2: there is no name before the '='"
	[[ $stderr != *geheim* ]]
	printf 'A=\xff\n' >"$T/env"
	refuses ':1: it is not UTF-8'
	printf 'A=%s\n' "$(head -c 131072 /dev/zero | tr '\0' y)" >"$T/env"
	refuses ':1: it is longer than the 128 kB'
}

@test "a file that is none, is not there, is no text or too long" {
	refuses 'No such file or directory'
	mkdir "$T/env"
	refuses 'not a regular file'
	rmdir "$T/env"
	printf 'A=1\0' >"$T/env"
	refuses 'a NUL byte'
	head -c 1048577 /dev/zero | tr '\0' '\n' >"$T/env"
	refuses 'longer than 1 MB'
	head -c 1048576 /dev/zero | tr '\0' '\n' >"$T/env"
	expect 0 "${PLAIN[@]}" --env-file="$T/env" -- true
	expect 125 "${PLAIN[@]}" --env-file=relative -- true
	contains "$stderr" 'is not an absolute path'
}

@test "more variables than there is room for" {
	seq -f 'V%.0f=x' 4096 >"$T/env"
	expect 0 env -i "${PLAIN[@]}" --env-file="$T/env" -- "$TOOLS/probe" env
	[ "$(wc -l <<<"$output")" -eq 4096 ]
	printf 'ONE=more\n' >>"$T/env"
	refuses ':4097: there are too many variables'
}

@test "--unset-env comes before, --expand and --secrets behind" {
	printf '%s\n' "S_FILE=$T/secret" A=file >"$T/env"
	printf 'value\n' >"$T/secret"
	expect 0 env -i A=old "${PLAIN[@]}" --unset-env=A --env-file="$T/env" --expand --secrets=auto -- "$TOOLS/probe" exec "$TOOLS/probe" args '${A} ${S_FILE}'
	[ "$output" = "file $T/secret" ]
	expect 0 env -i A=old "${PLAIN[@]}" --unset-env=A --env-file="$T/env" --secrets=auto -- "$TOOLS/probe" env
	got A=file S=value
}

@test "the program is the one in the PATH that was judged" {
	printf 'PATH=/nowhere\n' >"$T/env"
	expect 0 env PATH="$TOOLS" "${PLAIN[@]}" --env-file="$T/env" -- probe env
	grep -qxF PATH=/nowhere <<<"$output"
	expect 0 env PATH="$TOOLS" "${PLAIN[@]}" --exec --env-file="$T/env" -- probe env
	grep -qxF PATH=/nowhere <<<"$output"
}

@test "what granit removes from the environment it takes from no file, where it hardens" {
	make_root
	printf 'A=1\nLD_PRELOAD=/scratch/geheim.so\n' >"$ROOT/env"
	boxed 125 --read-only --tmpfs=/scratch:noexec -- /granit -q --ignore=writable-mounts --env-file=/env -- /probe env
	contains "$stderr" '/env:2: it makes programs load a file from a mount that is, or may be, writable'
	[[ $stderr != *geheim* ]]
	local line
	ln -s /scratch "$ROOT/link"
	for line in LD_PRELOAD=/./scratch/x LD_PRELOAD=scratch/x LD_PRELOAD=/usr/../scratch/x LD_PRELOAD=/link/x LD_LIBRARY_PATH=: \
		DOTNET_STARTUP_HOOKS=/link/x 'LD_PRELOAD=$ORIGIN/x'; do
		printf 'A=1\n%s\n' "$line" >"$ROOT/env"
		boxed 125 --read-only --tmpfs=/scratch:noexec -- /granit -q --ignore=writable-mounts --env-file=/env -- /probe env
		contains "$stderr" '/env:2: it makes programs load a file'
	done
	printf 'LD_PRELOAD=/scratch/geheim.so\n' >"$ROOT/env"
	# As the step does: who ignores the check wants the variable, and a read-only place is none to object to.
	boxed 0 --read-only --tmpfs=/scratch:noexec -- /granit -q --ignore=writable-mounts,ld-preload --env-file=/env -- /probe env
	grep -qxF LD_PRELOAD=/scratch/geheim.so <<<"$output"
	boxed 0 --read-only --tmpfs=/scratch:noexec -- /granit -q --profile=plain --env-file=/env -- /probe env
	printf 'LD_PRELOAD=/lib/x.so\n' >"$ROOT/env"
	boxed 0 --read-only --tmpfs=/scratch:noexec -- /granit -q --ignore=writable-mounts --env-file=/env -- /probe env
	grep -qxF LD_PRELOAD=/lib/x.so <<<"$output"
}

@test "a PATH with parts that anybody could fill is taken from no file, where granit hardens" {
	make_root
	local value
	for value in /data/bin:/bin relative /bin: :/bin /bin::/sbin; do
		printf 'A=1\nPATH=%s\n' "$value" >"$ROOT/env"
		boxed 125 --read-only --tmpfs=/data:noexec -- /granit -q --ignore=writable-mounts --env-file=/env -- /probe env
		contains "$stderr" '/env:2: a part of it is relative, empty, or on a mount that is, or may be, writable'
		boxed 0 --read-only --tmpfs=/data:noexec -- /granit -q --ignore=writable-mounts,path-sane --env-file=/env -- /probe env
		grep -qxF "PATH=$value" <<<"$output"
	done
	boxed 0 --read-only --tmpfs=/data:noexec -- /granit -q --profile=plain --env-file=/env -- /probe env
	printf 'PATH=/usr/bin:/bin\n' >"$ROOT/env"
	boxed 0 --read-only --tmpfs=/data:noexec -- /granit -q --ignore=writable-mounts --env-file=/env -- /probe env
	grep -qxF PATH=/usr/bin:/bin <<<"$output"
}

@test "options of interpreters, which can be code themselves, come from no file that can be written" {
	make_root
	local volume=$BATS_TEST_TMPDIR/volume line
	local -a granit=(/granit -q --ignore=writable-mounts)
	mkdir "$volume"
	ln -s /data/env "$ROOT/link"
	for line in 'NODE_OPTIONS=--import=data:text/javascript,console.log(1)' PERL5OPT=-Mstrict JAVA_TOOL_OPTIONS=-Xmx1g RUBYOPT=-W0; do
		printf 'A=1\n%s\n' "$line" >"$volume/env"
		cp "$volume/env" "$ROOT/env"
		for file in /data/env /link; do
			boxed 125 --read-only --bind "$volume:/data" -- "${granit[@]}" --env-file=$file -- /probe env
			contains "$stderr" "$file:2: it holds options of an interpreter, which can be code, and this file is on a mount that is, or may be, writable"
		done
		# A read-only mount, a profile that does not harden, and who ignores the check.
		boxed 0 --read-only --bind "$volume:/data:ro" -- "${granit[@]}" --env-file=/data/env -- /probe env
		boxed 0 --read-only --bind "$volume:/data" -- /granit -q --profile=plain --env-file=/data/env -- /probe env
		boxed 0 --read-only --bind "$volume:/data" -- /granit -q --ignore=writable-mounts,env-interpreter-hooks --env-file=/data/env -- /probe env
		grep -qxF "$line" <<<"$output"
	done
	printf 'A=1\nPYTHONPATH=/lib\n' >"$volume/env"
	boxed 0 --read-only --bind "$volume:/data" -- "${granit[@]}" --env-file=/data/env -- /probe env
	grep -qxF PYTHONPATH=/lib <<<"$output"
}
