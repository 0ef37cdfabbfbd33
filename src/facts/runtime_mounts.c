// SPDX-License-Identifier: MIT
/* What container runtimes mount, and the files that they create. */
#include "facts/runtime_mounts.h"

#include <string.h>

#include "policy/policy.h"

/*
 * A mount counts as the runtime's by its place, its type, and which part of the file system it
 * shows.
 */
struct rule {
	const char *point;
	const char *fstype;
	const char *root; /* a part of the root field; NULL: any */
	enum { AT, AT_OR_BELOW, BELOW } where;
};

/*
 * The default mounts of Docker's and containerd's OCI specs (moby oci/defaults.go, containerd
 * oci/mounts.go), and runc's masks: a tmpfs or /dev/null each.
 */
static const struct rule rules[] = {
	{.point = "/proc", .fstype = "proc", .where = AT_OR_BELOW},
	{.point = "/proc", .fstype = "fuse.lxcfs", .root = "/proc/", .where = BELOW},
	{.point = "/proc", .fstype = "tmpfs", .root = "/null", .where = BELOW},
	{.point = "/proc", .fstype = "devtmpfs", .root = "/null", .where = BELOW},
	{.point = "/sys", .fstype = "sysfs", .where = AT_OR_BELOW},
	/* podman masks release_agent like this where it mounts version 1 for systemd. */
	{.point = "/sys", .fstype = "tmpfs", .root = "/null", .where = BELOW},
	{.point = "/sys", .fstype = "devtmpfs", .root = "/null", .where = BELOW},
	{.point = "/sys/fs/cgroup", .fstype = "cgroup", .where = AT_OR_BELOW},
	{.point = "/sys/fs/cgroup", .fstype = "cgroup2", .where = AT_OR_BELOW},
	{.point = "/sys/fs/cgroup", .fstype = "tmpfs"},
	{.point = "/dev", .fstype = "tmpfs"},
	/* Where devices cannot be created, the host's are mounted one by one. */
	{.point = "/dev", .fstype = "devtmpfs", .where = BELOW},
	{.point = "/dev/pts", .fstype = "devpts"},
	{.point = "/dev/mqueue", .fstype = "mqueue"},
	{.point = "/dev/shm", .fstype = "tmpfs"},
	{.point = "/run/secrets", .root = "containers/"},
};

/*
 * Empty files that they create in the root, and what they mount on them. The source is a directory
 * of the container: Docker's containers/ID, podman's and CRI-O's DRIVER-containers/ID/userdata,
 * containerd's sandboxes/ID, the kubelet's pods/UID.
 */
struct made_file {
	const char *path;
	const char *fstype;   /* NULL: the root field tells */
	const char *roots[2]; /* one of them is in the root field; both NULL: no mount */
};

static const struct made_file files[] = {
	{.path = "/.dockerenv"},
	{.path = "/run/.containerenv", .roots = {"containers/"}},
	{.path = "/etc/hosts", .roots = {"containers/", "/pods/"}},
	{.path = "/etc/hostname", .roots = {"containers/", "/sandboxes/"}},
	{.path = "/etc/resolv.conf", .roots = {"containers/", "/sandboxes/"}},
	{.path = "/dev/console", .fstype = "devpts"},
	{.path = TERMINATION_LOG}, /* its mount: see is_termination_log() */
};

/* The row of this path, or NULL. */
static const struct made_file *find_file(const char *path)
{
	for (size_t i = 0; i < array_length(files); i++)
		if (strcmp(files[i].path, path) == 0)
			return &files[i];
	return NULL;
}

static bool is_on_made_file(const struct mount *m)
{
	const struct made_file *f = find_file(m->point);

	if (!f)
		return false;
	if (f->fstype)
		return strcmp(f->fstype, m->fstype) == 0;
	for (size_t i = 0; i < array_length(f->roots); i++)
		if (f->roots[i] && strstr(m->root, f->roots[i]))
			return true;
	return false;
}

/* The termination log; the pod may choose its path. */
static bool is_termination_log(const struct mount *m)
{
	const char *pods = strstr(m->root, "/pods/");

	return pods && strstr(pods, "/containers/") && !strstr(pods, "/volumes");
}

/* --init: the engine's own init, from the host. */
static bool is_init(const struct mount *m)
{
	return m->read_only && (strcmp(m->point, "/run/podman-init") == 0 ||
				strcmp(m->point, "/sbin/docker-init") == 0);
}

static bool matches(const struct rule *r, const struct mount *m)
{
	if (r->fstype && strcmp(r->fstype, m->fstype) != 0)
		return false;
	if (r->root && !strstr(m->root, r->root))
		return false;
	if (strcmp(m->point, r->point) == 0)
		return r->where != BELOW;
	return r->where != AT && path_is_beneath(m->point, r->point);
}

bool mount_is_made_by_runtime(const struct mount *m)
{
	/* runc masks a directory with an empty tmpfs that nobody can write. */
	if (m->read_only && strcmp(m->fstype, "tmpfs") == 0 &&
	    (path_is_beneath(m->point, "/proc") || path_is_beneath(m->point, "/sys")))
		return true;
	if (is_on_made_file(m) || is_termination_log(m) || is_init(m))
		return true;
	for (size_t i = 0; i < array_length(rules); i++)
		if (matches(&rules[i], m))
			return true;
	return false;
}

bool file_is_made_by_runtime(const char *path)
{
	return find_file(path) != NULL;
}
