/* SPDX-License-Identifier: MIT */
/*
 * What verify.c and compare.c share. Everything lasts for one verification; differences lie in the
 * caller's arena.
 */
#pragma once

#include <sys/stat.h>

#include "seal/hash.h"
#include "seal/tree.h"
#include "seal/verify.h"

/* Of one kind, reported at most, beside those that --fail, --warn or --ignore names. */
enum { DIFFERENCES_MOST = 64 };

struct comparison {
	const struct policy *policy;
	const struct mount_table *mounts;
	int root;
	struct arena *arena;
	struct seal_facts *facts;
	struct seal_difference **last;
	size_t told[SEAL_KINDS];
	struct seal_entry *entries;
	size_t count;
	unsigned char *seen; /* one for each entry */
	struct hash_board *board;
	uint64_t bytes;
	uint64_t stored;     /* what all sealed files take of the storage */
	const char *program; /* the path of what is to be started; NULL: nothing is */
	bool keep_program;
	bool program_seen; /* it is a file of the image's, sealed or added */
	struct stat program_file;
	size_t program_entry; /* its entry; count: it has none */
	bool lazy;            /* of the content, only what lazy_choose() takes is read for now */
};

/* Compares one name of the image with what the manifest has of it. */
int compare_name(void *comparison, const struct tree_name *n);
int cannot_compare(void *comparison, const char *path, int error);

/* Whether the entry is that of the path, which is escaped, or of what lies below it. */
bool entry_is_at_or_below(const struct seal_entry *e, const char *path, size_t len);

/*
 * After all names were compared: has the content read of what the program needs to run: itself,
 * what it is run with, the libraries that these are linked with, and /etc. Where that cannot be
 * told, it is all, and .lazy is false. Returns 0 or -errno.
 */
int lazy_choose(struct comparison *c) must_check;

/* Walks the image, reads what has to be read, records the differences. Returns 0 or -errno. */
int seal_compare(struct comparison *c) must_check;
