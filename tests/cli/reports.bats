#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `expect` sets output and stderr
# The shapes of the report, read by those who are to read them: a JSON parser, a TAP harness, the kubelet.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	LOG=$BATS_TEST_TMPDIR/log
}

# valid JSON: one line, and as the schema says
valid() {
	[ "$(wc -l <<<"$1")" -eq 1 ]
	printf '%s\n' "$1" >"$BATS_TEST_TMPDIR/report.json"
	jsonschema -i "$BATS_TEST_TMPDIR/report.json" doc/report.schema.json
}

@test "JSON: every check is in it, once, in the table's order, with what was given and what is left" {
	boxed 78 -- /granit --check --format=json
	valid "$output"
	[ -z "$stderr" ]
	[ "$(jq -r '.findings[].id' <<<"$output")" = "$("$GRANIT" --list-checks --format=json | jq -r '.checks[].id')" ]
	[ "$(jq -r '.outcome, .exit_status, .mode' <<<"$output")" = $'refused\n78\ncheck' ]
	[ "$(jq '.findings[] | select(.id == "root-read-only") | .level, (.evidence | length), (.fix | has("kubernetes"))' <<<"$output" | xargs)" = 'fail 1 true' ]
	[ "$(jq '[.findings[] | select(.level == "fail")] | length' <<<"$output")" = "$(jq .summary.failed <<<"$output")" ]
	[ "$(jq '[.findings[] | select(.level == "warn")] | length' <<<"$output")" = "$(jq .summary.warned <<<"$output")" ]
	[ "$(jq '[.findings[] | select(.verdict == "pass")] | length' <<<"$output")" = "$(jq .summary.passed <<<"$output")" ]
}

@test "JSON: privileges before and after" {
	needs_root 'has capabilities to lose'
	boxed 78 -- /granit --check --format=json
	[ "$(jq '.privileges.incoming.capabilities.effective | index("chown") != null' <<<"$output")" = true ]
	[ "$(jq -c '[.privileges.resulting.capabilities[]] | add' <<<"$output")" = '[]' ]
	[ "$(jq '.privileges.resulting.no_new_privs' <<<"$output")" = true ]
	boxed 0 -- /granit --check --format=json --profile=audit
	[ "$(jq '.privileges | .incoming == .resulting' <<<"$output")" = true ]
}

@test "JSON: what is foreseen is what the program gets" {
	needs_root 'has capabilities to lose'
	boxed 78 --read-only -- /granit --check --format=json --fail=all
	local foreseen
	foreseen=$(jq -r '.privileges.resulting.capabilities | [.permitted, .inheritable, .effective, .bounding, .ambient | length] | join(" ")' <<<"$output")
	[ "$foreseen" = '0 0 0 0 0' ]
	boxed 0 --read-only -- /granit --warn=all -- /probe status
	[ "$(grep -cE '^Cap.*[[:space:]]0*$' <<<"$output")" -eq 5 ]
}

@test "JSON: names that are no UTF-8, quotes, backslashes and control bytes" {
	local name
	for name in $'a"b' $'a\\b' $'a\nb' $'a\tb' $'a\x7fb' $'a\xffb' $'a\xc3\xa4' $'a\xc2\x9bb' $'a\xed\xa0\x80' $'a\xf0\x9f\x98\x80'; do
		mkdir -p "$ROOT/bin"
		cp /bin/busybox "$ROOT/bin/$name"
	done
	expect 78 "$GRANIT" --check --root="$ROOT" --format=json
	valid "$output"
	jq -r '.findings[] | select(.id == "no-multicall") | .evidence[].text' <<<"$output" >"$BATS_TEST_TMPDIR/texts"
	local shown
	for shown in '/bin/a"b ' '/bin/a\b ' '/bin/a\012b ' '/bin/a\011b ' '/bin/a\177b ' '/bin/a\377b ' '/bin/aä ' '/bin/a\302\233b ' '/bin/a\355\240\200 ' '/bin/a😀 '; do
		grep -qF -- "$shown" "$BATS_TEST_TMPDIR/texts" || {
			echo "not there: $shown"
			cat "$BATS_TEST_TMPDIR/texts"
			false
		}
	done
}

# What turns the direction of writing makes "gpj.exe" of "exe.jpg"; what has no width hides a part of a name.
@test "characters that are obeyed instead of shown go into no report" {
	local hex character format LC_ALL=C.UTF-8 # printf makes characters in this locale only
	local -a obeyed=(200e 200f 061c 202a 202b 202c 202d 202e 2066 2067 2068 2069 200b 2028 2029 feff e0041)
	mkdir -p "$ROOT/bin"
	for hex in "${obeyed[@]}"; do
		printf -v character '%b' "\\U$hex"
		rm -f "$ROOT"/bin/*
		cp /bin/busybox "$ROOT/bin/a${character}b"
		for format in text json tap; do
			expect 78 "$GRANIT" --check --root="$ROOT" --format="$format"
			[[ $output == */bin/a*b* && $output != *"$character"* ]] || {
				echo "U+$hex is in $format"
				false
			}
		done
		# In JSON the path itself is kept, as an escape.
		expect 78 "$GRANIT" --check --root="$ROOT" --format=json
		[ "$(jq -r '.findings[] | select(.id == "no-multicall") | .path' <<<"$output")" = "/bin/a${character}b" ]
	done
	# Other characters are shown.
	rm -f "$ROOT"/bin/*
	cp /bin/busybox "$ROOT/bin/"$'\xd7\x90\xd8\xa7\xe4\xb8\xad\xf0\x9f\x98\x80'
	expect 78 "$GRANIT" --check --root="$ROOT"
	contains "$output" $'/bin/\xd7\x90\xd8\xa7\xe4\xb8\xad\xf0\x9f\x98\x80 '
}

@test "JSON: what fixes a path of any length is told to its end" {
	local path='' part
	part=$(printf 'x%.0s' {1..200})
	for _ in 1 2 3 4 5 6 7; do
		path+=/$part
	done
	mkdir -p "$ROOT$path"
	cp /bin/busybox "$ROOT$path/busybox"
	chmod u+s "$ROOT$path/busybox"
	expect 78 "$GRANIT" --check --root="$ROOT" --scan=full --format=json
	valid "$output"
	jq -r '.findings[].fix // {} | .[]' <<<"$output" >"$BATS_TEST_TMPDIR/fix"
	grep -qF "$path/busybox" "$BATS_TEST_TMPDIR/fix"
}

@test "JSON: an image has no privileges and no runtime" {
	expect 0 "$GRANIT" --check --root="$ROOT" --format=json
	valid "$output"
	[ "$(jq -c '[.root, .runtime, has("privileges")]' <<<"$output")" = "[\"$ROOT\",null,false]" ]
}

@test "JSON: a refusal, and warnings, are one document on standard error" {
	boxed 78 -- /granit --format=json -- /probe args started
	[ -z "$output" ]
	valid "$stderr"
	[ "$(jq -r '.mode, .program, .outcome' <<<"$stderr")" = $'run\n/probe\nrefused' ]
	[ "$(jq -c '[.findings[].level] | unique' <<<"$stderr")" = '["fail"]' ]
	boxed 0 --read-only -- /granit --format=json --warn=all -- /probe args started
	[ "$output" = started ]
	valid "$stderr"
	[ "$(jq -c '[.outcome, .exit_status, ([.findings[].level] | unique)]' <<<"$stderr")" = '["accepted",0,["warn"]]' ]
	boxed 0 --read-only -- /granit --format=json --ignore=all -- /probe args started
	[ -z "$stderr" ]
}

@test "JSON: the list of checks" {
	expect 0 "$GRANIT" --list-checks --format=json
	[ "$(jq -r '.checks[0] | .id, .levels.immutable, .standards[0]' <<<"$output")" = $'root-read-only\nfail\nCIS Docker 5.13' ]
	[ "$(jq '.checks | length' <<<"$output")" = "$("$GRANIT" --list-checks | grep -c '^[a-z].* off .*\(info\|warn\|fail\)')" ]
}

@test "TAP: a harness counts the failures, and takes warnings for TODO" {
	boxed 78 -- /granit --check --format=tap
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/report.tap"
	local failed
	failed=$(grep '^not ok' <<<"$output" | grep -vc '# TODO')
	[ "$failed" -gt 0 ]
	grep -q '^not ok .* # TODO warns$' <<<"$output"
	grep -q '^ok .* # SKIP not applicable$' <<<"$output"
	run prove --exec cat "$BATS_TEST_TMPDIR/report.tap"
	[ "$status" -eq 1 ]
	contains "$output" "Failed: $failed)"
	run ! grep -q 'Parse errors' <<<"$output"
	boxed 0 -- /granit --check --format=tap --warn=all
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/report.tap"
	run -0 prove --exec cat "$BATS_TEST_TMPDIR/report.tap"
}

@test "a finding says what is wrong, a pass what holds, and what is not known is not stated as a fact" {
	boxed 78 -- /granit --check -v --ignore=all --fail=root-read-only,sys-ro
	contains "$output" 'FAIL root-read-only: the root filesystem is writable'
	contains "$output" 'pass sys-ro: /sys is read-only'
	boxed 78 -- /granit --check --format=tap --ignore=all --fail=root-read-only,sys-ro
	grep -qE '^not ok [0-9]+ - root-read-only: the root filesystem is writable$' <<<"$output"
	grep -qE '^ok [0-9]+ - sys-ro: /sys is read-only$' <<<"$output"
	boxed 78 -- /granit --check --format=json --ignore=all --fail=root-read-only
	[ "$(jq -r '.findings[0] | .title, .wrong' <<<"$output")" = $'the root filesystem is read-only\nthe root filesystem is writable' ]
	# A scan that ends before it has seen the file.
	mkdir -p "$ROOT/bin"
	cp build/tests/probe "$ROOT/bin/probe"
	expect 78 "$GRANIT" --check --root="$ROOT" --scan=full --scan-budget=1s,1 --ignore=all --fail=no-shell
	contains "$output" 'FAIL no-shell: cannot verify that no program has the name of a shell'
	for format in json tap; do
		expect 78 "$GRANIT" --check --root="$ROOT" --scan=full --scan-budget=1s,1 --ignore=all --fail=no-shell --format=$format
		[[ $output != *'a program has the name'* || $format == json ]]
	done
}

@test "--check shows what it found, the gravest first, then the ids of the rest; -v everything in the table's order" {
	boxed 78 -- /granit --check --ignore=limits --warn=root-read-only --fail=sys-ro,root-remount,no-new-privs
	local headings
	headings=$(grep -oE '^(FAIL|warn|info|pass|off|n/a)' <<<"$output" | uniq | xargs)
	[ "$headings" = 'FAIL warn info pass off n/a' ]
	[ "$(grep -c '^pass' <<<"$output")" -eq 1 ]
	grep -qE '^off  limits$' <<<"$output"
	local passed
	passed=$(sed -n '/^pass/,/^off/p' <<<"$output")
	[[ " $(xargs <<<"$passed") " == *' host-pid '* ]]
	run ! grep -E '^.{81}' <<<"$passed"
	boxed 78 -- /granit --check -v --fail=no-new-privs
	[ "$(grep -oE '^(FAIL|warn|info|pass|off |n/a ) *[a-z-]+:' <<<"$output" | sed 's/.* //; s/://')" = "$("$GRANIT" --list-checks --format=json | jq -r '.checks[].id')" ]
}

@test "a refusal: the ids on the first line, three findings in full, one line for each of the rest; -v all" {
	boxed 78 -- /granit --ignore=all --fail=root-read-only,no-new-privs,caps-bounding,seccomp,limits,host-net -- /probe exit 0
	[[ $(head -n 1 <<<"$stderr") == 'granit: refused to start /probe: root-read-only, '* ]]
	local ids
	ids=$(sed -n '1s/.*: //p' <<<"$stderr" | tr -d ,)
	[ "$(wc -w <<<"$ids")" -ge 4 ]
	# A line for each, in the same order.
	[ "$(grep -oE '^FAIL [a-z-]+' <<<"$stderr" | sed 's/FAIL //' | xargs)" = "$ids" ]
	[ "$(grep -c 'how to fix it:' <<<"$stderr")" -eq 3 ]
	grep -qE '^granit: -v shows all of it' <<<"$stderr"
	boxed 78 -- /granit -v --ignore=all --fail=root-read-only,no-new-privs,caps-bounding,seccomp,limits,host-net -- /probe exit 0
	[ "$(grep -c 'how to fix it:' <<<"$stderr")" -gt 3 ]
	run ! grep -q '^granit: -v shows' <<<"$stderr"
}

@test "remedies: of an image only what helps there, none about a path that is not known" {
	mkdir -p "$ROOT/bin"
	cp /bin/busybox "$ROOT/bin/sh"
	chmod u+s "$ROOT/bin/sh"
	expect 78 "$GRANIT" --check --root="$ROOT" --fail=setuid-files
	contains "$output" 'Dockerfile RUN chmod a-s /bin/sh or setcap -r /bin/sh'
	run ! grep -qE '^ +(Docker|podman|Kubernetes) ' <<<"$output"
	expect 78 "$GRANIT" --check --root="$ROOT" --fail=setuid-files --format=json
	[ "$(jq -c '[.findings[].fix // {} | keys[]] | unique' <<<"$output")" = '["dockerfile"]' ]
	boxed 78 -- /granit --check --fail=all
	run ! grep -qE '\{path\}|PATH$' <<<"$output"
}

@test "text: only the remedies of the runtime that is there, and all where it is not known" {
	container=podman boxed 78 -- /granit -- /probe exit 0
	contains "$stderr" 'podman     '
	contains "$stderr" 'Kubernetes securityContext: {readOnlyRootFilesystem: true}'
	run ! grep -q '^ *Docker ' <<<"$stderr"
	KUBERNETES_SERVICE_HOST=10.0.0.1 boxed 78 -- /granit -- /probe exit 0
	contains "$stderr" 'Kubernetes securityContext: {readOnlyRootFilesystem: true}'
	run ! grep -qE '^ *(Docker|podman)  +-' <<<"$stderr"
	ECS_CONTAINER_METADATA_URI_V4=http://169.254.170.2/v4/x boxed 78 -- /granit -- /probe exit 0
	contains "$stderr" 'ECS        "readonlyRootFilesystem": true'
	run ! grep -qE '^ *(Docker|podman|Kubernetes) ' <<<"$stderr"
	boxed 78 -- /granit -- /probe exit 0
	contains "$stderr" 'Docker     --read-only'
	contains "$stderr" 'Kubernetes securityContext: {readOnlyRootFilesystem: true}'
	run ! grep -q '^ *ECS ' <<<"$stderr"
}

@test "on the host itself: this does not look like a container" {
	[ "$(id -u)" -eq 0 ] || skip 'a chroot needs root'
	# The marks of an engine that the machine itself may have are not in there.
	local top=$BATS_TEST_TMPDIR/host
	mkdir -p "$top/proc"
	cp "$GRANIT" "$top/granit"
	# shellcheck disable=SC2016 # the inner shell's
	local -a host=(unshare --mount env -i bash -c 'mount --rbind /proc "$1/proc" && exec chroot "$@"' - "$top" /granit --config=none)
	[ "$(readlink /proc/self/ns/pid)" = 'pid:[4026531836]' ] || skip 'the tests run in a PID namespace of their own'
	expect 78 "${host[@]}" --check
	contains "$output" 'granit: this does not look like a container: '
	expect 78 "${host[@]}" -- /granit
	contains "$stderr" 'granit: this does not look like a container: '
	run ! unshare --uts "${host[@]}" --check
	[[ $output != *'does not look like'* ]]
	boxed 78 -- /granit --check
	[[ $output != *'does not look like'* ]]
}

@test "a guess at the runtime changes no verdict" {
	local -a guesses=(container=podman KUBERNETES_SERVICE_HOST=10.0.0.1 AWS_EXECUTION_ENV=AWS_ECS_FARGATE container=lxc nothing=at-all)
	local guess first=
	for guess in "${guesses[@]}"; do
		export "${guess?}"
		boxed 78 -- /granit --check --format=json --ignore=runtime-detect
		output=$(jq -c '[.findings[] | [.id, .verdict, .level]]' <<<"$output")
		[ -z "$first" ] || [ "$output" = "$first" ]
		first=$output
		unset "${guess%%=*}"
	done
}

@test "termination log: what was refused, the most important first, within 4096 bytes" {
	expect 78 "$GRANIT" --config=none --fail=all --termination-log="$LOG" -- true
	[ "$(stat -c %s "$LOG")" -le 4096 ]
	[[ $(head -n 1 "$LOG") == 'granit refused to start true: root-read-only, '* ]]
	[[ $(sed -n 2p "$LOG") == 'root-read-only: / is mounted writable'* ]]
	grep -q '  Kubernetes securityContext: {readOnlyRootFilesystem: true}' "$LOG"
	# Whole lines: the last one is no half of a remedy.
	[ "$(tail -c 1 "$LOG" | od -An -c | tr -d ' ')" = '\n' ]
}

@test "termination log: what granit could not do, and a program that is not there" {
	expect 125 "$GRANIT" --termination-log="$LOG" --frobnicate -- true
	contains "$(<"$LOG")" 'there is no option --frobnicate'
	expect 127 "$GRANIT" --config=none --profile=plain --termination-log="$LOG" -- /missing
	contains "$(<"$LOG")" 'cannot find /missing'
}

@test "termination log: the default is written where it is there, and made nowhere" {
	: >"$ROOT/message"
	mkdir -p "$ROOT/dev"
	boxed 78 --bind "$ROOT/message:/dev/termination-log" -- /granit -- /probe exit 0
	contains "$(<"$ROOT/message")" 'granit refused to start /probe: root-read-only'
	: >"$ROOT/message"
	boxed 78 --bind "$ROOT/message:/dev/termination-log" -- /granit --termination-log=none -- /probe exit 0
	[ ! -s "$ROOT/message" ]
	boxed 0 --read-only --bind "$ROOT/message:/dev/termination-log" -- /granit --warn=all -- /probe exit 0
	[ ! -s "$ROOT/message" ]
	expect 78 "$GRANIT" --config=none -- true
	[ ! -e /dev/termination-log ]
}

@test "termination log: a place that cannot be written is said, and changes no status" {
	expect 78 "$GRANIT" --config=none --termination-log=/missing/log -- true
	contains "$stderr" 'cannot write the termination log /missing/log: No such file or directory'
	expect 78 "$GRANIT" --config=none --termination-log=/dev/null -- true
	contains "$stderr" 'cannot write the termination log /dev/null'
}

@test "termination log: what was started in a running container leaves it alone" {
	local row
	make_root
	echo words >"$ROOT/message"
	# For the inspection to refuse.
	mkdir "$ROOT/bin"
	cp "$TOOLS/probe" "$ROOT/bin/sh"
	for row in 125:--probe=tcp:80x 125:--chek 125:--kill=FOO '125:--profile=x -- /probe' '78:--fail=all -- /probe' \
		'127:--profile=plain -- /missing' '78:--check --fail=all'; do
		# shellcheck disable=SC2086 # several words
		boxed "${row%%:*}" --bind "$ROOT/message:/dev/termination-log" -- /granit --profile=plain -- /probe exec /granit ${row#*:}
		[[ $stderr$output == *granit:* ]]
		[ "$(<"$ROOT/message")" = words ]
	done
	for row in '78:--check --fail=all' '78:--check --root=/ --fail=all' 125:--seal=/missing 0:--version; do
		# shellcheck disable=SC2086
		boxed "${row%%:*}" --bind "$ROOT/message:/dev/termination-log" -- /granit ${row#*:}
		[[ $stderr$output == *granit* ]]
		[ "$(<"$ROOT/message")" = words ]
	done
	boxed 125 --bind "$ROOT/message:/dev/termination-log" -- /granit --chek
	contains "$(<"$ROOT/message")" 'no option --chek'
}

@test "termination log: no link is followed, at its place or on the way, and no second name is written" {
	echo words >"$BATS_TEST_TMPDIR/victim"
	mkdir "$BATS_TEST_TMPDIR/dir"
	ln -s "$BATS_TEST_TMPDIR/victim" "$BATS_TEST_TMPDIR/link"
	ln -s "$BATS_TEST_TMPDIR/dir" "$BATS_TEST_TMPDIR/way"
	ln -s "$BATS_TEST_TMPDIR/made" "$BATS_TEST_TMPDIR/dangling"
	ln "$BATS_TEST_TMPDIR/victim" "$BATS_TEST_TMPDIR/hard"
	local place
	for place in link way/log dangling hard; do
		expect 78 "$GRANIT" --config=none --fail=all --termination-log="$BATS_TEST_TMPDIR/$place" -- true
		contains "$stderr" "cannot write the termination log $BATS_TEST_TMPDIR/$place"
		expect 78 "$TOOLS/inject" openat2=ENOSYS -- "$GRANIT" --config=none --fail=all --termination-log="$BATS_TEST_TMPDIR/$place" -- true
		contains "$stderr" "cannot write the termination log $BATS_TEST_TMPDIR/$place"
	done
	[ "$(<"$BATS_TEST_TMPDIR/victim")" = words ]
	[ ! -e "$BATS_TEST_TMPDIR/dir/log" ] && [ ! -e "$BATS_TEST_TMPDIR/made" ]
	(cd "$BATS_TEST_TMPDIR" && expect 78 "$TOOLS/inject" openat2=ENOSYS -- "$GRANIT" --config=none --fail=all --termination-log=new -- true)
	contains "$(<"$BATS_TEST_TMPDIR/new")" 'granit refused to start true'
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/new")" = 644 ]
}
