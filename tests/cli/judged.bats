#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # `run` sets stderr
# What was judged is what starts: one look-up, in the directory where the program starts, and one file.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	load ../helpers/engines
	granit_setup
	make_root
	mkdir -p "$ROOT"/{usr/bin,opt/b,srv,etc}
}

# on_path STATUS PATH GRANIT-OPTION...: starts app from there
on_path() {
	local status=$1 path=$2
	shift 2
	boxed "$status" --read-only -- /probe exec-env "PATH=$path" -- /granit -q "$@" -- app args started
}

@test "a file that execve does not take hides those further on in PATH" {
	cp "$TOOLS/probe" "$ROOT/opt/b/app"
	local -a profile
	for profile in immutable restricted audit plain; do
		printf 'text\n' >"$ROOT/usr/bin/app"
		chmod 755 "$ROOT/usr/bin/app"
		on_path 126 /usr/bin:/opt/b --profile="$profile" --warn=all --landlock=off
		[ -z "$output" ]
		contains "$stderr" 'cannot execute /usr/bin/app: it is neither a program nor a script'
		printf '#!/missing\n' >"$ROOT/usr/bin/app"
		on_path 127 /usr/bin:/opt/b --profile="$profile" --warn=all --landlock=off
		[ -z "$output" ]
		contains "$stderr" '/missing'
		# No x bit: nobody takes that for a program.
		chmod 644 "$ROOT/usr/bin/app"
		on_path 0 /usr/bin:/opt/b --profile="$profile" --warn=all --landlock=off
		contains "$output" started
	done
}

@test "what the next user may not execute is no reason to start another one" {
	cp "$TOOLS/probe" "$ROOT/opt/b/app"
	cp "$TOOLS/probe" "$ROOT/usr/bin/app"
	chmod 700 "$ROOT/usr/bin/app"
	on_path 126 /usr/bin:/opt/b --user=65532 --landlock=off
	[ -z "$output" ]
	contains "$stderr" '/usr/bin/app'
}

@test "--chdir: a relative name is judged where it starts" {
	local volume=$BATS_TEST_TMPDIR/volume name
	local -a box=(--read-only --cwd /opt --bind "$volume:/data" --user 65532:65532)
	mkdir -m 777 "$volume"
	cp "$TOOLS/probe" "$volume/app"
	cp "$TOOLS/probe" "$ROOT/opt/app"
	for name in ./app ../data/app; do
		boxed 78 "${box[@]}" -- /granit -q --writable=/data --chdir=/data --landlock=off -- "$name" args started
		[ -z "$output" ]
		contains "$stderr" 'FAIL app-immutable'
		run ! boxed 0 "${box[@]}" -- /granit --check -v --writable=/data --chdir=/data -- "$name"
		contains "$output" 'FAIL app-immutable'
	done
	# A directory of PATH that is relative, or none, too.
	for name in . '' :/nowhere; do
		boxed 78 "${box[@]}" -- /probe exec-env "PATH=$name:/opt" -- /granit -q --writable=/data --chdir=/data --landlock=off \
			--warn=path-sane -- app args started
		contains "$stderr" 'FAIL app-immutable'
	done
	# And the other way round.
	boxed 0 --read-only --cwd /data --bind "$volume:/data" --user 65532:65532 -- /granit -q --writable=/data --chdir=/opt -- ./app args started
	contains "$output" started
}

@test "--chdir to nowhere ends --check too" {
	boxed 125 --read-only -- /granit --check -v --chdir=/missing -- ./app
	contains "$stderr" '--chdir=/missing: No such file or directory'
}

# swapped STATUS COMMAND GRANIT-OPTION...: what happens when COMMAND is done to the program between judging and starting;
# with APP it is there already; with BOX, options of the container's, and BEFORE, a program that starts granit
swapped() {
	local wanted=$1 change=$2 box init status=0 out=$BATS_TEST_TMPDIR/out
	shift 2
	[ -n "${APP-}" ] || cp "$TOOLS/probe" "$ROOT/usr/bin/app"
	rm -f "$ROOT/data/go"
	"$TOOLS/nscontainer" --read-only "${BOX[@]}" --tmpfs /data:noexec,nosuid,nodev "$ROOT" -- "${BEFORE[@]}" /granit -q --warn=all --wait-for=file:/data/go \
		--timeout=30s "$@" -- /usr/bin/app args started >"$out" 2>&1 </dev/null 3>&- &
	box=$!
	# The program's own process waits: it is there when all is judged.
	retry 200 0.05 eval "init=\$(pgrep -P $box) && pgrep -P \$init >/dev/null" || {
		cat "$out"
		return 1
	}
	eval "$change"
	touch "/proc/$init/root/data/go"
	wait "$box" || status=$?
	output=$(<"$out")
	[ "$status" -eq "$wanted" ] || {
		printf 'status %s, wanted %s\n%s\n' "$status" "$wanted" "$output"
		return 1
	}
}

@test "what takes the program's place after it was judged is not started" {
	needs_root 'mounts inside'
	local profile change
	# shellcheck disable=SC2016 # they are evaluated where init is set
	local bind='nsenter -t "$init" -m /probe bind /granit /usr/bin/app'
	# shellcheck disable=SC2016
	for profile in immutable restricted 'immutable --deny=memfd-exec'; do
		for change in "$bind" 'cp "$ROOT/usr/bin/app" "$ROOT/usr/bin/new"; mv "$ROOT/usr/bin/new" "$ROOT/usr/bin/app"' \
			'printf x >>"$ROOT/usr/bin/app"' 'chmod 755 "$ROOT/usr/bin/app"'; do
			# shellcheck disable=SC2086
			swapped 78 "$change" --profile=$profile
			contains "$output" 'granit: refused to start /usr/bin/app: it is no longer the file that was judged'
			[[ $output != *$'\n'started* ]]
		done
		# shellcheck disable=SC2086
		swapped 0 : --profile=$profile
		contains "$output" started
	done
}

# shellcheck disable=SC2016 # they are evaluated where init is set
@test "what takes the place of an interpreter or loader after it was judged does not run the program" {
	needs_root 'mounts inside'
	local over='nsenter -t "$init" -m /probe bind /granit ' file profile APP=1
	mkdir -p "$ROOT/opt/c"
	cp "$TOOLS/probe" "$ROOT/opt/interp"
	printf '#!/opt/interp args\n' >"$ROOT/usr/bin/app"
	printf '#!/usr/bin/app\n' >"$ROOT/opt/b/app"
	chmod 755 "$ROOT/usr/bin/app" "$ROOT/opt/b/app"
	for profile in immutable restricted; do
		swapped 0 : --profile=$profile
		contains "$output" /usr/bin/app
		swapped 78 "$over/opt/interp" --profile=$profile
		contains "$output" 'granit: refused to start /usr/bin/app: /opt/interp, which it is run with, is no longer the file that was judged'
		[[ $output != *$'\n'/usr/bin/app* ]]
	done
	swapped 78 'printf x >>"$ROOT/opt/interp"'
	swapped 127 'nsenter -t "$init" -m /probe bind /usr /opt'
	cp "$TOOLS/probe" "$ROOT/usr/interp"
	swapped 78 'nsenter -t "$init" -m /probe bind /usr /opt'
	contains "$output" '/opt/interp'
	# What is mounted elsewhere changes nothing.
	swapped 0 'nsenter -t "$init" -m /probe bind /usr /opt/c'
	# A script that is run with a script.
	mv "$ROOT/opt/b/app" "$ROOT/opt/outer"
	mv "$ROOT/usr/bin/app" "$ROOT/opt/inner"
	printf '#!/opt/inner\n' >"$ROOT/usr/bin/app"
	chmod 755 "$ROOT/usr/bin/app"
	swapped 0 :
	swapped 78 "$over/opt/interp"
	contains "$output" '/opt/interp, which it is run with'
	# A program that is linked with libraries, held by its descriptor where it is sealed.
	cp /usr/bin/env "$ROOT/usr/bin/app"
	while read -r file; do
		mkdir -p "$ROOT/${file%/*}"
		cp -L "$file" "$ROOT/$file"
	done < <(ldd /usr/bin/env | grep -oE '/[^ ]+')
	file=$(readelf -lW /usr/bin/env | sed -n 's/.*interpreter: \(.*\)].*/\1/p')
	"$GRANIT" --seal="$ROOT" --ignore=all >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
	swapped 78 "$over$file" --verify=all
	contains "$output" "$file, which it is run with"
	# Not there when it was judged, and brought along.
	printf '#!/opt/c/late\n' >"$ROOT/usr/bin/app"
	rm "$ROOT/etc/granit.manifest"
	swapped 127 :
	swapped 78 'cp "$ROOT/opt/interp" "$ROOT/opt/c/late"'
	contains "$output" '/opt/c/late, which it is run with'
}

@test "a sealed program that is not started by its descriptor is not started by another file's path either" {
	needs_root 'mounts inside'
	local -a by_path
	cp "$TOOLS/probe" "$ROOT/usr/bin/app"
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
	for by_path in --deny=memfd-exec --deny=all --profile=restricted; do
		# shellcheck disable=SC2016
		swapped 78 'nsenter -t "$init" -m /probe bind /granit /usr/bin/app' "$by_path"
		contains "$output" 'something was mounted over it'
		swapped 0 : "$by_path"
		contains "$output" started
	done
}

@test "a program that could not be looked at is not looked for again" {
	# Root without the capabilities to look into the folder of the user that it becomes.
	install -d -m 700 -o 65532 -g 65532 "$BATS_TEST_TMPDIR/closed"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/closed/tool"
	boxed 126 --read-only --caps c0 --bind "$BATS_TEST_TMPDIR/closed:/closed:ro" -- \
		/granit -q --warn=all --user=65532 -- /closed/tool args started
	[ -z "$output" ]
	# And not when it comes while something is waited for.
	mkdir -p "$ROOT/late"
	boxed 127 --read-only -- /granit -q --warn=all -- /late/tool args started
	[ -z "$output" ]
}

@test "a relative program below what --writable declares for programs" {
	mkdir -p "$BATS_TEST_TMPDIR/data"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/data/tool"
	boxed 0 --read-only --bind "$BATS_TEST_TMPDIR/data:/data" -- \
		/granit -q --warn=all --fail=app-immutable --chdir=/data --writable=/data:exec -- ./tool args started
	[ "$output" = started ]
}

@test "a program that can be written elsewhere is told by where links lead" {
	local volume=$BATS_TEST_TMPDIR/volume path
	local -a box=(--read-only --bind "$volume:/ro:ro" --bind "$volume/open:/data")
	mkdir -p "$volume/open" "$volume/shut"
	cp "$TOOLS/probe" "$volume/open/app"
	cp "$TOOLS/probe" "$volume/shut/app"
	ln -s open/app "$volume/link"
	ln -s shut/app "$volume/safe"
	for path in /ro/link /ro/./open/app /ro//open/app /ro/shut/../open/app; do
		boxed 78 "${box[@]}" -- /granit --check -v --ignore=all --fail=app-immutable -- "$path"
		contains "$output" "$path is on a read-only mount, but the same files can be written at /data"
	done
	for path in /ro/safe /ro/./shut/app; do
		boxed 0 "${box[@]}" -- /granit --check -v --ignore=all --fail=app-immutable -- "$path"
	done
}

# shellcheck disable=SC2016 # they are evaluated where init is set
@test "an interpreter behind a folder that is closed to granit, and open to the program's user" {
	needs_root 'mounts inside'
	local APP=1 over='nsenter -t "$init" -m /probe bind /granit /home/app/bin/interp'
	mkdir -p "$ROOT/home/app/bin"
	cp "$TOOLS/probe" "$ROOT/home/app/bin/interp"
	chown -R 1000:1000 "$ROOT/home/app"
	chmod 700 "$ROOT/home/app"
	printf '#!/home/app/bin/interp args\n' >"$ROOT/usr/bin/app"
	chmod 755 "$ROOT/usr/bin/app"
	BOX=(--caps 1c0)
	swapped 0 : --user=1000:1000
	swapped 78 "$over" --user=1000:1000
	contains "$output" '/home/app/bin/interp, which it is run with, is no longer the file that was judged'
	swapped 78 "$over" --user=1000:1000 --profile=restricted
	# What granit could not see it has not judged.
	BEFORE=(/inject setfsuid=EPERM --)
	swapped 78 : --user=1000:1000
	contains "$output" '/home/app/bin/interp, which it is run with'
}
