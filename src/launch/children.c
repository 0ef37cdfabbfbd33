// SPDX-License-Identifier: MIT
/* Processes that granit makes, and how one of them becomes the program. */
#include "launch/children.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts/lookup.h"
#include "launch/terminal.h"
#include "sys/exit.h"
#include "sys/sys.h"
#include "sys/text.h"
#include "sys/variables.h"

/*
 * The descriptor was opened before privileges were dropped. It is to hold the program to what was
 * verified, not to open a folder that the program's user may not enter.
 */
static bool is_on_allowed_way(const char *path)
{
	return sys_access(AT_FDCWD, path, X_OK) == 0;
}

/*
 * Returns only on failure, as execve(2) does. A descriptor does not do for a script, an older
 * kernel or under a filter, that of --deny=memfd-exec too. Then it is the path, as long as it leads
 * to what was judged. What the program is run with has nothing but paths.
 */
static int execute(const struct launch *l, const char *path, const char **ret_replaced)
{
	const struct verified *v = &l->verified;
	int error = loaders_compare(&v->loaders, ret_replaced);
	struct stat now;

	if (error)
		return error;
	if (v->fd >= 0 && is_on_allowed_way(path))
		(void)sys_execveat(v->fd, "", l->argv, l->envp, AT_EMPTY_PATH);
	if (v->path) {
		if (stat(path, &now) < 0)
			return errno;
		if (!program_is_same(&v->file, &now)) {
			*ret_replaced = path;
			return ESTALE;
		}
	}
	execve(path, l->argv, l->envp);
	return errno;
}

/* What was judged; where nothing was, what the name leads to. */
static int look_and_execute(const struct launch *l, char *path, const char **ret_replaced)
{
	const char *known = l->verified.path ? l->verified.path : l->argv[0];
	struct stat found;
	int error;

	if (l->verified.error)
		return text_copy(path, PATH_MAX, l->verified.tried ? l->verified.tried : known)
			       ? l->verified.error
			       : ENAMETOOLONG;
	if (!strchr(known, '/') && !l->verified.path) {
		error = program_find(known, l->search, path, &found);
		return error ? error : execute(l, path, ret_replaced);
	}
	return text_copy(path, PATH_MAX, known) ? execute(l, path, ret_replaced) : ENAMETOOLONG;
}

/*
 * Sockets that were handed over are for the process that the variable names (sd_listen_fds(3)):
 * that was granit, and is the program. The other variable names the same process by its pidfd.
 */
static void pass_sockets_on(struct launch *l)
{
	const char *named = variable_value(l->envp, "LISTEN_PID");
	uint64_t pid;
	struct text t;
	char **to;

	if (!named || text_to_uint(named, INT_MAX, &pid) < 0 || (pid_t)pid != l->granit ||
	    l->granit == getpid())
		return;
	text_init(&t, l->listen_pid, sizeof(l->listen_pid));
	text_add_string(&t, "LISTEN_PID=");
	text_add_number(&t, (uint64_t)getpid());
	/* The list is granit's own to change; its strings stay. */
	memcpy(&to, &l->envp, sizeof(to));
	for (char *const *from = l->envp; *from; from++)
		if (strncmp(*from, "LISTEN_PID=", 11) == 0)
			*to++ = l->listen_pid;
		else if (strncmp(*from, "LISTEN_PIDFDID=", 15) != 0)
			*to++ = *from;
	*to = NULL;
}

/* Lowering is everybody's right; what had to be raised was raised by the step. */
static const char *set_limits(const struct launch *l)
{
	for (size_t i = 0; i < l->limits_count; i++) {
		const struct limit *limit = &l->limits[i];
		const struct rlimit wanted = {limit->soft, limit->hard};
		/* A call that lies fills in nothing. */
		struct rlimit now = {~wanted.rlim_cur, ~wanted.rlim_max};

		if (setrlimit(limit->resource, &wanted) < 0)
			return "setrlimit (--rlimit)";
		if (getrlimit(limit->resource, &now) < 0)
			return "getrlimit";
		errno = EPERM;
		if (now.rlim_cur != wanted.rlim_cur || now.rlim_max != wanted.rlim_max)
			return "a limit is not what it was set to";
	}
	return NULL;
}

/* The last of what is the program's alone. Only on failure it returns. */
static void search_and_become(struct launch *l, char *path, struct launch_failure *failure)
{
	signals_restore(l->signals);
	pass_sockets_on(l);
	failure->call = set_limits(l);
	failure->error = failure->call ? errno : look_and_execute(l, path, &failure->replaced);
}

/*
 * vfork(2): the child borrows granit's memory until it is another program, so nothing is copied,
 * and what went wrong can be read where the child wrote it. execvp(3) is not for us: its last
 * resort is a shell.
 */
pid_t child_start(struct launch *l, char *path, struct launch_failure *failure)
{
	int terminal = terminal_in_foreground();
	pid_t pid;

	*failure = (struct launch_failure){.path = path};
	pid = vfork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		terminal_give_to_me(terminal);
		search_and_become(l, path, failure);
		_exit(EXIT_NOT_FOUND);
	}
	if (!failure->error)
		return pid;
	(void)waitpid(pid, NULL, 0);
	return -failure->error;
}

/*
 * fork(2): what the child reads stays in memory of its own, and granit supervises meanwhile.
 * Without threads there is nothing to be seen to before and after, which would be 1 kB of the C
 * library.
 */
pid_t child_fork(void)
{
	int terminal = terminal_in_foreground();
	pid_t granit = getpid(), pid = _Fork(), parent;

	if (pid < 0)
		return -errno;
	if (pid > 0) {
		/* Both do it: a signal for the group may come at once. */
		(void)setpgid(pid, pid);
		return pid;
	}
	/* A program that starts when nobody is left to supervise it is worse than none. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	parent = getppid();
	/* 0: granit is in another PID namespace (unshare(2)), and this the first process of its
	 * own: from here nobody sees whether granit lives. */
	if (parent != granit && parent != 0)
		_exit(EXIT_GRANIT);
	terminal_give_to_me(terminal);
	return 0;
}

/* execve(2) does not. */
void child_let_go(void)
{
	(void)prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
}

void become_program(struct launch *l, char *path, struct launch_failure *failure)
{
	*failure = (struct launch_failure){.path = path};
	signals_drop_own();
	search_and_become(l, path, failure);
}

pid_t child_next(int *ret_status)
{
	pid_t pid;

	while ((pid = waitpid(-1, ret_status, WNOHANG | WUNTRACED)) < 0 && errno == EINTR)
		;
	return pid < 0 ? -errno : pid;
}
