// SPDX-License-Identifier: MIT
#include "supervise/supervise.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>

#include "exit.h"
#include "supervise/terminal.h"
#include "supervise/watch.h"

enum { WATCH_GRACE_MS = 10000 }; /* as Docker gives a container that it stops */

static void pass_on(const struct policy *p, pid_t main_child, int signal)
{
	/* ESRCH: it has just ended, and its SIGCHLD is on the way. */
	(void)kill(p->group ? -main_child : main_child, signal);
}

static bool is_remapped(const struct policy *p, int status)
{
	return p->remap[status / 64 % 4] >> (status % 64) & 1;
}

/*
 * Verifying went deep, waiting does not: the pages of the stack below here would stay, for as long
 * as the container lives. What lies further down than the stack reached is no error worth a word.
 */
static __attribute__((noinline)) void give_back_stack(void)
{
	enum { PAGE = 4096, RED_ZONE = 512, FARTHEST = 256 * 1024 };
	/* Inlined, the frame would be that of the caller, with all that it still needs below. */
	char *end = (char *)__builtin_frame_address(0) - RED_ZONE;

	end -= (uintptr_t)end % PAGE;
	(void)madvise(end - FARTHEST, FARTHEST, MADV_DONTNEED);
}

/* What the loop keeps. */
struct supervisor {
	const struct policy *policy;
	pid_t main_child;
	int signals;
	struct watch *watch;
	bool ends;         /* the watch had the program ended */
	int64_t kill_time; /* when it is killed, if it has not gone by then */
};

static int64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void end_program(struct supervisor *s)
{
	s->ends = true;
	s->kill_time = now_ms() + WATCH_GRACE_MS;
	pass_on(s->policy, s->main_child, SIGTERM);
	/* It may be stopped, and would not hear. */
	pass_on(s->policy, s->main_child, SIGCONT);
}

static int time_left(struct supervisor *s)
{
	int64_t left;

	if (!s->ends)
		return -1;
	left = s->kill_time - now_ms();
	if (left > 0)
		return (int)left;
	pass_on(s->policy, s->main_child, SIGKILL);
	s->kill_time = INT64_MAX / 2;
	return -1;
}

/* Until there are signals. Without anything but them to wait for, reading them is waiting enough.
 */
static void wait_for_signals(struct supervisor *s)
{
	bool changed = false;

	while (s->signals >= 0 && (s->watch->fd >= 0 || s->ends) &&
	       !signals_poll(s->signals, s->watch->fd, time_left(s), &changed)) {
		if (changed && watch_look(s->watch, s->policy) && !s->ends &&
		    s->policy->watch == WATCH_TERMINATE)
			end_program(s);
	}
}

int supervise(const struct policy *p, pid_t main_child, int signals, struct watch *watch)
{
	struct supervisor s = {
		.policy = p, .main_child = main_child, .signals = signals, .watch = watch};
	int batch[SIGNAL_BATCH];
	int status;

	give_back_stack();
	for (;;) {
		bool children_ended = false;
		enum child_state state;
		size_t count;

		wait_for_signals(&s);
		count = signals_wait(&s.signals, batch);
		for (size_t i = 0; i < count; i++) {
			if (batch[i] == SIGCHLD)
				children_ended = true;
			else
				pass_on(p, main_child, batch[i]);
		}
		/* One SIGCHLD may stand for many: it is not queued. */
		state = children_ended ? children_reap(main_child, &status) : CHILD_RUNS;
		if (state == CHILD_ENDED && s.ends)
			return EXIT_REFUSED;
		if (state == CHILD_ENDED)
			return is_remapped(p, status) ? 0 : status;
		if (state == CHILD_STOPPED)
			terminal_stop_with(main_child, status);
	}
}
