/* SPDX-License-Identifier: MIT */
/* Where a program's name leads, by the rules of execvp(3). */
#pragma once

#include <stdbool.h>

#include "sys/compiler.h"

/*
 * Tries one place after the other: search is the value of PATH or NULL; path (PATH_MAX bytes) gets
 * the place. try returns 0 to stop there, or an errno; an error from a place where the file exists
 * takes precedence over errors from elsewhere. Returns 0 or that errno; path then says where.
 */
int program_search(const char *name, const char *search, char *path,
		   int (*try)(const char *path, void *context), void *context);

/* The first place with an executable file. Returns 0 or an errno. */
int program_find(const char *name, const char *search, char *path) must_check;

/*
 * Whether a program that is executed through a descriptor gets the name of its file
 * (/proc/PID/comm). Since 6.14; before, it gets the number of the descriptor.
 */
bool exec_keeps_name(void);
