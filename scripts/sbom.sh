#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What granit is made of, as CycloneDX 1.5 in JSON, on standard output.
#
#	sbom.sh VERSION 'NAME VERSION SHA256 LICENCE'...	the libraries that are linked in; `make libraries` knows them
#
# The same arguments give the same bytes: there is no serial number, and no time of today.
set -euo pipefail
export LC_ALL=C

[ $# -ge 2 ] || {
	printf "sbom: usage: sbom.sh VERSION 'NAME VERSION SHA256 LICENCE'...\n" >&2
	exit 1
}
version=$1
shift
printf '%s\n' "$@" | jq --raw-input --slurp --arg version "$version" '
	def licence: if test(" (AND|OR|WITH) ") then { expression: . } else { license: { id: . } } end;
	{
		bomFormat: "CycloneDX",
		specVersion: "1.5",
		version: 1,
		metadata: {
			component: {
				type: "application", "bom-ref": "granit", name: "granit", version: $version,
				purl: "pkg:generic/granit@\($version)", licenses: [ "MIT" | licence ]
			}
		},
		components: [
			split("\n")[] | select(. != "") | split(" ") |
			{
				type: "library", "bom-ref": .[0], name: .[0], version: .[1], scope: "required",
				hashes: [ { alg: "SHA-256", content: .[2] } ],
				licenses: [ .[3:] | join(" ") | licence ],
				purl: "pkg:deb/debian/\(.[0])@\(.[1])?arch=source"
			}
		]
	} | . + {
		dependencies: (
			[ { ref: "granit", dependsOn: [ .components[]."bom-ref" ] } ] + [ .components[] | { ref: ."bom-ref" } ]
		)
	}'
