#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Programs come from the image: what a read-only volume brings along.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	VOLUME=$BATS_TEST_TMPDIR/volume
	mkdir -p "$VOLUME/bin" "$ROOT/lib64"
	TOOLS_AT=(--read-only --bind "$VOLUME:/tools:ro")
}

# said VERDICT STATUS [GRANIT-OPTION...]: what the check says
said() {
	local wanted=$1 status=$2
	shift 2
	boxed "$status" "${TOOLS_AT[@]}" -- /granit --check -v --ignore=all --fail=foreign-programs "$@"
	grep -q "^$wanted foreign-programs:" <<<"$output" && return
	printf 'wanted %s: %s\n' "$wanted" "$output"
	return 1
}

# An image without a loader and a kernel with Landlock: nothing of a volume can be started.
with_loader() {
	touch "$ROOT/lib64/ld-linux-x86-64.so.2"
}

@test "a shell on a read-only volume refuses the start, whatever its name, and whether its mode allows a start or not" {
	local name
	with_loader
	for name in sh app data.bin bin/deep; do
		cp /bin/busybox "$VOLUME/$name"
		boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
		contains "$stderr" "/tools/$name, on the volume /tools, is a shell by its content"
		# A loader maps what execve would not take.
		chmod 644 "$VOLUME/$name"
		boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
		rm "$VOLUME/$name"
	done
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
}

@test "a shell without the magic of ELF, which musl's loader does not look at" {
	with_loader
	cp /bin/busybox "$VOLUME/bin/data"
	printf XXXX | dd of="$VOLUME/bin/data" conv=notrunc status=none
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
	contains "$stderr" '/tools/bin/data, on the volume /tools, is a shell by its content'
	cp "$TOOLS/probe" "$VOLUME/bin/data"
	printf XXXX | dd of="$VOLUME/bin/data" conv=notrunc status=none
	said FAIL 78
}

@test "a single file, mounted where nobody looks for programs" {
	with_loader
	mkdir -p "$ROOT/srv"
	TOOLS_AT=(--read-only --bind /bin/busybox:/srv/settings:ro)
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
	contains "$stderr" '/srv/settings, on the volume /srv/settings, is a shell'
}

@test "other programs warn in immutable, and refuse in restricted" {
	with_loader
	cp "$TOOLS/probe" "$VOLUME/bin/tool"
	said warn 0 --warn=foreign-programs
	contains "$output" "the volume /tools has programs that are not in the image: /tools/bin/tool"
	boxed 0 "${TOOLS_AT[@]}" -- /granit --profile=immutable -- /probe args started
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q --profile=restricted --warn=all --fail=foreign-programs -- /probe args started
	# An ELF head is enough, and so is an x bit.
	chmod 644 "$VOLUME/bin/tool"
	said FAIL 78
	printf '#!/probe\n' >"$VOLUME/bin/tool"
	said pass 0
	chmod 755 "$VOLUME/bin/tool"
	said FAIL 78
	# On shares and desktops every file has the x bit; nothing runs this one.
	printf 'key: value\n' >"$VOLUME/bin/tool"
	said pass 0
}

@test "what is mounted in a place declared for programs is looked at like it" {
	local inner=$BATS_TEST_TMPDIR/inner how
	mkdir "$inner" "$VOLUME/inner"
	for how in '' :ro; do
		local -a box=(--read-only --bind "$VOLUME:/data" --bind "$inner:/data/inner$how")
		cp "$TOOLS/probe" "$inner/tool"
		boxed 0 "${box[@]}" -- /granit -q --writable=/data:exec -- /probe exec /data/inner/tool exit 0
		cp /bin/busybox "$inner/tool"
		boxed 78 "${box[@]}" -- /granit -q --writable=/data:exec -- /probe exec /data/inner/tool true
		contains "$stderr" '/data/inner/tool is a shell'
		boxed 78 "${box[@]}" -- /granit -q --writable=/data:exec --ignore=all --fail=no-shell-content -- /probe args started
	done
	boxed 0 "${box[@]}" -- /granit -q --writable=/data -- /probe args started
}

@test "a file in the place of the runtime's starts nothing, and is no shell; what the runtime brings along passes" {
	local place
	with_loader
	for place in /etc/hosts /etc/resolv.conf /etc/passwd /run/.containerenv /run/podman-init /var/run/secrets/x /run/secrets/x; do
		TOOLS_AT=(--read-only --bind "/bin/busybox:$place:ro")
		boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
		contains "$stderr" "$place, on the volume $place, is a shell by its content"
		TOOLS_AT=(--read-only --bind "$TOOLS/probe:$place:ro")
		boxed 0 "${TOOLS_AT[@]}" -- /granit -q --landlock=require -- /probe exec "$place" exit 0
		[ "$output" = EACCES ]
	done
	# --init, and ECS' agent.
	TOOLS_AT=(--read-only --bind "$TOOLS/probe:/run/podman-init:ro")
	said pass 0
	cp "$TOOLS/probe" "$VOLUME/bin/agent"
	TOOLS_AT=(--read-only --bind "$VOLUME:/managed-agents/execute-command:ro")
	said pass 0
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --landlock=require -- /probe exec /managed-agents/execute-command/bin/agent exit 0
	[ "$output" = EACCES ]
	cp /bin/busybox "$VOLUME/bin/agent"
	said FAIL 78
}

# masked STATUS PLACE COMMAND: with a tmpfs from outside there, read-only, in which COMMAND was run
masked() {
	# shellcheck disable=SC2016 # the inner shell's
	expect "$1" unshare --mount bash -c 'mount -t tmpfs t "$1" && (cd "$1" && eval "$0") && shift &&
		exec "$@" 3>&- 4>&- 5>&- 6>&- 255>&-' "$3" "$VOLUME" "$TOOLS/nscontainer" --read-only --bind "$VOLUME:$2:ro" \
		"$ROOT" -- /granit -q --landlock=require -- /probe args started
}

@test "what lies in the place of a runtime's mask is one if it is empty" {
	needs_root "a mount"
	with_loader
	local place
	for place in /sys/block /sys/fs/cgroup; do
		masked 78 "$place" 'cp /bin/busybox d'
		contains "$stderr" "$place/d, on the volume $place, is a shell by its content"
		masked 78 "$place" 'mkdir -p a/b && cp /bin/busybox a/b/.c && chmod 644 a/b/.c'
		contains "$stderr" "$place/a/b/.c, on the volume $place, is a shell by its content"
		masked 0 "$place" true
	done
}

@test "a file in the place of a runtime's is none if a loader would map it" {
	with_loader
	local place
	cp /bin/busybox "$VOLUME/file"
	chmod 644 "$VOLUME/file"
	for place in /etc/hosts /etc/resolv.conf /etc/passwd /run/.containerenv /dev/termination-log; do
		boxed 78 --read-only --bind "$VOLUME/file:$place:ro" -- /granit -q -- /probe args started
		contains "$stderr" "$place, on the volume $place, is a shell by its content"
	done
	printf '127.0.0.1 localhost\n' >"$VOLUME/file"
	boxed 0 --read-only --bind "$VOLUME/file:/etc/hosts:ro" -- /granit -q -- /probe args started
	# Other programs are no settings either.
	cp "$TOOLS/probe" "$VOLUME/file"
	chmod 644 "$VOLUME/file"
	TOOLS_AT=(--read-only --bind "$VOLUME/file:/etc/hosts:ro")
	said FAIL 78
	TOOLS_AT=(--read-only --bind "$VOLUME/file:/etc/hosts")
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
	contains "$stderr" 'FAIL writable-mounts'
}

@test "files of settings hold no program" {
	with_loader
	mkdir "$VOLUME/..data"
	printf 'key = value\n' >"$VOLUME/..data/app.conf"
	ln -s ..data/app.conf "$VOLUME/app.conf"
	said pass 0
	[[ $output != *'not scanned'* ]]
}

@test "where nothing can start a volume's program it is not looked at, and that is said" {
	cp /bin/busybox "$VOLUME/sh"
	said pass 0 --landlock=require
	contains "$output" 'not scanned: 1 read-only volume; Landlock starts nothing there, and no dynamic loader was found that could'
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
	# Each of the two is needed.
	said FAIL 78 --landlock=off
	# QEMU's user emulation is a loader of its own.
	mkdir -p "$ROOT/usr/bin"
	cp "$TOOLS/probe" "$ROOT/usr/bin/emulator"
	printf '\0QEMU_LD_PREFIX\0' >>"$ROOT/usr/bin/emulator"
	said FAIL 78 --landlock=require --allow=/usr/bin/emulator
	rm "$ROOT/usr/bin/emulator"
	with_loader
	said FAIL 78 --landlock=require
	# noexec is the kernel's word.
	TOOLS_AT=(--read-only --bind "$VOLUME:/tools:ro,noexec")
	said pass 0
}

@test "a loader counts wherever it lies: where a program names it, or is told of it, and anywhere in a full scan" {
	needs_tool gcc
	cp /bin/busybox "$VOLUME/sh"
	mkdir -p "$ROOT/opt/l" "$ROOT/usr/bin"
	cp "$(realpath /lib64/ld-linux-x86-64.so.2 || realpath /lib/ld-*.so.*)" "$ROOT/opt/l/ld.so"
	said pass 0 --landlock=require
	said FAIL 78 --landlock=require --scan=full
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q --landlock=require -- /probe args /opt/l/ld.so
	contains "$stderr" '/tools/sh, on the volume /tools, is a shell'
	printf 'int main(void) { return 0; }\n' >"$BATS_TEST_TMPDIR/main.c"
	gcc -o "$ROOT/usr/bin/tool" "$BATS_TEST_TMPDIR/main.c" -Wl,--dynamic-linker=/opt/l/ld.so
	said FAIL 78 --landlock=require
}

@test "what somebody has stored on a writable volume does not refuse the next start" {
	with_loader
	cp /bin/busybox "$VOLUME/sh"
	TOOLS_AT=(--read-only --bind "$VOLUME:/tools")
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --writable=/tools -- /probe args started
}

@test "what is declared is looked at like the image: names, content, everywhere" {
	mkdir -p "$VOLUME/a/b"
	cp "$TOOLS/probe" "$VOLUME/a/b/tool"
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --exec-from=/tools -- /tools/a/b/tool args started
	[ "$output" = started ]
	cp /bin/busybox "$VOLUME/a/b/data"
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q --exec-from=/tools -- /probe args started
	contains "$stderr" '/tools/a/b/data is a shell by its content'
	rm "$VOLUME/a/b/data"
	printf 'echo\n' >"$VOLUME/a/b/bash"
	chmod 755 "$VOLUME/a/b/bash"
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q --exec-from=/tools -- /probe args started
	contains "$stderr" 'FAIL no-shell:'
	TOOLS_AT=(--read-only --bind "$VOLUME:/tools")
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q --writable=/tools:exec -- /probe args started
	contains "$stderr" 'FAIL no-shell:'
}

@test "the program itself on a volume: said before Landlock would" {
	cp "$TOOLS/probe" "$VOLUME/app"
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /tools/app args started
	contains "$stderr" '/tools/app is on a volume, and Landlock starts programs from the image only'
	contains "$stderr" '--exec-from=/tools '
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --exec-from=/tools/app -- /tools/app args started
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --landlock=off -- /tools/app args started
	printf '#!/tools/app args\n' >"$ROOT/script"
	chmod 755 "$ROOT/script"
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /script
	contains "$stderr" '/tools/app is on a volume'
}

@test "a volume with more entries than one look takes: warned of, and refused in restricted" {
	with_loader
	mkdir "$VOLUME/many"
	(cd "$VOLUME/many" && seq -f 'f%g' 2100 | xargs touch)
	said FAIL 78
	contains "$output" 'the volume /tools was not scanned completely: its budget of entries is used up'
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
	said warn 0 --warn=foreign-programs:/tools
	# One volume is accepted, another one is not.
	mkdir "$ROOT/other"
	cp /bin/busybox "$VOLUME/bin/x"
	TOOLS_AT+=(--bind "$VOLUME/bin:/other:ro")
	said FAIL 78 --warn=foreign-programs:/tools
	contains "$output" '/other/x, on the volume /other, is a shell'
}

@test "an interpreter that a link on a writable volume leads to" {
	TOOLS_AT=(--read-only --bind "$VOLUME:/tools:nosuid,nodev")
	mkdir -p "$ROOT/usr/bin"
	cp "$TOOLS/probe" "$ROOT/usr/bin/app"
	ln -s /usr "$VOLUME/link"
	printf '#!/tools/link/bin/app args\n' >"$ROOT/app"
	chmod 755 "$ROOT/app"
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q --warn=writable-exec --writable=/tools -- /app
	contains "$stderr" 'the program is run with /tools/link/bin/app, and where that leads is decided on /tools, which is writable'
	# A link of the image's, and one on a volume that nobody can write.
	ln -s usr "$ROOT/own"
	printf '#!/own/bin/app args\n' >"$ROOT/app"
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --warn=writable-exec --writable=/tools -- /app
	printf '#!/tools/link/bin/app args\n' >"$ROOT/app"
	boxed 0 --read-only --bind "$VOLUME:/tools:ro" -- /granit -q -- /app
}

@test "what cannot be looked at on a volume is unknown, beside programs that were found there too" {
	needs_root 'another user'
	with_loader
	local dir
	TOOLS_AT+=(--user 65532:65532)
	cp /bin/busybox "$VOLUME/bin/x"
	for dir in "$VOLUME" "$VOLUME/bin"; do
		chmod 711 "$dir"
		boxed 78 "${TOOLS_AT[@]}" -- /granit -q --landlock=require -- /probe args started
		contains "$stderr" "unknown: cannot look at /tools${dir#"$VOLUME"}, on the volume /tools: Permission denied"
		chmod 755 "$dir"
	done
	cp "$TOOLS/probe" "$VOLUME/a"
	chmod 711 "$VOLUME/bin"
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --warn=foreign-programs:/tools -- /probe args started
	# What the program cannot enter either, is nothing to it.
	chmod 700 "$VOLUME/bin"
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q -- /probe args started
}

@test "a file on a volume that can be started and not read is unknown, where something starts it" {
	needs_root 'another user'
	with_loader
	TOOLS_AT+=(--user 65532:65532)
	cp /bin/busybox "$VOLUME/bin/x"
	chmod 111 "$VOLUME/bin/x"
	boxed 78 "${TOOLS_AT[@]}" -- /granit -q --landlock=off -- /probe args started
	contains "$stderr" 'unknown: /tools/bin/x, on the volume /tools, can be started but not read: it may be anything'
	# A loader has to read it.
	boxed 0 "${TOOLS_AT[@]}" -- /granit -q --landlock=require -- /probe args started
}

@test "an interpreter on a volume that the program's user can change, where Landlock starts it" {
	needs_root 'another user'
	TOOLS_AT=(--read-only --bind "$VOLUME:/tools" --user 65532:65532)
	local -a granit=(/granit -q --landlock=off --writable=/tools)
	printf '#!/tools/bin/run args\n' >"$ROOT/app"
	printf '#!/app\n' >"$ROOT/outer"
	chmod 755 "$ROOT/app" "$ROOT/outer"
	cp "$TOOLS/probe" "$VOLUME/bin/run"
	chmod 1777 "$VOLUME"
	chmod 755 "$VOLUME/bin"
	boxed 0 "${TOOLS_AT[@]}" -- "${granit[@]}" -- /app
	chmod 777 "$VOLUME/bin/run"
	boxed 78 "${TOOLS_AT[@]}" -- "${granit[@]}" -- /app
	contains "$stderr" '/tools/bin/run, which the program is run with, is on a volume, and the user that runs it can change it'
	boxed 78 "${TOOLS_AT[@]}" -- "${granit[@]}" -- /outer
	chmod 755 "$VOLUME/bin/run"
	chmod 777 "$VOLUME/bin"
	boxed 78 "${TOOLS_AT[@]}" -- "${granit[@]}" -- /app
	boxed 0 "${TOOLS_AT[@]}" -- "${granit[@]}" --exec-from=/tools -- /app
}

@test "granit itself, mounted as an init, is no foreign program; nerdctl's tini is not either" {
	with_loader
	mkdir -p "$ROOT/sbin"
	TOOLS_AT=(--read-only --bind "$GRANIT:/sbin/init:ro")
	boxed 0 "${TOOLS_AT[@]}" -- /sbin/init -q --fail=foreign-programs -- /probe args started
	TOOLS_AT=(--read-only --bind "$TOOLS/probe:/sbin/tini:ro")
	said pass 0
	TOOLS_AT=(--read-only --bind /bin/busybox:/sbin/tini:ro)
	said FAIL 78
	TOOLS_AT=(--read-only --bind "$TOOLS/probe:/sbin/other:ro")
	said FAIL 78
}
