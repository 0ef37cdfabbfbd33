// SPDX-License-Identifier: MIT
/* The loop that process 1 spends its life in. */
#include "supervise/supervise.h"

#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "harden/harden.h"
#include "launch/terminal.h"
#include "report/say.h"
#include "supervise/others.h"
#include "sys/clock.h"
#include "sys/events.h"
#include "sys/exit.h"
#include "sys/sys.h"

enum {
	WATCH_GRACE_MS = 10000, /* as Docker gives a container that it stops */
	LOOK_AGAIN_MS = 100,    /* for processes that are not children, whose end is not reported */
};

/* ---- before the border */

/* Where only signals are waited for, no descriptor is needed; where there is none to be had, the
 * watch gets along. */
static int open_all(struct supervision *v)
{
	v->signals = v->children = -1;
	if (!v->watch->page)
		return 0;
	v->signals = signals_open();
	if (v->signals < 0)
		return 0;
	if (v->policy->grace >= 0 && getpid() == 1)
		v->children = others_open();
	return events_add(v->watch->events, v->signals, EPOLLIN, EVENT_SIGNALS);
}

int supervise_prepare(struct supervision *v)
{
	int r = open_all(v);

	if (r < 0) {
		fail(v->log, v->policy,
		     "cannot wait for changes of the mount table: %s; --watch=off turns this off",
		     strerror(-r));
		return r;
	}
	/* Without it orphans would be reparented to a process that does not expect them. */
	if (getpid() != 1)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	/* A change of ids clears it (prctl(2)), so not before that. */
	if (v->policy->parent_death)
		(void)prctl(PR_SET_PDEATHSIG, v->policy->parent_death, 0, 0, 0);
	harden_hide(v->policy);
	return 0;
}

static int compare_fds(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Before 5.9 there is no close_range(2), and then the limit says how far there may be some. */
static void close_between(int first, int last)
{
	enum { MOST = 1 << 16 };
	struct rlimit limit;

	if (sys_close_range((unsigned int)first, (unsigned int)last) == 0 ||
	    getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	for (int fd = first; fd <= last && fd < MOST && (rlim_t)fd < limit.rlim_cur; fd++)
		(void)close(fd);
}

static void close_others(const struct supervision *v)
{
	int kept[] = {v->signals, v->watch->events, v->children, v->watch->mounts, v->log->fd};
	int next = STDERR_FILENO + 1;

	qsort(kept, array_length(kept), sizeof(*kept), compare_fds);
	for (size_t i = 0; i < array_length(kept); i++) {
		if (kept[i] < next)
			continue;
		if (kept[i] > next)
			close_between(next, kept[i] - 1);
		next = kept[i] + 1;
	}
	close_between(next, INT_MAX);
}

void supervise_give_up(const struct supervision *v)
{
	harden_give_up(v->policy);
	close_others(v);
	/* No mount is busy because of it. */
	(void)!chdir("/");
	log_stop_waiting(v->log);
}

/* ---- what was asked for */

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
	const struct supervision *v;
	const struct policy *policy;
	pid_t main_child;          /* 0: it has ended, or there never was one */
	const launch_phase *phase; /* of main_child; NULL: it is the program */
	pid_t errand;              /* a process that signals others; 0: there is none */
	bool asking;               /* and that only asks whether they would hear */
	bool unheard;              /* they would not, it said */
	int status;                /* granit's own, in the end */
	int job_stop;      /* the terminal's signal that was passed on as SIGSTOP; 0: none was */
	bool refused;      /* the watch had the program ended: its own status is of no interest */
	bool leaving;      /* the program has ended, or is being ended by the watch */
	bool killed;       /* what is left was sent KILL */
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

static void signal_others(struct supervisor *s, int first, int second)
{
	pid_t pid = others_signal(first, second);

	s->asking = s->unheard = false;
	if (pid)
		s->errand = pid;
}

static void end_by_watch(struct supervisor *s)
{
	s->refused = true;
	s->leaving = true;
	s->status = EXIT_REFUSED;
	s->done = s->main_child == 0;
	watch_stop(s->v->watch, s->policy, s->v->log);
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
	s->leaving = true;
	s->status = final_status(s, status);
	s->done = s->policy->grace < 0;
	watch_stop(s->v->watch, s->policy, s->v->log);
	if (s->done)
		return;
	s->kill_time = 0;
	kill_in(s, s->policy->grace);
	signal_others(s, SIGTERM, SIGCONT);
}

static void kill_what_is_left(struct supervisor *s)
{
	s->kill_time = 0;
	if (s->policy->grace >= 0)
		signal_others(s, SIGKILL, 0);
	else
		send_to_program(s, SIGKILL);
	/* Without a program nobody's end is worth waiting for: the kernel sees to it. But whose
	 * descendants they are can be told only as long as granit lives. */
	s->killed = true;
	s->done |= s->main_child == 0 && !s->errand;
}

/* ---- waiting */

static int64_t earlier(int64_t a, int64_t b)
{
	return a && (!b || a < b) ? a : b;
}

static void say_that_nobody_looked(struct supervisor *s)
{
	static char line[] = "granit: the mount table has changed, and could not be read for 60 s: "
			     "ending the program (--watch=terminate)\n";

	(void)log_write(s->v->log,
			&(struct text){.buf = line, .size = sizeof(line), .len = sizeof(line) - 1});
}

static void run_watch(struct supervisor *s, int64_t now)
{
	if (s->leaving)
		return;
	if (rest_run(&s->v->watch->rest, s->policy, s->v->log, now)) {
		end_by_watch(s);
	} else if (watch_run(s->v->watch, s->policy, s->v->log, now)) {
		say_that_nobody_looked(s);
		end_by_watch(s);
	}
}

/* When there is something to do; 0: not before something happens. */
static int64_t next_time(const struct supervisor *s)
{
	int64_t next = earlier(s->stop_time, s->kill_time);

	return s->leaving ? next : earlier(next, watch_next(s->v->watch, s->policy->watch));
}

/* Does what is due. Returns for how long there is nothing to do, in milliseconds; -1: for ever. */
static int run_timers(struct supervisor *s)
{
	int64_t next = next_time(s), now;

	if (!next)
		return -1;
	now = clock_ms();
	if (s->stop_time && s->stop_time <= now)
		pass_stop_on(s);
	if (s->kill_time && s->kill_time <= now)
		kill_what_is_left(s);
	run_watch(s, now);
	next = next_time(s);
	if (!next)
		return -1;
	next = next > now ? next - now : 0;
	return s->leaving && s->main_child == 0 && next > LOOK_AGAIN_MS ? LOOK_AGAIN_MS
	       : next > INT_MAX                                         ? INT_MAX
									: (int)next;
}

/*
 * A container that was frozen (docker pause) could not look, and is not to be ended for it. Nor for
 * a machine that had no time for it.
 */
static void forgive_late_wakeup(struct supervisor *s, int64_t from, int timeout)
{
	enum { LATE_MS = 1000 };
	int64_t late = timeout < 0 ? 0 : clock_ms() - from - timeout;

	if (late > LATE_MS)
		watch_forgive(s->v->watch, late);
}

/* Returns how many signals have come. */
static size_t take_events(struct supervisor *s, int timeout, int batch[SIGNAL_BATCH])
{
	struct epoll_event events[EVENT_SOURCES];
	int n = epoll_wait(s->v->watch->events, events, array_length(events), timeout);
	size_t count = 0;

	for (int i = 0; i < n; i++) {
		if (events[i].data.u32 == EVENT_MOUNTS)
			watch_changed(s->v->watch, clock_ms());
		else
			count = signals_read(s->v->signals, batch);
	}
	return count;
}

/* Where there was no descriptor left for signals, the mount table has to be asked again and again.
 */
static size_t wait_without_descriptor(struct supervisor *s, int timeout, int batch[SIGNAL_BATCH])
{
	if (!s->v->watch->page)
		return signals_wait(timeout, batch);
	(void)take_events(s, 0, NULL);
	return signals_wait(timeout < 0 || timeout > LOOK_AGAIN_MS ? LOOK_AGAIN_MS : timeout,
			    batch);
}

static size_t wait_for_events(struct supervisor *s, int batch[SIGNAL_BATCH])
{
	int timeout = run_timers(s);
	int64_t from = timeout < 0 ? 0 : clock_ms();
	size_t count;

	if (s->done)
		return 0;
	count = s->v->signals < 0 ? wait_without_descriptor(s, timeout, batch)
				  : take_events(s, timeout, batch);
	forgive_late_wakeup(s, from, timeout);
	return count;
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

static bool is_of_terminal(int signal)
{
	return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* The same applies to terminal signals that are rewritten to SIGSTOP. */
static void pass_on(struct supervisor *s, int signal, int to)
{
	if (to == SIGSTOP && is_of_terminal(signal))
		s->job_stop = signal;
	send_to_program(s, to);
}

static void handle(struct supervisor *s, int signal)
{
	int to = rewritten(s->policy, signal);

	if (s->policy->mode == MODE_PAUSE)
		s->done |= signal == SIGTERM || signal == SIGINT;
	else if (signal == SIGTERM)
		handle_stop(s);
	else if (to > 0)
		pass_on(s, signal, to);
}

static int exit_status(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}

static void main_child_changed(struct supervisor *s, int status)
{
	int signal;

	if (!WIFSTOPPED(status)) {
		leave(s, exit_status(status));
		return;
	}
	signal = WSTOPSIG(status);
	if (signal == SIGSTOP && s->job_stop)
		signal = s->job_stop;
	s->job_stop = 0;
	terminal_stop_with(s->main_child, signal);
}

static void say_orphan(struct supervisor *s, pid_t pid)
{
	char buf[64];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	text_add_string(&t, "granit: reaped orphan process ");
	text_add_number(&t, (uint64_t)pid);
	text_add_string(&t, "\n");
	(void)log_write(s->v->log, &t);
}

static void child_changed(struct supervisor *s, pid_t pid, int status)
{
	bool failed = false;

	if (pid == s->main_child) {
		main_child_changed(s, status);
		return;
	}
	if (WIFSTOPPED(status)) {
		/* None of granit's own does that by itself, and stopped it would never answer. */
		if (pid == s->errand || watch_is_looker(s->v->watch, pid))
			(void)kill(pid, SIGKILL);
		return;
	}
	if (pid == s->errand) {
		s->errand = 0;
		s->unheard = s->asking && status == 0;
		s->done |= s->killed && s->main_child == 0;
	} else if (watch_collect(s->v->watch, s->v->log, pid, clock_ms(), &failed)) {
		if (failed && !s->leaving && s->policy->watch == WATCH_TERMINATE)
			end_by_watch(s);
	} else if (s->policy->warn_orphans) {
		say_orphan(s, pid);
	}
}

static void collect(struct supervisor *s)
{
	/* Its end is no reason to ask again before it is time to. */
	bool was_asking = s->errand != 0;
	int status;
	pid_t pid;

	while ((pid = child_next(&status)) > 0)
		child_changed(s, pid, status);
	if (s->main_child || s->policy->mode != MODE_RUN)
		return;
	/* Those from outside may be out of reach: of another user, or beyond Landlock's scope.
	 * Nobody can tell them to go, so waiting for them is in vain. */
	s->done |=
		others_are_gone(pid == 0, s->v->children, s->v->watch) || (s->unheard && pid < 0);
	if (s->done || pid == 0 || was_asking)
		return;
	signal_others(s, 0, 0);
	s->asking = s->errand != 0;
}

int supervise(const struct supervision *v, pid_t main_child, const launch_phase *phase)
{
	struct supervisor s = {
		.v = v, .policy = v->policy, .main_child = main_child, .phase = phase};
	int batch[SIGNAL_BATCH];

	give_back_stack();
	while (!s.done) {
		size_t count = wait_for_events(&s, batch);
		/* One SIGCHLD may stand for many; of those that are no children none comes. */
		bool children_ended = s.leaving && s.main_child == 0;

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
