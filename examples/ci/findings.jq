# What the filters of this folder share: the report of granit --format=json as a list, an element a piece of evidence that warns or
# fails. Named arguments, both optional: dockerfile is the file that findings are shown at (Dockerfile), source its text, by which they
# are shown at its last FROM.

def dockerfile: $ARGS.named.dockerfile // "Dockerfile";

def line:
	[($ARGS.named.source // "") | split("\n") | to_entries[] | select(.value | test("^\\s*FROM\\s"; "i")) | .key + 1] | last // 1;

# jq has no digest. Two polynomials, of 31 bits each, keep a finding's number from being another's.
def number($factor; $modulus): reduce explode[] as $c (7; (. * $factor + $c) % $modulus);
def fingerprint: "\(number(257; 2147483629))-\(number(263; 2147483587))";

def fixes:
	{granit: "granit", dockerfile: "Dockerfile", docker: "Docker", podman: "podman", kubernetes: "Kubernetes"} as $names
	| . as $fix
	| [$names | to_entries[] | select($fix[.key]) | "\(.value): \($fix[.key])"];

def findings:
	[.findings[] | . as $finding | .evidence[]
	| select(.kind != "note" and (.level == "fail" or .level == "warn"))
	| {
		id: $finding.id,
		level,
		text: "\(if .kind == "unknown" then "cannot verify that \($finding.title)" else $finding.wrong end): \(.text)",
		fixes: ($finding.fix // {} | fixes),
		# Neither the line nor the path of the Dockerfile: a finding that moves stays the same.
		fingerprint: ("\($finding.id) \(.text)" | fingerprint),
		$finding
	}];
