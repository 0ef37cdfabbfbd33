/* SPDX-License-Identifier: MIT */
/*
 * A walk down a tree of directories, without recursion, as deep as a path can be long. It reads
 * directories and makes no other system call for its caller, who looks at entries and says which to
 * enter. The walk lies in the arena; its descriptors are closed by dirwalk_leave() alone, so every
 * directory that was entered has to be left.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "sys/arena.h"
#include "sys/dents.h"

struct dirwalk_level {
	struct dents dents; /* dents.dir is the open directory; -1 in a level that was put aside */
	size_t path_len;    /* of the directory's own path */
	bool done;  /* for the caller: its entries are known, only what lies deeper is not */
	off_t next; /* where its entries go on */
	dev_t device;
	ino_t inode;
};

enum {
	DIRWALK_OPEN =
		32, /* directories, the deepest ones: there are more levels than descriptors */
	DIRWALK_LEVELS = PATH_MAX / 2 + 1,
};

struct dirwalk_buffer {
	_Alignas(struct dirent) char bytes[1 << 14];
};

struct dirwalk {
	struct dirwalk_level *levels; /* `depth` of them, the last one is read */
	struct dirwalk_buffer *buffers;
	size_t depth;
	char path[PATH_MAX]; /* of the directory that is being read, or of the entry named last */
};

/*
 * A walk in the arena that has entered nothing. root is what paths begin with: "/" or ".". NULL
 * when there is no memory.
 */
struct dirwalk *dirwalk_new(const char *root, struct arena *a) must_check;

/* The directory that is being read. There has to be one. */
static inline struct dirwalk_level *dirwalk_top(struct dirwalk *w)
{
	return &w->levels[w->depth - 1];
}

/* Its next entry, good until the next call; NULL when there is none, or on error: leave it then. */
const struct dirent *dirwalk_next(struct dirwalk *w);

/* Makes path that of the entry, until the next entry is asked for. Returns 0 or -ENAMETOOLONG. */
int dirwalk_name(struct dirwalk *w, const char *name) must_check;

/*
 * Opens the directory `name` of dirfd, unless it is a link, and reads it from now on. path has to
 * be its path already. Returns 0 or -errno.
 */
int dirwalk_enter(struct dirwalk *w, int dirfd, const char *name) must_check;

/*
 * Closes the directory, whose path stays in path. Returns 0, or the -errno of reading it: -ESTALE
 * where it has moved while what lies deep below it was looked at.
 */
int dirwalk_leave(struct dirwalk *w);
