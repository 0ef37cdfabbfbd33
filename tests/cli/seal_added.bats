#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What was added to a sealed image: what warns, and what is refused; how many differences count; and which large files are programs.
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

# Whatever list of code somebody has, an interpreter knows more: node takes lib/util before lib/util.js.
@test "an added file is grave unless it is known to be data" {
	local name dir=usr/share/app
	mkdir -p "$ROOT/$dir"
	echo x >"$ROOT/$dir/util.js"
	sealed
	for name in util NEWS tclIndex Rprofile.site a-1.0.gemspec jvm.options app.vmoptions sys.config vm.args web.config auto.al \
		index.html mail.txt entry_points.txt Gemfile.lock loaders.cache app.mo data.bin a.xyz a. b.tar.gz page.php.png page.PHP.Png; do
		printf 'prose\n' >"$ROOT/$dir/$name"
		refused "/$dir/$name was added: a file that is not known to be data"
		rm "$ROOT/$dir/$name"
	done
	# What shows that it is a program does so, whatever it is called.
	printf '#!/probe\n' >"$ROOT/$dir/picture.png"
	refused "/$dir/picture.png was added: a program"
	rm "$ROOT/$dir/picture.png"
	cp "$TOOLS/probe" "$ROOT/$dir/picture.png"
	chmod 644 "$ROOT/$dir/picture.png"
	printf XXXX | dd of="$ROOT/$dir/picture.png" conv=notrunc status=none
	refused "/$dir/picture.png was added: a program"
	rm "$ROOT/$dir/picture.png"
	# What an engine leaves to mount on, and data.
	mkdir "$ROOT/srv" && : >"$ROOT/srv/mounted" && : >"$ROOT/.dockerenv"
	for name in picture.png jquery.min.css FONT.TTF README.md rows.csv app.log logo-2.0.svg; do
		printf 'prose\n' >"$ROOT/$dir/$name"
	done
	starts
	contains "$stderr" ' image-sealed '
	boxed 0 --read-only -- /granit --check -v
	for name in srv/mounted "$dir/picture.png" "$dir/jquery.min.css" "$dir/FONT.TTF" "$dir/README.md"; do
		contains "$output" "/$name was added: a file"
	done
	contains "$output" "note: /.dockerenv is not the image's: made by the runtime"
}

@test "what a program stored in a declared path of a writable root does not keep it from its next start" {
	printf 'rows\n' >"$ROOT/data/state.db"
	boxed 78 -- /granit --warn=root-read-only,root-remount -- /probe exit 7
	contains "$stderr" '/data/state.db was added: a file that is not known to be data'
	boxed 7 -- /granit --warn=root-read-only,root-remount --writable=/data -- /probe exit 7
	cp "$TOOLS/probe" "$ROOT/data/tool"
	boxed 78 -- /granit --warn=root-read-only,root-remount --writable=/data -- /probe exit 7
	contains "$stderr" '/data/tool was added: a program'
}

@test "differences that options name take no room from what none names" {
	local i ignored=()
	mkdir "$ROOT/srv"
	for i in {10..73} last; do echo x >"$ROOT/srv/$i.md"; done
	sealed
	for i in {10..73}; do
		echo y >"$ROOT/srv/$i.md"
		ignored+=("--ignore=image-sealed:/srv/$i.md")
	done
	starts "${ignored[@]}"
	ignored[63]=--warn=image-sealed:/srv/73.md
	starts "${ignored[@]}"
	# Contents are compared in the order of the names.
	echo y >"$ROOT/srv/last.md"
	refused '/srv/last.md has changed' "${ignored[@]}"
	# More than are reported, and none of them named.
	rm "$ROOT"/srv/*
	sealed
	for i in {10..99}; do echo x >"$ROOT/srv/$i.md"; done
	starts
	refused '/srv/99.md was added: a file' --fail=image-sealed:/srv/99.md
}

# Whoever opens it, as node does before util.js, gets what another one writes.
@test "an added pipe or socket is grave" {
	mkfifo -m 666 "$ROOT/usr/share/util"
	refused '/usr/share/util was added: a pipe or socket'
	rm "$ROOT/usr/share/util"
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$ROOT/usr/share/s"
	refused '/usr/share/s was added: a pipe or socket'
}

@test "a link /etc/mtab that was added leads to the mount table, or is no runtime's" {
	local target
	for target in /proc/mounts /proc/self/mounts ../proc/mounts ../proc/self/mounts; do
		ln -sfn "$target" "$ROOT/etc/mtab"
		starts -q
	done
	for target in /data/x ../data/x /proc/self/root/data/x /proc/self/cwd/x /proc/mounts/../../data /proc/self/mounts-and-more-than-fits-there; do
		ln -sfn "$target" "$ROOT/etc/mtab"
		refused '/etc/mtab was added'
	done
}

@test "a program in a directory of the runtime's is in no manifest" {
	needs_root 'a mount of another file system'
	local volume=$BATS_TEST_TMPDIR/userdata/run/secrets point
	mkdir -p "$volume" "$ROOT/run/secrets" "$ROOT/var/log/amazon/ssm"
	cp "$TOOLS/probe" "$volume/tool"
	sealed
	for point in /run/secrets:ro /var/log/amazon/ssm; do
		BOX=(--bind "$volume:$point")
		boxed 78 --read-only "${BOX[@]}" -- /granit --landlock=off --warn=app-immutable,foreign-programs --verify=all -- "${point%:ro}/tool" args started
		contains "$stderr" "the program, which no line of the manifest names; it lies on another mount"
		# Where another program is started it covers what it always does.
		boxed 7 --read-only "${BOX[@]}" -- /granit --verify=all -- /probe exit 7
	done
}

@test "a pickle is code, whatever it is called" {
	local protocol
	for protocol in 2 3 4 5; do
		printf '\x80%bcos system' "\\x0$protocol" >"$ROOT/usr/share/model.png"
		refused '/usr/share/model.png was added: a program'
	done
	printf '\x80\x06cos' >"$ROOT/usr/share/model.png"
	starts -q
	# One that is large is read with --verify=programs, whatever its name.
	{
		printf '\x80\x04'
		head -c 100000 /dev/zero
	} >"$ROOT/usr/share/model.png"
	sealed
	starts -q
	printf x | dd of="$ROOT/usr/share/model.png" bs=1 seek=90000 conv=notrunc status=none
	refused '/usr/share/model.png'
}

@test "a changed byte above 1 MiB in what the command line names, and in settings" {
	local name
	for name in usr/share/server usr/share/routes.yml; do
		head -c 1048577 /dev/zero >"$ROOT/$name"
	done
	sealed
	printf 'x' | dd of="$ROOT/usr/share/server" bs=1 seek=70 conv=notrunc status=none
	starts
	for name in /usr/share/server --app=../share/server:main 'cat server|wc'; do
		boxed 78 --read-only -- /granit -- /probe args started "$name"
		contains "$stderr" '/usr/share/server has changed'
	done
	boxed 0 --read-only -- /granit -- /probe args /srv/server.d/x /x/myserver
	printf 'x' | dd of="$ROOT/usr/share/routes.yml" bs=1 seek=70 conv=notrunc status=none
	refused '/usr/share/routes.yml has changed'
}
