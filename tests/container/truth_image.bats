#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2154 # every test is a subshell; `run` sets stderr
# Truth table, what an image holds and says: programs and what may be done with them.

bats_require_minimum_version 1.5.0

# with NAME PROGRAM PATH [INSTRUCTION...]: granit-test/NAME:1 is what granit-test/granit:1 is, and has this program there.
with() {
	local name=$1 program=$2 folder=$BATS_FILE_TMPDIR/$1
	mkdir -p "$folder/${3%/*}"
	cp --dereference "$program" "$folder/$3"
	image "granit-test/$name:1" "$folder" "${@:4}"
}

setup_file() {
	local probe=$BATS_TEST_DIRNAME/../../build/tests/probe folder library
	load ../helpers/truth
	truth_file
	with renamed-shell /bin/dash usr/local/bin/worker
	with hidden-shell /bin/dash opt/tools/worker
	with named-shell "$probe" bin/bash
	with multicall /bin/busybox usr/local/bin/server
	with perl /usr/bin/perl usr/bin/perl
	with renamed-perl /usr/bin/perl usr/bin/worker
	with python "$(realpath /usr/bin/python3)" usr/bin/python3
	with packages /usr/bin/dpkg usr/bin/dpkg
	with curl "$probe" usr/bin/curl
	with key "$probe" root/.ssh/id_rsa

	folder=$BATS_FILE_TMPDIR/dangling
	mkdir -p "$folder/bin"
	ln -s /nothing/there "$folder/bin/sh"
	image granit-test/dangling:1 "$folder"

	folder=$BATS_FILE_TMPDIR/setuid
	mkdir -p "$folder/usr/bin"
	install -m 4755 "$probe" "$folder/usr/bin/helper"
	image granit-test/setuid:1 "$folder"

	folder=$BATS_FILE_TMPDIR/world
	mkdir -p "$folder/usr/bin"
	install -m 777 "$probe" "$folder/usr/bin/helper"
	image granit-test/world:1 "$folder"
	folder=$BATS_FILE_TMPDIR/world-folder
	mkdir -p "$folder/usr/local/bin"
	chmod 777 "$folder/usr/local/bin"
	image granit-test/world-folder:1 "$folder"

	folder=$BATS_FILE_TMPDIR/script
	mkdir "$folder"
	printf '#!/probe args\n' >"$folder/program"
	printf '#!/bin/nothing\n' >"$folder/lost"
	chmod 755 "$folder/program" "$folder/lost"
	image granit-test/script:1 "$folder"

	# A program with the loader and the libraries that it names; and without.
	folder=$BATS_FILE_TMPDIR/dynamic
	mkdir -p "$folder/app"
	cp /bin/true "$folder/app/true"
	image granit-test/loaderless:1 "$folder"
	while read -r library; do
		mkdir -p "$folder${library%/*}"
		cp --dereference "$library" "$folder$library"
	done < <(ldd /bin/true | grep -o '/[^ ]*')
	image granit-test/dynamic:1 "$folder"
}

setup() {
	load ../helpers/truth
	truth_setup
}

# holding NAME EXPECT-ARG...: expect, of the image granit-test/NAME:1
holding() {
	IMAGE=granit-test/$1:1
	expect "${@:2}"
}

# restricted NAME STATUS 'FAILING-ID...' [+ID...] [-ID...] [OPTION...]: in that profile, where only the image is at fault
restricted() {
	local -a notes=() flags=(--read-only --user 65532:65532 --cap-drop ALL --security-opt no-new-privileges)
	local name=$1 wanted=$2 failing=$3
	shift 3
	while [[ ${1:-} == [+-][a-z]* ]]; do
		notes+=("$1")
		shift
	done
	[ "$ENGINE" = docker ] || flags+=(--read-only-tmpfs=false)
	holding "$name" "$wanted" "$failing" "${notes[@]}" -- "${flags[@]}" -- --profile=restricted "$@"
}

# ---- programs

@test "podman: a shell by another name" {
	holding renamed-shell 78 no-shell-content -no-shell -- --read-only --
}

@test "docker: a shell by another name" {
	holding renamed-shell 78 no-shell-content -no-shell -- --read-only --
}

@test "podman: a shell by another name, allowed" {
	holding renamed-shell 0 '' -- --read-only -- --allow=/usr/local/bin/worker
}

@test "docker: a shell by another name, allowed" {
	holding renamed-shell 0 '' -- --read-only -- --allow=/usr/local/bin/worker
}

@test "podman: a shell by another name, not looked for" {
	holding renamed-shell 0 '' -no-shell-content -- --read-only -- --scan=off
}

@test "docker: a shell by another name, not looked for" {
	holding renamed-shell 0 '' -no-shell-content -- --read-only -- --scan=off
}

@test "podman: a shell beside the program directories, full scan" {
	holding hidden-shell 78 no-shell-content -- --read-only -- --scan=full
}

@test "docker: a shell beside the program directories, full scan" {
	holding hidden-shell 78 no-shell-content -- --read-only -- --scan=full
}

# What the quick scan is: the limits say so.
@test "podman: a shell beside the program directories, quick scan" {
	holding hidden-shell 0 '' -no-shell-content -- --read-only -- --scan=quick
}

@test "podman: a program called like a shell" {
	holding named-shell 78 no-shell -no-shell-content -- --read-only --
}

@test "docker: a program called like a shell" {
	holding named-shell 78 no-shell -no-shell-content -- --read-only --
}

@test "podman: a shell that is a link to nowhere" {
	holding dangling 0 '' -no-shell -- --read-only --
}

@test "docker: a shell that is a link to nowhere" {
	holding dangling 0 '' -no-shell -- --read-only --
}

@test "podman: busybox by the name of an application" {
	holding multicall 78 'no-multicall no-shell-content' -- --read-only --
}

@test "docker: busybox by the name of an application" {
	holding multicall 78 'no-multicall no-shell-content' -- --read-only --
}

@test "podman: busybox by the name of an application, allowed" {
	holding multicall 0 '' -- --read-only -- --allow=/usr/local/bin/server
}

@test "podman: perl" {
	holding perl 0 '' +no-interpreter -no-shell-content -- --read-only --
}

@test "docker: perl" {
	holding perl 0 '' +no-interpreter -no-shell-content -- --read-only --
}

@test "podman: restricted, perl" {
	restricted perl 78 no-interpreter
}

@test "docker: restricted, perl" {
	restricted perl 78 no-interpreter
}

@test "podman: restricted, perl, allowed" {
	restricted perl 0 '' -no-interpreter --allow=/usr/bin/perl
}

@test "docker: restricted, perl, allowed" {
	restricted perl 0 '' -no-interpreter --allow=/usr/bin/perl
}

@test "podman: python" {
	holding python 0 '' +no-interpreter -no-shell-content -- --read-only --
}

@test "docker: python" {
	holding python 0 '' +no-interpreter -no-shell-content -- --read-only --
}

@test "podman: restricted, python" {
	restricted python 78 no-interpreter
}

@test "docker: restricted, python" {
	restricted python 78 no-interpreter
}

@test "podman: restricted, python, allowed" {
	restricted python 0 '' -no-interpreter --allow=/usr/bin/python3
}

@test "docker: restricted, python, allowed" {
	restricted python 0 '' -no-interpreter --allow=/usr/bin/python3
}

@test "podman: restricted, perl by another name" {
	restricted renamed-perl 78 no-interpreter
}

@test "podman: a package manager" {
	holding packages 0 '' +no-package-manager -- --read-only --
}

@test "docker: a package manager" {
	holding packages 0 '' +no-package-manager -- --read-only --
}

@test "podman: restricted, a package manager" {
	restricted packages 78 no-package-manager
}

@test "docker: restricted, a package manager" {
	restricted packages 78 no-package-manager
}

@test "podman: a download tool" {
	holding curl 0 '' +no-network-tools -- --read-only --
}

@test "docker: a download tool" {
	holding curl 0 '' +no-network-tools -- --read-only --
}

@test "podman: restricted, a download tool" {
	restricted curl 78 no-network-tools
}

@test "podman: a setuid file" {
	holding setuid 0 '' +setuid-files -- --read-only --
}

@test "docker: a setuid file" {
	holding setuid 0 '' +setuid-files -- --read-only --
}

@test "podman: restricted, a setuid file" {
	restricted setuid 78 setuid-files
}

@test "docker: restricted, a setuid file" {
	restricted setuid 78 setuid-files
}

@test "podman: a program that everybody may write" {
	holding world 0 '' +world-writable -- --read-only --
}

@test "docker: a program that everybody may write" {
	holding world 0 '' +world-writable -- --read-only --
}

@test "podman: a directory that everybody may write" {
	holding world-folder 0 '' +world-writable -- --read-only --
}

@test "docker: a directory that everybody may write" {
	holding world-folder 0 '' +world-writable -- --read-only --
}

@test "podman: a private key, full scan" {
	holding key 0 '' +image-secrets -- --read-only -- --scan=full
}

# ---- the program itself

script() {
	IMAGE=granit-test/script:1
	runs 0 --read-only --entrypoint /granit "$IMAGE" -v -- /program started
	verdict 0 '' "$status" "$output"$'\n'"$stderr"
	runs 127 --read-only "$IMAGE" /lost
	has "$stderr" 'which is not in the image'
}

@test "podman: a script, whose interpreter is there or not" {
	script
}

@test "docker: a script, whose interpreter is there or not" {
	script
}

dynamic() {
	runs 0 --read-only --entrypoint /granit granit-test/dynamic:1 -v -- /app/true
	is "checks that fail" '' "$(ids FAIL "$stderr")"
	has "$stderr" 'info no-dynamic-loader:'
	runs 127 --read-only granit-test/loaderless:1 /app/true
}

@test "podman: a loader beside a static program" {
	holding dynamic 0 '' +no-dynamic-loader -- --read-only --
}

@test "docker: a loader beside a static program" {
	holding dynamic 0 '' +no-dynamic-loader -- --read-only --
}

@test "podman: a dynamic program, whose loader is there or not" {
	dynamic
}

@test "docker: a dynamic program, whose loader is there or not" {
	dynamic
}
