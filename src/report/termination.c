// SPDX-License-Identifier: MIT
/* Kubernetes' termination message: `kubectl describe pod` shows it once a container has ended. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/report.h"
#include "sys/below.h"

/*
 * It says how the container ended: process 1, which is the container, writes it of its own accord,
 * and no process that is started in it later. An inspection writes nothing at all, whatever was
 * asked.
 */
static bool is_ours_to_write(const struct policy *p)
{
	if (p->root || (p->termination_log && strcmp(p->termination_log, "none") == 0))
		return false;
	if (p->termination_log_asked)
		return true;
	return (p->mode == MODE_RUN || p->mode == MODE_PAUSE) && getpid() == 1;
}

/* The image's own file may name one that lies ready for it, as a kubelet's does. */
static bool is_named_by_image(const struct policy *p)
{
	return p->termination_log && !p->termination_log_asked;
}

/* Where it lies, a program may have laid a link, that leads to what granit may write and it not. */
static int open_log(const struct policy *p)
{
	const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

	/* A file that was asked for is created; the others are not. */
	if (is_named_by_image(p))
		return open_no_links(p->termination_log, flags);
	if (p->termination_log)
		return open_no_links(p->termination_log, flags | O_CREAT);
	return open_no_links(TERMINATION_LOG, flags);
}

int termination_log_write(const struct policy *p, const struct text *message)
{
	cleanup_fd int fd = -1;
	struct stat st;

	if (!is_ours_to_write(p))
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
	if (st.st_nlink > 1)
		return -EMLINK;
	/* What is in it is somebody's, and may lie on a volume. */
	if (is_named_by_image(p) && st.st_size > 0)
		return -EEXIST;
	if (ftruncate(fd, 0) < 0)
		return -errno;
	return text_write(message, fd);
}
