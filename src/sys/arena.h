/* SPDX-License-Identifier: MIT */
/*
 * All the memory that looking and judging need: one mapping, given back whole before the program
 * starts, so that PID 1 keeps none of it while it waits. Only touched pages cost anything.
 */
#pragma once

#include <stddef.h>

#include "sys/compiler.h"

struct arena {
	char *base;
	size_t size;
	size_t used;
};

/* Maps size bytes. Returns 0 or -errno. */
int arena_map(struct arena *a, size_t size) must_check;
void arena_unmap(struct arena *a);

/* Zeroed memory for n objects of size bytes, aligned for any of them; NULL when the arena is full. */
void *arena_take(struct arena *a, size_t n, size_t size) must_check;

/* A copy of s in the arena; NULL when it is full. */
char *arena_copy(struct arena *a, const char *s) must_check;
