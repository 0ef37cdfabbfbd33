/* SPDX-License-Identifier: MIT */
/*
 * The entries of an open directory. Allocates nothing, unlike readdir(3): process 1 reads /proc
 * with it behind the border too.
 */
#pragma once

#include <dirent.h>
#include <stddef.h>

struct dents {
	int dir;
	char *buf; /* at least 512 bytes, aligned for struct dirent */
	size_t size;
	int filled, at;
	int error; /* -errno of reading the directory, or 0; check it after the last entry */
};

/* A buffer for the stack of a caller that reads one directory. */
union dents_piece {
	struct dirent aligned;
	char bytes[4096];
};

/*
 * Starts to read dir, which open(2) has just returned: where that failed, errno becomes the error
 * of reading the directory. dir stays the caller's to close; piece must outlive the result.
 */
struct dents dents_of(int dir, union dents_piece *piece);

/* The number that an entry of /proc/self/fd stands for; -1: it is no number. */
int dents_fd(const struct dirent *e);

/*
 * The next entry but "." and "..", in the buffer and good until the next call; NULL at the end, or
 * after an error.
 */
const struct dirent *dents_next(struct dents *d);
