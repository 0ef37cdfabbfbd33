// SPDX-License-Identifier: MIT
/* Runs --probe, --sleep and --kill. */
#include "tools/tools.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "net/connect.h"
#include "sys/exit.h"
#include "tools/kill.h"

enum { PROBE_MS = 1000, PROBE_FAILED = 1 };

/* The statuses that Docker and Kubernetes expect: 0 and 1, no others. */
static int run_probes(const struct policy *p, struct text *why)
{
	const struct targets *probes = &p->tool.probes;
	struct patience patience;
	int r = 0;

	patience_begin(&patience, p->timeout < 0 ? PROBE_MS : p->timeout, patience_signals);
	for (size_t i = 0; i < probes->count && r == 0; i++) {
		text_add(why, "--probe=");
		text_add_name(why, probes->list[i].word);
		text_add(why, ": ");
		r = probe_target(&probes->list[i], &patience, why);
	}
	patience_end(&patience);
	return r < 0 ? PROBE_FAILED : 0;
}

static int run_sleep(const struct policy *p, struct text *why)
{
	struct patience patience;
	int r;

	patience_begin(&patience, p->tool.sleep, patience_signals);
	r = patience_wait(&patience, -1, 0, -1);
	patience_end(&patience);
	if (r == -ETIMEDOUT)
		return 0;
	if (r == -ECANCELED) {
		text_add(why, "--sleep: ended early by signal %d", patience.came);
		return EXIT_SIGNAL_BASE + patience.came;
	}
	text_add(why, "--sleep: cannot wait: %s", strerror(-r));
	return EXIT_GRANIT;
}

static int run_kill(const struct policy *p, struct text *why)
{
	pid_t target;

	if (getpid() == 1) {
		text_add(why, "--kill: granit is process 1 itself here; --kill is meant for docker "
			      "exec and kubectl exec");
		return EXIT_GRANIT;
	}
	target = kill_target(why);
	if (target < 0)
		return EXIT_GRANIT;
	if (kill(target, p->tool.signal) == 0)
		return 0;
	text_add(why, "--kill: cannot send signal %d to process %d: %s%s", p->tool.signal,
		 (int)target, strerror(errno),
		 errno == EPERM ? "; exec as the user that it runs as" : "");
	return EXIT_GRANIT;
}

int tool_run(const struct policy *p, struct text *why)
{
	switch (p->tool.kind) {
	case TOOL_PROBE:
		return run_probes(p, why);
	case TOOL_SLEEP:
		return run_sleep(p, why);
	case TOOL_KILL:
		return run_kill(p, why);
	case TOOL_NONE:
		break;
	}
	return EXIT_GRANIT;
}
