// SPDX-License-Identifier: MIT
/* Walks a path as the kernel does (path_resolution(7)), and asks each directory for its mount. */
#include "facts/way.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/mountid.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

enum { LINKS_MOST = 40 }; /* as the kernel (MAXSYMLINKS) */

struct way {
	const struct mount_table *table;
	int proc;
	int dir;             /* where the walk is */
	char path[PATH_MAX]; /* the same, without links */
	char rest[PATH_MAX]; /* what is still to be walked */
	int links;
};

/* The mount of the open file; NULL: it is not known. */
static const struct mount *mount_of(const struct way *w, int fd)
{
	uint64_t id;

	return mount_id(w->proc, fd, &id) == 0 ? mounts_by_id(w->table, id) : NULL;
}

static int go_to_root(struct way *w)
{
	int fd = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (w->dir >= 0)
		(void)close(w->dir);
	w->dir = fd;
	memcpy(w->path, "/", 2);
	return fd;
}

/* Takes the next name off the rest; false: there is none. */
static bool next_name(struct way *w, char name[NAME_MAX + 1])
{
	const char *from = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(from, "/");

	if (len == 0 || len > NAME_MAX)
		return false;
	memcpy(name, from, len);
	name[len] = '\0';
	memmove(w->rest, from + len, strlen(from + len) + 1);
	return true;
}

/* The rest goes on from where the link leads. */
static bool go_where_link_leads(struct way *w, int link)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);
	size_t rest = strlen(w->rest);

	if (n <= 0 || (size_t)n + 1 + rest >= sizeof(w->rest) || ++w->links > LINKS_MOST)
		return false;
	memmove(w->rest + n + 1, w->rest, rest + 1);
	w->rest[n] = '/';
	memcpy(w->rest, target, (size_t)n);
	return target[0] != '/' || go_to_root(w) >= 0;
}

/* A mount through which names can be replaced where the walk is. The root is judged by itself. */
static const struct mount *open_through(const struct way *w, const struct mount *here)
{
	const struct mount *other;

	if (!here || mount_is_root(w->table, here))
		return NULL;
	if (!here->read_only)
		return here;
	other = mounts_dir_open_elsewhere(w->table, here, w->path);
	return other ? other : mount_way_open(w->table, here);
}

static bool go_into(struct way *w, int *fd, const char *name)
{
	size_t len = strlen(w->path), above = path_len_above(w->path, len);
	struct text path = {.buf = w->path, .size = sizeof(w->path), .len = len};

	(void)close(w->dir);
	w->dir = take_fd(fd);
	if (strcmp(name, "..") == 0)
		text_cut(&path, above ? above : len);
	else if (strcmp(name, ".") != 0)
		text_add_part(&path, name);
	return !path.cut;
}

/* One name further. False: the walk ends here; *ret_open: since this name can be replaced there. */
static bool go_on(struct way *w, const char *name, const struct mount **ret_open)
{
	cleanup_fd int fd = sight_open(w->dir, name, O_PATH | O_NOFOLLOW);
	const struct mount *here = mount_of(w, w->dir), *open;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	open = open_through(w, here);
	if (open && mount_of(w, fd) == here && strcmp(name, "..") != 0) {
		*ret_open = open;
		return false;
	}
	if (S_ISLNK(st.st_mode))
		return go_where_link_leads(w, fd);
	return go_into(w, &fd, name);
}

const struct mount *way_through_writable(const struct mount_table *t, int proc, const char *path)
{
	struct way w = {.table = t, .proc = proc, .dir = -1};
	const struct mount *open = NULL;
	char name[NAME_MAX + 1];

	if (path[0] != '/' || !text_copy(w.rest, sizeof(w.rest), path) || go_to_root(&w) < 0)
		return NULL;
	while (next_name(&w, name) && go_on(&w, name, &open))
		;
	(void)close(w.dir);
	return open;
}
