// SPDX-License-Identifier: MIT
#include "supervise/supervise.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

#include "supervise/terminal.h"

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

int supervise(const struct policy *p, pid_t main_child, int signals)
{
	int batch[SIGNAL_BATCH];
	int status;

	give_back_stack();
	for (;;) {
		size_t count = signals_wait(&signals, batch);
		bool children_ended = false;
		enum child_state state;

		for (size_t i = 0; i < count; i++) {
			if (batch[i] == SIGCHLD)
				children_ended = true;
			else
				pass_on(p, main_child, batch[i]);
		}
		/* One SIGCHLD may stand for many: it is not queued. */
		state = children_ended ? children_reap(main_child, &status) : CHILD_RUNS;
		if (state == CHILD_ENDED)
			return is_remapped(p, status) ? 0 : status;
		if (state == CHILD_STOPPED)
			terminal_stop_with(main_child, status);
	}
}
