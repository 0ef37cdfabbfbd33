#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the profiles promise, held against the table of checks.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	# id, then plain, audit, immutable, restricted
	mapfile -t ROWS < <("$GRANIT" --list-checks | awk 'NR > 1 && $2 ~ /^(off|info|warn|fail)/ { print $1, $2, $3, $4, $5 }')
	[ "${#ROWS[@]}" -ge 60 ]
}

# Prints the ids whose level in this column matches.
with() { # COLUMN PATTERN
	printf '%s\n' "${ROWS[@]}" | awk -v column="$1" -v pattern="$2" '$column ~ pattern { print $1 }'
}

@test "in immutable the promises fail, and nothing else does" {
	diff -u <(printf '%s\n' app-immutable cgroup-ro cwd-unreachable dir-fd-leak foreign-programs no-multicall no-shell no-shell-content \
		proc-readonly root-read-only root-remount sensitive-mounts sys-ro writable-declared writable-mounts) \
		<(with 4 fail | grep -vxE 'config-trusted|image-sealed' | sort)
}

@test "in immutable a lesser thing only warns where one thing is worse than another" {
	diff -u <(printf '%s\n' cgroup-ro cwd-unreachable dir-fd-leak foreign-programs image-sealed no-multicall no-shell-content proc-readonly sensitive-mounts writable-mounts) \
		<(with 4 'fail/warn' | sort)
}

@test "plain looks at nothing, audit refuses nothing" {
	[ -z "$(with 2 '^(info|warn|fail)')" ]
	[ -z "$(with 3 fail)" ]
	[ -z "$(with 3 off)" ]
}

@test "restricted is never laxer than immutable" {
	local row
	for row in "${ROWS[@]}"; do
		read -r id _ _ immutable restricted <<<"$row"
		[[ $immutable != fail || $restricted == fail ]]
		[[ $immutable != fail/warn || $restricted == fail* ]]
		[[ $immutable != warn* || $restricted == warn* || $restricted == fail* ]]
		[[ $restricted != off ]]
	done
}

@test "restricted refuses what the catalogue says" {
	local id
	for id in writable-exec no-interpreter no-package-manager no-network-tools setuid-files non-root-uid privileged seccomp \
		host-pid host-ipc core-pattern sshd; do
		with 5 '^fail' | grep -qx "$id" || {
			printf '%s does not fail in restricted\n' "$id"
			return 1
		}
	done
}

@test "every check says how to fix what it finds, in whole sentences of the tools" {
	# The macro's name is no line of a Dockerfile.
	run "$GRANIT" --check -v --profile=audit --warn=all --scan=off
	run ! grep -E '\b(COPY_ONLY|OTHER_IMAGE|NOTHING_ENGINE|NOTHING_NODE)\b' <<<"$output"
	run ! grep -aE 'COPY_ONLY|OTHER_IMAGE|NOTHING_(ENGINE|NODE)' "$GRANIT"
}

@test "every check has two titles, for what must hold and for what is wrong, that fit a line" {
	"$GRANIT" --list-checks --format=json | jq -r '.checks[] | [.id, .title, .wrong] | join("\t")' >"$BATS_TEST_TMPDIR/titles"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/titles")" -ge 60 ]
	# TAP would take # and \ for its own; a full stop would stand before one.
	awk -F '\t' '
		$2 == "" || $3 == "" || $2 == $3 || length($2) > 60 || length($3) > 60 || /[#\\]/ || $2 ~ /\.$/ || $3 ~ /\.$/ { print; bad = 1 }
		seen[$2]++ || seen[$3]++ { print "twice: " $0; bad = 1 }
		END { exit bad }' "$BATS_TEST_TMPDIR/titles"
}
