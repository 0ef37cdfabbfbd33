// SPDX-License-Identifier: MIT
/* Derives the Landlock rules from the mount table. */
#include "harden/landlock_rules.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "facts/foreign.h"
#include "sys/text.h"

/* ---- paths in order */

static int compare_mounts(const void *a, const void *b)
{
	const struct mount *x = *(const struct mount *const *)a,
			   *y = *(const struct mount *const *)b;

	return path_compare(x->point, y->point, strlen(y->point));
}

static int compare_names(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	return path_compare(x, y, strlen(y));
}

static bool is_strictly_beneath(const char *path, const char *dir)
{
	return path_is_beneath(path, dir) && strcmp(path, dir) != 0;
}

/* Whether any of the sorted names is path or lies beneath it. */
static bool has_beneath(const char *const *names, size_t count, const char *path)
{
	size_t from = 0, to = count, len = strlen(path);

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (path_compare(names[mid], path, len) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from < count && path_is_beneath(names[from], path);
}

static bool is_mount_point(const struct landlock_plan *l, const char *path)
{
	const struct mount key = {.point = path}, *p = &key;

	return l->mounts_count && bsearch(&p, l->mounts, l->mounts_count,
					  sizeof(const struct mount *), compare_mounts);
}

/* ---- the list */

static void add_rule(struct landlock_plan *l, const char *path, unsigned int gifts)
{
	struct landlock_rule *rule = arena_take(l->arena, 1, sizeof(*rule));

	l->no_memory |= !rule;
	if (!rule)
		return;
	*rule = (struct landlock_rule){.path = path, .gifts = gifts, .dir = -1};
	*l->end = rule;
	l->end = &rule->next;
}

static bool is_given_write(const struct landlock_plan *l, const char *path)
{
	for (const struct landlock_rule *rule = l->rules; rule; rule = rule->next)
		if (rule->gifts & GIVE_WRITE && path_is_beneath(path, rule->path))
			return true;
	return false;
}

/* A writable mount was accepted: verification has passed, or nothing would be started. */
static void give_write(struct landlock_plan *l)
{
	const struct policy *p = l->policy;
	const char *last = NULL;

	if (!l->posture->root.flag_read_only)
		add_rule(l, "/", GIVE_WRITE);
	for (size_t i = 0; l->posture->root.flag_read_only && i < l->mounts_count; i++) {
		const struct mount *m = l->mounts[i];

		if (m->read_only || (last && path_is_beneath(m->point, last)))
			continue;
		add_rule(l, m->point, GIVE_WRITE);
		last = m->point;
	}
	/* For FIFOs, which take writes on a read-only mount too. */
	for (size_t i = 0; i < p->writable_count; i++)
		if (!is_given_write(l, p->writable[i].path))
			add_rule(l, p->writable[i].path, GIVE_WRITE);
	/* Devices take writes wherever their node is. */
	if (!is_given_write(l, "/dev"))
		add_rule(l, "/dev", GIVE_WRITE);
}

/* Sockets on volumes are there to be connected to, read-only ones too. */
static void give_connect(struct landlock_plan *l)
{
	const struct policy *p = l->policy;

	for (size_t i = 0; i < p->connect_unix.count; i++)
		add_rule(l, p->connect_unix.paths[i], GIVE_CONNECT);
	for (size_t i = 0; p->connect_unix.count && i < l->mounts_count; i++)
		if (!l->mounts[i]->of_runtime)
			add_rule(l, l->mounts[i]->point, GIVE_CONNECT);
}

/* Whether the directory is on the root's own mount, or declared for programs. */
static bool has_programs(const struct landlock_plan *l, const char *dir)
{
	const struct path_list *from = &l->policy->exec_from;
	char way[PATH_MAX];

	/* All that is mounted in a directory with :exec goes with it. */
	if (path_is_declared(l->policy, dir, true))
		return true;
	if (!text_copy(way, sizeof(way), dir))
		return false;
	while (way[0]) {
		if (text_is_among(way, from->paths, from->count))
			return true;
		if (is_mount_point(l, way))
			return false;
		*strrchr(way, '/') = '\0';
	}
	return true;
}

/* The directories on the way to where nothing is to be started, each once. Those that the one
 * before lies beneath have been gone through, and all above them. */
static void give_along(struct landlock_plan *l, const char *point, const char *before)
{
	char way[PATH_MAX];

	if (!text_copy(way, sizeof(way), point))
		return; /* mountinfo has no longer ones */
	for (size_t at = strlen(way); at-- > 0;) {
		const char *kept;

		if (way[at] != '/')
			continue;
		way[at ? at : 1] = '\0';
		if (before && is_strictly_beneath(before, way))
			return;
		if (!has_programs(l, way))
			continue;
		kept = arena_copy(l->arena, way);
		l->no_memory |= !kept;
		if (kept)
			add_rule(l, kept, GIVE_EXEC_TO_ENTRIES);
	}
}

/* What was declared is given whole, unless there is something in it that was not. */
static void give_declared(struct landlock_plan *l, const char *path)
{
	if (!has_beneath(l->foreign, l->foreign_count, path))
		add_rule(l, path, GIVE_EXEC);
}

static void give_exec(struct landlock_plan *l)
{
	const struct policy *p = l->policy;

	for (size_t i = 0; i < p->exec_from.count; i++)
		give_declared(l, p->exec_from.paths[i]);
	/* Whole where it can be: what is made there later has to start, too. */
	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].exec)
			give_declared(l, p->writable[i].path);
	if (!l->foreign_count)
		add_rule(l, "/", GIVE_EXEC);
	for (size_t i = 0; i < l->foreign_count; i++)
		give_along(l, l->foreign[i], i ? l->foreign[i - 1] : NULL);
}

/* Whether it is mounted in a directory with :exec, which it goes with. */
static bool goes_with_exec(const struct policy *p, const char *point)
{
	char above[PATH_MAX];

	if (!text_copy(above, sizeof(above), point))
		return false;
	*strrchr(above, '/') = '\0';
	return above[0] && path_is_declared(p, above, true) && path_is_declared(p, point, true);
}

bool landlock_entry_gets_exec(const struct landlock_plan *l, const char *path)
{
	return (!is_mount_point(l, path) || goes_with_exec(l->policy, path)) &&
	       !has_beneath(l->foreign, l->foreign_count, path);
}

/* ---- what is where */

static const struct mount *image_mount(const struct mount_table *t)
{
	return t->root ? mounts_by_id(t, t->root) : NULL;
}

/* The root's own files, where another mount has a part of them and can be written: rules are for
 * files, not for the paths that lead to them. NULL: it has none. */
static const char *open_part(struct landlock_plan *l, const struct mount *root,
			     const struct mount *m)
{
	const char *part, *kept;

	if (!root || m->read_only || !mounts_have_files_in_common(root, m) ||
	    !is_strictly_beneath(m->root, root->root))
		return NULL;
	part = m->root + (root->root[1] ? strlen(root->root) : 0);
	kept = arena_copy(l->arena, part);
	l->no_memory |= !kept;
	return kept;
}

static int sort_mounts(struct landlock_plan *l)
{
	const struct mount_table *t = &l->posture->mounts;

	l->mounts = arena_take(l->arena, t->count + 1, sizeof(const struct mount *));
	l->foreign = arena_take(l->arena, 2 * t->count + l->policy->writable_count + 1,
				sizeof(*l->foreign));
	if (!l->mounts || !l->foreign)
		return -ENOMEM;
	for (size_t i = 0; i < t->count; i++) {
		const struct mount *m = &t->rows[i];

		if (!m->covered && !mount_is_root(t, m) && !mount_is_over_root(t, m))
			l->mounts[l->mounts_count++] = m;
	}
	qsort(l->mounts, l->mounts_count, sizeof(const struct mount *), compare_mounts);
	return 0;
}

/* What is declared without :exec, in a place that would be given whole: nothing starts there. */
static void add_declared(struct landlock_plan *l)
{
	const struct policy *p = l->policy;

	for (size_t i = 0; i < p->writable_count; i++) {
		const struct writable *w = &p->writable[i];
		char above[PATH_MAX];

		if (w->exec || path_is_declared_for_programs(p, w->path) ||
		    !text_copy(above, sizeof(above), w->path))
			continue;
		*strrchr(above, '/') = '\0';
		if (above[0] && path_is_declared_for_programs(p, above))
			l->foreign[l->foreign_count++] = w->path;
	}
}

static void sort_foreign(struct landlock_plan *l)
{
	const struct mount *root = image_mount(&l->posture->mounts);

	for (size_t i = 0; i < l->mounts_count; i++) {
		const struct mount *m = l->mounts[i];
		const char *part = open_part(l, root, m);

		/* Elsewhere the directories on the way need not be gone through: that costs three
		 * calls an entry. */
		if (mount_is_foreign(l->policy, m))
			l->foreign[l->foreign_count++] = m->point;
		if (part)
			l->foreign[l->foreign_count++] = part;
	}
	add_declared(l);
	qsort(l->foreign, l->foreign_count, sizeof(*l->foreign), compare_names);
}

int landlock_plan(const struct policy *p, const struct posture *s, struct arena *a,
		  struct landlock_plan *ret)
{
	*ret = (struct landlock_plan){.policy = p, .posture = s, .arena = a};
	ret->end = &ret->rules;
	if (sort_mounts(ret) < 0)
		return -ENOMEM;
	sort_foreign(ret);
	give_write(ret);
	give_connect(ret);
	give_exec(ret);
	return ret->no_memory ? -ENOMEM : 0;
}
