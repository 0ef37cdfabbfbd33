# shellcheck shell=bash disable=SC2154 # the test sets flags, `run` sets output
# SPDX-License-Identifier: MIT
# Verdicts on the image root $ROOT, which does not run. Loaded after granit.bash; a test's own options go into flags.

# says ID VERDICT
says() {
	run "$GRANIT" --check -v --root="$ROOT" "${flags[@]}"
	grep -qE "^$2 +$1:" <<<"$output" && return
	printf 'wanted "%s" for %s in:\n%s\n' "$2" "$1" "$(grep -A 5 -E "^[a-zA-Z/]+ +$1:" <<<"$output")"
	return 1
}
