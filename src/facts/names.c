// SPDX-License-Identifier: MIT
/* Tables of program names: shells, interpreters, network tools and the like. */
#include "facts/names.h"

#include <stdbool.h>

#include "sys/compiler.h"

/*
 * Words separated by blanks; a '*' at the end matches any suffix. Collected from GTFOBins (the
 * functions shell, command, reverse-shell, bind-shell), Falco's macros for network tools and
 * package managers, and the alternatives systems of the distributions.
 */
static const struct {
	enum family family;
	const char *words;
} families[] = {
	{FAMILY_SHELL,
	 "sh ash bash rbash dash zsh zsh5 rzsh fish ksh ksh93 rksh mksh lksh pdksh oksh loksh posh "
	 "yash csh tcsh bsh sash es rc elvish nu nush xonsh ion osh oil ysh brush hush tclsh pwsh "
	 "powershell busybox busybox-extras bbsuid toybox toolbox sbase-box ubase-box rsh "
	 "ssh-shell "
	 "git-shell sulogin su sudo doas runuser newgrp sg login agetty screen tmux script expect"},
	{FAMILY_INTERPRETER,
	 "python python2* python3* pypy* perl perl5* ruby* irb lua lua5.* luajit* node nodejs deno "
	 "bun "
	 "qjs* duk mujs gjs jimsh newlisp gforth* pike* rexx regina micropython mruby wasmtime "
	 "wasmer ocamlrun poly dotnet mono beam.smp scheme csi gsi gosh "
	 "qemu-x86_64* qemu-i386* qemu-aarch64* qemu-arm* php php-cgi php-fpm* php7* php8* awk "
	 "gawk mawk nawk original-awk java jshell jjs "
	 "jrunscript "
	 "groovy scala clojure guile* racket R Rscript julia tclsh* wish expect erl escript elixir "
	 "iex "
	 "ghci runghc ocaml sbcl clisp ecl pwsh dotnet-script gnuplot octave* m4 bc dc sqlite3 "
	 "mysql "
	 "psql gdb"},
	{FAMILY_ESCAPE,
	 "find xargs env nice nohup timeout stdbuf setsid chroot unshare nsenter capsh setpriv "
	 "taskset "
	 "ionice chrt flock watch time strace ltrace ed ex vi vim vim.* nvi view rvim nano pico "
	 "emacs "
	 "joe zile mg parallel proot bwrap pkexec "
	 "less "
	 "more man most pg top tar zip cpio rsync make cmake gcc awk sed git crontab at run-parts "
	 "start-stop-daemon logrotate tcpdump nmap ftp sftp scp openvpn ip docker ctr kubectl runc "
	 "podman buildah systemctl systemd-run journalctl debugfs"},
	{FAMILY_NETWORK,
	 "nc ncat netcat nc.openbsd nc.traditional socat socket telnet curl wget aria2c "
	 "lwp-download "
	 "lwp-request GET ftp lftp tftp sftp scp rsync ssh sshd dropbear dbclient openssl "
	 "gnutls-cli "
	 "whois finger dig nslookup nmap masscan tcpdump tshark chisel ngrok cloudflared frpc "
	 "smbclient gawk"},
	{FAMILY_PACKAGES,
	 "apt apt-get apt-cache aptitude dpkg dpkg-deb apk yum dnf microdnf tdnf rpm rpmdb zypper "
	 "pacman opkg ipkg emerge xbps-install nix nix-env guix snap flatpak brew pip pip3 pipx "
	 "easy_install conda uv npm npx yarn pnpm corepack gem bundle composer cargo go cpan cpanm "
	 "luarocks mvn gradle update-alternatives"},
	{FAMILY_COMPILER,
	 "cc gcc g++ c++ clang tcc ld ld.bfd gold lld as ar objcopy make go rustc javac nasm gdb "
	 "gdbserver lldb strace ltrace perf bpftrace valgrind"},
};

/* Called for every file of every program directory: one pass over the words, without calls. */
static bool is_among(const char *words, const char *name)
{
	while (*words) {
		const char *n = name;

		while (*words && *words != ' ' && *words != '*' && *words == *n) {
			words++;
			n++;
		}
		if (*words == '*' || ((*words == ' ' || !*words) && !*n))
			return true;
		while (*words && *words++ != ' ')
			;
	}
	return false;
}

unsigned int name_families(const char *name)
{
	unsigned int found = 0;

	for (size_t i = 0; i < array_length(families); i++)
		if (is_among(families[i].words, name))
			found |= families[i].family;
	return found;
}
