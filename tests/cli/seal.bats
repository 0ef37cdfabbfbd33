#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# A sealed image as process 1 finds it: what starts, and what is refused with the path.
# shellcheck disable=SC2030,SC2031,SC2154 # bats sets output and stderr

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/engines
	load ../helpers/granit
	granit_setup
	make_root
	mkdir -p "$ROOT/usr/lib" "$ROOT/etc/app" "$ROOT/usr/share"
	printf 'setting\n' >"$ROOT/etc/app/conf"
	printf 'prose\n' >"$ROOT/usr/share/text"
	cp "$TOOLS/probe" "$ROOT/usr/lib/libapp.so.1"
	ln -s libapp.so.1 "$ROOT/usr/lib/libapp.so"
	sealed
}

# The image as it is now gets its manifest.
sealed() {
	"$GRANIT" --seal="$ROOT" >"$BATS_TEST_TMPDIR/manifest" 3>&-
	cp "$BATS_TEST_TMPDIR/manifest" "$ROOT/etc/granit.manifest"
}

starts() {
	boxed 7 --read-only "${BOX[@]}" -- /granit "$@" -- /probe exit 7
}

# refused TEXT [OPTION...]: with this evidence
refused() {
	local text=$1
	shift
	boxed 78 --read-only "${BOX[@]}" -- /granit "$@" -- /probe args started
	[ -z "$output" ]
	contains "$stderr" 'FAIL image-sealed'
	contains "$stderr" "$text"
}

@test "an untouched image starts" {
	starts
	starts --verify=all --profile=immutable
	boxed 0 --read-only -- /granit --check -v
	contains "$output" 'pass image-sealed'
	contains "$output" 'note: unsigned'
}

@test "a changed byte in a program" {
	printf 'x' | dd of="$ROOT/usr/lib/libapp.so.1" bs=1 seek=100 conv=notrunc status=none
	refused '/usr/lib/libapp.so.1 has changed: its content is not what was sealed'
}

@test "a changed byte in a plain file: in one above 1 MiB with --verify=all only" {
	local name
	head -c 1048577 /dev/zero >"$ROOT/usr/share/large"
	head -c 65537 /dev/zero >"$ROOT/usr/share/film.mp4"
	head -c 1048576 /dev/zero >"$ROOT/usr/share/odd.dump"
	# What nobody thought of is code to somebody.
	for name in text evil.pth page.phtml a.phar a.whl a.egg page.jsp script.R a.pyo a.ts odd.xyz NOTES; do
		printf 'prose\n' >"$ROOT/usr/share/$name"
	done
	sealed
	for name in large film.mp4; do
		printf 'x' | dd of="$ROOT/usr/share/$name" bs=1 seek=70 conv=notrunc status=none
	done
	starts
	refused '/usr/share/large has changed' --verify=all
	printf 'x' | dd of="$ROOT/usr/share/odd.dump" bs=1 seek=70 conv=notrunc status=none
	refused '/usr/share/odd.dump has changed'
	printf '\0' | dd of="$ROOT/usr/share/odd.dump" bs=1 seek=70 conv=notrunc status=none
	for name in text evil.pth page.phtml a.phar a.whl a.egg page.jsp script.R a.pyo a.ts odd.xyz NOTES; do
		printf 'PROSE\n' >"$ROOT/usr/share/$name"
		refused "/usr/share/$name has changed: its content is not what was sealed"
		printf 'prose\n' >"$ROOT/usr/share/$name"
	done
}

@test "an added file that an interpreter would run is a program, whatever the case of its name" {
	local name
	for name in evil.pth index.PHP a.R a.phar mod.TS site.whl z.ini page.jsp Foo.pmc Foo.bs ld-musl-x86_64.path a.zo a.fasl a.inc a.module a.php5 a.aspx a.jspf \
		a.ez start.boot a.pyw a.rbw a.plx Rakefile; do
		printf 'import os\n' >"$ROOT/usr/share/$name"
		refused "/usr/share/$name was added: a program"
		rm "$ROOT/usr/share/$name"
	done
}

@test "a changed line of configuration" {
	printf 'Setting\n' >"$ROOT/etc/app/conf"
	refused '/etc/app/conf has changed'
}

@test "another size" {
	printf 'x' >>"$ROOT/usr/share/text"
	refused '/usr/share/text has changed: 7 bytes, sealed with 6'
}

@test "another mode, and another owner" {
	chmod 4755 "$ROOT/usr/lib/libapp.so.1"
	refused '/usr/lib/libapp.so.1 has another mode: mode 4755, sealed as 0755'
	chmod 755 "$ROOT/usr/lib/libapp.so.1"
	needs_root 'changes an owner'
	chown 1:2 "$ROOT/usr/share/text"
	refused '/usr/share/text has another owner: owner 1:2, sealed as 0:0'
}

@test "another link, another type, and what is missing" {
	ln -snf /data/evil "$ROOT/usr/lib/libapp.so"
	refused '/usr/lib/libapp.so is another link'
	rm "$ROOT/usr/lib/libapp.so"
	refused '/usr/lib/libapp.so is missing'
	mkdir "$ROOT/usr/lib/libapp.so"
	refused '/usr/lib/libapp.so is something else: a dir, sealed as a link'
}

@test "an added program fails, whatever makes it one; added data warns" {
	printf 'x' >"$ROOT/usr/share/more.md"
	starts
	boxed 0 --read-only -- /granit --check -v
	contains "$output" 'warn image-sealed'
	contains "$output" '/usr/share/more.md was added: a file'
	chmod 755 "$ROOT/usr/share/more.md"
	refused '/usr/share/more.md was added: a program'
	rm "$ROOT/usr/share/more.md"
	printf '#!/probe\n' >"$ROOT/usr/share/script"
	refused '/usr/share/script was added: a program'
	rm "$ROOT/usr/share/script"
	printf 'import os\n' >"$ROOT/usr/share/module.py"
	refused '/usr/share/module.py was added: a program'
	rm "$ROOT/usr/share/module.py"
	# In /etc too, where plain files are read like programs when they are sealed.
	cp "$TOOLS/probe" "$ROOT/etc/app/plugin"
	chmod 644 "$ROOT/etc/app/plugin"
	refused '/etc/app/plugin was added: a program'
	rm "$ROOT/etc/app/plugin"
	printf 'import os\n' >"$ROOT/etc/app/module.py"
	refused '/etc/app/module.py was added: a program'
	rm "$ROOT/etc/app/module.py"
	ln -s /data/x "$ROOT/usr/share/link"
	refused '/usr/share/link was added: a link'
	rm "$ROOT/usr/share/link"
	printf '/data/x.so\n' >"$ROOT/etc/ld.so.preload"
	refused '/etc/ld.so.preload was added: what it says is obeyed' --ignore=ld-preload
}

@test "an added file below /etc fails, whatever it is: loaders, the C library and programs obey it" {
	local path
	for path in /etc/passwd /etc/group /etc/ld-musl-x86_64.path /etc/nsswitch.conf /etc/ld.so.cache /etc/app/more /etc/hosts \
		/usr/etc/nsswitch.conf /usr/local/etc/php.ini; do
		mkdir -p "$ROOT${path%/*}"
	done
	sealed
	for path in /etc/passwd /etc/group /etc/ld-musl-x86_64.path /etc/nsswitch.conf /etc/ld.so.cache /etc/app/more /etc/hosts \
		/usr/etc/nsswitch.conf /usr/local/etc/php.ini; do
		printf 'x:x:65532:0::/:/\n' >"$ROOT$path"
		refused "$path was added: "
		rm "$ROOT$path"
	done
	# What is mounted there is the deployer's word, and no secret.
	printf '/data\n' >"$BATS_TEST_TMPDIR/path"
	BOX=(--bind "$BATS_TEST_TMPDIR/path:/etc/ld-musl-x86_64.path:ro")
	boxed 0 --read-only "${BOX[@]}" -- /granit --check -v --ignore=all --warn=image-sealed
	contains "$output" 'warn image-sealed'
	contains "$output" "/etc/ld-musl-x86_64.path is not the image's: a mount where the image has nothing"
	mkdir "$BATS_TEST_TMPDIR/path.d"
	rm -f "$ROOT/etc/ld-musl-x86_64.path"
	BOX=(--bind "$BATS_TEST_TMPDIR/path.d:/data:ro")
	boxed 0 --read-only "${BOX[@]}" -- /granit --check -v --ignore=all --warn=image-sealed
	contains "$output" 'pass image-sealed'
	contains "$output" "note: /data is not the image's: a mount where the image has nothing"
}

@test "a program on another mount, which no manifest names, is not what was sealed" {
	mkdir -p "$ROOT/usr/local/bin" "$BATS_TEST_TMPDIR/tools"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/tools/app"
	sealed
	BOX=(--bind "$BATS_TEST_TMPDIR/tools:/usr/local/bin:ro")
	boxed 78 --read-only "${BOX[@]}" -- /granit -- app args started
	[ -z "$output" ]
	contains "$stderr" '/usr/local/bin/app is not sealed: the program, which no line of the manifest names'
	boxed 78 --read-only "${BOX[@]}" -- /granit --check -v -- /usr/local/bin/app
	contains "$output" 'FAIL image-sealed'
	# A program of the image's is sealed, whatever lies beside it; a declared volume is the deployer's word.
	starts
	BOX=(--bind "$BATS_TEST_TMPDIR/tools:/usr/local/bin")
	boxed 0 --read-only "${BOX[@]}" -- /granit --check -v --writable=/usr/local/bin:exec -- app
	contains "$output" 'warn image-sealed'
}

@test "what the kernel runs the program with is part of the seal too" {
	mkdir -p "$ROOT/usr/bin" "$ROOT/opt/tools" "$BATS_TEST_TMPDIR/tools"
	printf '#!/opt/tools/middle\n' >"$ROOT/usr/bin/hello"
	chmod 755 "$ROOT/usr/bin/hello"
	# The image has a folder without a file for each to be mounted on.
	sealed
	printf '#!/opt/tools/run\n' >"$BATS_TEST_TMPDIR/tools/middle"
	cp "$TOOLS/probe" "$BATS_TEST_TMPDIR/tools/run"
	chmod 755 "$BATS_TEST_TMPDIR/tools/middle"
	BOX=(--bind "$BATS_TEST_TMPDIR/tools:/opt/tools:ro")
	boxed 78 --read-only "${BOX[@]}" -- /granit -- /usr/bin/hello
	contains "$stderr" '/opt/tools/run is not sealed: what the program is run with, which no line of the manifest names'
	contains "$stderr" '/opt/tools/middle is not sealed: what the program is run with'
}

@test "the seal opens no folder that the program's user may not enter" {
	needs_root 'becomes another user'
	needs_named_execveat
	mkdir -m 700 "$ROOT/private"
	cp "$TOOLS/probe" "$ROOT/private/app"
	boxed 126 --read-only -- /granit --ignore=image-sealed --user=65532 -- /private/app args started
	sealed
	boxed 126 --read-only -- /granit --user=65532 -- /private/app args started
	[ -z "$output" ]
	# root without its capabilities is somebody, too
	chown 1000 "$ROOT/private"
	sealed
	boxed 126 --read-only -- /granit -- /private/app args started
	[ -z "$output" ]
	chmod 755 "$ROOT/private"
	sealed
	boxed 0 --read-only -- /granit -q --user=65532 -- /private/app execfn
	[[ $output == /dev/fd/[0-9]*' app' ]]
}

@test "an owner that a user namespace has no number for is no other owner" {
	needs_root 'changes an owner'
	chown 1234:1234 "$ROOT/usr/share/text"
	sealed
	expect 0 unshare --map-root-user "$GRANIT" --check -v --root="$ROOT" --ignore=all --fail=image-sealed
	contains "$output" 'note: /usr/share/text has an unknown owner: owner 65534:65534, sealed as 1234:1234'
	# One that it has a number for is.
	chown 0:1234 "$ROOT/usr/share/text"
	sealed
	chown 1234:1234 "$ROOT/usr/share/text"
	expect 78 unshare --map-root-user "$GRANIT" --check -v --root="$ROOT" --ignore=all --fail=image-sealed
	contains "$output" '/usr/share/text has another owner'
	# Where all are mapped, it is nobody who owns it.
	chown 1234:1234 "$ROOT/usr/share/text"
	sealed
	chown 65534:65534 "$ROOT/usr/share/text"
	expect 78 "$GRANIT" --check -v --root="$ROOT" --ignore=all --fail=image-sealed
}

@test "an empty file that engines make is nobody's, one with something in it is" {
	local path
	local -a paths=(/.dockerenv /run/.containerenv /etc/hosts /etc/hostname /etc/resolv.conf /dev/console /dev/termination-log)
	mkdir -p "$ROOT/run" "$ROOT/dev"
	sealed
	for path in "${paths[@]}"; do
		touch "$ROOT$path"
	done
	expect 0 "$GRANIT" --check -v --root="$ROOT" --ignore=all --fail=image-sealed
	for path in "${paths[@]}"; do
		contains "$output" "note: $path is not the image's: made by the runtime"
		printf 'x' >"$ROOT$path"
		expect 78 "$GRANIT" --check -v --root="$ROOT" --ignore=all --fail=image-sealed
		contains "$output" "$path was added"
		rm "$ROOT$path"
	done
}

@test "a mount over a library, or over a folder with files" {
	printf 'x' >"$BATS_TEST_TMPDIR/lib"
	mkdir "$BATS_TEST_TMPDIR/folder"
	BOX=(--bind "$BATS_TEST_TMPDIR/lib:/usr/lib/libapp.so.1:ro")
	refused '/usr/lib/libapp.so.1 is covered by a mount'
	BOX=(--bind "$BATS_TEST_TMPDIR/folder:/usr/lib:ro")
	refused '/usr/lib is covered by a mount: hides /usr/lib/libapp.so'
}

@test "a mount on an empty folder is what that is for, and a declared one may cover" {
	BOX=(--tmpfs /data:noexec)
	starts --writable=/data
	printf 'x' >"$ROOT/data/seed"
	sealed
	starts --writable=/data
	refused '/data is covered by a mount: hides /data/seed'
	boxed 0 --read-only "${BOX[@]}" -- /granit --check -v --writable=/data
	contains "$output" '/data is not the image'\''s: a mount of the runtime'\''s, or a declared one'
}

@test "the digest is that of the manifest, or nothing of it is read" {
	local sum
	sum=$(sha256sum <"$ROOT/etc/granit.manifest" | cut -c 1-64)
	starts --manifest-digest="$sum"
	starts --manifest-digest="${sum^^}"
	boxed 0 --read-only -- /granit --check -v --manifest-digest="$sum"
	contains "$output" 'the manifest has the required digest; proof from the command line: authenticity, unless'
	printf 'nonsense\n' >>"$ROOT/etc/granit.manifest"
	refused 'not the one of --manifest-digest' --manifest-digest="$sum"
	refused 'line 17: the line does not begin with a path'
	rm "$ROOT/etc/granit.manifest"
	refused 'cannot read /etc/granit.manifest: No such file or directory' --manifest-digest="$sum"
}

@test "an added configuration is refused: it would be obeyed" {
	printf 'warn = no-shell\n' >"$ROOT/etc/granit.conf"
	refused '/etc/granit.conf was added: what it says is obeyed'
}

@test "the image's own configuration does not switch the check off" {
	printf 'ignore = image-sealed\n' >"$ROOT/etc/granit.conf"
	sealed
	printf 'x' | dd of="$ROOT/usr/lib/libapp.so.1" bs=1 seek=100 conv=notrunc status=none
	refused '/usr/lib/libapp.so.1 has changed'
	starts --ignore=image-sealed
}

@test "a manifest that was asked for has to be there; else none is needed" {
	mv "$ROOT/etc/granit.manifest" "$ROOT/usr/share/other"
	starts
	refused 'cannot read /etc/other: No such file or directory' --manifest=/etc/other
	boxed 0 --read-only -- /granit --check -v
	contains "$output" 'n/a  image-sealed'
}

@test "a signature that is not there, or does not hold, is refused" {
	refused 'there is a key, but no signature beside the manifest' --manifest-key=RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
	printf 'untrusted comment: x\nRWQ=\n' >"$ROOT/etc/granit.manifest.minisig"
	refused 'its signature: ' --manifest-key=RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
	refused 'cannot read the key /etc/none.pub: No such file or directory' --manifest-key=/etc/none.pub
}

@test "on a writable root the verdict is advisory" {
	boxed 78 -- /granit --check -v
	contains "$output" '/ is writable: what matched may change at any time'
}

@test "in audit it warns, in plain nobody looks" {
	printf 'x' | dd of="$ROOT/usr/lib/libapp.so.1" bs=1 seek=100 conv=notrunc status=none
	starts --profile=audit
	contains "$stderr" warning
	starts --profile=plain
	refused '/usr/lib/libapp.so.1 has changed' --profile=restricted --user=65532 --ignore=all --fail=image-sealed
}

@test "two processes read much of it, and none is left; one does when there can be no second" {
	# Not holes: what is read is read.
	for i in 1 2 3; do head -c 30000000 /dev/zero | tr '\0' "$i" >"$ROOT/usr/lib/$i.so"; done
	sealed
	boxed 0 --read-only -- /granit -q -- /probe zombies
	[ "$output" = 'zombies 0' ]
	printf 'x' | dd of="$ROOT/usr/lib/2.so" bs=1 seek=29999999 conv=notrunc status=none
	refused '/usr/lib/2.so has changed'
	boxed 78 --read-only -- /inject clone=EAGAIN -- /granit -- /probe args started
	contains "$stderr" '/usr/lib/2.so has changed'
}

# Since 6.14 it keeps its name so; before, granit takes the path.
needs_named_execveat() {
	local release
	IFS=.- read -ra release < <(uname -r)
	((release[0] > 6 || (release[0] == 6 && release[1] >= 14))) || skip 'the kernel would call it by the number of a descriptor'
}

@test "the program is executed through the descriptor that it was verified by, and keeps its name" {
	needs_named_execveat
	boxed 0 --read-only -- /granit -q -- /probe execfn
	[[ $output == /dev/fd/[0-9]*' probe' ]]
	boxed 0 --read-only -- /granit -q --exec -- /probe execfn
	[[ $output == /dev/fd/[0-9]*' probe' ]]
	boxed 0 --read-only -- /inject execveat=EPERM -- /granit -q -- /probe execfn
	[ "$output" = '/probe probe' ]
	boxed 0 --read-only -- /granit -q --profile=plain -- /probe execfn
	[ "$output" = '/probe probe' ]
	boxed 0 --read-only -- /granit -q -- /probe fds
	[ "$(awk '{ print $1 }' <<<"$output" | tr '\n' ' ')" = '0 1 2 ' ]
}

@test "what is mounted over the program after it was verified does not run" {
	needs_named_execveat
	local box init out=$BATS_TEST_TMPDIR/out
	mkdir -p "$ROOT/data"
	sealed
	"$TOOLS/nscontainer" --read-only --tmpfs /data:noexec,nosuid,nodev "$ROOT" -- /granit -q --ignore=writable-mounts,dir-fd-leak \
		--wait-for=file:/data/go --timeout=30s -- /probe execfn >"$out" 2>&1 </dev/null 3>&- &
	box=$!
	# The program's own process waits: it is there when all is verified.
	retry 200 0.05 eval "init=\$(pgrep -P $box) && pgrep -P \$init >/dev/null" || {
		cat "$out"
		false
	}
	nsenter -t "$init" -m /probe bind /granit /probe
	touch "/proc/$init/root/data/go"
	wait "$box"
	[[ $(<"$out") == /dev/fd/[0-9]*' probe' ]]
}

@test "the same verdict where the kernel has no openat2" {
	boxed 0 --read-only -- /inject openat2=ENOSYS -- /granit --check -v
	contains "$output" 'pass image-sealed'
	printf 'x' | dd of="$ROOT/usr/lib/libapp.so.1" bs=1 seek=100 conv=notrunc status=none
	boxed 78 --read-only -- /inject openat2=ENOSYS -- /granit -- /probe args started
	contains "$stderr" '/usr/lib/libapp.so.1 has changed'
}

@test "what another user than root cannot reach is a note; what it may execute and not read is unknown" {
	needs_root 'becomes another user'
	mkdir -m 700 "$ROOT/root"
	printf 'x' >"$ROOT/root/file"
	printf 'x' >"$ROOT/etc/shadow"
	chmod 640 "$ROOT/etc/shadow"
	sealed
	BOX=(--user 65532:65532)
	starts
	boxed 0 --read-only "${BOX[@]}" -- /granit --check -v
	contains "$output" "/root is out of the program's reach: Permission denied"
	contains "$output" "/etc/shadow is out of the program's reach: Permission denied"
	run ! grep -q 'is missing' <<<"$output"
	cp "$TOOLS/probe" "$ROOT/secret"
	chmod 711 "$ROOT/secret"
	sealed
	refused '/secret cannot be verified: Permission denied'
}

@test "options say what they take" {
	expect 125 "$GRANIT" --manifest=relative -- /x
	contains "$stderr" '--manifest'
	expect 125 "$GRANIT" --manifest-digest=12 -- /x
	contains "$stderr" '64 hexadecimal digits'
	expect 125 "$GRANIT" --manifest-key=word -- /x
	contains "$stderr" 'begins with RW'
	expect 125 "$GRANIT" --verify=some -- /x
	contains "$stderr" 'programs'
}

@test "what an interpreter or a library obeys is grave where it was added" {
	local name
	for name in usr/pyvenv.cfg usr/lib/openssl.cnf usr/share/app.runtimeconfig.dev.json .bashrc usr/share/.npmrc; do
		echo 'home = /data' >"$ROOT/$name"
		refused "/$name was added: a program"
		rm "$ROOT/$name"
	done
}

@test "large files of code that are no ELF: by what they begin with, or by their names" {
	local head
	for head in '\xda\xda\xfe\xca' 'PK\x03\x04' '\xca\xfe\xba\xbe' '\0asm'; do
		{ printf '%b' "$head" && head -c 100000 /dev/zero; } >"$ROOT/usr/lib/modules"
		sealed
		starts
		printf x | dd of="$ROOT/usr/lib/modules" bs=1 seek=90000 conv=notrunc status=none
		refused '/usr/lib/modules has changed'
	done
	rm "$ROOT/usr/lib/modules"
	for name in a.pkl a.jpi a.jsa a.rdb; do
		head -c 100000 /dev/zero >"$ROOT/usr/lib/$name"
		sealed
		printf x | dd of="$ROOT/usr/lib/$name" bs=1 seek=90000 conv=notrunc status=none
		refused "/usr/lib/$name has changed"
		rm "$ROOT/usr/lib/$name"
	done
}

@test "a volume where code is looked for is told of" {
	mkdir -p "$ROOT/usr/local/lib" "$ROOT/srv/data" "$BATS_TEST_TMPDIR/volume"
	sealed
	BOX=(--bind "$BATS_TEST_TMPDIR/volume:/usr/local/lib:ro")
	starts
	contains "$stderr" 'image-sealed'
	BOX=(--bind "$BATS_TEST_TMPDIR/volume:/srv/data:ro")
	starts
	[[ $stderr != *image-sealed* ]]
}

@test "the runtime's own /etc/passwd does not explain a name that is asked for" {
	printf 'app:x:7:7::/:/x\n' >"$ROOT/etc/passwd"
	printf 'app:x:0:0::/:/x\n' >"$BATS_TEST_TMPDIR/passwd"
	sealed
	BOX=(--bind "$BATS_TEST_TMPDIR/passwd:/etc/passwd:ro")
	refused '/etc/passwd is covered by a mount' --user=app
	# Its groups are what the files say.
	refused '/etc/passwd is covered by a mount' --user=7
	starts --user=7:7
}

@test "what a runtime brings to be started takes no sealed program's place" {
	needs_root 'another user'
	mkdir -p "$ROOT/sbin" "$ROOT/managed-agents/execute-command"
	cp "$TOOLS/probe" "$ROOT/sbin/tini"
	cp "$TOOLS/inject" "$ROOT/managed-agents/execute-command/x"
	sealed
	BOX=(--bind "$TOOLS/inject:/sbin/tini:ro")
	refused '/sbin/tini is covered by a mount'
	boxed 78 --read-only "${BOX[@]}" -- /granit --landlock=off -- /sbin/tini args started
	contains "$stderr" '/sbin/tini is not sealed'
	BOX=(--bind "$TOOLS:/managed-agents/execute-command:ro")
	refused '/managed-agents/execute-command is covered by a mount'
	# Where the image has nothing it is in nobody's place.
	rm "$ROOT/managed-agents/execute-command/x"
	sealed
	starts
}
