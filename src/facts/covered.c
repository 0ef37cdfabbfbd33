// SPDX-License-Identifier: MIT
/*
 * Which mounts are covered. A table may have ten thousand rows: they are sorted once, and what can
 * cover one is looked up. Touches nothing but its arguments.
 */
#include "facts/covered.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is asked of a row once. */
enum hidden {
	NOT_ASKED,
	ASKING, /* met again, the table runs in circles; no kernel writes such a one */
	HIDDEN, /* by what covers one of the mounts that it is mounted in */
	IN_SIGHT,
};

struct cover {
	const struct mount_table *t;
	struct mount **by_place; /* by parent, then by point */
	enum hidden *hidden;     /* a row each */
	struct mount **way;      /* up from a row to the first that is known */
};

/* With the first len bytes of point. */
static int compare_place(const struct mount *m, uint64_t parent, const char *point, size_t len)
{
	int r;

	if (m->parent != parent)
		return m->parent < parent ? -1 : 1;
	r = strncmp(m->point, point, len);
	return r ? r : m->point[len] != '\0';
}

static int compare_rows_by_place(const void *a, const void *b)
{
	const struct mount *x = *(struct mount *const *)a, *y = *(struct mount *const *)b;

	return compare_place(x, y->parent, y->point, strlen(y->point));
}

/* A mount on the root of the root's mount covers nothing there. */
static bool lies_on_root(const struct mount *m, uint64_t root)
{
	return m->parent == root && strcmp(m->point, "/") == 0;
}

/* Whether a mount but `but` lies there, on the first len bytes of point, in this parent. */
static bool lies_at(const struct cover *c, uint64_t parent, const char *point, size_t len,
		    const struct mount *but)
{
	size_t from = 0, end = c->t->count;

	while (from < end) {
		size_t middle = from + (end - from) / 2;

		if (compare_place(c->by_place[middle], parent, point, len) < 0)
			from = middle + 1;
		else
			end = middle;
	}
	for (; from < c->t->count; from++) {
		const struct mount *m = c->by_place[from];

		if (compare_place(m, parent, point, len) != 0)
			return false;
		/* gVisor's root is its own parent. */
		if (m != but && m->id != m->parent && !lies_on_root(m, c->t->root))
			return true;
	}
	return false;
}

/*
 * Whether something covers m itself: on its root, but for the mount `but`, or on a directory above,
 * in the same parent. Two mounts on one directory are never siblings: the second is mounted on the
 * first.
 */
static bool is_covered_itself(const struct cover *c, const struct mount *m, const struct mount *but)
{
	size_t len = strlen(m->point);

	if (lies_at(c, m->id, m->point, len, but))
		return true;
	if (m->id == m->parent)
		return false;
	while ((len = path_len_above(m->point, len)) > 0)
		if (lies_at(c, m->parent, m->point, len, m))
			return true;
	return false;
}

static struct mount *carrier_of(const struct cover *c, const struct mount *m)
{
	const struct mount *parent = mounts_by_id(c->t, m->parent);

	return parent ? &c->t->rows[parent - c->t->rows] : NULL;
}

static enum hidden *hidden_of(const struct cover *c, const struct mount *m)
{
	return &c->hidden[m - c->t->rows];
}

/* Whether what m is mounted in is covered, or hidden itself. */
static enum hidden ask_if_hidden(const struct cover *c, struct mount *m)
{
	enum hidden known = IN_SIGHT;
	struct mount *up = m;
	size_t n = 0;

	while (up && up->id != c->t->root && up->parent != c->t->root) {
		if (*hidden_of(c, up) == HIDDEN || *hidden_of(c, up) == IN_SIGHT) {
			known = *hidden_of(c, up);
			break;
		}
		if (*hidden_of(c, up) == ASKING || up->parent == up->id)
			break;
		*hidden_of(c, up) = ASKING;
		c->way[n++] = up;
		up = carrier_of(c, up);
	}
	/* No path leads to what lies over the root, so none goes on from there. */
	if (n > 0 && up && lies_on_root(up, c->t->root))
		known = HIDDEN;
	while (n > 0) {
		struct mount *row = c->way[--n];
		const struct mount *parent = carrier_of(c, row);

		/* A mount is not hidden by what is mounted on it. */
		if (known == IN_SIGHT && parent && is_covered_itself(c, parent, row))
			known = HIDDEN;
		*hidden_of(c, row) = known;
	}
	return known;
}

int mounts_find_covered(struct mount_table *t, struct arena *a)
{
	struct cover c = {
		.t = t,
		.by_place = arena_take(a, t->count + 1, sizeof(struct mount *)),
		.hidden = arena_take(a, t->count + 1, sizeof(*c.hidden)),
		.way = arena_take(a, t->count + 1, sizeof(struct mount *)),
	};

	if (!c.by_place || !c.hidden || !c.way)
		return -ENOMEM;
	for (size_t i = 0; i < t->count; i++)
		c.by_place[i] = &t->rows[i];
	qsort(c.by_place, t->count, sizeof(struct mount *), compare_rows_by_place);
	for (size_t i = 0; i < t->count; i++) {
		struct mount *m = &t->rows[i];

		if (m->id == t->root)
			continue;
		m->covered = is_covered_itself(&c, m, NULL) || ask_if_hidden(&c, m) == HIDDEN;
	}
	return 0;
}
