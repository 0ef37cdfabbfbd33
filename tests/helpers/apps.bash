# shellcheck shell=bash disable=SC2154 # `run` sets status and output
# SPDX-License-Identifier: MIT
#
# Applications of Debian's in root file systems that hold nothing else: no shell, no tool, no package manager.
#
#	apps_build [FOLDER]	make build/apps/NAME, or build/FOLDER/NAME, for every application, unless they are there in these versions
#	apps_images		granit-test/NAME:1 of each, with granit and the probe, in every engine
#
# Nothing is installed: the packages are unpacked below build/apps, none of their scripts is run and no daemon is started.
# What an application's root gets is named below, path by path; the libraries are those that the loader says it needs.
#
# The others work on the container $NAME:
#	app_start APP [FLAG...] -- [OPTION...] -- PROGRAM [ARG...]	flags of the engine's, options of granit's
#	app_answers TEXT COMMAND [ARG...]	a program of this machine's in the container's network, until it prints the text,
#						the container ends, or it was tried $TRIES (100) times
#	app_hardened				what the kernel says of every process
#	app_checked 'WARNING-ID...'		granit --check in there, with the same options: these warn, none fails
#	app_ends STATUS				on TERM, within 10 seconds, and leaves no process

APPS=(redis nginx node python postgres haproxy)
# Roots that no image is made of: applications that --learn is tried with, and clients for this machine.
apps_others=(memcached mariadb psql mysql)

# dash is for initdb, which starts the server through a shell; no root gets it.
apps_packages=(redis-server nginx nodejs python3 postgresql haproxy memcached
	mariadb-server-core mariadb-client-core dash)
# What these depend on and the roots have no use for, the large ones: not even fetched.
apps_unwanted='^(libllvm[0-9]+|libz3-4|locales|libc-l10n|perl|perl-base|perl-modules-.*|libperl.*|dpkg|tar|iproute2)='

# Names that are not unpacked.
apps_without=()

apps_fail() {
	printf 'apps: %s\n' "$@" >&2
	return 1
}

# ---- packages

# As if nothing at all were installed or fetched, so that the answer is the same on every machine, and everything is in it.
apps_apt() {
	apt-get -qq -o Dir::State::status="$APPS_DIR/status" -o Dir::Cache::archives="$APPS_DIR/none/" \
		-o Dir::Etc::preferences="$APPS_DIR/preferences" -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
		-o APT::Install-Recommends=false "$@" </dev/null
}

# NAME=VERSION of each, a line each
apps_list() {
	apps_apt --print-uris install "${apps_packages[@]}" >"$APPS_DIR/uris" 2>"$APPS_DIR/log" || return
	awk '{ sub(/_[^_]*$/, "", $2); sub(/_/, "=", $2); gsub(/%3a/, ":", $2); print $2 }' "$APPS_DIR/uris" |
		grep -Ev "$apps_unwanted" | sort
}

apps_fetch() {
	local -a packages
	apps_list >"$APPS_DIR/list" || return
	mapfile -t packages <"$APPS_DIR/list"
	(cd "$APPS_DIR/debs" && apps_apt download "${packages[@]}") >"$APPS_DIR/log" 2>&1
}

apps_folder() {
	mkdir -p "$APPS_DIR/debs" "$APPS_DIR/none/partial"
	: >"$APPS_DIR/status"
	# Other archives have a node of their own, of other files.
	printf 'Package: *\nPin: release o=Debian\nPin-Priority: 990\n' >"$APPS_DIR/preferences"
}

apps_build() {
	APPS_DIR=$(realpath "${BASH_SOURCE[0]%/*}/../..")/build/${1:-apps}
	export APPS_DIR
	apps_folder
	(
		flock 9
		# Without the archive's lists there is nothing newer to be known.
		if [ -e "$APPS_DIR/made" ] && { ! apps_list >"$APPS_DIR/list" || apps_stamp | cmp -s - "$APPS_DIR/made"; }; then
			exit 0
		fi
		apps_make
	) 9>"$APPS_DIR/lock"
}

apps_make() {
	local name
	rm -rf "$APPS_DIR"/{made,tree,data} "${APPS[@]/#/"$APPS_DIR/"}" "${apps_others[@]/#/"$APPS_DIR/"}"
	apps_debs && apps_unpack || return
	for name in "${APPS[@]}" "${apps_others[@]}"; do
		apps_root "$name" || apps_fail "no root for $name" || return
	done
	[[ " ${apps_others[*]} " != *' psql '* ]] || apps_database || return
	rm -rf "$APPS_DIR/tree"
	apps_stamp >"$APPS_DIR/made"
}

apps_debs() {
	# The machine may never have fetched its lists, or they are old and name files that the archive has no more.
	apps_fetch || { apt-get -qq update >/dev/null 2>&1 </dev/null && apps_fetch; } ||
		apps_fail "apt-get cannot fetch ${apps_packages[*]}:" "$(<"$APPS_DIR/log")"
}

# How the roots are made is part of what they are.
apps_stamp() {
	cat "$APPS_DIR/list"
	cksum <"${BASH_SOURCE[0]}"
}

# All packages on top of each other, as one installation would have them.
apps_unpack() {
	local tree=$APPS_DIR/tree folder name version file
	for folder in bin sbin lib lib32 lib64 libx32; do
		mkdir -p "$tree/usr/$folder"
		ln -s "usr/$folder" "$tree/$folder"
	done
	mkdir -p "$APPS_DIR/debs/used"
	while IFS='=' read -r name version; do
		file=$(compgen -G "$APPS_DIR/debs/${name}_${version/:/%3a}_*.deb") || apps_fail "$name was not fetched" || return
		dpkg-deb --fsys-tarfile "$file" | tar -C "$tree" --keep-directory-symlink "${apps_without[@]/#/--exclude=}" -x || return
		mv "$file" "$APPS_DIR/debs/used/" || return
	done <"$APPS_DIR/list"
	ln -sf dash "$tree/usr/bin/sh"
	rm -f "$APPS_DIR"/debs/*.deb
	mv "$APPS_DIR"/debs/used/* "$APPS_DIR/debs/" && rmdir "$APPS_DIR/debs/used"
}

# ---- roots

# apps_root NAME: build/apps/NAME out of the tree
apps_root() {
	local root=$APPS_DIR/$1
	mkdir -p "$root"/{etc,usr/lib,usr/lib64} || return
	ln -s usr/lib "$root/lib"
	ln -s usr/lib64 "$root/lib64"
	printf 'root:x:0:0::/:/nonexistent\napp:x:65532:65532::/:/nonexistent\n' >"$root/etc/passwd"
	printf 'root:x:0:\napp:x:65532:\n' >"$root/etc/group"
	"apps_root_$1" || return
	apps_libraries || return
	rmdir --ignore-fail-on-non-empty "$root/usr/lib64"
	[ -d "$root/usr/lib64" ] || rm "$root/lib64"
}

# apps_take PATH...: of the tree; a link as what it leads to
apps_take() {
	(cd "$APPS_DIR/tree" && cp --archive --dereference --parents "$@" "$root")
}

# Program and modules, and for each what the loader finds for it.
apps_libraries() {
	local tree=$APPS_DIR/tree loader libraries file program list
	loader=$(compgen -G "$tree/usr/lib/*-linux-*/ld-linux*.so.*") || apps_fail "no loader" || return
	libraries=${loader%/*}
	while read -r file; do
		list=$("$loader" --inhibit-cache --library-path "$libraries" --list "$file" 2>/dev/null) || continue
		[[ $list != *'not found'* ]] || apps_fail "$file:" "$(grep 'not found' <<<"$list")" || return
		sed -n "s,.* => $libraries/\([^ ]*\) .*,\1,p" <<<"$list"
		program=$(readelf --wide --program-headers "$file" | sed -n 's/.*interpreter: \(.*\)].*/\1/p')
		[ -z "$program" ] || cp "$loader" "$root$program" || return
	done < <(find "$root" -type f \( -perm /111 -o -name '*.so*' \)) >"$APPS_DIR/libraries" || return
	mkdir -p "$root/${libraries#"$tree/"}"
	sort -u "$APPS_DIR/libraries" | while read -r file; do
		cp --dereference "$libraries/$file" "$root/${libraries#"$tree/"}/" || return
	done
}

apps_root_redis() {
	apps_take usr/bin/redis-server
}

apps_root_nginx() {
	apps_take usr/sbin/nginx etc/nginx/mime.types || return
	mkdir "$root/srv" && printf 'hello from nginx\n' >"$root/srv/index.html"
	# Its files for bodies of requests, and the one with its number.
	cat >"$root/etc/nginx/nginx.conf" <<-'CONF'
		pid /tmp/nginx.pid;
		worker_processes 2;
		events { }
		http {
			include mime.types;
			access_log off;
			client_body_temp_path /tmp/body;
			proxy_temp_path /tmp/proxy;
			fastcgi_temp_path /tmp/fastcgi;
			uwsgi_temp_path /tmp/uwsgi;
			scgi_temp_path /tmp/scgi;
			server {
				listen 8080;
				root /srv;
			}
		}
	CONF
}

# Debian's keeps some of what is built in otherwise in files of its own.
apps_root_node() {
	apps_take usr/bin/node usr/share/nodejs || return
	mkdir "$root/app"
	cat >"$root/app/server.js" <<-'JS'
		const server = require('http').createServer((request, response) => response.end('hello from node\n'));
		process.on('SIGTERM', () => server.close(() => process.exit(0)));
		server.listen(8080);
	JS
}

apps_root_python() {
	local file
	file=$(cd "$APPS_DIR/tree" && compgen -G 'usr/lib/python3.*') || return
	mkdir "$root/srv" && printf 'hello from python\n' >"$root/srv/index.html"
	rm -f "$APPS_DIR/tree/$file/sitecustomize.py"
	apps_take usr/bin/python3 "$file"
}

apps_root_postgres() {
	local version
	version=$(compgen -G "$APPS_DIR/tree/usr/lib/postgresql/*/bin/postgres") || return
	version=${version%/bin/postgres} version=${version##*/}
	apps_take "usr/lib/postgresql/$version"/{bin/postgres,lib} "usr/share/postgresql/$version" usr/share/zoneinfo/UTC || return
	# The compiler of its queries is as large as all the rest.
	rm -rf "$root/usr/lib/postgresql/$version/lib"/{llvmjit*,bitcode,pgxs}
	mkdir -p "$root/usr/bin" && ln -s "../lib/postgresql/$version/bin/postgres" "$root/usr/bin/postgres"
}

# Written in Go, and no test's: what starts and ends fast is measured.
apps_root_caddy() {
	apps_take usr/bin/caddy
}

apps_root_psql() {
	local file
	file=$(cd "$APPS_DIR/tree" && compgen -G 'usr/lib/postgresql/*/bin/psql') || return
	apps_take "$file"
}

apps_root_haproxy() {
	apps_take usr/sbin/haproxy || return
	mkdir "$root/etc/haproxy"
	cat >"$root/etc/haproxy/haproxy.cfg" <<-'CFG'
		global
			log stdout format raw daemon
		defaults
			mode http
			timeout connect 5s
			timeout client 5s
			timeout server 5s
		frontend web
			bind :8080
			http-request return status 200 content-type text/plain string "hello from haproxy\n"
	CFG
}

apps_root_memcached() {
	apps_take usr/bin/memcached
}

apps_root_mariadb() {
	apps_take usr/sbin/mariadbd usr/share/mysql/{charsets,english,mysql_system_tables.sql,mysql_system_tables_data.sql,fill_help_tables.sql} || return
	# Its own tables, as an image's build makes them: Debian's script for that is of a shell.
	mkdir -p "$root/var/lib/mysql/mysql" || return
	{
		printf 'use mysql;\n'
		cat "$root"/usr/share/mysql/mysql_system_tables{,_data}.sql
		# The one who may come from anywhere, for the tests.
		printf "\nCREATE DATABASE test;\nFLUSH PRIVILEGES;\nCREATE USER app@'%%';\nGRANT ALL ON *.* TO app@'%%';\n"
	} | bwrap --bind "$APPS_DIR/tree" / --dev /dev --proc /proc --tmpfs /tmp --bind "$root/var/lib/mysql" /data --clearenv \
		/usr/sbin/mariadbd --no-defaults --bootstrap --user=root --datadir=/data --lc-messages-dir=/usr/share/mysql \
		--loose-innodb-log-file-size=8M >"$APPS_DIR/log" 2>&1 || apps_fail "no database of mariadb:" "$(<"$APPS_DIR/log")" || return
	rm "$root"/usr/share/mysql/*.sql
}

apps_root_mysql() {
	apps_take usr/bin/mariadb
}

# An empty database, as an image's build or a job makes it once: that takes a shell, serving it does not.
apps_database() {
	local initdb
	mkdir "$APPS_DIR/data"
	initdb=$(cd "$APPS_DIR/tree" && compgen -G 'usr/lib/postgresql/*/bin/initdb') || return
	cp "$APPS_DIR/postgres/etc/passwd" "$APPS_DIR/tree/etc/"
	bwrap --bind "$APPS_DIR/tree" / --dev /dev --proc /proc --tmpfs /tmp --bind "$APPS_DIR/data" /data \
		--unshare-user --uid 65532 --gid 65532 --clearenv \
		"/$initdb" --pgdata=/data --username=postgres --auth=trust --locale=C --encoding=UTF8 --no-sync >"$APPS_DIR/log" 2>&1 ||
		apps_fail "no database:" "$(<"$APPS_DIR/log")" || return
	chown -R 65532:65532 "$APPS_DIR/data"
}

# ---- containers

apps_images() {
	local name
	for name in "${APPS[@]}"; do
		image "granit-test/$name:1" "$APPS_DIR/$name" || return
	done
}

# Where the engines cannot differ, the first of $GRANIT_TEST_ENGINES does.
one_engine() {
	ENGINE=${GRANIT_TEST_ENGINES%% *}
	"$@"
}

# What every container of an application is started with.
app_flags() {
	FLAGS=(--read-only --user 65532:65532 --cap-drop ALL --security-opt no-new-privileges --memory 256m --pids-limit 100)
	[ "$ENGINE" = docker ] || FLAGS+=(--read-only-tmpfs=false)
}

app_start() {
	local app=$1
	local -a flags=()
	shift
	OPTIONS=()
	while [ "$1" != -- ]; do
		flags+=("$1")
		shift
	done
	shift
	while [ "$1" != -- ]; do
		OPTIONS+=("$1")
		shift
	done
	NAME=$(container_name)
	app_flags
	engine_detach "$NAME" "${FLAGS[@]}" "${flags[@]}" --entrypoint /granit "granit-test/$app:1" "${OPTIONS[@]}" "$@"
}

app_answers() {
	local pid i
	pid=$(engine_pid "$NAME")
	for ((i = 0; i < ${TRIES:-100}; i++)); do
		! app_says "$pid" "$@" || return 0
		[ -e "/proc/$pid" ] || break
		sleep 0.1
	done
	printf '%s: %s does not say "%s", but:\n%s\nthe container:\n%s\n' "$ENGINE" "$2" "$1" "$output" "$(engine_logs "$NAME" 2>&1)"
	return 1
}

app_says() {
	run nsenter --net="/proc/$1/ns/net" -- "${@:3}"
	[ "$status" -eq 0 ] && [[ $output == *"$2"* ]]
}

# The processes in the container, as numbered out here.
app_processes() {
	pgrep --ns "$(engine_pid "$NAME")" --nslist pid
}

# From here on as in container.bash: called as such, never in a condition, so that the first line that fails ends the test.
app_hardened() {
	local pid status
	local -a pids
	mapfile -t pids < <(app_processes)
	# granit and the program at least
	[ "${#pids[@]}" -ge 2 ]
	has "$(grep core "/proc/${pids[1]}/limits")" ' 0                    0 '
	for pid in "${pids[@]}"; do
		# Some are gone as soon as they have done their work.
		status=$(cat "/proc/$pid/status" 2>/dev/null) || continue
		[[ $status != *$'\nState:\tZ'* ]] || continue
		all_dropped "$status"
		has "$status" $'\nUid:\t65532\t65532\t65532\t65532\n'
		has "$status" $'\nGid:\t65532\t65532\t65532\t65532\n'
		has "$status" $'\nSeccomp:\t2\n'
	done
}

app_checked() {
	run --separate-stderr engine_exec "$NAME" /granit --check --format=json --scan=full "${OPTIONS[@]}"
	has "$output" '"findings":['
	is "checks that fail" '' "$(app_found fail)"
	is "checks that warn" "$1" "$(app_found warn)"
	is "status of the check" 0 "$status"
}

# app_found LEVEL: the ids, in alphabetical order
app_found() {
	jq -r --arg level "$1" '[.findings[] | select((.verdict == "violation" or .verdict == "unknown") and .level == $level).id] |
		sort | join(" ")' <<<"$output"
}

app_ends() {
	local -a pids
	mapfile -t pids < <(app_processes)
	engine_kill TERM "$NAME"
	ends_within 10 "$NAME" "$1"
	wait_gone "${pids[@]}"
}
