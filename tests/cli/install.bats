#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# make install and uninstall, the completions of three shells, and the package for Debian.

bats_require_minimum_version 1.5.0

setup_file() {
	load ../helpers/granit
	granit_setup
	export DEST=$BATS_FILE_TMPDIR/dest TREE=$BATS_FILE_TMPDIR/tree
	# In a copy: the tree at hand may belong to somebody else, or be built for another machine.
	mkdir "$TREE"
	tar -cf - --exclude=./build/dist --exclude=./build/results --exclude=./.git . | tar -xf - -C "$TREE"
	make -C "$TREE" install DESTDIR="$DEST" PREFIX=/usr >"$BATS_FILE_TMPDIR/log" 2>&1 3>&- || {
		cat "$BATS_FILE_TMPDIR/log"
		return 1
	}
}

setup() {
	load ../helpers/granit
	granit_setup
	SHARE=$DEST/usr/share
}

# What bash offers for this line, one a line.
bash_offers() { # LINE
	# shellcheck disable=SC2016 # the inner shell's
	bash -c '
		source "$1"
		complete -p granit | grep -q -- "-F _granit" || exit 1
		COMP_LINE=$2 COMP_POINT=${#2} COMPREPLY=()
		_granit
		printf "%s\n" "${COMPREPLY[@]}"' offers "$SHARE/bash-completion/completions/granit" "$1"
}

# offers LINE WORD...: exactly these
offers() {
	local line=$1
	shift
	diff -u <(printf '%s\n' "$@" | sort) <(bash_offers "$line" | sort) || {
		printf 'for: %s\n' "$line"
		return 1
	}
}

@test "install copies binary, manuals and completions, and nothing else" {
	diff -u - <(cd "$DEST" && find . -type f -printf '%m %p\n' | sort -k 2) <<-END
		755 ./usr/bin/granit
		644 ./usr/share/bash-completion/completions/granit
		644 ./usr/share/fish/vendor_completions.d/granit.fish
		644 ./usr/share/man/man1/granit.1
		644 ./usr/share/man/man5/granit.conf.5
		644 ./usr/share/zsh/vendor-completions/_granit
	END
	[ "$("$DEST/usr/bin/granit" --version)" = "$("$GRANIT" --version)" ]
}

@test "uninstall leaves nothing behind, and nothing that is not its own goes" {
	cp -a "$DEST" "$BATS_TEST_TMPDIR/dest"
	touch "$BATS_TEST_TMPDIR/dest/usr/bin/other"
	make -C "$TREE" uninstall DESTDIR="$BATS_TEST_TMPDIR/dest" PREFIX=/usr 3>&-
	[ "$(find "$BATS_TEST_TMPDIR/dest" -type f)" = "$BATS_TEST_TMPDIR/dest/usr/bin/other" ]
}

@test "bash: shellcheck has nothing to say of the completion" {
	needs_tool shellcheck
	shellcheck -s bash "$SHARE/bash-completion/completions/granit"
}

@test "bash: every option of the help, and no other" {
	diff -u <("$GRANIT" --help | sed "s/\[=/=/" | sed -nE 's/^ +(-[A-Za-z], )?(--[a-z-]+=?).*/\2/p' | sort) <(bash_offers 'granit --' | sort)
}

@test "bash: values, joined by = or not, and behind a comma" {
	offers 'granit --profile=r' restricted
	offers 'granit --profile r' restricted
	offers 'granit --scan=' full lazy off quick
	offers 'granit --check --fail=no-shell,root-r' no-shell,root-read-only no-shell,root-remount
	offers 'granit --keep-caps=chown,net_b' chown,net_bind_service chown,net_broadcast
	offers 'granit --deny=wx' wx-memory
	offers 'granit -p TER' TERM
	offers 'granit -r TERM:QU' QUIT
	offers 'granit --rlimit=nof' nofile=
	offers 'granit --root=/et' /etc
	offers 'granit --grace=' ''
}

@test "bash: behind -- or the program everything is the program's" {
	offers 'granit -q bash --profi' ''
	offers 'granit -- /etc/host' /etc/host*
	bash_offers 'granit -- bas' | grep -qxF bash
	bash_offers 'granit --profile plain bas' | grep -qxF bash
	bash_offers 'granit -q bas' | grep -qxF bash
}

@test "bash: every check can be named" {
	diff -u <(
		printf 'all\n'
		"$GRANIT" --list-checks | awk 'NR > 1 && $2 == "off" { print $1 }'
	) <(bash_offers 'granit --warn=')
}

# zsh_offers LINE WORD...: all of them
zsh_offers() {
	local out word
	out=$(timeout 30 python3 tests/helpers/zsh_complete.py "$SHARE/zsh/vendor-completions" "$1" 3>&-)
	for word in "${@:2}"; do
		grep -qE "(^|[[:blank:]])$word([[:blank:]]|\$)" <<<"$out" || {
			printf 'zsh does not offer %s for: %s\n%s\n' "$word" "$1" "$out"
			return 1
		}
	done
}

@test "zsh: options, values, lists, programs" {
	needs_tool zsh
	zsh_offers 'granit --prof' --profile
	zsh_offers 'granit --profile=' audit immutable plain restricted
	zsh_offers 'granit --fail=no-shell,root-r' root-read-only root-remount
	zsh_offers 'granit -p TE' TERM
	zsh_offers 'granit -q -- bas' bash
}

# fish_offers LINE WORD...: exactly these
fish_offers() {
	diff -u <(printf '%s\n' "${@:2}" | sort) <(
		# shellcheck disable=SC2016 # fish's
		HOME=$BATS_TEST_TMPDIR timeout 30 fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$SHARE/fish/vendor_completions.d/granit.fish" "$1" |
			cut -f 1 | sort
	)
}

@test "fish: options, values, lists" {
	needs_tool fish
	fish_offers 'granit --prof' --profile
	fish_offers 'granit --profile=' --profile={audit,immutable,plain,restricted}
	fish_offers 'granit --fail no-shell,root-r' no-shell,root-read-only no-shell,root-remount
	fish_offers 'granit -p TE' TERM
}

@test "the package for Debian holds the same, with its papers, and has this version" {
	needs_tool dpkg-deb
	local version deb
	version=$("$GRANIT" --version | cut -d' ' -f2)
	make -C "$TREE" deb 3>&-
	deb=$(compgen -G "$TREE/build/granit_*.deb")
	[ "$(basename "$deb")" = "granit_${version}_$(dpkg-deb -f "$deb" Architecture).deb" ]
	[ "$(dpkg-deb -f "$deb" Version)" = "$version" ]
	[ -z "$(dpkg-deb -f "$deb" Depends)" ]
	dpkg-deb -x "$deb" "$BATS_TEST_TMPDIR/out"
	(cd "$BATS_TEST_TMPDIR/out" && find . -type f -printf '%m %p\n' | sort -k 2) >"$BATS_TEST_TMPDIR/list"
	diff -u - "$BATS_TEST_TMPDIR/list" <<-END
		755 ./usr/bin/granit
		644 ./usr/share/bash-completion/completions/granit
		644 ./usr/share/doc/granit/CHANGELOG.md.gz
		644 ./usr/share/doc/granit/changelog.gz
		644 ./usr/share/doc/granit/copyright
		644 ./usr/share/fish/vendor_completions.d/granit.fish
		644 ./usr/share/lintian/overrides/granit
		644 ./usr/share/man/man1/granit.1.gz
		644 ./usr/share/man/man5/granit.conf.5.gz
		644 ./usr/share/zsh/vendor-completions/_granit
	END
	[ "$("$BATS_TEST_TMPDIR/out/usr/bin/granit" --version)" = "granit $version" ]
	# All of the licence, in Debian's form.
	diff -u <(tail -n +5 LICENSE) <(sed -n '/^License: Expat$/,$p' "$BATS_TEST_TMPDIR/out/usr/share/doc/granit/copyright" | tail -n +4 | sed 's/^ //; s/^[.]$//')
	[ -z "$(dpkg-deb -c "$deb" | awk '$2 != "root/root"')" ]
	# A second one is the same bytes.
	cp "$deb" "$BATS_TEST_TMPDIR/first.deb"
	SOURCE_DATE_EPOCH=$(dpkg-deb --fsys-tarfile "$deb" | tar -tv --full-time -f - | awk 'NR == 1 { print $4 " " $5 }' | date -u -f - +%s) \
		make -C "$TREE" deb 3>&-
	cmp "$deb" "$BATS_TEST_TMPDIR/first.deb"
}

@test "the package for Debian: lintian has nothing to say" {
	needs_tool lintian
	make -C "$TREE" deb 3>&-
	run -0 lintian --no-cfg --allow-root --fail-on warning,error "$(compgen -G "$TREE/build/granit_*.deb")"
	[ -z "$output" ]
}
