// SPDX-License-Identifier: MIT
/* Tells owners that have changed from owners that this user namespace has no number for. */
#include "seal/owner.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>

#include "facts/procfile.h"
#include "sys/sys.h"
#include "sys/text.h"

/* The kernel shows owners without a number as this one (/proc/sys/kernel/overflowuid). */
enum { NOBODY = 65534 };

/* The map as text in buf; false when it cannot be had from a procfs. */
static bool read_map(const char *map, char *buf, size_t size)
{
	cleanup_fd int proc = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_fd int fd = -1;
	struct statfs fs;
	char path[32];
	struct text t;
	size_t len;

	if (proc < 0 || fstatfs(proc, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return false;
	text_init(&t, path, sizeof(path));
	text_add(&t, "self/%s", map);
	fd = proc_file_open(proc, path);
	if (fd < 0 || text_read(fd, buf, size, &len) < 0)
		return false;
	buf[len] = '\0';
	return true;
}

/* A line is: first number inside, first outside, how many (user_namespaces(7)). */
static bool has_number(uint32_t id, const char *map)
{
	char buf[4096], *line = buf;

	if (!read_map(map, buf, sizeof(buf)))
		return true; /* what cannot be told is no excuse */
	while (*line) {
		unsigned long long first = strtoull(line, &line, 10);
		unsigned long long count;

		(void)strtoull(line, &line, 10);
		count = strtoull(line, &line, 10);
		if (id >= first && id - first < count)
			return true;
		if (*line++ != '\n')
			break;
	}
	return false;
}

bool owner_may_be(uint32_t found, uint32_t sealed, const char *map)
{
	return found == sealed || (found == NOBODY && !has_number(sealed, map));
}
