// SPDX-License-Identifier: MIT
/* Reads what a container can see of its host: devices, namespaces, masked paths, interfaces. */
#include "facts/host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "sys/compiler.h"
#include "sys/dents.h"
#include "sys/dirwalk.h"
#include "sys/sys.h"
#include "sys/text.h"

/* ---- namespaces */

/*
 * The inodes of the initial namespaces are fixed: include/linux/proc_ns.h since 3.8, and part of
 * the kernel's interface by include/uapi/linux/nsfs.h. Older kernels gave the initial network
 * namespace any number, so there another number proves nothing.
 */
static const struct {
	const char *name;
	ino_t host;
	bool always_fixed;
} namespaces[NS_COUNT] = {
	[NS_PID] = {"pid", 0xEFFFFFFC, true},       [NS_IPC] = {"ipc", 0xEFFFFFFF, true},
	[NS_UTS] = {"uts", 0xEFFFFFFE, true},       [NS_NET] = {"net", 0xEFFFFFF9, false},
	[NS_CGROUP] = {"cgroup", 0xEFFFFFFB, true}, [NS_USER] = {"user", 0xEFFFFFFD, true},
};

/*
 * The number in "net:[4026531833]", the inode's: proc_pid_ns(5). The link is read, not followed:
 * stat(2) would make the kernel create an inode. Returns 0 or an errno.
 */
static int namespace_number(int dir, const char *name, ino_t *ret)
{
	char link[64];
	ssize_t n = readlinkat(dir, name, link, sizeof(link) - 1);
	const char *number;

	if (n < 0)
		return errno;
	link[n] = '\0';
	number = strchr(link, '[');
	if (!number)
		return EINVAL;
	*ret = strtoul(number + 1, NULL, 10);
	return 0;
}

/*
 * The kernel gives this file to the first network namespace alone (net/core/sysctl_net_core.c), and
 * the directory to all. Neither is there: it was built without.
 */
static enum namespace_is network_by_sysctl(int proc)
{
	struct stat st;

	if (fstatat(proc, "sys/net/core/netdev_max_backlog", &st, 0) == 0)
		return NAMESPACE_HOST;
	return errno == ENOENT && fstatat(proc, "sys/net/core", &st, 0) == 0 ? NAMESPACE_OWN
									     : NAMESPACE_UNTOLD;
}

void namespaces_look(int proc, struct namespace_facts ret[NS_COUNT])
{
	cleanup_fd int dir = openat(proc, "self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int no_dir = dir < 0 ? errno : 0;

	for (size_t i = 0; i < NS_COUNT; i++) {
		ino_t number = 0;
		int error = no_dir ? no_dir : namespace_number(dir, namespaces[i].name, &number);

		ret[i] = (struct namespace_facts){.is = NAMESPACE_UNTOLD};
		/* ENOENT: the kernel was built without this kind. */
		if (error)
			ret[i].error = error == ENOENT ? 0 : error;
		else if (number == namespaces[i].host)
			ret[i].is = NAMESPACE_HOST;
		else
			ret[i].is = namespaces[i].always_fixed ? NAMESPACE_OWN
							       : network_by_sysctl(proc);
	}
}

/* ---- what runtimes hide */

/* From moby's oci/defaults.go; containerd and runc have the same. The newest entries only warn. */
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
	union dents_piece piece;
	struct dents d = dents_of(fd, &piece);

	return !dents_next(&d) && !d.error;
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

/* ---- where a kernel is told what to do */

const char *const kernel_places[PLACE_COUNT] = {
	[PLACE_PROC_SYS] = "/proc/sys",
	[PLACE_SYSRQ_TRIGGER] = "/proc/sysrq-trigger",
	[PLACE_PROC_BUS] = "/proc/bus",
	[PLACE_PROC_FS] = "/proc/fs",
	[PLACE_PROC_IRQ] = "/proc/irq",
	[PLACE_SYS_KERNEL] = "/proc/sys/kernel",
	[PLACE_BINFMT_MISC] = "/proc/sys/fs/binfmt_misc",
	[PLACE_SYSFS_KERNEL] = "/sys/kernel",
};

void kernel_places_look(bool ret_absent[PLACE_COUNT])
{
	for (size_t i = 0; i < PLACE_COUNT; i++) {
		struct stat st;

		ret_absent[i] =
			stat(kernel_places[i], &st) < 0 && (errno == ENOENT || errno == ENOTDIR);
	}
}

/* ---- devices */

/*
 * The device nodes of every container, by name and number (Documentation/admin-guide/devices.txt):
 * a disk named tty is still a disk. A console may have the number of any terminal.
 */
static bool is_usual_device(const char *name, const struct stat *st)
{
	static const struct {
		const char *name;
		unsigned int major, minor;
	} usual[] = {
		{"null", 1, 3},    {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8},
		{"urandom", 1, 9}, {"tty", 5, 0},  {"ptmx", 5, 2}, {"console", 5, 1},
	};
	unsigned int maj = major(st->st_rdev), min = minor(st->st_rdev);

	if (!S_ISCHR(st->st_mode))
		return false;
	for (size_t i = 0; i < array_length(usual); i++)
		if (strcmp(usual[i].name, name) == 0 && usual[i].major == maj &&
		    usual[i].minor == min)
			return true;
	return strcmp(name, "console") == 0 && (maj == 4 || (maj >= 136 && maj <= 143));
}

/*
 * A walk through /dev and what is mounted there. There is an end to it: a volume on /dev/shm may
 * have any number of files.
 */
struct device_walk {
	struct arena *arena;
	struct device_facts *facts;
	struct dirwalk *dirs;
	size_t entries; /* that may still come */
};

#ifndef MQUEUE_MAGIC
#define MQUEUE_MAGIC 0x19800202 /* ipc/mqueue.c */
#endif

enum {
	MOST_ENTRIES = 1 << 14,
	DEEPEST = 16 /* directories; devtmpfs has four: /dev/bus/usb/001 */
};

static const char too_much[] = "there is more than one look takes";

static void devices_trouble(struct device_walk *w, int error, const char *why)
{
	const char *what = arena_copy(w->arena, w->dirs->path);

	w->facts->trouble = (struct trouble){
		.tried = "list", .what = what ? what : "/dev", .error = error, .why = why};
}

static void note_device(struct device_walk *w, const struct stat *st)
{
	struct device *d = arena_take(w->arena, 1, sizeof(*d));
	const char *path = arena_copy(w->arena, w->dirs->path);

	if (!d || !path) {
		devices_trouble(w, ENOMEM, NULL);
		return;
	}
	*d = (struct device){
		.next = w->facts->devices,
		.path = path,
		.is_block = S_ISBLK(st->st_mode),
		.major = major(st->st_rdev),
		.minor = minor(st->st_rdev),
	};
	w->facts->devices = d;
}

/*
 * Entries are never opened: opening some devices has effects. The type in the entry suffices for
 * directories and links only: on any other file a device can be mounted.
 */
static mode_t device_mode(int dev, const struct dirent *e, struct stat *ret)
{
	if (e->d_type == DT_DIR || e->d_type == DT_LNK)
		return e->d_type == DT_DIR ? S_IFDIR : S_IFLNK;
	return fstatat(dev, e->d_name, ret, AT_SYMLINK_NOFOLLOW) < 0 ? 0 : ret->st_mode & S_IFMT;
}

static bool is_device(mode_t mode)
{
	return S_ISBLK(mode) || S_ISCHR(mode);
}

/* File systems that hold nothing but terminals, and queues. */
static bool holds_no_devices(int dir)
{
	struct statfs fs;

	return fstatfs(dir, &fs) == 0 &&
	       (fs.f_type == DEVPTS_SUPER_MAGIC || fs.f_type == MQUEUE_MAGIC);
}

static void enter_dev_directory(struct device_walk *w, int dir, const char *name)
{
	int r = w->dirs->depth > DEEPEST ? -E2BIG : dirwalk_enter(w->dirs, dir, name);

	if (r < 0)
		devices_trouble(w, -r, r == -E2BIG ? too_much : NULL);
	else if (holds_no_devices(dirwalk_top(w->dirs)->dents.dir))
		(void)dirwalk_leave(w->dirs);
}

/* Below /dev itself (net/tun, dri/card0) no name is usual. */
static void look_at_dev_entry(struct device_walk *w, const struct dirent *e)
{
	int dir = dirwalk_top(w->dirs)->dents.dir, r;
	struct stat st;
	mode_t mode = device_mode(dir, e, &st);

	if (!S_ISDIR(mode) && !is_device(mode))
		return;
	r = dirwalk_name(w->dirs, e->d_name);
	if (r < 0)
		devices_trouble(w, -r, NULL);
	else if (S_ISDIR(mode))
		enter_dev_directory(w, dir, e->d_name);
	else if (w->dirs->depth > 1 || !is_usual_device(e->d_name, &st))
		note_device(w, &st);
}

static void walk_devices(struct device_walk *w)
{
	while (w->dirs->depth) {
		const struct dirent *e = w->entries ? dirwalk_next(w->dirs) : NULL;
		int r = e ? 0 : dirwalk_leave(w->dirs);

		if (r < 0)
			devices_trouble(w, -r, NULL);
		if (!w->entries && !w->facts->trouble.tried)
			devices_trouble(w, E2BIG, too_much);
		if (!e)
			continue;
		w->entries--;
		look_at_dev_entry(w, e);
	}
}

void devices_list(struct arena *a, struct device_facts *ret)
{
	struct device_walk w = {
		.arena = a, .facts = ret, .dirs = dirwalk_new("/dev", a), .entries = MOST_ENTRIES};
	int r = w.dirs ? dirwalk_enter(w.dirs, AT_FDCWD, "/dev") : -ENOMEM;

	if (r == 0)
		walk_devices(&w);
	else if (r != -ENOENT)
		ret->trouble = (struct trouble){.tried = "list", .what = "/dev", .error = -r};
}

/* ---- network */

static bool is_host_interface(const char *name)
{
	/* A container's own interfaces are eth0 and lo, or named by its network plug-in. */
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
	union dents_piece piece;
	struct dents d = dents_of(dir, &piece);
	const struct dirent *e;

	while ((e = dents_next(&d)) != NULL)
		if (is_host_interface(e->d_name))
			return arena_copy(a, e->d_name);
	return NULL;
}

/* ---- Landlock */

int landlock_abi(void)
{
	enum { VERSION = 1 << 0 };

	return sys_landlock_create_ruleset(NULL, 0, VERSION);
}
