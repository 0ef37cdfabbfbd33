#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What lies beside the binaries of a release, and the places that repeat the version.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	D=$BATS_TEST_TMPDIR/release
	mkdir "$D"
	cp "$GRANIT" "$D/granit-linux-amd64"
	mapfile -t LIBRARIES < <(make --no-print-directory -s libraries 3>&-)
}

files() {
	scripts/release-files.sh "$D" 1.2.3 "${LIBRARIES[@]}" 3>&-
}

@test "every library of the Makefile has version, sum and licence" {
	[ "${#LIBRARIES[@]}" -eq "$(grep -c '^[A-Z0-9]*_SHA256 = ' Makefile)" ]
	local line
	for line in "${LIBRARIES[@]}"; do
		[[ $line =~ ^[a-z0-9.+-]+\ [0-9][^\ ]*\ [0-9a-f]{64}\ [A-Za-z] ]] || {
			printf 'beside NAME_SHA256 the Makefile wants NAME_VERSION, NAME_LICENSE, NAME_SOURCE: %s\n' "$line"
			return 1
		}
	done
	local name
	for name in libcap-ng libsodium musl nettle; do [[ " ${LIBRARIES[*]}" == *" $name "* ]]; done
}

@test "the list of parts names each library with version, licence and sum" {
	files
	diff -u <(printf '%s\n' "${LIBRARIES[@]}") <(jq -r '.components[] |
		[.name, .version, .hashes[0].content, (.licenses[0] | .license.id // .expression)] | join(" ")' "$D/granit.cdx.json")
	jq -e '.bomFormat == "CycloneDX" and .specVersion == "1.5" and .version == 1
		and .metadata.component.version == "1.2.3" and .metadata.component.type == "application"
		and ([.components[] | .type] | unique) == ["library"]
		and ([.dependencies[].ref] | sort) == ([.metadata.component."bom-ref", .components[]."bom-ref"] | sort)
		and .dependencies[0].dependsOn == [.components[]."bom-ref"]' "$D/granit.cdx.json"
}

@test "a licence of several is an expression" {
	scripts/sbom.sh 1 "x 1 00 GPL-2.0-or-later OR LGPL-3.0-or-later" |
		jq -e '.components[0].licenses == [{expression: "GPL-2.0-or-later OR LGPL-3.0-or-later"}]'
}

@test "what is known of vulnerabilities is a document of OpenVEX, with the source's time" {
	SOURCE_DATE_EPOCH=86400 files
	jq -e '."@context" == "https://openvex.dev/ns/v0.2.0" and (."@id" | length > 0) and (.author | length > 0)
		and .version == 1 and .timestamp == "1970-01-02T00:00:00Z" and .statements == []' "$D/granit.openvex.json"
}

# https://in-toto.io/Statement/v1, https://slsa.dev/spec/v1.0/provenance
@test "provenance: the binaries by their sums, the sources and the compiler that they were made with" {
	files
	jq -e --arg sum "$(sha256sum <"$D/granit-linux-amd64" | cut -d ' ' -f 1)" '
		._type == "https://in-toto.io/Statement/v1" and .predicateType == "https://slsa.dev/provenance/v1"
		and .subject == [{name: "granit-linux-amd64", digest: {sha256: $sum}}]
		and (.predicate.buildDefinition | (.buildType | startswith("urn:")) and .externalParameters.version == "1.2.3")
		and (.predicate.runDetails.builder.id | length > 0)' "$D/granit.provenance.json"
	diff -u <(printf '%s\n' "${LIBRARIES[@]}" | cut -d ' ' -f 1,3) <(jq -r '.predicate.buildDefinition.resolvedDependencies[] |
		select(.uri // "" | startswith("pkg:deb/")) | "\(.name) \(.digest.sha256)"' "$D/granit.provenance.json")
	jq -e --arg sum "$(sha256sum <"$(realpath "$(command -v gcc)")" | cut -d ' ' -f 1)" --arg version "$(gcc --version | head -n 1)" '
		.predicate.buildDefinition.resolvedDependencies | any(.name == "gcc" and .digest.sha256 == $sum and .annotations.version == $version)' \
		"$D/granit.provenance.json"
	cp "$D/granit.provenance.json" "$BATS_TEST_TMPDIR/first"
	files
	cmp "$BATS_TEST_TMPDIR/first" "$D/granit.provenance.json"
	COMPILERS=no-such-compiler run -1 files
	[[ $output == *'there is no no-such-compiler'* ]]
}

@test "the sums are right, and all are there" {
	files
	(cd "$D" && sha256sum --check --quiet SHA256SUMS)
	diff -u <(cd "$D" && printf '%s\n' granit*) <(awk '{ print $2 }' "$D/SHA256SUMS" | sort)
}

@test "a key signs the sums, and a signature of before does not stay" {
	needs_tool minisign
	minisign -G -W -p "$BATS_TEST_TMPDIR/pub" -s "$BATS_TEST_TMPDIR/key" >/dev/null
	MINISIGN_KEY=$BATS_TEST_TMPDIR/key files
	minisign -V -p "$BATS_TEST_TMPDIR/pub" -m "$D/SHA256SUMS" | grep -q 'granit 1.2.3'
	files
	[ ! -e "$D/SHA256SUMS.minisig" ]
	MINISIGN_KEY=/nowhere run -1 files
	[[ $output == *'could not sign'* ]]
}

@test "the lines of doc/building.md that verify a release, as they stand" {
	needs_tool minisign
	minisign -G -W -p "$D/minisign.pub" -s "$BATS_TEST_TMPDIR/key" >/dev/null
	MINISIGN_KEY=$BATS_TEST_TMPDIR/key files
	local line count=0
	while IFS= read -r line; do
		# What builds all of it again is reproducible.bats' to test.
		[[ $line != cmp* ]] || continue
		count=$((count + 1))
		run -0 env -C "$D" bash -c "$line"
	done < <(sed -n '/^## Verifying/,/^## Lic/s/^    //p' doc/building.md)
	[ "$count" -eq 3 ]
	[[ $output == *musl* && $output == *gcc* ]]
	printf 'x' >>"$D/granit-linux-amd64"
	run -1 env -C "$D" sha256sum -c --quiet SHA256SUMS
	printf 'x' >>"$D/SHA256SUMS"
	run -1 env -C "$D" minisign -V -p minisign.pub -m SHA256SUMS
}

@test "the version stands in the Makefile, and is what granit, Alpine's recipe and the changelog say" {
	local version
	version=$(make --no-print-directory -s version 3>&-)
	[ "$("$GRANIT" --version)" = "granit $version" ]
	[ "$(sed -n 's/^pkgver=//p' packaging/alpine/APKBUILD)" = "$version" ]
	grep -q "^## \[$version\]" CHANGELOG.md
}

@test "what an architecture is called, and what is not one" {
	[ "$(scripts/dist.sh --list)" = 'amd64 arm64 arm riscv64 ppc64le s390x 386' ]
	run -1 scripts/dist.sh vax
	[[ $output == *"'vax' is no architecture"* ]]
}

@test "the list of what cannot be tested under emulation names files and tests that are there" {
	local arch what reason
	while IFS='|' read -r arch what reason; do
		[[ $arch != '#'* ]] || continue
		what=$(sed 's/^ *//; s/ *$//' <<<"$what")
		[ -n "${reason// /}" ]
		[ -e "$what" ] || grep -rqF "@test \"$what\"" tests/unit tests/cli || {
			printf 'tests/foreign.txt: there is no %s\n' "$what"
			return 1
		}
	done <tests/foreign.txt
}

@test "workflow files for a code host: YAML, pinned by commit, of the project's own scripts" {
	local file
	for file in .github/workflows/*.yml; do
		python3 - "$file" <<'PYTHON'
import re
import subprocess
import sys
import yaml

flow = yaml.safe_load(open(sys.argv[1]))
assert flow["name"] and flow["permissions"] and (flow.get("on") or flow[True])
for job in flow["jobs"].values():
    assert job["timeout-minutes"] if flow["name"] != "scorecard" else True
    for step in job["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[a-z/-]+@[0-9a-f]{40}", step["uses"]), step
        elif not step["run"].startswith("apt-get "):
            words = step["run"].removeprefix("sudo ").split()
            if words[0] == "make":
                targets = [word for word in words[1:] if "=" not in word]
                subprocess.run(["make", "--dry-run", *targets], check=True, stdout=subprocess.DEVNULL)
            else:
                subprocess.run(["test", "-x", words[0]], check=True)
    assert any("run" in step for step in job["steps"]) or flow["name"] == "scorecard"
PYTHON
	done
	run ! grep -rnE '(gcr|ghcr|quay|docker)\.io' .github
}
