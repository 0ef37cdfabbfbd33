// SPDX-License-Identifier: MIT
/* Builds the program's environment. */
#include "sys/variables.h"

#include <errno.h>
#include <string.h>

enum { MORE = 4096 };

static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

int variables_copy(char *const *from, struct arena *a, struct variables *ret)
{
	size_t count = 0;

	while (from[count])
		count++;
	ret->list = arena_take(a, count + MORE + 1, sizeof(*ret->list));
	if (!ret->list)
		return -ENOMEM;
	memcpy(ret->list, from, count * sizeof(*from));
	ret->list[count] = NULL;
	ret->count = count;
	ret->most = count + MORE;
	return 0;
}

static bool is_of(const char *variable, const char *name, size_t len)
{
	return strncmp(variable, name, len) == 0 && variable[len] == '=';
}

const char *variables_get(char *const *list, const char *name, size_t len)
{
	for (; *list; list++)
		if (is_of(*list, name, len))
			return *list + len + 1;
	return NULL;
}

void variables_remove(struct variables *v, const char *name, size_t len)
{
	size_t kept = 0;

	/* A name may occur twice: execve(2) does not check. */
	for (size_t i = 0; i < v->count; i++)
		if (!is_of(v->list[i], name, len))
			v->list[kept++] = v->list[i];
	v->list[kept] = NULL;
	v->count = kept;
}

int variables_put(struct variables *v, char *variable)
{
	variables_remove(v, variable, strcspn(variable, "="));
	if (v->count == v->most)
		return -E2BIG;
	v->list[v->count++] = variable;
	v->list[v->count] = NULL;
	return 0;
}

size_t variables_name_length(const char *s)
{
	return *s >= '0' && *s <= '9' ? 0 : strspn(s, name_bytes);
}
