#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is looked at before a start: the program wherever it lies, and what its user may not read.
# bats sets output and stderr.
# shellcheck disable=SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	mkdir -p "$ROOT/srv/app"
}

# refused PART [GRANIT-OPTION...] -- PROGRAM...: nothing starts, and the report says PART
refused() {
	local part=$1
	shift
	boxed 78 --read-only "${box[@]}" -- /granit "$@"
	contains "$stderr" "$part"
}

# a_shell FILE [MODE]: it needs libraries to start, and none to be looked at
a_shell() {
	install -m "${2:-755}" "$(realpath /bin/dash)" "$1"
}

@test "a shell under another name is found when it is the program, wherever it lies" {
	local scan
	a_shell "$ROOT/srv/app/server"
	box=()
	for scan in quick full; do
		refused '/srv/app/server is a shell by its content' --scan="$scan" -- /srv/app/server -c 'echo it runs'
		[ "$(grep -c '/srv/app/server is a shell' <<<"$stderr")" -eq 1 ]
		refused '/srv/app/server is a shell by its content' --scan="$scan" --chdir=/srv -- app/server
	done
	box=(--user 65532:65532)
	refused '/srv/app/server is a shell by its content' --profile=restricted -- /srv/app/server
	box=()
	boxed 127 --read-only -- /granit --scan=off -- /srv/app/server
	ln -s app/server "$ROOT/srv/link"
	refused 'is a shell by its content' -- /srv/link
	# Another program's start says nothing of it.
	boxed 0 --read-only -- /granit -- /probe args
}

@test "a program that has the name of a shell counts by its name too" {
	cp "$TOOLS/probe" "$ROOT/srv/app/bash"
	box=()
	refused '/srv/app/bash has the name of a shell' -- /srv/app/bash args
	boxed 0 --read-only -- /granit -- /probe args
}

@test "a script leads to its interpreter, and that to its own" {
	a_shell "$ROOT/srv/app/runner"
	printf '#!/srv/app/runner\n' >"$ROOT/srv/app/server"
	chmod 755 "$ROOT/srv/app/server"
	box=()
	refused '/srv/app/runner is a shell by its content' -- /srv/app/server
	printf '#!/srv/app/server\n' >"$ROOT/srv/app/first"
	chmod 755 "$ROOT/srv/app/first"
	refused '/srv/app/runner is a shell by its content' -- /srv/app/first
	# In a program directory too, whatever is started.
	mkdir -p "$ROOT/usr/bin"
	mv "$ROOT/srv/app/first" "$ROOT/usr/bin/tool"
	refused '/srv/app/runner is a shell by its content' -- /probe args
}

@test "what a program names as its dynamic loader is looked at, wherever it lies" {
	needs_tool gcc
	box=()
	a_shell "$ROOT/srv/app/ld-app.so"
	printf 'int main(void) { return 0; }\n' >"$BATS_TEST_TMPDIR/main.c"
	gcc -o "$ROOT/srv/app/server" "$BATS_TEST_TMPDIR/main.c" -Wl,--dynamic-linker=/srv/app/ld-app.so
	refused '/srv/app/ld-app.so is a shell by its content' -- /srv/app/server
	# Behind an interpreter, and in a program directory, whatever is started.
	printf '#!/srv/app/server\n' >"$ROOT/srv/app/script"
	chmod 755 "$ROOT/srv/app/script"
	refused '/srv/app/ld-app.so is a shell by its content' -- /srv/app/script
	mkdir -p "$ROOT/usr/bin"
	mv "$ROOT/srv/app/server" "$ROOT/usr/bin/tool"
	refused '/srv/app/ld-app.so is a shell by its content' -- /probe args
	# What cannot be started starts no loader.
	chmod 644 "$ROOT/usr/bin/tool"
	boxed 0 --read-only -- /granit -- /probe args
}

# headers_moved FILE: its program headers lie behind the first 4 KiB
headers_moved() {
	python3 - "$1" <<-'EOF'
		import struct, sys
		with open(sys.argv[1], "r+b") as file:
		    data = bytearray(file.read())
		    table, size, count = *struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54)
		    entries = data[table : table + size * count]
		    data[table : table + size * count] = bytes(size * count)
		    struct.pack_into("<Q", data, 32, len(data))
		    file.seek(0)
		    file.write(data + entries)
	EOF
}

@test "a dynamic loader is looked at wherever the headers lie that name it, and whatever class the program claims" {
	needs_tool gcc
	needs_tool python3
	[ "$(uname -m)" = x86_64 ] || skip 'the header is that of amd64'
	local server=$ROOT/srv/app/server
	box=()
	a_shell "$ROOT/srv/app/ld-app.so"
	printf 'int main(void) { return 0; }\n' >"$BATS_TEST_TMPDIR/main.c"
	gcc -o "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/main.c" -Wl,--dynamic-linker=/srv/app/ld-app.so -Wl,--build-id
	cp "$BATS_TEST_TMPDIR/plain" "$server"
	headers_moved "$server"
	refused '/srv/app/ld-app.so is a shell by its content' -- /srv/app/server
	python3 tests/helpers/flip_class.py "$BATS_TEST_TMPDIR/plain" "$server"
	refused '/srv/app/ld-app.so is a shell by its content' -- /srv/app/server
	# One byte: no 32-bit header makes sense in it.
	cp "$BATS_TEST_TMPDIR/plain" "$server"
	printf '\1' | dd of="$server" bs=1 seek=4 conv=notrunc status=none
	refused '/srv/app/ld-app.so is a shell by its content' -- /srv/app/server
}

@test "a program that another one is told to start is looked at" {
	local words
	box=()
	a_shell "$ROOT/srv/app/b"
	for words in /srv/app/b 'srv/app/b' '-S/srv/app/b' '--start=/srv/app/b' "-S '/srv/app/b' -c" '/srv/app/b\_-c'; do
		refused 'srv/app/b is a shell by its content' -- /probe args X=/y "$words"
	done
	# A dynamic loader takes what nobody may execute.
	chmod 644 "$ROOT/srv/app/b"
	refused '/srv/app/b is a shell by its content' -- /probe args /srv/app/b
	mkdir "$ROOT/srv/two words"
	mv "$ROOT/srv/app/b" "$ROOT/srv/two words/b"
	refused '/srv/two words/b is a shell by its content' -- /probe args '/srv/two words/b'
}

# Each names /srv/app/b to env, which takes quotes away and reads escapes.
quoted=('/srv/app/""b' "/sr'v'/app/b" '/srv/app/\b' 'X=1\_/srv/app/b' '"/srv/app/b"\_-c' '/srv/app/b\c"' '"/srv/"app/b -e'
	'X=1 "-S/srv/app/\"\"b"' "'/srv/a'pp/b")

@test "what env makes of quotes and escapes is looked at" {
	local words
	box=()
	a_shell "$ROOT/srv/app/b"
	for words in "${quoted[@]}"; do
		refused 'srv/app/b is a shell by its content' -- /probe args -S "$words"
		printf '#!/probe -S %s\n' "$words" >"$ROOT/srv/app/server"
		chmod 755 "$ROOT/srv/app/server"
		refused '/srv/app/b is a shell by its content' -- /srv/app/server
	done
	# A blank in quotes parts nothing.
	mkdir "$ROOT/srv/two words"
	mv "$ROOT/srv/app/b" "$ROOT/srv/two words/b"
	for words in '"/srv/two words"/b' '"/srv/two\_words/b"'; do
		refused '/srv/two words/b is a shell by its content' -- /probe args -S "$words"
	done
}

# shellcheck disable=SC2016 # it is env that expands them
@test "what env makes of variables is unknown, and those of other programs are theirs" {
	local words
	box=()
	for words in '-S /srv/${E}b' '-vS/srv/${E}b' '--split=/srv/${E}b'; do
		refused 'unknown: cannot look at' -- /probe args "$words"
		printf '#!/probe %s\n' "$words" >"$ROOT/srv/app/server"
		chmod 755 "$ROOT/srv/app/server"
		refused 'unknown: cannot look at' -- /srv/app/server
	done
	refused 'unknown: cannot look at' -- /probe args -S '/srv/${E}b'
	refused 'unknown: cannot look at' -- /probe args -S '-S \$"{E}"/srv/b'
	boxed 0 --read-only -- /granit -- /probe args --server '/srv/${E}b' '--server=/${E}' '-DS=${E}' -s '${E}' -S '\$1' -- '${E}'
}

@test "a script that has another program start its interpreter" {
	local words
	box=()
	a_shell "$ROOT/srv/app/b"
	for words in /srv/app/b '-S /srv/app/b -e' '-S "/srv/app/b"'; do
		printf '#!/probe %s\n' "$words" >"$ROOT/srv/app/server"
		chmod 755 "$ROOT/srv/app/server"
		refused '/srv/app/b is a shell by its content' -- /srv/app/server
		refused '/srv/app/b is a shell by its content' -- /probe args /srv/app/server
	done
}

@test "words that name data are no programs, and a script among them is its reader's" {
	mkdir "$ROOT/srv/data"
	printf -- '-----BEGIN PRIVATE KEY-----\n' >"$ROOT/srv/data/key"
	printf '#!/probe\n' >"$ROOT/srv/data/main"
	mkfifo "$ROOT/srv/data/fifo"
	chmod 777 "$ROOT/srv/data"/*
	boxed 0 --read-only -- /granit --ignore=all --fail=no-interpreter,world-writable,image-secrets -- \
		/probe args /srv/data/key /srv/data/main /srv/data/fifo /srv/data /srv/none http://host/path
}

@test "words that lie on a writable volume are not looked at: what was stored there must not refuse the next start" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir "$volume"
	cp /bin/busybox "$volume/state.db"
	box=(--bind "$volume:/data")
	boxed 0 --read-only "${box[@]}" -- /granit -q --writable=/data -- /probe args --db=/data/state.db
	refused '/data/state.db is a shell' --writable=/data:exec -- /probe args --db=/data/state.db
	box=(--bind "$volume:/data:ro")
	refused '/data/state.db' -- /probe args --db=/data/state.db
}

@test "a node that a script names as its interpreter is not opened" {
	local fifo=$ROOT/srv/app/node
	mkfifo "$fifo"
	printf '#!/srv/app/node\n' >"$ROOT/srv/app/server"
	chmod 755 "$ROOT/srv/app/server"
	# Whoever opens it for writing waits for a reader.
	(: >"$fifo" && touch "$BATS_TEST_TMPDIR/opened") 3>&- &
	boxed 126 --read-only -- /granit -- /srv/app/server
	kill $!
	[ ! -e "$BATS_TEST_TMPDIR/opened" ]
}

@test "scripts that lead to themselves end" {
	printf '#!/srv/app/b\n' >"$ROOT/srv/app/a"
	printf '#!/srv/app/a\n' >"$ROOT/srv/app/b"
	chmod 755 "$ROOT/srv/app/a" "$ROOT/srv/app/b"
	boxed 126 --read-only -- /granit -- /srv/app/a
}

@test "a program that may be started and not read is unknown, which refuses" {
	needs_root "files of another user"
	mkdir -p "$ROOT/usr/bin"
	a_shell "$ROOT/usr/bin/app1" 111
	box=(--user 65532:65532)
	refused 'unknown: /usr/bin/app1 can be started but not read' -- /probe args
	boxed 0 --read-only --user 65532:65532 -- /granit --allow=/usr/bin/app1 -- /probe args
	mv "$ROOT/usr/bin/app1" "$ROOT/srv/app/server"
	refused 'unknown: /srv/app/server can be started but not read' -- /srv/app/server
	boxed 0 --read-only --user 65532:65532 -- /granit -- /probe args
}

@test "what the program's user may not enter is told, and is no reason to refuse" {
	needs_root "files of another user"
	mkdir -m 700 "$ROOT/root" "$ROOT/srv/private"
	a_shell "$ROOT/srv/app/data" 600
	boxed 0 --read-only --user 65532:65532 -- /granit --scan=full -- /probe args
	PATH=/usr/bin:/bin boxed 0 --read-only --user 65532:65532 -- /granit --check -v --scan=full
	contains "$output" 'and 2 more places cannot be read by granit, nor by the program'
	# A set-id program could get there, where no_new_privs does not hold it back.
	install -m 4755 "$TOOLS/probe" "$ROOT/srv/app/setuid"
	boxed 0 --read-only --user 65532:65532 -- /granit --scan=full -- /probe args
	boxed 78 --read-only --user 65532:65532 -- /granit --scan=full --allow-new-privs -- /probe args
	contains "$stderr" 'unknown: cannot look at /root'
	rm "$ROOT/srv/app/setuid" "$ROOT/srv/app/data"
	# And so could a program that may become the user whose it is.
	chown 1000 "$ROOT/srv/private"
	boxed 78 --read-only --caps 480 -- /granit --scan=full --keep-caps=setuid -- /probe args
	contains "$stderr" 'unknown: cannot look at /srv/private'
	boxed 0 --read-only --caps 480 -- /granit --scan=full --keep-caps=net_bind_service -- /probe args
}

@test "the time of a scan's budget ends within a file too" {
	mkdir -p "$ROOT/usr/bin"
	python3 tests/helpers/elf.py "$ROOT/usr/bin/large" --load=4096:20000000000
	truncate -s 20000004096 "$ROOT/usr/bin/large"
	expect 78 timeout 60 "$GRANIT" --check -v --root="$ROOT" --scan-budget=20ms,100G --ignore=all --fail=no-shell-content
	contains "$output" 'the scan used up its budget of time'
}

@test "a dynamic loader is known by its place, of every architecture that granit is built for" {
	local path
	for path in lib64/ld-linux-x86-64.so.2 lib64/ld64.so.2 lib/ld-linux-aarch64.so.1 lib/ld-linux-armhf.so.3 lib/ld-linux.so.3 \
		lib/ld-linux.so.2 lib/ld-linux-riscv64-lp64d.so.1 lib/ld64.so.1 libx32/ld-linux-x32.so.2 \
		lib/ld-musl-{x86_64,x32,i386,aarch64,arm,armhf,riscv64,powerpc64le,s390x}.so.1; do
		mkdir -p "$ROOT/${path%/*}"
		cp "$TOOLS/probe" "$ROOT/$path"
		boxed 0 --read-only -- /granit --check -v --warn=all -- /probe exit 0
		contains "$(grep -A 1 '^warn no-dynamic-loader' <<<"$output")" "/$path"
		rm "$ROOT/$path"
	done
}
