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
	unsigned int families; /* that its name belongs to: enum family, or-ed */
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

/* Where to look, and for what. */
struct image_request {
	int root; /* an open directory that is taken for the root; -1: the process's own */
	const char *path; /* the value of PATH, or NULL */
	const char *const *allow; /* paths whose files get the mark `allowed` */
	size_t allow_count;
};

/*
 * Looks at every file in the directories of PATH and in the usual ones. Problems are part of the
 * answer.
 */
void image_look_at_programs(const struct image_request *q, struct arena *a, struct image_facts *ret);
