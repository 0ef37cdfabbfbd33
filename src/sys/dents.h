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

/* A buffer for the stack of who reads one directory. */
union dents_piece {
	struct dirent aligned;
	char bytes[4096];
};

/* Of dir as open(2) has just returned it: that it failed is an error of reading the directory. */
struct dents dents_of(int dir, union dents_piece *piece);

/* The number that an entry of /proc/self/fd is called by; -1 when it is none. */
int dents_fd(const struct dirent *e);

/* The next entry but "." and ".."; NULL when there is none, or after an error. */
const struct dirent *dents_next(struct dents *d);
