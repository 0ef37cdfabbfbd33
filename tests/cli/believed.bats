#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154 # every test is a subshell; `expect` and the helpers set and read variables
# granit --check in a container that runs already: it judges with the options of process 1, if that is granit.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/process1
	process1_setup
	mkdir "$ROOT/sub"
	cp "$GRANIT" "$ROOT/sub/granit"
	BELIEVED='judged with the options of process 1, believed from /proc/1/cmdline'
	BLIND='by its name: which file it runs is not shown'
	LOOK=()
	ALONE='judged with the options of this command line alone'
}

teardown() {
	process1_teardown
}

# looks STATUS [OPTION...]: granit --check beside process 1
looks() {
	expect "$1" nsenter -t "$INIT" -m -p -- "${LOOK[@]}" /sub/granit --check "${@:2}"
}

# setting NAME: its value and whose it is, as JSON tells
setting() {
	jq -c --arg name "$1" '.settings[] | select(.name == $name) | [.value, .of_process_1]' <<<"$output"
}

# pretends [WORD...]: a process 1 that is not granit, but is called so; whoever looks is not shown its file
pretends() {
	LOOK=(/probe exec-uncapable)
	cp "$TOOLS/pretend" "$ROOT/granit"
	box -- /granit "$@"
}

# distrusted REASON: that process 1 was not believed, and why
distrusted() {
	contains "$output" "granit: $ALONE: $1"
}

@test "what process 1 was told counts: profile, levels, writable" {
	box --tmpfs /data -- /granit --profile=audit --ignore=no-shell,limits --writable=/data -- /probe trap
	looks 0 --format=json
	[ "$(jq -c '.options' <<<"$output")" = '{"of":"process 1","reason":null}' ]
	[ "$(jq -r .profile <<<"$output")" = audit ]
	[ "$(setting profile)" = '["audit",true]' ]
	[ "$(setting ignore)" = '["no-shell,limits",true]' ]
	[ "$(setting writable)" = '["/data",true]' ]
	[ "$(jq -r '.findings[] | select(.id == "writable-mounts") | .verdict' <<<"$output")" = pass ]
	[ "$(jq -r '.findings[] | select(.id == "limits") | .verdict' <<<"$output")" = off ]
	jsonschema -i <(printf '%s\n' "$output") doc/report.schema.json
	looks 0
	contains "$output" "granit: $BELIEVED"
	looks 0 --format=tap
	contains "$output" "# $BELIEVED"
}

@test "the program of process 1 is what is judged" {
	box -- /granit --ignore=all -- /probe trap
	looks 0 --format=json
	[ "$(jq -r .program <<<"$output")" = /probe ]
	looks 0 --format=json -- /inject
	[ "$(jq -r .program <<<"$output")" = /inject ]
}

@test "the own words come later, and win" {
	box -- /granit --profile=audit --ignore=all -- /probe trap
	looks 78 --profile=immutable --fail=no-new-privs --format=json
	[ "$(jq -r .profile <<<"$output")" = immutable ]
	[ "$(jq -r '[.findings[] | select(.level == "fail") | .id] | join(" ")' <<<"$output")" = no-new-privs ]
	[ "$(setting fail)" = '["no-new-privs",false]' ]
}

@test "whose a setting is shows with -v" {
	box -- /granit --profile=audit --ignore=all -- /probe trap
	looks 0 -v --umask=022
	contains "$output" 'profile = audit    (command line of process 1)'
	contains "$output" 'umask = 022    (command line)'
}

@test "what acts is not taken over: nothing is written, waited for, or shown otherwise" {
	printf 'A=b\n' >"$ROOT/env"
	box --tmpfs /data -- /granit --writable=/data --ignore=all --rlimit=nofile=64 --umask=077 --grace=1s -w -v --format=json \
		--termination-log=/data/log --unset-env='X*' --env-file=/env --watch=off -- /probe trap 2
	looks 78 --fail=no-new-privs -v
	contains "$output" "granit: $BELIEVED"
	local name
	for name in rlimit umask grace warn-orphans format termination-log unset-env env-file watch; do
		run ! grep -q "^ *$name" <<<"$output"
	done
	run inside /probe cat /data/log
	[[ $output != *granit* ]]
}

@test "the configuration file is the one that process 1 names; its termination log is not written to" {
	printf 'bad\n' >"$ROOT/etc/granit.conf"
	printf 'profile = audit\nfail = no-new-privs\ntermination-log = /data/log\n' >"$ROOT/etc/other.conf"
	: >"$ROOT/log"
	box --tmpfs /data -- /granit --config=/etc/other.conf --ignore=all --allow-new-privs --writable=/data --warn=no-new-privs -- /probe trap
	inside /probe write /data/log || :
	looks 0 --format=json
	[ "$(jq -r '.settings[] | select(.file == "/etc/other.conf") | .name' <<<"$output" | xargs)" = 'profile fail termination-log' ]
	looks 78 --fail=no-new-privs
	run inside /probe cat /data/log
	[[ $output != *refused* ]]
	looks 125 --config=none --config=/etc/granit.conf
}

@test "a process 1 of another name, and one of another container, are not believed" {
	cp "$TOOLS/pretend" "$ROOT/pause"
	box -- /pause --profile=audit
	looks 78
	distrusted 'process 1 is pause, not granit'
	[ "$(nsenter -t "$INIT" -m -p -- /sub/granit --check --format=json | jq -c .options)" = '{"of":"command line","reason":"process 1 is pause, not granit"}' ]
}

@test "a process 1 that calls itself granit, and runs another file" {
	pretends --profile=plain
	looks 0
	contains "$output" "$BELIEVED, $BLIND"
	looks 0 --format=json
	[ "$(jq -c .options <<<"$output")" = '{"of":"process 1","reason":"which file process 1 runs is not shown"}' ]
	jsonschema -i <(printf '%s\n' "$output") doc/report.schema.json
	LOOK=()
	looks 78
	distrusted 'process 1 has the name of granit, and runs another file'
}

@test "granit itself, seen by whom it is not shown" {
	box -- /granit --profile=audit -- /probe trap
	looks 0
	contains "$output" "$BELIEVED"$'\n'
	LOOK=(/probe exec-uncapable)
	looks 0
	contains "$output" "$BELIEVED, $BLIND"
}

@test "granit of another container, whose processes are shared, is not believed" {
	box -- /granit --profile=audit -- /probe trap
	# As with --pid=container:NAME: another mount namespace, and a /proc of the same processes.
	expect 78 nsenter -t "$INIT" -p -- unshare --mount --mount-proc "$GRANIT" --check
	distrusted 'process 1 is in another container'
}

@test "a command line with an unknown option" {
	pretends --profile=audit --no-such-option
	looks 78
	distrusted '/proc/1/cmdline could not be used: there is no option --no-such-option'
}

@test "a command line with a value that is cut" {
	pretends --profile=aud
	looks 78
	distrusted "/proc/1/cmdline could not be used: --profile: 'aud' is not a known profile"
}

@test "a command line that ends where a value should stand" {
	pretends --profile=audit --writable
	looks 78
	distrusted '/proc/1/cmdline could not be used: --writable needs a value'
}

@test "a command line of bytes that are no text" {
	pretends --profile=audit $'--\xff\x01\n=' ''
	looks 78
	distrusted '/proc/1/cmdline could not be used: there is no option --\377\001'
}

@test "a command line of empty words, and none at all" {
	pretends '' '' ''
	looks 78
	contains "$output" "granit: $BELIEVED"
}

@test "a command line without an end" {
	pretends "$(printf '%09000d' 0)" unended
	[ "$(tr -d x <"/proc/$INIT/cmdline" | wc -c)" -eq 0 ]
	looks 78
	distrusted '/proc/1/cmdline could not be used: it does not end with a NUL byte'
}

@test "a command line of 1 MB" {
	local word
	printf -v word '%0100000d' 0
	pretends --profile=audit -- "$word" "$word" "$word" "$word" "$word" "$word" "$word" "$word" "$word" "$word"
	looks 78
	distrusted '/proc/1/cmdline could not be used: it is longer than 64 kB'
}

@test "what of process 1 does not go with the own words is not used, and no error" {
	box -- /granit --profile=audit --listen=8080 -- /probe trap
	looks 78 --landlock=off
	distrusted '/proc/1/cmdline could not be used: --listen, --connect and --connect-unix need Landlock'
	looks 125 --no-such-option
	contains "$stderr" 'there is no option --no-such-option'
}

@test "a /proc that is none, and one with something mounted over the command line" {
	box -- /granit --profile=audit -- /probe trap
	expect 78 nsenter -t "$INIT" -p -- unshare --mount bash -c 'mount -t tmpfs none /proc && exec "$1" --check' - "$GRANIT"
	distrusted 'cannot use /proc: it is not a procfs'
	printf '/granit\0--profile=audit\0' >"$ROOT/cmdline"
	inside /probe bind /cmdline /proc/1/cmdline
	looks 78
	distrusted 'cannot read /proc/1/cmdline: something is mounted over it'
}

@test "process 1 itself and an inspection ask nobody" {
	boxed 0 --read-only -- /granit --check --format=json --ignore=all
	[ "$(jq '.options' <<<"$output")" = null ]
	expect 0 "$GRANIT" --check --root="$ROOT" --format=json --ignore=all
	[ "$(jq '.options' <<<"$output")" = null ]
	box -- /granit --profile=audit -- /probe trap
	expect 0 nsenter -t "$INIT" -m -p -- /sub/granit --check --root=/ --format=json --ignore=all
	[ "$(jq -c '.options, .profile' <<<"$output" | xargs)" = 'null immutable' ]
}

@test "options that judge are marked, and no others; the document names these" {
	local judging name
	judging=$(awk -F'"' '/\.name = / { name = $2 } /\.judges = true/ { print name }' src/options/*.c | LC_ALL=C sort | xargs)
	[ "$judging" = 'allow allow-missing allow-new-privs chdir config connect connect-unix deny exec-from fail ignore keep-caps landlock listen manifest manifest-digest manifest-key profile scan scan-budget target user verify warn writable' ]
	for name in $("$GRANIT" --help | sed -nE 's/^ {2,6}(-[A-Za-z])?,? *--([a-z-]+).*/\2/p'); do
		expect 0 "$GRANIT" --explain="$name"
		if [[ " $judging " == *" $name "* ]]; then
			contains "$output" 'A --check by exec takes it over from process 1.'
			awk '/^Options that judge/, /and PROGRAM/' doc/debugging.md | grep -qF -e "\`--$name\`"
		else
			[[ $output != *'takes it over'* ]]
		fi
	done
}
