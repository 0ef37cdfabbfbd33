// SPDX-License-Identifier: MIT
/*
 * What is verified beside the program, with a clock of its own: prints how the process that
 * verifies is scheduled when it starts, after ten minutes, and what comes of an hour.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "checks/check.h"
#include "watch/rest.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static const char *scheduled(pid_t pid)
{
	/* It has to come to the call first. */
	for (int tries = 0; tries < 6000; tries++) {
		/* musl has only a stub of it. */
		int policy = (int)syscall(SYS_sched_getscheduler, pid);

		if (policy == SCHED_IDLE)
			return "idle";
		if (policy == SCHED_BATCH)
			return getpriority(PRIO_PROCESS, (id_t)pid) == 19 ? "batch, nice 19"
									  : "batch";
		(void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	return "as ever";
}

int main(void)
{
	/* All files of this machine: longer than it takes to see. */
	struct policy p = {.mode = MODE_RUN,
			   .scan = SCAN_LAZY,
			   .scan_budget = {UINT64_MAX / 2, UINT64_MAX / 2, UINT32_MAX},
			   .watch = WATCH_TERMINATE};
	struct log log = {.fd = STDOUT_FILENO};
	struct rest r = {0};
	bool failed = false;
	pid_t first;

	p.levels[check_find("no-shell-content")].grave = LEVEL_FAIL;
	setvbuf(stdout, NULL, _IONBF, 0);
	if (rest_begin(&r, &p, false) < 0 || rest_run(&r, &p, &log, 1))
		return 1;
	first = r.worker;
	printf("start: %s\n", scheduled(first));
	(void)kill(first, SIGSTOP);
	printf("next after %d s\n", (int)((rest_next(&r, p.watch) - 1) / SECOND));
	if (rest_run(&r, &p, &log, 10 * MINUTE + 1) || waitpid(first, NULL, 0) != first)
		return 1;
	printf("collected: %d\n", rest_collect(&r, &log, first, 10 * MINUTE + 2, &failed));
	if (rest_run(&r, &p, &log, 10 * MINUTE + 2) || r.worker <= 0 || r.worker == first)
		return 1;
	printf("ten minutes: %s\n", scheduled(r.worker));
	printf("next after %d s\n", (int)((rest_next(&r, p.watch) - 1) / SECOND));
	printf("an hour: %d\n", rest_run(&r, &p, &log, 60 * MINUTE + 1));
	p.watch = WATCH_WARN;
	printf("an hour, warn: %d\n", rest_run(&r, &p, &log, 60 * MINUTE + 1));
	(void)kill(r.worker, SIGKILL);
	(void)waitpid(r.worker, NULL, 0);
	return 0;
}
