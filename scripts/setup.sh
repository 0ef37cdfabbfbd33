#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Install the Debian packages that are missing for a purpose.
#
#	setup.sh PURPOSE...		build, check, lint, demo, bench, image, dist, dist-ARCH, or all
#
# Says what it installs and why, one line each. Nothing missing: one line, no network, no root.
set -euo pipefail
export LC_ALL=C

# package | purposes | reason | where it shows: commands by name, files by path (with *)
#
# docker.io is there for its dockerd: a `docker` command alone may be only the client. Where systemd is the first process,
# Debian starts a daemon with the package, as with nginx-light and redis-server; the tests do not use that one, nor start or
# stop it.
table='
gcc              | build check bench | compiles granit                                    | gcc
make             | build check bench | runs the build                                     | make
musl-tools       | build check bench | static binaries of a few kilobytes                 | musl-gcc
linux-libc-dev   | build check bench | the kernel headers, for system calls               | /usr/include/linux/landlock.h
dpkg-dev         | build             | fetches the pinned sources of the libraries        | dpkg-source
xz-utils         | build             | unpacks them                                       | xz
m4               | build             | makes the assembler of nettle                      | m4
bats             | check             | runs the tests                                     | bats
podman           | check demo        | containers without a daemon, and pods              | podman
netavark         | check demo        | podman does not start without a network back end   | /usr/lib/podman/netavark
catatonit        | check bench       | the first process of a podman pod; a peer          | catatonit
runc             | check bench demo  | the runtime below podman and Docker                | runc
crun             | check             | another runtime                                    | crun
runsc            | check             | gVisor, a sandbox with a kernel of its own         | runsc
docker.io        | check             | Docker Engine, for a daemon of the tests'"'"' own      | dockerd
?docker-cli      | check             | its command line, where that is a package apart    | docker
qemu-system-x86  | check             | a machine with the kernel of Debian 12             | qemu-system-x86_64
apparmor         | check             | a profile for its containers                       | apparmor_parser
containerd       | check             | pods, without a kubelet                            | containerd
containernetworking-plugins | check  | their network                                      | /usr/lib/cni/ptp
python3-grpcio   | check             | asks containerd as a kubelet does                  | /usr/lib/python3/dist-packages/grpc/__init__.py
python3-protobuf | check             | the words for it                                   | /usr/lib/python3/dist-packages/google/protobuf/__init__.py
protobuf-compiler | check            | the same                                           | protoc
e2fsprogs        | check             | a disk for podman'"'"'s storage                       | mkfs.ext4
uidmap           | check             | containers in user namespaces                      | newuidmap
bubblewrap       | check             | containers in the tests without an engine          | bwrap
busybox-static   | check demo        | the shell that tests smuggle into images           | /var/lib/dpkg/info/busybox-static.list
clang            | check lint        | a second opinion; builds with sanitizers           | clang
libclang-rt-dev  | check             | the sanitizers themselves                          | /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.asan-*.a
llvm             | coverage          | counts what the tests run                          | /usr/lib/llvm-*/bin/llvm-cov
libarchive-tools | check             | reads and writes manifests, in its own way         | bsdtar
mtree-netbsd     | check             | the same, in another                               | mtree
minisign         | check             | signs manifests                                    | minisign
signify-openbsd  | check             | the same, in another way                           | signify-openbsd
qemu-user-static | check             | a processor that knows less than this one          | qemu-x86_64-static
curl             | check demo        | asks a server in a container                       | curl
jq               | check bench       | reads JSON reports                                 | jq
strace           | check bench       | counts system calls and wake-ups                   | strace
util-linux       | check demo        | terminals and namespaces                           | unshare
bsdutils         | check             | terminals in tests                                 | script
procps           | check             | what processes are left                            | ps
python3          | check bench demo  | drives terminals, reads times                      | python3
buildah          | check image       | makes images without an engine                     | buildah
podman-compose   | check             | starts the compose files of the examples           | podman-compose
npm              | check             | schemas of Kubernetes, and CEL, for the examples   | npm
python3-yaml     | check             | reads manifests                                    | /usr/lib/python3/dist-packages/yaml/__init__.py
python3-jsonschema | check           | holds JSON reports to their schema                 | jsonschema
nginx-light      | check             | a server to be probed                              | nginx
redis-server     | check             | the same, which speaks no HTTP                     | redis-server
perl             | check             | a TAP consumer                                     | prove
zsh              | check             | completions                                        | zsh
fish             | check             | completions                                        | fish
lintian          | check             | mistakes in the package for Debian                 | lintian
clang-format     | lint              | the layout of C files                              | clang-format
clang-tidy       | lint              | mistakes in C files                                | clang-tidy
cppcheck         | lint              | other mistakes in C files                          | cppcheck
shellcheck       | check lint        | mistakes in shell scripts                          | shellcheck
shfmt            | lint              | the layout of shell scripts                        | shfmt
mandoc           | lint              | mistakes in the manuals                            | mandoc
tini             | bench             | a peer                                             | tini
dumb-init        | bench             | a peer                                             | dumb-init
gcc-x86-64-linux-gnu      | dist-amd64   | compiles for amd64                             | x86_64-linux-gnu-gcc
linux-libc-dev-amd64-cross   | dist-amd64   | the kernel headers for amd64                | /usr/*/*/asm/unistd_x32.h
gcc-aarch64-linux-gnu     | dist-arm64   | compiles for arm64                             | aarch64-linux-gnu-gcc
gcc-arm-linux-gnueabihf   | dist-arm     | compiles for arm                               | arm-linux-gnueabihf-gcc
gcc-riscv64-linux-gnu     | dist-riscv64 | compiles for riscv64                           | riscv64-linux-gnu-gcc
gcc-powerpc64le-linux-gnu | dist-ppc64le | compiles for ppc64le                           | powerpc64le-linux-gnu-gcc
gcc-s390x-linux-gnu       | dist-s390x   | compiles for s390x                             | s390x-linux-gnu-gcc
gcc-i686-linux-gnu        | dist-386     | compiles for 386                               | i686-linux-gnu-gcc
linux-libc-dev-arm64-cross   | dist-arm64   | the kernel headers for arm64                | /usr/aarch64-linux-gnu/include/linux
linux-libc-dev-armhf-cross   | dist-arm     | the kernel headers for arm                  | /usr/arm-linux-gnueabihf/include/linux
linux-libc-dev-riscv64-cross | dist-riscv64 | the kernel headers for riscv64              | /usr/riscv64-linux-gnu/include/linux
linux-libc-dev-ppc64el-cross | dist-ppc64le | the kernel headers for ppc64le              | /usr/powerpc64le-linux-gnu/include/linux
linux-libc-dev-s390x-cross   | dist-s390x   | the kernel headers for s390x                | /usr/s390x-linux-gnu/include/linux
linux-libc-dev-i386-cross    | dist-386     | the kernel headers for 386                  | /usr/i686-linux-gnu/include/linux
qemu-user-static | dist-arm64 dist-arm dist-riscv64 dist-ppc64le dist-s390x | runs foreign programs | qemu-aarch64-static
minisign         | check dist        | signs releases                                     | minisign
jq               | dist              | writes JSON                                        | jq
'
purposes='build check lint demo bench image coverage dist dist-amd64 dist-arm64 dist-arm dist-riscv64 dist-ppc64le dist-s390x dist-386'

die() {
	printf 'setup: %s\n' "$@" >&2
	exit 1
}

trim() {
	local text=$1
	text=${text#"${text%%[![:space:]]*}"}
	printf '%s' "${text%"${text##*[![:space:]]}"}"
}

is_there() {
	case $1 in
	/*) compgen -G "$1" >/dev/null ;;
	# Debian's users have no sbin in their PATH; root's daemons are there all the same.
	*) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
	esac
}

wanted=" $* "
[[ $wanted != *' all '* ]] || wanted=" $purposes "
for purpose in $wanted; do
	[[ " $purposes " == *" $purpose "* ]] || die "'$purpose' is no purpose: $purposes, all"
done
[[ -n ${wanted// /} ]] || die "usage: setup.sh PURPOSE...  ($purposes, all)"

packages=()
maybe=()
reasons=()
while IFS='|' read -r package for reason shows; do
	package=$(trim "$package")
	[ -n "$package" ] || continue
	for purpose in $for; do
		[[ $wanted == *" $purpose "* ]] || continue
		is_there "$(trim "$shows")" && break
		case $package in
		# Another release has it inside another package, which is in this table.
		'?'*) maybe+=("${package#?}") ;;
		*)
			packages+=("$package")
			reasons+=("$(trim "$reason")")
			;;
		esac
		break
	done
done <<<"$table"

if [ $((${#packages[@]} + ${#maybe[@]})) -eq 0 ]; then
	printf 'setup: nothing is missing for:%s\n' "${wanted% }"
	exit 0
fi
command -v apt-get >/dev/null ||
	die 'this machine has no apt-get. Needed, by the names that Debian gives them:' "${packages[@]/#/  }"

sudo=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null ||
		die 'some packages are missing, and installing them takes root:' \
			"  apt-get update && apt-get install --no-install-recommends ${packages[*]} ${maybe[*]}"
	sudo=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A machine that has just booted may be installing its updates.
apt() {
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1 </dev/null
}

# A list that cannot be renewed is no reason to stop: the old one may do.
apt update || printf 'setup: apt-get update failed, going on with the lists there are\n' >&2
for package in "${maybe[@]}"; do
	[ -n "$(apt-cache --names-only search "^$package\$")" ] || continue
	packages+=("$package")
	reasons+=('in this release a package apart')
done
[ "${#packages[@]}" -gt 0 ] || exit 0
for i in "${!packages[@]}"; do
	printf 'setup: installing %-16s %s\n' "${packages[i]}" "${reasons[i]}"
done
if ! apt install --no-install-recommends "${packages[@]}"; then
	tail -n 20 "$log" >&2
	die 'apt-get install failed; the lines above are its last' \
		"  apt-get install --no-install-recommends ${packages[*]}"
fi
