// SPDX-License-Identifier: MIT
/* The supervision loop: forwards signals and reaps children until the program ends. */
#include "supervise/supervise.h"

#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>

#include "launch/terminal.h"
#include "supervise/others.h"
#include "sys/clock.h"
#include "sys/exit.h"
#include "sys/sys.h"
#include "watch/watch.h"

enum {
	WATCH_GRACE_MS = 10000, /* as Docker gives a container that it stops */
	LOOK_AGAIN_MS = 100,    /* for whoever is no child, and whose end nobody tells */
};

static bool is_remapped(const struct policy *p, int status)
{
	return p->remap[status / 64 % 4] >> (status % 64) & 1;
}

static int rewritten(const struct policy *p, int signal)
{
	int to = signal <= SIGNAL_LAST ? p->rewrite[signal] : 0;

	return to == 0 ? signal : to;
}

/*
 * Verifying went deep, waiting does not: the pages of the stack below here would stay, for as long
 * as the container lives. What lies further down than the stack reached is no error worth a word.
 */
static own_frame void give_back_stack(void)
{
	enum { PAGE = 4096, RED_ZONE = 512, FARTHEST = 256 * 1024 };
	/* Inlined, the frame would be that of the caller, with all that it still needs below. */
	char *end = (char *)__builtin_frame_address(0) - RED_ZONE;

	end -= (uintptr_t)end % PAGE;
	(void)madvise(end - FARTHEST, FARTHEST, MADV_DONTNEED);
}

/* What the loop keeps. Times are milliseconds of the monotonic clock; 0: not set. */
struct supervisor {
	const struct policy *policy;
	pid_t main_child;          /* 0: it has ended, or there never was one */
	const launch_phase *phase; /* of main_child; NULL: it is the program */
	int signals;
	struct watch *watch;
	int status;        /* granit's own, in the end */
	bool refused;      /* the watch had the program ended: its own status is of no interest */
	bool done;         /* nothing is left to wait for */
	bool stopping;     /* TERM was passed on, or will be when its delay is over */
	int64_t stop_time; /* when the TERM that is held back is passed on */
	int64_t kill_time; /* when what is left is killed */
};

static void send_to_program(const struct supervisor *s, int signal)
{
	/* ESRCH: it has just ended, and its SIGCHLD is on the way. */
	if (s->main_child > 0)
		(void)kill(s->policy->group ? -s->main_child : s->main_child, signal);
}

static bool is_in_phase(const struct supervisor *s, enum launch_phase phase)
{
	return s->phase && *s->phase == phase;
}

/* ---- the end */

static void kill_in(struct supervisor *s, int64_t ms)
{
	if (!s->kill_time)
		s->kill_time = clock_ms() + ms;
}

/* TERM, which is what stops a container. */
static void pass_stop_on(struct supervisor *s)
{
	int signal = rewritten(s->policy, SIGTERM);

	s->stop_time = 0;
	if (signal > 0)
		send_to_program(s, signal);
	if (s->policy->grace >= 0)
		kill_in(s, s->policy->grace);
}

static void end_by_watch(struct supervisor *s)
{
	s->refused = true;
	kill_in(s, s->policy->grace >= 0 ? s->policy->grace : WATCH_GRACE_MS);
	send_to_program(s, SIGTERM);
	/* It may be stopped, and would not hear. */
	send_to_program(s, SIGCONT);
}

/* Only a program's own status can count as 0. */
static int final_status(const struct supervisor *s, int status)
{
	if (s->refused)
		return EXIT_REFUSED;
	return is_remapped(s->policy, status) && !is_in_phase(s, LAUNCH_FAILED) ? 0 : status;
}

/* The program has ended: the rest is told to go, and has the time that was asked for. */
static void leave(struct supervisor *s, int status)
{
	s->main_child = 0;
	s->status = final_status(s, status);
	s->done = s->policy->grace < 0;
	if (s->done)
		return;
	s->kill_time = 0;
	kill_in(s, s->policy->grace);
	others_signal(SIGTERM);
	others_signal(SIGCONT);
}

static void kill_what_is_left(struct supervisor *s)
{
	s->kill_time = 0;
	if (s->policy->grace >= 0)
		others_signal(SIGKILL);
	else
		send_to_program(s, SIGKILL);
	/* Without a program nobody's end is worth waiting for: the kernel sees to it. */
	s->done |= s->main_child == 0;
}

/* ---- waiting */

static int64_t earlier(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

/* Does what is due. Returns for how long there is nothing to do, in milliseconds; -1: for ever. */
static int run_timers(struct supervisor *s)
{
	int64_t next, now;

	if (!s->stop_time && !s->kill_time)
		return -1;
	now = clock_ms();
	if (s->stop_time && s->stop_time <= now)
		pass_stop_on(s);
	if (s->kill_time && s->kill_time <= now)
		kill_what_is_left(s);
	next = earlier(s->stop_time, s->kill_time);
	if (!next)
		return -1;
	next = next > now ? next - now : 0;
	return s->main_child == 0 && next > LOOK_AGAIN_MS ? LOOK_AGAIN_MS
	       : next > INT_MAX                           ? INT_MAX
							  : (int)next;
}

static bool must_poll(const struct supervisor *s)
{
	return s->watch->fd >= 0 || s->stop_time || s->kill_time;
}

/* Returns whether there are signals to read; where they are all there is to wait for, reading them
 * is waiting enough. */
static bool wait_for_signals(struct supervisor *s)
{
	bool changed = false;
	int timeout;

	if (!must_poll(s))
		return true;
	timeout = run_timers(s);
	if (s->done)
		return false;
	if (signals_poll(s->signals, s->watch->fd, timeout, &changed))
		return true;
	if (changed && watch_look(s->watch, s->policy) && !s->refused &&
	    s->policy->watch == WATCH_TERMINATE)
		end_by_watch(s);
	return false;
}

/* ---- signals */

static void handle_stop(struct supervisor *s)
{
	/* A second one does not wait, and there is nothing to drain before the start. */
	if (s->policy->stop_delay <= 0 || s->stop_time || s->stopping ||
	    is_in_phase(s, LAUNCH_PREPARING))
		pass_stop_on(s);
	else
		s->stop_time = clock_ms() + s->policy->stop_delay;
	s->stopping = true;
}

static void handle(struct supervisor *s, int signal)
{
	int to = rewritten(s->policy, signal);

	if (s->policy->mode == MODE_PAUSE)
		s->done |= signal == SIGTERM || signal == SIGINT;
	else if (signal == SIGTERM)
		handle_stop(s);
	else if (to > 0)
		send_to_program(s, to);
}

static void collect(struct supervisor *s)
{
	struct reaped r;

	children_reap(s->main_child, s->policy->warn_orphans, &r);
	if (r.main_ended)
		leave(s, r.status);
	else if (r.main_stopped)
		terminal_stop_with(s->main_child, r.status);
	if (s->main_child == 0 && s->policy->mode == MODE_RUN)
		s->done |= others_are_gone(r.has_children);
}

int supervise(const struct policy *p, pid_t main_child, const launch_phase *phase, int signals,
	      struct watch *watch)
{
	struct supervisor s = {.policy = p,
			       .main_child = main_child,
			       .phase = phase,
			       .signals = signals,
			       .watch = watch};
	int batch[SIGNAL_BATCH];

	give_back_stack();
	while (!s.done) {
		size_t count = wait_for_signals(&s) ? signals_wait(&s.signals, batch) : 0;
		/* One SIGCHLD may stand for many; of those that are no children none comes. */
		bool children_ended = s.main_child == 0;

		for (size_t i = 0; i < count; i++) {
			if (batch[i] == SIGCHLD)
				children_ended = true;
			else
				handle(&s, batch[i]);
		}
		if (children_ended)
			collect(&s);
	}
	return s.status;
}
