// SPDX-License-Identifier: MIT
#include "supervise/children.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exit.h"
#include "supervise/terminal.h"

/* execvp(3)'s own when there is no PATH, less the working directory. */
static const char default_path[] = "/usr/local/bin:/bin:/usr/bin";

/* "DIR/NAME" into path; an empty DIR is the working directory. False when it does not fit. */
static bool join(char *path, const char *dir, size_t dir_len, const char *name)
{
	size_t name_len = strlen(name);

	if (dir_len + name_len + 2 > PATH_MAX)
		return false;
	memcpy(path, dir, dir_len);
	if (dir_len)
		path[dir_len++] = '/';
	memcpy(path + dir_len, name, name_len + 1);
	return true;
}

/*
 * execvpe(3), less its last resort, which is a shell. The failure that is told is that of the first
 * file that was there; when none was, that of the last try.
 */
static void exec_program(char *const *argv, const char *search, char *path,
			 struct launch_failure *failure)
{
	const char *name = argv[0];
	char candidate[PATH_MAX];
	int error = 0;

	(void)memccpy(path, name, '\0', PATH_MAX - 1);
	path[PATH_MAX - 1] = '\0';
	failure->path = path;
	if (!search)
		search = default_path;
	if (strchr(name, '/')) {
		execve(name, argv, environ);
		failure->error = errno;
		return;
	}
	for (const char *dir = *name ? search : NULL, *end; dir; dir = *end ? end + 1 : NULL) {
		end = strchrnul(dir, ':');
		if (!join(candidate, dir, (size_t)(end - dir), name))
			continue;
		execve(candidate, argv, environ);
		/* There, but not to be had: somebody further on may have it. */
		if ((errno == ENOENT && access(candidate, F_OK) < 0) || errno == ENOTDIR)
			continue;
		if (!error)
			memcpy(path, candidate, strlen(candidate) + 1);
		error = error ? error : errno;
	}
	failure->error = error ? error : ENOENT;
}

/*
 * vfork(2): the child borrows granit's memory until it is another program, so nothing is copied,
 * and what went wrong can be read where the child wrote it. Its stack frames must not be ours, or
 * it would trample on them: it only calls functions.
 */
pid_t child_start(char *const *argv, const char *search, const struct inherited_signals *signals,
		  char *path, struct launch_failure *failure)
{
	int terminal = terminal_in_foreground();
	pid_t pid;

	*failure = (struct launch_failure){0};
	pid = vfork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		terminal_give_to_me(terminal);
		signals_restore(signals);
		exec_program(argv, search, path, failure);
		_exit(EXIT_NOT_FOUND);
	}
	if (!failure->error)
		return pid;
	(void)waitpid(pid, NULL, 0);
	return -failure->error;
}

static int exit_status(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL_BASE + WTERMSIG(status) : WEXITSTATUS(status);
}

bool children_reap(pid_t main_child, int *ret_status)
{
	bool main_ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) != 0) {
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break; /* ECHILD: none is left */
		if (pid == main_child) {
			*ret_status = exit_status(status);
			main_ended = true;
		}
	}
	return main_ended;
}
