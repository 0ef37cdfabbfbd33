#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Which names are taken for what: the lists of the catalogue, each name for itself.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	mkdir -p "$ROOT/usr/bin"
}

# taken ID NAME...: with files of these names, the check finds as many
taken() {
	local id=$1 shown more
	shift
	[ $# -eq 0 ] || (cd "$ROOT/usr/bin" && touch "$@")
	run "$GRANIT" --check -v --root="$ROOT" --scan=quick
	shown=$(awk -v id="$id:" '$2 == id { on = 1; next } /^[^ ]/ { on = 0 } on && / has the name of /' <<<"$output" | wc -l)
	more=$(awk -v id="$id:" '$2 == id { on = 1; next } /^[^ ]/ { on = 0 } on && /^ +and [0-9]+ more$/ { print $2 }' <<<"$output")
	[ "$((shown + ${more:-0}))" -eq $# ] && return
	printf '%s: %d of %d names\n%s\n' "$id" "$((shown + ${more:-0}))" "$#" "$(grep -A 25 "$id:" <<<"$output")"
	return 1
}

@test "shells, and what starts one" {
	taken no-shell sh ash bash rbash dash zsh zsh5 rzsh fish ksh ksh93 rksh mksh lksh pdksh oksh loksh posh yash csh tcsh \
		bsh sash es rc elvish nu nush xonsh ion osh oil ysh brush hush tclsh pwsh powershell busybox busybox-extras bbsuid \
		toybox toolbox sbase-box ubase-box rsh ssh-shell git-shell sulogin su sudo doas runuser newgrp sg login agetty \
		screen tmux script expect
}

@test "interpreters, of any version" {
	taken no-interpreter python python2 python2.7 python3 python3.11 pypy pypy3 perl perl5.36.0 ruby irb lua lua5.4 luajit \
		node nodejs deno bun qjs php php-cgi php-fpm php-fpm8.2 php8.2 awk gawk mawk nawk original-awk java jshell jjs jrunscript groovy scala \
		clojure guile racket R Rscript julia tclsh wish expect erl escript elixir iex ghci runghc ocaml sbcl clisp ecl pwsh \
		gnuplot octave octave-cli m4 bc dc sqlite3 mysql psql gdb luajit-2.1.0-beta3 ruby3.1 guile-3.0 qjsc duk mujs gjs jimsh newlisp gforth-fast \
		pike8.0 rexx regina micropython mruby wasmtime wasmer ocamlrun poly dotnet mono beam.smp scheme csi gsi gosh \
		qemu-x86_64-static qemu-aarch64
}

@test "tools that start programs or write files" {
	taken no-shell-escape-tools find xargs env nice nohup timeout stdbuf setsid chroot unshare nsenter capsh setpriv taskset \
		ionice chrt flock watch time strace ltrace ed ex vi vim view rvim nano pico emacs joe less more man most pg top tar \
		zip cpio rsync make cmake gcc awk sed git crontab at run-parts start-stop-daemon logrotate tcpdump nmap ftp sftp scp \
		openvpn ip docker ctr kubectl runc podman buildah systemctl systemd-run journalctl debugfs vim.tiny nvi zile mg parallel proot \
		bwrap pkexec
}

@test "tools for the network" {
	taken no-network-tools nc ncat netcat nc.openbsd nc.traditional socat socket telnet curl wget aria2c lwp-download \
		lwp-request GET ftp lftp tftp sftp scp rsync ssh sshd dropbear dbclient openssl gnutls-cli whois finger dig nslookup \
		nmap masscan tcpdump tshark chisel ngrok cloudflared frpc smbclient gawk
}

@test "package managers" {
	taken no-package-manager apt apt-get apt-cache aptitude dpkg dpkg-deb apk yum dnf microdnf tdnf rpm rpmdb zypper pacman \
		opkg ipkg emerge xbps-install nix nix-env guix snap flatpak brew pip pip3 pipx easy_install conda uv npm npx yarn \
		pnpm corepack gem bundle composer cargo go cpan cpanm luarocks mvn gradle update-alternatives
}

@test "compilers and debuggers" {
	taken no-compiler-debugger cc gcc g++ c++ clang tcc ld ld.bfd gold lld as ar objcopy make go rustc javac nasm gdb \
		gdbserver lldb strace ltrace perf bpftrace valgrind
}

@test "names that only look like one" {
	local id
	for id in no-shell no-interpreter no-shell-escape-tools no-network-tools no-package-manager no-compiler-debugger; do
		taken "$id"
	done
	(cd "$ROOT/usr/bin" && touch nologin false true bashful shell s ssh-add sh.txt Bash lua5 finds curlew apt-key2 gccgo ldd)
	for id in no-shell no-interpreter no-shell-escape-tools no-network-tools no-package-manager no-compiler-debugger; do
		taken "$id"
	done
}
