# shellcheck shell=bash disable=SC2034,SC2154 # LINE and NAME are for the callers; `run` sets status and output
# SPDX-License-Identifier: MIT
#
# The images of examples/, built as their Dockerfiles stand, without a registry and without a network.
#
#	examples_missing	why they cannot be built here, if so
#	examples_base		make build/base/tree, a Debian with all packages that the Dockerfiles install
#	base_import		that in the engine $ENGINE, as debian:bookworm-slim
#	compilers_import	the part of it that granit is built with, under the same name
#	example_build NAME [FLAG...]	examples/NAME/Dockerfile as granit-NAME, by $ENGINE
#	example_builds NAME...	several
#	manifest FILE [FILTER]	a Kubernetes manifest as JSON, a document after the other, through jq; ports left out
#	example_line ENGINE NAME	the words of the `run` line in examples/NAME/README.md, but initdb's, as the array LINE

TREE=$(realpath "${BASH_SOURCE[0]%/*}/../..")
BASE=$TREE/build/base

# shellcheck source=tests/helpers/apps.bash
source "${BASH_SOURCE[0]%/*}/apps.bash"

# What every Debian has, and an image's build takes for granted.
base_essential=(apt base-files base-passwd bash bsdutils coreutils dash debianutils diffutils dpkg findutils grep gzip hostname
	libc-bin login mawk ncurses-base ncurses-bin passwd perl-base sed sysvinit-utils tar tzdata util-linux)

# Large, and of no use to anybody here.
base_unwanted=('./usr/share/'{doc,locale,man,i18n}'/?*' './usr/share/go-*/'{test,api,src/cmd} '*_test.go'
	'./usr/lib/go-*/pkg/linux_*/cmd' './usr/lib/go-*/pkg/linux_*_*'
	'./usr/lib/go-*/pkg/tool/*/'{trace,pprof,cover,vet,cgo,objdump,nm,fix,doc,dist,addr2line,api,test2json}
	'./usr/lib/gcc/*/lto1' '*lto-dump*' '*libLLVM*' '*libz3*' '*san.so*' '*/lib/bitcode' '*/llvmjit*'
	'*/jvm/*/src.zip' '*/jvm/*.jsa' '*/jmods/java.[!b]*' '*/jmods/jdk.[!h]*')

# The packages that the Dockerfiles install, and those that scripts/setup.sh would: the stages find them installed already.
examples_packages() {
	sed -n 's/^RUN apt-get update .*--no-install-recommends \(.*\)/\1/p' "$TREE"/examples/*/Dockerfile | tr ' ' '\n'
	awk -F '|' '$2 ~ /(^| )build( |$)/ { gsub(/ /, "", $1); print $1 }' "$TREE/scripts/setup.sh"
}

# Why the examples cannot be built here; nothing if they can. An image's Debian is the machine's own, by its lists.
examples_missing() {
	local VERSION_CODENAME
	if [ "${GRANIT_TEST_APPS:-all}" = none ]; then
		printf 'GRANIT_TEST_APPS leaves the applications out\n'
	elif ! . /etc/os-release || [ "$VERSION_CODENAME" != bookworm ]; then
		printf 'the examples are of packages of Debian 12, which this machine is not\n'
	fi
}

# Made of packages as build/apps is, and not by debootstrap, which takes four times as long: nobody's scripts are run.
examples_base() {
	local APPS_DIR=$BASE apps_unwanted='^(libllvm[0-9]+|libz3-4)=' apps_packages
	mapfile -t apps_packages < <({ printf '%s\n' "${base_essential[@]}" && examples_packages; } | sort -u)
	apps_folder
	(
		flock 9
		if [ -e "$BASE/made" ] && { ! apps_list >"$BASE/list" || base_stamp | cmp -s - "$BASE/made"; }; then
			exit 0
		fi
		rm -rf "$BASE/made" "$BASE/tree"
		apps_debs && base_tree || exit
		base_stamp >"$BASE/made"
	) 9>"$BASE/lock"
}

base_stamp() {
	cat "$BASE/list"
	cksum <"${BASH_SOURCE[0]}"
}

# What the packages' scripts would have made of it, as far as a build in there can tell; and dpkg's list, so that apt-get finds
# all installed. It does not say what they depend on, for some of that is not there.
base_tree() {
	local tree=$BASE/tree name version
	local -a apps_without=("${base_unwanted[@]}")
	apps_unpack || return
	ln -s mawk "$tree/usr/bin/awk" &&
		cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd" &&
		cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group" &&
		ldconfig -r "$tree" || return
	: >"$tree/etc/apt/sources.list"
	while IFS='=' read -r name version; do
		dpkg-deb --field "$BASE/debs/${name}_${version/:/%3a}"_*.deb | sed '/^\(Pre-\)\?Depends:/d; 1a Status: install ok installed'
		printf '\n'
	done <"$BASE/list" >"$tree/var/lib/dpkg/status"
}

# Every byte costs twice, in the reading and in the engine's copy: so there is a base to build C in, and one for all else.
base_import() {
	tree_import --exclude=./usr/{include,lib/gcc} --exclude='*linux-gnu-ld*' --exclude='*/perl/*/CORE' -cf - .
}

# The source of libcap-ng is what make has fetched here already.
compilers_import() {
	tree_import --exclude='./usr/*/go*' --exclude=./usr/lib/jvm --exclude='./usr/*/postgresql' --exclude='*node*' --exclude='*libicu*' \
		--exclude='*/perl/*/Encode*' --exclude='*/perl/*/unicore' -cf - . -C "$TREE/build" sources
}

tree_import() { # FLAG-OR-FILE-FOR-TAR...
	tar -C "$BASE/tree" --numeric-owner "$@" |
		engine import --change 'ENV GRANIT_SOURCES=/sources' - debian:bookworm-slim >/dev/null 2>"$BASE/log-$ENGINE"
}

# Two at a time, for a build waits for the disk as often as for the processor.
example_builds() { # NAME...
	local name
	local -a jobs=()
	for name; do
		example_build "$name" --tag "granit-$name" &
		jobs+=($!)
		[ "${#jobs[@]}" -eq 2 ] || continue
		wait "${jobs[0]}" || return
		jobs=("${jobs[1]}")
	done
	wait "${jobs[@]}"
}

example_build() {
	local name=$1 log=$BASE/log-${1//\//-}
	shift
	engine build --pull=never --quiet --network=none --layers=false "$@" --file "$TREE/examples/$name/Dockerfile" "$TREE/examples" \
		>"$log" 2>&1 || {
		cat "$log"
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
	line=$(sed -n ':more; /\\$/ { N; s/\\\n *//; b more; }; s/^    '"$1"' run \(.*\)/\1/p' "$TREE/examples/$2/README.md" | grep -v /initdb | head -n 1)
	[ -n "$line" ] || return
	mapfile -t LINE < <(sed 's/--detach //; s/--publish [^ ]* //' <<<"$line" | xargs -n 1 printf '%s\n')
}

# compose NAME SERVICE: examples/NAME/compose.yaml's service in podman, as podman-compose reads it; sets NAME.
# There is no network to put it in, so what asks for one is left out on the way. A compose file cannot say read-only-tmpfs: it is on the
# command line, as the READMEs have it.
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
run*) words=(run --network=none --pull=never "${words[@]:1}") ;;
esac
exec "${podman[@]}" "${words[@]}"'
	} >"$BATS_TEST_TMPDIR/podman"
	chmod +x "$BATS_TEST_TMPDIR/podman"
	NAME=granit${1}_${2}_1
	printf 'podman %s\n' "$NAME" >>"$(engine_list)"
	run podman-compose --podman-path "$BATS_TEST_TMPDIR/podman" --podman-run-args='--read-only-tmpfs=false' --project-name "granit$1" --file "$TREE/examples/$1/compose.yaml" \
		up --detach --no-build "$2" 3>&- 4>&-
	is "podman-compose: $output" 0 "$status"
}
