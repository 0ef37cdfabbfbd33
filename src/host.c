// SPDX-License-Identifier: MIT
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sys/dents.h"
#include "sys/sys.h"
#include "sys/text.h"

/* ---- namespaces */

/*
 * The inodes of the first namespaces are fixed: include/linux/proc_ns.h since 3.8, and by
 * include/uapi/linux/nsfs.h part of the kernel's interface. Older kernels gave any number to the
 * first network namespace: one that is not this says nothing.
 */
static const struct {
	const char *name;
	ino_t host;
	bool always_fixed;
} namespaces[NS_COUNT] = {
	[NS_PID] = {"self/ns/pid", 0xEFFFFFFC, true},
	[NS_IPC] = {"self/ns/ipc", 0xEFFFFFFF, true},
	[NS_UTS] = {"self/ns/uts", 0xEFFFFFFE, true},
	[NS_NET] = {"self/ns/net", 0xEFFFFFF9, false},
	[NS_CGROUP] = {"self/ns/cgroup", 0xEFFFFFFB, true},
	[NS_USER] = {"self/ns/user", 0xEFFFFFFD, true},
};

void namespaces_look(int proc, enum namespace_is ret[NS_COUNT])
{
	for (size_t i = 0; i < NS_COUNT; i++) {
		struct stat st;

		ret[i] = NAMESPACE_UNKNOWN;
		if (fstatat(proc, namespaces[i].name, &st, 0) < 0)
			continue;
		if (st.st_ino == namespaces[i].host)
			ret[i] = NAMESPACE_HOST;
		else if (namespaces[i].always_fixed)
			ret[i] = NAMESPACE_OWN;
	}
}

/* ---- what runtimes hide */

/* moby's oci/defaults.go, containerd's and runc's are the same; the newest entries only warn. */
const struct hidden_path hidden_paths[] = {
	{"/proc/kcore", true},        {"/proc/keys", true},           {"/proc/timer_list", true},
	{"/proc/sched_debug", true},  {"/sys/firmware", true},        {"/proc/acpi", false},
	{"/proc/asound", false},      {"/proc/latency_stats", false}, {"/proc/scsi", false},
	{"/proc/timer_stats", false},
};

const size_t hidden_paths_count = array_length(hidden_paths);

_Static_assert(array_length(hidden_paths) <= HIDDEN_PATHS, "no room for the facts");

static bool is_empty_dir(const char *path)
{
	cleanup_fd int fd = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char buf[512];
	struct dents d = {.dir = fd, .buf = buf, .size = sizeof(buf)};

	return fd >= 0 && !dents_next(&d) && !d.error;
}

void hidden_paths_look(struct hidden_facts ret[HIDDEN_PATHS])
{
	for (size_t i = 0; i < hidden_paths_count; i++) {
		const char *path = hidden_paths[i].path;
		struct stat st;

		ret[i] = (struct hidden_facts){0};
		if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
			ret[i].error = errno;
		else if (S_ISCHR(st.st_mode))
			ret[i].is_null = st.st_rdev == makedev(1, 3);
		else if (S_ISDIR(st.st_mode))
			ret[i].is_empty = is_empty_dir(path);
	}
}

/* ---- devices */

static bool is_usual(const char *name)
{
	static const char *const names[] = {
		"null",    "zero",   "full",   "random", "urandom",         "tty",
		"console", "ptmx",   "pts",    "shm",    "mqueue",          "fd",
		"stdin",   "stdout", "stderr", "core",   "termination-log",
	};

	return is_one_of(name, names);
}

/* Only looked at, never opened: opening some devices does things. */
static void note_device(int dev, const struct dirent *e, struct arena *a, struct device_facts *ret)
{
	struct device *d;
	struct stat st;

	if (is_usual(e->d_name) || fstatat(dev, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (!S_ISBLK(st.st_mode) && !S_ISCHR(st.st_mode)))
		return;
	d = arena_take(a, 1, sizeof(*d));
	if (!d) {
		ret->trouble = (struct trouble){.tried = "list", .what = "/dev", .error = ENOMEM};
		return;
	}
	*d = (struct device){
		.next = ret->devices,
		.name = arena_copy(a, e->d_name),
		.is_block = S_ISBLK(st.st_mode),
		.major = major(st.st_rdev),
		.minor = minor(st.st_rdev),
	};
	ret->devices = d;
}

void devices_list(struct arena *a, struct device_facts *ret)
{
	cleanup_fd int dev = openat(AT_FDCWD, "/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char buf[4096];
	struct dents d = {.dir = dev, .buf = buf, .size = sizeof(buf)};
	const struct dirent *e;

	if (dev < 0 && errno == ENOENT)
		return;
	if (dev < 0)
		d.error = -errno;
	while (!d.error && (e = dents_next(&d)) != NULL)
		note_device(dev, e, a, ret);
	if (d.error)
		ret->trouble = (struct trouble){.tried = "list", .what = "/dev", .error = -d.error};
}

/* ---- network */

static bool is_host_interface(const char *name)
{
	/* A container's own are called eth0 and lo, or what its network plug-in says. */
	static const char *const starts[] = {
		"docker0", "cni0", "flannel.", "cali", "virbr", "br-", "veth", "cilium_", "podman",
	};

	for (size_t i = 0; i < array_length(starts); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

const char *host_interface(struct arena *a)
{
	cleanup_fd int dir = openat(AT_FDCWD, "/sys/class/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char buf[4096];
	struct dents d = {.dir = dir, .buf = buf, .size = sizeof(buf)};
	const struct dirent *e;

	while (dir >= 0 && (e = dents_next(&d)) != NULL)
		if (is_host_interface(e->d_name))
			return arena_copy(a, e->d_name);
	return NULL;
}

/* ---- Landlock */

#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#endif

int landlock_abi(void)
{
	enum { VERSION = 1 << 0 };

	return sys_result(syscall(__NR_landlock_create_ruleset, NULL, 0, VERSION));
}
