#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Inspect an image in a pipeline, without starting it.
#
#	inspect.sh IMAGE [OPTION...]	options of granit's: --profile=restricted, --allow=/usr/bin/node
#
# Writes granit.json, granit.sarif and codequality.json to the working directory, and annotations to standard output where
# GITHUB_ACTIONS is set, else the report. Ends with granit's status: 78 if the image is refused.
# ENGINE=podman uses that one; GRANIT_IMAGE names granit's image (granit:0.1.0), DOCKERFILE the file that findings are shown at.
set -eu

[ $# -ge 1 ] || {
	sed -n '6,10s/^#//p' "$0" >&2
	exit 2
}
image=$1 engine=${ENGINE:-docker} granit=${GRANIT_IMAGE:-granit:0.1.0} dockerfile=${DOCKERFILE:-Dockerfile}
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) container=
trap '[ -z "$container" ] || "$engine" rm "$container" >/dev/null; chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

mkdir "$work/image"
container=$("$engine" create --entrypoint /none "$image")
# With the modes: a setuid bit is a finding. With this user as the owner, who can then read all of it.
# A pipe would hide that the export broke off: what came so far may be a whole archive.
"$engine" export "$container" >"$work/image.tar"
tar -C "$work/image" -x --same-permissions --no-same-owner -f "$work/image.tar"
rm "$work/image.tar"

# An image is hostile data: no network, no capability, nothing writable.
set -- --check --root=/image "$@"
userns=
[ "${engine##*/}" != podman ] || [ "$(id -u)" -eq 0 ] || userns=--userns=keep-id
inspect() {
	# shellcheck disable=SC2086 # one word or none
	"$engine" run --rm --network=none --read-only --cap-drop=all --security-opt=no-new-privileges $userns --user="$(id -u):$(id -g)" \
		--volume "$work/image:/image:ro" --entrypoint /granit "$granit" "$@"
}
status=0
inspect "$@" --format=json >granit.json || status=$?
case $status in
0 | 78) ;;
*)
	echo "inspect.sh: granit did not inspect $image (status $status)" >&2
	exit "$status"
	;;
esac

filter() { # NAME [FLAG...]
	name=$1
	shift
	if [ -e "$dockerfile" ]; then
		set -- "$@" --rawfile source "$dockerfile"
	fi
	jq -L "$here" --arg dockerfile "$dockerfile" "$@" -f "$here/$name.jq" granit.json
}
filter sarif >granit.sarif
filter codequality >codequality.json
if [ -n "${GITHUB_ACTIONS:-}" ]; then
	filter annotations -r
else
	inspect "$@" || :
fi
exit "$status"
