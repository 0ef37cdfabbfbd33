// SPDX-License-Identifier: MIT
/* What the program leaves behind: which processes, and whether they are gone. */
#include "supervise/others.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/dents.h"
#include "sys/sys.h"
#include "sys/text.h"

/* The parent of the process, by the fourth field of its stat; or -1. */
static pid_t parent_of(int proc, pid_t pid)
{
	char buf[512];
	cleanup_fd int fd = -1;
	struct text name;
	const char *end;
	ssize_t n;

	text_init(&name, buf, sizeof(buf));
	text_add(&name, "%d/stat", (int)pid);
	fd = openat(proc, buf, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, buf, sizeof(buf) - 1);
	if (n <= 0)
		return -1;
	buf[n] = '\0';
	/* The name before it may hold anything, brackets too (proc_pid_stat(5)). */
	end = strrchr(buf, ')');
	return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : -1;
}

static bool is_descendant(int proc, pid_t pid, pid_t ancestor)
{
	/* Bounded: parents may change while they are looked at. */
	for (int depth = 0; depth < 1000 && pid > 1; depth++) {
		pid = parent_of(proc, pid);
		if (pid == ancestor)
			return true;
	}
	return false;
}

/*
 * For a process of its own: opening and reading are not for the one that supervises. Its status
 * tells whether anybody heard; who cannot look answers that somebody may have. ancestor: 0: all.
 */
__attribute__((noreturn)) static void signal_descendants(int first, int second, pid_t ancestor)
{
	cleanup_fd int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	union dents_piece piece;
	struct dents d = dents_of(proc, &piece);
	const struct dirent *e;
	bool heard = proc < 0;

	while ((e = dents_next(&d)) != NULL) {
		pid_t pid = dents_fd(e);

		if (pid <= 1 || pid == getpid() ||
		    (ancestor && !is_descendant(proc, pid, ancestor)))
			continue;
		heard |= kill(pid, first) == 0;
		if (second)
			(void)kill(pid, second);
	}
	_exit(heard ? OTHERS_HEARD : 0);
}

pid_t others_signal(int first, int second)
{
	pid_t granit = getpid(), pid;

	/* To all but the caller and process 1 (kill(2)); only process 1 may mean all. */
	if (granit == 1 && first) {
		(void)kill(-1, first);
		if (second)
			(void)kill(-1, second);
		return 0;
	}
	pid = _Fork();
	if (pid == 0)
		signal_descendants(first, second, granit == 1 ? 0 : granit);
	return pid > 0 ? pid : 0;
}

int others_open(void)
{
	return open("/proc/self/task/1/children", O_RDONLY | O_CLOEXEC);
}

static bool has_lookers(const struct watch *w)
{
	if (w->looker || w->rest.worker)
		return true;
	for (size_t i = 0; i < LOOK_STUCK_MOST; i++)
		if (w->stuck[i].looker)
			return true;
	return false;
}

/* The list is "PID PID ... " (proc_tid_children(5)). What is longer than the buffer is somebody. */
static bool are_all_lookers(int list, const struct watch *w)
{
	char buf[256];
	ssize_t n = list < 0 ? -1 : pread(list, buf, sizeof(buf), 0);
	pid_t pid = 0;

	if (n < 0 || n == (ssize_t)sizeof(buf))
		return false;
	for (ssize_t i = 0; i < n; i++) {
		if (buf[i] >= '0' && buf[i] <= '9') {
			pid = pid * 10 + (buf[i] - '0');
			continue;
		}
		if (pid && !watch_is_looker(w, pid))
			return false;
		pid = 0;
	}
	return true;
}

bool others_are_gone(bool has_children, int list, const struct watch *w)
{
	if (has_children && has_lookers(w) && are_all_lookers(list, w))
		return true;
	/* A process that entered from outside is not a child of process 1. */
	if (getpid() == 1)
		return kill(-1, 0) < 0 && errno == ESRCH;
	return !has_children;
}
