# granit's report as GitLab reads one of code quality:
#
#	granit --check --root=DIR --format=json | jq -L examples/ci --arg dockerfile Dockerfile -f examples/ci/codequality.jq >codequality.json
include "findings";

findings | map({
	description: .text,
	check_name: "granit \(.id)",
	fingerprint,
	severity: (if .level == "fail" then "critical" else "minor" end),
	location: {path: dockerfile, lines: {begin: line}}
})
