/* SPDX-License-Identifier: MIT */
/* What the kernel runs the program with: interpreters and a dynamic loader, as they were judged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "sys/arena.h"

struct loader_file {
	const char *path; /* as the program names it; NULL: no memory for it */
	int error;        /* errno of looking for it, or 0 */
	struct stat file;
};

struct loader_files {
	const struct loader_file *of; /* in the order in which they name each other */
	size_t count;
	/* The first of them, or the program, that program_open_memory() tells of, and what. */
	const char *open, *open_memory;
};

/* Of the program at path; its memory, where that is asked for. What it fills in lies in the arena.
 */
void loaders_look(const char *path, bool memory, struct arena *a, struct loader_files *ret);

/*
 * Whether each path still leads to the file that was judged, or nowhere if it did then or could not
 * be seen. Returns 0;
 * ESTALE with *ret_path set: another file is there; or the errno of looking.
 */
int loaders_compare(const struct loader_files *l, const char **ret_path) must_check;
