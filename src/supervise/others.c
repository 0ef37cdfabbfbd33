// SPDX-License-Identifier: MIT
/* Signals and waits for the program's descendants. */
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

static void signal_descendants(int signal)
{
	cleanup_fd int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_Alignas(struct dirent) char buf[4096];
	struct dents d = {.dir = proc, .buf = buf, .size = sizeof(buf)};
	const struct dirent *e;
	pid_t self = getpid();

	if (proc < 0)
		return;
	while ((e = dents_next(&d)) != NULL) {
		pid_t pid = dents_fd(e);

		if (pid > 1 && pid != self && is_descendant(proc, pid, self))
			(void)kill(pid, signal);
	}
}

void others_signal(int signal)
{
	/* To all but the caller and process 1 (kill(2)); only process 1 may mean all. */
	if (getpid() == 1)
		(void)kill(-1, signal);
	else
		signal_descendants(signal);
}

bool others_are_gone(bool has_children)
{
	/* Whoever entered from outside is no child of process 1. */
	if (getpid() == 1)
		return kill(-1, 0) < 0 && errno == ESRCH;
	return !has_children;
}
