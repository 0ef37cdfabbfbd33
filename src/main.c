// SPDX-License-Identifier: MIT
/* granit: reads what was asked for, and does it. run() has the border that makes it a PID 1. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harden/harden.h"
#include "launch/start.h"
#include "modes.h"
#include "options/parse.h"
#include "report/say.h"
#include "supervise/supervise.h"
#include "sys/exit.h"
#include "verify.h"

/*
 * Descriptors 0 to 2 are taken for the standard ones by everybody, so no file of granit's may come
 * to lie there. Where there is no /dev/null the program gets them closed, as granit did.
 */
static int fill_standard_fds(void)
{
	struct pollfd fds[] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};

	if (poll(fds, array_length(fds), 0) <= 0)
		return 0;
	for (size_t i = 0; i < array_length(fds); i++) {
		if (!(fds[i].revents & POLLNVAL))
			continue;
		/* The lowest free descriptor is the one that is missing. */
		if (open("/dev/null", O_RDWR) < 0 && open("/", O_PATH | O_CLOEXEC) < 0)
			return -errno;
	}
	return 0;
}

/* What is large lives in functions that return before the program runs: a stack never shrinks. */
static int run(const struct policy *p, struct arena *a, const struct inherited_signals *inherited)
{
	struct mount_table mounts = {0};
	struct watch watch = {.fd = -1};
	struct launch launch = {
		.argv = p->program,
		/* That was judged, though --unset-env may take it from the program. */
		.search = getenv("PATH"),
		.signals = inherited,
		.verified.fd = -1,
		.mounts = &mounts,
	};
	launch_phase *phase = NULL;
	int signals, status;
	pid_t pid = 0;

	status = verify_and_harden(p, a, &(struct verification){&launch.verified, &watch, &mounts});
	if (status)
		return status;
	launch.envp = environ;
	if (p->exec)
		return become_at_once(p, &launch);
	signals = signals_open();
	/* Without it orphans would go to somebody else: to who knows whom. */
	if (getpid() != 1)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	/* A change of ids clears it (prctl(2)), so not before that. */
	if (p->parent_death)
		(void)prctl(PR_SET_PDEATHSIG, p->parent_death, 0, 0, 0);
	if (p->mode == MODE_RUN)
		pid = start(p, &launch, &phase, &status);
	close_fd(&launch.verified.fd);
	if (pid < 0)
		return status;
	/* Not before: what the configuration file says of the termination log lies in it. */
	arena_unmap(a);

	/* From now on granit must not die: as PID 1 it would take the whole container with it. */

	harden_give_up(p);
	return supervise(p, pid, phase, signals, &watch);
}

static own_frame int parse(int argc, char **argv, struct arena *a, struct policy *ret)
{
	char why[PIPE_BUF];
	struct text err;
	int r;

	text_init(&err, why, sizeof(why));
	r = policy_parse(argc, argv, a, ret, &err);
	if (r < 0)
		fail(ret, "%s", why);
	return r;
}

int main(int argc, char **argv)
{
	struct inherited_signals inherited;
	struct arena arena = {0};
	struct policy policy;

	if (fill_standard_fds() < 0 || signals_block(&inherited) < 0 ||
	    parse(argc, argv, &arena, &policy) < 0)
		return EXIT_GRANIT;
	switch (policy.mode) {
	case MODE_RUN:
	case MODE_PAUSE:
		return run(&policy, &arena, &inherited);
	case MODE_CHECK:
		signals_let_end(&inherited);
		return run_check(&policy, &arena);
	case MODE_SEAL:
		signals_let_end(&inherited);
		return run_seal(&policy, &arena);
	case MODE_TOOL:
		return run_tool(&policy);
	default:
		return run_telling(&policy, &arena);
	}
}
