// SPDX-License-Identifier: MIT
/*
 * The arena, in one block that stays mapped: what is taken from it lies apart, and what was not
 * taken, or was given back, is out of reach (ASan).
 */
#include <sanitizer/asan_interface.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

enum {
	BLOCK = 8 << 20,
	APART = 32,
	REST = 1 << 18, /* bytes that arena_rest() offers: to clear them costs */
};

static char *block;
static bool in_use;
static size_t reached; /* the bytes of it that are in reach, or were */

static int take_block(struct arena *a)
{
	must(!in_use);
	if (!block) {
		block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		must(block != MAP_FAILED);
		ASAN_POISON_MEMORY_REGION(block, BLOCK);
	}
	in_use = true;
	reached = 0;
	*a = (struct arena){.base = block};
	return 0;
}

void arena_unmap(struct arena *a)
{
	if (!a->base)
		return;
	ASAN_UNPOISON_MEMORY_REGION(block, reached);
	/* Who takes something finds zeros. */
	if (reached > REST / 4)
		(void)madvise(block, reached, MADV_DONTNEED);
	else
		memset(block, 0, reached);
	ASAN_POISON_MEMORY_REGION(block, reached);
	in_use = false;
	*a = (struct arena){0};
}

static void reach(size_t end)
{
	if (end > reached)
		reached = end;
}

void *arena_take(struct arena *a, size_t n, size_t size)
{
	size_t start = ((a->used + 15) & ~(size_t)15) + APART;

	if (!a->base && take_block(a) < 0)
		return NULL;
	if (start > BLOCK || (size && n > (BLOCK - start) / size))
		return NULL;
	a->used = start + n * size;
	reach(a->used);
	ASAN_UNPOISON_MEMORY_REGION(a->base + start, n * size);
	return a->base + start;
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

	*ret_size = rest ? BLOCK - a->used : 0;
	if (*ret_size > REST)
		*ret_size = REST;
	reach(a->used + *ret_size);
	if (rest)
		ASAN_UNPOISON_MEMORY_REGION(rest, *ret_size);
	return rest;
}

void arena_keep(struct arena *a, const char *rest, size_t n)
{
	must(n <= REST);
	a->used = (size_t)(rest - a->base) + n;
	ASAN_POISON_MEMORY_REGION(a->base + a->used, reached - a->used);
}
