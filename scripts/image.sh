#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The image that others take granit from: COPY --from=granit:VERSION /granit /granit
#
#	image.sh VERSION		granit:VERSION in the engines there are; build/oci, an OCI layout for a registry
#
# FROM scratch: /granit, /LICENSE, and what it is made of (/granit.cdx.json, where scripts/sbom.sh is there to write it).
# build/oci holds an index of all architectures that build/dist/granit-linux-* has, and of this machine's. The same files make
# the same digests: times are those of SOURCE_DATE_EPOCH, or 1970.
#
# ENGINE=podman or ENGINE=docker loads it into that engine only, ENGINE=none into none. DIST and OCI are other
# folders than build/dist and build/oci.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

die() {
	printf 'image: %s\n' "$@" >&2
	exit 1
}

[ $# -eq 1 ] || die 'usage: image.sh VERSION'
version=$1
oci=${OCI:-build/oci}
engines=${ENGINE:-podman docker}
[ "$engines" != none ] || engines=
[ -x build/granit ] || die 'there is no build/granit: make'
command -v buildah >/dev/null || die 'there is no buildah to make images with: scripts/setup.sh image'

work=$(mktemp -d)
clean_up() {
	"${buildah[@]}" rm --all >/dev/null 2>&1 || :
	rm -rf "$work"
}
# Storage of its own: the machine's images are not touched. A copy for each layer works everywhere, and there is one layer.
buildah=(buildah --root "$work/root" --runroot "$work/run" --storage-driver vfs --registries-conf "$work/registries.conf")
: >"$work/registries.conf"
trap clean_up EXIT

# What `uname -m` says, and what images say.
case $(uname -m) in
x86_64) native=amd64 ;;
aarch64) native=arm64 ;;
armv7*) native=arm ;;
i?86) native=386 ;;
*) native=$(uname -m) ;;
esac

# NAME FILE ARCH
image() {
	local container folder=$work/files.$3
	local -a variant=()
	# What `make dist` calls arm is version 7.
	[ "$3" != arm ] || variant=(--variant v7)
	mkdir "$folder"
	install -m 755 "$2" "$folder/granit"
	install -m 644 LICENSE "$folder/LICENSE"
	[ ! -e "$work/granit.cdx.json" ] || install -m 644 "$work/granit.cdx.json" "$folder/"
	container=$("${buildah[@]}" from --arch "$3" scratch)
	"${buildah[@]}" copy --quiet "$container" "$folder" / >/dev/null
	"${buildah[@]}" config --arch "$3" "${variant[@]}" --os linux --entrypoint '["/granit", "--"]' --user 65532:65532 \
		--label org.opencontainers.image.title=granit \
		--label 'org.opencontainers.image.description=The first process of a container that must not change' \
		--label "org.opencontainers.image.version=$version" \
		--label org.opencontainers.image.licenses=MIT \
		--annotation org.opencontainers.image.title=granit \
		--annotation "org.opencontainers.image.version=$version" \
		--annotation org.opencontainers.image.licenses=MIT \
		"$container"
	"${buildah[@]}" commit --quiet --timestamp "${SOURCE_DATE_EPOCH:-0}" --format oci "$container" "$1" >/dev/null
}

if [ -x scripts/sbom.sh ]; then
	mapfile -t libraries < <(make --no-print-directory -s libraries)
	scripts/sbom.sh "$version" "${libraries[@]}" >"$work/granit.cdx.json"
fi

image "granit:$version" build/granit "$native"
"${buildah[@]}" manifest create "granit-all:$version" >/dev/null
"${buildah[@]}" manifest add "granit-all:$version" "containers-storage:localhost/granit:$version" >/dev/null
for file in "${DIST:-build/dist}"/granit-linux-*; do
	arch=${file##*-}
	if [ ! -e "$file" ] || [ "$arch" = "$native" ]; then
		continue
	fi
	image "granit-$arch:$version" "$file" "$arch"
	"${buildah[@]}" manifest add "granit-all:$version" "containers-storage:localhost/granit-$arch:$version" >/dev/null
done
rm -rf "$oci"
"${buildah[@]}" manifest push --quiet --all "granit-all:$version" "oci:$oci:$version" >/dev/null
printf 'image: %s, %s\n' "$oci" "$(du -sh "$oci" | cut -f 1)"

"${buildah[@]}" push --quiet "granit:$version" "docker-archive:$work/granit.tar:granit:$version" >/dev/null
for engine in $engines; do
	if ! command -v "$engine" >/dev/null || ! "$engine" info >/dev/null 2>&1; then
		printf 'image: no %s here that answers\n' "$engine"
	elif "$engine" load --input "$work/granit.tar" >/dev/null; then
		printf 'image: granit:%s in %s\n' "$version" "$engine"
	fi
done
