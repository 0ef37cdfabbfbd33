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

/* Nothing can be started there, or nothing but what the runtime has put there. */
static bool holds_no_programs(const struct mount *m)
{
	static const char *const types[] = {"proc",    "sysfs",  "cgroup",     "cgroup2",
					    "devpts",  "mqueue", "securityfs", "debugfs",
					    "tracefs", "bpf",    "fuse.lxcfs"};

	/* Masks, hosts, hostname, resolv.conf, --init's own; but secrets are what somebody gave. */
	if (m->of_runtime && m->read_only && !path_is_beneath(m->point, "/run/secrets"))
		return true;
	return m->noexec || is_one_of(m->fstype, types);
}

bool mount_is_foreign(const struct policy *p, const struct mount *m)
{
	return !holds_no_programs(m) && !path_is_declared(p, m->point, true) &&
	       !text_is_among(m->point, p->exec_from.paths, p->exec_from.count);
}
