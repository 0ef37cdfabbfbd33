/* SPDX-License-Identifier: MIT */
/*
 * What verify.c and compare.c share. Everything lasts for one verification; differences lie in the
 * caller's arena.
 */
#pragma once

#include <sys/stat.h>

#include "seal/hash.h"
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
};

/* Walks the image, reads what has to be read, records the differences. Returns 0 or -errno. */
int seal_compare(struct comparison *c) must_check;
