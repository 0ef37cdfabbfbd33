// SPDX-License-Identifier: MIT
/* A walk down a tree of directories: the levels that are open, and the path that leads there. */
#include "sys/dirwalk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "sys/text.h"

struct dirwalk *dirwalk_new(const char *root, size_t deepest, struct arena *a)
{
	struct dirwalk *w = arena_take(a, 1, sizeof(*w));

	if (!w)
		return NULL;
	w->levels = arena_take(a, deepest, sizeof(*w->levels));
	w->deepest = deepest;
	return w->levels && text_copy(w->path, sizeof(w->path), root) ? w : NULL;
}

const struct dirent *dirwalk_next(struct dirwalk *w)
{
	struct dirwalk_level *l = dirwalk_top(w);

	w->path[l->path_len] = '\0';
	return dents_next(&l->dents);
}

int dirwalk_name(struct dirwalk *w, const char *name)
{
	size_t len = dirwalk_top(w)->path_len, name_len = strlen(name);

	if (len + 1 + name_len >= sizeof(w->path))
		return -ENAMETOOLONG;
	if (w->path[len - 1] != '/')
		w->path[len++] = '/';
	memcpy(w->path + len, name, name_len + 1);
	return 0;
}

int dirwalk_enter(struct dirwalk *w, int dirfd, const char *name)
{
	struct dirwalk_level *l = &w->levels[w->depth];
	int fd;

	if (w->depth == w->deepest)
		return -ENAMETOOLONG;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Set field by field: clearing the buffer would touch all of its pages. */
	l->dents = (struct dents){.dir = fd, .buf = l->buf, .size = sizeof(l->buf)};
	l->path_len = strlen(w->path);
	l->done = false;
	w->depth++;
	return 0;
}

int dirwalk_leave(struct dirwalk *w)
{
	struct dirwalk_level *l = dirwalk_top(w);

	(void)close(l->dents.dir);
	w->path[l->path_len] = '\0';
	w->depth--;
	return l->dents.error;
}
