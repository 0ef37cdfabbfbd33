# shellcheck shell=bash disable=SC2034,SC2154 # LINE and NAME are for the callers; `run` sets status and output
# SPDX-License-Identifier: MIT
#
# The images of examples/, built as their Dockerfiles stand, without a registry and without a network.
#
#	examples_base		make build/base, a Debian by debootstrap with all packages that the Dockerfiles install
#				build/base/root.tar, and compilers.tar, a part of it
#	base_import		debian:bookworm-slim in the engine $ENGINE, from it
#	example_build NAME [FLAG...]	examples/NAME/Dockerfile as granit-NAME, by $ENGINE
#	manifest FILE [FILTER]	a Kubernetes manifest as JSON, a document after the other, through jq; ports left out
#	example_line ENGINE NAME	the words of the `run` line in examples/NAME/README.md, as the array LINE

TREE=$(realpath "${BASH_SOURCE[0]%/*}/../..")
BASE=$TREE/build/base

# The packages that the Dockerfiles install, and those that scripts/setup.sh would: the stages find them installed already.
examples_packages() {
	sed -n 's/^RUN apt-get update .*--no-install-recommends \(.*\)/\1/p' "$TREE"/examples/*/Dockerfile | tr ' ' '\n'
	awk -F '|' '$2 ~ /(^| )build( |$)/ { gsub(/ /, "", $1); print $1 }' "$TREE/scripts/setup.sh"
}

examples_base() {
	local packages
	packages=$(examples_packages | sort -u | paste -sd ,)
	mkdir -p "$BASE"
	(
		flock 9
		[ "$packages" != "$(cat "$BASE/made" 2>/dev/null)" ] || exit 0
		rm -rf "$BASE/root" "$BASE/made" "$BASE"/*.tar
		# Nobody needs this on the disk if the machine goes down: without waiting for it, it takes half the time.
		eatmydata debootstrap --variant=minbase --include="$packages" bookworm "$BASE/root" >"$BASE/log" 2>&1 || {
			printf 'examples: debootstrap cannot make a Debian: %s\n' "$(tail -n 5 "$BASE/log")" >&2
			exit 1
		}
		# All that is wanted is there, so apt has nothing to look for.
		: >"$BASE/root/etc/apt/sources.list"
		tar -C "$BASE/root" --numeric-owner --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' \
			--exclude=./usr/share/doc --exclude=./usr/share/locale --exclude=./usr/lib/gcc --exclude='*libLLVM*' \
			--exclude='./usr/share/go*/test' -cf "$BASE/root.tar" .
		# For those who only compile.
		tar -C "$BASE/root" --numeric-owner --exclude='./var/*/apt/*' --exclude=./usr/share/doc --exclude=./usr/share/locale \
			--exclude='./usr/*/go*' --exclude='*libLLVM*' --exclude='./usr/lib/postgresql' --exclude='*nodejs*' \
			--exclude='*libnode*' -cf "$BASE/compilers.tar" .
		rm -rf "$BASE/root"
		printf '%s\n' "$packages" >"$BASE/made"
	) 9>"$BASE/lock"
}

base_import() {
	engine import - debian:bookworm-slim <"$BASE/root.tar" >/dev/null 2>"$BASE/log"
}

example_build() {
	local name=$1
	shift
	engine build --pull=never --quiet --network=none --layers=false "$@" --file "$TREE/examples/$name/Dockerfile" "$TREE/examples" \
		>"$BASE/log" 2>&1 || {
		cat "$BASE/log"
		return 1
	}
}

# There is no network to publish ports in.
manifest() {
	python3 -c 'import json, sys, yaml
for document in yaml.safe_load_all(sys.stdin):
	print(json.dumps(document))' <"$1" | jq "del(.spec.containers[]?.ports) | ${2:-.}"
}

example_line() {
	local line
	line=$(sed -n ':more; /\\$/ { N; s/\\\n *//; b more; }; s/^    '"$1"' run \(.*\)/\1/p' "$TREE/examples/$2/README.md" | head -n 1)
	[ -n "$line" ] || return
	mapfile -t LINE < <(sed 's/--detach //; s/--publish [^ ]* //' <<<"$line" | xargs -n 1 printf '%s\n')
}

# compose NAME SERVICE: examples/NAME/compose.yaml's service in podman, as podman-compose reads it; sets NAME.
# There is no network to put it in, so what asks for one is left out on the way; a compose file cannot say read-only-tmpfs.
compose() {
	local -a cli
	engine_cli
	# shellcheck disable=SC2016 # it is the script that expands them
	{
		printf '#!/bin/bash\npodman=('
		printf ' %q' "${cli[@]}"
		printf ' )\n%s\n' 'words=()
while [ $# -gt 0 ]; do
	case $1 in
	--net | --network-alias | -p) shift ;;
	*) words+=("$1") ;;
	esac
	shift
done
case "${words[0]} ${words[1]}" in
network*) exit 0 ;;
run*) words=(run --network=none --pull=never --read-only-tmpfs=false "${words[@]:1}") ;;
esac
exec "${podman[@]}" "${words[@]}"'
	} >"$BATS_TEST_TMPDIR/podman"
	chmod +x "$BATS_TEST_TMPDIR/podman"
	NAME=granit${1}_${2}_1
	printf 'podman %s\n' "$NAME" >>"$(engine_list)"
	run podman-compose --podman-path "$BATS_TEST_TMPDIR/podman" --project-name "granit$1" --file "$TREE/examples/$1/compose.yaml" \
		up --detach --no-build "$2" 3>&- 4>&-
	is "podman-compose: $output" 0 "$status"
}
