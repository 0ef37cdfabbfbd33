#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --learn: what one run says that a read-only container must give the program.
# bats sets output and stderr; a comma belongs to a value.
# shellcheck disable=SC2030,SC2031,SC2034,SC2054,SC2154

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

# granit_line: the options that it says
granit_line() {
	after granit "${1:-}" | head -n 1 | xargs
}

# says SECTION PATTERN, says_not SECTION PATTERN: one of its lines, all of it, is that (an extended regular expression)
says() {
	after "$1" | grep -qxE -e "$2" && return
	printf 'not said: %s: %s\n%s\n' "$1" "$2" "$stderr"
	return 1
}

says_not() {
	! after "$1" | grep -qE -e "$2" && return
	printf 'said: %s: %s\n%s\n' "$1" "$2" "$stderr"
	return 1
}

# ---- what it takes

@test "what it does not go with is refused, with the reason" {
	local option
	for option in --exec --check --root=/ --pause --list-checks; do
		expect 125 "$GRANIT" --learn "$option" -- /x
		contains "$stderr" '--learn needs a program that is started and supervised' || return
	done
	expect 125 "$GRANIT" --learn=report -- /x
	contains "$stderr" "'report' is not the absolute path"
	expect 125 "$GRANIT" --learn=/none/report -- /x
	contains "$stderr" '--learn: cannot write to /none/report: No such file or directory'
	printf 'learn = /x\n' >"$BATS_TEST_TMPDIR/conf"
	expect 125 "$GRANIT" --config="$BATS_TEST_TMPDIR/conf" -- /x
	contains "$stderr" 'for the command line only'
}

@test "nothing is refused, and nothing is taken away" {
	LEARN=(/granit --learn --profile=restricted --fail=all --landlock=require --listen=1 --deny=all)
	printf 'profile = restricted\n' >"$ROOT/etc/granit.conf"
	learns 3 -- '/probe status; exit 3'
	contains "$output" $'CapEff:\t00000000a80425fb'
	contains "$stderr" 'granit: learnt in '
	learns 0 -- '/probe map-wx'
	[ "$output" = ok ]
}

@test "the exit status is the program's, and one that does not start has no report" {
	learns 143 -- 'kill -TERM $$'
	boxed 127 -- "${LEARN[@]}" -- /none
	[[ $stderr != *learnt* ]]
	contains "$stderr" '/none'
	boxed 126 -- "${LEARN[@]}" -- /etc/passwd
	[[ $stderr != *learnt* ]]
}

# ---- what it sees

# Both ways of looking come to the same list.
written() {
	# shellcheck disable=SC2016 # the shell's in the container
	printf '%s' 'echo 1 >/run/pid; mkdir /empty/sub; echo 1 >/empty/sub/x; echo 1 >>/etc/passwd; echo 1 >/srv/held/new
		mkdir /var/lib/app; cat /etc/passwd >/dev/null; ls / >/dev/null; mkdir -p /data; : </srv/held/of-the-image'
}

@test "a program that fails of its own accord leaves a list that is incomplete, and that is said" {
	learns 3 -- 'exit 3'
	contains "$stderr" 'granit: the program ended with status 3: what it would have done after that is missing'
	learns 134 -- 'kill -ABRT $$'
	contains "$stderr" 'ended with status 134'
	learns 0 -- 'exit 0'
	[[ $stderr != *'ended with status'* ]]
	# Whoever stops it knows that he did.
	learns 143 -- 'kill -TERM 1; sleep 60'
	contains "$stderr" 'granit: learnt in'
	[[ $stderr != *'ended with status'* ]]
}

@test "on a writable root the walk alone tells what was written" {
	BEFORE=(/inject seccomp=EBUSY --)
	learns 0 -- "$(written)"
	contains "$stderr" 'granit: no listener: seccomp(2) with a listener'
	[ "$(granit_line)" = '--writable=/empty --writable=/run --writable=/srv/held --writable=/var/lib/app' ]
	says written '  /run/pid: made, mode 0644, owner 0:0, [0-9]+ bytes'
	says written '  /etc/passwd: changed, .*'
	says_not written /data
	says_not written of-the-image
	contains "$(after 'to decide')" '  /etc/passwd: one file in a directory that must not be writable'
	contains "$(after 'to decide')" '  /srv/held: files of the image lie there'
	contains "$(after 'to decide')" '  /var/lib/app: use a volume instead of the tmpfs if it must outlive the container'
	# Of a folder its own time does not count: overlay file systems make folders anew on the way to a file.
	learns 0 -- 'chmod 700 /srv/held'
	says written '  nothing on the image.s own mount'
}

@test "any reason not to listen is told, and the program runs as ever" {
	local error text
	while read -r error text; do
		BEFORE=(/inject "seccomp=$error" --)
		learns 4 -- 'echo 1 >/run/pid; exit 4'
		contains "$stderr" "no listener: seccomp(2) with a listener (Linux 5.5; EBUSY: the engine listens already): $text"
		[ "$(granit_line)" = --writable=/run ]
	done <<-'E'
		ENOSYS Function not implemented
		EINVAL Invalid argument
		EACCES Permission denied
	E
	# A kernel from before 5.5 knows of no answer that lets the call go on.
	BEFORE=(/inject ioctl=EINVAL --)
	learns 0 -- 'echo 1 >/run/pid'
	contains "$stderr" 'no listener'
}

@test "on a read-only root the listener tells what would have been written" {
	learns 0 --read-only -- "($(written)) 2>/dev/null; :"
	contains "$stderr" 'granit: the root filesystem is read-only: a run with a writable one would add a walk'
	[[ $(granit_line) == '--writable=/empty --writable=/run --writable=/srv/held --writable=/var/lib/app --allow='* ]]
	says written '  /run/pid: made by sh'
	says written '  /etc/passwd: changed by sh, .*'
	says written '  /var/lib/app: directory, made by mkdir'
	says_not written /data
	says_not written of-the-image
}

@test "both together: who did it, and what was there only for a while" {
	learns 0 -- "$(written); echo 1 >/tmp/once; rm /tmp/once"
	[[ $(granit_line) == '--writable=/empty --writable=/run --writable=/srv/held --writable=/tmp --writable=/var/lib/app '* ]]
	says written '  /tmp/once: made by sh, removed again'
	says written '  /empty/sub: directory, made by mkdir, .*'
}

@test "each call that makes, changes or removes something is heard" {
	local script
	touch "$ROOT/empty/file"
	while read -r script; do
		learns 0 --read-only -- "($script) 2>/dev/null; :"
		[[ $(granit_line) =~ ^--writable=/(srv|srv/new|empty|run)\ --allow ]] || {
			printf 'not heard: %s\n%s\n' "$script" "$stderr"
			return 1
		}
	done <<-'E'
		echo 1 >/srv/new
		cd /srv; echo 1 >new
		cd /srv/held; echo 1 >../new
		cd /srv/held; : >.././/new
		mkdir /srv/new
		rm /empty/file
		mv /empty/file /empty/file2
		mv /etc/passwd /srv/x
		ln -s x /srv/new
		ln /empty/file /empty/new
		mkfifo /srv/new
		chmod 600 /empty/file
		chown 1:1 /empty/file
		touch /srv/new
		truncate -s 0 /empty/file
		/probe truncate /empty/file
		/probe write /empty/file
		/probe write-read /empty/file
		/probe rename /run
	E
}

@test "reading, and what would have been refused anyway, is no need" {
	learns 0 --read-only --user 65532:65532 -- '(echo 1 >/etc/x; mkdir /usr2; echo 1 >/srv/held/x; cat /etc/passwd) 2>/dev/null >&2; :'
	says_not granit writable
	says written '  /srv/held/x: made by sh; denied to this user even on a writable root'
	learns 0 --read-only -- 'cat /srv/held/of-the-image >/dev/null; mkdir /srv/held 2>/dev/null; rm -f /srv/none; ls -R /srv >/dev/null'
	says written '  nothing on the image.s own mount'
	says 'docker run' '  --read-only --cap-drop=all'
}

@test "a folder that is not there, in which something was to be made, is named" {
	local flag
	for flag in '' --read-only; do
		learns 0 ${flag:+"$flag"} -- '(echo 1 >/none/x; mkdir /none/y; rm /nothing/x) 2>/dev/null; :'
		says 'to decide' '  /none is not there, and sh tried to create something in it: .*'
		[[ $stderr != */nothing* && $(granit_line) != *writable* ]]
	done
	learns 0 -- '(echo 1 >/none/x; mkdir /none) 2>/dev/null; echo 1 >/none/x'
	[[ $stderr != *'/none is not there,'* ]]
}

@test "links lead where the kernel goes" {
	ln -s ../run "$ROOT/var/run"
	ln -s /run/log "$ROOT/etc/log"
	learns 0 --read-only -- '(echo 1 >/var/run/pid; echo 1 >/etc/log) 2>/dev/null; :'
	[[ $(granit_line) == '--writable=/run --allow='* ]]
}

@test "volumes: which were written, which never were, and which programs started from" {
	mkdir "$BATS_TEST_TMPDIR"/{used,unused}
	learns 0 --bind "$BATS_TEST_TMPDIR/used:/used" --bind "$BATS_TEST_TMPDIR/unused:/unused" --tmpfs /tmp -- \
		'echo 1 >/used/x; /probe exec-copy /tmp; cat /unused/* 2>/dev/null; :'
	[[ $(granit_line) == '--writable=/tmp:exec --writable=/used --allow='* ]]
	says written '  /unused: a volume that was never written: it may be read-only'
	BEFORE=(/inject seccomp=EBUSY --)
	learns 0 --bind "$BATS_TEST_TMPDIR/used:/used" --bind "$BATS_TEST_TMPDIR/unused:/unused" -- 'echo 1 >>/used/x'
	[ "$(granit_line)" = --writable=/used ]
}

@test "what an image keeps in no place of its own is no reason for a volume" {
	mkdir -p "$ROOT/var/log/app" "$ROOT/var/log/web" "$ROOT/run/app"
	touch "$ROOT"/{run/left,var/log/app/access.log,var/log/app/of-the-build,var/log/web/error.log}
	# But a link: of a log to standard output.
	ln -s /dev/stderr "$ROOT/var/log/web/access.log"
	learns 0 -- 'echo 1 >/run/pid; echo 1 >>/var/log/app/access.log; echo 1 >>/var/log/web/new.log'
	contains "$(after 'docker run')" '--tmpfs=/run:'
	contains "$(after 'docker run')" '--tmpfs=/var/log/app:'
	contains "$(after 'docker run')" '--volume=var-log-web:/var/log/web'
}

@test "a library that is loaded from where it was written needs :exec" {
	learns 0 -- '/probe map-copy /empty'
	[[ $(granit_line) == '--writable=/empty:exec '* ]]
	contains "$(after 'docker run')" '--tmpfs=/empty:exec,'
	mkdir -p "$BATS_TEST_TMPDIR/used"
	learns 0 --bind "$BATS_TEST_TMPDIR/used:/used" -- '/probe map-copy /used'
	[[ $(granit_line) == '--writable=/used:exec '* ]]
	# One of the image's own is none.
	learns 0 -- 'echo 1 >/run/pid; /bin/busybox true'
	[[ $(granit_line) == '--writable=/run '* ]]
}

@test "programs: where they were started from, and which have to be allowed" {
	printf '#!/bin/sh\n:\n' >"$ROOT/srv/held/entrypoint.sh"
	chmod +x "$ROOT/srv/held/entrypoint.sh"
	boxed 0 -- "${LEARN[@]}" -- /probe exec /srv/held/entrypoint.sh
	[ "$(granit_line)" = '--allow=/bin/busybox --allow=/bin/sh' ]
	says 'to decide' '  /bin/busybox was started by entrypoint.sh: as it is, this image needs a shell'
	learns 0 -- '/probe exec-copy /empty'
	[[ $(granit_line) == '--writable=/empty:exec '* ]]
	contains "$(after 'docker run')" '--tmpfs=/empty:exec,mode=0755,uid=0,gid=0,size=16m'
}

@test "words of --deny that the program would not live with, ports, capabilities" {
	needs_root 'more users than one'
	learns 0 -- '/probe map-wx; /probe exec-memfd; :'
	contains "$(after granit)" '--deny=none --deny=user-namespaces,tiocsti,io-uring,pid1'
	boxed 0 --net -- "${LEARN[@]}" -- /bin/sh -c '/probe serve 8080 & sleep 0.3; kill $!; /probe listen 53; /probe listen udp:53; :'
	contains "$(after granit)" '--listen=8080,53,udp:53'
	# 53 takes a capability, unless the engine says that no port does.
	contains "$(granit_line)" '--keep-caps=net_bind_service'
	contains "$(after granit)" '--profile=restricted: --warn=non-root-uid'
	learns 0 -- 'chown 1 /srv/held/of-the-image; /granit --profile=plain --user=1:1 -- /probe exit 0'
	contains "$(granit_line)" '--keep-caps=chown,kill,setgid,setuid'
	contains "$(after 'Kubernetes, of the container')" 'add: [CHOWN,KILL,SETGID,SETUID]'
	learns 0 -- 'echo 1 >/run/x'
	[[ $(after granit) != *deny* && $(after granit) != *caps* && $(after granit) != *listen* ]]
}

@test "capabilities that are used after the user has changed, and against another user" {
	needs_root 'more users than one'
	learns 0 --net --caps a80c25fb -- '/granit --profile=plain --user=1:1 --keep-caps=net_bind_service -- /probe listen 53; :'
	contains "$(granit_line)" 'setuid,net_bind_service'
	# shellcheck disable=SC2016 # the shell's in the container
	learns 0 -- '/granit --profile=plain --user=1:1 -- /bin/busybox sleep 9 & sleep 0.5; kill $!; :'
	contains "$(granit_line)" '--keep-caps=chown,kill,setgid,setuid'
	# Not against its own, nor where it only asks whether there is one.
	# shellcheck disable=SC2016
	learns 0 -- '/granit --profile=plain --user=1:1 -- /probe exit 0; /bin/busybox sleep 9 & kill -0 1; kill $!; :'
	contains "$(granit_line)" '--keep-caps=chown,setgid,setuid'
}

@test "the name of a process is all that the kernel keeps of it" {
	cp "$ROOT/probe" "$ROOT/bin/fifteen-letters"
	learns 0 -- '/bin/fifteen-letters exec-copy /empty'
	says written '  /empty: directory, names changed by fifteen-letters, .*'
}

@test "whom processes of root became, with their groups" {
	needs_root 'more users than one'
	printf 'app:x:65532:65533::/:/\n' >>"$ROOT/etc/passwd"
	printf 'adm:x:44:app\n' >"$ROOT/etc/group"
	learns 0 -- '/granit --profile=plain --user=app -- /probe exit 0; /granit --profile=plain --user=7:8 -- /probe exit 0'
	contains "$(after 'to decide')" 'run it so once more; its processes became user 65532, 7, group 44, 65533, 8'
	# Who is another user already, and asks to be what it is, became nothing.
	LEARN+=(--user=65532:65533)
	learns 0 -- '/granit --profile=plain --user=65532:65533 -- /probe exit 0'
	[[ $stderr != *became* ]]
}

@test "files that variables name: those of a mount, and those that are not there" {
	printf 's3cret\n' >"$BATS_TEST_TMPDIR/pw"
	BEFORE=(/bin/busybox env -i DEV_FILE=/dev/null DB_PASSWORD_FILE=/var/run/pw TLS_FILE=/none/tls PID_FILE=/var/run/new.pid OWN_FILE=/etc/passwd HISTFILE=/run/pw _FILE=/run/pw WORD_FILE=pw)
	: >"$ROOT/run/pw"
	ln -s ../run "$ROOT/var/run"
	learns 0 --bind "$BATS_TEST_TMPDIR/pw:/run/pw" -- 'echo 1 >/run/new.pid; rm /run/new.pid'
	says 'to decide' '  DB_PASSWORD_FILE names a file of a mount, which may be read-only: /var/run/pw'
	says 'to decide' '  TLS_FILE names a file that is not there, /none/tls'
	[ "$(grep -c ' names a file ' <<<"$stderr")" -eq 2 ]
	[[ $stderr != *s3cret* ]]
}

@test "who changed its user cannot be read, is counted, and is seen by the walk" {
	needs_root 'more users than one'
	chmod 1777 "$ROOT/tmp"
	learns 0 -- '/granit --profile=plain --user=65532:65532 -- /bin/sh -c "echo 1 >/tmp/x"'
	grep -qE '^granit: [0-9]+ calls could not be read, the last one of sh, .*--cap-add=SYS_PTRACE$' <<<"$stderr"
	says written '  /tmp/x: made, mode 0644, owner 65532:65532, .*'
	contains "$(after 'docker run')" '--tmpfs=/tmp:noexec,mode=1777,uid=0,gid=0,size=16m'
	# With it they can be.
	learns 0 --caps a80c25fb -- '/granit --profile=plain --user=65532:65532 -- /bin/sh -c "echo 1 >/tmp/y"'
	[[ $stderr != *'could not be read'* ]]
	says written '  /tmp/y: made by sh, .*'
}

@test "started as another user: the report is that user's" {
	needs_root 'gives a folder away'
	chmod 1777 "$ROOT/tmp"
	LEARN=(/granit --learn --profile=plain --user=65532:65533)
	learns 0 -- 'id -u; mkdir /tmp/cache'
	[ "$output" = 65532 ]
	contains "$(after 'Kubernetes, of the container')" 'runAsUser: 65532, runAsGroup: 65533'
	says written '  /tmp/cache: directory, made by mkdir, mode 0755, owner 65532:65533'
	# podman gives a tmpfs to its user by a word of its own.
	contains "$(after 'podman run')" '--tmpfs=/tmp:noexec,mode=1777,size=16m'
	install -d -o 65532 -g 65533 "$ROOT/empty"
	learns 0 -- 'mkdir /empty/cache'
	contains "$(after 'podman run')" '--tmpfs=/empty:U,noexec,mode=0755,size=16m'
	contains "$(after 'docker run')" '--tmpfs=/empty:noexec,mode=0755,uid=65532,gid=65533,size=16m'
}

@test "sizes leave room: twice what was written" {
	learns 0 -- 'dd if=/dev/zero of=/run/big bs=1M count=20 2>/dev/null'
	contains "$(after 'docker run')" size=64m
	contains "$stderr" 'sizeLimit: 64Mi'
}

@test "names that are odd are quoted, and forge no line" {
	learns 0 -- "$(printf 'mkdir "/empty/a b" "/srv/held/x\ngranit:"; mkdir "/run/c d"; echo 1 >"/run/c d/f"')"
	says written "  '/run/c d': directory, made by mkdir, .*"
	[ "$(grep -c '^granit:$' <<<"$stderr")" -eq 1 ]
	contains "$stderr" 'x\012granit:'
	contains "$(after granit)" " '--writable=/srv/held/x\\012granit:'"
	# Nothing in them means anything to a shell.
	# shellcheck disable=SC2016
	learns 0 -- 'mkdir "/empty/\$(reboot)'\''"; echo 1 >"/run/\$(reboot)"'
	contains "$stderr" "'/run/\$(reboot)'"
	contains "$stderr" "'/empty/\$(reboot)\\047'"
}

# ---- what was learnt is enough

@test "the options and mounts that it says are enough, and none is too many" {
	local script='set -e; echo 1 >/run/pid; mkdir /var/lib/app; echo 2 >/var/lib/app/x; mkdir /empty/sub; cat /run/pid'
	local -a options=() mounts=()
	local option
	learns 0 -- "$script"
	rm -rf "$ROOT"/{run/pid,var/lib/app,empty/sub}
	read -ra options <<<"$(granit_line)"
	[ "${#options[@]}" -eq 5 ]
	for option in "${options[@]}"; do
		[[ $option != --writable=* ]] || mounts+=(--tmpfs "${option#--writable=}:noexec,nosuid,nodev,mode=755")
	done
	script=${script/mkdir \/var\/lib\/app; /}
	boxed 0 --read-only "${mounts[@]}" -- /granit --profile=restricted --landlock=auto \
		--ignore=all --fail=writable-mounts,writable-declared,no-shell,no-shell-content,no-multicall "${options[@]}" --deny=none -- /bin/sh -c "$script"
	[ "$output" = 1 ]
	for option in 0 2 4; do
		run "$TOOLS/nscontainer" --read-only "${mounts[@]:0:option}" "${mounts[@]:option+2}" "$ROOT" -- /granit --profile=plain -- /bin/sh -c "$script"
		[ "$status" -ne 0 ]
	done
}

# ---- while it runs

# loops: a program in the background that writes for ever
loops() {
	# shellcheck disable=SC2016 # the shell's in the container
	launch -- "${LEARN[@]}" -- /bin/sh -c 'trap "echo got TERM; exit 5" TERM; trap "echo got USR1" USR1
		echo ready; while :; do echo x >>/tmp/loop; sleep 0.02; done'
	eventually grep -q ready "$OUT"
	LISTENER=$(pgrep -P "$INIT")
}

@test "USR1: a first look, which the program does not get; TERM: it does, and then comes the report" {
	loops
	kill -USR1 "$INIT"
	eventually said '^to decide:'
	cat "$ERR"
	[ "$(grep -c '^granit: learnt in' "$ERR")" -eq 1 ]
	kill -TERM "$INIT"
	ended 5
	[ "$(<"$OUT")" = $'ready\ngot TERM' ]
	[ "$(grep -c '^granit: learnt in' "$ERR")" -eq 2 ]
	contains "$(granit_line "$(<"$ERR")")" --writable=/tmp
}

@test "to a file, from its beginning each time, and that file is nobody's need" {
	mkdir "$BATS_TEST_TMPDIR/reports"
	chmod 777 "$BATS_TEST_TMPDIR/reports"
	boxed 0 -- /granit --profile=plain --learn=/data/report -- /bin/sh -c 'echo 1 >/run/x; kill -USR1 1; sleep 0.5'
	[ -z "$stderr" ]
	[ "$(grep -c '^granit: learnt in' "$ROOT/data/report")" -eq 1 ]
	[ "$(granit_line "$(<"$ROOT/data/report")")" = '--writable=/run --allow=/bin/busybox --allow=/bin/sh' ]
}

@test "a listener that is killed holds nobody up: process 1 answers, waits and reports" {
	needs_root 'finds the processes of a container'
	loops
	kill -KILL "$LISTENER"
	# Its calls are answered, whoever does it: it goes on saying that it cannot write.
	local lines
	lines=$(wc -l <"$ERR")
	eventually has_more_than "$lines"
	kill -USR1 "$INIT"
	eventually said '^granit: the listener was killed by signal 9'
	kill -TERM "$INIT"
	ended 5
	[ "$(tail -n 1 "$OUT")" = 'got TERM' ]
}

has_more_than() {
	[ "$(wc -l <"$ERR")" -gt "$1" ]
}

@test "one that is killed while it looks, too: the call goes on" {
	needs_root 'mounts a file system that hangs'
	mkfifo "$ROOT/go"
	launch -- "${LEARN[@]}" -- /bin/sh -c 'read x </go; echo 1 >/mnt/x'
	eventually in_program
	hungfs /mnt
	hungfs_says hung USR1
	echo 1 >"$ROOT/go"
	eventually waits_in "$LISTENER" request
	[[ $(<"/proc/$PROGRAM/wchan") == *seccomp* ]]
	kill -KILL "$LISTENER"
	# It has come as far as the file system itself.
	eventually waits_in "$PROGRAM" request
	hungfs_says answers USR2
	eventually has_ended
	[[ $(<"$OUT") != *ENOSYS* ]]
	contains "$(<"$ERR")" 'the listener was killed by signal 9'
}

in_program() {
	LISTENER=$(pgrep -P "$INIT") && SUPERVISOR=$(pgrep -P "$LISTENER") && PROGRAM=$(pgrep -x sh -P "$SUPERVISOR")
}

waits_in() {
	[[ $(<"/proc/$1/wchan") == *"$2"* ]]
}

@test "what is left behind is waited for as --grace says, and the report comes" {
	LEARN+=(--grace=5s)
	learns 0 -- 'trap "" TERM; (sleep 0.3; echo 1 >/run/late) & exit 0'
	contains "$(granit_line)" --writable=/run
}
