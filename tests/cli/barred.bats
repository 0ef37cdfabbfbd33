#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Root with CAP_SETUID and CAP_SETGID alone, as doc/user.md has it: what is barred to granit may be open to the program's user.
# bats sets output and stderr; functions are called by name.
# shellcheck disable=SC2030,SC2031,SC2154

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	[ "$(id -u)" = 0 ] || skip "files of another user need root"
	make_root
	HOMEDIR=$ROOT/home/app
	V=$BATS_TEST_TMPDIR/volume
	mkdir -p "$HOMEDIR/run" "$HOMEDIR/bin" "$ROOT/etc" "$V"
	chmod 755 "$ROOT" "$V" "$BATS_TEST_TMPDIR"
	own
}

# own: the home is the user's, and closed to all others
own() {
	chown -R 1000:1000 "$HOMEDIR"
	chmod 700 "$HOMEDIR"
}

# user_starts STATUS [NSCONTAINER-OPTION...] -- [OPTION...] -- PROGRAM: as user 1000, by root without rights over files
user_starts() {
	local wanted=$1
	local -a flags=()
	shift
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	boxed "$wanted" --read-only --caps 1c0 "${flags[@]}" -- /granit --user=1000:1000 "$@"
}

# a_socket PATH
a_socket() {
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1"
}

# a_shell PATH: one that the image can start without libraries
a_shell() {
	cp /bin/busybox "$1"
	chmod 755 "$1"
}

@test "an honest image with a closed home of the user starts" {
	cp "$TOOLS/probe" "$HOMEDIR/bin/server"
	echo "data" >"$HOMEDIR/bin/readme"
	own
	user_starts 0 -- -- /probe args a
	user_starts 0 -- -- /home/app/bin/server args /home/app/bin/readme /home/app/none
	user_starts 0 -- --scan=full -- /home/app/bin/server args a
	user_starts 0 -- --chdir=/home/app/bin -- ./server args a
	user_starts 0 -- --chdir=/home/app/bin --scan=full -- /probe cwd
	[ "$output" = /home/app/bin ]
	user_starts 125 -- --chdir=/home/app/none -- /probe args a
	contains "$stderr" '--chdir=/home/app/none: No such file or directory'
	# Groups of the account count.
	chown 0:2000 "$HOMEDIR"
	chmod 710 "$HOMEDIR"
	user_starts 126 -- -- /home/app/bin/server args a
	boxed 0 --read-only --caps 1c0 -- /granit --user=1000:1000,2000 -- /home/app/bin/server args a
}

@test "below a closed home --writable=DIR is asked for the user" {
	chown 1000:1000 "$V"
	chmod 700 "$V"
	user_starts 0 --bind "$V:/home/app/run" -- --writable=/home/app/run -- /probe write /home/app/run/new
	chown 0:0 "$V"
	user_starts 78 --bind "$V:/home/app/run" -- --writable=/home/app/run -- /probe args a
	contains "$stderr" 'cannot write there as user 1000: Permission denied'
}

@test "a socket that controls the host is found below a closed home, and in a closed volume" {
	a_socket "$V/docker.sock"
	user_starts 78 --bind "$V:/home/app/run:ro" -- -- /probe args a
	contains "$stderr" '/home/app/run holds a socket that controls the host: /home/app/run/docker.sock'
	# The volume itself is closed, and one that is named by its folder.
	chown 1000:1000 "$V"
	chmod 700 "$V"
	user_starts 78 --bind "$V:/data:ro" -- -- /probe args a
	mkdir -m 700 "$V/podman"
	mv "$V/docker.sock" "$V/podman/podman.sock"
	chown 1000:1000 "$V/podman"
	chmod 755 "$V"
	user_starts 78 --bind "$V:/data:ro" -- -- /probe args a
	contains "$stderr" '/data/podman/podman.sock'
	# What is closed to the user as well is no reason to refuse.
	chown 0:0 "$V/podman"
	chown 2000 "$V/podman"
	user_starts 0 --bind "$V:/data:ro" -- --writable=none -- /probe args a
}

@test "a part of the host is found in a closed volume" {
	mkdir "$V/etc"
	touch "$V"/etc/{passwd,shadow,nsswitch.conf}
	chown 1000:1000 "$V/etc"
	chmod 700 "$V/etc"
	user_starts 78 --bind "$V/etc:/data" -- --writable=/data -- /probe args a
	contains "$stderr" "a part of the host's system, and writable: an /etc, with its accounts"
}

@test "a shell is found below a closed home: of the image, of a script, of a word, of a volume" {
	a_shell "$HOMEDIR/bin/b"
	own
	printf '#!/home/app/bin/b sh\n' >"$ROOT/as.sh"
	chmod 755 "$ROOT/as.sh"
	user_starts 78 -- -- /as.sh
	contains "$stderr" '/home/app/bin/b is a shell by its content'
	user_starts 78 -- -- /probe args /home/app/bin/b
	contains "$stderr" '/home/app/bin/b is a shell by its content'
	user_starts 78 -- --scan=full -- /probe args a
	# Closed by itself, in an open directory.
	chmod 755 "$HOMEDIR"
	chmod 700 "$HOMEDIR/bin/b"
	user_starts 78 -- -- /probe args /home/app/bin/b
	own
	user_starts 78 -- --allow=/probe -- /home/app/bin/b sh
	a_shell "$V/tool"
	user_starts 78 --bind "$V:/home/app/run:ro" -- --landlock=off -- /probe args a
	contains "$stderr" "/home/app/run/tool, on the volume /home/app/run, is a shell by its content"
}

@test "a variable that leads out of a closed home is removed" {
	mkdir "$HOMEDIR/l"
	ln -s /data "$HOMEDIR/l/out"
	own
	chown 1000:1000 "$V"
	PYTHONPATH=/home/app/l/out/py user_starts 0 --bind "$V:/data" -- --writable=/data -- /probe env
	[[ $output != *PYTHONPATH* ]]
	PYTHONPATH=/home/app/l/py user_starts 0 --bind "$V:/data" -- --writable=/data -- /probe env
	contains "$output" PYTHONPATH=/home/app/l/py
}

@test "what may be open to the program alone is unknown, and the remedy works" {
	local -a any=(--read-only --caps 1c0)
	boxed 0 "${any[@]}" -- /granit -- /probe args /home/app/bin
	a_socket "$V/docker.sock"
	boxed 78 "${any[@]}" --bind "$V:/home/app/run:ro" -- /granit --keep-caps=SETUID,SETGID -- /probe args a
	contains "$stderr" 'unknown: cannot look at all of /home/app/run: Permission denied; give the container CAP_DAC_READ_SEARCH'
	boxed 78 --read-only --caps 1c4 --bind "$V:/home/app/run:ro" -- /granit --keep-caps=SETUID,SETGID -- /probe args a
	contains "$stderr" '/home/app/run holds a socket that controls the host'
	rm "$V/docker.sock"
	boxed 0 --read-only --caps 1c4 --bind "$V:/home/app/run:ro" -- /granit --keep-caps=SETUID,SETGID -- /probe args a
	# Words, the "#!" line, and variables.
	a_shell "$HOMEDIR/bin/b"
	own
	boxed 78 "${any[@]}" -- /granit --keep-caps=SETUID -- /probe args /home/app/bin/b
	contains "$stderr" 'unknown: cannot look at /home/app/bin/b: Permission denied; give the container'
	PYTHONPATH=/home/app/py boxed 0 "${any[@]}" -- /granit --keep-caps=SETGID -- /probe env
	[[ $output != *PYTHONPATH* ]]
	PYTHONPATH=/home/app/py boxed 0 "${any[@]}" -- /granit -- /probe env
	contains "$output" PYTHONPATH
}

@test "where the second look cannot be had, what is barred is unknown" {
	local rule
	user_starts 0 -- --scan=full -- /probe args started
	for rule in setfsuid=0 setfsuid=ENOSYS setfsgid=0; do
		boxed 78 --read-only --caps 1c0 -- /inject "$rule" -- /granit --user=1000:1000 --scan=full -- /probe args started
		contains "$stderr" 'unknown: cannot look at /home/app: Permission denied'
	done
	# By its mode the user may not enter that either.
	chown 0:0 "$HOMEDIR"
	chown 2000 "$HOMEDIR"
	boxed 0 --read-only --caps 1c0 -- /inject setfsuid=ENOSYS,faccessat2=ENOSYS -- \
		/granit --user=1000:1000 --scan=full -- /probe args started
}

@test "granit has its own rights again after the second look, or starts nothing" {
	local rule
	for rule in setfsuid:0=0 setfsuid:0=EPERM setfsgid:0=0 setgroups:0=0 setgroups:0=EPERM; do
		boxed 125 --read-only --caps 1c0 -- /inject "$rule" -- /granit --user=1000:1000,2000 --scan=full -- /probe args started
		contains "$stderr" "its own did not come back"
	done
}

@test "where the second look cannot be had, what lies on a closed volume is unknown, with a remedy that works" {
	local -a box=(--read-only --caps 1c0 --bind "$V:/home/app/run:ro")
	a_socket "$V/docker.sock"
	boxed 78 "${box[@]}" -- /inject setfsuid=EPERM -- /granit --user=1000:1000 -- /probe args a
	contains "$stderr" 'unknown: cannot look at all of /home/app/run: Permission denied; give the container CAP_DAC_READ_SEARCH'
	boxed 78 --read-only --caps 1c4 "${box[@]:3}" -- /inject setfsuid=EPERM -- /granit --user=1000:1000 -- /probe args a
	contains "$stderr" '/home/app/run holds a socket that controls the host'
	rm "$V/docker.sock"
	boxed 0 --read-only --caps 1c4 "${box[@]:3}" -- /inject setfsuid=EPERM -- /granit --user=1000:1000 -- /probe args a
	# A shell that a loader of the image's would map.
	mkdir -p "$ROOT/lib64"
	touch "$ROOT/lib64/ld-linux-x86-64.so.2"
	a_shell "$V/b"
	boxed 78 "${box[@]}" -- /inject setfsuid=EPERM -- /granit --user=1000:1000 -- /probe args a
	# Who stays the same user has no other rights to look with.
	boxed 0 --read-only --user 65532:65532 "${box[@]:3}" -- /inject setfsuid=EPERM -- /granit --user=65532:65532 -- /probe args a
}

@test "a program behind a closed folder of a volume is part of the seal's verdict, and so is what it is run with" {
	local manifest
	rm -r "$HOMEDIR"
	mkdir -p "$ROOT/opt/v"
	printf '#!/opt/v/private/tool args\n' >"$ROOT/as.sh"
	chmod 755 "$ROOT/as.sh"
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
	manifest=$(sha256sum <"$BATS_TEST_TMPDIR/manifest" | cut -d ' ' -f 1)
	mkdir "$V/private"
	cp "$TOOLS/probe" "$V/private/tool"
	chown -R 1000:1000 "$V/private"
	chmod 700 "$V/private"
	local program profile
	for profile in immutable 'immutable --landlock=off' 'immutable --exec-from=/opt/v'; do
		for program in /opt/v/private/tool /as.sh; do
			# shellcheck disable=SC2086 # words
			user_starts 78 --bind "$V:/opt/v:ro" -- --profile=$profile --manifest-digest="$manifest" --verify=all -- "$program" args a
			contains "$stderr" '/opt/v/private/tool is not sealed'
		done
	done
	user_starts 0 --bind "$V:/opt/v:ro" -- --manifest-digest="$manifest" --verify=all -- /probe args a
	# Where it cannot be seen, that is said, with a remedy.
	boxed 78 --read-only --caps 1c0 --bind "$V:/opt/v:ro" -- /inject setfsuid=EPERM -- /granit --user=1000:1000 --landlock=off \
		--manifest-digest="$manifest" -- /as.sh
	contains "$stderr" 'unknown: /opt/v/private/tool cannot be verified: what the program is run with: Permission denied; give the container'
}
