# granit's report as SARIF 2.1.0, for code scanning: a result a piece of evidence that warns or fails.
#
#	granit --check --root=DIR --format=json | jq -L examples/ci --arg dockerfile Dockerfile -f examples/ci/sarif.jq >granit.sarif
#
# --rawfile source Dockerfile shows them at its last FROM.
include "findings";

findings as $findings
| ($findings | map(.finding) | unique_by(.id)) as $rules
| {
	"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
	version: "2.1.0",
	runs: [{
		tool: {driver: {
			name: "granit",
			semanticVersion: .granit,
			rules: ($rules | map(. as $rule | ($findings | map(select(.id == $rule.id)) | .[0].fixes) as $fixes | {
				id,
				shortDescription: {text: .title},
				fullDescription: {text: "What must hold: \(.title). Found: \(.wrong)."},
				help: {
					text: (["How to fix it:"] + $fixes + ["granit --explain=\(.id) says more."] | join("\n")),
					markdown: (["How to fix it:", ""] + ($fixes | map("- " + .)) + ["", "`granit --explain=\(.id)` says more."] | join("\n"))
				},
				defaultConfiguration: {level: (if .level == "fail" then "error" else "warning" end)},
				properties: {tags: (["security"] + .standards | unique)}
			}))
		}},
		invocations: [{executionSuccessful: true, exitCode: .exit_status}],
		columnKind: "unicodeCodePoints",
		results: ($findings | map(. as $result | {
			ruleId: .id,
			ruleIndex: ($rules | map(.id) | index($result.id)),
			level: (if .level == "fail" then "error" else "warning" end),
			message: {text},
			locations: [{physicalLocation: {
				artifactLocation: {uri: (dockerfile | split("/") | map(@uri) | join("/")), uriBaseId: "%SRCROOT%"},
				region: {startLine: line}
			}}],
			# The second name is the one that GitHub reads.
			partialFingerprints: {"granit/v1": .fingerprint, primaryLocationLineHash: .fingerprint}
		}))
	}]
}
