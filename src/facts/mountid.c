// SPDX-License-Identifier: MIT
/* Gets the mount id of an open file from statx(2), or from fdinfo before 5.8. */
#include "facts/mountid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "facts/procfile.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

/* Before 5.8 only /proc/self/fdinfo has the mount id. */
static int mount_id_from_fdinfo(int proc, int fd, uint64_t *ret)
{
	char name[32], buf[256];
	cleanup_fd int info = -1;
	const char *line;
	struct text t;
	ssize_t n;

	text_init(&t, name, sizeof(name));
	text_add(&t, "self/fdinfo/%d", fd);
	info = proc_file_open(proc, name);
	if (info < 0)
		return info;
	n = read(info, buf, sizeof(buf) - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	line = strstr(buf, "mnt_id:");
	if (!line)
		return -ENODATA;
	*ret = strtoull(line + strlen("mnt_id:"), NULL, 10);
	return 0;
}

int mount_id(int proc, int fd, uint64_t *ret)
{
	struct sys_statx st = {0};
	int r = sys_statx(fd, "", AT_EMPTY_PATH, SYS_STATX_MNT_ID, &st);

	if (r < 0 || !(st.mask & SYS_STATX_MNT_ID))
		return mount_id_from_fdinfo(proc, fd, ret);
	*ret = st.mnt_id;
	return 0;
}

bool path_of_fd(int proc, int fd, char path[PATH_MAX])
{
	char name[48];
	struct text t;
	ssize_t n;

	text_init(&t, name, sizeof(name));
	text_add(&t, "%sself/fd/%d", proc < 0 ? "/proc/" : "", fd);
	n = fd < 0 ? -1 : readlinkat(proc, name, path, PATH_MAX - 1);
	path[n < 0 ? 0 : n] = '\0';
	if (path[0] != '/')
		path[0] = '\0';
	return path[0] == '/';
}

int path_is_on_mount(const char *path, int dir)
{
	const unsigned int mask = SYS_STATX_BASIC | SYS_STATX_MNT_ID;
	struct sys_statx file = {0}, there = {0};
	int r = sys_statx(dir, "", AT_EMPTY_PATH, mask, &there);

	if (r == 0)
		r = sight_statx(AT_FDCWD, path, 0, mask, &file);
	return r < 0 ? r : sys_is_same_mount(&there, &file);
}
