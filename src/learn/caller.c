// SPDX-License-Identifier: MIT
/* Who called, as /proc shows it. What is read there may be changed meanwhile. */
#include "learn/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/mountid.h"
#include "facts/status.h"

enum { STATUS_ROOM = 8192 };

/* ---- what the kernel says of a process */

int caller_proc(pid_t pid, const char *what, int flags)
{
	char path[64];
	struct text t;
	int fd;

	text_init(&t, path, sizeof(path));
	text_add(&t, "/proc/%d/%s", pid, what);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static bool read_status_text(pid_t pid, char ret[STATUS_ROOM])
{
	cleanup_fd int fd = caller_proc(pid, "status", O_RDONLY);
	size_t len;

	return fd >= 0 && text_read(fd, ret, STATUS_ROOM, &len) == 0;
}

/* A thread has a name of its own, which says nothing to who knows the program. */
static pid_t process_of(pid_t thread)
{
	static const char line[] = "\nTgid:\t";
	char status[STATUS_ROOM];
	const char *at = read_status_text(thread, status) ? strstr(status, line) : NULL;

	return at ? (pid_t)strtol(at + sizeof(line) - 1, NULL, 10) : thread;
}

const char *caller_name(struct caller *c)
{
	char name[sizeof(c->name) + 1]; /* and a newline */
	cleanup_fd int fd = *c->name ? -1 : caller_proc(process_of(c->pid), "comm", O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, name, sizeof(name));

	if (n > 0) {
		name[n - 1] = '\0';
		learnt_name(c->name, name);
	}
	return c->name;
}

bool caller_has(const struct caller *c, unsigned int cap)
{
	char text[STATUS_ROOM];
	const char *missing;
	struct status s;

	return read_status_text(c->pid, text) && status_parse(text, &s, &missing) == 0 &&
	       (s.uid[1] == 0 || s.caps[CAP_SET_EFFECTIVE] & UINT64_C(1) << cap);
}

bool caller_open_memory(struct learnt *n, pid_t pid)
{
	if (n->memory >= 0 && n->memory_of == pid)
		return true;
	close_fd(&n->memory);
	n->memory = caller_proc(pid, "mem", O_RDONLY);
	n->memory_of = pid;
	return n->memory >= 0;
}

void caller_close_memory(struct learnt *n)
{
	close_fd(&n->memory);
	n->memory = -1;
}

/* As pread(2). The memory that is open may be that of one that had the same number. */
static ssize_t read_memory(const struct caller *c, uint64_t at, void *ret, size_t size)
{
	ssize_t r = pread(c->n->memory, ret, size, (off_t)at);

	if (r > 0)
		return r;
	caller_close_memory(c->n);
	return caller_open_memory(c->n, c->pid) ? pread(c->n->memory, ret, size, (off_t)at) : -1;
}

bool caller_read(const struct caller *c, uint64_t at, void *ret, size_t size)
{
	return read_memory(c, at, ret, size) == (ssize_t)size;
}

/* Up to its NUL, a page at a time: what lies behind it may not be there. */
bool caller_read_string(const struct caller *c, uint64_t at, char ret[PATH_MAX])
{
	enum { PAGE = 4096 };
	size_t len = 0;

	while (len < PATH_MAX) {
		size_t part = PAGE - (size_t)((at + len) % PAGE);
		ssize_t n = read_memory(c, at + len, ret + len,
					part < PATH_MAX - len ? part : PATH_MAX - len);

		if (n <= 0)
			return false;
		if (memchr(ret + len, '\0', (size_t)n))
			return true;
		len += (size_t)n;
	}
	return false;
}

/* ---- which file a call means */

/* What of the path is to be looked up in /proc/PID, since there "self" is another one; or NULL. */
const char *caller_behind_self(const char *path)
{
	static const char *const selves[] = {"/proc/self/", "/proc/thread-self/"};

	for (size_t i = 0; i < array_length(selves); i++)
		if (strncmp(path, selves[i], strlen(selves[i])) == 0)
			return path + strlen(selves[i]);
	return NULL;
}

int caller_open(const struct caller *c, const struct watched_call *row, const char *path, int flags)
{
	const char *own = caller_behind_self(path);
	char full[PATH_MAX + 64];
	struct text t;
	int fd;

	text_init(&t, full, sizeof(full));
	text_add(&t, "/proc/%d/", c->pid);
	if (own)
		path = own;
	else if (path[0] == '/')
		text_add_string(&t, "root");
	else if (row->dir < 0 || (int)c->args[row->dir] == AT_FDCWD)
		text_add_string(&t, "cwd");
	else
		text_add(&t, "fd/%d", (int)c->args[row->dir]);
	if (*path)
		text_add_part(&t, path[0] == '/' ? path + 1 : path);
	fd = open(full, O_PATH | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

bool caller_real_path(int fd, char ret[PATH_MAX])
{
	struct stat st;

	return path_of_fd(-1, fd, ret) && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

int caller_open_parent(const struct caller *c, const struct watched_call *row, char *path,
		       char ret[PATH_MAX])
{
	char name[NAME_MAX + 1], *slash;
	size_t len = strlen(path);
	struct text t;
	int fd;

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	slash = strrchr(path, '/');
	if (!text_copy(name, sizeof(name), slash ? slash + 1 : path))
		return -ENAMETOOLONG;
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -EINVAL;
	if (slash)
		slash[slash == path] = '\0';
	/* Of a path in the directory itself nothing is left: "." keeps it a relative one. */
	fd = caller_open(c, row, slash ? path : ".", O_DIRECTORY);
	if (fd < 0 || !caller_real_path(fd, ret)) {
		close_fd(&fd);
		return -ENOENT;
	}
	t = (struct text){.buf = ret, .size = PATH_MAX, .len = strlen(ret)};
	text_add_part(&t, name);
	return fd;
}
