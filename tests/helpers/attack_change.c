/* SPDX-License-Identifier: MIT */
/*
 * Attempts to change what process 1 may do, when it runs and what it hears: what the kernel asks no
 * more for than the same user. Each sets what is set already, so that the next one finds it as it
 * was.
 */
#include <asm/unistd.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#ifndef __NR_pidfd_send_signal
#define __NR_pidfd_send_signal 424
#endif

#define PR_SCHED_CORE_NUMBER     62
#define SESSION_TO_PARENT_NUMBER 18 /* linux/keyctl.h */
#define HIGH_BIT                 ((long)(UINT64_C(1) << 32))
#define X32_BIT                  0x40000000

/* Static all: what an i386 call points to has to lie low. */
static char page[4096];

/* ---- calls, by each way */

enum call {
	PRLIMIT,
	SETAFFINITY,
	SETSCHEDULER,
	SETPARAM,
	SETATTR,
	SETPRIORITY,
	IOPRIO_SET,
	SETPGID,
};

static const struct {
	long native, i386, x32;
} numbers[] = {
	[PRLIMIT] = {__NR_prlimit64, 340, 302},
	[SETAFFINITY] = {__NR_sched_setaffinity, 241, 203},
	[SETSCHEDULER] = {__NR_sched_setscheduler, 156, 144},
	[SETPARAM] = {__NR_sched_setparam, 154, 142},
	[SETATTR] = {__NR_sched_setattr, 351, 314},
	[SETPRIORITY] = {__NR_setpriority, 97, 141},
	[IOPRIO_SET] = {__NR_ioprio_set, 289, 251},
	[SETPGID] = {__NR_setpgid, 57, 109},
};

static long call(enum way way, enum call which, long a, long b, long c, long d)
{
	switch (way) {
	case INT80:
		return raw_int80(numbers[which].i386, a, b, c, d, 0);
	case X32:
		return raw(X32_BIT | numbers[which].x32, a, b, c, d, 0);
	default:
		return raw(numbers[which].native, a, b, c, d, 0);
	}
}

static long id(enum way way, long number)
{
	return way == HIGH_BITS ? HIGH_BIT | number : number;
}

/* ---- limits, the scheduler, priorities */

static bool sets_limit(enum way way, const char *text, long resource)
{
	static uint64_t limit[2]; /* as a struct rlimit64 */

	(void)text;
	if (raw(__NR_prlimit64, 1, resource, 0, address(limit), 0) < 0)
		return false;
	return call(way, PRLIMIT, id(way, 1), resource, address(limit), 0) == 0;
}

static bool sets_affinity(enum way way, const char *text, long what)
{
	long n = raw(__NR_sched_getaffinity, 1, sizeof(page), address(page), 0, 0);

	(void)text, (void)what;
	return n > 0 && call(way, SETAFFINITY, id(way, 1), n, address(page), 0) == 0;
}

static bool sets_scheduler(enum way way, const char *text, long which)
{
	static int priority;
	static char attr[48];

	(void)text;
	if (which == SETSCHEDULER)
		return call(way, SETSCHEDULER, id(way, 1), SCHED_OTHER, address(&priority), 0) == 0;
	if (which == SETPARAM)
		return call(way, SETPARAM, id(way, 1), address(&priority), 0, 0) == 0;
	if (raw(__NR_sched_getattr, 1, address(attr), sizeof(attr), 0, 0) < 0)
		return false;
	return call(way, SETATTR, id(way, 1), address(attr), 0, 0) == 0;
}

static bool joins_group(enum way way)
{
	return call(way, SETPGID, 0, id(way, 1), 0, 0) == 0;
}

static void leave_group(void)
{
	(void)raw(__NR_setpgid, 0, 0, 0, 0, 0);
}

/* The kernel answers 20 less the priority. */
static long priority_of_1(void)
{
	return 20 - raw(__NR_getpriority, PRIO_PROCESS, 1, 0, 0, 0);
}

static bool sets_priority(enum way way, const char *text, long kind)
{
	long who = kind == PRIO_USER ? raw(__NR_getuid, 0, 0, 0, 0, 0) : 1;

	(void)text;
	return call(way, SETPRIORITY, kind, id(way, who), priority_of_1(), 0) == 0;
}

/* As group 0, which is one's own: worth something once that is process 1's. */
static bool sets_priority_of_own_group(enum way way, const char *text, long what)
{
	bool won;

	(void)text, (void)what;
	if (!joins_group(NATIVE))
		return false;
	won = call(way, SETPRIORITY, PRIO_PGRP, id(way, 0), priority_of_1(), 0) == 0;
	leave_group();
	return won;
}

enum { IO_PROCESS = 1, IO_GROUP, IO_USER };

static bool sets_io_priority(enum way way, const char *text, long kind)
{
	long now = raw(__NR_ioprio_get, IO_PROCESS, 1, 0, 0, 0);
	long who = kind == IO_USER ? raw(__NR_getuid, 0, 0, 0, 0, 0) : 1;

	(void)text;
	return now >= 0 && call(way, IOPRIO_SET, kind, id(way, who), now, 0) == 0;
}

static bool sets_group(enum way way, const char *text, long what)
{
	(void)text, (void)what;
	if (!joins_group(way))
		return false;
	leave_group();
	return true;
}

static bool sets_group_of_child(enum way way, const char *text, long what)
{
	static int status;
	/* vfork would do, but that the C library's calls are out of reach here. */
	long child = raw(__NR_clone, SIGCHLD, 0, 0, 0, 0);
	bool won;

	(void)text, (void)what;
	if (child == 0) {
		for (;;)
			(void)raw(__NR_ppoll, 0, 0, 0, 0, 0);
	}
	won = child > 0 && call(way, SETPGID, child, id(way, 1), 0, 0) == 0;
	(void)raw(__NR_kill, child, SIGKILL, 0, 0, 0);
	(void)raw(__NR_wait4, child, address(&status), 0, 0, 0);
	return won;
}

static bool sets_group_of_1(enum way way, const char *text, long what)
{
	(void)text, (void)what;
	return call(way, SETPGID, id(way, 1), raw(__NR_getpgid, 0, 0, 0, 0, 0), 0, 0) == 0;
}

/* ---- files of /proc/1 */

/* Writes text; or, without one, what was read. */
static bool writes(enum way way, const char *text, long what)
{
	static const char *const paths[] = {
		"/proc/1/oom_score_adj", "/proc/1/coredump_filter", "/proc/1/clear_refs",
		"/proc/1/timerslack_ns", "/proc/1/autogroup",       "/proc/1/sched",
		"/proc/1/comm",          "/proc/1/loginuid",        "/proc/1/attr/current",
	};
	long fd = raw(__NR_openat, AT_FDCWD, address(paths[what]), text ? O_WRONLY : O_RDWR, 0, 0);
	long n;

	(void)way;
	if (fd < 0)
		return false;
	if (text == NULL) {
		n = raw(__NR_read, fd, address(page), sizeof(page), 0, 0);
		text = page;
		(void)raw(__NR_lseek, fd, 0, SEEK_SET, 0, 0);
	} else {
		n = (long)strlen(text);
	}
	n = raw(__NR_write, fd, address(text), n, 0, 0);
	(void)raw(__NR_close, fd, 0, 0, 0, 0);
	return n > 0;
}

/* ---- signals: what is dead does not answer, what is stopped shows */

static bool is_stopped(void)
{
	long fd = raw(__NR_openat, AT_FDCWD, address("/proc/1/stat"), O_RDONLY, 0, 0);
	long n = raw(__NR_read, fd, address(page), sizeof(page), 0, 0);
	long i = 0;

	(void)raw(__NR_close, fd, 0, 0, 0, 0);
	while (i + 2 < n && page[i] != ')')
		i++;
	return i + 2 < n && (page[i + 2] == 'T' || page[i + 2] == 't');
}

static bool stops(void)
{
	for (int i = 0; i < 3; i++) {
		if (is_stopped())
			return true;
		(void)raw(__NR_sched_yield, 0, 0, 0, 0, 0);
	}
	return false;
}

static bool signals(enum way way, const char *text, long signal)
{
	/* si_signo, si_errno, si_code: SI_QUEUE */
	static int info[32] = {0, 0, -1};
	long pidfd = raw(__NR_pidfd_open, 1, 0, 0, 0, 0);

	(void)way, (void)text;
	info[0] = (int)signal;
	(void)raw(__NR_kill, 1, signal, 0, 0, 0);
	(void)raw(__NR_tgkill, 1, 1, signal, 0, 0);
	(void)raw(__NR_rt_sigqueueinfo, 1, signal, address(info), 0, 0);
	if (pidfd >= 0) {
		(void)raw(__NR_pidfd_send_signal, pidfd, signal, 0, 0, 0);
		(void)raw(__NR_close, pidfd, 0, 0, 0, 0);
	}
	return stops();
}

/* Lets the kernel send it: when there is something to read, tell process 1 by this signal. */
static bool has_it_signalled(enum way way, const char *text, long signal)
{
	static int ends[2];

	(void)way, (void)text;
	if (raw(__NR_pipe2, address(ends), 0, 0, 0, 0) < 0)
		return false;
	(void)raw(__NR_fcntl, ends[0], F_SETOWN, 1, 0, 0);
	(void)raw(__NR_fcntl, ends[0], F_SETSIG, signal, 0, 0);
	(void)raw(__NR_fcntl, ends[0], F_SETFL, O_ASYNC, 0, 0);
	(void)raw(__NR_write, ends[1], address("x"), 1, 0, 0);
	(void)raw(__NR_close, ends[0], 0, 0, 0, 0);
	(void)raw(__NR_close, ends[1], 0, 0, 0, 0);
	return stops();
}

/* ---- the rest */

static bool shares_core(enum way way, const char *text, long command)
{
	static unsigned long cookie;

	(void)way, (void)text;
	return raw(__NR_prctl, PR_SCHED_CORE_NUMBER, command, 1, 0,
		   command == 0 ? address(&cookie) : 0) == 0;
}

static bool gives_keyring(enum way way, const char *text, long what)
{
	(void)way, (void)text, (void)what;
	return raw(__NR_keyctl, SESSION_TO_PARENT_NUMBER, 0, 0, 0, 0) == 0;
}

const struct attempt changing_attempts[] = {
	{"prlimit-as", sets_limit, NULL, RLIMIT_AS, true},
	{"prlimit-core", sets_limit, NULL, RLIMIT_CORE, true},
	{"prlimit-cpu", sets_limit, NULL, RLIMIT_CPU, true},
	{"prlimit-data", sets_limit, NULL, RLIMIT_DATA, true},
	{"prlimit-fsize", sets_limit, NULL, RLIMIT_FSIZE, true},
	{"prlimit-locks", sets_limit, NULL, RLIMIT_LOCKS, true},
	{"prlimit-memlock", sets_limit, NULL, RLIMIT_MEMLOCK, true},
	{"prlimit-msgqueue", sets_limit, NULL, RLIMIT_MSGQUEUE, true},
	{"prlimit-nice", sets_limit, NULL, RLIMIT_NICE, true},
	{"prlimit-nofile", sets_limit, NULL, RLIMIT_NOFILE, true},
	{"prlimit-nproc", sets_limit, NULL, RLIMIT_NPROC, true},
	{"prlimit-rss", sets_limit, NULL, RLIMIT_RSS, true},
	{"prlimit-rtprio", sets_limit, NULL, RLIMIT_RTPRIO, true},
	{"prlimit-rttime", sets_limit, NULL, RLIMIT_RTTIME, true},
	{"prlimit-sigpending", sets_limit, NULL, RLIMIT_SIGPENDING, true},
	{"prlimit-stack", sets_limit, NULL, RLIMIT_STACK, true},
	{"affinity", sets_affinity, NULL, 0, true},
	{"scheduler", sets_scheduler, NULL, SETSCHEDULER, true},
	{"scheduler-param", sets_scheduler, NULL, SETPARAM, true},
	{"scheduler-attr", sets_scheduler, NULL, SETATTR, true},
	{"priority", sets_priority, NULL, PRIO_PROCESS, true},
	{"priority-group", sets_priority, NULL, PRIO_PGRP, true},
	{"priority-own-group", sets_priority_of_own_group, NULL, 0, true},
	{"priority-user", sets_priority, NULL, PRIO_USER, true},
	{"io-priority", sets_io_priority, NULL, IO_PROCESS, true},
	{"io-priority-group", sets_io_priority, NULL, IO_GROUP, true},
	{"io-priority-user", sets_io_priority, NULL, IO_USER, true},
	{"setpgid", sets_group, NULL, 0, true},
	{"setpgid-child", sets_group_of_child, NULL, 0, true},
	{"setpgid-of-1", sets_group_of_1, NULL, 0, true},
	{"oom-score-adj", writes, NULL, 0, false},
	{"coredump-filter", writes, "0x33", 1, false},
	{"clear-refs", writes, "5", 2, false},
	{"timerslack", writes, "50000", 3, false},
	{"autogroup", writes, "0", 4, false},
	{"sched-reset", writes, "0", 5, false},
	{"comm", writes, "granit", 6, false},
	{"loginuid", writes, "0", 7, false},
	{"attr-current", writes, "x", 8, false},
	{"sched-core-to", shares_core, NULL, 2, false},
	{"sched-core-from", shares_core, NULL, 3, false},
	{"sched-core-get", shares_core, NULL, 0, false},
	{"keyring", gives_keyring, NULL, 0, false},
	{"stop", signals, NULL, SIGSTOP, false},
	{"kill", signals, NULL, SIGKILL, false},
	{"sigio-stop", has_it_signalled, NULL, SIGSTOP, false},
	{"sigio-kill", has_it_signalled, NULL, SIGKILL, false},
	{NULL, NULL, NULL, 0, false},
};
