#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What is known of vulnerabilities in what granit is made of, as an OpenVEX document, on standard output: nothing so far.
#
#	openvex.sh VERSION
#
# A statement is added here when a scanner names one that does not matter to granit, or one that does.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

# The commit's time, so that the same source gives the same bytes.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || printf 0)}
jq -n --arg version "$1" --argjson epoch "$epoch" '{
	"@context": "https://openvex.dev/ns/v0.2.0",
	"@id": "urn:granit:openvex:\($version)",
	author: "granit",
	timestamp: ($epoch | todate),
	version: 1,
	statements: []
}'
