// SPDX-License-Identifier: MIT
/* Programs come from the image: tells the mounts that are not of it. */
#include "facts/foreign.h"

#include "sys/text.h"

/* The nearest --writable at or above path that says whether programs lie there; or NULL. */
static const struct writable *nearest_writable(const struct policy *p, const char *path)
{
	const struct writable *nearest = NULL;

	for (size_t i = 0; i < p->writable_count; i++) {
		const struct writable *w = &p->writable[i];

		/* Both are on the way to path, so one lies beneath the other. */
		if (!w->outvoted && path_is_beneath(path, w->path) &&
		    (!nearest || path_is_beneath(w->path, nearest->path)))
			nearest = w;
	}
	return nearest;
}

bool path_is_declared(const struct policy *p, const char *path, bool exec)
{
	const struct writable *w = exec ? nearest_writable(p, path) : NULL;

	for (size_t i = 0; !exec && i < p->writable_count; i++)
		if (path_is_beneath(path, p->writable[i].path))
			return true;
	return w && w->exec;
}

bool path_is_declared_for_programs(const struct policy *p, const char *path)
{
	const struct writable *w = nearest_writable(p, path);

	if (w && w->exec)
		return true;
	for (size_t i = 0; i < p->exec_from.count; i++) {
		const char *from = p->exec_from.paths[i];

		if (path_is_beneath(path, from) && (!w || path_is_beneath(from, w->path)))
			return true;
	}
	return false;
}

/*
 * Masks, and files of the runtime's that no loader takes: hosts, resolv.conf. What it is shows by
 * what it holds. Secrets are what somebody gave, in the place of the runtime's.
 */
static bool is_mask_or_plain_file(const struct mount *m)
{
	bool hides = path_is_beneath(m->point, "/proc") || path_is_beneath(m->point, "/sys");

	if (!m->of_runtime || !m->read_only || m->executable || m->mapped)
		return false;
	if (m->kind == MOUNT_UNSEEN && m->barred)
		return false;
	if (hides)
		return !m->filled;
	return (m->kind == MOUNT_FILE || m->kind == MOUNT_UNSEEN) &&
	       !path_is_beneath(m->point, "/run/secrets") &&
	       !path_is_beneath(m->point, "/var/run/secrets");
}

/* Nothing can be started there. */
static bool holds_no_programs(const struct mount *m)
{
	static const char *const types[] = {"proc",    "sysfs",  "cgroup",     "cgroup2",
					    "devpts",  "mqueue", "securityfs", "debugfs",
					    "tracefs", "bpf",    "fuse.lxcfs"};

	return m->noexec || is_one_of(m->fstype, types) || is_mask_or_plain_file(m);
}

bool mount_is_foreign(const struct policy *p, const struct mount *m)
{
	return !holds_no_programs(m) && !path_is_declared(p, m->point, true) &&
	       !text_is_among(m->point, p->exec_from.paths, p->exec_from.count);
}

const char *exec_from_on_writable(const struct policy *p, const struct mount_table *t,
				  const struct mount *m)
{
	if (m->read_only || m->noexec || m->covered || m->fixed || mount_is_root(t, m))
		return NULL;
	for (size_t i = 0; i < p->exec_from.count; i++) {
		const char *path = p->exec_from.paths[i];
		const struct mount *on = mounts_by_path(t, path);

		if (on && (on == m || on->twin == m) && !path_is_declared(p, path, true))
			return path;
	}
	return NULL;
}
