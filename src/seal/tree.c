// SPDX-License-Identifier: MIT
/* Visits every name of an image, and opens single files of it. */
#include "seal/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/below.h"
#include "sys/dirwalk.h"
#include "sys/regular.h"
#include "sys/text.h"

struct tour {
	const struct tree_visitor *visitor;
	struct dirwalk *dirs;
	struct sys_statx root;
};

static int stat_name(int dirfd, const char *name, struct sys_statx *ret)
{
	const int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;
	const unsigned int mask = SYS_STATX_BASIC | SYS_STATX_MNT_ID;
	/* A look must not trigger a mount. */
	int r = sys_statx(dirfd, name, flags | AT_NO_AUTOMOUNT, mask, ret);

	/* gVisor has no such mounts, and does not know the flag. */
	return r == -EINVAL ? sys_statx(dirfd, name, flags, mask, ret) : r;
}

/* Reports a path that could not be looked at. The walk goes on if the visitor returns 0. */
static int tell_blind(const struct tour *t, int error)
{
	return t->visitor->blind(t->visitor->arg, t->dirs->path, error);
}

static int enter_dir(struct tour *t, int dirfd, const char *name)
{
	int r = dirwalk_enter(t->dirs, dirfd, name);

	return r < 0 ? tell_blind(t, r) : 0;
}

static int leave_dir(struct tour *t)
{
	int error = dirwalk_leave(t->dirs);

	return error ? tell_blind(t, error) : 0;
}

static int visit_name(struct tour *t, const char *name)
{
	const struct tree_visitor *v = t->visitor;
	struct tree_name n = {
		.path = t->dirs->path, .dirfd = dirwalk_top(t->dirs)->dents.dir, .name = name};
	int r = dirwalk_name(t->dirs, name);

	if (r == 0)
		r = stat_name(n.dirfd, name, &n.st);
	if (r < 0)
		return tell_blind(t, r);
	n.foreign = !sys_is_same_mount(&t->root, &n.st);
	r = v->visit(v->arg, &n);
	if (r < 0 || n.foreign || !S_ISDIR(n.st.mode))
		return r;
	return enter_dir(t, n.dirfd, name);
}

static int visit_dirs(struct tour *t)
{
	int r = 0;

	while (t->dirs->depth && r == 0) {
		const struct dirent *e = dirwalk_next(t->dirs);

		r = e ? visit_name(t, e->d_name) : leave_dir(t);
	}
	while (t->dirs->depth)
		(void)dirwalk_leave(t->dirs);
	return r;
}

int tree_walk(int root, const struct tree_visitor *v, struct arena *a)
{
	struct tour t = {.visitor = v, .dirs = dirwalk_new(".", a)};
	struct tree_name n = {.path = ".", .dirfd = root, .name = "."};
	int r;

	if (!t.dirs)
		return -ENOMEM;
	r = stat_name(root, "", &t.root);
	if (r < 0)
		return tell_blind(&t, r);
	n.st = t.root;
	r = v->visit(v->arg, &n);
	if (r == 0)
		r = enter_dir(&t, root, ".");
	return r == 0 ? visit_dirs(&t) : r;
}

/* ---- one file */

int tree_open(int root, const char *path)
{
	cleanup_fd int place = open_without_links(root, path, O_PATH);
	int fd = place < 0 ? place : regular_file_reopen(place);

	/* Without /proc, or out of its reach. NONBLOCK: a FIFO that takes the place of the file
	 * meanwhile must not block. */
	if (place >= 0 && (fd == -ENOENT || fd == -EACCES)) {
		cleanup_fd int again =
			open_without_links(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
		struct stat st;

		if (again < 0)
			return again;
		if (fstat(again, &st) < 0)
			return -errno;
		return S_ISREG(st.st_mode) ? take_fd(&again) : -ESTALE;
	}
	return fd == -EINVAL ? -ESTALE : fd;
}
