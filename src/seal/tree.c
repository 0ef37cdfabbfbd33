// SPDX-License-Identifier: MIT
#include "seal/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/dirwalk.h"

enum { DEEPEST = 128 /* directories in directories */ };

struct tour {
	const struct tree_visitor *visitor;
	struct dirwalk *dirs;
	struct sys_statx root;
};

static int look(int dirfd, const char *name, struct sys_statx *ret)
{
	/* No automount is triggered by a look. */
	return sys_statx(dirfd, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT,
			 SYS_STATX_BASIC | SYS_STATX_MNT_ID, ret);
}

/* What the walk goes on with: 0, if the visitor takes that path as one nobody could look at. */
static int blind_to(const struct tour *t, int error)
{
	return t->visitor->blind(t->visitor->arg, t->dirs->path, error);
}

static int enter_dir(struct tour *t, int dirfd, const char *name)
{
	int r = dirwalk_enter(t->dirs, dirfd, name);

	return r < 0 ? blind_to(t, r) : 0;
}

static int leave_dir(struct tour *t)
{
	int error = dirwalk_leave(t->dirs);

	return error ? blind_to(t, error) : 0;
}

static int look_at_name(struct tour *t, const char *name)
{
	const struct tree_visitor *v = t->visitor;
	struct tree_name n = {
		.path = t->dirs->path, .dirfd = dirwalk_top(t->dirs)->dents.dir, .name = name};
	int r = dirwalk_name(t->dirs, name);

	if (r == 0)
		r = look(n.dirfd, name, &n.st);
	if (r < 0)
		return blind_to(t, r);
	n.foreign = !sys_is_same_mount(&t->root, &n.st);
	r = v->visit(v->arg, &n);
	if (r < 0 || n.foreign || !S_ISDIR(n.st.mode))
		return r;
	return enter_dir(t, n.dirfd, name);
}

static int look_at_dirs(struct tour *t)
{
	int r = 0;

	while (t->dirs->depth && r == 0) {
		const struct dirent *e = dirwalk_next(t->dirs);

		r = e ? look_at_name(t, e->d_name) : leave_dir(t);
	}
	while (t->dirs->depth)
		(void)dirwalk_leave(t->dirs);
	return r;
}

int tree_walk(int root, const struct tree_visitor *v, struct arena *a)
{
	struct tour t = {.visitor = v, .dirs = dirwalk_new(".", DEEPEST, a)};
	struct tree_name n = {.path = ".", .dirfd = root, .name = "."};
	int r;

	if (!t.dirs)
		return -ENOMEM;
	r = look(root, "", &t.root);
	if (r < 0)
		return blind_to(&t, r);
	n.st = t.root;
	r = v->visit(v->arg, &n);
	if (r == 0)
		r = enter_dir(&t, root, ".");
	return r == 0 ? look_at_dirs(&t) : r;
}

/* ---- one file */

/* What openat2(2) does in one call; before 5.6, and where a filter does not know it. */
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
			      *path ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC : flags);
		if (next < 0)
			return -errno;
		if (!*path)
			return next;
		close_fd(&dir);
		dir = next;
	}
}

int tree_open(int root, const char *path)
{
	/* NONBLOCK: a FIFO that takes the place of a file in this moment must not hold us up. */
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	cleanup_fd int fd = -1;
	struct stat st;
	int tries = 16;

	do
		fd = sys_openat2(root, path, (unsigned int)flags,
				 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
	while (fd == -EAGAIN && --tries);
	if (fd == -ENOSYS || fd == -EPERM)
		fd = open_by_parts(root, path, flags);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? take_fd(&fd) : -ESTALE;
}
