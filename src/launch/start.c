// SPDX-License-Identifier: MIT
/* From a hardened granit to the program: at once, or in a process that prepares for it. */
#include "launch/start.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "launch/diagnose.h"
#include "launch/prepare.h"
#include "report/say.h"
#include "sys/exit.h"

static void add_replaced(const struct launch_failure *f, struct text *t)
{
	text_add_name(t, f->path);
	text_add_string(t, ": ");
	if (f->replaced == f->path) {
		text_add_string(t, "it");
		return;
	}
	text_add_name(t, f->replaced);
	text_add_string(t, ", which it is run with,");
}

static int launch_failed(struct log *log, const struct policy *p, const struct launch_failure *f,
			 int error)
{
	char why[PIPE_BUF];
	struct text t;

	text_init(&t, why, sizeof(why));
	if (f->call) {
		fail(log, p, "%s: %s; the program was not started", f->call, strerror(f->error));
		return EXIT_GRANIT;
	}
	if (!f->error) {
		text_add_name(&t, p->program[0]);
		fail(log, p, "cannot make a process for %s: %s", why, strerror(-error));
		return EXIT_GRANIT;
	}
	if (f->replaced) {
		add_replaced(f, &t);
		fail(log, p,
		     "refused to start %s is no longer the file that was judged: something was "
		     "mounted over it, or written to it; start the container again",
		     why);
		return EXIT_REFUSED;
	}
	diagnose(p->program[0], f->path, f->error, p->landlock != LANDLOCK_OFF, &t);
	fail(log, p, "%s", why);
	return f->error == ENOENT || f->error == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

/* ENTRYPOINT and CMD both name it: it would be its own argument. */
static void warn_of_twice(struct log *log, const struct policy *p)
{
	char buf[PIPE_BUF / 2];
	struct text name;

	if (p->verbosity < 0 || !p->program[1] || p->program[2] ||
	    strcmp(p->program[0], p->program[1]) != 0)
		return;
	text_init(&name, buf, sizeof(buf));
	text_add_name(&name, p->program[0]);
	say(log, "%s is its own only argument: is it in both ENTRYPOINT and CMD?", buf);
}

/* What main() need not know. */
static void complete_launch(struct log *log, const struct policy *p, struct launch *l)
{
	warn_of_twice(log, p);
	l->granit = l->granit ? l->granit : getpid();
	l->limits = p->limits;
	l->limits_count = p->limits_count;
}

/* Returns 0; or the exit status, having said why. */
static int prepare(struct log *log, const struct policy *p, struct arena *a, struct launch *l)
{
#if GRANIT_TOOLS
	char why[PIPE_BUF / 2];
	struct text err;
	int status;

	text_init(&err, why, sizeof(why));
	status = launch_prepare(p, a, l, &err);
	if (status)
		fail(log, p, "%s; the program was not started", why);
	return status;
#else
	(void)log, (void)p, (void)a, (void)l;
	return 0;
#endif
}

/* In a process that nobody else needs. Returns the exit status that says why it is no program. */
static int prepare_and_become(struct log *log, const struct policy *p, struct launch *l,
			      launch_phase *phase, bool is_child)
{
	struct launch_failure failure;
	struct arena own = {0};
	char path[PATH_MAX];
	int status = prepare(log, p, &own, l);

	if (status == 0) {
		*phase = LAUNCH_DONE;
		if (is_child)
			child_let_go();
		become_program(l, path, &failure);
		status = launch_failed(log, p, &failure, 0);
	}
	*phase = LAUNCH_FAILED;
	return status;
}

/* The program's own process waits and reads for it, so that process 1 does neither. */
static pid_t start_apart(struct log *log, const struct policy *p, struct launch *l,
			 launch_phase **ret_phase)
{
	struct launch_failure none = {0};
	launch_phase *phase = mmap(NULL, sizeof(*phase), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = phase == MAP_FAILED ? -errno : child_fork();

	if (pid < 0) {
		if (phase != MAP_FAILED)
			(void)munmap((void *)phase, sizeof(*phase));
		(void)launch_failed(log, p, &none, pid);
		return -1;
	}
	if (pid == 0) {
		int status = l->apart ? l->apart(l->apart_arg, false) : 0;

		if (status)
			*phase = LAUNCH_FAILED;
		else
			status = prepare_and_become(log, p, l, phase, true);
		if (l->apart)
			(void)l->apart(l->apart_arg, true);
		_exit(status);
	}
	*ret_phase = phase;
	return pid;
}

static pid_t start_at_once(struct log *log, const struct policy *p, struct launch *l,
			   int *ret_status)
{
	struct launch_failure failure;
	struct arena own = {0};
	char path[PATH_MAX];
	pid_t pid;

	*ret_status = prepare(log, p, &own, l);
	if (*ret_status)
		return -1;
	pid = child_start(l, path, &failure);
	arena_unmap(&own);
	if (pid > 0)
		return pid;
	*ret_status = launch_failed(log, p, &failure, pid);
	return -1;
}

int become_at_once(struct log *log, const struct policy *p, struct launch *l)
{
	launch_phase phase;

	complete_launch(log, p, l);
	return prepare_and_become(log, p, l, &phase, false);
}

/* What it has on the stack is gone when the program runs: a stack never shrinks. */
own_frame pid_t start(struct log *log, const struct policy *p, struct launch *l,
		      launch_phase **ret_phase, int *ret_status)
{
	complete_launch(log, p, l);
	*ret_phase = NULL;
	*ret_status = EXIT_GRANIT;
	return GRANIT_TOOLS && (p->wanted || l->apart) ? start_apart(log, p, l, ret_phase)
						       : start_at_once(log, p, l, ret_status);
}
