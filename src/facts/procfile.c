// SPDX-License-Identifier: MIT
/* Opens files of procfs through openat2(2), or with fallbacks on older kernels. */
#include "facts/procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>

#include "sys/sys.h"

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
	struct statfs fs;

	/* Before 5.6, or under a seccomp profile that is older than the call. */
	if (fd != -ENOSYS && fd != -EPERM)
		return fd;
	fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return fd;
	(void)close(fd);
	return -EXDEV;
}
