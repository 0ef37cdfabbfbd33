// SPDX-License-Identifier: MIT
/*
 * Finds the container's first process. In a shared process namespace (shareProcessNamespace,
 * --pid=container:NAME) process 1 is somebody else's. Control groups tell containers apart, and
 * everybody may read whose a process is in.
 */
#include "tools/kill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/dents.h"
#include "sys/sys.h"

enum { GROUPS_MOST = 4096 };

/* The content of /proc/PID/NAME, cut to size. False: there is none. */
static bool read_of_process(int proc, const char *pid, const char *name, char *buf, size_t size)
{
	char path[64];
	cleanup_fd int fd = -1;
	struct text t;
	ssize_t n;

	text_init(&t, path, sizeof(path));
	text_add(&t, "%s/%s", pid, name);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, buf, size - 1);
	buf[n < 0 ? 0 : n] = '\0';
	return n > 0;
}

/* Whether proc shows the processes by the numbers that kill(2) takes. */
static bool is_of_this_namespace(int proc)
{
	char self[16];
	ssize_t n = readlinkat(proc, "self", self, sizeof(self) - 1);

	self[n < 0 ? 0 : n] = '\0';
	return n > 0 && strtol(self, NULL, 10) == getpid();
}

/* When it was started, by field 22 of its stat; 0: not known. */
static unsigned long long start_of_process(int proc, const char *pid)
{
	char buf[1024], *field;

	if (!read_of_process(proc, pid, "stat", buf, sizeof(buf)))
		return 0;
	/* The name before it may hold anything (proc_pid_stat(5)); behind it is field 3. */
	field = strrchr(buf, ')');
	for (int i = 2; field && i < 22; i++) {
		field = strchr(field, ' ');
		field += field != NULL;
	}
	return field ? strtoull(field, NULL, 10) : 0;
}

/*
 * The oldest process of the same control groups; 0: there is none but this one. What it needs of
 * the stack costs page faults, and hardly ever is it called.
 */
static own_frame pid_t oldest_beside(int proc, const char *groups)
{
	char theirs[GROUPS_MOST];
	union dents_piece piece;
	struct dents d = dents_of(proc, &piece);
	const struct dirent *e;
	unsigned long long first = 0;
	pid_t found = 0;

	while ((e = dents_next(&d)) != NULL) {
		int pid = dents_fd(e);
		unsigned long long start;

		if (pid <= 0 || pid == getpid() ||
		    !read_of_process(proc, e->d_name, "cgroup", theirs, sizeof(theirs)) ||
		    strcmp(theirs, groups) != 0)
			continue;
		start = start_of_process(proc, e->d_name);
		if (start && (!found || start < first)) {
			found = pid;
			first = start;
		}
	}
	return found;
}

static bool has_my_name(int proc, pid_t pid)
{
	char mine[32], theirs[32], number[16];
	struct text t;

	text_init(&t, number, sizeof(number));
	text_add(&t, "%d", (int)pid);
	return read_of_process(proc, "self", "comm", mine, sizeof(mine)) &&
	       read_of_process(proc, number, "comm", theirs, sizeof(theirs)) &&
	       strcmp(mine, theirs) == 0;
}

pid_t kill_target(struct text *why)
{
	cleanup_fd int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char mine[GROUPS_MOST], first[GROUPS_MOST];
	pid_t beside;

	/* Where nobody can tell, process 1 is what was asked for. */
	if (!is_of_this_namespace(proc) ||
	    !read_of_process(proc, "self", "cgroup", mine, sizeof(mine)) ||
	    !read_of_process(proc, "1", "cgroup", first, sizeof(first)) || strcmp(mine, first) == 0)
		return 1;
	beside = oldest_beside(proc, mine);
	if (beside && has_my_name(proc, beside))
		return beside;
	text_add(why, "--kill: process 1 is another container's (shared PID namespace), and the "
		      "first process of this one is not granit");
	return -1;
}
