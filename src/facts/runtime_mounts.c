// SPDX-License-Identifier: MIT
/* What container runtimes mount, and the files that they create. */
#include "facts/runtime_mounts.h"

#include <string.h>

#include "policy/policy.h"
#include "sys/compiler.h"

/*
 * A mount counts as the runtime's by where it lies and what it is: its type, which part of the file
 * system it shows, a file or a directory. Where the source lies on the host is the engine's
 * business, and every engine has it elsewhere.
 */
struct rule {
	const char *point;
	const char *fstype; /* NULL: any */
	enum { ANY_ROOT, ALL, IN_PLACE, A_PART, ENDS_IN_NULL, SAME_PATH, OF_SECRETS } root;
	enum { AT, AT_OR_BELOW, BELOW } where;
	enum { ANY_KIND, NO_DIRECTORY, A_FILE, A_NODE, A_DIRECTORY } kind;
	bool read_only; /* only if it is */
	bool fixed;     /* only if it is read-only, or the program's user cannot change the file */
	bool noexec;    /* only if it is */
	bool programs;  /* they are what it is for */
	bool empty;     /* only if nothing lies there */
};

/*
 * The default mounts of Docker's and containerd's OCI specs (moby oci/defaults.go, containerd
 * oci/mounts.go), and runc's masks: a tmpfs or /dev/null each. Then the single files.
 */
static const struct rule rules[] = {
	{.point = "/proc", .fstype = "proc", .root = IN_PLACE, .where = AT_OR_BELOW},
	/* lxcfs has its own proc/ and sys/; the whole of it is a way to the host's control
	 * groups. */
	{.point = "/proc",
	 .fstype = "fuse.lxcfs",
	 .root = SAME_PATH,
	 .where = BELOW,
	 .kind = NO_DIRECTORY},
	{.point = "/sys/devices/system/cpu",
	 .fstype = "fuse.lxcfs",
	 .root = SAME_PATH,
	 .where = AT_OR_BELOW},
	{.point = "/proc",
	 .fstype = "tmpfs",
	 .root = ENDS_IN_NULL,
	 .where = BELOW,
	 .kind = NO_DIRECTORY},
	{.point = "/proc",
	 .fstype = "devtmpfs",
	 .root = ENDS_IN_NULL,
	 .where = BELOW,
	 .kind = NO_DIRECTORY},
	{.point = "/sys", .fstype = "sysfs", .where = AT_OR_BELOW},
	/* podman masks release_agent like this where it mounts version 1 for systemd. */
	{.point = "/sys",
	 .fstype = "tmpfs",
	 .root = ENDS_IN_NULL,
	 .where = BELOW,
	 .kind = NO_DIRECTORY},
	{.point = "/sys",
	 .fstype = "devtmpfs",
	 .root = ENDS_IN_NULL,
	 .where = BELOW,
	 .kind = NO_DIRECTORY},
	{.point = "/sys/fs/cgroup", .fstype = "cgroup", .where = AT_OR_BELOW},
	{.point = "/sys/fs/cgroup", .fstype = "cgroup2", .where = AT_OR_BELOW},
	{.point = "/sys/fs/cgroup", .fstype = "tmpfs", .root = ALL},
	/* runc masks a directory with an empty tmpfs that nobody can write. */
	{.point = "/proc",
	 .fstype = "tmpfs",
	 .root = ALL,
	 .where = BELOW,
	 .read_only = true,
	 .empty = true},
	/* What nvidia-container-cli hides the host's other devices with, of mode 555. */
	{.point = "/proc/driver/nvidia", .fstype = "tmpfs", .root = ALL, .noexec = true},
	{.point = "/sys",
	 .fstype = "tmpfs",
	 .root = ALL,
	 .where = BELOW,
	 .read_only = true,
	 .empty = true},
	{.point = "/dev", .fstype = "tmpfs", .root = ALL},
	/* Where devices cannot be created, the host's are mounted one by one. */
	{.point = "/dev", .fstype = "devtmpfs", .root = A_PART, .where = BELOW, .kind = A_NODE},
	{.point = "/dev", .fstype = "tmpfs", .root = A_PART, .where = BELOW, .kind = A_NODE},
	{.point = "/dev/console", .fstype = "devpts"},
	/* LXC's /dev/ptmx and /dev/tty1. */
	{.point = "/dev", .fstype = "devpts", .root = A_PART, .where = BELOW, .kind = A_NODE},
	{.point = "/dev/pts", .fstype = "devpts", .root = ALL},
	{.point = "/dev/mqueue", .fstype = "mqueue", .root = ALL},
	{.point = "/dev/shm", .fstype = "tmpfs", .root = ALL},
	/* podman's in gVisor, which is handed in from outside; a volume is not noexec by itself. */
	{.point = "/dev/shm", .fstype = "9p", .root = ALL, .kind = A_DIRECTORY, .noexec = true},

	{.point = "/etc/hosts", .kind = A_FILE},
	{.point = "/etc/hostname", .kind = A_FILE},
	{.point = "/etc/resolv.conf", .kind = A_FILE},
	{.point = TERMINATION_LOG, .kind = A_FILE},
	{.point = "/run/.containerenv", .kind = A_FILE},
	/* For a user that the image has no entry of: podman's are read-only, CRI-O's are root's. */
	{.point = "/etc/passwd", .kind = A_FILE, .fixed = true},
	{.point = "/etc/group", .kind = A_FILE, .fixed = true},
	{.point = "/run/secrets", .where = BELOW, .kind = A_FILE, .read_only = true},
	{.point = "/var/run/secrets", .where = BELOW, .kind = A_FILE, .read_only = true},
	{.point = "/run/secrets", .root = OF_SECRETS, .kind = A_DIRECTORY},
	/* --init: the engine's own, from the host. */
	{.point = "/run/podman-init", .kind = A_FILE, .read_only = true, .programs = true},
	{.point = "/sbin/docker-init", .kind = A_FILE, .read_only = true, .programs = true},
	{.point = "/sbin/tini",
	 .kind = A_FILE,
	 .read_only = true,
	 .programs = true}, /* nerdctl's */
	/* The agent of ECS, for "execute-command": programs, settings, its log. */
	{.point = "/managed-agents/execute-command",
	 .where = AT_OR_BELOW,
	 .read_only = true,
	 .programs = true},
	{.point = "/var/log/amazon/ssm", .kind = A_DIRECTORY},
};

/* Empty files that they create in the root, for what they mount there; and Docker's mark. */
static const char *const files[] = {
	"/.dockerenv",      "/run/.containerenv", "/etc/hosts",    "/etc/hostname",
	"/etc/resolv.conf", "/dev/console",       TERMINATION_LOG,
};

static bool is_root_as(const struct rule *r, const struct mount *m)
{
	const char *mark, *rest;

	switch (r->root) {
	case ANY_ROOT:
		return true;
	case ALL:
		return strcmp(m->root, "/") == 0;
	case A_PART:
		return strcmp(m->root, "/") != 0;
	case ENDS_IN_NULL:
		return strcmp(m->root, "/null") == 0;
	case IN_PLACE:
		rest = m->point + strlen(r->point);
		return strcmp(m->root, *rest ? rest : "/") == 0;
	case SAME_PATH:
		return strcmp(m->root, m->point) == 0;
	case OF_SECRETS:
		mark = strstr(m->root, "/userdata/run/secrets");
		return mark && !mark[strlen("/userdata/run/secrets")];
	}
	return false;
}

/* Where nobody has looked yet, it may be what it should. */
static bool is_kind_as(const struct rule *r, const struct mount *m)
{
	if (m->kind == MOUNT_UNSEEN)
		return true;
	switch (r->kind) {
	case ANY_KIND:
		return m->kind != MOUNT_SOCKET;
	case NO_DIRECTORY:
		return m->kind != MOUNT_DIRECTORY && m->kind != MOUNT_SOCKET;
	case A_FILE:
		return m->kind == MOUNT_FILE;
	case A_NODE:
		return m->kind == MOUNT_OTHER;
	case A_DIRECTORY:
		return m->kind == MOUNT_DIRECTORY;
	}
	return false;
}

static bool matches(const struct rule *r, const struct mount *m)
{
	if (!path_is_beneath(m->point, r->point))
		return false;
	if (m->point[strlen(r->point)] ? r->where == AT : r->where == BELOW)
		return false;
	if (r->fstype && strcmp(r->fstype, m->fstype) != 0)
		return false;
	/* In the place of settings somebody else has put it. */
	if ((m->mapped && !r->programs) || (m->filled && r->empty))
		return false;
	if (r->fixed && m->kind != MOUNT_UNSEEN && !m->read_only && !m->fixed)
		return false;
	return (!r->read_only || m->read_only) && (!r->noexec || m->noexec) && is_root_as(r, m) &&
	       is_kind_as(r, m);
}

/*
 * The kubelet's termination log, a file for each container. The pod may choose where it lies
 * (terminationMessagePath), and everybody may write it: where programs, libraries and settings lie
 * it is no log.
 */
static bool is_termination_log(const struct mount *m)
{
	static const char *const places[] = {"/dev", "/run", "/tmp", "/var"};
	const char *pods = strstr(m->root, "/pods/");
	bool is_for_logs = strchr(m->point + 1, '/') == NULL;

	for (size_t i = 0; i < array_length(places); i++)
		is_for_logs |= path_is_beneath(m->point, places[i]);
	return is_for_logs && !m->mapped && (m->kind == MOUNT_FILE || m->kind == MOUNT_UNSEEN) &&
	       pods && strstr(pods, "/containers/") && !strstr(pods, "/volumes");
}

/* What ECS has put beside the program since 2021: /ecs-execute-command-UUID/..., files all. */
static bool is_of_ecs_agent(const struct mount *m)
{
	static const char start[] = "/ecs-execute-command-";

	return strncmp(m->point, start, strlen(start)) == 0 && m->read_only &&
	       (m->kind == MOUNT_FILE || m->kind == MOUNT_UNSEEN);
}

bool mount_brings_programs(const struct mount *m)
{
	for (size_t i = 0; i < array_length(rules); i++)
		if (rules[i].programs && matches(&rules[i], m))
			return true;
	return false;
}

bool mount_is_made_by_runtime(const struct mount *m)
{
	for (size_t i = 0; i < array_length(rules); i++)
		if (matches(&rules[i], m))
			return true;
	return is_termination_log(m) || is_of_ecs_agent(m);
}

bool file_is_made_by_runtime(const char *path)
{
	return is_one_of(path, files);
}
