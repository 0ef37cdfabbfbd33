#!/bin/bash
# What users wait for: a whole start of a real application's image, `runc run` to its exit, with granit and without.
#
#	images.sh warm|cold [ROUNDS]
#
# One line a start: name, p50 in ns, p90 in ns; NAME+granit is the same bundle behind granit in its default profile. The last
# two, worst and worst+granit, are once more those of the application with the highest ratio of p50.
# cold: the page cache is dropped before each start. Nothing is pinned: runc has threads of its own.
# Roots are made of Debian's packages, as the tests' are, and stay in the build folder for the next run.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../tests/helpers/apps.bash
. "$top/tests/helpers/apps.bash"

state=${1:-warm}
images=$build/bench/images
runc=$(command -v runc) || die 'runc is not there: install it (Debian: runc)'
command -v jq >/dev/null || die 'jq is not there: install it (Debian: jq)'
[ -x "$granit" ] || die "$granit is not there: build it first"

# name|granit's options|program and arguments
#
# empty: what is left of a start where there is no application. A program's constants are what a scan reads of it.
rows() {
	cat <<'END'
empty||/bin/program
node|--allow=/usr/bin/node|/usr/bin/node -e 0
python|--allow=/usr/bin/python3|/usr/bin/python3 -c pass
postgres||/usr/bin/postgres --version
nginx||/usr/sbin/nginx -v
caddy||/usr/bin/caddy version
10-MB||/bin/program
1-GB||/bin/program
END
}

# A program with constants of so many random bytes, all of them on the disk.
generated_root() { # NAME BYTES
	local root=$images/roots/$1
	[ ! -e "$root.done" ] || return 0
	rm -rf "$root"
	mkdir -p "$root"/{bin,etc}
	head -c "$2" /dev/urandom >"$root.bytes"
	printf '.section .rodata\n.incbin "%s"\n.section .note.GNU-stack,""\n' "$root.bytes" >"$root.s"
	printf 'int main(void)\n{\n\treturn 0;\n}\n' >"$root.c"
	# CC may hold options.
	# shellcheck disable=SC2086
	${CC:-musl-gcc} -Os -static -s "$root.c" "$root.s" -o "$root/bin/program" || die "cannot link a program of $2 bytes"
	rm "$root.bytes" "$root.s" "$root.c"
	: >"$root.done"
}

roots() {
	local name
	APPS=(node python postgres nginx caddy)
	apps_packages=(nodejs python3 postgresql nginx caddy)
	apps_others=()
	apps_build bench/apps || die 'the applications are not there: their packages come from Debian'\''s archive'
	mkdir -p "$images"/{roots,etc}
	generated_root empty 0
	generated_root 10-MB 10000000
	generated_root 1-GB 1000000000
	for name in "${APPS[@]}"; do
		ln -sfn "$APPS_DIR/$name" "$images/roots/$name"
	done
	printf '127.0.0.1\tlocalhost\n' >"$images/etc/hosts"
	printf 'bench\n' >"$images/etc/hostname"
	: >"$images/etc/resolv.conf"
}

# What Docker writes for `docker run --read-only`, as far as a start's time can tell: mounts, masks, capabilities, a filter.
bundle() { # NAME ROOT ARG...
	local folder=$images/bundles/$1 root=$2
	shift 2
	rm -rf "$folder"
	mkdir -p "$folder"
	"$runc" spec --bundle "$folder"
	jq --arg root "$(realpath "$root")" --arg etc "$images/etc" --argjson args "$(printf '%s\n' "$@" | jq -Rn '[inputs]')" '
		def caps: ["CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
			"NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"] | map("CAP_" + .);
		.root = {path: $root, readonly: true} |
		.process.args = $args | .process.terminal = false | .process.noNewPrivileges = false |
		.process.capabilities = {bounding: caps, effective: caps, permitted: caps} |
		.mounts += (["hosts", "hostname", "resolv.conf"] | map(
			{destination: "/etc/\(.)", type: "bind", source: "\($etc)/\(.)", options: ["rbind", "rprivate", "ro"]})) |
		.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["kexec_load"], action: "SCMP_ACT_ERRNO"}]}
		' <"$folder/config.json" >"$folder/new"
	mv "$folder/new" "$folder/config.json"
}

# Both bundles share the root, granit in it: what differs is the command line alone.
add_pair() { # NAME OPTIONS PROGRAM...
	local name=$1 root=$images/roots/$1 bundle
	local -a options
	read -ra options <<<"$2"
	shift 2
	cmp -s "$granit" "$root/granit" || cp "$granit" "$root/granit"
	bundle "$name" "$root" "$@"
	bundle "$name+granit" "$root" /granit "${options[@]}" -- "$@"
	for bundle in "$name" "$name+granit"; do
		# Of a run that was interrupted.
		"$runc" --root "$images/state" delete --force "bench-$bundle" 2>/dev/null || :
		list+=(+ "$bundle" "$runc" --root "$images/state" run --bundle "$images/bundles/$bundle" "bench-$bundle")
	done
}

add_worst() {
	awk -F'\t' '
		{ print; p50[$1] = $2; p90[$1] = $3 }
		$1 ~ /\+granit$/ {
			bare = $1
			sub(/\+granit$/, "", bare)
			if ($2 / p50[bare] > highest) { highest = $2 / p50[bare]; worst = bare }
		}
		END {
			if (worst == "") exit 1
			printf "worst\t%d\t%d\nworst+granit\t%d\t%d\n", p50[worst], p90[worst], p50[worst "+granit"], p90[worst "+granit"]
		}'
}

mkdir -p "$tools"
compile startup
roots
list=()
while IFS='|' read -r name options program; do
	read -ra program <<<"$program"
	add_pair "$name" "$options" "${program[@]}"
done < <(rows)
sync
case $state in
warm) "$tools/startup" -q -n "${2:-40}" -w 2 -- "${list[@]:1}" ;;
cold) "$tools/startup" -q -d -n "${2:-10}" -w 0 -- "${list[@]:1}" ;;
*) die "'$state' is neither warm nor cold" ;;
esac | add_worst
