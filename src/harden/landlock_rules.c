// SPDX-License-Identifier: MIT
/* Derives the Landlock rules from the mount table. */
#include "harden/landlock_rules.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* ---- what the mounts are */

/* NULL: granit is in a chroot whose mount is not in the table. */
static bool is_root_or_over_it(const struct mount_table *t, const struct mount *m)
{
	return !m || mount_is_root(t, m) || mount_is_over_root(t, m);
}

/* A writable mount beside the root: verification has passed, or nothing would be started. */
static bool is_writable(const struct mount_table *t, const struct mount *m)
{
	return !is_root_or_over_it(t, m) && !m->covered && !m->read_only;
}

/* Landlock's rules are for files, not for the paths that lead to them: what can be written through
 * one mount must not be executable through another. */
static bool is_writable_somewhere(const struct mount_table *t, const struct mount *m)
{
	return is_writable(t, m) ||
	       (!is_root_or_over_it(t, m) && !m->covered && m->twin && is_writable(t, m->twin));
}

/* Rules for them would be system calls for nothing. */
static bool holds_no_programs(const struct mount *m)
{
	static const char *const types[] = {"proc",    "sysfs",  "cgroup",     "cgroup2",
					    "devpts",  "mqueue", "securityfs", "debugfs",
					    "tracefs", "bpf",    "fuse.lxcfs"};

	return m->noexec || is_one_of(m->fstype, types);
}

/*
 * The root does, writable or not: the program lies there. Where a writable root was accepted,
 * Landlock gains nothing for it.
 */
static bool gives_exec(const struct mount_table *t, const struct mount *m)
{
	return is_root_or_over_it(t, m) ||
	       (!is_writable_somewhere(t, m) && m->read_only && !holds_no_programs(m));
}

/* The mount that this one lies on, by paths. NULL: not in the table. */
static const struct mount *mount_under(const struct mount_table *t, const struct mount *m)
{
	/* Bounded, in case the table is circular. */
	for (size_t depth = 0; m && depth < t->count; depth++) {
		m = mounts_by_id(t, m->parent);
		if (m && !m->covered)
			return m;
	}
	return NULL;
}

static bool has_writable_below(const struct mount_table *t, const char *path)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct mount *m = &t->rows[i];

		if (is_writable_somewhere(t, m) && path_is_beneath(m->point, path) &&
		    strcmp(m->point, path) != 0)
			return true;
	}
	return false;
}

bool landlock_entry_gets_exec(const struct mount_table *t, const char *path)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct mount *m = &t->rows[i];

		if (m->covered || is_root_or_over_it(t, m) || !path_is_beneath(m->point, path))
			continue;
		/* Of a directory that leads to a writable mount the entries have their turn. */
		if (strcmp(m->point, path) == 0 ? !gives_exec(t, m) : is_writable_somewhere(t, m))
			return false;
	}
	return true;
}

/* ---- the list */

struct plan {
	struct arena *arena;
	struct landlock_rule *first, **end;
	bool no_memory;
};

static struct landlock_rule *find(const struct plan *l, const char *path)
{
	struct landlock_rule *rule = l->first;

	while (rule && strcmp(rule->path, path) != 0)
		rule = rule->next;
	return rule;
}

static bool is_given_above(const struct plan *l, const char *path, unsigned int gift)
{
	for (const struct landlock_rule *rule = l->first; rule; rule = rule->next)
		if (rule->gifts & gift && path_is_beneath(path, rule->path))
			return true;
	return false;
}

/* One rule for each path, and none for what a path above has been given. */
static void add_gift(struct plan *l, const char *path, enum landlock_gift gift)
{
	struct landlock_rule *rule = find(l, path);

	if (is_given_above(l, path, gift == GIVE_WRITE ? GIVE_WRITE : GIVE_EXEC))
		return;
	if (!rule) {
		rule = arena_take(l->arena, 1, sizeof(*rule));
		l->no_memory |= !rule;
		if (!rule)
			return;
		rule->path = path;
		*l->end = rule;
		l->end = &rule->next;
	}
	rule->gifts |= gift;
}

/* ---- what is given */

static void give_write(const struct policy *p, const struct posture *s, struct plan *l)
{
	const struct mount_table *t = &s->mounts;

	if (!s->root.flag_read_only)
		add_gift(l, "/", GIVE_WRITE);
	for (size_t i = 0; i < t->count; i++)
		if (is_writable(t, &t->rows[i]))
			add_gift(l, t->rows[i].point, GIVE_WRITE);
	/* For FIFOs, which take writes on a read-only mount too. */
	for (size_t i = 0; i < p->writable_count; i++)
		add_gift(l, p->writable[i].path, GIVE_WRITE);
	/* Devices take writes wherever their node is. */
	add_gift(l, "/dev", GIVE_WRITE);
}

/* The directories on the way to a writable mount, where programs may be started in them. */
static void give_along(const struct mount_table *t, const char *point, struct plan *l)
{
	char path[PATH_MAX];

	if (!text_copy(path, sizeof(path), point))
		return; /* mountinfo has no longer ones */
	for (size_t at = strlen(path); at-- > 0;) {
		const struct landlock_rule *known;
		const char *kept;

		if (path[at] != '/')
			continue;
		path[at ? at : 1] = '\0';
		if (!gives_exec(t, mounts_by_path(t, path)))
			continue;
		known = find(l, path);
		kept = known ? known->path : arena_copy(l->arena, path);
		l->no_memory |= !kept;
		if (kept)
			add_gift(l, kept, GIVE_EXEC_TO_ENTRIES);
	}
}

static void give_exec(const struct policy *p, const struct mount_table *t, struct plan *l)
{
	bool any = false;

	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].exec)
			add_gift(l, p->writable[i].path, GIVE_EXEC);
	for (size_t i = 0; i < t->count; i++)
		if (is_writable_somewhere(t, &t->rows[i])) {
			any = true;
			give_along(t, t->rows[i].point, l);
		}
	if (!any)
		add_gift(l, "/", GIVE_EXEC);
	/* A read-only mount on a writable one is on the way to none. */
	for (size_t i = 0; i < t->count; i++) {
		const struct mount *m = &t->rows[i];

		if (!m->covered && !m->of_runtime && !is_root_or_over_it(t, m) &&
		    gives_exec(t, m) && !gives_exec(t, mount_under(t, m)) &&
		    !has_writable_below(t, m->point))
			add_gift(l, m->point, GIVE_EXEC);
	}
}

int landlock_plan(const struct policy *p, const struct posture *s, struct arena *a,
		  struct landlock_rule **ret)
{
	struct plan l = {.arena = a};

	l.end = &l.first;
	give_write(p, s, &l);
	give_exec(p, &s->mounts, &l);
	*ret = l.first;
	return l.no_memory ? -ENOMEM : 0;
}
