#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What the tests run of granit, by line and by branch: coverage.sh WORK [TESTS...]
#
# Builds granit, and the tests' programs that have its functions, with clang's counters, in a copy of the tree, WORK; runs TESTS there,
# or all of tests/unit and tests/cli; and leaves WORK/report.txt, a line a file, and WORK/lines.txt, the source with its counts. Some
# tests fail: this is another libc, and another compiler. Programs that a test starts by way of Python are not counted. Process 1's
# helpers in the tests close what they inherit but for descriptors 200 to 219: those are the counters'.
#
# Needs: clang, llvm, the C library's static archive, and what the tests need.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

[ $# -ge 1 ] || { printf 'usage: coverage.sh WORK [TESTS...]\n' >&2 && exit 2; }
mkdir -p "$1"
work=$(realpath -- "$1")
shift
[ $# -gt 0 ] || set -- tests/unit tests/cli
# Of clang's own version.
profdata=$(clang -print-prog-name=llvm-profdata) cov=$(clang -print-prog-name=llvm-cov)
for tool in "$profdata" "$cov"; do
	command -v "$tool" >/dev/null || { printf 'coverage: there is no %s: scripts/setup.sh check coverage\n' "$tool" >&2 && exit 2; }
done

tree=$work/tree
rm -rf "$tree"
mkdir -p "$tree"
git ls-files -z | xargs -0 cp --parents -t "$tree"
mkdir -p "$tree/build"
cp -r build/sources build/tests build/hello "$tree/build/"

# Counters have pages of their own, or what lies beside them would be a file's, too.
cat >"$work/counters.ld" <<'SCRIPT'
SECTIONS
{
	__llvm_prf_cnts : ALIGN(4096) { KEEP(*(__llvm_prf_cnts)) . = ALIGN(4096); }
}
INSERT AFTER .data;
SCRIPT

# The libraries are not counted, and built by what builds them for the sanitizers.
cat >"$work/cc" <<'WRAPPER'
#!/bin/sh
case " $* " in *' -fprofile-instr-generate '*) exec clang "$@" ;; esac
exec gcc "$@"
WRAPPER
chmod +x "$work/cc"

programs=(granit tests/judge tests/signature tests/advise tests/rest tests/exhaust tests/digest)
instrument='-fprofile-instr-generate -fcoverage-mapping -O1 -g'
rm -f "$work/build.log" "${programs[@]/#/$tree/build/}"
fd=200
for program in "${programs[@]}"; do
	object=$work/$(basename "$program").o
	clang -O1 -D_GNU_SOURCE -DCOVERAGE_FD="$fd" -c tests/helpers/coverage.c -o "$object"
	link="-fprofile-instr-generate -Wl,--no-gc-sections -Wl,-T,$work/counters.ld $object"
	make -s -j"$(nproc)" -C "$tree" CC="$work/cc" WARNINGS= CFLAGS="$instrument" LDFLAGS="$link" LINK_TOOL="-static $link" "build/$program" >>"$work/build.log" 2>&1 || {
		tail -n 20 "$work/build.log" >&2
		exit 1
	}
	: >"$work/$(basename "$program").counters"
	eval "exec $fd<>\"\$work/\$(basename \"\$program\").counters\""
	fd=$((fd + 2))
done

(
	cd "$tree"
	export MISSING_TOOLS=fail BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-300}
	bats --tap "$@" >"$work/tests.tap" 2>&1 </dev/null || :
)
printf '%s passed, %s failed, of these tests:\n' "$(grep -c '^ok ' "$work/tests.tap" || :)" "$(grep -c '^not ok ' "$work/tests.tap" || :)"
printf '  %s\n' "$@"

fd=200
objects=()
for program in "${programs[@]}"; do
	# Another descriptor beside that of the counters: they are written out.
	eval "exec $((fd + 1))>\"\$work/\$(basename \"\$program\").profraw\""
	"$tree/build/$program" >/dev/null
	eval "exec $((fd + 1))>&-"
	objects+=(-object "build/$program")
	fd=$((fd + 2))
done
"$profdata" merge -sparse "$work"/*.profraw -o "$work/all.profdata"
cd "$tree"
"$cov" report "${objects[@]:1}" -instr-profile "$work/all.profdata" >"$work/report.txt"
"$cov" show "${objects[@]:1}" -instr-profile "$work/all.profdata" -show-branches=count >"$work/lines.txt"
tail -n 1 "$work/report.txt"
