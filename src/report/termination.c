// SPDX-License-Identifier: MIT
/* Kubernetes' termination message: `kubectl describe pod` shows it once a container has ended. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/report.h"

static int open_log(const struct policy *p)
{
	const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd;

	/* A file that was asked for is created; the default one is not. */
	if (p->termination_log)
		fd = open(p->termination_log, flags | O_CREAT, 0644);
	else
		fd = open(TERMINATION_LOG, flags | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int termination_log_write(const struct policy *p, const struct text *message)
{
	cleanup_fd int fd = -1;
	struct stat st;

	if (p->termination_log && strcmp(p->termination_log, "none") == 0)
		return 0;
	/* A check inside a running container has no say in how that container ended. */
	if (!p->termination_log && (p->mode == MODE_CHECK || p->mode == MODE_SEAL) && getpid() != 1)
		return 0;
	fd = open_log(p);
	if (fd == -ENOENT && !p->termination_log)
		return 0;
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	/* Replaces whatever was there. Anything but a regular file is not ours to write. */
	if (!S_ISREG(st.st_mode))
		return p->termination_log ? -EINVAL : 0;
	if (ftruncate(fd, 0) < 0)
		return -errno;
	return text_write(message, fd);
}
