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

enum { DIFFERENCES_MOST = 64 }; /* reported at most: more would help nobody */

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
	const char *program; /* the path of what is to be started; NULL: nothing is */
	bool keep_program;
	bool program_seen; /* it is a file of the image's, sealed or added */
	struct stat program_file;
	size_t program_entry; /* its entry; count: it has none */
	bool lazy;            /* only what lazy_compare() looks at, for now */
};

/* In .seen: what has to be there, and was not seen yet. */
enum { SEEN_NEEDED = 2 };

/* Compares one name of the image with what the manifest has of it. */
int compare_name(void *comparison, const struct tree_name *n);
int cannot_compare(void *comparison, const char *path, int error);

/* Where loaders and the C library read what they obey; granit reads there, too. */
enum { ETC_DIRS = 3 };
extern const char *const etc_dirs[ETC_DIRS];

/* Whether the C library, loaders or granit read what lies there ("./etc/group"). */
bool is_in_etc(const char *path);

/*
 * The same for what the program needs to run: itself, what it is run with, the libraries that these
 * are linked with, and /etc. Returns 0; -ENOEXEC: that cannot be told; or another -errno.
 */
int lazy_compare(struct comparison *c) must_check;

/* Walks the image, reads what has to be read, records the differences. Returns 0 or -errno. */
int seal_compare(struct comparison *c) must_check;
