# shellcheck shell=bash disable=SC2154 # `run` sets status and output
# SPDX-License-Identifier: MIT
#
# What one run under --learn says, and whether that is enough and not too much. On top of apps.bash.
#
#	learn_images NAME...	granit-test/learn-NAME:1 of each, with the folders that an image has which was not made for a
#				read-only root
#	learn_all OPTIONS [FLAG...]	the program of $APP, on the engine $ENGINE: learns, enough, each_is_needed
#	walk_alone OPTIONS EXTRA [FLAG...]	on an engine that grants no listener: learns, enough
#
# A test says of its application:
#	APP		which image
#	PROGRAM		the program and its arguments
#	ENDS		its status on TERM
#	used		asks the container $NAME to write and to read
#	kept		asks it for what was written before it was started again, if it keeps something

MEMORY=512m

# ---- where

# learn_on ENGINE COMMAND [ARG...]: on that engine, if it is there; with GRANIT_TEST_LEARN=all on every one, which takes minutes more
learn_on() {
	local wanted=$1
	shift
	if [ "${GRANIT_TEST_LEARN:-}" != all ] && [[ " $GRANIT_TEST_ENGINES " == *" $wanted "* ]]; then
		ENGINE=$wanted
		"$@"
	else
		each_engine "$@"
	fi
}

# ---- images

learn_images() {
	local name root
	for name; do
		root=$BATS_FILE_TMPDIR/$name
		cp -a "$APPS_DIR/$name" "$root" || return
		install -d -m 1777 "$root/tmp" "$root/var/tmp"
		install -d -m 755 "$root/run"
		"learn_root_$name" || return
		image "granit-test/learn-$name:1" "$root" || return
		rm -rf "$root"
	done
}

# As Debian's package leaves it, but for what it serves: the master is root, the workers are not.
learn_root_nginx() {
	install -d -m 755 "$root"/var/{lib,log}/nginx
	cat >"$root/etc/nginx/debian.conf" <<-'CONF'
		user app;
		worker_processes 2;
		pid /run/nginx.pid;
		error_log /var/log/nginx/error.log;
		events { }
		http {
			include mime.types;
			access_log /var/log/nginx/access.log;
			server {
				listen 80;
				root /srv;
			}
		}
	CONF
	printf 'nobody:x:65534:65534::/:/nonexistent\n' >>"$root/etc/passwd"
	printf 'nogroup:x:65534:\n' >>"$root/etc/group"
}

learn_root_redis() {
	install -d -m 750 -o 65532 -g 65532 "$root/data"
}

# With a database in it.
learn_root_postgres() {
	install -d "$root/var/lib/postgresql"
	cp -a "$APPS_DIR/data" "$root/var/lib/postgresql/data"
	install -d -m 2775 -o 65532 -g 65532 "$root/run/postgresql"
	ln -s ../run "$root/var/run"
}

learn_root_mariadb() {
	install -d -m 755 -o 65532 -g 65532 "$root/run/mysqld"
	chown -R 65532:65532 "$root/var/lib/mysql"
}

learn_root_memcached() { :; }

learn_root_node() { :; }

learn_root_python() {
	install -d -m 755 -o 65532 -g 65532 "$root/srv/uploads"
	cat >"$root/srv/server.py" <<-'PY'
		import http.server, os, signal, sys, tempfile
		class Uploads(http.server.SimpleHTTPRequestHandler):
		    def do_PUT(self):
		        with tempfile.TemporaryFile() as part:
		            part.write(self.rfile.read(int(self.headers['Content-Length'])))
		            part.seek(0)
		            with open('/srv/uploads/' + os.path.basename(self.path), 'wb') as file:
		                file.write(part.read())
		        self.send_response(201)
		        self.end_headers()
		signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
		os.chdir('/srv')
		http.server.HTTPServer(('', 8080), Uploads).serve_forever()
	PY
}

# ---- one run

# learns [FLAG...]: $PROGRAM with --learn, asked and ended; sets learnt, the object, and from it options and flags
learns() {
	NAME=$(container_name)
	engine_detach "$NAME" "$@" --memory "$MEMORY" --entrypoint /granit "granit-test/learn-$APP:1" --learn --format=json -- "${PROGRAM[@]}"
	used
	app_ends "$ENDS"
	learnt=$(engine_logs "$NAME" 2>&1 | grep '"mode":"learn"' | tail -n 1)
	mapfile -t options < <(jq -r '.options[], .restricted[]' <<<"$learnt")
	mapfile -t flags < <(jq -r --arg engine "$ENGINE" '.[$engine][]' <<<"$learnt")
	printf '# %s: %s\n' "$ENGINE" "${options[*]} | ${flags[*]}"
	[ "${#flags[@]}" -gt 0 ]
}

# starts [FLAG...]: the same, with ${options[@]} and ${flags[@]} in restricted
starts() {
	NAME=$(container_name)
	engine_detach "$NAME" "$@" --security-opt no-new-privileges --memory "$MEMORY" --pids-limit 200 "${flags[@]}" --entrypoint /granit \
		"granit-test/learn-$APP:1" --profile=restricted "${options[@]}" -- "${PROGRAM[@]}"
}

# What was learnt is enough: it is started, asked, ended, and started anew on what it keeps. Sets took, in seconds.
enough() {
	local from=$EPOCHSECONDS
	starts "$@"
	used
	took=$((EPOCHSECONDS - from))
	[[ " $* " != *' --user '* ]] || app_hardened
	app_ends "$ENDS"
	starts "$@"
	kept
	app_ends "$ENDS"
}

# ---- one line less

# breaks LINE [FLAG...]: without that line the application ends, or does not do its work in three times the time that it took
breaks() {
	local line=$1 from=$EPOCHSECONDS
	shift
	starts "$@" || return 0
	while engine_running "$NAME" && [ "$((EPOCHSECONDS - from))" -le "$((3 * took + 1))" ]; do
		if (TRIES=1 used) >/dev/null 2>&1; then
			# Without this one it cannot be ended.
			[[ $line != *': kill' ]] || break
			printf '%s: %s works without %s\n' "$ENGINE" "$APP" "$line"
			return 1
		fi
		sleep 0.1
	done
	if [[ $line == *': kill' ]]; then
		engine_kill TERM "$NAME"
		sleep "$((took + 1))"
		engine_running "$NAME"
	fi
	engine_destroy "$NAME"
}

# without_path PATH: leaves it out of flags, and the option that has it
without_path() {
	local -a all=("${flags[@]}")
	local i
	flags=()
	for ((i = 0; i < ${#all[@]}; i++)); do
		case ${all[i]} in
		--tmpfs | --volume)
			[[ ${all[i + 1]} == "$1":* || ${all[i + 1]} == *:"$1" ]] || flags+=("${all[i]}" "${all[i + 1]}")
			i=$((i + 1))
			;;
		*) flags+=("${all[i]}") ;;
		esac
	done
}

# without_cap CAP: leaves it out of both
without_cap() {
	local -a all=("${flags[@]}")
	local i
	flags=()
	for ((i = 0; i < ${#all[@]}; i++)); do
		if [[ ${all[i]} == --cap-add && ${all[i + 1]} == "$1" ]]; then
			i=$((i + 1))
		else
			flags+=("${all[i]}")
		fi
	done
	for i in "${!options[@]}"; do
		[[ ${options[i]} == --keep-caps=* ]] || continue
		options[i]=$(sed -E "s/([=,])$1(,|\$)/\1/; s/,\$//" <<<"${options[i]}")
		[ "${options[i]}" != --keep-caps= ] || unset 'options[i]'
	done
}

# without_option OPTION
without_option() {
	local i
	for i in "${!options[@]}"; do
		[ "${options[i]}" != "$1" ] || unset 'options[i]'
	done
}

each_is_needed() {
	local -a all_options=("${options[@]}") all_flags=("${flags[@]}") caps
	local option cap path
	for option in "${all_options[@]}"; do
		options=("${all_options[@]}") flags=("${all_flags[@]}")
		case $option in
		--writable=*)
			path=${option#--writable=} path=${path%:exec}
			without_option "$option"
			without_path "$path"
			breaks "$option" "$@"
			;;
		--keep-caps=*)
			IFS=, read -ra caps <<<"${option#--keep-caps=}"
			for cap in "${caps[@]}"; do
				options=("${all_options[@]}") flags=("${all_flags[@]}")
				without_cap "$cap"
				breaks "$option: $cap" "$@"
			done
			;;
		# What is left of the words stands in the second one.
		--deny=none)
			options=("${all_options[@]/--deny=*/--deny=all}")
			breaks "$option" "$@"
			;;
		# Nor would the start be refused on an engine whose tmpfs is root's.
		--deny=* | --warn=writable-declared:*) ;;
		*)
			without_option "$option"
			breaks "$option" "$@"
			;;
		esac
	done
}

# learn_all OPTIONS [FLAG...]: all of it; granit's options are these
learn_all() {
	local wanted=$1
	local -a options flags
	local took learnt
	shift
	learns "$@"
	is "what granit is to be told of $APP" "$wanted" "${options[*]}"
	enough "$@"
	each_is_needed "$@"
	learn_volumes_rm
}

# walk_alone OPTIONS EXTRA [FLAG...]: the same without a listener, which sees no programs: those options are the user's own
walk_alone() {
	local wanted=$1 profile=$BATS_TEST_TMPDIR/seccomp.json
	local -a options flags extra
	local took learnt
	read -ra extra <<<"$2"
	shift 2
	printf '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["seccomp"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}' >"$profile"
	learns --security-opt "seccomp=$profile" "$@"
	has "$(jq -r '.learn.sources[0].unavailable' <<<"$learnt")" 'Operation not permitted'
	is "what the walk tells of $APP" "$wanted" "${options[*]}"
	options+=("${extra[@]}")
	enough "$@"
	learn_volumes_rm
}

# Named volumes are the engine's, and would be there for the next test.
learn_volumes_rm() {
	local name
	engine volume ls --quiet | while read -r name; do
		engine volume rm --force "$name" >/dev/null 2>&1 || :
	done
}
