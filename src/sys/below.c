// SPDX-License-Identifier: MIT
/* Opens files inside a root directory, through openat2(2) or step by step. */
#include "sys/below.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

enum {
	MOST_LINKS = 40, /* as many as the kernel follows (path_resolution(7)) */
};

/* ---- before 5.6, and where a seccomp profile is older than openat2(2) */

/* Part by part, each opened in the one before: for paths without links. */
static int open_by_parts(int root, const char *path, int flags)
{
	cleanup_fd int dir = -1;
	char part[NAME_MAX + 1];

	for (;;) {
		size_t len = strcspn(path, "/");
		int next;

		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(part, path, len);
		part[len] = '\0';
		path += len + (path[len] == '/');
		next = openat(dir < 0 ? root : dir, part,
			      (*path ? O_PATH | O_DIRECTORY : flags) | O_NOFOLLOW | O_CLOEXEC,
			      0644);
		if (next < 0)
			return -errno;
		if (!*path)
			return next;
		close_fd(&dir);
		dir = next;
	}
}

/*
 * With links the path is walked in text first: done holds the real path so far, todo what is still
 * to be resolved.
 */
struct steps {
	char done[PATH_MAX];
	char todo[PATH_MAX];
	int links;
};

static int go_up(struct steps *s)
{
	char *slash = strrchr(s->done, '/');

	*(slash ? slash : s->done) = '\0'; /* above the root is the root */
	return 0;
}

static int go_down(struct steps *s, const char *part)
{
	size_t len = strlen(s->done);

	if (len + 1 < sizeof(s->done) && len)
		s->done[len++] = '/';
	return text_copy(s->done + len, sizeof(s->done) - len, part) ? 0 : -ENAMETOOLONG;
}

/* Puts the target of the link in front of what is still to be resolved. */
static int follow(struct steps *s, int root)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(root, s->done, target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	if (++s->links > MOST_LINKS)
		return -ELOOP;
	target[n] = '/';
	if (!text_copy(target + n + 1, sizeof(target) - (size_t)n - 1, s->todo))
		return -ENAMETOOLONG;
	if (target[0] == '/')
		s->done[0] = '\0';
	else
		go_up(s);
	return text_copy(s->todo, sizeof(s->todo), target) ? 0 : -ENAMETOOLONG;
}

static bool is_link(int root, const char *path)
{
	struct stat st;

	return fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

/* Resolves one part. Returns 0, or -errno. */
static int step(struct steps *s, int root, bool follow_last)
{
	char part[NAME_MAX + 1];
	char *start = s->todo + strspn(s->todo, "/");
	size_t len = strcspn(start, "/");
	bool last;
	int r;

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(part, start, len);
	part[len] = '\0';
	last = start[len + strspn(start + len, "/")] == '\0';
	memmove(s->todo, start + len, strlen(start + len) + 1);
	if (len == 0 || strcmp(part, ".") == 0)
		return 0;
	if (strcmp(part, "..") == 0)
		return go_up(s);
	r = go_down(s, part);
	if (r < 0 || (last && !follow_last) || !is_link(root, s->done))
		return r;
	return follow(s, root);
}

static int open_step_by_step(int root, const char *path, int flags)
{
	struct steps s = {.links = 0};

	if (!text_copy(s.todo, sizeof(s.todo), path))
		return -ENAMETOOLONG;
	while (s.todo[0]) {
		int r = step(&s, root, !(flags & O_NOFOLLOW));

		if (r < 0)
			return r;
	}
	/* What was not a link a moment ago must not be one now. */
	return open_by_parts(root, s.done[0] ? s.done : ".", flags);
}

/* ---- with openat2(2) */

static int open_resolved(int root, const char *path, int flags, uint64_t resolve)
{
	int fd, tries = 16;

	/* EAGAIN: something was renamed or mounted meanwhile, anywhere (openat2(2)). */
	do
		fd = sys_openat2(root, path, (unsigned int)flags | O_CLOEXEC, resolve);
	while (fd == -EAGAIN && --tries);
	return fd;
}

static bool has_no_openat2(int error)
{
	return error == -ENOSYS || error == -EPERM;
}

int open_below(int root, const char *path, int flags)
{
	int fd = open_resolved(root, path, flags, RESOLVE_IN_ROOT);

	return has_no_openat2(fd) ? open_step_by_step(root, path, flags) : fd;
}

int open_without_links(int root, const char *path, int flags)
{
	int fd = open_resolved(root, path, flags | O_NOFOLLOW,
			       RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);

	return has_no_openat2(fd) ? open_by_parts(root, path, flags) : fd;
}

int open_no_links(const char *path, int flags)
{
	cleanup_fd int root = -1;
	int fd = open_resolved(AT_FDCWD, path, flags, RESOLVE_NO_SYMLINKS);

	if (!has_no_openat2(fd))
		return fd;
	if (*path != '/')
		return open_by_parts(AT_FDCWD, path, flags);
	root = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? -errno : open_by_parts(root, path + strspn(path, "/"), flags);
}

int open_in(int root, const char *path, int flags)
{
	return root < 0 ? sight_open(AT_FDCWD, path, flags) : open_below(root, path, flags);
}

int stat_in(int root, const char *path, struct stat *ret)
{
	cleanup_fd int fd = -1;

	if (root < 0)
		return sight_stat(AT_FDCWD, path, 0, ret);
	fd = open_below(root, path, O_PATH);
	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? -errno : 0;
}
