// SPDX-License-Identifier: MIT
/* Programs come from the image: tells the mounts that are not of it. */
#include "facts/foreign.h"

#include "sys/text.h"

bool path_is_declared(const struct policy *p, const char *path, bool exec)
{
	for (size_t i = 0; i < p->writable_count; i++)
		if ((p->writable[i].exec || !exec) && path_is_beneath(path, p->writable[i].path))
			return true;
	return false;
}

bool path_is_declared_for_programs(const struct policy *p, const char *path)
{
	for (size_t i = 0; i < p->exec_from.count; i++)
		if (path_is_beneath(path, p->exec_from.paths[i]))
			return true;
	return path_is_declared(p, path, true);
}

/*
 * Masks, and files of the runtime's that nothing can start: hosts, resolv.conf. Secrets are what
 * somebody gave, in the place of the runtime's.
 */
static bool is_mask_or_plain_file(const struct mount *m)
{
	if (!m->of_runtime || !m->read_only)
		return false;
	if (path_is_beneath(m->point, "/proc") || path_is_beneath(m->point, "/sys"))
		return true;
	return (m->kind == MOUNT_FILE || m->kind == MOUNT_UNSEEN) && !m->executable &&
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
