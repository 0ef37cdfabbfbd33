// SPDX-License-Identifier: MIT
/* Follows the paths in variables. A path is safe when all of its way is on one mount. */
#include "facts/leads.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "facts/hooks.h"
#include "facts/mountid.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

/*
 * The path without what says nothing: "//", "/./". False: it is too long for any system call.
 * *ret_goes_up: it has a "..", which leads where links lead.
 */
static bool tidy(const char *path, size_t len, char ret[PATH_MAX], bool *ret_goes_up)
{
	struct text t;

	*ret_goes_up = false;
	text_init(&t, ret, PATH_MAX);
	for (const char *end = path + len; path < end;) {
		const char *slash = memchr(path, '/', (size_t)(end - path));
		size_t part = (size_t)((slash ? slash : end) - path);

		*ret_goes_up |= part == 2 && memcmp(path, "..", 2) == 0;
		if (part && !(part == 1 && *path == '.')) {
			text_add_bytes(&t, "/", 1);
			text_add_bytes(&t, path, part);
		}
		path += part + (slash != NULL);
	}
	if (t.len == 0)
		text_add_bytes(&t, "/", 1);
	return !t.cut;
}

/* The root's, of a text that goes up: anywhere else is told by the kernel alone. */
static const struct mount *start_of(const struct mount_table *t, const char *tidied, bool goes_up)
{
	return goes_up ? mounts_by_id(t, t->root) : mounts_by_path(t, tidied);
}

const struct mount *lead_mount(const struct mount_table *t, const char *path, size_t len)
{
	char tidied[PATH_MAX];
	bool goes_up;

	return tidy(path, len, tidied, &goes_up) ? start_of(t, tidied, goes_up) : NULL;
}

bool lead_is_open(const struct mount_table *t, const struct mount *m, const char *path, size_t len,
		  enum lead_end end)
{
	char tidied[PATH_MAX];
	bool goes_up;

	/* Which part of the mount links lead to is not known. */
	if (end != LEAD_BY_TEXT || !tidy(path, len, tidied, &goes_up) || goes_up)
		tidied[0] = '\0';
	return mounts_open_elsewhere(t, m, tidied) || mount_way_open(t, m);
}

/*
 * Whether an open file is on m. gVisor tells of no file which mount it is on: there the device has
 * to be that of no other mount.
 */
static bool is_on(const struct mount_table *t, const struct mount *m, int proc, int fd)
{
	char buf[32];
	struct text device;
	struct stat st;
	uint64_t id;

	if (mount_id(proc, fd, &id) == 0)
		return id == m->id;
	if (fstat(fd, &st) < 0)
		return false;
	text_init(&device, buf, sizeof(buf));
	text_add(&device, "%u:%u", major(st.st_dev), minor(st.st_dev));
	for (size_t i = 0; i < t->count; i++)
		if (&t->rows[i] != m && strcmp(t->rows[i].device, buf) == 0)
			return false;
	return strcmp(m->device, buf) == 0;
}

/* Kernels before 5.6, and profiles that do not know the call: only the end of the way is seen. */
static enum lead_end look_at_end(const struct mount_table *t, const struct mount *m,
				 const char *path, bool goes_up)
{
	cleanup_fd int proc = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_fd int fd = sight_open(AT_FDCWD, path, O_PATH);

	if (fd < 0)
		return goes_up || fd == -ELOOP ? LEAD_LEAVES : LEAD_BY_TEXT;
	return is_on(t, m, proc, fd) ? LEAD_STAYS : LEAD_LEAVES;
}

static int try_on_mount(int dir, const char *rest, uint64_t more)
{
	int fd, tries = 16;

	/* EAGAIN: something was renamed or mounted meanwhile, anywhere (openat2(2)). */
	do
		fd = sys_openat2(dir, rest, O_PATH | O_CLOEXEC, RESOLVE_NO_XDEV | more);
	while (fd == -EAGAIN && --tries);
	return fd;
}

static int open_on_mount(int dir, const char *rest, uint64_t more)
{
	int fd = try_on_mount(dir, rest, more);

	if (!sight_take(fd))
		return fd;
	fd = try_on_mount(dir, rest, more);
	sight_give_back();
	return fd;
}

/* Of a path over links where nothing is: whether the last part alone is missing, in a directory on
 * the same mount, and is no link to nothing. */
static bool is_last_missing(int dir, char *rest)
{
	char *slash = strrchr(rest, '/');
	cleanup_fd int parent = -1, last = -1;

	if (!slash || slash == rest || strcmp(slash, "/..") == 0)
		return false;
	*slash = '\0';
	parent = open_on_mount(dir, rest, RESOLVE_NO_MAGICLINKS);
	*slash = '/';
	if (parent < 0)
		return false;
	last = open_on_mount(parent, slash + 1, RESOLVE_NO_SYMLINKS);
	return last == -ENOENT;
}

static enum lead_end follow_on(const struct mount_table *t, const struct mount *m, int dir,
			       char *rest, const char *path, bool goes_up, bool passes_bars)
{
	bool has_links = goes_up;
	cleanup_fd int fd = open_on_mount(dir, rest, RESOLVE_NO_SYMLINKS);

	if (fd == -ELOOP) {
		has_links = true;
		fd = open_on_mount(dir, rest, RESOLVE_NO_MAGICLINKS);
	}
	if (fd >= 0)
		return has_links ? LEAD_STAYS : LEAD_BY_TEXT;
	if (fd == -ENOSYS || fd == -EPERM)
		return look_at_end(t, m, path, goes_up);
	/* Nobody but the program knows. */
	if (fd == -EACCES && passes_bars)
		return LEAD_LEAVES;
	/* Nothing is there, or nobody may look: what is not there could be made on that mount only,
	 * and a link would have been met. */
	if (!has_links && (fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES))
		return LEAD_BY_TEXT;
	if (fd == -ENOENT && is_last_missing(dir, rest))
		return LEAD_STAYS;
	return LEAD_LEAVES;
}

enum lead_end lead_look(const struct mount_table *t, const char *path, size_t len, bool passes_bars)
{
	char tidied[PATH_MAX];
	cleanup_fd int dir = -1;
	const struct mount *m;
	bool goes_up;

	if (!tidy(path, len, tidied, &goes_up))
		return LEAD_BY_TEXT; /* no call takes it */
	m = start_of(t, tidied, goes_up);
	/* What can be written needs no look. */
	if (!m || !m->read_only)
		return goes_up ? LEAD_LEAVES : LEAD_BY_TEXT;
	if (mount_is_root(t, m))
		return follow_on(t, m, AT_FDCWD, tidied, tidied, goes_up, passes_bars);
	if (strcmp(m->point, tidied) == 0)
		return LEAD_BY_TEXT;
	dir = sight_open(AT_FDCWD, m->point, O_PATH | O_DIRECTORY);
	if (dir < 0)
		return dir == -EACCES && passes_bars ? LEAD_LEAVES : LEAD_BY_TEXT;
	return follow_on(t, m, dir, tidied + strlen(m->point) + 1, tidied, goes_up, passes_bars);
}

/* ---- all of them */

static void lead_add(struct lead **leads, const struct mount_table *t, const char *path, size_t len,
		     bool passes_bars, struct arena *a)
{
	struct lead *l = arena_take(a, 1, sizeof(*l));

	if (!l)
		return;
	*l = (struct lead){
		.next = *leads, .path = path, .end = lead_look(t, path, len, passes_bars)};
	*leads = l;
}

void leads_add(struct lead **leads, const struct mount_table *t, const char *variable,
	       bool passes_bars, struct arena *a)
{
	const struct hook h = hook_of(variable);
	const char *value = variable + h.name_len + 1;
	struct hook_word w;

	if (strncmp(variable, "PATH=", 5) == 0) {
		for (const char *end; value; value = *end ? end + 1 : NULL) {
			end = strchrnul(value, ':');
			if (*value == '/')
				lead_add(leads, t, value, (size_t)(end - value), passes_bars, a);
		}
	} else if (h.group) {
		while (hook_next_word(&h, &value, &w))
			if (w.kind == WORD_PATH)
				lead_add(leads, t, w.path, w.len, passes_bars, a);
	}
}
