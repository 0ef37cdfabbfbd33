/* SPDX-License-Identifier: MIT */
/*
 * All the memory that looking and judging need: one mapping, given back whole before the program
 * starts, so that PID 1 keeps none of it while it waits. It is made when it is first used, and only
 * the pages that are touched cost anything.
 */
#pragma once

#include <stddef.h>

#include "sys/compiler.h"

enum { ARENA_SIZE = 64 << 20 };

struct arena {
	char *base; /* NULL: nothing was needed so far */
	size_t used;
};

void arena_unmap(struct arena *a);

/* Zeroed memory for n objects of size bytes, aligned for any of them; NULL when there is none. */
void *arena_take(struct arena *a, size_t n, size_t size) must_check;

/* A copy of s; NULL when there is no memory. */
char *arena_copy(struct arena *a, const char *s) must_check;

/*
 * All that is left, to be filled by somebody who does not know how much it will be; arena_keep()
 * then takes the first n bytes of it. NULL when there is no memory. Who takes more afterwards has
 * to keep what was written: arena_take() does not clear anything.
 */
char *arena_rest(struct arena *a, size_t *ret_size) must_check;
void arena_keep(struct arena *a, const char *rest, size_t n);
