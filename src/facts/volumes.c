// SPDX-License-Identifier: MIT
/* What lies at a mount point. */
#include "facts/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/runtime_mounts.h"
#include "facts/sockets.h"
#include "sys/dents.h"
#include "sys/elfhead.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

/* ---- which part of a system it is */

static bool holds(int dir, struct mount *m, const char *name, mode_t type)
{
	struct stat st;
	int r = sight_stat(dir, name, 0, &st);

	m->barred |= r == -EACCES;
	return r == 0 && (st.st_mode & S_IFMT) == type;
}

/*
 * A part is known by all of the one list, and by one of the other. What images and volumes have as
 * well tells nothing: a root is that of a machine by its kernel, a /run by its device manager. Nor
 * does what a program may have stored under such names: accounts, a folder of pods and a settings
 * file. An /etc with accounts has settings of the system's too.
 */
static const struct {
	enum system_part part;
	mode_t all_type, any_type;
	const char *all_of[4];
	const char *any_of[12];
} signs[] = {
	{PART_ROOT,
	 S_IFDIR,
	 S_IFDIR,
	 {"etc", "usr", "proc"},
	 {"lib/modules", "usr/lib/modules", "boot/grub", "boot/grub2", "boot/loader", "boot/efi",
	  "ostree/repo"}},
	{PART_ETC, S_IFREG, S_IFREG, {"passwd"}, {"machine-id", "fstab"}},
	{PART_ETC,
	 S_IFREG,
	 S_IFREG,
	 {"passwd", "shadow"},
	 {"hostname", "hosts", "issue", "login.defs", "mtab", "nsswitch.conf", "os-release",
	  "profile", "securetty", "services", "shells"}},
	{PART_RUN, S_IFDIR, S_IFDIR, {"udev/data"}, {"systemd", "openrc", "lock", "initramfs"}},
	{PART_KUBELET,
	 S_IFDIR,
	 S_IFREG,
	 {"pods"},
	 {"cpu_manager_state", "memory_manager_state", "kubeadm-flags.env",
	  "device-plugins/kubelet_internal_checkpoint", "pki/kubelet.crt"}},
};

/* What every part of a system has one of, at its top. */
static const char *const first_signs[] = {"etc", "passwd", "udev", "pods", NULL};

static bool holds_signs(int dir, struct mount *m, size_t i)
{
	for (const char *const *name = signs[i].all_of; *name; name++)
		if (!holds(dir, m, *name, signs[i].all_type))
			return false;
	for (const char *const *name = signs[i].any_of; *name; name++)
		if (holds(dir, m, *name, signs[i].any_type))
			return true;
	return false;
}

/*
 * A whole file system with such directories is a system's, too. An image that is mounted as a
 * volume has them as well: its file system is one of images, or nobody can write to it anywhere
 * (containerd's snapshotters on block devices).
 */
static bool is_root_of_all(int dir, struct mount *m)
{
	static const char *const of_images[] = {"overlay", "fuse.fuse-overlayfs", "fuse-overlayfs",
						"squashfs", "erofs"};

	return strcmp(m->root, "/") == 0 && !m->super_read_only &&
	       !is_one_of(m->fstype, of_images) && holds(dir, m, "etc", S_IFDIR) &&
	       holds(dir, m, "usr", S_IFDIR) && holds(dir, m, "proc", S_IFDIR);
}

static enum system_part part_of(int dir, struct mount *m)
{
	if (is_root_of_all(dir, m))
		return PART_ROOT;
	for (size_t i = 0; i < array_length(signs); i++)
		if (holds_signs(dir, m, i))
			return signs[i].part;
	return PART_NONE;
}

/* ---- what it is */

/*
 * A path that leads nowhere for granit leads nowhere for the program either. One that is barred may
 * be open to it: that is for the judge.
 */
static void could_not_look(struct mount *m, int error)
{
	if (is_shortage(-error))
		m->look_error = -error;
	else if (error == -EACCES)
		m->barred = true;
}

static void look_into(struct mount *m)
{
	cleanup_fd int list = sight_open(AT_FDCWD, m->point, O_RDONLY | O_NONBLOCK | O_DIRECTORY);
	cleanup_fd int path = list < 0 ? sight_open(AT_FDCWD, m->point, O_PATH | O_DIRECTORY) : -1;
	int dir = list < 0 ? path : list;
	struct socket_search search;

	if (dir < 0) {
		could_not_look(m, dir);
		return;
	}
	m->socket = control_socket_below(dir, list, first_signs, &search);
	m->barred = search.barred;
	if (search.some)
		m->part = part_of(dir, m);
	/* No runtime mounts a part of a system on a place of its own. */
	if (m->part != PART_NONE)
		m->of_runtime = false;
}

static enum mount_kind kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return MOUNT_DIRECTORY;
	case S_IFREG:
		return MOUNT_FILE;
	case S_IFSOCK:
		return MOUNT_SOCKET;
	case S_IFIFO:
		return MOUNT_PIPE;
	default:
		return MOUNT_OTHER;
	}
}

static bool has_control_groups(const struct mount *m)
{
	static const char *const types[] = {"cgroup", "cgroup2"};

	return is_one_of(m->fstype, types);
}

/* Nobody can put a socket there, nor anything else. */
static bool is_of_kernel(const struct mount *m)
{
	static const char *const types[] = {"proc", "sysfs", "devpts", "mqueue"};

	return m->of_runtime &&
	       (is_one_of(m->fstype, types) || (m->read_only && has_control_groups(m)));
}

/* Its owner could change the mode. */
static bool is_fixed(const struct stat *st, uid_t user)
{
	return S_ISREG(st->st_mode) && !(st->st_mode & 022) && user != 0 && st->st_uid != user;
}

/*
 * Where a sandbox of a user namespace binds the host's /sys with all that is mounted on it, what is
 * there belongs to the host's root, who has no number inside: the kernel shows him as this one
 * (/proc/sys/kernel/overflowuid). One that may be the program's user is not taken for that.
 */
static bool is_owned_elsewhere(const struct mount *m, const struct stat *st, uid_t user)
{
	enum { NOBODY = 65534 };

	return (mount_shows_kernel(m) || has_control_groups(m)) && S_ISDIR(st->st_mode) &&
	       !(st->st_mode & 0002) && st->st_uid == NOBODY && st->st_gid == NOBODY &&
	       user != NOBODY;
}

/* A way that is closed to either look is none for a loader. */
static bool would_be_mapped(const struct mount *m, const struct stat *st)
{
	cleanup_fd int fd = sight_open(AT_FDCWD, m->point, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	uint8_t head[ELF_HEADER];
	ssize_t n = fd < 0 ? 0 : pread(fd, head, sizeof(head), 0);

	return n > 0 && elf_is_mapped(head, (size_t)n, (uint64_t)st->st_size);
}

static bool is_filled(const struct mount *m)
{
	cleanup_fd int fd = sight_open(AT_FDCWD, m->point, O_RDONLY | O_NONBLOCK | O_DIRECTORY);
	union dents_piece piece;
	struct dents d = dents_of(fd, &piece);

	return dents_next(&d) || d.error;
}

/* Whether it is what a runtime mounts there is seen by what it holds, not by its place alone. */
static void look_at_content(struct mount *m, const struct stat *st)
{
	m->mapped = m->kind == MOUNT_FILE && would_be_mapped(m, st);
	m->filled = m->kind == MOUNT_DIRECTORY && m->read_only && is_filled(m);
}

void volume_look(struct mount *m, uint64_t root, uid_t user)
{
	struct stat st;
	int r;

	if (m->id == root || m->covered || is_of_kernel(m))
		return;
	r = sight_stat(AT_FDCWD, m->point, 0, &st);
	if (r < 0) {
		could_not_look(m, r);
		return;
	}
	m->kind = kind_of(st.st_mode);
	m->executable = S_ISREG(st.st_mode) && st.st_mode & 0111;
	m->fixed = is_fixed(&st, user);
	m->elsewhere = is_owned_elsewhere(m, &st, user);
	if (m->of_runtime)
		look_at_content(m, &st);
	m->of_runtime = m->of_runtime && mount_is_made_by_runtime(m);
	if (m->kind == MOUNT_DIRECTORY)
		look_into(m);
}
