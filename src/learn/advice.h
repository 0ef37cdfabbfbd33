/* SPDX-License-Identifier: MIT */
/*
 * From what was written to what has to be writable. Pure: touches nothing but its arguments, so
 * that made-up records test it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEEN_DIRECTORY = 1 << 0,
	SEEN_EXISTED = 1 << 1,  /* the image has it */
	SEEN_NAMES = 1 << 2,    /* a directory: names in it were made, removed or moved */
	SEEN_CHANGED = 1 << 3,  /* its content, owner or mode */
	SEEN_EXECUTED = 1 << 4, /* programs were started from it */
	SEEN_DENIED = 1 << 5,   /* the user may not write there, on a writable root either */
	SEEN_HIDES = 1 << 6,    /* a directory: files of the image lie in it that nobody wrote to */
	SEEN_GONE = 1 << 7,     /* it is not there any more */
	SEEN_MISSING = 1 << 8,  /* it would be there, but for a read-only root */
	SEEN_LACKING = 1 << 9,  /* something was to be made in it, but it was not there */
	SEEN_SAME = 1 << 10,    /* its owner or mode was set to what it was already */
};

/* A path of the image's own mount. */
struct seen {
	const char *path;
	unsigned int flags;
	uint32_t uid, gid, mode;
	uint64_t size;
	char by[16]; /* a process that did it; "": not known */
};

enum place_kind {
	PLACE_TMPFS,  /* an empty one does */
	PLACE_FILLED, /* a volume that begins with the image's files */
	PLACE_FILE,   /* nothing but this file, in a directory that cannot be given */
	PLACE_NAMES,  /* a directory that cannot be given, in which names came and went */
	PLACE_CACHE,  /* the first of those that the program can do without */
	PLACE_SAME,   /* the first of those that stayed as they were */
	PLACE_VOLUME, /* one that the image asks for, and nobody gave a name */
};

/* What has to be writable. */
struct place {
	const struct seen *seen;
	enum place_kind kind;
	bool exec;
	bool outlives; /* it looks as if it is to outlive the container: a question, no answer */
	bool logs;     /* files there are called logs, which grow */
	uint64_t size; /* of what was written to it, in all */
	/* Whose it has to be: the folder's owner, or who wrote to it for being user 0. */
	uint32_t uid, gid;
};

/*
 * Whether it lies where nothing of an image is meant to stay (FHS 3.0: /run, /tmp, logs): files
 * that building it left there are none that an empty mount must not hide.
 */
bool place_is_volatile(const char *path);

/* Whether nobody can want all of this directory to be writable. */
bool place_is_never(const char *path);

/*
 * The places that n records, which are sorted for it, ask for. ret has room for n. Returns how
 * many.
 */
size_t advise(struct seen *list, size_t n, struct place *ret);
