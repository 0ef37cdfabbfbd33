# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Container engines of our own, for the container tests and the demo. Nothing of the machine's own podman or Docker is
# read or written: storage, sockets and configuration live in one temporary folder per engine, and go with it.
#
#	engine_start podman|docker [FLAG...]    start it (FLAGs go to dockerd); exports what the others need
#	engine_stop podman|docker               stop it; fails if it left a mount, a process or a folder behind
#	each_engine COMMAND [ARG...]            run COMMAND once for every engine of $GRANIT_TEST_ENGINES
#
# The others work on the engine named by $ENGINE:
#	engine ARG...                           its command line, raw
#	                                        with ENGINE_RUNTIME=runsc in the place of runc, if that is there
#	engine_image NAME DIR [INSTRUCTION...]  an image FROM scratch with what DIR holds; 'ENTRYPOINT ["/x"]', 'VOLUME /y' ...
#	engine_run [FLAG...] IMAGE [ARG...]     run to the end, remove; $ENGINE_TIMEOUT seconds at most, then status 124
#	                                        without a network, unless ENGINE_NETWORK names one
#	engine_detach NAME [FLAG...] IMAGE [ARG...]
#	engine_exec NAME ARG...  engine_logs NAME  engine_kill SIGNAL NAME  engine_pid NAME
#	engine_path              prints a folder with a command that is called as the engine is, for lines as people type them
#	engine_running NAME      true while it runs
#	engine_wait NAME         wait for its end, print its exit status
#	engine_rm                remove what this test detached (for teardown)
#
#	container_name                          a name no other test has
#	retry TIMES DELAY COMMAND [ARG...]      until it succeeds
#	wait_gone PID...                        until none of them lives; fails after 10 seconds

# Debian's users have no sbin in their PATH, where dockerd and runc are.
PATH=$PATH:/usr/sbin:/sbin

# An engine that is not there must turn the run red, so all are wanted unless the caller names fewer.
: "${GRANIT_TEST_ENGINES:=podman docker}"
: "${ENGINE_TIMEOUT:=30}"
export GRANIT_TEST_ENGINES ENGINE_TIMEOUT

# Places that the engines make whatever they are told; children stand before their parents.
# Those that were not there before engine_start go again in engine_stop, as far as they are empty.
engine_residue() {
	case $1 in
	podman)
		printf '%s\n' /run/containers/networks /run/containers /run/runc /dev/shm/libpod_lock \
			/var/lib/containers/cache/blob-info-cache-v1.boltdb /var/lib/containers/cache /var/lib/containers \
			/var/cache/containers/short-name-aliases.conf.lock /var/cache/containers \
			/etc/cni/net.d/cni.lock /etc/cni/net.d /etc/cni
		engine_cgroups libpod_parent/conmon libpod_parent
		;;
	docker)
		printf '%s\n' /run/docker/plugins /run/docker /run/containerd/s /run/containerd \
			/opt/containerd/bin /opt/containerd/lib /opt/containerd /etc/docker/key.json /etc/docker
		engine_cgroups docker
		;;
	esac
}

# The names in every hierarchy: version 2 has one, version 1 one below each controller.
engine_cgroups() {
	local top name
	for name; do
		for top in /sys/fs/cgroup /sys/fs/cgroup/*/; do
			printf '%s\n' "${top%/}/$name"
		done
	done
}

# Without KVM, the host's control groups and a network, which it would set up itself.
engine_gvisor=(--platform=ptrace --network=none --ignore-cgroups)

engine_fail() {
	printf 'engines: %s\n' "$@" >&2
	return 1
}

retry() {
	local times=$1 delay=$2 i
	shift 2
	for ((i = 0; i < times; i++)); do
		! "$@" || return 0
		sleep "$delay"
	done
	return 1
}

# A zombie counts as gone: whoever started it may be slow to collect it, but it holds nothing any more.
all_gone() {
	local pid stat
	for pid; do
		{ read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
		[[ ${stat##*) } == [ZX]* ]] || return 1
	done
}

wait_gone() {
	retry 200 0.05 all_gone "$@"
}

container_name() {
	printf 'granit-%s-%s-%s\n' "${BATS_SUITE_TEST_NUMBER:-0}" "$BASHPID" "$RANDOM"
}

each_engine() {
	for ENGINE in $GRANIT_TEST_ENGINES; do
		printf '# engine: %s\n' "$ENGINE"
		"$@"
	done
}

# Sets the array `cli`, the words in front of every command. An array and no function, because timeout(1) needs a program.
engine_cli() {
	local -n engine_cli_dir=ENGINE_DIR_$ENGINE
	local dir=${engine_cli_dir:?"engine $ENGINE was not started"} driver
	case $ENGINE in
	podman)
		read -r driver <"$dir/driver"
		cli=(env CONTAINERS_CONF="$dir/containers.conf" CONTAINERS_STORAGE_CONF="$dir/storage.conf"
			CONTAINERS_REGISTRIES_CONF="$dir/registries.conf" podman
			--root "$dir/root" --runroot "$dir/run" --tmpdir "$dir/tmp" --storage-driver "$driver"
			--cgroup-manager cgroupfs --events-backend none)
		case ${ENGINE_RUNTIME:-runc} in
		runsc) cli+=(--runtime "$(command -v runsc)" "${engine_gvisor[@]/#--/--runtime-flag=}") ;;
		*) cli+=(--runtime runc) ;;
		esac
		;;
	docker)
		cli=(env -u DOCKER_CONTEXT -u DOCKER_TLS_VERIFY DOCKER_CONFIG="$dir/config" docker -H "unix://$dir/sock")
		;;
	esac
}

# bats waits for everybody who holds its descriptors 3 and 4, and what an engine starts lives on: they are closed.
engine() {
	local -a cli
	engine_cli
	"${cli[@]}" "$@" 3>&- 4>&-
}

# ---- start and stop

engine_start() {
	local ENGINE=$1 dir path from=${EPOCHREALTIME/[.,]/}
	shift
	[ "$(id -u)" -eq 0 ] || engine_fail "containers of our own need root: try sudo" || return
	case $ENGINE in
	podman) engine_needs podman runc || return ;;
	# A `docker` alone may be only the client.
	docker) engine_needs docker dockerd containerd runc || return ;;
	*) engine_fail "'$ENGINE' is no engine: podman or docker" || return ;;
	esac
	# Short, whatever TMPDIR says: the path of a socket has 107 bytes at most.
	dir=$(mktemp -d "/tmp/granit-$ENGINE.XXXXXX") || return
	# A container in a user namespace of its own has to get through to its root.
	chmod 711 "$dir"
	while read -r path; do
		[ -e "$path" ] || printf '%s\n' "$path"
	done < <(engine_residue "$ENGINE") >"$dir/absent"
	declare -gx "ENGINE_DIR_$ENGINE=$dir"
	case $ENGINE in
	podman) engine_start_podman "$dir" ;;
	docker) engine_start_docker "$dir" "$@" ;;
	esac || return
	printf '# %s: up after %d ms\n' "$ENGINE" "$(((${EPOCHREALTIME/[.,]/} - from) / 1000))"
}

engine_needs() {
	local program
	for program; do
		command -v "$program" >/dev/null || engine_fail "there is no $program: scripts/setup.sh check" || return
	done
}

engine_start_podman() {
	local dir=$1 driver
	mkdir "$dir/networks"
	: >"$dir/registries.conf"
	# Without limits of its own podman asks for the most the kernel knows, and runc fails where root lacks CAP_SYS_RESOURCE.
	# With a file of one's own podman takes the list of capabilities from its source, not the shorter one it is shipped with.
	# The other way of keeping locks is one memory segment for all of root's podmans.
	cat >"$dir/containers.conf" <<-CONF
		[containers]
		default_capabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE",
		  "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"]
		default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
		log_driver = "k8s-file"
		[network]
		network_backend = "netavark"
		network_config_dir = "$dir/networks"
		[engine]
		lock_type = "file"
	CONF
	# Overlay does not work everywhere (on top of another overlay, say); copies do.
	for driver in overlay vfs; do
		printf '%s\n' "$driver" >"$dir/driver"
		printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' "$driver" "$dir/root" "$dir/run" >"$dir/storage.conf"
		if engine info >"$dir/log" 2>&1; then
			return
		fi
		rm -rf "$dir/root" "$dir/run" "$dir/tmp"
	done
	engine_fail "podman does not start:" "$(tail -n 5 "$dir/log")"
}

engine_start_docker() {
	local dir=$1 pid
	shift
	mkdir "$dir/config"
	printf '{"runtimes": {"runsc": {"path": "%s", "runtimeArgs": ["%s", "%s", "%s"]}}}\n' \
		"$(command -v runsc || printf /runsc)" "${engine_gvisor[@]}" >"$dir/daemon.json"
	# A session of its own, so that an interrupt from the keyboard leaves stopping it to engine_stop.
	setsid dockerd --config-file "$dir/daemon.json" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" \
		-H "unix://$dir/sock" --iptables=false --bridge=none "$@" >"$dir/log" 2>&1 </dev/null 3>&- 4>&- &
	pid=$!
	printf '%s\n' "$pid" >"$dir/started"
	# Not waited for by the shell: it would be told of the end in the middle of a test's output.
	disown "$pid"
	retry 600 0.05 engine_docker_up "$pid" || engine_fail "dockerd does not answer after 30 seconds:" "$(tail -n 5 "$dir/log")" || return
	! all_gone "$pid" || engine_fail "dockerd ended at once:" "$(tail -n 5 "$dir/log")"
}

# True when waiting is over, one way or the other.
engine_docker_up() {
	all_gone "$1" || engine version >/dev/null 2>&1
}

# Processes that can only be this engine's: they name its folder, or the root they stand on lies in it.
# Patterns come from a file, else grep would find itself.
engine_strays() {
	local dir=$1 pid name=${1##*/}
	{
		grep -lsF -f <(printf '%s/\n' "$dir") /proc/[0-9]*/cmdline
		grep -lsE -f <(printf '%s\n' "^([^ ]+ ){4}/ .*$name/" "^([^ ]+ ){3}[^ ]*$name/[^ ]* / ") /proc/[0-9]*/mountinfo
	} | while IFS=/ read -r _ _ pid _; do
		printf '%s\n' "$pid"
	done
}

# Mount points below the folder, the last mounted first.
engine_mounts() {
	awk -v dir="$1/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | tac
}

engine_stop() {
	local ENGINE=$1 dir path pid status=0
	local -a ids pids absent
	local -n engine_stop_dir=ENGINE_DIR_$ENGINE
	dir=${engine_stop_dir:-}
	[ -n "$dir" ] || return 0
	mapfile -t absent <"$dir/absent"
	case $ENGINE in
	podman)
		engine pod rm --all --force --time 0 >/dev/null 2>&1 || :
		engine rm --all --force --time 0 >/dev/null 2>&1 || :
		# The last container's own clean-up runs after it, and works on the same files.
		retry 100 0.05 engine_quiet "$dir" || :
		;;
	docker)
		mapfile -t ids < <(engine ps --all --quiet 2>/dev/null)
		[ "${#ids[@]}" -eq 0 ] || engine_destroy "${ids[@]}"
		if [ -s "$dir/started" ]; then
			pid=$(<"$dir/started")
			# dockerd takes its containerd with it.
			kill -TERM "$pid" 2>/dev/null || :
			wait_gone "$pid" || status=1
		fi
		;;
	esac
	mapfile -t pids < <(engine_strays "$dir")
	if [ "${#pids[@]}" -gt 0 ]; then
		status=1
		engine_fail "$ENGINE left processes behind, killing them:" "$(ps -o pid,args -p "${pids[*]}")" || :
		kill -KILL "${pids[@]}" 2>/dev/null || :
		wait_gone "${pids[@]}" || :
	fi
	while read -r path; do
		# podman has no daemon that could take back the mount it makes of its own storage folder; Docker's keeps the
		# host's network at hand once a container was in it.
		[[ $ENGINE == podman && $path == "$dir/root/overlay" || $ENGINE == docker && $path == "$dir/exec/netns/default" ]] ||
			engine_fail "$ENGINE left a mount behind: $path" || status=1
		umount "$path" 2>/dev/null || umount -l "$path" || status=1
	done < <(engine_mounts "$dir")
	rm -rf --one-file-system "$dir" || status=1
	for path in "${absent[@]}"; do
		if [ -d "$path" ]; then
			# podman forgets the control groups of its pods. Those are the only ones with something below.
			find "$path" -depth -type d -exec rmdir {} + 2>/dev/null || :
		else
			rm -f "$path"
		fi
	done
	[ -z "$(engine_mounts "$dir")" ] || engine_fail "$ENGINE left mounts behind:" "$(engine_mounts "$dir")" || status=1
	unset "ENGINE_DIR_$ENGINE"
	return "$status"
}

engine_quiet() {
	[ -z "$(engine_strays "$1")" ]
}

# ---- images and containers

# `import` and not `build`: one layer, no intermediate container, the same instructions on both (but HEALTHCHECK, which is
# Docker's alone). DIR itself is left out, for it is often a temporary folder that only root may enter, and would become `/`.
engine_image() {
	local name=$1 dir=$2 instruction
	local -a change=()
	local -n engine_image_dir=ENGINE_DIR_$ENGINE
	shift 2
	for instruction; do
		change+=(--change "$instruction")
	done
	find "$dir" -mindepth 1 -maxdepth 1 -printf '%P\0' |
		tar -C "$dir" --null --files-from=- --numeric-owner --xattrs --xattrs-include='*' -cf - |
		engine import "${change[@]}" - "$name" >/dev/null 2>"$engine_image_dir/log.import" ||
		engine_fail "$ENGINE cannot import $dir:" "$(<"$engine_image_dir/log.import")"
}

engine_run() {
	local -a cli
	local -n engine_run_dir=ENGINE_DIR_$ENGINE
	local cidfile=$engine_run_dir/cid-$BASHPID-$RANDOM status=0
	engine_cli
	[ "$ENGINE ${ENGINE_RUNTIME:-}" != 'docker runsc' ] || set -- --runtime=runsc "$@"
	# KILL, because the command line hands every other signal on to the program, which may well ignore it as PID 1.
	timeout --signal=KILL "$ENGINE_TIMEOUT" "${cli[@]}" run --rm --pull=never --network="${ENGINE_NETWORK:-none}" --cidfile "$cidfile" "$@" 3>&- 4>&- || status=$?
	# The program may also have died of a KILL of its own, but then the container is gone already.
	if [ "$status" -eq 137 ] && [ -s "$cidfile" ] && engine inspect "$(<"$cidfile")" >/dev/null 2>&1; then
		engine_destroy "$(<"$cidfile")"
		engine_fail "no end after $ENGINE_TIMEOUT seconds: $ENGINE run $*" || status=124
	fi
	rm -f "$cidfile"
	return "$status"
}

# Where a test notes what it has to remove.
engine_list() {
	printf '%s/granit-containers.%s\n' "${BATS_TEST_TMPDIR:-/tmp}" "$$"
}

engine_detach() {
	local name=$1
	shift
	printf '%s %s\n' "$ENGINE" "$name" >>"$(engine_list)"
	[ "$ENGINE ${ENGINE_RUNTIME:-}" != 'docker runsc' ] || set -- --runtime=runsc "$@"
	engine run --detach --pull=never --network=none --name "$name" "$@" >/dev/null
}

engine_exec() {
	local -a cli
	engine_cli
	timeout --kill-after=5 "$ENGINE_TIMEOUT" "${cli[@]}" exec "$@" 3>&- 4>&-
}

engine_logs() {
	engine logs "$1"
}

engine_kill() {
	engine kill --signal "$1" "$2" >/dev/null
}

engine_path() {
	local -a cli
	local dir=$BATS_TEST_TMPDIR/path-$ENGINE
	engine_cli
	mkdir -p "$dir"
	printf '#!/bin/sh\nexec%s "$@"\n' "$(printf ' %q' env "PATH=$PATH" "${cli[@]}")" >"$dir/$ENGINE"
	chmod +x "$dir/$ENGINE"
	printf '%s\n' "$dir"
}

engine_pid() {
	engine inspect --format '{{.State.Pid}}' "$1"
}

engine_running() {
	[ "$(engine inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]
}

engine_wait() {
	local -a cli
	engine_cli
	timeout --kill-after=5 "$ENGINE_TIMEOUT" "${cli[@]}" wait "$1" 3>&- 4>&-
}

# podman would give it ten seconds to end, Docker none.
engine_destroy() {
	local -a now=()
	[ "$ENGINE" = docker ] || now=(--time 0)
	engine rm --force --volumes "${now[@]}" "$@" >/dev/null 2>&1 </dev/null || :
}

engine_rm() {
	local ENGINE name file
	file=$(engine_list)
	[ -e "$file" ] || return 0
	while read -r ENGINE name; do
		engine_destroy "$name"
	done <"$file"
	rm -f "$file"
}
