#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # scripts of inner shells; every test is a subshell; `expect` sets output
#
# --verify=lazy and --scan=lazy: before the start what the program needs to run, all else beside it.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	make_root
	mkdir -p "$ROOT/usr/lib" "$ROOT/usr/share" "$ROOT/etc/app"
	head -c 100000 /dev/zero >"$ROOT/usr/share/data"
	printf 'setting\n' >"$ROOT/etc/app/conf"
	BOX=(--read-only)
	OPTIONS=()
	PID=
}

teardown() {
	[ -z "$PID" ] || kill -KILL "$PID" 2>/dev/null || :
}

# The image as it is now gets its manifest.
sealed() {
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
}

# other FILE: another byte, the same size
other() {
	printf x | dd of="$ROOT/$1" bs=1 seek=90 conv=notrunc status=none
}

# A program with libraries of its own: what a distribution links with libc.
linked_program() {
	local file
	cp /usr/bin/env "$ROOT/app"
	while read -r file; do
		mkdir -p "$ROOT/${file%/*}"
		cp -L "$file" "$ROOT/$file"
	done < <(ldd /usr/bin/env | grep -oE '/[^ ]+')
}

# starts OPTION...: with a program that runs until it is told to end; its output and granit's are in $LOG
starts() {
	LOG=$BATS_TEST_TMPDIR/log
	(
		for fd in "/proc/$BASHPID/fd/"*; do
			fd=${fd##*/}
			[[ $fd -le 2 || $fd == 2[01][0-9] ]] || eval "exec $fd>&-"
		done
		exec "$TOOLS/nscontainer" "${BOX[@]}" "$ROOT" -- /granit --ignore=dir-fd-leak "$@" -- /probe trap
	) >"$LOG" 2>&1 </dev/null &
	PID=$!
}

# says TEXT: granit, in a while
says() {
	retry 1200 0.05 grep -qF -- "$1" "$LOG" || {
		cat "$LOG"
		return 1
	}
}

# ends STATUS: the container, when it is told to
ends() {
	local status=0
	wait "$PID" || status=$?
	PID=
	[ "$status" -eq "$1" ] || {
		cat "$LOG"
		return 1
	}
}

@test "an untouched image: the program starts, and all is verified beside it" {
	sealed
	starts --verify=lazy
	says 'granit: verified beside the program: all is as it should be ('
	kill "$PID"
	wait "$PID" || :
	boxed 0 "${BOX[@]}" -- /granit --check -v --verify=lazy
	contains "$output" 'pass image-sealed'
}

@test "what the program needs to run is verified before it starts" {
	linked_program
	echo data >"$ROOT/usr/lib/libunused.so.9"
	sealed
	boxed 0 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
	local file
	for file in app "$(cd "$ROOT" && find . -name 'libc.so.6' | head -n 1)" "$(cd "$ROOT" && find . -name 'ld-linux*' | head -n 1)" etc/app/conf; do
		cp "$ROOT/$file" "$BATS_TEST_TMPDIR/kept"
		[ "$file" != etc/app/conf ] || echo changed >"$ROOT/$file"
		other "$file"
		boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
		contains "$stderr" "/${file#./} has changed"
		cp "$BATS_TEST_TMPDIR/kept" "$ROOT/$file"
	done
	echo added >"$ROOT/etc/ld.so.preload"
	boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
	contains "$stderr" '/etc/ld.so.preload was added'
	rm "$ROOT/etc/ld.so.preload"
	# Not before the start: what it is not linked with.
	echo date >"$ROOT/usr/lib/libunused.so.9"
	boxed 0 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
	boxed 78 "${BOX[@]}" -- /granit -q --verify=all -- /app
}

@test "a library that is missing, one over a link, and a mount over one" {
	linked_program
	local lib
	lib=$(cd "$ROOT" && find . -name 'libc.so.6' | head -n 1)
	mv "$ROOT/$lib" "$ROOT/${lib%/*}/libc-2.so"
	ln -s libc-2.so "$ROOT/$lib"
	sealed
	boxed 0 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
	other "${lib%/*}/libc-2.so"
	boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
	contains "$stderr" 'libc-2.so has changed'
	sealed
	ln -sf /usr/share/data "$ROOT/$lib"
	boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
	contains "$stderr" 'is another link'
	rm "$ROOT/$lib"
	boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
	contains "$stderr" "${lib#.} is missing"
	ln -s libc-2.so "$ROOT/$lib"
	mkdir "$BATS_TEST_TMPDIR/libs"
	cp -a "$ROOT/${lib%/*}/." "$BATS_TEST_TMPDIR/libs/"
	BOX=(--read-only --bind "$BATS_TEST_TMPDIR/libs:${lib%/*}:ro")
	BOX[2]=$BATS_TEST_TMPDIR/libs:/${lib#./}
	BOX[2]=${BOX[2]%/*}:ro
	boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy --warn=foreign-programs -- /app
	contains "$stderr" 'is covered by a mount'
}

# links FILE OPTION...: a program or library of nothing but an exit status, with these options of the linker's
links() {
	printf 'int main(void) { return 0; }\nint helps(void) { return 0; }\n' |
		gcc -xc - -xnone -o "$ROOT/$1" "${@:2}"
}

# altered FILE [OPTION...]: that it is other than sealed refuses before the start; it is as before then
altered() {
	cp "$ROOT/$1" "$BATS_TEST_TMPDIR/kept"
	other "$1"
	boxed 78 "${BOX[@]}" -- "${@:2}" /granit -q --verify=lazy "${OPTIONS[@]}" -- "${PROGRAM[@]}"
	contains "$stderr" "/$1 has changed"
	cp "$BATS_TEST_TMPDIR/kept" "$ROOT/$1"
}

@test "libraries by a path, filtees and preloaded ones are needed to run" {
	needs_tool gcc
	linked_program
	mkdir "$ROOT/opt"
	links opt/path.so -shared -fPIC -Wl,-soname,/opt/path.so
	links opt/filtee.so -shared -fPIC
	links opt/linked.so -shared -fPIC -Wl,-f,/opt/filtee.so -Wl,-soname,/opt/linked.so
	links opt/preloaded.so -shared -fPIC
	links app -Wl,--no-as-needed "$ROOT/opt/path.so" "$ROOT/opt/linked.so"
	sealed
	PROGRAM=(/app)
	altered opt/path.so
	altered opt/filtee.so
	altered opt/preloaded.so /probe exec-env LD_PRELOAD=/opt/preloaded.so --
	boxed 0 "${BOX[@]}" -- /granit -q --verify=lazy -- /app
}

@test "what a program starts by its words needs all" {
	linked_program
	mkdir -p "$ROOT/usr/bin"
	mv "$ROOT/app" "$ROOT/usr/bin/env"
	cp "$TOOLS/probe" "$ROOT/usr/bin/interp"
	printf '#!/usr/bin/env interp\n' >"$ROOT/tool"
	chmod 755 "$ROOT/tool"
	sealed
	PROGRAM=(/tool)
	altered usr/bin/interp
	PROGRAM=(/usr/bin/env /usr/bin/interp)
	altered usr/bin/interp
	PROGRAM=("/$(cd "$ROOT" && find lib* -name "ld-linux*" -print -quit)" /usr/bin/interp)
	altered usr/bin/interp
}

@test "a file of variables, or of libraries that are preloaded, needs all" {
	mkdir "$ROOT/opt"
	cp "$TOOLS/probe" "$ROOT/opt/preloaded.so"
	printf 'LD_PRELOAD=/opt/preloaded.so\n' >"$ROOT/env"
	sealed
	PROGRAM=(/probe exit 0)
	OPTIONS=(--env-file=/env)
	altered opt/preloaded.so
	printf '/opt/preloaded.so\n' >"$ROOT/etc/ld.so.preload"
	sealed
	OPTIONS=(--ignore=ld-preload)
	altered opt/preloaded.so
}

@test "a library whose name the loader completes needs all" {
	needs_tool gcc
	linked_program
	mkdir "$ROOT/opt"
	links opt/libhere.so -shared -fPIC '-Wl,-soname,/opt/lib$PLATFORM.so'
	links app -Wl,--no-as-needed "$ROOT/opt/libhere.so"
	sealed
	PROGRAM=(/app)
	altered opt/libhere.so
}

@test "what a program may start by its arguments is needed to run, with its libraries" {
	needs_tool gcc
	linked_program
	mkdir "$ROOT/opt"
	links opt/path.so -shared -fPIC -Wl,-soname,/opt/path.so
	links opt/other -Wl,--no-as-needed "$ROOT/opt/path.so"
	ln -s ../opt/other "$ROOT/usr/link"
	cp "$TOOLS/probe" "$ROOT/opt/interp"
	{
		printf '#!/opt/interp exec-env A=1 -- /opt/other\n'
		printf '# %0100d\n' 0
	} >"$ROOT/opt/script"
	printf '#!/opt/interp -S /opt/o"the"r\n' >"$ROOT/opt/quoted"
	chmod 755 "$ROOT/opt/script" "$ROOT/opt/quoted" "$ROOT/opt/other"
	truncate -s 17M "$ROOT/usr/share/model"
	sealed
	local words
	for words in /opt/other other /usr/link --program=/opt/other 'exec "/opt/other" 5;' /opt/script; do
		PROGRAM=(/probe args "$words")
		altered opt/other
		altered opt/path.so
	done
	altered opt/script
	altered opt/interp
	# By the first line of what is started, too; and where somebody makes another word of it.
	for words in script quoted; do
		PROGRAM=("/opt/$words")
		altered opt/other
	done
	for words in '/opt/o${X}r' '/opt/$X/tool'; do
		PROGRAM=(/probe args "$words")
		altered opt/other
	done
	# What has neither ending nor head may be a script all the same.
	PROGRAM=(/probe args /usr/share/data)
	altered usr/share/data
	# Not what is too large for one, nor what no word names.
	other usr/share/model
	boxed 0 "${BOX[@]}" -- /granit -q --verify=lazy -- /probe args /usr/share/model
	other usr/share/data
	other opt/other
	boxed 0 "${BOX[@]}" -- /granit -q --verify=lazy -- /probe args /opt/interp
}

@test "all names are compared before the start: what was added, and links" {
	mkdir "$ROOT/dir" "$ROOT/evil"
	cp "$TOOLS/probe" "$ROOT/dir/lib.so"
	cp "$TOOLS/probe" "$ROOT/evil/lib.so"
	ln -s dir "$ROOT/two"
	sealed
	boxed 0 "${BOX[@]}" -- /granit -q --verify=lazy -- /probe exit 0
	ln -sfn evil "$ROOT/two"
	boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy -- /probe exit 0
	contains "$stderr" '/two is another link'
	ln -sfn dir "$ROOT/two"
	mkdir -p "$ROOT/usr/lib/glibc-hwcaps/x86-64-v2"
	echo >"$ROOT/usr/lib/glibc-hwcaps/x86-64-v2/libc.so.6"
	boxed 78 "${BOX[@]}" -- /granit -q --verify=lazy -- /probe exit 0
	contains "$stderr" 'libc.so.6 was added'
}

@test "a change that is found beside the program warns, or ends it" {
	sealed
	other usr/share/data
	starts --verify=lazy
	says 'granit: verified beside the program: the image is not as it should be'
	says '/usr/share/data has changed'
	kill -0 "$PID"
	kill "$PID"
	wait "$PID" || :
	starts --verify=lazy --watch=terminate
	ends 78
	grep -qF '/usr/share/data has changed' "$LOG"
}

@test "the last of many files" {
	mkdir "$ROOT/many"
	(cd "$ROOT/many" && seq -f 'f%05g' 50000 | xargs touch)
	echo 1 >"$ROOT/many/f50000"
	sealed
	echo 2 >"$ROOT/many/f50000"
	starts --verify=lazy --watch=terminate
	ends 78
	grep -qF '/many/f50000 has changed' "$LOG"
}

# Beside the program it is the program's user who reads.
@test "what the program's user cannot read is verified before it starts" {
	needs_root 'becomes another user'
	mkdir -m 700 "$ROOT/secret"
	mkdir -m 711 "$ROOT/closed"
	cp "$TOOLS/probe" "$ROOT/secret/tool"
	cp "$TOOLS/probe" "$ROOT/closed/tool"
	install -m 711 "$TOOLS/probe" "$ROOT/usr/share/tool"
	install -m 600 "$TOOLS/probe" "$ROOT/usr/share/private"
	sealed
	local option file
	for option in --umask=022 --keep-caps=DAC_OVERRIDE --keep-caps=SETUID --allow-new-privs; do
		starts --user=65532:65532 "$option" --verify=lazy --watch=terminate
		says 'granit: verified beside the program: all is as it should be ('
		kill "$PID"
		wait "$PID" || :
	done
	for file in secret/tool closed/tool usr/share/tool usr/share/private; do
		other "$file"
		starts --user=65532:65532 --verify=lazy --watch=terminate
		ends 78
		grep -qF 'granit: refused to start /probe: image-sealed' "$LOG"
		grep -qF "/$file has changed: its content is not what was sealed" "$LOG"
		install -m "$(stat -c %a "$ROOT/$file")" "$TOOLS/probe" "$ROOT/$file"
	done
}

@test "a manifest, a signature or a key that the program's user cannot read: all is verified before it starts" {
	needs_root 'becomes another user'
	needs_tool minisign
	local key=$BATS_TEST_TMPDIR/key closed
	mkdir "$key" "$ROOT/keys"
	minisign -G -W -p "$key/pub" -s "$key/secret" >/dev/null
	sealed
	minisign -S -W -s "$key/secret" -m "$BATS_TEST_TMPDIR/manifest" -x "$ROOT/etc/granit.manifest.minisig" >/dev/null
	rm "$key/secret"
	BOX+=(--bind "$key:/keys:ro")
	starts --user=65532:65532 --manifest-key=/keys/pub --verify=lazy --watch=terminate
	says 'granit: verified beside the program: all is as it should be ('
	kill "$PID"
	wait "$PID" || :
	for closed in "$ROOT/etc/granit.manifest" "$ROOT/etc/granit.manifest.minisig" "$key/pub"; do
		chmod 600 "$closed"
		starts -v --user=65532:65532 --manifest-key=/keys/pub --verify=lazy --watch=terminate
		says 'ready'
		kill "$PID"
		wait "$PID" || :
		grep -q 'names compared, [0-9]* files read ([0-9]* kB)$' "$LOG"
		[[ "$(<"$LOG")" != *'verified beside'* ]]
		other usr/share/data
		starts --user=65532:65532 --manifest-key=/keys/pub --verify=lazy --watch=terminate
		ends 78
		grep -qF 'granit: refused to start /probe: image-sealed' "$LOG"
		head -c 100000 /dev/zero >"$ROOT/usr/share/data"
		chmod 644 "$closed"
	done
}

@test "a shell that only a full scan finds" {
	mkdir "$ROOT/srv"
	cp /bin/busybox "$ROOT/srv/data"
	boxed 0 "${BOX[@]}" -- /granit -q -- /probe exit 0
	starts --scan=lazy
	says '/srv/data'
	grep -qF 'FAIL no-shell-content' "$LOG"
	kill "$PID"
	wait "$PID" || :
	starts --scan=lazy --watch=terminate
	ends 78
}

# endless_manifest: a file that takes longer to read than anybody waits
endless_manifest() {
	sealed
	truncate -s 300G "$ROOT/usr/share/data"
	sed -i 's|^\(./usr/share/data .*size=\)[0-9]*|\1322122547200|' "$ROOT/etc/granit.manifest"
}

# The process of granit's that gets idle time only.
worker() {
	local first child
	first=$(pgrep -P "$PID") || return
	for child in $(pgrep -P "$first"); do
		[ "$(ps -o cls= -p "$child" | tr -d ' ')" != IDL ] || {
			echo "$child"
			return 0
		}
	done
	return 1
}

@test "a process that verifies and is killed is followed by another one, and that is said" {
	endless_manifest
	starts --verify=lazy
	local first
	first=$(retry 400 0.05 worker)
	kill -KILL "$first"
	says 'granit: not verified yet: the process that verifies was stopped or killed; trying again in 1 s'
	kill -0 "$PID"
	[ "$(retry 400 0.05 worker)" != "$first" ]
}

@test "one that is stopped is no longer waited for" {
	endless_manifest
	starts --verify=lazy
	local first
	first=$(retry 400 0.05 worker)
	kill -STOP "$first"
	says 'granit: not verified yet: the process that verifies was stopped or killed; trying again in 1 s'
	[ "$(retry 400 0.05 worker)" != "$first" ]
	run ! kill -0 "$first"
}

@test "a program that ends first: not all was verified, and that is said" {
	endless_manifest
	boxed 7 "${BOX[@]}" -- /granit --verify=lazy -- /probe exit 7
	contains "$stderr" 'granit: not verified yet: the program has ended first'
	boxed 7 "${BOX[@]}" -- /granit -q --verify=lazy -- /probe exit 7
	[ -z "$stderr" ]
}

@test "it takes a granit that stays, and somebody to tell" {
	local flag
	for flag in --exec --watch=off --learn; do
		boxed 125 "${BOX[@]}" -- /granit --verify=lazy "$flag" -- /probe exit 0
		contains "$stderr" '--verify=lazy and --scan=lazy look while the program runs'
		boxed 125 "${BOX[@]}" -- /granit --scan=lazy "$flag" -- /probe exit 0
	done
}
