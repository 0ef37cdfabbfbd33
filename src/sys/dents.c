// SPDX-License-Identifier: MIT
/* Reads directories through getdents64(2). */
#include "sys/dents.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "sys/sys.h"
#include "sys/text.h"

static bool is_dots(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

struct dents dents_of(int dir, union dents_piece *piece)
{
	return (struct dents){.dir = dir,
			      .buf = piece->bytes,
			      .size = sizeof(piece->bytes),
			      .error = dir < 0 ? -errno : 0};
}

const struct dirent *dents_next(struct dents *d)
{
	while (!d->error) {
		const struct dirent *e;

		if (d->at >= d->filled) {
			d->filled = sys_getdents(d->dir, d->buf, d->size);
			d->at = 0;
			if (d->filled == 0)
				return NULL;
			if (d->filled < 0) {
				d->error = d->filled;
				break;
			}
		}
		/* struct dirent is the kernel's linux_dirent64, with musl and glibc alike. */
		e = (const void *)(d->buf + d->at);
		d->at += e->d_reclen;
		if (!is_dots(e->d_name))
			return e;
	}
	return NULL;
}

int dents_fd(const struct dirent *e)
{
	uint64_t fd;

	return text_to_uint(e->d_name, INT_MAX, &fd) < 0 ? -1 : (int)fd;
}
