/* SPDX-License-Identifier: MIT */
/* Where a program's name leads, by the rules of execvp(3). */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "sys/compiler.h"

/*
 * The first place where there is a file that may be executed: search is the value of PATH or NULL,
 * path (PATH_MAX bytes) gets the place, ret the file. Whether execve(2) takes it is no reason to
 * look further: what was found is what is judged, and what is started. Returns 0 or an errno: that
 * of a place where a file is goes before that of others. path then says where.
 */
int program_find(const char *name, const char *search, char *path, struct stat *ret) must_check;

/* Whether it is still the same file with the same bytes: a write changes the file's ctime, which
 * nobody can set back. */
bool program_is_same(const struct stat *a, const struct stat *b);

/*
 * Whether a program that is executed through a descriptor gets the name of its file
 * (/proc/PID/comm). Since 6.14; before, it gets the number of the descriptor.
 */
bool exec_keeps_name(void);
