# granit's report as annotations of GitHub Actions, a line each, which the runner shows at the Dockerfile:
#
#	granit --check --root=DIR --format=json | jq -r -L examples/ci --arg dockerfile Dockerfile -f examples/ci/annotations.jq
include "findings";

# As the runner reads them back.
def data: gsub("%"; "%25") | gsub("\r"; "%0D") | gsub("\n"; "%0A");
def property: data | gsub(":"; "%3A") | gsub(","; "%2C");

findings[]
| "::\(if .level == "fail" then "error" else "warning" end) file=\(dockerfile | property),line=\(line),title=\("granit: \(.id)" | property)::\([.text] + .fixes | join("\n") | data)"
