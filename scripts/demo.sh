#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# See granit at work: an image of two files in a real container, and three ways to run it wrong.
#
#	demo.sh			in podman and runc; ENGINE=docker in Docker, ENGINE=none in namespaces without an engine
#
# The engine is one of the demo's own, in a temporary folder: the machine's podman or Docker, its images and its
# containers are not touched. Where none can be started (that takes root), namespaces have to do.
# Every command is shown before its output. The status is 0 only if everything went as it should.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

: "${ENGINE:=podman}"
image=granit-demo/hello
# A program that is started although it should have been refused would run for ever.
export ENGINE_TIMEOUT=15

die() {
	printf 'demo: %s\n' "$@" >&2
	exit 1
}

case $ENGINE in
podman | docker | none) ;;
*) die "ENGINE=$ENGINE is no engine: podman, docker or none" ;;
esac

# ---- what is shown, and what is held against it

bold='' plain=''
if [ -t 1 ]; then
	bold=$'\e[1m' plain=$'\e[0m'
fi
step=0 right=0 wrong=0

heading() {
	step=$((step + 1))
	printf '\n%s%d. %s%s\n' "$bold" "$step" "$1" "$plain"
}

show() { # WORD...: the command that is about to be run, as one would type it
	local word line=
	for word; do
		[[ $word =~ ^[A-Za-z0-9_./:=,@+%\&-]+$ ]] || word=\'$word\'
		line+=" $word"
	done
	printf '   $%s\n' "$line"
}

run() { # COMMAND [ARG...]: shown, and run
	show "$@"
	"$@" 2>&1 | output
}

output() { # of the command before, set apart from it
	sed 's/^/   | /'
}

expect() { # WHAT COMMAND [ARG...]
	local what=$1
	shift
	if "$@"; then
		right=$((right + 1))
		printf '   ok: %s\n' "$what"
	else
		wrong=$((wrong + 1))
		printf '   %sNOT AS EXPECTED%s: %s\n' "$bold" "$plain" "$what"
	fi
}

equal() {
	[ "$1" = "$2" ] && return
	printf '   wanted %q, got %q\n' "$2" "$1"
	return 1
}

contains() {
	[[ $1 == *"$2"* ]]
}

# ---- containers: of an engine, or without one

# shellcheck source=tests/helpers/engines.bash
. tests/helpers/engines.bash

# Without an engine an image is a folder, and a container a process of this script.
ns_words=()
ns_command() { # [--user=ID:ID] [-v SOURCE:DEST] [--read-only] [--entrypoint=PROGRAM] IMAGE
	local user=65532:65532 argv=(/granit -- /hello) flags=(--net)
	while [ $# -gt 1 ]; do
		case $1 in
		--user=*) user=${1#*=} ;;
		--entrypoint=*) argv=("${1#*=}") ;;
		-v)
			flags+=(--bind "$2")
			shift
			;;
		*) flags+=("$1") ;;
		esac
		shift
	done
	# A caller who is not root can be root in a user namespace, and nobody else.
	[ "$(id -u)" -ne 0 ] || flags+=(--user "$user")
	ns_words=(build/tests/nscontainer "${flags[@]}" "$work/images/$1" -- "${argv[@]}")
}

container_build() { # IMAGE DIR: from DIR/Dockerfile
	if [ "$ENGINE" = none ]; then
		local from
		mkdir -p "$work/images/$1"
		from=$(sed -n 's/^FROM //p' "$2/Dockerfile")
		[ "$from" = scratch ] || cp -a "$work/images/$from/." "$work/images/$1/"
		run cp -a "$2/root/." "$work/images/$1/"
		return
	fi
	sed 's/^/   Dockerfile | /' "$2/Dockerfile"
	show "$ENGINE" build --quiet --tag "$1" "$2"
	# The builder that comes with the engine; the other one is a plug-in.
	DOCKER_BUILDKIT=0 engine build --quiet --tag "$1" "$2" 2>&1 >/dev/null | { grep -v -e DEPRECATED -e BuildKit -e 'environment-variable' -e '^ *$' || :; } | output
}

# Sets `said` and `status`.
container_run() { # FLAG... IMAGE
	status=0
	if [ "$ENGINE" = none ]; then
		ns_command "$@"
		show "${ns_words[@]}"
		said=$(timeout -k 1 "$ENGINE_TIMEOUT" "${ns_words[@]}" 2>&1) || status=$?
	else
		show "$ENGINE" run --rm --network=none "$@"
		said=$(engine_run "$@" 2>&1) || status=$?
	fi
	printf '%s\n' "$said" | output
	printf '   | status %d\n' "$status"
}

container_start() { # NAME FLAG... IMAGE
	local name=$1
	shift
	if [ "$ENGINE" = none ]; then
		ns_command "$@"
		show "${ns_words[@]}" \&
		"${ns_words[@]}" >"$work/log.$name" 2>&1 &
		started=$!
	else
		show "$ENGINE" run --detach --network=none --name "$name" "$@"
		engine run --detach --pull=never --network=none --name "$name" "$@" >/dev/null
	fi
	retry 100 0.1 container_says "$name" 'listening on port' ||
		die "the program in the container did not come up:" "$(container_log "$name")"
	container_log "$name" | output
	first=$(container_first "$name")
}

container_log() { # NAME
	if [ "$ENGINE" = none ]; then
		cat "$work/log.$1"
	else
		engine_logs "$1" 2>&1
	fi
}

container_says() { # NAME TEXT
	contains "$(container_log "$1")" "$2"
}

children() { # PID
	cat "/proc/$1/task/$1/children" 2>/dev/null || :
}

# The container's first process, by its number outside of it.
container_first() { # NAME
	if [ "$ENGINE" = none ]; then
		children "$started"
	else
		engine_pid "$1"
	fi | tr -d ' '
}

# Asks it to end, and sets `status`.
container_stop() { # NAME
	status=0
	if [ "$ENGINE" = none ]; then
		show kill -TERM "$first"
		kill -TERM "$first"
		wait "$started" || status=$?
		started=
	else
		show "$ENGINE" kill --signal TERM "$1"
		engine_kill TERM "$1"
		show "$ENGINE" wait "$1"
		status=$(engine_wait "$1")
		engine_destroy "$1"
	fi
	printf '   | %s\n' "$status"
}

# ---- before the first step: what it takes

work=$(mktemp -d /tmp/granit-demo.XXXXXX)
# Other users run the program, and must get to it.
chmod 755 "$work"
started=
clean_up() {
	local status=$?
	trap - EXIT
	[ -z "$started" ] || kill -TERM "$started" 2>/dev/null || :
	[ "$ENGINE" = none ] || engine_stop "$ENGINE" || status=1
	rm -rf "$work"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ "$ENGINE" = none ]; then
	scripts/setup.sh build
else
	scripts/setup.sh build demo || printf 'demo: going on with what is there\n'
fi
make --silent all hello build/tests/nscontainer

if [ "$ENGINE" != none ] && ! engine_start "$ENGINE"; then
	printf 'demo: no %s here, for the reason above: namespaces without an engine take its place\n' "$ENGINE"
	engine_stop "$ENGINE" || :
	ENGINE=none
fi
if [ "$ENGINE" = none ]; then
	printf 'Containers: namespaces, made by build/tests/nscontainer. What a runtime does, without its engine.\n'
else
	declare -n folder=ENGINE_DIR_$ENGINE
	# shellcheck disable=SC2154 # the name stands for another one
	printf 'Containers: %s, with storage and configuration of its own in %s.\n' "$ENGINE" "$folder"
	printf 'The flags that keep it there are left out where commands are shown.\n'
fi

# ---- the steps

heading 'An image of two files: granit, and a web server'
mkdir -p "$work/hello/root/tmp"
cp build/granit build/hello "$work/hello/root/"
cat >"$work/hello/Dockerfile" <<'END'
FROM scratch
COPY root /
USER 65532:65532
ENTRYPOINT ["/granit", "--"]
CMD ["/hello"]
END
container_build "$image" "$work/hello"
run ls -l "$work/hello/root"

heading 'Started as it is meant to be: on a read-only root'
container_start hello --read-only "$image"

heading 'The program answers'
program=$(children "$first" | tr -d ' ')
enter=(nsenter -t "$program" -n)
[ "$(id -u)" -eq 0 ] || enter+=(-U --preserve-credentials)
show "${enter[@]}" curl -sS -i http://127.0.0.1:8080/
answer=$("${enter[@]}" curl -sS -i --max-time 10 http://127.0.0.1:8080/ 2>&1 | tr -d '\r') || :
printf '%s\n' "$answer" | output
expect 'the answer is status 200, and the text' contains "$answer" $'200 OK\n'
expect 'with the text of the server' contains "$answer" 'Hello from a container'

lines='^(Name|Uid|Cap|NoNewPrivs)'
# Prints what the kernel says of both, and expects nothing to be left of what is named.
privileges() { # SET...
	local pid name value
	for pid in "$first" "$program"; do
		name=$(<"/proc/$pid/comm")
		run grep -E "$lines" "/proc/$pid/status"
		value=$(awk -v sets=" $* " 'index(sets, " " substr($1, 1, length($1) - 1) " ") { print $2 }' "/proc/$pid/status" | sort -u)
		expect "$name has no capability in $*" equal "$value" 0000000000000000
		value=$(awk '$1 == "NoNewPrivs:" { print $2 }' "/proc/$pid/status")
		expect "$name and all it starts cannot gain one (NoNewPrivs)" equal "$value" 1
	done
}

heading 'Process 1, and the program: neither has a privilege'
# The bounding set is the engine's here: a user without privileges cannot give up what others might get.
privileges CapInh CapPrm CapEff CapAmb

heading 'Asked to end, it ends, with the status of the program'
container_stop hello
expect 'the program ended with status 0' equal "$status" 0

if [ "$ENGINE" != none ] || [ "$(id -u)" -eq 0 ]; then
	heading 'As root, with the capabilities of the engine. First without granit'
	container_start bare --read-only --user=0:0 --entrypoint=/hello "$image"
	run grep -E "$lines" "/proc/$first/status"
	container_stop bare

	heading 'The same with granit: it takes away all that the engine gave'
	container_start root --read-only --user=0:0 "$image"
	program=$(children "$first" | tr -d ' ')
	privileges CapInh CapPrm CapEff CapBnd CapAmb
	container_stop root
fi

refused() { # CHECK
	expect 'refused, status 78' equal "$status" 78
	expect "the reason is the check $1" contains "$said" "FAIL $1"
}

heading 'Wrong: somebody forgot --read-only'
container_run "$image"
refused root-read-only

heading 'Wrong: a derived image brings busybox, under the name of wget'
mkdir -p "$work/derived/root/usr/local/bin"
busybox=$(command -v busybox) || die 'there is no busybox to smuggle in: scripts/setup.sh demo'
cp "$busybox" "$work/derived/root/usr/local/bin/wget"
printf 'FROM %s\nCOPY root /\n' "$image" >"$work/derived/Dockerfile"
container_build granit-demo/derived "$work/derived"
container_run --read-only granit-demo/derived
refused no-shell-content

heading "Wrong: somebody mounted the engine's socket, under a harmless name"
run python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$work/docker.sock"
container_run --read-only -v "$work/docker.sock:/tmp/x" "$image"
refused sensitive-mounts

printf '\n'
if [ "$wrong" -gt 0 ]; then
	printf 'demo: %d of %d expectations did not hold\n' "$wrong" "$((right + wrong))"
	exit 1
fi
printf 'demo: all %d expectations hold\n' "$right"
