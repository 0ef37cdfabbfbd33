// SPDX-License-Identifier: MIT
/* A walk down a tree of directories: the levels that are open, and the path that leads there. */
#include "sys/dirwalk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

struct dirwalk *dirwalk_new(const char *root, struct arena *a)
{
	struct dirwalk *w = arena_take(a, 1, sizeof(*w));

	if (!w)
		return NULL;
	w->levels = arena_take(a, DIRWALK_LEVELS, sizeof(*w->levels));
	w->buffers = arena_take(a, DIRWALK_OPEN, sizeof(*w->buffers));
	return w->levels && w->buffers && text_copy(w->path, sizeof(w->path), root) ? w : NULL;
}

const struct dirent *dirwalk_next(struct dirwalk *w)
{
	struct dirwalk_level *l = dirwalk_top(w);
	const struct dirent *e;

	w->path[l->path_len] = '\0';
	e = dents_next(&l->dents);
	if (e)
		l->next = e->d_off;
	return e;
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

/* ---- levels that are not open */

/* Gives up the descriptor and the buffer of a level that is not read for now. */
static int put_aside(struct dirwalk_level *l)
{
	struct stat st;

	if (fstat(l->dents.dir, &st) < 0)
		return -errno;
	l->device = st.st_dev;
	l->inode = st.st_ino;
	(void)close(l->dents.dir);
	l->dents.dir = -1;
	return 0;
}

/* Opens a level again, from the one below it, and finds the place where its entries go on. */
static int take_up(struct dirwalk_level *l, int below)
{
	cleanup_fd int fd = sight_open(below, "..", O_RDONLY | O_DIRECTORY);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_dev != l->device || st.st_ino != l->inode)
		return -ESTALE;
	if (lseek(fd, l->next, SEEK_SET) < 0)
		return -errno;
	l->dents.dir = take_fd(&fd);
	l->dents.at = l->dents.filled = 0;
	return 0;
}

static struct dents empty_dents(struct dirwalk *w, size_t level, int fd)
{
	struct dirwalk_buffer *b = &w->buffers[level % DIRWALK_OPEN];

	return (struct dents){.dir = fd, .buf = b->bytes, .size = sizeof(b->bytes)};
}

int dirwalk_enter(struct dirwalk *w, int dirfd, const char *name)
{
	struct dirwalk_level *l = &w->levels[w->depth];
	cleanup_fd int fd = -1;
	int r = 0;

	if (w->depth == DIRWALK_LEVELS)
		return -ENAMETOOLONG;
	fd = sight_open(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	if (w->depth >= DIRWALK_OPEN)
		r = put_aside(l - DIRWALK_OPEN);
	if (r < 0)
		return r;
	*l = (struct dirwalk_level){.path_len = strlen(w->path)};
	l->dents = empty_dents(w, w->depth, take_fd(&fd));
	w->depth++;
	return 0;
}

int dirwalk_leave(struct dirwalk *w)
{
	struct dirwalk_level *l = dirwalk_top(w), *above = l - 1;

	if (w->depth > 1 && above->dents.dir < 0 && !above->dents.error) {
		int r = l->dents.dir < 0 ? l->dents.error : take_up(above, l->dents.dir);

		above->dents.error = r;
	}
	if (l->dents.dir >= 0)
		(void)close(l->dents.dir);
	w->path[l->path_len] = '\0';
	w->depth--;
	return l->dents.error;
}
