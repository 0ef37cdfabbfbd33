/* SPDX-License-Identifier: MIT */
/* What --deny=pid1 is about: calls that change process 1, and their neighbours that must go on. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

enum way { NATIVE, INT80 /* i386's, from an amd64 process */ };

struct call {
	const char *name;
	enum way way;
	long number;
	long args[5];
};

/* ioprio_set(2), whose header is young. */
enum { IO_PROCESS = 1, IO_GROUP, IO_USER, BEST_EFFORT_4 = 2 << 13 | 4 };

enum { NOBODY = 0x7ffffff }; /* no process has this number */

#define HIGH_BIT ((long)(UINT64_C(1) << 32)) /* that the kernel does not look at */
/* Of a pointer to this page only the high half is set. */
#define HIGH_PAGE HIGH_BIT

static const struct rlimit no_core = {0, 0};
static struct rlimit old;
/* Wide enough for any kernel; the processors that there are not are left out. */
static unsigned char all_processors[512];
static const struct sched_param other = {0};
/* struct sched_attr, whose first member is its size; all else is 0. */
static const uint32_t attributes[12] = {48};

#define AT(object) ((intptr_t)(object))

/* With the numbers of the caller's table, every call in a form that changes nothing or little. */
#define CALLS(way, prefix, prlimit, affinity, scheduler, param, attr, priority, ioprio, group)     \
	{prefix "prlimit", way, prlimit, {1, RLIMIT_CORE, AT(&no_core), 0}},                       \
		{prefix "prlimit-read", way, prlimit, {1, RLIMIT_CORE, 0, AT(&old)}},              \
		{prefix "prlimit-self", way, prlimit, {0, RLIMIT_CORE, AT(&no_core), 0}},          \
		{prefix "affinity", way, affinity, {1, 512, AT(all_processors)}},                  \
		{prefix "affinity-0", way, affinity, {0, 512, AT(all_processors)}},                \
		{prefix "scheduler", way, scheduler, {1, SCHED_OTHER, AT(&other)}},                \
		{prefix "scheduler-0", way, scheduler, {0, SCHED_OTHER, AT(&other)}},              \
		{prefix "param", way, param, {1, AT(&other)}},                                     \
		{prefix "param-0", way, param, {0, AT(&other)}},                                   \
		{prefix "attr", way, attr, {1, AT(attributes), 0}},                                \
		{prefix "attr-0", way, attr, {0, AT(attributes), 0}},                              \
		{prefix "priority", way, priority, {PRIO_PROCESS, 1, 0}},                          \
		{prefix "priority-0", way, priority, {PRIO_PROCESS, 0, 0}},                        \
		{prefix "priority-group-0", way, priority, {PRIO_PGRP, 0, 0}},                     \
		{prefix "priority-group-1", way, priority, {PRIO_PGRP, 1, 0}},                     \
		{prefix "priority-group-2", way, priority, {PRIO_PGRP, NOBODY, 0}},                \
		{prefix "priority-user-0", way, priority, {PRIO_USER, 0, 0}},                      \
		{prefix "priority-user", way, priority, {PRIO_USER, 65532, 0}},                    \
		{prefix "ioprio", way, ioprio, {IO_PROCESS, 1, BEST_EFFORT_4}},                    \
		{prefix "ioprio-0", way, ioprio, {IO_PROCESS, 0, BEST_EFFORT_4}},                  \
		{prefix "ioprio-group-0", way, ioprio, {IO_GROUP, 0, BEST_EFFORT_4}},              \
		{prefix "ioprio-group-1", way, ioprio, {IO_GROUP, 1, BEST_EFFORT_4}},              \
		{prefix "ioprio-group-2", way, ioprio, {IO_GROUP, NOBODY, BEST_EFFORT_4}},         \
		{prefix "ioprio-user", way, ioprio, {IO_USER, 65532, BEST_EFFORT_4}},              \
		{prefix "group-1", way, group, {NOBODY, 1}},                                       \
	{                                                                                          \
		prefix "group-own", way, group,                                                    \
		{                                                                                  \
			0, 0                                                                       \
		}                                                                                  \
	}

static const struct call pid1_calls[] = {
	CALLS(NATIVE, "", SYS_prlimit64, SYS_sched_setaffinity, SYS_sched_setscheduler,
	      SYS_sched_setparam, SYS_sched_setattr, SYS_setpriority, SYS_ioprio_set, SYS_setpgid),
#if UINTPTR_MAX > UINT32_MAX
	{"prlimit-high", NATIVE, SYS_prlimit64, {1, RLIMIT_CORE, HIGH_PAGE, 0}},
	{"prlimit-high-pid", NATIVE, SYS_prlimit64, {HIGH_BIT | 1, RLIMIT_CORE, AT(&no_core), 0}},
	{"affinity-high", NATIVE, SYS_sched_setaffinity, {HIGH_BIT | 1, 512, AT(all_processors)}},
	{"group-high", NATIVE, SYS_setpgid, {NOBODY, HIGH_BIT | 1}},
#endif
#ifdef __x86_64__
	CALLS(INT80, "i386-", 340, 241, 156, 154, 351, 97, 289, 57),
#define X32 0x40000000
	CALLS(NATIVE, "x32-", X32 | 302, X32 | 203, X32 | 144, X32 | 142, X32 | 314, X32 | 141,
	      X32 | 251, X32 | 109),
#endif
};

static long call_one(const struct call *t)
{
	if (t->way == NATIVE)
		return syscall(t->number, t->args[0], t->args[1], t->args[2], t->args[3]);
	return int80(t->number, t->args);
}

/* All zeroes: limits that may be had. */
static void map_high_page(void)
{
#if UINTPTR_MAX > UINT32_MAX
	const long address = HIGH_PAGE;
	void *wanted;

	memcpy(&wanted, &address, sizeof(wanted));
	if (mmap(wanted, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
	    MAP_FAILED)
		usage("no memory at 4 GiB");
#endif
}

int do_deny_pid1(char **args)
{
	(void)args;
	memset(all_processors, 0xff, sizeof(all_processors));
	map_high_page();
	for (size_t i = 0; i < length_of(pid1_calls); i++) {
		fflush(stdout);
		/* Each in a process of its own: one that succeeds changes what the next ones can.
		 */
		if (fork_or_die() == 0)
			exit(told(pid1_calls[i].name, call_one(&pid1_calls[i])));
		wait(NULL);
	}
	return 0;
}

/* What programs do to themselves, by their own numbers. */
int do_own_priority(char **args)
{
	cpu_set_t set;

	(void)args;
	CPU_ZERO(&set);
	told("get-affinity", sched_getaffinity(0, sizeof(set), &set));
	told("affinity-pid", sched_setaffinity(getpid(), sizeof(set), &set));
	errno = pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	told("affinity-thread", errno ? -1 : 0);
	told("priority-pid", setpriority(PRIO_PROCESS, (id_t)getpid(), 1));
	told("nice", nice(1) == -1 ? -1 : 0);
	told("rlimit-pid", prlimit(getpid(), RLIMIT_CORE, &no_core, NULL));
	told("group", setpgid(0, 0));
	told("group-pid", setpgid(getpid(), getpid()));
	told("priority-own-group", setpriority(PRIO_PGRP, (id_t)getpgrp(), 2));
	return 0;
}
