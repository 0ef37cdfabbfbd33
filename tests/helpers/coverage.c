/* SPDX-License-Identifier: MIT */
/*
 * Linked into what scripts/coverage.sh builds: counters of branches that outlive the process. A
 * program in a container has no file to leave them in, process 1 never leaves main, and a child
 * ends by exec. So the counters themselves are a file's, mapped in the place of the section they
 * are in, and every process counts in the same one. The descriptor is inherited, COVERAGE_FD; it
 * and those of the other programs, up to COVERAGE_LAST, are closed then, as if they had never been
 * there.
 *
 * A process that also has COVERAGE_FD + 1 writes the counters there, as llvm-profdata reads them,
 * and does nothing else.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of two for each program: the counters, and where they are written to. */
#ifndef COVERAGE_FD
#define COVERAGE_FD 200
#endif
enum { COVERAGE_FIRST = 200, COVERAGE_LAST = 219 };

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): clang's and the linker's
 * names */
extern char __start___llvm_prf_cnts[], __stop___llvm_prf_cnts[];
void __llvm_profile_set_filename(const char *name);
int __llvm_profile_write_file(void);
/* With this one here, nothing is written at exit. */
extern int __llvm_profile_runtime;
int __llvm_profile_runtime;
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

__attribute__((constructor)) static void count_in_file(void)
{
	/* The script of the linker's gives them pages of their own. */
	size_t size = (uintptr_t)__stop___llvm_prf_cnts - (uintptr_t)__start___llvm_prf_cnts;
	struct stat st;
	char path[32];

	if (fstat(COVERAGE_FD, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	if ((size_t)st.st_size < size && ftruncate(COVERAGE_FD, (off_t)size) < 0)
		return;
	if (mmap(__start___llvm_prf_cnts, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		 COVERAGE_FD, 0) == MAP_FAILED)
		_exit(99);
	if (fstat(COVERAGE_FD + 1, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)syscall(SYS_close_range, COVERAGE_FIRST, COVERAGE_LAST, 0);
		return;
	}
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", COVERAGE_FD + 1);
	__llvm_profile_set_filename(path);
	_exit(__llvm_profile_write_file() == 0 ? 0 : 99);
}
