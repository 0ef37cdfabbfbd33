/* SPDX-License-Identifier: MIT */
/*
 * The walk over the image's program directories: names and content of what lies in them. Gathers
 * what a check may want to know of a file and judges nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan.h"
#include "sys/arena.h"

/* Something about a file that the content checks care for, and one path that leads to it. */
struct program {
	struct program *next;
	const char *path;
	const char *target; /* what the symbolic link at path says; NULL: no link */
	bool shell_name;    /* it is called like a shell */
	bool dangling;	    /* a link to nothing */
	bool allowed;	    /* it is the file that an --allow names */
	unsigned int content; /* enum content */
	unsigned int links;   /* that lead to it, when they are suspiciously many; else 0 */
};

/* A place that could not be looked at; the checks answer "unknown" for it. */
struct blind_spot {
	struct blind_spot *next;
	const char *path;
	int error;
};

struct image_facts {
	struct program *programs; /* in the order in which they were found */
	struct blind_spot *blind;
	const char *skipped; /* a directory of PATH that the caller may not even enter, or NULL */
	size_t files;	     /* whose content was looked at */
	bool out_of_memory;
	bool out_of_budget;
};

/*
 * Looks at every file in the directories of path (the value of PATH, or NULL) and in the usual
 * ones. allow holds the paths whose files get the mark `allowed`. Problems are part of the answer.
 */
void image_look_at_programs(const char *path, const char *const *allow, size_t allow_count,
			    struct arena *a, struct image_facts *ret);

/* Whether name is one that shells go by. */
bool image_is_shell_name(const char *name);
