#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Hold every C and shell file and every manual of the tree against the linters; all of them run, then it fails if one had something to say.
#
#	lint.sh CLANG-FLAG...		clang-tidy needs the flags to parse the files with; `make lint` knows them
#	lint.sh --format		lay the files out instead
#
# LINT='clang-tidy shfmt' runs only these. Nothing is installed: what is missing is said, and how to get it.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

# tests/fixtures holds what images hold: material of the tests, not code of ours.
files() { # FIND-EXPRESSION...
	find .ci bench examples scripts src tests -path tests/fixtures -prune -o -type f \( "$@" \) -print 2>/dev/null | sort
}

mapfile -t c_files < <(files -name '*.[ch]')
mapfile -t c_sources < <(files -name '*.c')
mapfile -t manuals < <(find doc -name '*.[1-8]' | sort)
mapfile -t shell_files < <(files -name '*.sh' -o -name '*.bash' -o -name '*.bats' -o -path .ci/run)

linters=${LINT:-clang clang-format clang-tidy cppcheck shellcheck shfmt mandoc layers}
[ "${1:-}" != --format ] || linters='clang-format shfmt'

# Each is a command of that name, but for our own.
missing=()
for linter in $linters; do
	[ "$linter" = layers ] || command -v "$linter" >/dev/null || missing+=("$linter")
done
if [ "${#missing[@]}" -gt 0 ]; then
	printf 'lint: there is no %s\n' "${missing[@]}" >&2
	printf "lint: on Debian, scripts/setup.sh lint installs them; LINT='...' runs others alone\n" >&2
	exit 1
fi

if [ "${1:-}" = --format ]; then
	clang-format -i "${c_files[@]}"
	shfmt -w "${shell_files[@]}"
	exit 0
fi
[ $# -gt 0 ] || {
	printf 'lint: no compiler flags given: make lint passes them\n' >&2
	exit 2
}
clang_flags=("$@")

# gcc has had its say when it built everything; the second opinion is clang's.
run_clang() {
	make --no-print-directory clang
}

run_clang_format() {
	clang-format --dry-run --Werror "${c_files[@]}"
}

# One file for each core at a time: the analyzer takes nine tenths of it. TIDY_NODES=N bounds the states that it follows in a
# function (225000 without it); 50000 take a quarter of the time.
run_clang_tidy() {
	local -a bound=()
	[ -z "${TIDY_NODES:-}" ] || bound=(-Xclang -analyzer-config -Xclang "max-nodes=$TIDY_NODES")
	# shellcheck disable=SC2016 # expanded by the inner shell
	printf '%s\0' "${c_sources[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c '
		flags=("${@:1:$#-1}") file=${!#}
		out=$(clang-tidy --quiet "$file" -- "${flags[@]}" 2>&1) && exit
		printf "%s\n" "$out" | grep -Ev "^[0-9]+ warnings? generated"
		exit 1' clang-tidy "${clang_flags[@]}" "${bound[@]}"
}

# What it takes for wrong, and is not:
#   resourceLeak, unreadVariable     it knows neither the cleanup attribute nor `return fd < 0 ? -errno : fd`
#   variableScope                    declarations stand at the top of a function
#   vforkCalled                      vfork is meant, see .clang-tidy
#   readdirCalled, strtokCalled      nothing here has threads
#   nullPointer                      it holds accept4(fd, NULL, NULL) for one; clang-tidy looks for real ones
#   leakReturnValNotUsed             descriptors 0 to 2 are opened to stay
run_cppcheck() {
	cppcheck --quiet --std=c11 --platform=unix64 --library=posix,gnu --enable=warning,style,performance,portability \
		--inline-suppr --error-exitcode=1 -j "$(nproc)" \
		--suppress=missingIncludeSystem --suppress=resourceLeak --suppress=unreadVariable --suppress=variableScope \
		--suppress=vforkCalled --suppress=readdirCalled --suppress=strtokCalled --suppress=nullPointer --suppress=leakReturnValNotUsed \
		-D__x86_64__ -D__linux__ -D_GNU_SOURCE -DGRANIT_VERSION='""' -DGRANIT_TOOLS=1 -Isrc "${c_sources[@]}"
}

run_shellcheck() {
	shellcheck --external-sources "${shell_files[@]}"
}

run_shfmt() {
	shfmt -d "${shell_files[@]}"
}

# Which other manuals there are is the machine's affair.
run_mandoc() {
	local said
	said=$(mandoc -T lint "${manuals[@]}" 2>&1 | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' || :)
	[ -z "$said" ] || {
		printf '%s\n' "$said"
		return 1
	}
}

run_layers() {
	scripts/layers.sh
}

failed=()
for linter in $linters; do
	from=$EPOCHSECONDS
	if "run_${linter//-/_}"; then
		verdict=clean
	else
		verdict='HAS FOUND SOMETHING, see above'
		failed+=("$linter")
	fi
	printf '  %-14s %s (%d s)\n' "$linter" "$verdict" "$((EPOCHSECONDS - from))"
done
if [ "${#failed[@]}" -gt 0 ]; then
	printf 'lint: %s\n' "${failed[*]}: not clean" 'For the layout: make format' >&2
	exit 1
fi
printf 'lint: %d C files, %d shell files, %d manuals: clean\n' "${#c_files[@]}" "${#shell_files[@]}" "${#manuals[@]}"
