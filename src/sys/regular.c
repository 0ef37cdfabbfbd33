// SPDX-License-Identifier: MIT
/* Opens regular files and refuses everything else. */
#include "sys/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "sys/sys.h"

int regular_file_open(const char *path)
{
	/* A FIFO without a writer, or a terminal, must not hold up the start. */
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? take_fd(&fd) : -EINVAL;
}
