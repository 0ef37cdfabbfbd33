// SPDX-License-Identifier: MIT
/* A bump allocator in one anonymous mapping. */
#include "sys/arena.h"

#include <string.h>
#include <sys/mman.h>

static int map(struct arena *a)
{
	void *base = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return -1;
	/* With transparent huge pages set to "always" the first touch would clear 2 MiB. EINVAL:
	 * the kernel has none to turn off. */
	(void)madvise(base, ARENA_SIZE, MADV_NOHUGEPAGE);
	*a = (struct arena){.base = base};
	return 0;
}

#ifndef ARENA_KEEPS_OUT /* the tests' own: memory that was given back is never had again */
#define ARENA_KEEPS_OUT 0
#endif

void arena_unmap(struct arena *a)
{
	if (a->base && ARENA_KEEPS_OUT)
		(void)mprotect(a->base, ARENA_SIZE, PROT_NONE);
	else if (a->base)
		(void)munmap(a->base, ARENA_SIZE);
	*a = (struct arena){0};
}

void *arena_take(struct arena *a, size_t n, size_t size)
{
	size_t start = (a->used + 15) & ~(size_t)15;

	if (!a->base && map(a) < 0)
		return NULL;
	if (start > ARENA_SIZE || (size && n > (ARENA_SIZE - start) / size))
		return NULL;
	a->used = start + n * size;
	return a->base + start; /* fresh anonymous memory is zero */
}

char *arena_copy(struct arena *a, const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = arena_take(a, 1, size);

	return copy ? memcpy(copy, s, size) : NULL;
}

char *arena_rest(struct arena *a, size_t *ret_size)
{
	char *rest = arena_take(a, 0, 1);

	*ret_size = ARENA_SIZE - a->used;
	return rest;
}

void arena_keep(struct arena *a, const char *rest, size_t n)
{
	a->used = (size_t)(rest - a->base) + n;
}
