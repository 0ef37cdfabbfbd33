/* SPDX-License-Identifier: MIT */
/* Attempts to see into process 1 and to take hold of it: what the kernel asks ptrace's question
 * for. */
#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

/* Numbers that are the same on every architecture, for headers that do not have them yet. */
#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd 438
#endif
#ifndef __NR_process_madvise
#define __NR_process_madvise 440
#endif

#define PIDFD_GET_MNT_NAMESPACE 0xff03 /* linux/pidfd.h: _IO(0xFF, 3) */
#define MADVISE_COLD            20

/* Where granit's text lies: it is linked to a fixed address. Nothing depends on its being right. */
#define ADDRESS_IN_GRANIT 0x400000

static char page[4096];

static long open_at(const char *path, long flags)
{
	return raw(__NR_openat, AT_FDCWD, address(path), flags | O_CLOEXEC, 0, 0);
}

static void close_it(long fd)
{
	(void)raw(__NR_close, fd, 0, 0, 0, 0);
}

/* ---- files of /proc/1 */

static bool opens(enum way way, const char *path, long flags)
{
	long fd = open_at(path, flags);

	(void)way;
	if (fd < 0)
		return false;
	close_it(fd);
	return true;
}

/* Some are asked for when they are opened, some when they are read. */
static bool reads(enum way way, const char *path, long what)
{
	long fd = open_at(path, O_RDONLY);
	long n;

	(void)way, (void)what;
	if (fd < 0)
		return false;
	n = raw(__NR_read, fd, address(page), sizeof(page), 0, 0);
	close_it(fd);
	return n >= 0;
}

static bool lists(enum way way, const char *path, long what)
{
	long fd = open_at(path, O_RDONLY | O_DIRECTORY);
	long n;

	(void)way, (void)what;
	if (fd < 0)
		return false;
	n = raw(__NR_getdents64, fd, address(page), sizeof(page), 0, 0);
	close_it(fd);
	/* "." and ".." come without a question asked, and take 24 bytes each. */
	return n > 2L * 24;
}

static bool follows(enum way way, const char *path, long what)
{
	(void)way, (void)what;
	return raw(__NR_readlinkat, AT_FDCWD, address(path), address(page), sizeof(page), 0) >= 0;
}

/* The kernel writes zero where the address of the stack would stand, unless one may trace it. */
static bool tells_addresses(enum way way, const char *path, long what)
{
	enum { START_STACK = 28 };
	long fd = open_at(path, O_RDONLY);
	long n;
	int field = 1;

	(void)way, (void)what;
	if (fd < 0)
		return false;
	n = raw(__NR_read, fd, address(page), sizeof(page), 0, 0);
	close_it(fd);
	/* granit's name holds no blank. */
	for (long i = 0; i + 1 < n; i++) {
		if (page[i] == ' ' && ++field == START_STACK)
			return page[i + 1] != '0';
	}
	return false;
}

/* ---- tracing */

static bool attaches(enum way way, const char *text, long request)
{
	static int status;

	(void)way, (void)text;
	if (raw(__NR_ptrace, request, 1, 0, 0, 0) < 0)
		return false;
	if (request == PTRACE_SEIZE)
		(void)raw(__NR_ptrace, PTRACE_INTERRUPT, 1, 0, 0, 0);
	(void)raw(__NR_wait4, 1, address(&status), __WALL, 0, 0);
	(void)raw(__NR_ptrace, PTRACE_DETACH, 1, 0, 0, 0);
	return true;
}

enum { BAD_ADDRESS = -14 };

/* Where the access is granted, the worst that can be is a wrong address. */
static bool copies_memory(enum way way, const char *text, long number)
{
	static struct iovec here = {.iov_base = page, .iov_len = 8};
	static long there[2] = {0, 8}; /* as a struct iovec */
	long n;

	(void)way, (void)text;
	/* What would be written is written to nowhere. */
	there[0] = number == __NR_process_vm_readv ? ADDRESS_IN_GRANIT : 0;
	n = raw(number, 1, address(&here), 1, address(there), 1);
	return n >= 0 || n == BAD_ADDRESS;
}

/* ---- by a descriptor of the process */

static bool takes_descriptor(enum way way, const char *text, long what)
{
	long pidfd = raw(__NR_pidfd_open, 1, 0, 0, 0, 0);
	long got = -1;

	(void)way, (void)text, (void)what;
	if (pidfd < 0)
		return false;
	for (long fd = 0; fd < 8 && got < 0; fd++)
		got = raw(__NR_pidfd_getfd, pidfd, fd, 0, 0, 0);
	if (got >= 0)
		close_it(got);
	close_it(pidfd);
	return got >= 0;
}

static bool enters(enum way way, const char *text, long namespaces)
{
	long pidfd = raw(__NR_pidfd_open, 1, 0, 0, 0, 0);
	bool won;

	(void)way, (void)text;
	if (pidfd < 0)
		return false;
	if (namespaces == 0)
		won = raw(__NR_ioctl, pidfd, PIDFD_GET_MNT_NAMESPACE, 0, 0, 0) >= 0;
	else
		won = raw(__NR_setns, pidfd, namespaces, 0, 0, 0) >= 0;
	close_it(pidfd);
	return won;
}

static bool advises(enum way way, const char *text, long what)
{
	static const long there[2] = {ADDRESS_IN_GRANIT, 4096};
	long pidfd = raw(__NR_pidfd_open, 1, 0, 0, 0, 0);
	long r;

	(void)way, (void)text;
	if (pidfd < 0)
		return false;
	r = raw(__NR_process_madvise, pidfd, address(there), 1, what, 0);
	close_it(pidfd);
	return r >= 0;
}

/* ---- the rest that asks the same */

static bool compares(enum way way, const char *text, long what)
{
	(void)way, (void)text;
	return raw(__NR_kcmp, 1, raw(__NR_getpid, 0, 0, 0, 0, 0), what, 0, 0) >= 0;
}

static bool gets_robust_list(enum way way, const char *text, long what)
{
	static long head, length;

	(void)way, (void)text, (void)what;
	return raw(__NR_get_robust_list, 1, address(&head), address(&length), 0, 0) >= 0;
}

static bool moves_pages(enum way way, const char *text, long number)
{
	static unsigned long nodes = 1;

	(void)way, (void)text;
	if (number == __NR_move_pages)
		return raw(number, 1, 0, 0, 0, 0) >= 0;
	return raw(number, 1, 64, address(&nodes), address(&nodes), 0) >= 0;
}

static bool counts_events(enum way way, const char *text, long what)
{
	static struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	long fd = raw(__NR_perf_event_open, address(&attr), 1, -1, -1, 0);

	(void)way, (void)text, (void)what;
	if (fd < 0)
		return false;
	close_it(fd);
	return true;
}

const struct attempt reading_attempts[] = {
	{"mem-write", opens, "/proc/1/mem", O_RDWR, false},
	{"mem-read", opens, "/proc/1/mem", O_RDONLY, false},
	{"mem-of-thread", opens, "/proc/1/task/1/mem", O_RDWR, false},
	{"ptrace-attach", attaches, NULL, PTRACE_ATTACH, false},
	{"ptrace-seize", attaches, NULL, PTRACE_SEIZE, false},
	{"vm-readv", copies_memory, NULL, __NR_process_vm_readv, false},
	{"vm-writev", copies_memory, NULL, __NR_process_vm_writev, false},
	{"pidfd-getfd", takes_descriptor, NULL, 0, false},
	{"pidfd-mount-ns", enters, NULL, 0, false},
	{"environ", reads, "/proc/1/environ", 0, false},
	{"maps", reads, "/proc/1/maps", 0, false},
	{"auxv", reads, "/proc/1/auxv", 0, false},
	{"pagemap", reads, "/proc/1/pagemap", 0, false},
	{"exe", follows, "/proc/1/exe", 0, false},
	{"exe-open", opens, "/proc/1/exe", O_RDONLY, false},
	{"cwd", follows, "/proc/1/cwd", 0, false},
	{"root", opens, "/proc/1/root", O_PATH, false},
	{"fd-open", opens, "/proc/1/fd/2", O_WRONLY, false},
	{"fd-link", follows, "/proc/1/fd/2", 0, false},
	{"ns-open", opens, "/proc/1/ns/mnt", O_RDONLY, false},
	{"kcmp", compares, NULL, KCMP_VM, false},
	{"perf-event", counts_events, NULL, 0, false},
	{"robust-list", gets_robust_list, NULL, 0, false},
	{"stat-addresses", tells_addresses, "/proc/1/stat", 0, false},
	{"move-pages", moves_pages, NULL, __NR_move_pages, false},
	{"migrate-pages", moves_pages, NULL, __NR_migrate_pages, false},
	{"madvise", advises, NULL, MADVISE_COLD, false},
	{"setns", enters, NULL, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC, false},
	{"smaps", reads, "/proc/1/smaps", 0, false},
	{"smaps-rollup", reads, "/proc/1/smaps_rollup", 0, false},
	{"numa-maps", reads, "/proc/1/numa_maps", 0, false},
	{"io", reads, "/proc/1/io", 0, false},
	{"stack", reads, "/proc/1/stack", 0, false},
	{"syscall", reads, "/proc/1/syscall", 0, false},
	{"personality", reads, "/proc/1/personality", 0, false},
	{"fd-list", lists, "/proc/1/fd", 0, false},
	{"fdinfo-list", lists, "/proc/1/fdinfo", 0, false},
	{"map-files", lists, "/proc/1/map_files", 0, false},
	{NULL, NULL, NULL, 0, false},
};
