#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What the table of checks tells people to write is what the tools take: Kubernetes' fields as YAML, flags of docker and podman,
# granit's own options.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	"$GRANIT" --list-checks --format=json >"$BATS_TEST_TMPDIR/table.json"
	export PYTHONPATH=tests/helpers PYTHONDONTWRITEBYTECODE=1
}

@test "Kubernetes: what is no sentence is YAML, of fields that a pod or container has" {
	python3 - "$BATS_TEST_TMPDIR/table.json" <<'PYTHON'
import json, sys, yaml
from fields import check

VERBS = ("use ", "remove ", "upgrade ", "set ", "do not ")
SECURITY = {
    "readOnlyRootFilesystem": bool, "privileged": bool, "allowPrivilegeEscalation": bool, "runAsNonRoot": bool, "runAsUser": int,
    "runAsGroup": int, "fsGroup": int, "procMount": str, "capabilities": {"drop": [str]}, "seccompProfile": {"type": str},
    "appArmorProfile": {"type": str},
}
FIELDS = {
    "securityContext": SECURITY, "resources": {"limits": {"memory": str}}, "workingDir": str, "tty": bool, "stdin": bool,
    "volumeMounts": [{"name": str, "mountPath": str, "readOnly": bool, "mountPropagation": str}], "env": [{"name": str, "value": str}],
    "volumes": [{"name": str, "emptyDir": {}}], "hostPID": bool, "hostIPC": bool, "hostNetwork": bool, "hostUsers": bool,
    "automountServiceAccountToken": bool,
}

parsed = 0
for c in json.load(open(sys.argv[1]))["checks"]:
    text = c["fix"].get("kubernetes")
    if not text or text.startswith(VERBS):
        assert not text or ": {" not in text, text
        continue
    # Behind the comment sign stands what another object gets.
    for part in text.replace("{path}", "/data").split(" # pod: "):
        check(yaml.safe_load(part), FIELDS, c["id"])
        parsed += 1
assert parsed > 25, parsed
PYTHON
}

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
@test "ECS: what is no sentence is JSON, of fields that a task or container definition has" {
	python3 - "$BATS_TEST_TMPDIR/table.json" <<'PYTHON'
import json, sys
from fields import check

VERBS = ("use ", "remove ", "set ", "do not ", "rebuild ")
FIELDS = {
    "readonlyRootFilesystem": bool, "privileged": bool, "user": str, "workingDirectory": str, "memory": int, "pseudoTerminal": bool,
    "interactive": bool, "dockerSecurityOptions": [str], "environment": [{"name": str, "value": str}],
    "mountPoints": [{"sourceVolume": str, "containerPath": str, "readOnly": bool}],
    "ulimits": [{"name": str, "softLimit": int, "hardLimit": int}], "pidMode": str, "ipcMode": str, "networkMode": str,
    "linuxParameters": {"capabilities": {"drop": [str]}, "tmpfs": [{"containerPath": str, "size": int, "mountOptions": [str]}]},
}

parsed = 0
for c in json.load(open(sys.argv[1]))["checks"]:
    text = c["fix"].get("ecs")
    if not text or text.startswith(VERBS):
        assert not text or '"' not in text, text
        continue
    text = text.replace(" (on EC2)", "").split(", and remove ")[0].replace("{path}", "/data")
    check(json.loads("{" + text + "}"), FIELDS, c["id"])
    parsed += 1
assert parsed > 25, parsed
PYTHON
}

@test "Docker and podman: every flag is one of run's, and what is no flag begins with a verb" {
	python3 - "$BATS_TEST_TMPDIR/table.json" <<'PYTHON'
import json, re, sys

BOTH = """--read-only --cap-drop --cap-add --privileged --tmpfs --mount --user --security-opt --ipc --pid --uts --network --cgroupns --ulimit
--memory --pids-limit --device -v -e -w -t -i""".split()
FLAGS = {"docker": BOTH, "podman": BOTH + ["--read-only-tmpfs", "--secret", "--preserve-fds", "--userns"]}
VERBS = ("use ", "remove ", "upgrade ", "set ", "mount ", "rebuild ", "do not ")

flags = 0
for c in json.load(open(sys.argv[1]))["checks"]:
    for tool in FLAGS:
        text = c["fix"].get(tool, "-")
        assert text.startswith(VERBS + ("-",)), (c["id"], text)
        assert "Docker" not in text or tool == "docker", text
        for flag in re.findall(r"(?:^|[\s(])(--?[a-z][a-z-]*)", text):
            assert flag in FLAGS[tool], (c["id"], tool, flag)
            flags += 1
assert flags > 40, flags
PYTHON
}

@test "docker has the flags that the test above takes for its own" {
	command -v docker >/dev/null || skip 'there is no docker here'
	docker run --help >"$BATS_TEST_TMPDIR/help"
	local flag
	for flag in --read-only --cap-drop --tmpfs --user --security-opt --ipc --cgroupns --ulimit --memory --pids-limit; do
		grep -qE -- " $flag( |$)" "$BATS_TEST_TMPDIR/help" || {
			printf 'docker run has no %s\n' "$flag"
			return 1
		}
	done
}

@test "granit's own options are taken by granit" {
	local fix option count=0
	while IFS= read -r fix; do
		option=${fix%% *}
		option=${option//\{path\}//data} option=${option//=DIR/=\/data}
		"$GRANIT" --config=none --profile=plain "$option" -- /bin/true
		count=$((count + 1))
	done < <(jq -r '.checks[].fix.granit // empty' "$BATS_TEST_TMPDIR/table.json")
	[ "$count" -ge 4 ]
}

@test "a tmpfs is one that any user can write to" {
	run jq -r '.checks[].fix[] | select(contains("--tmpfs")) | select(contains("mode=1777") | not)' "$BATS_TEST_TMPDIR/table.json"
	[ -z "$output" ]
}
