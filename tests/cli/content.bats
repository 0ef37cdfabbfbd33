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
}
