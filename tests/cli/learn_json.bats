#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --learn --format=json: the object, its schema, and what examples/learn/ makes of it.
# bats sets output and stderr; a comma belongs to a value.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2054,SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	load ../helpers/process1
	granit_setup
	make_root
	mkdir -p "$ROOT"/{run,etc,bin,mnt,empty,var/lib,srv/held}
	cp /bin/busybox "$ROOT/bin/busybox"
	ln -s busybox "$ROOT/bin/sh"
	printf 'root:x:0:0::/:/\n' | tee "$ROOT/etc/passwd" >"$ROOT/srv/held/of-the-image"
	OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
	BOX='' HUNGFS='' TO='' BY=()
	: >"$OUT"
	: >"$ERR"
	LEARN=(/granit --learn --profile=plain)
}

teardown() {
	process1_teardown
}

# learns STATUS [NSCONTAINER-OPTION...] -- SCRIPT: granit's report of what the shell does is in $stderr
learns() {
	local wanted=$1
	local -a flags=()
	shift
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	boxed "$wanted" "${flags[@]}" -- "${BEFORE[@]}" "${LEARN[@]}" -- /bin/sh -c "$2"
}
BEFORE=()

# after TITLE: the lines of the report below it, of standard error or of what is given
after() {
	awk -v title="$1" '$0 == title ":" { on = 1; next } /^$/ { on = 0 } on' <<<"${2:-$stderr}"
}

# ---- for programs

# json FILTER: of the document in the last line of standard error, which is as the schema says
json() {
	tail -n 1 <<<"$stderr" >"$BATS_TEST_TMPDIR/learnt.json"
	jsonschema -i "$BATS_TEST_TMPDIR/learnt.json" "$BATS_TEST_DIRNAME/../../doc/learn.schema.json"
	jq -c "$1" "$BATS_TEST_TMPDIR/learnt.json"
}

@test "JSON: one document in the last line, as the schema says, with the text's words" {
	local script='echo 1 >/run/pid; echo 1 >/srv/held/new; mkdir -p "/var/lib/a b"; echo 1 >>/etc/passwd; echo 1 >/none/x; /probe map-wx; :'
	local -a words=()
	learns 0 --tmpfs /tmp -- "$script"
	text=$stderr
	rm -rf "$ROOT"/{run/pid,srv/held/new,var/lib/"a b"}
	LEARN+=(--format=json)
	learns 0 --tmpfs /tmp -- "$script"
	[ "$(json '[.mode, .program]')" = '["learn","/bin/sh"]' ]
	[ "$(json '[.learn.places[] | [.path, .kind, .mode, .size_mib]]')" = \
		'[["/etc/passwd","file","0644",16],["/run","tmpfs","0755",16],["/srv/held","volume","0755",16],["/var/lib/a b","tmpfs","0755",16]]' ]
	[ "$(json '.learn.writes[] | select(.path == "/run/pid") | [.kind, .by, .existed, .bytes > 0]')" = '["file","sh",false,true]' ]
	[ "$(json '.learn.writes[] | select(.path == "/etc/passwd") | [.existed, .names_changed, .gone]')" = '[true,false,false]' ]
	[ "$(json '[.learn.missing_directories, .learn.volumes[0].written, .learn.denials_used, .learn.accepted]')" = \
		'[[{"path":"/none","by":"sh"}],false,["wx-memory"],0]' ]
	[ "$(json '[.learn.sources[].unavailable]')" = '[null,null]' ]
	[ "$(json '.kubernetes.container.volumeMounts')" = \
		'[{"name":"run","mountPath":"/run"},{"name":"srv-held","mountPath":"/srv/held"},{"name":"var-lib-a-b","mountPath":"/var/lib/a b"}]' ]
	[ "$(json '.kubernetes.pod.volumes[0]')" = '{"name":"run","emptyDir":{"medium":"Memory","sizeLimit":"16Mi"}}' ]
	# What is pasted from one is what a program takes from the other.
	same_words granit '.options[]'
	same_words 'docker run' '.docker | words'
	same_words 'podman run' '.podman | words'
}

# same_words TITLE FILTER: the line of the text in $text, by a shell's rules, and what JSON has
same_words() {
	diff <(after "$1" "$text" | head -n 1 | xargs -n 1) \
		<(json "def words: join(\"\\n\") | gsub(\"(?<option>--(tmpfs|volume|cap-drop|cap-add))\\n\"; \"\\(.option)=\"); $2" | jq -r .)
}

@test "JSON: what could not be seen, and how long it was looked" {
	LEARN+=(--format=json)
	BEFORE=(/inject seccomp=EBUSY --)
	learns 0 --read-only -- 'sleep 0.3'
	[ "$(json '[.learn.sources[] | [.name, .unavailable]]')" = \
		'[["listener","seccomp(2) with a listener (Linux 5.5; EBUSY: the engine listens already): Resource busy"],["walk","the root is read-only"]]' ]
	[ "$(json '.learn.milliseconds >= 300')" = true ]
	BEFORE=()
	needs_root 'more users than one'
	learns 0 -- '/granit --profile=plain --user=65532:65532 -- /bin/sh -c "echo 1 >/tmp/x"; chown 1 /srv/held'
	[ "$(json '.learn.sources[0] | [.unread_calls > 0, .unread_of]')" = '[true,"sh"]' ]
	[ "$(json '[.learn.capabilities, .kubernetes.container.securityContext.capabilities.add]')" = \
		'[["chown","setgid","setuid"],["CHOWN","SETGID","SETUID"]]' ]
}

@test "JSON: to a file, names that are odd, and a first look" {
	chmod 777 "$ROOT/data"
	boxed 0 -- /granit --profile=plain --format=json --learn=/data/report -- /bin/sh -c 'mkdir /empty/x; echo 1 >"/run/a
\"b"; kill -USR1 1; sleep 0.5; cp /data/report /tmp/first'
	[ -z "$stderr" ]
	stderr=$(<"$ROOT/tmp/first")
	[ "$(json .options)" = '["--writable=/empty","--writable=/run","--allow=/bin/busybox","--allow=/bin/sh"]' ]
	stderr=$(<"$ROOT/data/report")
	[ "$(json '[.learn.writes[].path | select(test("^/run/"))]')" = '["/run/a\n\"b"]' ]
}

@test "JSON: whom it became, and files that variables name" {
	needs_root 'more users than one'
	LEARN+=(--format=json)
	BEFORE=(/bin/busybox env -i TLS_FILE=/none/tls OWN_FILE=/etc/passwd)
	learns 0 -- '/granit --profile=plain --user=7:8 -- /probe exit 0'
	[ "$(json .learn.became)" = '{"uids":[7],"gids":[8]}' ]
	[ "$(json '.learn.file_variables[] | [.name, .path, .missing, .mounted]')" = \
		$'["TLS_FILE","/none/tls",true,false]\n["OWN_FILE","/etc/passwd",false,false]' ]
}

@test "JSON: each volume has a name of its own, which Kubernetes takes" {
	local long
	long=$(printf 'long-%.0s' {1..20})
	mkdir -p "$ROOT/v/"{a/b,a-b,_,"$long"1,"$long"2}
	LEARN+=(--format=json)
	learns 0 -- 'for d in /v/a/b /v/a-b /v/_ /v/long*; do echo 1 >$d/x; done'
	[ "$(json '[.kubernetes.container.volumeMounts[].mountPath] | length')" -eq 5 ]
	[ "$(json '[.kubernetes.container.volumeMounts[].name | select(test("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"))] | unique | length')" -eq 5 ]
	[ "$(json '[.kubernetes.container.volumeMounts[].name] == [.kubernetes.pod.volumes[].name]')" = true ]
	[ "$(json '[.kubernetes.container.volumeMounts[] | select(.mountPath == "/v/_") | .name]')" = '["v"]' ]
}

@test "a VOLUME of the image gets a name, one that was never written read-only" {
	local one two
	one=$(printf '0123456789abcdef%.0s' {1..4}) two=${one//0/f}
	mkdir -p "$ROOT/srv/data" "$ROOT/srv/conf" "$BATS_TEST_TMPDIR"/volumes/{"$one","$two",named}/_data
	LEARN+=(--format=json)
	learns 0 --bind "$BATS_TEST_TMPDIR/volumes/$one/_data:/srv/data" --bind "$BATS_TEST_TMPDIR/volumes/$two/_data:/srv/conf" \
		--bind "$BATS_TEST_TMPDIR/volumes/named/_data:/mnt" -- 'echo 1 >/srv/data/x; echo 1 >/mnt/x'
	[ "$(json .options[:2])" = '["--writable=/srv/data","--writable=/mnt"]' ]
	[ "$(json '.docker[-4:]')" = '["--volume","srv-data:/srv/data","--volume","srv-conf:/srv/conf:ro"]' ]
	[ "$(json '.learn.places[] | [.path, .kind, (.note | test("VOLUME"))]')" = '["/srv/data","volume",true]' ]
	[ "$(json '[.kubernetes.container.volumeMounts, .kubernetes.pod.volumes]')" = \
		'[[{"name":"srv-data","mountPath":"/srv/data"}],[{"name":"srv-data","emptyDir":{}}]]' ]
	[ "$(filtered compose --arg service '.services.s.volumes')" = '["srv-data:/srv/data"]' ]
}

@test "root that is to be another user: a volume of that one's is no reason to refuse" {
	needs_root 'more users than one'
	install -d -m 700 -o 7 -g 7 "$BATS_TEST_TMPDIR/used"
	LEARN+=(--format=json)
	learns 0 --bind "$BATS_TEST_TMPDIR/used:/mnt" -- 'echo 1 >/mnt/x'
	contains "$(json .options)" '"--writable=/mnt","--allow=/bin/busybox","--allow=/bin/sh","--keep-caps=dac_override"]'
	# It is the other user that writes there.
	learns 0 --bind "$BATS_TEST_TMPDIR/used:/mnt" -- '/granit --profile=plain --user=7:7 -- /bin/busybox touch /mnt/y'
	contains "$(json .options)" '"--writable=/mnt","--allow=/bin/busybox","--allow=/bin/sh","--keep-caps=chown,kill,setgid,setuid","--warn=writable-declared:/mnt"'
	chmod 1777 "$BATS_TEST_TMPDIR/used"
	learns 0 --bind "$BATS_TEST_TMPDIR/used:/mnt" -- 'echo 1 >/mnt/x'
	[[ $(json .options) != *warn* ]]
}

@test "an owner and a mode that are set to what they were: told, and no mount" {
	needs_root 'an owner to be set'
	chmod 640 "$ROOT/srv/held/of-the-image"
	LEARN+=(--format=json)
	learns 0 -- 'chown -R 0:0 /srv/held; chmod 640 /srv/held/of-the-image; chmod 755 /srv'
	[ "$(json '[.learn.writes, [.learn.places[] | [.path, .kind]]]')" = '[[],[["/srv","unchanged"]]]' ]
	[[ $(json .options) != *writable* ]]
	# The same file by the same process, and another mode.
	learns 0 -- 'chmod 640 /srv/held/of-the-image; chmod 600 /srv/held/of-the-image'
	contains "$(json .options)" '--writable=/srv/held'
}

# filtered FILTER ARGUMENTS... -- JQ: of what examples/learn/FILTER.jq makes of the document
filtered() {
	json . >/dev/null
	jq --arg image i "${@:2:2}" s -f "$BATS_TEST_DIRNAME/../../examples/learn/$1.jq" "$BATS_TEST_TMPDIR/learnt.json" | jq -c "$4"
}

# Nobody would let its calls go on: it would wait for ever in its first execve.
@test "a listener that cannot be handed over: the program is not started, with the reason" {
	local call
	cp "$TOOLS/inject" "$ROOT/inject"
	for call in sendmsg=ENOMEM recvmsg=EMFILE sendto=EPERM recvfrom=EIO; do
		BEFORE=(/inject "$call" --)
		learns 125 -- 'echo started'
		printf '%s\n' "$stderr"
		[ -z "$output" ]
		[[ $stderr == *"granit: --learn: cannot hand over what it listens with: "*"raise the limits of memory and files; the program was not started"* ]]
		[[ $stderr != *"docker run"* ]]
	done
}

@test "a compose file and a task definition of ECS, out of the JSON" {
	LEARN+=(--format=json)
	learns 0 -- 'echo 1 >/run/pid; echo 1 >/srv/held/new; chown 1 /run/pid; cp /probe /empty/p; /empty/p exit 0'
	[ "$(filtered compose --arg service '.services.s | [.image, .entrypoint[0], .user, .read_only, .cap_drop, .cap_add]')" = \
		'["i","/granit","0:0",true,["ALL"],["CHOWN"]]' ]
	[ "$(filtered compose --arg service '[.services.s.tmpfs, .services.s.volumes, .volumes]')" = \
		'[["/empty:exec,mode=0755,uid=0,gid=0,size=16m","/run:noexec,mode=0755,uid=0,gid=0,size=16m"],["srv-held:/srv/held"],{"srv-held":{}}]' ]
	# The same words as the report's own.
	# shellcheck disable=SC2016 # jq's
	[ "$(filtered compose --arg service '.services.s.tmpfs')" = "$(json '[.docker as $d | range($d | length) | select($d[.] == "--tmpfs") | $d[. + 1]]')" ]
	[ "$(filtered compose --arg service '.services.s.entrypoint[1:-1]')" = "$(json .options)" ]
	[ "$(filtered ecs --arg name '.containerDefinitions[0] | [.name, .readonlyRootFilesystem, .linuxParameters.capabilities, .mountPoints]')" = \
		'["s",true,{"drop":["ALL"],"add":["CHOWN"]},[{"sourceVolume":"srv-held","containerPath":"/srv/held","readOnly":false}]]' ]
	[ "$(filtered ecs --arg name '[.containerDefinitions[0].linuxParameters.tmpfs[1], .volumes]')" = \
		'[{"containerPath":"/run","size":16,"mountOptions":["noexec","mode=0755","uid=0","gid=0"]},[{"name":"srv-held"}]]' ]
	# Nothing written: no key that has nothing in it.
	rm -rf "$ROOT"/{run/pid,srv/held/new,empty/p}
	learns 0 -- :
	[ "$(filtered compose --arg service '[.services.s | has("tmpfs", "volumes", "cap_add")] + [has("volumes")]')" = '[false,false,false,false]' ]
}
