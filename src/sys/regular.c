// SPDX-License-Identifier: MIT
/* Opens regular files and refuses everything else. */
#include "sys/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "sys/below.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

int regular_file_open(const char *path)
{
	/* A FIFO without a writer, or a terminal, must not hold up the start. */
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? take_fd(&fd) : -EINVAL;
}

static int reopen_by_proc(int place)
{
	char again[32];
	struct stat st;
	struct text t;
	int fd;

	if (fstat(place, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	text_init(&t, again, sizeof(again));
	text_add(&t, "/proc/self/fd/%d", place);
	fd = open(again, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int regular_file_reopen(int place)
{
	int fd = reopen_by_proc(place);

	if (!sight_take(fd))
		return fd;
	fd = reopen_by_proc(place);
	sight_give_back();
	return fd;
}

int regular_file_open_in(int root, const char *path)
{
	cleanup_fd int place = open_in(root, path, O_PATH);
	int fd = place < 0 ? place : regular_file_reopen(place);

	/* Without /proc: what may lie there now is looked at by whoever reads it. */
	return place >= 0 && fd == -ENOENT ? open_in(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
					   : fd;
}
