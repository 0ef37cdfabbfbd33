// SPDX-License-Identifier: MIT
/* Parses /proc/self/mountinfo and answers questions about the mount table. */
#include "facts/mounts.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sys/text.h"

/* The kernel writes space, tab, newline and backslash in names as \ooo (fs/seq_file.c). */
static void unescape_octal(char *s)
{
	char *out = strchr(s, '\\');

	if (!out)
		return;
	for (char *in = out; *in; out++) {
		int c = text_octal(in, 4); /* reads no further than the NUL */

		*out = (char)(c < 0 ? *in : c);
		in += c < 0 ? 1 : 4;
	}
	*out = '\0';
}

static bool has_option(const char *options, const char *name)
{
	size_t len = strlen(name);

	for (const char *o = options; o; o = strchr(o, ',')) {
		o += *o == ',';
		if (strncmp(o, name, len) == 0 && (o[len] == ',' || o[len] == '\0'))
			return true;
	}
	return false;
}

/*
 * Fields 1 to 6, any number of tags, a lone "-", then type, source and the super block's options.
 * strsep(3) gives NULL for what a short line lacks.
 */
static int parse_line(char *line, struct mount *m)
{
	char *id = strsep(&line, " "), *parent = strsep(&line, " ");
	char *device = strsep(&line, " ");
	char *root, *point, *options, *tag, *fstype, *super;

	root = strsep(&line, " ");
	point = strsep(&line, " ");
	options = strsep(&line, " ");
	if (!options || text_to_uint(id, UINT64_MAX, &m->id) < 0 ||
	    text_to_uint(parent, UINT64_MAX, &m->parent) < 0)
		return -EINVAL;
	do {
		tag = strsep(&line, " ");
		m->shared |= tag && strncmp(tag, "shared:", 7) == 0;
	} while (tag && strcmp(tag, "-") != 0);
	fstype = strsep(&line, " ");
	(void)strsep(&line, " "); /* the source; it may be empty, between two blanks */
	super = strsep(&line, " ");
	if (!super || !*super)
		return -EINVAL;
	unescape_octal(root);
	unescape_octal(point);
	unescape_octal(fstype);
	m->device = device;
	m->root = root;
	m->point = point;
	m->fstype = fstype;
	m->super_options = super;
	m->super_read_only = has_option(super, "ro");
	m->read_only = m->super_read_only || has_option(options, "ro");
	m->noexec = has_option(options, "noexec");
	m->nosuid = has_option(options, "nosuid");
	m->nodev = has_option(options, "nodev");
	return 0;
}

static size_t count_lines(const char *s)
{
	size_t n = 0;

	while ((s = strchr(s, '\n')) != NULL) {
		s++;
		n++;
	}
	return n;
}

/* Rows of one id, which no kernel writes, in their order. */
static int compare_ids(const void *a, const void *b)
{
	const struct mount *x = *(const struct mount *const *)a,
			   *y = *(const struct mount *const *)b;

	return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : (x > y) - (x < y);
}

static int sort_by_id(struct mount_table *t, struct arena *a)
{
	t->by_id = arena_take(a, t->count + 1, sizeof(const struct mount *));
	if (!t->by_id)
		return -ENOMEM;
	for (size_t i = 0; i < t->count; i++)
		t->by_id[i] = &t->rows[i];
	qsort(t->by_id, t->count, sizeof(const struct mount *), compare_ids);
	return 0;
}

int mounts_parse(char *mountinfo, struct arena *a, struct mount_table *ret, size_t *ret_line)
{
	size_t room = count_lines(mountinfo) + 1; /* the last line may lack its newline */
	struct mount_table t = {.rows = arena_take(a, room, sizeof(struct mount))};

	if (!t.rows)
		return -ENOMEM;
	while (*mountinfo) {
		char *next = strchr(mountinfo, '\n');

		if (next)
			*next++ = '\0';
		if (parse_line(mountinfo, &t.rows[t.count]) < 0) {
			*ret_line = t.count + 1;
			return -EINVAL;
		}
		t.count++;
		if (!next)
			break;
		mountinfo = next;
	}
	*ret = t;
	return sort_by_id(ret, a);
}

bool mount_shows_kernel(const struct mount *m)
{
	static const char *const types[] = {
		"debugfs",  "tracefs", "bpf",      "securityfs",
		"configfs", "pstore",  "efivarfs", "fusectl",
	};

	return is_one_of(m->fstype, types);
}

const struct mount *mounts_by_id(const struct mount_table *t, uint64_t id)
{
	size_t from = 0, end = t->count;

	while (from < end) {
		size_t middle = from + (end - from) / 2;

		if (t->by_id[middle]->id < id)
			from = middle + 1;
		else
			end = middle;
	}
	return from < t->count && t->by_id[from]->id == id ? t->by_id[from] : NULL;
}

bool mount_is_root(const struct mount_table *t, const struct mount *m)
{
	return t->root && m->id == t->root;
}

bool mount_is_over_root(const struct mount_table *t, const struct mount *m)
{
	return !mount_is_root(t, m) && strcmp(m->point, "/") == 0;
}

bool path_is_beneath(const char *path, const char *dir)
{
	/* Called for every pair of mounts: one pass. */
	for (const char *d = dir; *d; d++, path++) {
		if (*path != *d)
			return false;
		if (d == dir && !d[1]) /* everything is beneath "/" */
			return true;
	}
	return *path == '/' || *path == '\0';
}

int path_compare(const char *x, const char *y, size_t y_len)
{
	for (size_t i = 0;; i++) {
		int c = x[i] == '/' ? 1 : x[i] ? (unsigned char)x[i] + 1 : 0;
		int d = i == y_len ? 0 : y[i] == '/' ? 1 : (unsigned char)y[i] + 1;

		if (c != d || c == 0)
			return c - d;
	}
}

size_t path_len_above(const char *path, size_t len)
{
	if (len <= 1)
		return 0;
	while (len > 0 && path[len - 1] != '/')
		len--;
	return len > 1 ? len - 1 : len;
}

/* With the first len bytes of path. */
static int compare_point(const struct mount *m, const char *path, size_t len)
{
	int r = strncmp(m->point, path, len);

	return r ? r : m->point[len] != '\0';
}

static int compare_points(const void *a, const void *b)
{
	const struct mount *x = *(const struct mount *const *)a,
			   *y = *(const struct mount *const *)b;
	int r = strcmp(x->point, y->point);

	return r ? r : (x > y) - (x < y);
}

int mounts_sort_by_point(struct mount_table *t, struct arena *a)
{
	t->by_point = arena_take(a, t->count + 1, sizeof(const struct mount *));
	if (!t->by_point)
		return -ENOMEM;
	for (size_t i = 0; i < t->count; i++)
		if (!t->rows[i].covered && !mount_is_over_root(t, &t->rows[i]))
			t->by_point[t->points++] = &t->rows[i];
	qsort(t->by_point, t->points, sizeof(const struct mount *), compare_points);
	return 0;
}

/* The last row of those on the first len bytes of path, or NULL. */
static const struct mount *find_point(const struct mount_table *t, const char *path, size_t len)
{
	size_t from = 0, end = t->points;

	while (from < end) {
		size_t middle = from + (end - from) / 2;

		if (compare_point(t->by_point[middle], path, len) <= 0)
			from = middle + 1;
		else
			end = middle;
	}
	return from && compare_point(t->by_point[from - 1], path, len) == 0 ? t->by_point[from - 1]
									    : NULL;
}

const struct mount *mounts_by_path(const struct mount_table *t, const char *path)
{
	const struct mount *m = NULL;

	for (size_t len = strlen(path); !m && len > 0; len = path_len_above(path, len))
		m = find_point(t, path, len);
	return m;
}

/* What is left of path behind dir, of which it is beneath: "" or "/..."; of "/", the whole path. */
static const char *rest_below(const char *path, const char *dir)
{
	const char *rest = path + (dir[1] ? strlen(dir) : 0);

	return strcmp(rest, "/") == 0 ? "" : rest;
}

/*
 * Whether inner, whose root is a part of outer's, lies where that part would show: then no path
 * leads to it through outer. So runtimes make a part of /proc read-only.
 */
static bool is_in_place(const struct mount *outer, const struct mount *inner)
{
	return path_is_beneath(inner->point, outer->point) &&
	       strcmp(rest_below(inner->point, outer->point),
		      rest_below(inner->root, outer->root)) == 0;
}

/* The root field is a path within the file system that the device number names. */
bool mounts_have_files_in_common(const struct mount *a, const struct mount *b)
{
	if (strcmp(a->device, b->device) != 0)
		return false;
	if (path_is_beneath(a->root, b->root))
		return !is_in_place(b, a);
	return path_is_beneath(b->root, a->root) && !is_in_place(a, b);
}

bool mount_is_open_twin(const struct mount *m, const struct mount *other)
{
	return !other->read_only && !other->covered && mounts_have_files_in_common(m, other);
}

/* Whether what path leads to on m, or what lies below it, is other's, too. */
static bool shares(const struct mount *m, const struct mount *other, const char *path)
{
	const char *part;

	/* All of m is, or nobody knows which part. */
	if (path_is_beneath(m->root, other->root) || !path_is_beneath(path, m->point))
		return true;
	part = rest_below(other->root, m->root);
	path = rest_below(path, m->point);
	/* NOLINTNEXTLINE(readability-suspicious-call-argument): either way round */
	return path_is_beneath(path, part) || path_is_beneath(part, path);
}

const struct mount *mounts_open_elsewhere(const struct mount_table *t, const struct mount *m,
					  const char *path)
{
	/* Without the first there is none. */
	for (size_t i = 0; m->twin && i < t->count; i++)
		if (mount_is_open_twin(m, &t->rows[i]) && shares(m, &t->rows[i], path))
			return &t->rows[i];
	return NULL;
}

const struct mount *mounts_dir_open_elsewhere(const struct mount_table *t, const struct mount *m,
					      const char *dir)
{
	char path[PATH_MAX];
	struct text in_fs;

	if (!m->twin || !path_is_beneath(dir, m->point))
		return m->twin;
	text_init(&in_fs, path, sizeof(path));
	text_add_string(&in_fs, m->root[1] ? m->root : "");
	text_add_string(&in_fs, rest_below(dir, m->point));
	for (size_t i = 0; i < t->count; i++)
		if (mount_is_open_twin(m, &t->rows[i]) &&
		    path_is_beneath(in_fs.len ? path : "/", t->rows[i].root))
			return &t->rows[i];
	return NULL;
}

static bool is_directly_below(const char *path, const char *dir)
{
	const char *rest = rest_below(path, dir);

	/* Nothing is left of one that is mounted on another's root. */
	return !*rest || !strchr(rest + 1, '/');
}

const struct mount *mount_way_open(const struct mount_table *t, const struct mount *m)
{
	const struct mount *above;

	/* A table that goes in circles has as many steps as rows. */
	for (size_t i = 0; i < t->count && !mount_is_root(t, m); i++, m = above) {
		above = mounts_by_id(t, m->parent);
		if (!above || above == m || !path_is_beneath(m->point, above->point))
			return NULL;
		if (!above->read_only && !is_directly_below(m->point, above->point))
			return above;
	}
	return NULL;
}
