/* SPDX-License-Identifier: MIT */
/* The root of nscontainer's container: files, mounts, pivot_root. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "nscontainer.h"

/* ---- files */

/* Joins into a buffer that the call after next overwrites. */
static const char *below(const char *root, const char *path)
{
	static char buffers[2][MAX_PATH];
	static unsigned int turn;
	char *buffer = buffers[turn++ % 2];

	if (snprintf(buffer, MAX_PATH, "%s/%s", root, path + strspn(path, "/")) >= MAX_PATH) {
		errno = ENAMETOOLONG;
		fail("%s", path);
	}
	return buffer;
}

/* Like mkdir -p; what cannot be made shows when it is mounted on. */
static void make_folders(const char *path)
{
	char partial[MAX_PATH];

	snprintf(partial, sizeof(partial), "%s", path);
	for (char *slash = partial + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		(void)mkdir(partial, 0755);
		*slash = '/';
	}
	(void)mkdir(partial, 0755);
}

static void make_file(const char *path)
{
	char folder[MAX_PATH];
	char *slash;
	int fd;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash != NULL && slash != folder) {
		*slash = '\0';
		make_folders(folder);
	}
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
}

/* ---- mounts */

static void mount_or_die(const char *source, const char *target, const char *type,
			 unsigned long flags, const char *data)
{
	if (mount(source, target, type, flags, data) != 0)
		fail("mounting %s on %s", source, target);
}

/* Adds flags to a mount. Those it has already stay: taking them away is forbidden without root. */
static void remount(const char *target, unsigned long flags)
{
	struct statvfs now;

	if (statvfs(target, &now) != 0)
		fail("%s", target);
	flags |= now.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
	if (mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | flags, NULL) != 0)
		fail("remounting %s", target);
}

/* Takes the words that are mount flags out of options, which keeps the others. */
static unsigned long take_flags(char *options)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} words[] = {
		{"ro", MS_RDONLY},     {"rw", 0}, {"nosuid", MS_NOSUID}, {"nodev", MS_NODEV},
		{"noexec", MS_NOEXEC},
	};
	char *rest = options;
	char *save = NULL;
	unsigned long flags = 0;

	if (options == NULL)
		return 0;
	for (char *word = strtok_r(options, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		size_t i = 0;
		size_t length = strlen(word);

		while (i < length_of(words) && strcmp(words[i].name, word) != 0)
			i++;
		if (i < length_of(words)) {
			flags |= words[i].flag;
			continue;
		}
		if (rest != options)
			*rest++ = ',';
		memmove(rest, word, length);
		rest += length;
	}
	*rest = '\0';
	return flags;
}

static void mount_extra(const char *root, const struct extra_mount *extra)
{
	const char *target = below(root, extra->target);
	unsigned long flags = take_flags(extra->options);
	struct stat st;

	if (extra->source == NULL) {
		make_folders(target);
		mount_or_die("tmpfs", target, "tmpfs", flags, extra->options);
		return;
	}
	if (stat(extra->source, &st) != 0)
		fail("%s", extra->source);
	if (S_ISDIR(st.st_mode))
		make_folders(target);
	else
		make_file(target);
	mount_or_die(extra->source, target, NULL, MS_BIND | MS_REC, NULL);
	if (flags != 0)
		remount(target, flags);
}

/* What container runtimes agreed upon. Not every kernel has every file. */
static void mask_proc(bool have_null)
{
	static const char *const read_only[] = {"bus", "fs", "irq", "sys", "sysrq-trigger"};
	static const char *const masked[] = {"acpi",       "asound",        "interrupts",  "kcore",
					     "keys",       "latency_stats", "sched_debug", "scsi",
					     "timer_list", "timer_stats"};
	const char *proc = "/proc";
	struct stat st;

	for (size_t i = 0; i < length_of(read_only); i++) {
		const char *path = below(proc, read_only[i]);

		if (stat(path, &st) != 0)
			continue;
		mount_or_die(path, path, NULL, MS_BIND | MS_REC, NULL);
		remount(path, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
	}
	for (size_t i = 0; i < length_of(masked); i++) {
		const char *path = below(proc, masked[i]);

		if (stat(path, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			mount_or_die("tmpfs", path, "tmpfs", MS_RDONLY, NULL);
		else if (have_null)
			mount_or_die("/dev/null", path, NULL, MS_BIND, NULL);
	}
}

static void mount_dev(const char *root)
{
	static const struct {
		const char *name;
		unsigned int minor, major;
	} nodes[] = {
		{"null", 3, 1},   {"zero", 5, 1},    {"full", 7, 1},
		{"random", 8, 1}, {"urandom", 9, 1}, {"tty", 0, 5},
	};
	static const char *const links[][2] = {
		{"fd", "/proc/self/fd"},
		{"stdin", "/proc/self/fd/0"},
		{"stdout", "/proc/self/fd/1"},
		{"stderr", "/proc/self/fd/2"},
	};
	char dev[MAX_PATH];
	char host[64];

	snprintf(dev, sizeof(dev), "%s", below(root, "dev"));
	make_folders(dev);
	mount_or_die("tmpfs", dev, "tmpfs", MS_NOSUID, "mode=755,size=65536k");
	for (size_t i = 0; i < length_of(nodes); i++) {
		const char *path = below(dev, nodes[i].name);

		if (mknod(path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)) == 0) {
			chmod(path, 0666);
			continue;
		}
		/* Without root no device can be made, but one of the host's can be lent. */
		snprintf(host, sizeof(host), "/dev/%s", nodes[i].name);
		make_file(path);
		mount_or_die(host, path, NULL, MS_BIND, NULL);
	}
	for (size_t i = 0; i < length_of(links); i++)
		(void)symlink(links[i][1], below(dev, links[i][0]));
}

/* First what comes from the old root, then the new one, then what needs it to be the root. */
void make_root(const struct container *c)
{
	char root[MAX_PATH];

	if (realpath(c->root, root) == NULL)
		fail("%s", c->root);
	mount_or_die("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	/* pivot_root wants a mount point, and granit's checks compare mount ids. */
	mount_or_die(root, root, NULL, MS_BIND, NULL);
	if (!c->no_dev)
		mount_dev(root);
	if (c->sys) {
		make_folders(below(root, "sys"));
		mount_or_die("sysfs", below(root, "sys"), "sysfs",
			     MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	}
	for (size_t i = 0; i < c->mount_count; i++)
		mount_extra(root, &c->mounts[i]);
	if (!c->no_proc) {
		/* Before the old root goes: without root this takes a whole /proc in sight. */
		make_folders(below(root, "proc"));
		mount_or_die("proc", below(root, "proc"), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
			     NULL);
	}
	/* Stacked on one place, the old one below: no folder for it is needed. */
	if (chdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0)
		fail("pivot_root to %s", root);
	if (umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
		fail("detaching the old root");
	if (!c->no_proc && !c->proc_writable)
		mask_proc(!c->no_dev);
	if (c->read_only)
		remount("/", MS_RDONLY);
}
