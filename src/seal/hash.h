/* SPDX-License-Identifier: MIT */
/*
 * The content of many files, read by two processes where there is much of it. What they learn lies
 * in one shared mapping, so that what a worker that died has left is done by the one that is left.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "seal/manifest.h"
#include "sys/arena.h"

enum hash_state {
	HASH_NONE, /* nothing to do */
	HASH_TODO,
	HASH_TAKEN,
	HASH_DONE,
	HASH_SKIPPED, /* it is no program, and only those were asked for */
	HASH_FAILED,
};

struct hash_task {
	_Atomic unsigned char state; /* enum hash_state */
	int error;                   /* -errno, of HASH_FAILED */
	unsigned char digest[DIGEST_SIZE];
};

struct hash_board {
	_Atomic size_t next; /* the first task that nobody has taken */
	_Atomic size_t kilobytes;
	struct hash_task tasks[];
};

struct hash_work {
	int root;
	const struct seal_entry *entries; /* one for each task */
	size_t count;
	struct hash_board *board;
	bool programs_only;
	uint64_t bytes; /* of all that is TODO: two cores pay from SECOND_CORE on */
	/* Called now and then by the one who waits; NULL: nobody is told. */
	void (*progress)(void *arg, size_t kilobytes, uint64_t all);
	void *arg;
	char *buf;   /* HASH_BUF bytes */
	size_t kept; /* the task whose file stays open once it is read; count: none does */
	int kept_fd; /* of that; -1 */
};

enum {
	HASH_BUF = 1 << 17,
	SECOND_CORE = 16 << 20,
};

/* A board for count tasks, all HASH_NONE, to be given back by hash_board_unmap(). NULL: no memory.
 */
struct hash_board *hash_board_map(size_t count) must_check;
void hash_board_unmap(struct hash_board *b, size_t count);

/* Does all that is TODO; ends with no task left so, and no process. */
void hash_all(struct hash_work *w);

/* Whether a file is a program by what its name ends in, or by what it begins with. */
bool has_program_ending(const char *path);
bool is_program_head(const void *head, size_t n);
