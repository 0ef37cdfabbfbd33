# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2317 # variables of apps.bash's, apps_root's and the tests'; who asks calls used and kept
# SPDX-License-Identifier: MIT
#
# What the Dockerfiles of public images make, out of Debian's packages: their directories, users, volumes and entrypoints. On
# top of apps.bash and learn.bash.
#
#	public_build FOLDER NAME...	build/FOLDER/NAME, for each
#	public_image NAME	granit-test/learn-NAME:1, in the engine $ENGINE

public_build() { # FOLDER NAME...
	local -A of=([httpd]='apache2-bin media-types' [php]=php-fpm [mosquitto]=mosquitto [bind9]=bind9
		[squid]=squid [syncthing]='syncthing gosu')
	local -a APPS=() apps_others=("${@:2}") apps_packages=(base-passwd netbase dash bash coreutils bind9-dnsutils mosquitto-clients)
	local -a apps_without=(./usr/share/doc ./usr/share/man ./usr/share/locale)
	local name
	for name in "${@:2}"; do
		# shellcheck disable=SC2206 # words
		apps_packages+=(${of[$name]:-})
	done
	apps_build "$1"
}

# As apps.bash, and of this file.
apps_stamp() {
	cat "$APPS_DIR/list"
	cat "${BASH_SOURCE[0]%/*}"/{apps,public}.bash | cksum
}

public_image() {
	local root=$APPS_DIR/$1
	local -a instructions=()
	cp "${GRANIT:-$BATS_TEST_DIRNAME/../../build/granit}" "$root/granit" || return
	mapfile -t instructions <"$APPS_DIR/$1.instructions"
	engine_image "granit-test/learn-$1:1" "$root" "${instructions[@]}"
}

# ---- what they have in common

# public_debian TOOL...: what debian:bookworm-slim has of them, with its directories and users
public_debian() {
	local tree=$APPS_DIR/tree tool
	install -d -m 1777 "$root"/{tmp,var/tmp,run/lock}
	install -d "$root"/{root,home,opt,srv,usr/bin,usr/local/bin,var/lib/misc,var/log/apt,var/cache/apt}
	ln -s ../run "$root/var/run"
	ln -s usr/bin "$root/bin"
	printf 'of the build\n' | tee "$root/var/log/apt/history.log" >"$root/root/.bashrc"
	sed 's/:\*:/:x:/' "$tree/usr/share/base-passwd/passwd.master" >"$root/etc/passwd"
	sed 's/:\*:/:x:/' "$tree/usr/share/base-passwd/group.master" >"$root/etc/group"
	apps_take etc/services etc/mime.types || return
	for tool; do
		# One of these the loader does not name: a thread's end takes it.
		apps_take "$(cd "$tree" && compgen -G "usr/*bin/$tool" || compgen -G "usr/lib/*/$tool")" || return
	done
	[ ! -e "$root/usr/bin/dash" ] || ln -s dash "$root/usr/bin/sh"
}

public_user() { # NAME ID HOME
	printf '%s:x:%s:%s::%s:/usr/sbin/nologin\n' "$1" "$2" "$2" "$3" >>"$root/etc/passwd"
	printf '%s:x:%s:\n' "$1" "$2" >>"$root/etc/group"
}

public_script() { # PATH
	cat >"$root/$1" && chmod 755 "$root/$1"
}

public_says() { # INSTRUCTION...
	printf '%s\n' 'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin' "$@" >"$root.instructions"
}

# Clients for this machine.
apps_root_tools() {
	apps_take usr/bin/{dig,nsupdate,mosquitto_pub,mosquitto_sub}
}

# ---- httpd: all in one directory, which the workers' user owns; the master is root

apps_root_httpd() {
	local at=$root/usr/local/apache2 tree=$APPS_DIR/tree
	public_debian dash rm libgcc_s.so.1 || return
	install -d -o 33 -g 33 "$at"
	install -d "$at"/{bin,conf,htdocs,cgi-bin,logs,modules}
	cp "$tree/usr/sbin/apache2" "$at/bin/httpd" || return
	cp "$tree"/usr/lib/apache2/modules/mod_{mpm_event,authz_core,dir,mime,alias,cgid}.so "$at/modules/" || return
	cp "$root/etc/mime.types" "$at/conf/"
	printf 'It works!\n' >"$at/htdocs/index.html"
	public_script usr/local/apache2/cgi-bin/hello <<-'SH'
		#!/bin/sh
		printf 'Content-type: text/plain\n\nhello from a script\n'
	SH
	{
		printf 'LoadModule %s_module modules/mod_%s.so\n' {mpm_event,authz_core,dir,mime,alias,cgid}{,}
		cat <<-'CONF'
			ServerName localhost
			TypesConfig conf/mime.types
			Listen 80
			User www-data
			Group www-data
			DefaultRuntimeDir logs
			PidFile logs/httpd.pid
			DocumentRoot /usr/local/apache2/htdocs
			ScriptAlias /cgi-bin/ /usr/local/apache2/cgi-bin/
			ErrorLog /proc/self/fd/2
		CONF
	} >"$at/conf/httpd.conf"
	public_script usr/local/bin/httpd-foreground <<-'SH'
		#!/bin/sh
		set -e
		rm -f /usr/local/apache2/logs/httpd.pid
		exec /usr/local/apache2/bin/httpd -d /usr/local/apache2 -f conf/httpd.conf -DFOREGROUND "$@"
	SH
	public_says 'WORKDIR /usr/local/apache2'
}

# ---- php, its fpm: sessions and uploads lie in /tmp

apps_root_php() {
	local program module
	program=$(cd "$APPS_DIR/tree" && compgen -G 'usr/sbin/php-fpm*') || return
	module=$(cd "$APPS_DIR/tree" && compgen -G 'usr/lib/php/*/opcache.so') || return
	public_debian dash && apps_take "$program" "$module" || return
	ln -s "/$program" "$root/usr/local/bin/php-fpm"
	mkdir "$root/usr/local/etc"
	printf 'zend_extension=/%s\n' "$module" >"$root/usr/local/etc/php.ini"
	cat >"$root/usr/local/etc/php-fpm.conf" <<-'CONF'
		[global]
		error_log = /proc/self/fd/2
		daemonize = no
		[www]
		user = www-data
		group = www-data
		listen = 9000
		pm = static
		pm.max_children = 2
		access.log = /proc/self/fd/2
		clear_env = no
	CONF
	install -d -m 1777 -o 33 -g 33 "$root/var/www/html"
	cat >"$root/var/www/html/index.php" <<-'PHP'
		<?php
		session_start();
		$_SESSION['said'] = file_put_contents(tempnam(sys_get_temp_dir(), 'up'), 'kept');
		session_write_close();
		session_start();
		echo 'hello from php: ', $_SESSION['said'];
	PHP
	public_script usr/local/bin/docker-php-entrypoint <<-'SH'
		#!/bin/sh
		set -e
		if [ "${1#-}" != "$1" ]; then
			set -- php-fpm "$@"
		fi
		exec "$@"
	SH
	public_says 'WORKDIR /var/www/html'
}

# ---- eclipse-mosquitto: two volumes, and a chown of all at each start

apps_root_mosquitto() {
	public_debian dash id chown && apps_take usr/sbin/mosquitto || return
	public_user mosquitto 1883 /mosquitto
	install -d -o 1883 -g 1883 "$root/mosquitto" "$root"/mosquitto/{config,data,log}
	cat >"$root/mosquitto/config/mosquitto.conf" <<-'CONF'
		listener 1883
		allow_anonymous true
		persistence true
		persistence_location /mosquitto/data/
		log_dest file /mosquitto/log/mosquitto.log
	CONF
	chown 1883:1883 "$root/mosquitto/config/mosquitto.conf"
	public_script docker-entrypoint.sh <<-'SH'
		#!/bin/sh
		set -e
		user="$(id -u)"
		if [ "$user" = '0' ]; then
			[ -d "/mosquitto" ] && chown -R mosquitto:mosquitto /mosquitto || true
		fi
		exec "$@"
	SH
	public_says 'VOLUME /mosquitto/data' 'VOLUME /mosquitto/log'
}

# ---- internetsystemsconsortium/bind9: four volumes, two of which nobody writes to; it keeps capabilities as another user

apps_root_bind9() {
	local modules
	modules=$(cd "$APPS_DIR/tree" && compgen -G 'usr/lib/*/bind') || return
	public_debian && apps_take usr/sbin/named "$modules" || return
	public_user bind 53 /var/cache/bind
	install -d -o 53 -g 53 "$root"/{etc/bind,var/cache/bind,var/lib/bind,run/named}
	cat >"$root/etc/bind/named.conf" <<-'CONF'
		options {
			directory "/var/cache/bind";
			listen-on-v6 { none; };
			recursion no;
			dnssec-validation no;
		};
		zone "example.test" { type master; file "/var/lib/bind/example.test"; allow-update { any; }; };
	CONF
	printf '@ 60 IN SOA ns root 1 60 60 60 60\n@ 60 IN NS ns\nns 60 IN A 192.0.2.1\n' >"$root/var/lib/bind/example.test"
	chown 53:53 "$root/var/lib/bind/example.test"
	public_says 'VOLUME /etc/bind' 'VOLUME /var/cache/bind' 'VOLUME /var/lib/bind' 'VOLUME /var/log'
}

# ---- ubuntu/squid: a spool that the entrypoint makes first, logs that it prints, a PID file

apps_root_squid() {
	public_debian bash touch chown tail && apps_take usr/sbin/squid usr/lib/squid usr/share/squid || return
	install -d -o 13 -g 13 "$root"/var/{log,spool}/squid
	mkdir "$root/etc/squid"
	printf '%s\n' 'http_access allow all' 'http_port 3128' 'cache_dir ufs /var/spool/squid 100 4 4' 'visible_hostname squid' \
		'shutdown_lifetime 1 seconds' 'pinger_enable off' >"$root/etc/squid/squid.conf"
	public_script usr/local/bin/entrypoint.sh <<-'SH'
		#!/bin/bash
		set -e
		touch /var/log/squid/access.log /var/log/squid/cache.log
		chown proxy:proxy /var/log/squid/*.log
		tail -F /var/log/squid/access.log /var/log/squid/cache.log 2>/dev/null &
		[ -d /var/spool/squid/00 ] || squid -Nz
		exec squid "$@"
	SH
	public_says 'VOLUME /var/log/squid' 'VOLUME /var/spool/squid'
}

# ---- syncthing/syncthing: a configuration that it generates, a user that a variable names

apps_root_syncthing() {
	public_debian dash id chown env gosu && apps_take usr/bin/syncthing || return
	install -d -m 777 "$root/var/syncthing"
	public_script entrypoint.sh <<-'SH'
		#!/bin/sh
		set -eu
		if [ "$(id -u)" = '0' ]; then
			chown "${PUID}:${PGID}" "${HOME}"
			exec gosu "${PUID}:${PGID}" env HOME="$HOME" "$@"
		fi
		exec "$@"
	SH
	public_says 'ENV PUID=1000' 'ENV PGID=1000' 'ENV HOME=/var/syncthing' 'ENV STHOMEDIR=/var/syncthing/config' \
		'ENV STGUIADDRESS=127.0.0.1:8384' 'VOLUME /var/syncthing'
}

# ---- for the tests

# client NAME WANTED [ARG...]: one of Debian's is told WANTED
client() {
	local loader
	loader=$(compgen -G "$APPS_DIR/tools/usr/lib/*-linux-*/ld-linux*.so.*")
	app_answers "$2" "$loader" --library-path "${loader%/*}" "$APPS_DIR/tools/usr/bin/$1" "${@:3}"
}

# advises OPTIONS MOUNTS [FLAG...]: what granit and the engine are to be told; the engines mount in any order. Sets what
# learn.bash works on.
advises() {
	local wanted=$1 mounts=$2
	shift 2
	public_image "$APP"
	learns "$@"
	is "what granit is to be told of $APP" "$wanted" "${options[*]}"
	is "what is mounted for $APP" "$mounts" "$(printf '%s\n' "${flags[@]}" | grep / | xargs)"
}

# notes PATH: what there is to decide of it
notes() {
	jq -r --arg path "$1" '.learn.places[] | select(.path == $path).note' <<<"$learnt"
}

# A broker that is told something, and asked for it.
mosquitto() {
	APP=mosquitto PROGRAM=(/docker-entrypoint.sh /usr/sbin/mosquitto -c /mosquitto/config/mosquitto.conf)
	used() {
		client mosquitto_pub '' -h 127.0.0.1 -t said -r -m kept
		kept
	}
	kept() {
		client mosquitto_sub kept -h 127.0.0.1 -t said -C 1 -W 2
	}
}
