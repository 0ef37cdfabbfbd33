#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The filter's numbers of system calls are those of the kernel's headers, for each compiler that is there: amd64 and i386
# wherever there is gcc on amd64, the others where releases are built (scripts/setup.sh dist-ARCH).

bats_require_minimum_version 1.5.0

setup() {
	load ../helpers/granit
	granit_setup
}

# "COLUMN NUMBER" of each call that the table denies everywhere: AMD64 I386 ARM GENERIC POWER S390.
table() {
	sed -nE 's/^\t\{DENY_[A-Z0-9_]+, +\{([0-9, ]+)\},.*/\1/p' src/harden/filter.c | tr -d ' '
}

# Number of NAME for a compiler.
number() { # COMPILER NAME
	# shellcheck disable=SC2086 # words
	printf '#include <asm/unistd.h>\n__NR_%s\n' "$2" | $1 -E -P - | tail -n 1 | tr -d '() ' | sed 's/^0+//'
}

@test "numbers are the headers'" {
	local compiler column name own found seen=0
	while IFS='|' read -r compiler column; do
		command -v "${compiler%% *}" >/dev/null || continue
		printf '#include <asm/unistd.h>\n' | $compiler -E - >/dev/null 2>&1 || continue
		seen=$((seen + 1))
		# A call by what the first column, amd64's, says of it.
		while IFS=: read -r name own; do
			found=$(number "$compiler" "$name")
			if table | cut -d, -f"1,$column" | grep -qxE "$own,$found|$found"; then continue; fi
			# clone has a row of its own on s390.
			if [ "$name $column" = 'clone 6' ] && grep -qF "{[S390] = $found}" src/harden/filter.c; then continue; fi
			printf '%s: %s is %s, which the table does not have\n' "$compiler" "$name" "$found"
			return 1
		done <<-END
			userfaultfd:323
			memfd_create:319
			execveat:322
			unshare:272
			clone:56
			setns:308
			ioctl:16
			prlimit64:302
			sched_setaffinity:203
			sched_setscheduler:144
			sched_setparam:142
			sched_setattr:314
			setpriority:141
			ioprio_set:251
			setpgid:109
		END
		[ "$(number "$compiler" clone3)" -eq 435 ]
		[ "$(number "$compiler" io_uring_setup)" -eq 425 ]
	done <<-END
		gcc -U__i386__|$(case $(gcc -dumpmachine) in x86_64*) printf 1 ;; i?86*) printf 2 ;; arm*) printf 3 ;; powerpc*) printf 5 ;; s390*) printf 6 ;; *) printf 4 ;; esac)
		gcc -m32|2
		gcc -mx32|1
		i686-linux-gnu-gcc|2
		arm-linux-gnueabihf-gcc|3
		aarch64-linux-gnu-gcc|4
		riscv64-linux-gnu-gcc|4
		powerpc64le-linux-gnu-gcc|5
		s390x-linux-gnu-gcc|6
	END
	printf '%d compilers\n' "$seen"
	[ "$seen" -ge 1 ]
}
