// SPDX-License-Identifier: MIT
/* Programs come from the image: tells the mounts that are not of it. */
#include "facts/foreign.h"

#include "sys/text.h"

static bool is_exec_declared(const struct policy *p, const char *point)
{
	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].exec && path_is_beneath(point, p->writable[i].path))
			return true;
	return text_is_among(point, p->exec_from.paths, p->exec_from.count);
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
	return !holds_no_programs(m) && !is_exec_declared(p, m->point);
}
