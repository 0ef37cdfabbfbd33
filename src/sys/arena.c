// SPDX-License-Identifier: MIT
#include "sys/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

int arena_map(struct arena *a, size_t size)
{
	void *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return -errno;
	/* With transparent huge pages set to "always" the first touch would clear 2 MiB. A kernel
	 * without them says EINVAL: nothing to turn off. */
	(void)madvise(base, size, MADV_NOHUGEPAGE);
	*a = (struct arena){.base = base, .size = size};
	return 0;
}

void arena_unmap(struct arena *a)
{
	if (a->base)
		(void)munmap(a->base, a->size);
	*a = (struct arena){0};
}

void *arena_take(struct arena *a, size_t n, size_t size)
{
	size_t start = (a->used + 15) & ~(size_t)15;

	if (start > a->size || (size && n > (a->size - start) / size))
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
