// SPDX-License-Identifier: MIT
/* granit: reads what was asked for, and does it. run() has the border that makes it a PID 1. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
static int run(const struct policy *p, struct log *log, const struct inherited_signals *inherited)
{
	struct arena looked = {0};
	struct mount_table mounts = {0};
	struct watch watch = {.mounts = -1, .events = -1};
	struct supervision supervision = {.policy = p, .log = log, .watch = &watch};
	struct launch launch = {
		.argv = p->program,
		/* That was judged, though --unset-env may take it from the program. */
		.search = getenv("PATH"),
		.signals = inherited,
		.verified.fd = -1,
		.mounts = &mounts,
	};
	launch_phase *phase = NULL;
	pid_t pid = 0;
	int status;

	status = verify_and_harden(log, p, &looked,
				   &(struct verification){&launch.verified, &watch, &mounts});
	signals_hold();
	launch.envp = environ;
	if (status || p->exec || (p->learn && run_learning(log, p, &mounts, &launch, &status)))
		return status || !p->exec ? status : become_at_once(log, p, &launch);
	if (supervise_prepare(&supervision) < 0)
		return EXIT_GRANIT;
	if (p->mode == MODE_RUN)
		pid = start(log, p, &launch, &phase, &status);
	if (pid < 0)
		return status;

	/* From now on granit must not die: as PID 1 it would take the whole container with it. */

	arena_unmap(&looked);
	supervise_give_up(&supervision);
	return supervise(&supervision, pid, phase);
}

static own_frame int parse(int argc, char **argv, struct log *log, struct arena *a,
			   struct policy *ret)
{
	char why[PIPE_BUF];
	struct text err;
	int r;

	text_init(&err, why, sizeof(why));
	r = policy_parse(argc, argv, a, ret, &err);
	/* Process 1 needs one of its own; an inspection opens nothing to write, that neither. */
	log_open(log, (ret->mode == MODE_RUN || ret->mode == MODE_PAUSE) && !ret->root);
	if (r < 0)
		fail(log, ret, "%s", why);
	return r;
}

int main(int argc, char **argv)
{
	struct inherited_signals inherited;
	struct arena kept = {0}; /* what the policy points to: for as long as granit lives */
	/* Beside what the C library keeps: on the stack it takes a page more. */
	static struct policy policy;
	struct log log;
	int r;

	r = fill_standard_fds();
	if (r == 0)
		r = signals_block(&inherited);
	if (r < 0) {
		log_open(&log, false);
		say(&log, "cannot open descriptors 0 to 2, or block signals: %s", strerror(-r));
		return EXIT_GRANIT;
	}
	signals_let_end();
	if (parse(argc, argv, &log, &kept, &policy) < 0)
		return EXIT_GRANIT;
	switch (policy.mode) {
	case MODE_RUN:
	case MODE_PAUSE:
		return run(&policy, &log, &inherited);
	case MODE_TOOL:
		return run_tool(&log, &policy);
	case MODE_CHECK:
	case MODE_SEAL:
		signals_restore(&inherited);
		return policy.mode == MODE_CHECK ? run_check(&log, &policy, &kept)
						 : run_seal(&log, &policy, &kept);
	default:
		return run_telling(&log, &policy, &kept);
	}
}
