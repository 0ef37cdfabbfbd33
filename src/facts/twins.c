// SPDX-License-Identifier: MIT
/*
 * Which read-only mounts have a writable twin. Those that can be written are sorted by device and
 * root, so that ten thousand rows need not be compared with each other.
 */
#include "facts/twins.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct open_rows {
	const struct mount **rows;
	size_t count;
};

/* With the first len bytes of root. */
static int compare_part(const struct mount *m, const char *device, const char *root, size_t len)
{
	int r = strcmp(m->device, device);

	return r ? r : path_compare(m->root, root, len);
}

static int compare_rows_by_part(const void *a, const void *b)
{
	const struct mount *x = *(const struct mount *const *)a,
			   *y = *(const struct mount *const *)b;
	int r = compare_part(x, y->device, y->root, strlen(y->root));

	return r ? r : (x > y) - (x < y);
}

/* The first row that is not before this part. */
static size_t find_part(const struct open_rows *o, const char *device, const char *root, size_t len)
{
	size_t from = 0, end = o->count;

	while (from < end) {
		size_t middle = from + (end - from) / 2;

		if (compare_part(o->rows[middle], device, root, len) < 0)
			from = middle + 1;
		else
			end = middle;
	}
	return from;
}

/* Of those that show just the first len bytes of m's root. */
static const struct mount *find_above(const struct open_rows *o, const struct mount *m, size_t len)
{
	for (size_t i = find_part(o, m->device, m->root, len); i < o->count; i++) {
		if (compare_part(o->rows[i], m->device, m->root, len) != 0)
			return NULL;
		if (mount_is_open_twin(m, o->rows[i]))
			return o->rows[i];
	}
	return NULL;
}

/* Of those that show a part of what m shows. */
static const struct mount *find_below(const struct open_rows *o, const struct mount *m)
{
	for (size_t i = find_part(o, m->device, m->root, strlen(m->root)); i < o->count; i++) {
		if (strcmp(o->rows[i]->device, m->device) != 0 ||
		    !path_is_beneath(o->rows[i]->root, m->root))
			return NULL;
		if (mount_is_open_twin(m, o->rows[i]))
			return o->rows[i];
	}
	return NULL;
}

static const struct mount *find_twin(const struct open_rows *o, const struct mount *m)
{
	const struct mount *twin = find_below(o, m);

	for (size_t len = strlen(m->root); !twin && (len = path_len_above(m->root, len)) > 0;)
		twin = find_above(o, m, len);
	return twin;
}

int mounts_find_twins(struct mount_table *t, struct arena *a)
{
	struct open_rows o = {.rows = arena_take(a, t->count + 1, sizeof(const struct mount *))};

	if (!o.rows)
		return -ENOMEM;
	for (size_t i = 0; i < t->count; i++)
		if (!t->rows[i].read_only && !t->rows[i].covered)
			o.rows[o.count++] = &t->rows[i];
	qsort(o.rows, o.count, sizeof(const struct mount *), compare_rows_by_part);
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].read_only && !t->rows[i].covered)
			t->rows[i].twin = find_twin(&o, &t->rows[i]);
	return 0;
}
