#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where a check of who the program is, and of its environment draws its line: facts on this side of it and on that, grave ones and lesser ones.
# In the profile restricted grave things fail where lesser ones warn, so many a case asks there.

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
	STRICT=option=--profile=restricted
}

@test "non-root-uid: any of the four" {
	judged non-root-uid violation fail "$STRICT" $'status=Uid:\t65532\t0\t65532\t65532'
	judged non-root-uid violation fail "$STRICT" $'status=Uid:\t65532\t65532\t0\t65532'
	judged non-root-uid violation fail "$STRICT" $'status=Uid:\t65532\t65532\t65532\t0'
}

@test "non-root-gid: real, effective, supplementary" {
	judged non-root-gid violation warn $'status=Gid:\t0\t65532\t65532\t65532'
	judged non-root-gid violation warn $'status=Gid:\t65532\t0\t65532\t65532'
	judged non-root-gid violation warn $'status=Groups:\t27 0 '
	judged non-root-gid pass off $'status=Groups:\t27 100 '
	judged non-root-gid pass off $'status=Groups:\t '
}

@test "non-root-uid, non-root-gid: what the program will be counts, and where that differs it is said" {
	local root=$'status=Uid:\t0\t0\t0\t0' group=$'status=Gid:\t0\t0\t0\t0'
	judged non-root-uid pass off "$STRICT" "$root" option=--user=7:8
	contains "$output" 'the runtime gave user 0, the program runs as 7'
	judged non-root-uid violation fail "$STRICT" option=--user=0:8
	contains "$output" 'the runtime gave user 65532, the program runs as 0'
	judged non-root-uid pass off "$STRICT"
	[[ $output != *'the runtime gave user'* ]]
	judged non-root-gid pass off "$group" option=--user=7:8
	contains "$output" 'the runtime gave group 0, the program runs in group 8'
	judged non-root-gid pass off $'status=Groups:\t0 ' option=--user=7:8
	judged non-root-gid violation warn option=--user=7:0
	judged non-root-gid violation warn option=--user=7:8,9,0
	contains "$output" 'among the supplementary groups'
	judged non-root-uid unknown fail "$STRICT" option=--user=7:8 trouble=status
	judged non-root-gid unknown warn option=--user=7:8 trouble=status
}

@test "caps-effective: what goes with root is lesser, what --keep-caps names is meant" {
	local root=$'status=Uid:\t0\t0\t0\t0' some=$'status=CapPrm:\t0000000000000401'
	judged caps-effective violation warn option=--profile=audit "$root" "$some" option=--user=7:8
	contains "$output" 'capabilities that granit drops'
	judged caps-effective violation warn option=--profile=audit "$some" option=--user=7:8
	contains "$output" 'the program has capabilities: chown'
	judged caps-effective violation warn "$STRICT" "$some" option=--keep-caps=chown
	contains "$output" 'exec sessions keep: net_bind_service'
	contains "$output" 'the program keeps what --keep-caps says: chown'
	judged caps-effective pass off "$STRICT" "$some" option=--keep-caps=chown,net_bind_service
	# What the runtime did not give is not there to be kept.
	judged caps-effective violation warn "$STRICT" "$some" option=--keep-caps=kill
	[[ $output != *'the program keeps what'* ]]
}

@test "no-new-privs: what granit does not set is missing" {
	judged no-new-privs violation warn $'status=NoNewPrivs:\t0'
	contains "$output" 'granit sets no_new_privs, exec sessions go without'
	judged no-new-privs violation warn $'status=NoNewPrivs:\t0' option=--allow-new-privs
	contains "$output" 'no_new_privs is not set'
	judged no-new-privs violation warn $'status=NoNewPrivs:\t0' option=--profile=audit
	contains "$output" 'no_new_privs is not set'
}

@test "caps-effective: permitted counts too; what granit drops is lesser" {
	judged caps-effective violation warn $'status=CapPrm:\t0000000000000400'
	judged caps-effective violation warn "$STRICT" $'status=CapPrm:\t0000000000000400'
	contains "$output" 'capabilities that granit drops'
	judged caps-effective violation warn option=--profile=audit $'status=CapEff:\t0000000000000400'
	contains "$output" 'the program has capabilities'
}

@test "caps-bounding: no_new_privs keeps it out of reach" {
	judged caps-bounding violation warn $'status=CapBnd:\t0000000000000400'
	contains "$output" 'out of reach with no_new_privs'
	judged caps-bounding violation warn $'status=CapBnd:\t0000000000000400' $'status=NoNewPrivs:\t0'
	contains "$output" 'a setuid file could grant'
}

@test "caps-inheritable-ambient: either of the two" {
	judged caps-inheritable-ambient violation warn $'status=CapInh:\t0000000000000400'
	judged caps-inheritable-ambient violation warn $'status=CapAmb:\t0000000000000400'
}

@test "no-new-privs and seccomp: a kernel that does not say so is unknown" {
	judged no-new-privs unknown warn status=NoNewPrivs:
	judged seccomp unknown fail "$STRICT" status=Seccomp:
	judged seccomp violation fail "$STRICT" $'status=Seccomp:\t0'
	judged seccomp pass off "$STRICT" $'status=Seccomp:\t1'
}

@test "a status without one of the lines that every kernel writes is not understood" {
	local line
	for line in Uid Gid CapPrm CapInh CapEff CapBnd; do
		printf 'status=%s:\n' "$line" >"$BATS_TEST_TMPDIR/facts"
		run -2 --separate-stderr build/tests/judge tests/fixtures/base "$BATS_TEST_TMPDIR/facts"
		contains "${stderr:?}" "status lacks: $line"
	done
	# Older than 4.3.
	judged caps-inheritable-ambient pass off status=CapAmb:
}

@test "lsm-confined: labels that confine nothing" {
	judged lsm-confined violation warn 'file=1:docker-default (complain)'
	judged lsm-confined violation warn file=2:system_u:system_r:spc_t:s0
	judged lsm-confined violation warn file=2:unconfined
	judged lsm-confined pass off file=2:system_u:system_r:container_t:s0:c1,c2
	judged lsm-confined n/a off
}

@test "privileged: the signs that were found are told, and no others" {
	judged privileged violation warn $'status=CapBnd:\t000001ffffffffff' $'status=Seccomp:\t0' device=/dev/sda:b:8:0
	contains "$output" '3 signs of a privileged container: all capabilities, no seccomp filter, block devices'
	judged privileged violation warn $'status=Seccomp:\t0' device=/dev/sda:b:8:0 unmount=51 \
		unmount=75 'mount=75 71 0:44 / /sys rw - sysfs sysfs rw'
	contains "$output" '4 signs of a privileged container: /proc/sys writable, /sys writable, no seccomp filter, block devices'
}

@test "privileged: three signs, not two" {
	judged privileged pass off $'status=CapBnd:\t000001ffffffffff' $'status=Seccomp:\t0'
	judged privileged violation warn $'status=CapBnd:\t000001ffffffffff' $'status=Seccomp:\t0' device=/dev/sda:b:8:0
	judged privileged violation warn $'status=CapBnd:\t0000003fffffffff' $'status=Seccomp:\t0' unmount=51
	judged privileged pass off $'status=CapBnd:\t00000000a80425fb' $'status=Seccomp:\t0' device=/dev/sda:c:8:0 device=/dev/sdb:b:8:0
}

@test "env-secrets: names are whole words" {
	judged env-secrets violation warn env=API_TOKEN=x
	judged env-secrets violation warn env=PASSWORD=x
	judged env-secrets violation warn env=MY_API_KEY_OLD=x
	judged env-secrets pass off env=COMPASS=x env=BYPASS_CACHE=x env=TOKENIZER=x env=KEYCLOAK_URL=x env=GPG_KEY=x
}

@test "env-secrets: an empty value and the place of a file are none" {
	judged env-secrets pass off env=PASSWORD= env=DB_PASSWORD_FILE=/run/secrets/db
}

@test "env-secrets: values that tell what they are, and are never shown" {
	local value
	for value in AKIAABCDEFGHIJKLMNOP ghp_abc github_pat_abc glpat-abc xoxb-abc '-----BEGIN KEY' postgres://u:geheim@db/x; do
		judged env-secrets violation warn "env=HARMLESS=$value"
		run ! grep -F "$value" <<<"$output"
	done
	judged env-secrets pass off env=URL=https://host:80/a@b env=URL2=https://user@host/
}

@test "ld-preload: the file has to have something in it" {
	judged ld-preload violation warn path=5:10
	judged ld-preload pass off path=5:0
}

@test "ld-preload and interpreter hooks: a read-only place is only told" {
	judged ld-preload pass off env=LD_PRELOAD=/usr/lib/jemalloc.so
	contains "$output" 'LD_PRELOAD is set'
	judged env-interpreter-hooks pass off env=NODE_OPTIONS=--max-old-space-size=512
	judged env-interpreter-hooks violation warn 'env=PYTHONPATH=/tmp' 'mount=91 71 0:60 / /tmp rw,noexec - tmpfs tmpfs rw'
}

@test "ld-preload: two dots are a way up as a part of a path, and not in a name" {
	local path
	for path in /usr/lib/.. /usr/../lib/x.so /../lib/x.so; do
		judged ld-preload violation warn "env=LD_LIBRARY_PATH=$path"
		contains "$output" '".."'
	done
	for path in /usr/lib../x.so /usr/..lib/x.so /usr/lib/x..so /usr/lib/...; do
		judged ld-preload pass off "env=LD_LIBRARY_PATH=$path"
	done
}

@test "env-interpreter-hooks: a home directory on a volume, of what looks for code in it" {
	local volume='mount=91 71 254:1 /h /home rw - ext4 /dev/vdb rw' python=app=/usr/bin/python3.11:EROFS:EROFS:dynamic
	judged env-interpreter-hooks violation warn env=HOME=/home/app "$volume" "$python"
	contains "$output" 'unless PYTHONNOUSERSITE=1 is set'
	judged env-interpreter-hooks violation warn env=HOME=/home/app "$volume" app=/usr/bin/node:EROFS:EROFS:dynamic
	judged env-interpreter-hooks pass off env=HOME=/home/app env=PYTHONNOUSERSITE=1 "$volume" "$python"
	judged env-interpreter-hooks pass off env=HOME=/root "$volume" "$python"
	judged env-interpreter-hooks pass off env=HOME=/home/app "$volume"
	judged env-interpreter-hooks pass off env=HOME=/tmp 'mount=91 71 0:60 / /tmp rw - tmpfs tmpfs rw' "$python"
}

@test "config-trusted: mode, owner, and the mount that the table has where the kernel names none" {
	judged config-trusted pass off config=/etc/granit.conf:0100644:0:ro
	judged config-trusted violation fail config=/etc/granit.conf:0100664:0:ro
	judged config-trusted violation fail config=/etc/granit.conf:0100646:0:ro
	judged config-trusted violation fail config=/etc/granit.conf:0100644:7:ro
	contains "$output" '/etc/granit.conf belongs to user 7, not to root'
	judged config-trusted violation fail config=/etc/granit.conf:0040755:0:ro
	contains "$output" 'is not a regular file'
	judged config-trusted violation fail config=/conf/granit.conf:0100644:0:ro \
		'mount=91 71 254:1 /c /conf ro - ext4 /dev/vdb rw' 'mount=92 71 254:1 /c /data rw - ext4 /dev/vdb rw'
	contains "$output" 'the same file can be written at /data'
}

@test "ld-preload and interpreter hooks: every path in a value counts, not the first alone" {
	local tmpfs='mount=91 71 0:60 / /tmp rw,noexec - tmpfs tmpfs rw' value
	for value in LD_PRELOAD=/usr/lib/a.so:/tmp/b.so 'LD_PRELOAD=/usr/lib/a.so /tmp/b.so' $'LD_PRELOAD=a.so\t/tmp/b.so' \
		LD_LIBRARY_PATH=/usr/lib:/tmp 'LD_LIBRARY_PATH=/usr/lib;/tmp' LD_AUDIT=:/usr/lib/a.so://tmp/b.so; do
		judged ld-preload violation warn "env=$value" "$tmpfs"
	done
	for value in PYTHONPATH=/usr/lib:/tmp/x PERL5LIB=/usr/lib::/tmp 'NODE_OPTIONS=--require /usr/a.js --require=/tmp/b.js' \
		'JAVA_TOOL_OPTIONS=-javaagent:/opt/a.jar -javaagent:/tmp/b.jar' 'LUA_PATH=/usr/?.lua;/tmp/?.lua' \
		'PERL5OPT=-I/usr/lib -I/tmp'; do
		judged env-interpreter-hooks violation warn "env=$value" "$tmpfs"
	done
	# A separator of other variables' is part of a name here.
	judged env-interpreter-hooks pass off 'env=PYTHONPATH=/usr /tmp' env=BASH_ENV=/usr:/tmp "$tmpfs"
	judged ld-preload pass off env=LD_LIBRARY_PATH=/usr/lib:/lib "$tmpfs"
}

@test "what leads to files is unknown without a mount table, but for what needs none" {
	judged ld-preload unknown warn trouble=mounts env=LD_PRELOAD=/tmp/a.so
	judged ld-preload violation warn trouble=mounts path=5:10
	judged env-interpreter-hooks unknown warn trouble=mounts env=PYTHONPATH=/tmp
	judged path-sane unknown warn trouble=mounts
	judged path-sane violation warn trouble=mounts env=PATH=.
}

@test "path-sane: an entry as long as a path can be counts too" {
	local long
	printf -v long '/%0250d' 1 2
	judged path-sane violation warn "env=PATH=/tmp$long" 'mount=91 71 0:60 / /tmp rw - tmpfs tmpfs rw'
}

@test "path-sane: empty and relative entries, entries on a writable mount" {
	judged path-sane violation warn env=PATH=/usr/bin:
	judged path-sane violation warn env=PATH=:/usr/bin
	judged path-sane violation warn env=PATH=/usr/bin:.
	judged path-sane violation warn env=PATH=/usr/bin:/tmp/bin 'mount=91 71 0:60 / /tmp rw - tmpfs tmpfs rw'
	judged path-sane pass off env=PATH=/usr/bin:/nowhere
	judged path-sane pass off env=PATH=/usr/bin unmount=71 root=ro:EROFS:71 'mount=71 47 0:38 / / rw - overlay overlay rw,upperdir=/u'
	contains "$output" 'on the root filesystem, which is writable'
}

@test "stdio-tty: any of the three" {
	judged stdio-tty violation warn terminal=1
	judged stdio-tty violation warn terminal=2
}

@test "rlimits: core files, and no limit for open files" {
	judged rlimits violation info limits=1:1024
	judged rlimits violation info limits=0:1048577
	judged rlimits pass off limits=0:1048576
}
