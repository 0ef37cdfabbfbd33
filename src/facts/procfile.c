// SPDX-License-Identifier: MIT
/* Opens files of procfs through openat2(2), or with fallbacks on older kernels. */
#include "facts/procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "sys/sys.h"

/* gVisor answers for the directory /proc alone; its /proc has one device number throughout. */
static bool is_of_procfs(int proc, int fd)
{
	struct statfs fs;
	struct stat file, dir;

	if (fstatfs(fd, &fs) == 0)
		return fs.f_type == PROC_SUPER_MAGIC;
	return errno == ENOSYS && fstat(fd, &file) == 0 && fstat(proc, &dir) == 0 &&
	       file.st_dev == dir.st_dev;
}

int proc_open(void)
{
	int fd = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return fd;
	(void)close(fd);
	return -EMEDIUMTYPE;
}

int proc_file_open(int proc, const char *name)
{
	int fd = sys_openat2(proc, name, O_RDONLY | O_CLOEXEC, RESOLVE_NO_XDEV);

	/* Before 5.6, or under a seccomp profile that is older than the call. */
	if (fd != -ENOSYS && fd != -EPERM)
		return fd;
	fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (is_of_procfs(proc, fd))
		return fd;
	(void)close(fd);
	return -EXDEV;
}
