/* SPDX-License-Identifier: MIT */
/*
 * The environment of the program, where it differs from granit's own. The list lies in an arena;
 * the strings stay whose they were.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "sys/arena.h"

enum {
	/* The longest string that execve(2) takes, its NUL included: 32 pages (MAX_ARG_STRLEN in
	 * include/uapi/linux/binfmts.h), of which the smallest have 4 kB. */
	VARIABLE_BYTES = 32 * 4096,
};

struct variables {
	char **list; /* "NAME=value" each, and NULL at the end */
	size_t count;
	size_t most;
};

/* A copy of the list from, not of its strings, with room for many more. Returns 0 or -ENOMEM. */
int variables_copy(char *const *from, struct arena *a, struct variables *ret) must_check;

/*
 * The value of the variable whose name is the first len bytes of name, inside its string in list;
 * NULL: it is not set.
 */
const char *variables_get(char *const *list, const char *name, size_t len);

/* The same for a name that ends where its string does. */
static inline const char *variable_value(char *const *list, const char *name)
{
	return variables_get(list, name, strlen(name));
}

/*
 * Sets "NAME=value" in place of any of that name. variable is not copied and has to outlive v.
 * Returns 0 or -E2BIG.
 */
int variables_put(struct variables *v, char *variable) must_check;

void variables_remove(struct variables *v, const char *name, size_t len);

/* The length of the name that s begins with, by the shell's rules; 0: it begins with none. */
size_t variables_name_length(const char *s);
