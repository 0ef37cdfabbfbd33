#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --learn: which folder is proposed for what was written. Made-up records, no container.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
}

# advises PLACE...: for the records of standard input, each "WORD,... PATH [BYTES [UID]]", these places and no other, in this order
advises() {
	run "$TOOLS/advise"
	[ "$output" = "$(printf '%s\n' "$@")" ] && return
	printf 'wanted:\n%s\nbut:\n%s\n' "$(printf '%s\n' "$@")" "$output"
	return 1
}

@test "a file that was made: the folder, and the bytes of all that lies in it" {
	advises 'tmpfs /run 30' <<'F'
changed /run/a.pid 10
dir,existed,names /run
changed /run/b.pid 20
F
}

@test "what the program made itself lies in what is given already" {
	advises 'tmpfs /run/app 7' <<'F'
dir,existed,names /run/app
dir,names /run/app/body
changed /run/app/body/0001 7
F
}

@test "a folder of the image is given too: a tmpfs around it hides it" {
	advises 'tmpfs /run 3' 'tmpfs /run/mysqld 5' <<'F'
dir,existed,names /run
changed /run/a.pid 3
dir,existed,names /run/mysqld
changed /run/mysqld/sock 5
F
}

@test "where files of the image lie: a volume that begins with them" {
	advises 'filled /app/state 5' <<'F'
dir,existed,names,hides /app/state
changed /app/state/new 5
F
}

@test "or the folders alone that were made there, if nothing else was" {
	advises 'tmpfs /root/.cache 9' <<'F'
dir,existed,names,hides /root
dir,names /root/.cache
changed /root/.cache/x 9
F
	advises 'filled /root 10' <<'F'
dir,existed,names,hides /root
dir,names /root/.cache
changed /root/.cache/x 9
changed /root/.history 1
F
	# More than a few have names that will be others the next time.
	advises 'filled /app 0' < <(
		printf 'dir,existed,names,hides /app\n'
		printf 'dir,names /app/%s\n' 1 2 3 4 5
	)
	# Something was made and removed again beside it.
	advises 'filled /root 9' <<'F'
dir,existed,names,hides /root
dir,names /root/.cache
changed,gone /root/.lock
changed /root/.cache/x 9
F
}

@test "all that the folder held is written: nothing is hidden, but the content is the image's" {
	advises 'filled /app/state 5' <<'F'
dir,existed /app/state
changed,existed /app/state/db 5
F
	advises 'filled /app/state 6' <<'F'
dir,existed,names /app/state
changed,existed /app/state/db 5
changed /app/state/db-journal 1
F
}

@test "never all of /, /etc, /usr, a program folder, /var, /dev" {
	local dir
	for dir in /etc /usr /usr/bin /usr/lib/python3 /bin /lib64 /var /var/lib /dev; do
		advises "file $dir/x 0" <<<"dir,existed,names,hides $dir"$'\n'"changed $dir/x" || return
		advises "file $dir/x 0" <<<"dir,existed,names $dir"$'\n'"changed $dir/x" || return
	done
	advises 'file /x 0' <<<$'dir,existed,names /\nchanged /x'
}

@test "but what was made there, if it is a folder" {
	advises 'tmpfs /cache 2' <<<$'dir,existed,names /\ndir,names /cache\nchanged /cache/x 2'
	advises 'tmpfs,outlives /var/lib/app 2' <<<$'dir,existed,names /var/lib\ndir,names /var/lib/app\nchanged /var/lib/app/x 2'
}

@test "names that came and went where nothing can be given are told" {
	advises 'names /etc 0' <<<'dir,existed,names /etc'
	advises 'names /etc 0' <<<$'dir,existed,names /etc\nchanged,gone /etc/.lock'
	advises 'filled /app 0' <<<$'dir,existed,names,hides /app\nchanged,gone /app/.lock'
	advises 'tmpfs /app 0' <<<$'dir,existed,names /app\nchanged,gone /app/.lock'
}

@test "programs that were started from it, and what is to be asked about" {
	advises 'tmpfs,exec /tmp 8' <<<$'dir,existed,names /tmp\nchanged,executed /tmp/helper 8'
	advises 'tmpfs,outlives /var/lib/db 8' <<<$'dir,existed,names /var/lib/db\nchanged /var/lib/db/x 8'
	# A program of the image's own is no reason.
	advises <<<'executed,existed /usr/bin/app 8'
}

@test "what the user may not write to on any root is no need" {
	advises <<<$'dir,existed,names,denied,hides /usr/lib/python3/__pycache__\nchanged,denied /usr/lib/python3/__pycache__/x'
}

@test "what python compiles it can do without: told once, given nowhere" {
	advises 'cache /app/__pycache__ 0' 'tmpfs /run 1' <<'F'
dir,existed,names,hides /app
dir,names /app/__pycache__
changed /app/__pycache__/main.cpython-311.pyc 9
dir,existed,names,hides /usr/lib/python3.11
dir,names /usr/lib/python3.11/__pycache__
changed /usr/lib/python3.11/__pycache__/socket.cpython-311.pyc 9
dir,existed,names /run
changed /run/pid 1
F
	# Where it may be written there is nothing to tell.
	advises 'tmpfs /tmp 9' <<<$'dir,existed,names /tmp\ndir,names /tmp/__pycache__\nchanged /tmp/__pycache__/x.pyc 9'
	advises 'file /usr/lib/__pycache__2 0' <<<$'dir,existed,names,hides /usr/lib\nchanged /usr/lib/__pycache__2 1'
}

@test "whose the folder has to be: its owner's, or that of user 0, which wrote there for being that" {
	advises 'tmpfs /run 9 7' <<<$'dir,existed,names /run 0 7\nchanged /run/a 9 7'
	advises 'tmpfs /run 9' <<<$'dir,existed,names /run 0 7\nchanged /run/a 9 0'
	advises 'tmpfs /run 10 7' <<<$'dir,existed,names /run 0 7\nchanged /run/a 9 0\nchanged /run/b 1 7'
	# In a folder of somebody else's, where the user may be in its group.
	advises 'tmpfs /run 9 7' <<<$'dir,existed,names /run 0 7\nchanged /run/a 9 8'
	advises 'tmpfs /run 0 7' <<<$'dir,existed,names /run 0 7\nchanged,gone /run/a 0 0'
}

@test "names that begin alike are other folders" {
	advises 'tmpfs /run 1' 'tmpfs /run-2 2' <<<$'dir,existed,names /run-2\nchanged /run-2/b 2\ndir,existed,names /run\nchanged /run/a 1'
}

@test "where an image keeps nothing: what its build left there does not make it a volume" {
	advises 'tmpfs /run 3' 'tmpfs,logs /var/log/app 9' <<'F'
dir,existed,names /run
changed,existed /run/left.pid 3
dir,existed /var/log/app
changed,existed /var/log/app/access.log 9
F
	advises 'filled /var/logs 9' <<'F'
dir,existed /var/logs
changed,existed /var/logs/access.log 9
F
}

@test "what was set to what it was already needs no mount: told once" {
	advises 'same /app 0' 'tmpfs /run 1' <<'F'
dir,existed,same /app
existed,same /app/conf
dir,existed,names /run
changed /run/pid 1
existed,same /run/left
F
	# Where anything is written it is as ever.
	advises 'tmpfs /app 3' <<<$'dir,existed,names,same /app\nchanged /app/x 3'
	advises <<<$'existed,same,denied /app/x\nsame,gone /app/y'
}

@test "logs in memory are told of" {
	advises 'tmpfs,logs /app/logs 9' <<<$'dir,existed,names /app/logs\nchanged /app/logs/access_log.2026-01-01.txt 9'
	advises 'tmpfs,logs /run/app 9' <<<$'dir,existed,names /run/app\nchanged /run/app/log 9'
	advises 'tmpfs /run/app 9' <<<$'dir,existed,names /run/app\nchanged /run/app/login.pid 4\nchanged /run/app/blog.db 5'
	advises 'filled /app/logs 9' <<<$'dir,existed,names,hides /app/logs\nchanged /app/logs/error.log 9'
}
