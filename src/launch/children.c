// SPDX-License-Identifier: MIT
/* Starts the program and collects the children that end. */
#include "launch/children.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts/lookup.h"
#include "launch/terminal.h"
#include "sys/exit.h"
#include "sys/sys.h"
#include "sys/text.h"

/* Returns only on failure, as execve(2) does. */
static int execute(const char *path, void *launch)
{
	const struct launch *l = launch;

	/* Where it does not work, the path will say why. */
	if (l->verified.fd >= 0 && strcmp(path, l->verified.path) == 0)
		(void)sys_execveat(l->verified.fd, "", l->argv, l->envp, AT_EMPTY_PATH);
	execve(path, l->argv, l->envp);
	return errno;
}

/* Looked for and executed: only on failure it returns, an errno. */
static int search_and_become(const struct launch *l, char *path)
{
	struct launch copy = *l;

	return program_search(l->argv[0], l->search, path, execute, &copy);
}

/*
 * vfork(2): the child borrows granit's memory until it is another program, so nothing is copied,
 * and what went wrong can be read where the child wrote it. execvp(3) is not for us: its last
 * resort is a shell.
 */
pid_t child_start(const struct launch *l, char *path, struct launch_failure *failure)
{
	int terminal = terminal_in_foreground();
	pid_t pid;

	*failure = (struct launch_failure){.path = path};
	pid = vfork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		terminal_give_to_me(terminal);
		signals_restore(l->signals);
		failure->error = search_and_become(l, path);
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
		/* Whoever comes first: a signal may be for the group at once. */
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

void become_program(const struct launch *l, char *path, struct launch_failure *failure)
{
	*failure = (struct launch_failure){.path = path};
	signals_restore(l->signals);
	failure->error = search_and_become(l, path);
}

static int exit_status(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}

static void warn_of(pid_t pid)
{
	char buf[64];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	text_add(&t, "granit: reaped orphan process %d\n", (int)pid);
	text_write_or_drop(&t, STDERR_FILENO);
}

void children_reap(pid_t main_child, bool warn, struct reaped *ret)
{
	int status;
	pid_t pid;

	*ret = (struct reaped){0};
	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) != 0) {
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return; /* ECHILD: none is left */
		if (pid != main_child) {
			if (warn && !WIFSTOPPED(status))
				warn_of(pid);
			continue;
		}
		ret->main_stopped = WIFSTOPPED(status);
		ret->main_ended = !ret->main_stopped;
		ret->status = ret->main_stopped ? WSTOPSIG(status) : exit_status(status);
	}
	ret->has_children = true;
}
