// SPDX-License-Identifier: MIT
#include "supervise/supervise.h"

#include <signal.h>
#include <sys/types.h>

static void pass_on(const struct policy *p, pid_t main_child, int signal)
{
	/* ESRCH: it has just ended, and its SIGCHLD is on the way. */
	(void)kill(p->group ? -main_child : main_child, signal);
}

int supervise(const struct policy *p, pid_t main_child, int signals)
{
	struct signal_info batch[SIGNAL_BATCH];
	int status;

	for (;;) {
		size_t count = signals_wait(&signals, batch);
		bool children_ended = false;

		for (size_t i = 0; i < count; i++) {
			if (batch[i].number == SIGCHLD)
				children_ended = true;
			else
				pass_on(p, main_child, batch[i].number);
		}
		/* One SIGCHLD may stand for many: it is not queued. */
		if (children_ended && children_reap(main_child, &status))
			return status;
	}
}
