#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Landlock: what is writable cannot be started, what was not accepted cannot be written, and nothing else breaks.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	make_root
	G=(/granit -q --warn=all --landlock=require)
}

teardown() {
	[ -z "${OUTER:-}" ] || kill -KILL "$OUTER" 2>/dev/null || :
	[ -z "${VICTIM:-}" ] || kill -KILL "$VICTIM" 2>/dev/null || :
}

# says WORD [NSCONTAINER-OPTION...] -- PROGRAM...: what the probe answers within
says() {
	local wanted=$1
	shift
	boxed 0 --read-only "$@"
	[ "$output" = "$wanted" ] && return
	printf '%s\n  wanted %s, got %s\n' "$*" "$wanted" "$output"
	return 1
}

# ---- starting

@test "what was written is not started: only where --writable says so" {
	says EACCES --tmpfs /tmp -- "${G[@]}" -- /probe exec-copy /tmp
	says ran --tmpfs /tmp -- "${G[@]}" --landlock=off -- /probe exec-copy /tmp
	says EACCES --tmpfs /tmp -- "${G[@]}" --writable=/tmp -- /probe exec-copy /tmp
	says ran --tmpfs /tmp -- "${G[@]}" --writable=/tmp:exec -- /probe exec-copy /tmp
	says EACCES --tmpfs /dev/shm -- "${G[@]}" -- /probe exec-copy /dev/shm
}

@test "the default of immutable is auto, of restricted require, of audit off" {
	says EACCES --tmpfs /tmp -- /granit -q --warn=all -- /probe exec-copy /tmp
	says EACCES --tmpfs /tmp -- /granit -q --profile=restricted --warn=all -- /probe exec-copy /tmp
	boxed 125 --read-only -- /inject landlock_create_ruleset=ENOSYS -- /granit -q --profile=restricted --warn=all -- /probe args started
	says ran --tmpfs /tmp -- /granit -q --profile=audit -- /probe exec-copy /tmp
	# Asked for where the profile takes nothing away: then with what Landlock takes.
	says EACCES --tmpfs /tmp -- /granit --profile=plain --landlock=require -- /probe exec-copy /tmp
}

@test "a directory on the way to a mount that the program may pass and not list" {
	local V=$BATS_TEST_TMPDIR/volume W=(--user=65532:65532 --writable=/app/data)
	[ "$(id -u)" = 0 ] || skip "files of another user need root"
	mkdir -p "$ROOT/app/data" "$ROOT/app/libexec" "$V"
	chmod 755 "$ROOT" "$ROOT/app/libexec" "$V" "$BATS_TEST_TMPDIR"
	chown 65532:65532 "$V"
	cp "$TOOLS/probe" "$ROOT/app/server"
	cp "$TOOLS/probe" "$ROOT/app/libexec/helper"
	printf '#!/app/server args\n' >"$ROOT/app/script"
	printf '#!/probe args\n' >"$ROOT/app/other"
	chmod 755 "$ROOT"/app/{script,other}
	chmod 711 "$ROOT/app"
	# Listed before the user changes; so is one of the user's own, before the capabilities go.
	says hi --bind "$V:/app/data" -- "${G[@]}" "${W[@]}" -- /app/server args hi
	says hi --bind "$V:/app/data" -- "${G[@]}" "${W[@]}" -- /probe exec /app/libexec/helper args hi
	says EACCES --bind "$V:/app/data" -- "${G[@]}" "${W[@]}" -- /app/server exec-copy /app/data
	chown 1000 "$ROOT/app"
	says hi --bind "$V:/app/data" -- "${G[@]}" --writable=/app/data -- /app/server args hi
	chown 65532 "$ROOT/app"
	chmod 700 "$ROOT/app"
	says hi --caps 1c0 --bind "$V:/app/data" -- "${G[@]}" "${W[@]}" -- /app/server args hi
	# Nobody may list it where the engine sets the user: what is known starts, and it is said.
	chown 0 "$ROOT/app"
	chmod 711 "$ROOT/app"
	W=(--user 65532:65532 --bind "$V:/app/data")
	boxed 0 --read-only "${W[@]}" -- /granit --warn=all --landlock=require --writable=/app/data -- /app/server args hi
	contains "$stderr" 'granit may not list /app (chmod a+r)'
	says hi "${W[@]}" -- "${G[@]}" --writable=/app/data -- /probe exec /app/server args hi
	boxed 0 --read-only "${W[@]}" -- "${G[@]}" --writable=/app/data -- /app/script
	contains "$output" /app/script
	PATH=/bin:/app/libexec says hi "${W[@]}" -- "${G[@]}" --writable=/app/data -- helper args hi
	says EACCES "${W[@]}" -- "${G[@]}" --writable=/app/data -- /app/server exec-copy /app/data
}

@test "programs beside a writable mount start, and those on it do not" {
	mkdir -p "$ROOT/app/bin" "$ROOT/app/data"
	cp "$TOOLS/probe" "$ROOT/app/bin/"
	cp "$TOOLS/probe" "$ROOT/app/program"
	says EACCES --tmpfs /app/data -- "${G[@]}" -- /app/bin/probe exec-copy /app/data
	says hi --tmpfs /app/data -- "${G[@]}" -- /app/program args hi
	mkdir "$BATS_TEST_TMPDIR/volume"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/volume/"
	boxed 126 --read-only --bind "$BATS_TEST_TMPDIR/volume:/app/data" -- "${G[@]}" -- /app/data/probe args hi
	contains "$stderr" '--writable=PATH:exec if it can be written'
}

@test "programs come from the image: a volume starts nothing, read-only or not, unless --exec-from says so" {
	mkdir -p "$BATS_TEST_TMPDIR/volume/bin" "$BATS_TEST_TMPDIR/tools/sub"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/tools/"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/tools/sub/"
	local -a box=(--bind "$BATS_TEST_TMPDIR/tools:/tools:ro")
	boxed 126 --read-only "${box[@]}" -- "${G[@]}" -- /tools/probe args hi
	[ -z "$output" ]
	contains "$stderr" 'cannot execute /tools/probe: Permission denied: /tools/probe is on a volume, and Landlock starts programs from the image only: --exec-from=PATH'
	says hi "${box[@]}" -- "${G[@]}" --exec-from=/tools -- /tools/probe args hi
	says hi "${box[@]}" -- "${G[@]}" --exec-from=/tools/sub -- /tools/sub/probe args hi
	boxed 126 --read-only "${box[@]}" -- "${G[@]}" --exec-from=/tools/sub -- /tools/probe args hi
	boxed 126 --read-only "${box[@]}" -- "${G[@]}" --exec-from=/tools --exec-from=none -- /tools/probe args hi
	# A part of a volume that can be written, and what is mounted in what was declared.
	says hi --bind "$BATS_TEST_TMPDIR/volume:/data" --bind "$BATS_TEST_TMPDIR/tools:/data/bin:ro" -- "${G[@]}" --exec-from=/data/bin -- /data/bin/probe args hi
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/volume/"
	boxed 126 --read-only "${box[@]}" --bind "$BATS_TEST_TMPDIR/volume:/tools/sub" -- "${G[@]}" --exec-from=/tools -- /tools/sub/probe args hi
	# One file, over a file of the image: what lies beside it starts as ever.
	mkdir -p "$ROOT/usr/bin"
	cp "$TOOLS/probe" "$ROOT/usr/bin/mine"
	touch "$ROOT/usr/bin/theirs"
	box=(--bind "$BATS_TEST_TMPDIR/tools/probe:/usr/bin/theirs:ro")
	says hi "${box[@]}" -- "${G[@]}" -- /usr/bin/mine args hi
	boxed 126 --read-only "${box[@]}" -- "${G[@]}" -- /usr/bin/theirs args hi
	says hi "${box[@]}" -- "${G[@]}" --exec-from=/usr/bin/theirs -- /usr/bin/theirs args hi
}

@test "an interpreter on a volume is named, when that is what Landlock does not start" {
	mkdir "$BATS_TEST_TMPDIR/tools"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/tools/"
	printf '#!/tools/probe args\n' >"$ROOT/script"
	chmod 755 "$ROOT/script"
	boxed 126 --read-only --bind "$BATS_TEST_TMPDIR/tools:/tools:ro" -- "${G[@]}" -- /script
	contains "$stderr" 'cannot execute /script: Permission denied: /tools/probe is on a volume'
	says /script --bind "$BATS_TEST_TMPDIR/tools:/tools:ro" -- "${G[@]}" --exec-from=/tools -- /script
}

@test "what of the image can be written through another mount is not started" {
	mkdir -p "$ROOT/opt/open" "$ROOT/opt/shut"
	cp "$TOOLS/probe" "$ROOT/opt/open/"
	cp "$TOOLS/probe" "$ROOT/opt/shut/"
	G=(/granit -q --landlock=require --ignore=all)
	boxed 126 --read-only --bind "$ROOT/opt/open:/data" -- "${G[@]}" -- /opt/open/probe args hi
	boxed 126 --read-only --bind "$ROOT/opt/open:/data" -- "${G[@]}" -- /data/probe args hi
	says hi --bind "$ROOT/opt/open:/data" -- "${G[@]}" -- /opt/shut/probe args hi
}

@test "--listen and --connect: these ports of TCP and no others" {
	says EACCES -- "${G[@]}" --listen=8080 -- /probe listen 8081
	says ok -- "${G[@]}" --listen=8080 -- /probe listen 8080
	says ok -- "${G[@]}" --listen=8080,8081 --listen=tcp:9 -- /probe listen 8081
	says EACCES -- "${G[@]}" --connect=8080 -- /probe get 8081
	# Nobody is there, but the question is asked.
	says ECONNREFUSED -- "${G[@]}" --connect=8081 -- /probe get 8081
	# Each is restricted alone, and only where it is named.
	says ECONNREFUSED -- "${G[@]}" --listen=8080 -- /probe get 8081
	says ok -- "${G[@]}" --connect=8080 -- /probe listen 8081
	says ok -- "${G[@]}" --listen=8080 --listen=none -- /probe listen 8081
	# plain leaves Landlock out, unless it is needed.
	says EACCES -- /granit --profile=plain --listen=8080 -- /probe listen 8081
}

@test "what an option names must hold: a kernel without it starts nothing" {
	local option
	boxed 125 --read-only -- /inject landlock_create_ruleset=ENOSYS -- /granit -q --warn=all --landlock=auto --listen=8080 -- /probe args started
	[ -z "$output" ]
	boxed 125 --read-only -- /granit -q --landlock=off --listen=8080 -- /probe args started
	contains "$stderr" '--listen, --connect and --connect-unix need Landlock: remove --landlock=off'
	for option in --listen=udp:53 --connect=udp:53 --connect-unix=/run/app.sock; do
		boxed 125 --read-only -- "${G[@]}" "$option" -- /probe args started
		contains "$stderr" 'Landlock ABI'
		[ -z "$output" ]
	done
	for option in 65536 -1 http udp: '' 80-90; do
		expect 125 "$GRANIT" --listen="$option" -- /bin/true
		contains "$stderr" 'listen'
	done
}

@test "one volume twice: what is written here is not started there" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir -p "$volume/conf"
	cp "$TOOLS/probe" "$volume/"
	cp "$TOOLS/probe" "$volume/conf/"
	G=(/granit -q --landlock=require --ignore=all)
	boxed 126 --read-only --bind "$volume:/data" --bind "$volume:/ro:ro" -- "${G[@]}" -- /ro/probe args hi
	boxed 126 --read-only --bind "$volume:/data" --bind "$volume:/ro:ro" -- "${G[@]}" -- /data/probe args hi
	boxed 126 --read-only --bind "$volume:/data" --bind "$volume/conf:/ro:ro" -- "${G[@]}" -- /ro/probe args hi
	boxed 126 --read-only --bind "$volume:/data" --bind "$volume/conf:/ro:ro" -- "${G[@]}" -- /data/conf/probe args hi
	boxed 126 --read-only --bind "$volume/conf:/data" --bind "$volume:/ro:ro" -- "${G[@]}" -- /ro/conf/probe args hi
	says hi --bind "$volume/conf:/data" --bind "$volume:/ro:ro" -- "${G[@]}" --writable=/ro:exec -- /ro/conf/probe args hi
	says hi --bind "$volume:/ro:ro" -- "${G[@]}" --exec-from=/ro -- /ro/probe args hi
}

@test "programs behind symbolic links start" {
	mkdir -p "$ROOT/usr/bin"
	cp "$TOOLS/probe" "$ROOT/usr/bin/"
	ln -s usr/bin "$ROOT/bin"
	says hi --tmpfs /tmp -- "${G[@]}" -- /bin/probe args hi
	ln -s /bin/probe "$ROOT/tmp/link"
	says hi --tmpfs /data -- "${G[@]}" -- /tmp/link args hi
}

@test "a dynamic program and a script start: loader and interpreter are started too" {
	local binary library
	binary=$(command -v env)
	while read -r library; do
		install -D "$library" "$ROOT$library"
	done < <(ldd "$binary" | grep -o '/[^ ]*')
	cp "$binary" "$ROOT/env"
	printf '#!/probe args\n' >"$ROOT/script"
	chmod 755 "$ROOT/script"
	boxed 0 --read-only --tmpfs /tmp -- "${G[@]}" -- /env FROM=env
	contains "$output" FROM=env
	says /script --tmpfs /tmp -- "${G[@]}" -- /script
}

@test "a root that may be written: programs start from it, and not from other writable mounts" {
	mkdir "$ROOT/app"
	boxed 0 --tmpfs /tmp -- "${G[@]}" -- /probe exec-copy /app
	[ "$output" = ran ]
	boxed 0 --tmpfs /tmp -- "${G[@]}" -- /probe exec-copy /tmp
	[ "$output" = EACCES ]
	boxed 0 --tmpfs /tmp -- "${G[@]}" -- /probe write /new
	[ "$output" = ok ]
	boxed 0 --tmpfs /tmp -- /granit --profile=audit -q --landlock=require -- /probe exec-copy /tmp
	[ "$output" = EACCES ]
}

# ---- writing

@test "every writable mount that was let pass is written: files, folders, devices, /proc" {
	local path
	mkdir -p "$ROOT/etc"
	: >"$BATS_TEST_TMPDIR/hosts"
	for path in /tmp/file /dev/null /dev/shm/file /dev/file /proc/self/oom_score_adj /etc/hosts; do
		says ok --tmpfs /tmp --tmpfs /dev/shm --bind "$BATS_TEST_TMPDIR/hosts:/etc/hosts" -- "${G[@]}" -- /probe write "$path"
	done
}

@test "devices on a read-only mount take writes" {
	needs_root "devices to make"
	mkdir "$ROOT/dev"
	mknod -m 666 "$ROOT/dev/null" c 1 3
	says ok --no-dev -- "${G[@]}" -- /probe write /dev/null
}

@test "a FIFO on a read-only mount takes writes where it is declared" {
	mkfifo "$ROOT/fifo"
	# O_RDWR: nobody reads at the other end.
	says EACCES --tmpfs /tmp -- "${G[@]}" -- /probe write-read /fifo
	says ok --tmpfs /tmp -- "${G[@]}" --writable=/fifo -- /probe write-read /fifo
}

@test "what is mounted later, from outside, is not written" {
	needs_root 'mounts into a namespace'
	mkdir -p "$ROOT/late"
	mkfifo "$ROOT/go"
	"$TOOLS/nscontainer" --read-only --tmpfs /tmp "$ROOT" -- "${G[@]}" --writable=/tmp -- /probe when /go write /late/file \
		>"$BATS_TEST_TMPDIR/out" 2>/dev/null 3>&- &
	OUTER=$!
	retry 200 0.05 is_up
	[ "$(nsenter -t "$INIT" -m /probe tmpfs /late)" = ok ]
	echo >"$ROOT/go"
	wait "$OUTER"
	[ "$(<"$BATS_TEST_TMPDIR/out")" = EACCES ]
}

is_up() {
	INIT=$(pgrep -P "$OUTER") && pgrep -P "$INIT" -x probe >/dev/null
}

@test "renaming into another folder and emptying a file work" {
	says ok --tmpfs /tmp -- "${G[@]}" -- /probe rename /tmp
	: >"$BATS_TEST_TMPDIR/file"
	says ok --bind "$BATS_TEST_TMPDIR/file:/tmp/file" -- "${G[@]}" -- /probe truncate /tmp/file
}

@test "a descriptor that was handed over is written, and opened again by its name" {
	# shellcheck disable=SC2016 # the inner shell's
	expect 0 bash -c 'exec "$@" >"$0"' "$BATS_TEST_TMPDIR/log" "$TOOLS/nscontainer" --read-only --tmpfs /tmp "$ROOT" -- "${G[@]}" --ignore=dir-fd-leak -- /probe write /dev/stdout
	[ "$(<"$BATS_TEST_TMPDIR/log")" = ok ]
	says ok -- "${G[@]}" -- /probe write /dev/stdout
}

# ---- signals

@test "signals reach the program from process 1 and from outside, and do not leave it" {
	needs_root 'enters a namespace'
	# Not as PID 1, so that there is somebody else in the same namespace.
	sleep 60 3>&- &
	VICTIM=$!
	expect 0 "$GRANIT" --profile=plain --landlock=require -- "$TOOLS/probe" signal CONT "$VICTIM"
	[ "$output" = EPERM ]
	expect 0 "$GRANIT" --profile=plain --landlock=off -- "$TOOLS/probe" signal CONT "$VICTIM"
	[ "$output" = ok ]
	"$TOOLS/nscontainer" --read-only --tmpfs /tmp "$ROOT" -- "${G[@]}" -- /probe trap 2 >"$BATS_TEST_TMPDIR/out" 2>/dev/null 3>&- &
	OUTER=$!
	retry 200 0.05 grep -q ready "$BATS_TEST_TMPDIR/out"
	is_up
	kill -USR1 "$INIT"
	retry 200 0.05 grep -q USR1 "$BATS_TEST_TMPDIR/out"
	# As an exec session: in the container, and not in the domain. It may be killed with it: that was the last signal.
	nsenter -t "$INIT" -m -p /probe signal USR2 2 || :
	wait "$OUTER"
	grep -q USR2 "$BATS_TEST_TMPDIR/out"
}

# ---- kernels that have it not, or not as they say

@test "auto goes on without Landlock and says why; require does not" {
	local call
	for call in landlock_create_ruleset=ENOSYS landlock_create_ruleset=EOPNOTSUPP landlock_create_ruleset=EPERM \
		landlock_restrict_self=E2BIG landlock_add_rule=EINVAL landlock_add_rule=ENOMEM; do
		boxed 0 --read-only --tmpfs /tmp -- /inject "$call" -- "${G[@]}" --landlock=auto -vv -- /probe exec-copy /tmp
		contains "$output" ran
		contains "$stderr" 'landlock: the program runs without it: '
		boxed 125 --read-only --tmpfs /tmp -- /inject "$call" -- "${G[@]}" -- /probe args started
		[ -z "$output" ]
		contains "$stderr" 'hardening step landlock failed: '
		contains "$stderr" '--landlock=auto'
	done
}

# Else the program would not reach what everybody else does. The limit leaves a place for the rules, or one more for "/".
@test "a path that there is no descriptor left for is no path that cannot be reached" {
	# With the limit granit itself is started: --rlimit would be the program's alone.
	local -a tight=(/granit --exec --profile=plain)
	boxed 125 --read-only --tmpfs /tmp -- "${tight[@]}" --rlimit=nofile=7 -- "${G[@]}" -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'hardening step landlock failed: opening a path to make a Landlock rule for: '
	boxed 0 --read-only --tmpfs /tmp -- "${tight[@]}" --rlimit=nofile=7 -- "${G[@]}" --landlock=auto -vv -- /probe exec-copy /tmp
	contains "$stderr" 'landlock: the program runs without it: opening a path'
	says EACCES --tmpfs /tmp -- "${tight[@]}" --rlimit=nofile=8 -- "${G[@]}" -- /probe exec-copy /tmp
}

@test "without a mount table there are no rules" {
	boxed 125 --read-only --no-proc -- "${G[@]}" -- /probe args started
	contains "$stderr" 'without /proc/self/mountinfo'
	boxed 0 --read-only --no-proc -- "${G[@]}" --landlock=auto -- /probe args started
	[ "$output" = started ]
}

@test "without no_new_privs Landlock cannot be, and require says so" {
	boxed 125 --read-only -- "${G[@]}" --allow-new-privs -- /probe args started
	contains "$stderr" '--allow-new-privs'
	boxed 0 --read-only -- "${G[@]}" --allow-new-privs --landlock=auto -- /probe args started
	[ "$output" = started ]
}

@test "a domain that is only pretended stops the start" {
	local mode
	for mode in auto require; do
		boxed 125 --read-only --tmpfs /dev/shm:mode=1777 -- /inject landlock_restrict_self=0 -- "${G[@]}" --landlock="$mode" -- /probe args started
		[ -z "$output" ]
		contains "$stderr" 'what it forbids is still possible'
	done
	[ -z "$(find "$ROOT" -name .granit)" ]
	# A filter that forbids the try itself proves nothing, and is no reason to refuse.
	says started --tmpfs /dev/shm:mode=1777 -- /inject mknodat=EPERM -- "${G[@]}" -- /probe args started
}

@test "for another user too: what he cannot reach has no rule, and is no error" {
	needs_root "somebody else to be"
	chmod 755 "$BATS_TEST_TMPDIR" "$ROOT"
	mkdir -p "$ROOT/private/deep"
	chmod 700 "$ROOT/private"
	boxed 0 --read-only --user 65532:65532 --tmpfs /tmp:mode=1777 --tmpfs /private/deep -- "${G[@]}" -vv -- /probe exec-copy /tmp
	contains "$output" EACCES
	contains "$stderr" 'landlock: no rule for /private/deep: Permission denied'
	boxed 125 --read-only --user 65532:65532 --tmpfs /dev/shm:mode=1777 -- /inject landlock_restrict_self=0 -- "${G[@]}" -- /probe args started
}

@test "-vv says what may be started and what written" {
	boxed 0 --read-only --tmpfs /tmp -- "${G[@]}" --writable=/tmp -vv -- /probe exit 0
	grep -qE '^landlock: ABI [0-9]+' <<<"$stderr"
	grep -qE '^landlock: programs start only beneath:.* /probe' <<<"$stderr"
	grep -qE '^landlock: files are written only beneath:.* /tmp' <<<"$stderr"
}
