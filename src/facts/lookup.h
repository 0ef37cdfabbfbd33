/* SPDX-License-Identifier: MIT */
/* Where a program's name leads, as execvp(3) understands it. */
#pragma once

#include <stdbool.h>

#include "sys/compiler.h"

/*
 * Tries one place after the other: search is the value of PATH or NULL, path (PATH_MAX bytes) gets
 * the place. try answers 0 to stop there, or an errno; what it is told of a place where a file is
 * goes before what it is told of others. Returns 0 or that errno; path then says where.
 */
int program_search(const char *name, const char *search, char *path,
		   int (*try)(const char *path, void *context), void *context);

/* The first place where there is a file that may be executed. Returns 0 or an errno. */
int program_find(const char *name, const char *search, char *path) must_check;

/*
 * Whether a program that is started through a descriptor is called what its file is called
 * (/proc/PID/comm): since 6.14; before, it is called by the descriptor's number.
 */
bool exec_keeps_name(void);
