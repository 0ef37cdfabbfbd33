#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # scripts of inner shells; `run` sets stderr
# --secret and --secrets: what a file holds, in the program's environment and nowhere else.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/engines
	granit_setup
	T=$BATS_TEST_TMPDIR
	PLAIN=("$GRANIT" --profile=plain)
	PID1=(unshare --pid --fork --mount-proc --kill-child=KILL)
}

random() {
	od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# value NAME STATUS GRANIT-OPTION...: $output is what the program has in NAME, between brackets
value() {
	local name=$1 wanted=$2
	shift 2
	expect "$wanted" "${PLAIN[@]}" "$@" -- python3 -c 'import os, sys; print("[" + os.environ[sys.argv[1]] + "]")' "$name"
}

# refuses TEXT COMMAND...
refuses() {
	local text=$1
	shift
	expect 125 "$@"
	contains "$stderr" "$text"
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}

@test "the variable is what the file holds, less one newline at its end" {
	local case
	for case in 'secret' 'secret\n' '' '\n' 'a\nb\n' ' blanks and = and # \n' '$HOME ${HOME}'; do
		printf '%b' "$case" >"$T/file"
		value X 0 --secret="X=$T/file"
		[ "$output" = "[$(printf '%b' "$case")]" ]
	done
	printf 'two\n\n' >"$T/file"
	value X 0 --secret="X=$T/file"
	[ "$output" = $'[two\n]' ]
}

@test "without a file's name it is /run/secrets/NAME" {
	needs_root 'another /run'
	make_root
	mkdir -p "$ROOT/run/secrets"
	printf 'from the usual place\n' >"$ROOT/run/secrets/db_password"
	boxed 0 --read-only -- /granit --secret=db_password -q -- /probe env
	grep -qxF 'db_password=from the usual place' <<<"$output"
}

@test "as process 1, as a subreaper, with --exec: the same" {
	needs_root 'a PID namespace'
	printf 'x' >"$T/file"
	expect 0 "${PID1[@]}" "${PLAIN[@]}" --secret="X=$T/file" -- printenv X
	[ "$output" = x ]
	expect 0 "${PID1[@]}" "${PLAIN[@]}" --exec --secret="X=$T/file" -- printenv X
	[ "$output" = x ]
	expect 0 "${PLAIN[@]}" --exec --secret="X=$T/file" -- printenv X
	[ "$output" = x ]
	expect 7 "${PLAIN[@]}" --secret="X=$T/file" -- "$TOOLS/probe" exit 7
	expect 127 "${PLAIN[@]}" -e 127 --secret="X=$T/file" -- /no/such/program
	expect 143 "${PLAIN[@]}" --secret="X=$T/file" -- bash -c 'kill -TERM $PPID; while :; do sleep 0.05; done'
}

# The value that process 1 was given itself is there: who finds nothing at all does not look.
@test "no value is in process 1: not in its environment, not in its memory" {
	needs_root 'the memory of another process'
	local secret auto file known
	secret=$(random) auto=$(random) file=$(random) known=$(random)
	printf '%s\n' "$secret" >"$T/secret"
	printf '%s\n' "$auto" >"$T/auto"
	printf 'FILE=%s\n' "$file" >"$T/env"
	expect 0 "${PID1[@]}" env -i PATH="$PATH" KNOWN="$known" AUTO_FILE="$T/auto" "${PLAIN[@]}" --secret="SECRET=$T/secret" --secrets=auto \
		--env-file="$T/env" -- python3 tests/helpers/find_in_memory.py 1 KNOWN SECRET AUTO FILE
	diff -u - <(printf '%s\n' "$output") <<-END
		KNOWN found
		SECRET absent
		AUTO absent
		FILE absent
	END
}

# Whether the program of the container's process 1 has been started.
sleeps_below() {
	local init
	init=$(pgrep -P "$1") && pgrep -P "$init" -x probe >/dev/null
}

@test "nor is it in a process 1 that has hardened itself, seen from outside" {
	needs_root 'the memory of another process'
	local secret known init box
	secret=$(random) known=$(random)
	make_root
	chmod 755 "$ROOT"
	printf '%s\n' "$secret" >"$ROOT/secret"
	"$TOOLS/nscontainer" --read-only "$ROOT" -- /probe exec-env KNOWN="$known" -- \
		/granit -q --user=1000:1000 --secret=SECRET=/secret -- /probe sleep 60 >/dev/null 2>&1 3>&- 4>&- &
	box=$!
	retry 200 0.05 sleeps_below "$box"
	init=$(pgrep -P "$box")
	expect 0 env KNOWN="$known" SECRET="$secret" python3 tests/helpers/find_in_memory.py "$init" KNOWN SECRET
	[ "$output" = $'KNOWN found\nSECRET absent' ]
	# It is where it belongs.
	tr '\0' '\n' <"/proc/$(pgrep -P "$init" -x probe)/environ" | grep -qxF "SECRET=$secret"
	kill "$box"
	wait_gone "$box"
}

@test "the variables that are left alone are those of the manual" {
	local pattern count=0
	while read -r pattern; do
		grep -qF "\`$pattern\`" doc/environment.md || {
			printf 'not in doc/environment.md: %s\n' "$pattern"
			return 1
		}
		count=$((count + 1))
	done < <(sed -n '/left_alone\[\] = {/,/^};/s/^\t"\(.*\)",$/\1/p' src/launch/secrets.c)
	[ "$count" -ge 20 ]
}

@test "--secrets=auto: NAME_FILE becomes NAME, and is gone" {
	printf 'one\n' >"$T/one"
	printf 'two' >"$T/two"
	expect 0 env -i A_FILE="$T/one" DB_PASSWORD_FILE="$T/two" KEEP_FILE=relative/path OTHER="$T/one" _FILE="$T/one" EMPTY_FILE= \
		"${PLAIN[@]}" --secrets=auto -- "$TOOLS/probe" env
	diff -u - <(sort <<<"$output") <<-END
		A=one
		DB_PASSWORD=two
		EMPTY_FILE=
		KEEP_FILE=relative/path
		OTHER=$T/one
		_FILE=$T/one
	END
	expect 0 env -i A_FILE="$T/one" "${PLAIN[@]}" --secrets=auto --secrets=off -- "$TOOLS/probe" env
	[ "$output" = "A_FILE=$T/one" ]
}

@test "--secrets=auto: what programs read themselves is left alone" {
	local -a all=(SSL_CERT_FILE=/no/1 NIX_SSL_CERT_FILE=/no/2 AWS_WEB_IDENTITY_TOKEN_FILE=/no/3 AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/no/4
		AZURE_FEDERATED_TOKEN_FILE=/no/5 TLS_KEY_FILE=/no/6 LOG_FILE=/no/7 APP_CONFIG_FILE=/no/8 PID_FILE=/no/9 ENV_FILE=/no/10
		GOOGLE_TOKEN_FILE=/no/11 ETCD_TRUSTED_CA_FILE=/no/12)
	expect 0 env -i "${all[@]}" "${PLAIN[@]}" --secrets=auto -- "$TOOLS/probe" env
	diff -u <(printf '%s\n' "${all[@]}") <(printf '%s\n' "$output")
}

@test "what a file holds is not taken for the place of another one" {
	printf '%s' "$T/two" >"$T/one"
	printf 'two' >"$T/two"
	expect 0 env -i A_FILE_FILE="$T/one" "${PLAIN[@]}" --secrets=auto -- "$TOOLS/probe" env
	[ "$output" = "A_FILE=$T/two" ]
}

@test "said twice: the last place counts, as where the command line corrects the configuration file" {
	printf 'one' >"$T/one"
	printf 'two' >"$T/two"
	printf 'secret = A=%s\n' "$T/one" >"$T/conf"
	value A 0 --config="$T/conf" --secret="B=$T/one" --secret="A=$T/two"
	[ "$output" = '[two]' ]
	local i
	local -a many=()
	for i in {1..64}; do many+=(--secret="V$i=$T/one"); done
	value V64 0 "${many[@]}" --secret="V64=$T/two"
	[ "$output" = '[two]' ]
	refuses 'one too many' "${PLAIN[@]}" "${many[@]}" --secret="A=$T/one" -- "$TOOLS/probe" args x
}

@test "both is an error; empty counts as not set" {
	printf 'value' >"$T/file"
	refuses 'the secret A is also an environment variable' env -i A=1 A_FILE="$T/file" "${PLAIN[@]}" --secrets=auto -- "$TOOLS/probe" args x
	refuses 'the secret A is also an environment variable' env -i A=1 "${PLAIN[@]}" --secret="A=$T/file" -- "$TOOLS/probe" args x
	refuses 'the secret A is also an environment variable' env -i A_FILE="$T/file" "${PLAIN[@]}" --secrets=auto --secret="A=$T/file" -- "$TOOLS/probe" args x
	A='' value A 0 --secret="A=$T/file"
	[ "$output" = '[value]' ]
}

@test "a file that is none, is not there, has a NUL or is too long" {
	refuses 'No such file or directory; mount it there, or say where: --secret=A=/FILE' "${PLAIN[@]}" --secret="A=$T/none" -- "$TOOLS/probe" args x
	refuses 'or --unset-env=A_FILE if it is not a secret' env -i A_FILE="$T/none" "${PLAIN[@]}" --secrets=auto -- "$TOOLS/probe" args x
	refuses 'not a regular file' "${PLAIN[@]}" --secret="A=$T" -- "$TOOLS/probe" args x
	mkfifo "$T/pipe"
	refuses 'not a regular file' "${PLAIN[@]}" --secret="A=$T/pipe" -- "$TOOLS/probe" args x
	refuses 'not a regular file' "${PLAIN[@]}" --secret=A=/dev/zero -- "$TOOLS/probe" args x
	printf 'ge\0heim' >"$T/nul"
	refuses 'a NUL byte' "${PLAIN[@]}" --secret="A=$T/nul" -- "$TOOLS/probe" args x
	[[ $stderr != *heim* ]]
	# execve(2) takes 131072 bytes with the name, the '=' and the NUL.
	head -c 131069 /dev/zero | tr '\0' y >"$T/most"
	expect 0 "${PLAIN[@]}" --secret="A=$T/most" -- bash -c 'printf %s ${#A}'
	[ "$output" = 131069 ]
	printf '\n' >>"$T/most"
	expect 0 "${PLAIN[@]}" --secret="A=$T/most" -- bash -c 'printf %s ${#A}'
	[ "$output" = 131069 ]
	printf 'yy' >>"$T/most"
	refuses 'longer than the 128 kB' "${PLAIN[@]}" --secret="A=$T/most" -- "$TOOLS/probe" args x
	head -c 200000 /dev/zero | tr '\0' y >"$T/most"
	refuses 'longer than the 128 kB' "${PLAIN[@]}" --secret="A=$T/most" -- "$TOOLS/probe" args x
}

@test "names that make programs load files are no secrets" {
	local name
	printf 'x' >"$T/file"
	for name in PATH LD_PRELOAD LD_BIND_NOW GLIBC_TUNABLES BASH_ENV PYTHONPATH NODE_OPTIONS LUA_PATH_5_4 JAVA_TOOL_OPTIONS; do
		refuses 'makes programs load files' "${PLAIN[@]}" --secret="$name=$T/file" -- "$TOOLS/probe" args x
		refuses 'makes programs load files' env -i "${name}_FILE=$T/file" "${PLAIN[@]}" --secrets=auto -- "$TOOLS/probe" args x
	done
	for name in '' 1A A-B 'A B' =; do
		refuses 'is not NAME or NAME=/FILE' "${PLAIN[@]}" --secret="$name" -- "$TOOLS/probe" args x
	done
	refuses 'is not NAME or NAME=/FILE' "${PLAIN[@]}" --secret=A=relative -- "$TOOLS/probe" args x
	[[ $stderr != *relative* ]]
	refuses "'host:1' is not tcp:HOST:PORT" "${PLAIN[@]}" --wait-for=tcp:user:hunter2@host:1 -- "$TOOLS/probe" args x
}

@test "it is read as the program's user, and the refusal says so" {
	needs_root 'another user to become'
	make_root
	chmod 755 "$ROOT"
	printf 'x' >"$ROOT/root-only"
	chmod 400 "$ROOT/root-only"
	printf 'x' >"$ROOT/for-all"
	boxed 125 --read-only -- /granit -q --user=1000:1000 --secret=A=/root-only -- /probe env
	contains "$stderr" "read as the program's user (1000:1000)"
	boxed 0 --read-only -- /granit -q --user=1000:1000 --secret=A=/for-all -- /probe env
	grep -qxF A=x <<<"$output"
	boxed 0 --read-only -- /granit -q --profile=restricted --ignore=all --user=1000:1000 --secret=A=/for-all -- /probe env
	grep -qxF A=x <<<"$output"
}

@test "no argument can hold one: --expand comes before" {
	printf 'geheim' >"$T/file"
	refuses 'the variable A is not set' "${PLAIN[@]}" --expand --secret="A=$T/file" -- "$TOOLS/probe" args '${A}'
}

@test "a refusal reaches the termination log, and shows no value" {
	printf 'ge\0heim' >"$T/nul"
	refuses 'a NUL byte' "${PLAIN[@]}" --termination-log="$T/log" --secret="A=$T/nul" -- "$TOOLS/probe" args x
	grep -q 'a NUL byte' "$T/log"
	run ! grep -q heim "$T/log"
}
