/* SPDX-License-Identifier: MIT */
/* What the two halves of the walk share, and its memory of the files seen. */
#pragma once

#include <dirent.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "facts/image.h"

/* A file or directory that was seen, by what identifies it. A walk may remember half a million. */
struct seen {
	uint64_t inode;
	struct program *program;    /* NULL: nothing to report so far */
	uint32_t device;            /* the kernel's numbers have no more bits (new_encode_dev()) */
	unsigned int symlinks : 28; /* that led here */
	bool used : 1;
	bool looked : 1; /* its content too */
	bool named : 1;  /* in a program directory: its name was looked at */
	bool queued : 1;
};

/* A file that is looked at when all directories have been: it may lie anywhere. */
struct later {
	struct later *next;
	const char *path;
	unsigned int depth; /* how many scripts lead to it */
	bool is_word;       /* it may be data as well */
};

struct walk {
	const struct image_request *request;
	struct arena *arena;
	struct image_facts *facts;
	struct program **last;
	struct scanner scanner;
	uint32_t there;    /* a bit for each program directory that "/" may lead to */
	struct seen *seen; /* a hash table of a power of two, at most half full */
	size_t room, count;
	struct later *later, **last_later;
	unsigned int depth;       /* of the one that is being looked at */
	const struct seen *allow; /* only device and inode */
	size_t allow_count;
	size_t entries;       /* so far, of those that the request limits */
	struct dirwalk *dirs; /* NULL: not needed so far */
	const char *loader;   /* the last that a program named, which most have in common */
};

/* Where an entry was found. dir is good while that directory is being read. */
struct place {
	int dirfd;
	const char *dir;
	bool names; /* a program directory: names matter */
};

/*
 * The row of this file; ret_new: it was not seen before. NULL: there is no room for another, so
 * that nobody knows whether it was seen: look at it.
 */
struct seen *walk_see(struct walk *w, const struct stat *st, bool *ret_new);

/* The existing row, or NULL. */
struct seen *walk_find(const struct walk *w, const struct stat *st);

/* "DIR/NAME" in the arena; NULL when there is no memory. */
const char *walk_join(struct walk *w, const char *dir, const char *name);

/*
 * Records that a place could not be looked at, and whether it is barred; name may be NULL, error is
 * -errno.
 */
void walk_blind(struct walk *w, const char *dir, const char *name, int error);

/*
 * Has what is at path looked at later, unless it was or will be. Returns whether it is a regular
 * file. A word, what a program is told to work with, begins anew: it is not the kernel's to start.
 */
bool walk_queue(struct walk *w, const char *path, bool is_word);

/* A new row of the result. NULL when there is no memory. */
struct program *walk_tell(struct walk *w, const struct place *at, const char *name);
