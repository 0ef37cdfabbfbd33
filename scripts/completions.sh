#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Write granit's completions for a shell to standard output, from what the binary says of itself: --help tells the options,
# --list-checks the checks, and the answer to a value that is none of them tells the words of an option.
#
#	completions.sh bash|zsh|fish
#
# GRANIT=FILE asks another binary than build/granit: one that runs on this machine.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."
granit=${GRANIT:-build/granit}

die() {
	printf 'completions: %s\n' "$@" >&2
	exit 1
}

# letter|name|value|help for each option; "-" stands for nothing
options() {
	"$granit" --help | awk '
		function flush() { if (name != "") print letter "\t" name "\t" value "\t" help; name = "" }
		/^  (-[A-Za-z],|   ) --/ {
			flush()
			letter = substr($0, 3, 1) == "-" ? substr($0, 4, 1) : "-"
			rest = substr($0, 7)
			match(rest, /^[^ ]+/)
			name = substr(rest, 1, RLENGTH)
			# A value that may be left out.
			if (sub(/\[=/, "=", name)) sub(/\]$/, "", name)
			help = substr(rest, RLENGTH + 1)
			value = "-"
			if (at = index(name, "=")) { value = substr(name, at + 1); name = substr(name, 1, at - 1) }
			sub(/^ +/, "", help)
			next
		}
		/^                    / && name != "" { sub(/^ +/, ""); help = help (help == "" || help ~ / $/ ? "" : " ") $0; next }
		{ flush() }
		END { flush() }'
}

# What a list of the binary knows, which it tells when it is asked for what is not there.
known_words() { # OPTION VALUE
	"$granit" --config=none --termination-log=none "--$1=$2" -- / 2>&1 | sed -n 's/.*; choose from //p' | tr -d ' ' | tr ',' ' ' || :
}

# kind: words from "words", list of them with commas, file, dir, user, none
describe() { # NAME VALUE
	kind=none words=
	case $2 in
	-) kind=switch ;;
	ID,...) kind=list words="all $ids" ;;
	*,...)
		words=$(known_words "$1" qqqqqqqqqq)
		[ -z "$words" ] || kind=list
		;;
	'FILE|none') kind=file words=none ;;
	*'|'*) kind=words words=${2//|/ } ;;
	DIR) kind=dir ;;
	PATH* | FILE | DIR* | KEY*) kind='file' ;;
	USER*) kind=user ;;
	NAME=*)
		kind=words
		words=$(known_words "$1" qqqqqqqqqq=1)
		words="${words// /= }="
		;;
	NAME | SIGNAL | FROM:TO)
		words=$(known_words "$1" qqqqqqqqqq:qqqqqqqqqq)
		[ -n "$words" ] || words=$(known_words "$1" qqqqqqqqqq)
		[ -z "$words" ] || kind=words
		;;
	esac
}

quoted() { # TEXT: for a shell's single quotes
	printf '%s' "${1//\'/\'\\\'\'}"
}

fish_quoted() {
	local text=${1//\\/\\\\}
	printf '%s' "${text//\'/\\\'}"
}

bash_completion() {
	local letter name value help
	local -a all=() takes=()
	# shellcheck disable=SC2016 # for the shell that reads it
	printf '# bash completion for granit\n\n# What stands for the value of an option: sets kind and values.\n_granit_value() {\n\tcase $1 in\n'
	while IFS=$'\t' read -r letter name value help; do
		describe "${name#--}" "$value"
		local pattern=$name
		[ "$letter" = - ] || pattern+=" | -$letter"
		[ "$kind" = switch ] && all+=("$name") || all+=("$name=") takes+=("$pattern")
		case $kind in
		switch | none) ;;
		*) printf "\t%s) kind=%s values='%s' ;;\n" "$pattern" "$kind" "$(quoted "$words")" ;;
		esac
	done
	# shellcheck disable=SC2016
	printf '\tesac\n}\n\n_granit_takes_value() {\n\tcase $1 in\n\t%s) return 0 ;;\n\tesac\n\treturn 1\n}\n\n' "$(printf '%s | ' "${takes[@]}" | sed 's/ | $//')"
	printf "_granit_options='%s'\n" "${all[*]}"
	cat <<'END'

_granit() {
	local line=${COMP_LINE:0:COMP_POINT} cur kind='' values='' before i
	local -a words
	# Not COMP_WORDS, which = and : divide further.
	read -ra words <<<"$line"
	[[ $line != *[[:blank:]] ]] || words+=('')
	cur=${words[${#words[@]} - 1]}
	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		if [ "${words[i]}" = -- ] || [[ ${words[i]} != -* ]]; then
			# From here on it is the program and what belongs to it.
			[ "${words[i]}" != -- ] || i=$((i + 1))
			[ "$i" -lt $((${#words[@]} - 1)) ] || kind=program
			[ -n "$kind" ] || kind="file"
			break
		fi
		! _granit_takes_value "${words[i]}" || i=$((i + 1))
	done
	if [ -z "$kind" ] && [ "$i" -eq "${#words[@]}" ]; then
		_granit_value "${words[i - 2]}"
	elif [ -z "$kind" ] && [[ $cur == --*=* ]]; then
		_granit_value "${cur%%=*}"
		cur=${cur#*=}
	elif [ -z "$kind" ] && [[ $cur == -* ]]; then
		# shellcheck disable=SC2207 # words without blanks
		COMPREPLY=($(compgen -W "$_granit_options" -- "$cur"))
		[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
		return
	elif [ -z "$kind" ]; then
		kind=program
	fi
	# readline replaces what stands behind the last of these.
	[ "$kind" != words ] || cur=${cur##*:}
	before=${cur%"${cur##*,}"}
	case $kind in
	list) mapfile -t COMPREPLY < <(compgen -P "$before" -W "$values" -- "${cur##*,}") ;;
	words)
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$cur")
		[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
		;;
	file) mapfile -t COMPREPLY < <({ compgen -W "$values" -- "$cur" && :; compgen -f -- "$cur"; }) ;;
	dir) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	user) mapfile -t COMPREPLY < <(compgen -u -- "$cur") ;;
	program) mapfile -t COMPREPLY < <({ compgen -c -- "$cur" && :; compgen -f -- "$cur"; } | sort -u) ;;
	*) COMPREPLY=() ;;
	esac
	case $kind in
	file | dir | program) compopt -o filenames 2>/dev/null || : ;;
	esac
}
complete -F _granit granit
END
}

zsh_completion() {
	local letter name value help action spec
	printf '#compdef granit\n# zsh completion for granit\n\n_granit_list() { _values -s , "$@" }\n\n_arguments -s -S : \\\n'
	while IFS=$'\t' read -r letter name value help; do
		describe "${name#--}" "$value"
		# Brackets and colons mean something in a specification.
		help=${help//\[/\\[} help=${help//\]/\\]} help=${help//:/\\:}
		value=${value//:/\\:}
		value=${value//\[/(} value=${value//\]/)}
		case $kind in
		switch) action= ;;
		words) action=":$value:($words)" ;;
		list) action=":$value:_granit_list word $words" ;;
		dir) action=":$value:_files -/" ;;
		file) action=":$value:_files" ;;
		user) action=":$value:_users" ;;
		*) action=":$value: " ;;
		esac
		spec="[$(quoted "$help")]$(quoted "$action")'"
		[ "$kind" = switch ] || name+='='
		[ "$letter" = - ] || printf "\t'*-%s%s%s \\\\\n" "$letter" "$([ "$kind" = switch ] || printf +)" "$spec"
		printf "\t'*%s%s \\\\\n" "$name" "$spec"
	done
	printf "\t'(-)1:program:_command_names -e' \\\\\n\t'*::arguments:_normal'\n"
}

fish_completion() {
	local letter name value help
	printf '# fish completion for granit\ncomplete -c granit -x -a "(__fish_complete_subcommand)"\n'
	while IFS=$'\t' read -r letter name value help; do
		describe "${name#--}" "$value"
		printf 'complete -c granit'
		[ "$letter" = - ] || printf ' -s %s' "$letter"
		printf ' -l %s' "${name#--}"
		case $kind in
		switch) ;;
		words) printf " -x -a '%s'" "$(fish_quoted "$words")" ;;
		list) printf " -x -a '(__fish_complete_list , \"string split \\\\\" \\\\\" \\\\\"%s\\\\\"\")'" "$words" ;;
		dir) printf " -x -a '(__fish_complete_directories)'" ;;
		file) printf ' -r -F%s' "${words:+ -a $words}" ;;
		user) printf " -x -a '(__fish_complete_users)'" ;;
		*) printf ' -x' ;;
		esac
		printf " -d '%s'\n" "$(fish_quoted "$help")"
	done
}

[ "$("$granit" --version 2>/dev/null | cut -d' ' -f1)" = granit ] || die "$granit does not run here: set GRANIT to one that does, or build one (make)"
ids=$("$granit" --list-checks | awk 'NR > 1 && $2 == "off" { print $1 }' | xargs)
case ${1:-} in
bash | zsh | fish)
	listed=$(options)
	"$1_completion" <<<"$listed"
	;;
*) die 'usage: completions.sh bash|zsh|fish' ;;
esac
