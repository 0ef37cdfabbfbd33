#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2154 # the loader expands $ORIGIN, no shell; `run` sets stderr
# Variables that the program does not get.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	make_root
	mkdir -p "$ROOT/lib"
}

# started NAME=VALUE... -- GRANIT-OPTION...: runs it; $output is the environment that the program got
started() {
	local -a variables=()
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	boxed 0 --read-only --tmpfs=/scratch:noexec -- /probe exec-env "${variables[@]}" -- \
		/granit --ignore=writable-mounts "$@" -- /probe env
}

# got NAME=VALUE...: that and no more
got() {
	diff -u <(printf '%s\n' "$@") <(printf '%s\n' "$output")
}

@test "what names a file on a writable mount is removed, whatever the variable" {
	local name
	for name in LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG_OUTPUT GLIBC_TUNABLES BASH_ENV ENV PYTHONSTARTUP PYTHONPATH \
		PERL5OPT PERL5LIB RUBYOPT RUBYLIB NODE_OPTIONS NODE_PATH LUA_INIT LUA_PATH JAVA_TOOL_OPTIONS \
		_JAVA_OPTIONS JDK_JAVA_OPTIONS PHPRC PHP_INI_SCAN_DIR LOCPATH GCONV_PATH; do
		started A=1 "$name=/scratch/x" Z=2 -- -vv
		got A=1 Z=2
		contains "$stderr" "environment: removed $name, which names a file on a writable mount"
	done
}

@test "the names of what was removed are said, values are not" {
	started PYTHONPATH=/scratch/secret A=1 LD_PRELOAD=/scratch/x UNWANTED=1 -- --unset-env=UNWANTED
	got A=1
	contains "$stderr" 'granit: removed from the environment: PYTHONPATH LD_PRELOAD'
	[[ $stderr != *secret* && $stderr != *UNWANTED* ]]
	started PYTHONPATH=/lib -- -v
	[[ $stderr != *'removed from the environment'* ]]
}

# removed NAME=VALUE...: each of them, alone
removed() {
	local variable
	for variable; do
		started A=1 "$variable" -- -q
		got A=1 || {
			echo "kept: $variable"
			return 1
		}
	done
}

@test "more variables by which runtimes load code" {
	local name
	for name in DOTNET_STARTUP_HOOKS DOTNET_ADDITIONAL_DEPS DOTNET_SHARED_STORE DOTNET_ROOT CORECLR_PROFILER_PATH CORECLR_PROFILER_PATH_64 \
		OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES CLASSPATH PYTHONHOME PYTHONUSERBASE JAVA_OPTS CATALINA_OPTS KAFKA_OPTS \
		GTK_MODULES GIO_EXTRA_MODULES QT_PLUGIN_PATH GEM_PATH BUNDLE_GEMFILE LUA_CPATH LUA_INIT_5_4 ERL_LIBS R_PROFILE_USER R_LIBS \
		JULIA_LOAD_PATH ZDOTDIR PERLLIB MONO_PATH KRB5_CONFIG CUDA_INJECTION64_PATH; do
		removed "$name=/scratch/x"
	done
}

@test "relative files of options, of commands and in backquotes" {
	removed 'BASH_ENV=/usr/`. /scratch/x`' 'PERL5OPT=-Mlib=scratch -Mx' 'GIT_SSH_COMMAND=sh scratch/x.sh' \
		'JDK_JAVA_OPTIONS=@scratch/opts' GIT_ASKPASS=scratch/x LUA_INIT=@scratch/x PYTHONPLATLIBDIR=../scratch/lib \
		GDAL_DRIVER_PATH=/scratch HDF5_PLUGIN_PATH=/scratch VK_ICD_FILENAMES=/scratch/x LOADER_PATH=/scratch \
		BASH_LOADABLES_PATH=/scratch GIT_CONFIG_GLOBAL=/scratch/x IPYTHONDIR=/scratch \
		GSS_MECH_CONFIG=/scratch/x NCCL_NET_PLUGIN=/scratch/x.so GOFLAGS=-toolexec=/scratch/x "ELIXIR_ERL_OPTIONS=-pa /scratch"
	started A=1 'GIT_SSH_COMMAND=ssh -o BatchMode=yes -i /lib/key' JDK_JAVA_OPTIONS=@/lib/opts LUA_INIT=@/lib/x -- -q
	got A=1 'GIT_SSH_COMMAND=ssh -o BatchMode=yes -i /lib/key' JDK_JAVA_OPTIONS=@/lib/opts LUA_INIT=@/lib/x
}

@test "a path in no normal form, a relative one and one over links is taken for what it leads to" {
	ln -s /scratch "$ROOT/link"
	ln -s scratch/x "$ROOT/dangling"
	ln -s /lib "$ROOT/safe"
	mkdir -p "$ROOT/usr/lib"
	removed LD_PRELOAD=/./scratch/x.so LD_PRELOAD=//scratch/x.so LD_PRELOAD=/usr/../scratch/x.so LD_PRELOAD=scratch/x.so \
		LD_PRELOAD='$ORIGIN/../scratch/x.so' LD_PRELOAD='/lib/${LIB}/x.so' LD_PRELOAD=/link/x.so LD_PRELOAD=/dangling \
		LD_PRELOAD=/lib/a.so:/link/x.so LD_LIBRARY_PATH=scratch LD_LIBRARY_PATH=. LD_LIBRARY_PATH=:/usr/lib \
		LD_LIBRARY_PATH=/usr/lib: LD_LIBRARY_PATH=/usr/lib::/lib LD_LIBRARY_PATH=/usr/lib/../../scratch \
		LD_PRELOAD=/proc/self/root/scratch/x LD_PRELOAD=/proc/1/cwd/scratch/x PYTHONPATH=lib PYTHONHOME=python CLASSPATH=. \
		JAVA_TOOL_OPTIONS=-javaagent:agent.jar NODE_OPTIONS='--require ./x' RUBYOPT=-Ilib PERL5OPT=-I/link LUA_PATH='?.lua' \
		NODE_OPTIONS=--import=../x JAVA_OPTS=-javaagent:/link/agent.jar
	started LD_PRELOAD=/safe/x.so LD_LIBRARY_PATH=/safe:/lib/.:/usr//lib:/none LD_AUDIT=/usr/../lib/x.so ENV=production \
		JAVA_OPTS='-Duser.timezone=Europe/Berlin -Dtype=application/json -Xmx1g -Dproxy=http://host:80/' GCONV_PATH=/safe \
		CLASSPATH='/lib/a.jar:/lib/*' LUA_PATH='/lib/?.lua;;' RUBYOPT=-W0 LD_PRELOAD_=1 -- -q
	got LD_PRELOAD=/safe/x.so LD_LIBRARY_PATH=/safe:/lib/.:/usr//lib:/none LD_AUDIT=/usr/../lib/x.so ENV=production \
		JAVA_OPTS='-Duser.timezone=Europe/Berlin -Dtype=application/json -Xmx1g -Dproxy=http://host:80/' GCONV_PATH=/safe \
		CLASSPATH='/lib/a.jar:/lib/*' LUA_PATH='/lib/?.lua;;' RUBYOPT=-W0 LD_PRELOAD_=1
}

@test "a path that is written otherwise than it is read: white space of every kind, quotes in its middle, escapes" {
	removed $'LD_PRELOAD=/lib/x\v/scratch/x.so' $'LD_PRELOAD=/lib/x\r/scratch/x.so' $'LD_PRELOAD=/lib/x\f/scratch/x.so' \
		$'JAVA_TOOL_OPTIONS=-Xlog:disable\v-javaagent:/scratch/a.jar' $'PERL5OPT=-I/usr\r-I/scratch' \
		'JDK_JAVA_OPTIONS="@/s"cratch/opts' 'JAVA_TOOL_OPTIONS=-javaagent:/s"crat"h/agent' "GIT_SSH_COMMAND=/scr'at'ch/x" \
		'NODE_OPTIONS=--require="/scr\atch/x.js"' 'NODE_OPTIONS=--require "/\scratch/x.js"' \
		'NODE_OPTIONS=--import=file:///scr%61tch/x.mjs' 'NODE_OPTIONS=--import=file:///lib/%2e%2e/scratch/x.mjs' \
		'JAVA_OPTS=-javaagent:/${D}/x' KRB5_CONFIG=/lib/none:/scratch/x 'TCLLIBPATH=/lib /scratch' 'TCLLIBPATH={/lib} {/scratch}' \
		PERL5OPT=-Mlib=/lib,scratch JAVA_OPTS=-Duser.dir=/scratch
	local value='-Dname="my app" -Dpath="/lib/my app" -javaagent:"/lib/a.jar" -Dproxy=http://host:80/a%20b'
	started "JAVA_OPTS=$value" 'TCLLIBPATH=/lib /usr' KRB5_CONFIG=/lib/a:/lib/b PERL5OPT=-Mlib=/lib,/usr 'NODE_OPTIONS=--require "/lib/x.js"' -- -q
	got "JAVA_OPTS=$value" 'TCLLIBPATH=/lib /usr' KRB5_CONFIG=/lib/a:/lib/b PERL5OPT=-Mlib=/lib,/usr 'NODE_OPTIONS=--require "/lib/x.js"'
	value='-Dname="my app" -Dpath="/lib/my app" -javaagent:"/lib/a.jar"'
	started "JAVA_OPTS=$value" -- -q
	got "JAVA_OPTS=$value"
}

@test "what Java loads by a path is not looked for behind the first slash" {
	removed JAVA_TOOL_OPTIONS=-agentpath:data/x JAVA_TOOL_OPTIONS=-Xbootclasspath/a:data/c JAVA_TOOL_OPTIONS='-cp data/classes' \
		JAVA_OPTS='-Xmx1g -Djava.library.path=/usr/lib:data/lib' JAVA_OPTS=-XX:Flags=data/f JDK_JAVA_OPTIONS='--module-path "mods"' \
		JDK_JAVA_OPTIONS='-cp /lib/a.jar:' JAVA_OPTS='-cp /scratch/c'
	local value='-Xmx1g -agentpath:/lib/x=a/b -Xbootclasspath/a:/lib/c -cp /lib/a.jar:/lib/* -Djava.library.path=/usr/lib -Djava.ext.dirs= -DA=a/b'
	started "JAVA_OPTS=$value" -- -q
	got "JAVA_OPTS=$value"
}

@test "among options what holds a slash and begins with none is relative, behind whatever it stands" {
	removed NODE_OPTIONS=--openssl-config=data/openssl.cnf NODE_OPTIONS=--openssl-config=openssl.cnf NODE_OPTIONS=--snapshot-blob=data/blob \
		JDK_JAVA_OPTIONS=--patch-module=java.base=data/p JDK_JAVA_OPTIONS='--patch-module java.base=data/p' JDK_JAVA_OPTIONS='-p data/mods' \
		JDK_JAVA_OPTIONS='-p mods' JAVA_TOOL_OPTIONS=-Djava.security.properties=data/sec JAVA_OPTS=-Dapp.plugin-dir=data/x \
		PERL5OPT=-mlib=data PERL5OPT=Mlib=data PERL5OPT=Idata PERL5OPT=-wIdata PERL5OPT='-w Mlib=/usr,data' PERL5OPT=-Mlocal::lib=data \
		PERL5OPT=-wMlib=data 'ERL_FLAGS=-pa data/ebin' 'ERL_FLAGS=-pa ebin' LOADER_PATH=data/lib LOADER_PATH=/lib,data \
		'GUNICORN_CMD_ARGS=-c data/conf' 'GUNICORN_CMD_ARGS=--chdir data/a' RUBYOPT=-rscratch/x.rb RUBYOPT=-r./data/x
	# What only looks like a path, and paths of the image's.
	local -a kept=('JAVA_OPTS=-Duser.timezone=America/Argentina/Buenos_Aires -Dtype=application/json -Dagent=Mozilla/5.0 -Dnet=10.0.0.0/8'
		'JDK_JAVA_OPTIONS=--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.util=ALL-UNNAMED -p /lib/mods'
		JAVA_TOOL_OPTIONS=-javaagent:/lib/a.jar=8080:a/b RUBYOPT=-rbundler/setup 'NODE_OPTIONS=--require dd-trace/init -r a/b --import=c/d'
		'PERL5OPT=-wMlib=/lib -I/lib MFoo' 'LOADER_PATH=/lib,/usr/lib' 'ERL_FLAGS=-pa /lib/ebin +S 2:2 -name a@b'
		'GUNICORN_CMD_ARGS=--bind=0.0.0.0:8000 --forwarded-allow-ips=10.0.0.0/8')
	started "${kept[@]}" -- -q
	got "${kept[@]}"
}

@test "a URL has a host behind its //, and no directory, unless it is one of a file" {
	local -a kept=('JAVA_OPTS=-Xmx512m -Dspring.redis.url=redis://scratch:6379/0' JAVA_TOOL_OPTIONS=-Dspring.datasource.url=jdbc:postgresql://scratch/app
		'GUNICORN_CMD_ARGS=--statsd-host=x --env=A=http://scratch/a/b?c=d/e')
	started "${kept[@]}" -- -q
	got "${kept[@]}"
	removed NODE_OPTIONS=--import=file:///scratch/x.mjs JAVA_OPTS=-Dloader=FILE://scratch/x JAVA_OPTS=-Dx=jar:file:///scratch/x \
		'JDK_JAVA_OPTIONS=-cp http://scratch/a' JDK_JAVA_OPTIONS=--class-path=/lib:http://scratch/a 'JAVA_OPTS=-Dx=http://a:/scratch/b' \
		'JAVA_OPTS=-Dx=http://a,/scratch/b' 'JAVA_OPTS=-Dx=http://a?b=/scratch/b' JAVA_OPTS=-Dx=://scratch/b PERL5OPT=-Ihttp://scratch
}

@test "npm reads its variables in any case, and a module's name is no path" {
	removed NPM_CONFIG_NODE_OPTIONS=--require=/scratch/x.js npm_config_node_options=--require=/scratch/x.js Npm_Config_Node-Options=--require=/scratch/x \
		NPM_CONFIG_SCRIPT_SHELL=/scratch/sh npm_config_script_shell=/scratch/sh npm_config_git=/scratch/git NPM_CONFIG_USERCONFIG=/scratch/npmrc \
		FLASK_APP=/scratch/app.py FLASK_APP=sub/app.py FLASK_APP=./app.py:app PYTHONPLATLIBDIR=../scratch
	local -a kept=(FLASK_APP=app PYTHONPLATLIBDIR=lib64 NPM_CONFIG_LOGLEVEL=warn npm_config_node_options=--no-warnings NPM_CONFIG_SCRIPT_SHELL=bash)
	started "${kept[@]}" -- -q
	got "${kept[@]}"
	for kept in FLASK_APP=hello.py FLASK_APP=wsgi:app FLASK_APP=/lib/app.py; do
		started "$kept" -- -q
		got "$kept"
	done
}

@test "variables of libraries that load plug-ins and settings" {
	removed OPENSSL_CONF_INCLUDE=/scratch LIBMYSQL_PLUGIN_DIR=/scratch ALSA_CONFIG_PATH=/usr/a:/scratch/b OCL_ICD_VENDORS=/scratch \
		QT_QPA_PLATFORM_PLUGIN_PATH=/scratch MAGICK_CODER_MODULE_PATH=/scratch VDPAU_DRIVER_PATH=/scratch \
		NODE_REPL_EXTERNAL_MODULE=/scratch/x
}

@test "caches of compiled code, class paths and homes of servers, libraries for networks" {
	local name
	for name in NODE_COMPILE_CACHE BOOTSNAP_CACHE_DIR BUNDLE_PATH HADOOP_CLASSPATH SPARK_DIST_CLASSPATH SPARK_HOME HADOOP_CONF_DIR \
		JBOSS_HOME JETTY_BASE CAML_LD_LIBRARY_PATH OCAMLLIB GI_TYPELIB_PATH GUILE_EXTENSIONS_PATH GUILE_SYSTEM_PATH \
		FI_PROVIDER_PATH UCX_MODULE_DIR HWLOC_PLUGINS_PATH NIX_LD NIX_LD_x86_64_linux NIX_LD_LIBRARY_PATH EMACSLOADPATH \
		GHC_PACKAGE_PATH OPENSC_CONF MAGICK_CONFIGURE_PATH MAGICK_FILTER_MODULE_PATH RELEASE_VM_ARGS \
		NCCL_TUNER_PLUGIN GBM_BACKENDS_PATH __EGL_VENDOR_LIBRARY_FILENAMES; do
		removed "$name=/scratch/x"
	done
	removed HADOOP_CLASSPATH=/lib/a.jar: NIX_LD_LIBRARY_PATH=/lib:/scratch CAML_LD_LIBRARY_PATH=/lib:stublibs 'JRUBY_OPTS=-J-Xmx1g -r/scratch/x' \
		JRUBY_OPTS=-J-javaagent:/scratch/a.jar NODE_COMPILE_CACHE=cache
	# On the image, and what names no file that is loaded.
	local -a kept=(HADOOP_CLASSPATH=/lib/a.jar:/lib/b NIX_LD=/lib/ld.so NIX_LD_LIBRARY_PATH=/lib 'JRUBY_OPTS=-J-Xmx1g --dev'
		SPARK_HOME=/opt/spark SPARK_LOCAL_DIRS=/scratch/spark RELEASE_TMP=/scratch RELEASE_COOKIE=a NCCL_TUNER_PLUGIN=ofi
		NODE_EXTRA_CA_CERTS=/scratch/ca.pem BUNDLE_USER_CACHE=/scratch MAGICK_TEMPORARY_PATH=/scratch UCX_LOG_FILE=/scratch/log)
	started "${kept[@]}" -- -q
	got "${kept[@]}"
}

@test "a way over a link that can be changed is none, wherever it ends; one within a read-only mount is" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir -p "$volume/..data"
	ln -s /lib "$volume/back"
	ln -s ..data/file "$volume/file"
	touch "$volume/..data/file"
	ln -s /vol/back "$ROOT/link"
	boxed 0 --read-only --bind "$volume:/vol" -- /probe exec-env LD_LIBRARY_PATH=/link A=1 -- \
		/granit -q --ignore=writable-mounts -- /probe env
	got A=1
	# A ConfigMap's files are links within it.
	boxed 0 --read-only --bind "$volume:/vol:ro" -- /probe exec-env JAVA_OPTS=-Dconf=/vol/file -- /granit -q -- /probe env
	got JAVA_OPTS=-Dconf=/vol/file
}

@test "of a read-only mount only what is shared can be written, and what can be renamed away" {
	local volume=$BATS_TEST_TMPDIR/volume
	mkdir -p "$volume/open" "$volume/shut" "$BATS_TEST_TMPDIR/data/a/b" "$BATS_TEST_TMPDIR/data/c"
	boxed 0 --read-only --bind "$volume:/ro:ro" --bind "$volume/open:/data" -- /probe exec-env PYTHONPATH=/ro/shut NODE_PATH=/ro/open \
		RUBYLIB=/ro PERL5LIB=/ro/./shut JAVA_HOME=/ro/open/java GIT_SSH_COMMAND=/ro/open/ssh LD_LIBRARY_PATH=/ro/shut A=1 -- \
		/granit -q --ignore=writable-mounts -- /probe env
	got PYTHONPATH=/ro/shut PERL5LIB=/ro/./shut LD_LIBRARY_PATH=/ro/shut A=1
	boxed 0 --read-only --bind "$BATS_TEST_TMPDIR/data:/data" --bind "$volume:/data/a/b:ro" --bind "$volume:/data/c:ro" -- \
		/probe exec-env LD_LIBRARY_PATH=/data/a/b LD_PRELOAD=/data/c/x.so A=1 -- /granit -q --ignore=writable-mounts -- /probe env
	got LD_PRELOAD=/data/c/x.so A=1
}

@test "where the kernel has no openat2, the end of the way counts" {
	ln -s /scratch "$ROOT/link"
	ln -s /lib "$ROOT/safe"
	boxed 0 --read-only --tmpfs=/scratch:noexec -- /probe exec-env LD_PRELOAD=/link LD_LIBRARY_PATH=/safe PATH=/safe -- \
		/inject openat2=ENOSYS -- /granit -q --ignore=writable-mounts -- /probe env
	got LD_LIBRARY_PATH=/safe PATH=/safe
}

@test "PATH: a directory is what links make of it" {
	local path
	ln -s /scratch "$ROOT/link"
	ln -s /lib "$ROOT/safe"
	for path in /./scratch /lib/../scratch /link //scratch /lib:/link /safe/../link; do
		boxed 0 --read-only --tmpfs=/scratch:noexec -- /probe exec-env "PATH=$path" -- \
			/granit --check -v --ignore=all --warn=path-sane
		contains "$output" 'warn path-sane'
	done
	boxed 0 --read-only --tmpfs=/scratch:noexec -- /probe exec-env PATH=/safe:/lib/.:/none:/lib/../safe -- \
		/granit --check -v --ignore=all --warn=path-sane
	contains "$output" 'pass path-sane'
}

@test "what names a read-only place, or none, stays" {
	local -a all=(LD_PRELOAD=/lib/a.so LD_LIBRARY_PATH=/lib:/usr/lib GCONV_PATH=/lib/gconv NODE_OPTIONS=--max-old-space-size=512
		GLIBC_TUNABLES=glibc.malloc.check=3 NOT_A_HOOK=/scratch/x PYTHONPATH= LD_PRELOAD_=/scratch/x)
	started "${all[@]}" -- -q
	got "${all[@]}"
}

@test "the value is never told" {
	started LD_PRELOAD=/scratch/xyzzy.so -- -vv
	run ! grep -q xyzzy <<<"$output$stderr"
	started LD_PRELOAD=/scratch/xyzzy.so -- -vv --unset-env='LD_*'
	run ! grep -q xyzzy <<<"$output$stderr"
}

@test "a variable that is there twice is judged twice" {
	started LD_PRELOAD=/lib/a.so LD_PRELOAD=/scratch/b.so -- -q
	got LD_PRELOAD=/lib/a.so
}

@test "an ignored check keeps its variables, and only those" {
	started LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch -- -q --ignore=ld-preload
	got LD_PRELOAD=/scratch/a.so
	started LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch -- -q --ignore=env-interpreter-hooks
	got PYTHONPATH=/scratch
}

@test "plain and audit remove nothing" {
	local profile
	for profile in plain audit; do
		started LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch -- -q --profile="$profile"
		got LD_PRELOAD=/scratch/a.so PYTHONPATH=/scratch
	done
}

@test "without a mount table every path may be one that can be written" {
	boxed 0 --read-only --no-proc -- /probe exec-env LD_PRELOAD=/lib/a.so NODE_OPTIONS=--x A=/lib -- \
		/granit -q --ignore=all --warn=ld-preload,env-interpreter-hooks -- /probe env
	got NODE_OPTIONS=--x A=/lib
}

@test "the check says what becomes of it: removed, or the container refused" {
	started LD_PRELOAD=/scratch/a.so -- -v
	contains "$stderr" 'LD_PRELOAD names a file on a writable mount; granit removes it'
	started LD_PRELOAD=/scratch/a.so -- -v --profile=audit
	contains "$stderr" 'LD_PRELOAD names a file on a writable mount'
	run ! grep -q 'granit removes it' <<<"$stderr"
	boxed 78 --read-only --tmpfs=/scratch:noexec -- /probe exec-env LD_PRELOAD=/scratch/a.so -- \
		/granit --ignore=writable-mounts --fail=ld-preload -- /probe args started
	[ -z "$output" ]
	run ! grep -q 'granit removes it' <<<"$stderr"
}

# ---- --unset-env

@test "--unset-env takes patterns, repeats, and works in every profile" {
	local profile
	for profile in plain audit immutable restricted; do
		started TOKEN_A=1 TOKEN_B=2 KEEP=3 X=4 =odd -- -q --profile="$profile" --ignore=all --deny=none --landlock=off \
			--unset-env='TOKEN_*' --unset-env='?'
		got KEEP=3 =odd
	done
}

@test "--unset-env of nothing that is there, and of all" {
	started A=1 B=2 -- -q --unset-env=C
	got A=1 B=2
	started A=1 B=2 -- -q '--unset-env=*'
	[ -z "$output" ]
	started 'AB=1' 'A=B' -- -q --unset-env='A*B'
	got A=B
}

@test "--unset-env is told with -vv, the name alone" {
	started $'BAD\033[31m=xyzzy' -- -vv --unset-env='BAD*'
	contains "$stderr" 'environment: removed BAD\033[31m, which matches --unset-env'
	run ! grep -q xyzzy <<<"$stderr"
}

@test "the program is found by the PATH that was judged, though it does not get it" {
	boxed 0 --read-only -- /probe exec-env PATH=/ A=1 -- /granit -q --profile=plain --unset-env=PATH -- probe env
	got A=1
}

@test "a pattern that can be none is refused" {
	expect 125 "$GRANIT" --unset-env= -- true
	expect 125 "$GRANIT" --unset-env=A=B -- true
	contains "$stderr" 'is not a pattern'
}

@test "options that name a file which nothing is loaded from, and devices that say nothing, stay" {
	local value
	for value in 'JAVA_OPTS=-Djava.io.tmpdir=/scratch -Xmx1g' 'ES_JAVA_OPTS=-Xms1g -XX:HeapDumpPath=/scratch/heap' \
		'GRADLE_OPTS=-Djava.security.egd=file:/dev/./urandom' 'JAVA_TOOL_OPTIONS=-Xlog:gc:/scratch/gc.log -Xmx1g' \
		'JAVA_OPTS=-Dlog.file=/dev/stdout' OPENSSL_CONF=/dev/null PYTHONSTARTUP=/dev/null KRB5_CONFIG=/dev/null \
		'NODE_OPTIONS=--report-directory=/scratch --max-old-space-size=100' 'NODE_OPTIONS=--redirect-warnings /scratch/w --cpu-prof-dir=/scratch' \
		'GUNICORN_CMD_ARGS=--bind=0.0.0.0:8000 --worker-tmp-dir /scratch --access-logfile /scratch/a.log' \
		'JAVA_OPTS=-XX:FlightRecorderOptions=repository=/scratch -Dlogs.dir=/scratch'; do
		started "$value" -- -q
		got "$value"
	done
	# What stands behind them counts.
	removed 'JAVA_OPTS=-Djava.io.tmpdir=/scratch -javaagent:/scratch/a.jar' 'LD_PRELOAD=/dev/null' \
		'GUNICORN_CMD_ARGS=--worker-tmp-dir /scratch -c /scratch/conf.py' 'GUNICORN_CMD_ARGS=--log-config /scratch/x --log-file /scratch/y' \
		'GUNICORN_CMD_ARGS=--worker-tmp-dir /lib /scratch/x'
}
