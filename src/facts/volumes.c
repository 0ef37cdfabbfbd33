// SPDX-License-Identifier: MIT
/* What lies at a mount point. */
#include "facts/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "facts/sockets.h"
#include "sys/sys.h"

static bool holds_dir(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

static void look_into(struct mount *m)
{
	cleanup_fd int dir = openat(AT_FDCWD, m->point, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0 && is_shortage(errno))
		m->look_error = errno;
	if (dir < 0)
		return;
	m->runtime_socket = runtime_socket_below(dir);
	m->holds_system = holds_dir(dir, "etc") && holds_dir(dir, "usr") && holds_dir(dir, "proc");
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
	default:
		return MOUNT_OTHER;
	}
}

void volume_look(struct mount *m, uint64_t root)
{
	struct stat st;

	if (m->id == root || m->of_runtime || m->covered)
		return;
	if (stat(m->point, &st) < 0) {
		/* Else the program cannot get there either. */
		if (is_shortage(errno))
			m->look_error = errno;
		return;
	}
	m->kind = kind_of(st.st_mode);
	if (m->kind == MOUNT_DIRECTORY)
		look_into(m);
}
