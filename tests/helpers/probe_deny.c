/* SPDX-License-Identifier: MIT */
/* The system calls that --deny is about, by every way into the kernel that there is. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

#ifndef __NR_io_uring_setup
#define __NR_io_uring_setup 425
#endif
#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

#define MEMFD_SEALED 0x8
#define MEMFD_EXEC   0x10
#define ASK          (AT_EMPTY_PATH | AT_EXECVE_CHECK)
#define HIGH_BIT     ((long)(UINT64_C(1) << 32)) /* that the kernel does not look at */
#define TERMINAL     STDIN_FILENO

enum way {
	NATIVE,
	INT80, /* i386's, from an amd64 process */
	EXECS, /* native; it ends as another program, which says "ok" */
	FORKS,
	FORKS_INT80,
};

struct
try {
	const char *name;
	enum way way;
	long number;
	long args[5];
};

static char page[4096] __attribute__((aligned(4096)));
static const char name[] = "x";
static const uint64_t clone_user[8] = {[0] = CLONE_NEWUSER, [4] = SIGCHLD};

#ifdef __s390x__
#define CLONE_ARGS(flags)                                                                          \
	{                                                                                          \
		0, flags                                                                           \
	}
#else
#define CLONE_ARGS(flags)                                                                          \
	{                                                                                          \
		flags                                                                              \
	}
#endif

/* Of those that would need more to work, the errno of the lack says that they were let through. */
static const struct try tries[] = {
	{"memfd-plain", NATIVE, SYS_memfd_create, {(intptr_t)name, 0}},
	{"memfd-exec", NATIVE, SYS_memfd_create, {(intptr_t)name, MEMFD_EXEC}},
	{"memfd-sealed", NATIVE, SYS_memfd_create, {(intptr_t)name, MEMFD_SEALED}},
	{"execveat-fd", EXECS, SYS_execveat, {-1, (intptr_t) "", 0, 0, AT_EMPTY_PATH}},
	{"execveat-path", EXECS, SYS_execveat, {AT_FDCWD, (intptr_t) "/proc/self/exe", 0, 0, 0}},
	{"execveat-check", NATIVE, SYS_execveat, {-1, (intptr_t) "", 0, 0, ASK}},
	{"unshare-user", NATIVE, SYS_unshare, {CLONE_NEWUSER}},
	{"unshare-files", NATIVE, SYS_unshare, {CLONE_FILES}},
	{"clone-user", FORKS, SYS_clone, CLONE_ARGS(CLONE_NEWUSER | SIGCHLD)},
	{"clone-plain", FORKS, SYS_clone, CLONE_ARGS(SIGCHLD)},
	{"clone3-user", FORKS, SYS_clone3, {(intptr_t)clone_user, sizeof(clone_user)}},
	{"setns-user", NATIVE, SYS_setns, {-1, CLONE_NEWUSER}},
	{"setns-net", NATIVE, SYS_setns, {-1, CLONE_NEWNET}},
	{"sti", NATIVE, SYS_ioctl, {TERMINAL, TIOCSTI, (intptr_t)name}},
	{"sti-high", NATIVE, SYS_ioctl, {TERMINAL, HIGH_BIT | TIOCSTI, (intptr_t)name}},
	{"tioclinux", NATIVE, SYS_ioctl, {TERMINAL, TIOCLINUX, (intptr_t)page}},
	{"winsize", NATIVE, SYS_ioctl, {TERMINAL, TIOCGWINSZ, (intptr_t)page}},
	{"io-uring", NATIVE, __NR_io_uring_setup, {1, (intptr_t)page}},
	{"personality-exec", NATIVE, SYS_personality, {READ_IMPLIES_EXEC}},
	{"personality-exec-more",
	 NATIVE,
	 SYS_personality,
	 {HIGH_BIT | READ_IMPLIES_EXEC | 0x80000000}},
	{"personality-ask", NATIVE, SYS_personality, {0xffffffff}},
	{"personality-other", NATIVE, SYS_personality, {ADDR_NO_RANDOMIZE}},
	{"mmap-shared-exec",
	 NATIVE,
	 SYS_mmap,
	 {0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1}},
	{"mmap-shared", NATIVE, SYS_mmap, {0, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1}},
	{"mmap-private-exec",
	 NATIVE,
	 SYS_mmap,
	 {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
	{"userfaultfd", NATIVE, SYS_userfaultfd, {1 /* UFFD_USER_MODE_ONLY */}},
	{"mprotect-exec", NATIVE, SYS_mprotect, {(intptr_t)page, 4096, PROT_READ | PROT_EXEC}},
#ifdef __x86_64__
	{"shmat-exec", NATIVE, SYS_shmat, {-1, 0, SHM_EXEC}},
	{"shmat-plain", NATIVE, SYS_shmat, {-1, 0, 0}},
	{"i386-mmap2",
	 INT80,
	 192,
	 {0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1}},
	{"i386-userfaultfd", INT80, 374, {1}},
	{"i386-shmat", INT80, 397, {-1, 0, SHM_EXEC}},
	{"i386-ipc-shmat", INT80, 117, {21, -1, SHM_EXEC}},
	{"i386-ipc-shmat-1", INT80, 117, {21 | 1 << 16, -1, SHM_EXEC}},
	{"i386-ipc-plain", INT80, 117, {21, -1, 0}},
	{"i386-personality", INT80, 136, {READ_IMPLIES_EXEC}},
	{"i386-personality-ask", INT80, 136, {0xffffffff}},
	{"i386-memfd", INT80, 356, {(intptr_t)name, 0}},
	{"i386-memfd-sealed", INT80, 356, {(intptr_t)name, MEMFD_SEALED}},
	{"i386-execveat", INT80, 358, {-1, (intptr_t)(page + 1), 0, 0, AT_EMPTY_PATH}},
	{"i386-unshare", INT80, 310, {CLONE_NEWUSER}},
	{"i386-clone", FORKS_INT80, 120, {CLONE_NEWUSER | SIGCHLD}},
	{"i386-clone3", FORKS_INT80, 435, {(intptr_t)clone_user, sizeof(clone_user)}},
	{"i386-setns", INT80, 346, {-1, CLONE_NEWUSER}},
	{"i386-sti", INT80, 54, {TERMINAL, TIOCSTI, (intptr_t)name}},
	{"i386-tioclinux", INT80, 54, {TERMINAL, TIOCLINUX, (intptr_t)page}},
	{"i386-io-uring", INT80, 425, {1, (intptr_t)page}},
#define X32 0x40000000
	{"x32-mmap",
	 NATIVE,
	 X32 | 9,
	 {0, 4096, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1}},
	{"x32-personality", NATIVE, X32 | 135, {READ_IMPLIES_EXEC}},
	{"x32-memfd", NATIVE, X32 | 319, {(intptr_t)name, 0}},
	{"x32-execveat", NATIVE, X32 | 545, {-1, (intptr_t) "", 0, 0, AT_EMPTY_PATH}},
	{"x32-unshare", NATIVE, X32 | 272, {CLONE_NEWUSER}},
	{"x32-clone", FORKS, X32 | 56, {CLONE_NEWUSER | SIGCHLD}},
	{"x32-clone3", FORKS, X32 | 435, {(intptr_t)clone_user, sizeof(clone_user)}},
	{"x32-setns", NATIVE, X32 | 308, {-1, CLONE_NEWUSER}},
	{"x32-sti", NATIVE, X32 | 514, {TERMINAL, TIOCSTI, (intptr_t)name}},
	{"x32-tioclinux", NATIVE, X32 | 514, {TERMINAL, TIOCLINUX, (intptr_t)page}},
	{"x32-io-uring", NATIVE, X32 | 425, {1, (intptr_t)page}},
#endif
};

long int80(long number, const long *args)
{
#ifdef __x86_64__
	long r;

	__asm__ volatile("int $0x80"
			 : "=a"(r)
			 : "a"(number), "b"(args[0]), "c"(args[1]), "d"(args[2]), "S"(args[3]),
			   "D"(args[4])
			 : "memory", "r8", "r9", "r10", "r11");
	errno = r < 0 ? (int)-r : 0;
	return r < 0 ? -1 : r;
#else
	(void)number, (void)args;
	errno = ENOSYS;
	return -1;
#endif
}

int do_int80(char **args)
{
	enum { GETPID = 20 };
	const long none[5] = {0};

	(void)args;
	return told(NULL, int80(GETPID, none));
}

static long call_native(const struct try *t)
{
	return syscall(t->number, t->args[0], t->args[1], t->args[2], t->args[3], t->args[4]);
}

static long exec_myself(const struct try *t)
{
	char line[64];
	char *args[] = {(char *)"probe", (char *)"args", line, NULL};
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	snprintf(line, sizeof(line), "%s ok", t->name);
	return syscall(t->number, t->args[0] == AT_FDCWD ? AT_FDCWD : fd, t->args[1], args, environ,
		       t->args[4]);
}

static long call(const struct try *t)
{
	long r;

	switch (t->way) {
	case EXECS:
		return exec_myself(t);
	case NATIVE:
		return call_native(t);
	case INT80:
		return int80(t->number, t->args);
	case FORKS:
	case FORKS_INT80:
		r = t->way == FORKS ? call_native(t) : int80(t->number, t->args);
		if (r == 0)
			_exit(0);
		return r;
	}
	return 0;
}

/* Whether the mapping that p lies in may be run, as /proc/self/maps says. Without stdio, whose
 * buffers come from brk(2) too. */
static bool is_executable(const char *p)
{
	static char maps[1 << 14];
	unsigned long begin, end;
	char flags[5];
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, maps + len, sizeof(maps) - 1 - len)) > 0)
		len += (size_t)n;
	for (const char *line = maps; line && *line;
	     line = strchr(line, '\n'), line += line != NULL)
		/* NOLINTNEXTLINE(cert-err34-c) */
		if (sscanf(line, "%lx-%lx %4s", &begin, &end, flags) == 3 &&
		    (unsigned long)p >= begin && (unsigned long)p < end)
			return flags[2] == 'x';
	return false;
}

int do_deny_try(char **args)
{
	(void)args;
	for (size_t i = 0; i < length_of(tries); i++) {
		fflush(stdout);
		/* Each in a process of its own: some that succeed change what the next ones can. */
		if (fork_or_die() == 0)
			exit(told(tries[i].name, call(&tries[i])));
		wait(NULL);
	}
	return 0;
}

/* Memory of brk(2) that can be written, and run where reading implies it. */
int do_brk_exec(char **args)
{
	enum { MORE = 2 * 4096 };
	char *from;

	(void)args;
	if (personality(READ_IMPLIES_EXEC) < 0)
		return told("brk-exec", -1);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	from = (char *)syscall(SYS_brk, 0);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	if ((char *)syscall(SYS_brk, from + MORE) != from + MORE)
		return told("brk-exec", -1);
	errno = EACCES;
	return told("brk-exec", is_executable(from + MORE - 1) ? 0 : -1);
}
