// SPDX-License-Identifier: MIT
/* Relates the rows of a mount table to each other. Touches nothing but its arguments. */
#include "facts/settle.h"

#include <string.h>

#include "facts/runtime_mounts.h"

static bool covers(const struct mount *upper, const struct mount *lower)
{
	if (upper->id == lower->id)
		return false;
	/* On the root of lower. */
	if (upper->parent == lower->id)
		return strcmp(upper->point, lower->point) == 0;
	/* On a directory above lower, in the same parent. Two mounts on one directory are never
	 * siblings: the second is mounted on the first. */
	return upper->parent == lower->parent && strcmp(upper->point, lower->point) != 0 &&
	       path_is_beneath(lower->point, upper->point);
}

/*
 * A mount on the root of the root's mount, which covers nothing there. Narrower than
 * mount_is_over_root(): a second one on top of it does cover the first.
 */
static bool lies_on_root(const struct mount *m, uint64_t root)
{
	return m->parent == root && strcmp(m->point, "/") == 0;
}

static bool is_covered(const struct mount_table *t, const struct mount *m, uint64_t root)
{
	uint64_t from = m ? m->id : 0; /* a mount is not hidden by what is mounted on it */

	/* Bounded, in case the table is circular; no kernel writes such a one. */
	for (size_t depth = 0; m && m->id != root && depth <= t->count; depth++) {
		for (size_t i = 0; i < t->count; i++)
			if (t->rows[i].id != from && !lies_on_root(&t->rows[i], root) &&
			    covers(&t->rows[i], m))
				return true;
		if (m->parent == m->id)
			break;
		from = m->id;
		m = mounts_by_id(t, m->parent);
	}
	return false;
}

void mounts_settle(struct mount_table *t, uint64_t root)
{
	t->root = root;
	for (size_t i = 0; i < t->count; i++) {
		t->rows[i].covered = is_covered(t, &t->rows[i], root);
		t->rows[i].of_runtime = mount_is_made_by_runtime(&t->rows[i]);
	}
	/* Which of them are covered has to be known. */
	for (size_t i = 0; i < t->count; i++)
		t->rows[i].twin = mounts_find_twin(t, &t->rows[i]);
}
