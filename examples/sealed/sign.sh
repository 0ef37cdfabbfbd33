#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Sign the manifest that an image carries, and add the signature as its last layer.
#
#	sign.sh IMAGE SIGNED-IMAGE SECRET-KEY
#
# Where the key is, and no build runs. ENGINE=podman uses that one. Keys: minisign -G -p minisign.pub -s minisign.key
set -euo pipefail

[ $# -eq 3 ] || {
	printf 'usage: sign.sh IMAGE SIGNED-IMAGE SECRET-KEY\n' >&2
	exit 2
}
image=$1 signed=$2 key=$3
engine=${ENGINE:-docker}
dir=$(mktemp -d)
container=
trap '[ -z "$container" ] || "$engine" rm "$container" >/dev/null; rm -rf "$dir"' EXIT

container=$("$engine" create "$image")
"$engine" cp "$container:/etc/granit.manifest" "$dir/granit.manifest"
# The trusted comment is signed too: granit shows it, so say which image this is.
minisign -S -s "$key" -m "$dir/granit.manifest" -t "$signed"
chmod 644 "$dir/granit.manifest.minisig"
printf 'FROM %s\nCOPY granit.manifest.minisig /etc/granit.manifest.minisig\n' "$image" >"$dir/Dockerfile"
"$engine" build --tag "$signed" "$dir"
printf 'signed %s, manifest sha256 %s\n' "$signed" "$(sha256sum <"$dir/granit.manifest" | cut -c 1-64)"
