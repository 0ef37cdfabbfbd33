/* SPDX-License-Identifier: MIT */
/* The entries of an open directory, without allocating: readdir(3) would. */
#pragma once

#include <dirent.h>
#include <stddef.h>

struct dents {
	int dir;
	char *buf; /* at least 512 bytes, aligned for struct dirent */
	size_t size;
	int filled, at;
	int error; /* -errno of reading the directory, or 0; to be looked at in the end */
};

/* The number that an entry of /proc/self/fd is called by; -1 when it is none. */
int dents_fd(const struct dirent *e);

/* The next entry but "." and ".."; NULL when there is none, or on error. */
const struct dirent *dents_next(struct dents *d);
