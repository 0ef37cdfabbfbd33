#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Write what lies beside the binaries of a release: the list of parts, what is known of vulnerabilities, what they were made of and
# with, the sums.
#
#	release-files.sh DIR VERSION 'NAME VERSION SHA256 LICENCE'...
#
# MINISIGN_KEY=FILE signs the sums with minisign. COMPILERS names the compilers.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

die() {
	printf 'release-files: %s\n' "$@" >&2
	exit 1
}

[ $# -ge 3 ] || die "usage: release-files.sh DIR VERSION 'NAME VERSION SHA256 LICENCE'..."
dir=$1 version=$2
shift 2
scripts/sbom.sh "$version" "$@" >"$dir/granit.cdx.json"
scripts/openvex.sh "$version" >"$dir/granit.openvex.json"
scripts/provenance.sh "$dir" "$version" "$@" >"$dir/granit.provenance.json"
(cd "$dir" && sha256sum granit-linux-* granit.*.json >SHA256SUMS)
# One of another time would be no signature of these.
rm -f "$dir/SHA256SUMS.minisig"
[ -n "${MINISIGN_KEY:-}" ] || exit 0
command -v minisign >/dev/null || die 'MINISIGN_KEY is set, but there is no minisign: scripts/setup.sh dist'
minisign -S -s "$MINISIGN_KEY" -m "$dir/SHA256SUMS" -t "granit $version" >/dev/null ||
	die "minisign could not sign $dir/SHA256SUMS with the key $MINISIGN_KEY"
