/* SPDX-License-Identifier: MIT */
/*
 * Memory for one stretch of work: one mapping, which is given back whole. It is mapped when it is
 * first used, and only pages that are touched cost anything.
 *
 * Nothing is freed by itself: every pointer handed out is good until arena_unmap(), and of no use
 * afterwards. What has to outlive the start of the program must not lie in an arena that is
 * unmapped there.
 */
#pragma once

#include <stddef.h>

#include "sys/compiler.h"

enum { ARENA_SIZE = 64 << 20 };

struct arena {
	char *base; /* NULL: nothing was taken so far */
	size_t used;
};

void arena_unmap(struct arena *a);

/* Zeroed memory for n objects of size bytes, aligned for any of them; NULL when there is none. */
void *arena_take(struct arena *a, size_t n, size_t size) must_check;

/* A copy of s; NULL when there is no memory. */
char *arena_copy(struct arena *a, const char *s) must_check;

/*
 * All that is left, for a caller that does not know how much it will need; arena_keep() then takes
 * the first n bytes of it. NULL when there is no memory. Keep all that was written, even if it
 * turned out useless: arena_take() relies on the rest being zero and clears nothing.
 */
char *arena_rest(struct arena *a, size_t *ret_size) must_check;
void arena_keep(struct arena *a, const char *rest, size_t n);
