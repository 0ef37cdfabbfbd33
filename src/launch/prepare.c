// SPDX-License-Identifier: MIT
/* Runs the steps between hardening and the program, in their order. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launch/prepare.h"
#include "sys/exit.h"

/* An arena takes addresses, not memory: it is a limit of those that is met first. */
static int explain_shortage(int error, const char *what, struct text *err)
{
	if (error == -ENOMEM)
		text_add(err,
			 "not enough memory for %s: raise the address space limit (ulimit -v), if "
			 "there is one, or the memory limit",
			 what);
	return error;
}

int launch_prepare(const struct policy *p, struct arena *a, struct launch *l, struct text *err)
{
	struct variables v = {.list = environ};
	int signal = 0, r = 0;

	if (p->wanted)
		r = wait_for_all(p, a, &signal, err);
	if (r == -ECANCELED)
		return EXIT_SIGNAL_BASE + signal;
	if (r == 0 && p->wanted)
		r = explain_shortage(variables_copy(environ, a, &v), "the environment", err);
	if (r == 0 && p->wanted)
		r = env_files_read(p, l->mounts, a, &v, err);
	if (r == 0 && p->expand)
		r = explain_shortage(expand_arguments(l->argv, v.list, a, &l->argv, err),
				     "the arguments", err);
	/* Behind the arguments, so that none can show a secret. */
	if (r == 0 && p->wanted)
		r = secrets_read(p->wanted, a, &v, err);
	l->envp = v.list;
	return r < 0 ? EXIT_GRANIT : 0;
}
