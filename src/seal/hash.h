/* SPDX-License-Identifier: MIT */
/*
 * The content of many files, hashed by two processes where there is enough of it. Results lie in
 * one shared mapping, so that the parent finishes what a worker that died has left.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "seal/manifest.h"
#include "sys/arena.h"
#include "sys/sys.h"

enum hash_state {
	HASH_NONE,    /* not to be read */
	HASH_PUT_OFF, /* not now */
	HASH_TODO,
	HASH_TAKEN,
	HASH_DONE,
	HASH_SKIPPED, /* not a program, and only programs were asked for */
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
	char *const *words; /* of the program's command line, and NULL; or NULL */
	uint64_t bytes;     /* of all that is TODO: a second process pays from SECOND_CORE on */
	/* By clock_ms(): what is not read by then fails with -ETIME; 0: there is no such time. */
	int64_t deadline;
	/* Called now and then by the parent; NULL: nobody wants to know. */
	void (*progress)(void *arg, size_t kilobytes, uint64_t all);
	void *arg;
	char *buf;   /* HASH_BUF bytes, the caller's */
	size_t kept; /* the task whose file stays open after reading; count: none */
	int kept_fd; /* its descriptor, the caller's to close; -1 */
};

enum {
	HASH_BUF = 1 << 17,
	SECOND_CORE = 16 << 20,
};

/* What -ETIME means here, for a message. */
extern const char hash_out_of_time[];

/* How much of the storage the file takes, shared among its hard links, in bytes. */
uint64_t hash_stored(const struct sys_statx *st);

/*
 * The deadline for an image that is inspected, and may be hostile: the time of the budget, and more
 * for what it really stores. Neither holes nor hard links, which cost an image nothing, can make
 * the reading endless.
 */
int64_t hash_deadline(uint64_t budget_nanoseconds, uint64_t stored);

/*
 * A board for count tasks, all HASH_NONE, in a mapping of its own: give it back with
 * hash_board_unmap(). NULL: no memory.
 */
struct hash_board *hash_board_map(size_t count) must_check;
void hash_board_unmap(struct hash_board *b, size_t count);

/* Does all that is TODO. Afterwards no task is left, and no process. */
void hash_all(struct hash_work *w);
