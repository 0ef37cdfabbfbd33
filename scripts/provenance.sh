#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What the binaries of a release were made of, and with: an in-toto statement with SLSA's predicate of provenance, on standard
# output. Who says so is who signs the sums beside it.
#
#	provenance.sh DIR VERSION 'NAME VERSION SHA256 LICENCE'...	DIR has the granit-linux-ARCH; `make libraries` knows the rest
#
# COMPILERS names the compilers (default: gcc); each stands there by what it says of itself and the sum of its file. The same
# sources, compilers and binaries give the same bytes: there is no time in it.
set -euo pipefail
export LC_ALL=C

die() {
	printf 'provenance: %s\n' "$@" >&2
	exit 1
}

[ $# -ge 3 ] || die "usage: provenance.sh DIR VERSION 'NAME VERSION SHA256 LICENCE'..."
dir=$1 version=$2
shift 2
top=$(realpath "${BASH_SOURCE[0]%/*}/..")

sum() { # FILE
	sha256sum <"$1" | cut -d ' ' -f 1
}

# NAME VALUE... of each: jq makes objects of them.
subjects() {
	local file
	for file in "$dir"/granit-linux-*; do
		printf '%s\t%s\n' "${file##*/}" "$(sum "$file")"
	done
}

compilers() {
	local compiler file
	for compiler in ${COMPILERS:-gcc}; do
		file=$(realpath -- "$(command -v "$compiler")") || die "there is no $compiler"
		printf '%s\t%s\t%s\n' "$compiler" "$(sum "$file")" "$("$compiler" --version | head -n 1)"
	done
}

subjects=$(subjects)
compilers=$(compilers)
# A tree that is no commit's says so, and names none.
commit=$(git -C "$top" rev-parse --verify HEAD 2>/dev/null) || commit=
changed=false
[ -z "$commit" ] || [ -z "$(git -C "$top" status --porcelain 2>/dev/null)" ] || changed=true

jq --null-input --arg version "$version" --arg commit "$commit" --argjson changed "$changed" --arg subjects "$subjects" \
	--arg compilers "$compilers" --arg libraries "$(printf '%s\n' "$@")" '
	def rows(separator): split("\n") | map(select(. != "") | split(separator));
	{
		_type: "https://in-toto.io/Statement/v1",
		subject: [ $subjects | rows("\t")[] | { name: .[0], digest: { sha256: .[1] } } ],
		predicateType: "https://slsa.dev/provenance/v1",
		predicate: {
			buildDefinition: {
				buildType: "urn:granit:make-dist:1",
				externalParameters: { version: $version, targets: [ $subjects | rows("\t")[][0] ] },
				internalParameters: { treeHasChanges: $changed },
				resolvedDependencies: (
					[ select($commit != "") | { name: "granit", uri: "pkg:generic/granit@\($version)", digest: { gitCommit: $commit } } ] +
					[ $libraries | rows(" ")[] |
						{ name: .[0], uri: "pkg:deb/debian/\(.[0])@\(.[1])?arch=source", digest: { sha256: .[2] } } ] +
					[ $compilers | rows("\t")[] | { name: .[0], digest: { sha256: .[1] }, annotations: { version: .[2] } } ]
				)
			},
			runDetails: { builder: { id: "urn:granit:scripts/dist.sh" } }
		}
	}'
