// SPDX-License-Identifier: MIT
/* Relates the rows of a mount table to each other. Touches nothing but its arguments. */
#include "facts/settle.h"

#include <string.h>

#include "facts/anchors.h"
#include "facts/covered.h"
#include "facts/runtime_mounts.h"
#include "facts/twins.h"
#include "sys/compiler.h"

/*
 * A part of a procfs of another PID namespace, or a terminal that is not the container's own: what
 * runtimes mount of these is of the one that is mounted at its place. A console may be the host's.
 */
static bool is_of_another(const struct mount_table *t, const struct mount *m)
{
	static const struct {
		const char *fstype, *place, *but;
	} own[] = {{"proc", "/proc", "/proc"}, {"devpts", "/dev/pts", "/dev/console"}};

	for (size_t i = 0; i < array_length(own); i++) {
		const struct mount *there;

		if (strcmp(m->fstype, own[i].fstype) != 0 || strcmp(m->point, own[i].place) == 0 ||
		    strcmp(m->point, own[i].but) == 0)
			continue;
		there = mounts_by_path(t, own[i].place);
		return !there || strcmp(there->device, m->device) != 0;
	}
	return false;
}

int mounts_settle(struct mount_table *t, uint64_t root, struct arena *a)
{
	int r;

	t->root = root;
	r = mounts_find_covered(t, a);
	if (r < 0)
		return r;
	r = mounts_sort_by_point(t, a);
	if (r < 0)
		return r;
	for (size_t i = 0; i < t->count; i++)
		t->rows[i].of_runtime =
			mount_is_made_by_runtime(&t->rows[i]) && !is_of_another(t, &t->rows[i]);
	/* Which of them are covered is known now. */
	r = mounts_find_on_host(t, a);
	return r < 0 ? r : mounts_find_twins(t, a);
}

/* Each one is mounted on the one before: the top one carries none. */
static bool carries_another(const struct mount_table *t, const struct mount *m)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].parent == m->id && t->rows[i].id != m->id &&
		    strcmp(t->rows[i].point, "/") == 0)
			return true;
	return false;
}

uint64_t mounts_top_at_root(const struct mount_table *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->rows[i].point, "/") == 0 && !carries_another(t, &t->rows[i]))
			return t->rows[i].id;
	return 0;
}
