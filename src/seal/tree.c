// SPDX-License-Identifier: MIT
#include "seal/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/dents.h"

enum {
	DEEPEST = 128, /* directories in directories */
	DENTS = 1 << 14,
};

struct level {
	struct dents dents;
	size_t path_len; /* of the path of the directory itself */
};

struct tour {
	const struct tree_visitor *visitor;
	struct sys_statx root;
	size_t depth;
	size_t len; /* of path */
	char path[PATH_MAX];
	struct level levels[DEEPEST];
	char *bufs;
};

static int look(int dirfd, const char *name, struct sys_statx *ret)
{
	/* No automount is triggered by a look. */
	return sys_statx(dirfd, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT,
			 SYS_STATX_BASIC | SYS_STATX_MNT_ID, ret);
}

static int push(struct tour *t, int dirfd, const char *name)
{
	struct level *l = &t->levels[t->depth];
	int fd;

	if (t->depth == DEEPEST)
		return -ENAMETOOLONG;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*l = (struct level){.path_len = t->len};
	l->dents = (struct dents){.dir = fd, .buf = t->bufs + t->depth * DENTS, .size = DENTS};
	t->depth++;
	return 0;
}

static int pop(struct tour *t)
{
	struct level *l = &t->levels[--t->depth];
	int error = l->dents.error;

	(void)close(l->dents.dir);
	t->path[l->path_len] = '\0';
	return error ? t->visitor->blind(t->visitor->arg, t->path, error) : 0;
}

static int look_at_name(struct tour *t, struct level *l, const char *name)
{
	const struct tree_visitor *v = t->visitor;
	struct tree_name n = {.path = t->path, .dirfd = l->dents.dir, .name = name};
	size_t len = strlen(name);
	int r;

	if (l->path_len + 1 + len >= sizeof(t->path))
		return v->blind(v->arg, t->path, -ENAMETOOLONG);
	t->path[l->path_len] = '/';
	memcpy(t->path + l->path_len + 1, name, len + 1);
	t->len = l->path_len + 1 + len;
	r = look(l->dents.dir, name, &n.st);
	if (r < 0)
		return v->blind(v->arg, t->path, r);
	n.foreign = !sys_is_same_mount(&t->root, &n.st);
	r = v->visit(v->arg, &n);
	if (r < 0 || n.foreign || !S_ISDIR(n.st.mode))
		return r;
	r = push(t, l->dents.dir, name);
	return r < 0 ? v->blind(v->arg, t->path, r) : 0;
}

static int walk(struct tour *t)
{
	int r = 0;

	while (t->depth) {
		struct level *l = &t->levels[t->depth - 1];
		const struct dirent *e = r < 0 ? NULL : dents_next(&l->dents);

		if (e) {
			r = look_at_name(t, l, e->d_name);
		} else {
			int popped = pop(t);

			r = r < 0 ? r : popped;
		}
	}
	return r;
}

int tree_walk(int root, const struct tree_visitor *v, struct arena *a)
{
	struct tour *t = arena_take(a, 1, sizeof(*t));
	struct tree_name n = {.path = ".", .dirfd = root, .name = "."};
	int r;

	if (!t)
		return -ENOMEM;
	t->bufs = arena_take(a, DEEPEST, DENTS);
	if (!t->bufs)
		return -ENOMEM;
	t->visitor = v;
	t->path[0] = '.';
	t->len = 1;
	r = look(root, "", &t->root);
	if (r < 0)
		return v->blind(v->arg, t->path, r);
	n.st = t->root;
	r = v->visit(v->arg, &n);
	if (r < 0)
		return r;
	r = push(t, root, ".");
	return r < 0 ? v->blind(v->arg, t->path, r) : walk(t);
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
