/* SPDX-License-Identifier: MIT */
/* Files below a directory that is taken for the root, whatever links say. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>

#include "sys/compiler.h"

/*
 * Opens path as a process would whose root directory is root: a leading '/', ".." and symbolic
 * links lead nowhere else. flags as for open(2); O_CLOEXEC is added, O_CREAT is not for this.
 * Returns a descriptor or -errno.
 */
int open_below(int root, const char *path, int flags) must_check;

/* The same, and when root is -1 as open(2) does it, from the process's own root. */
int open_in(int root, const char *path, int flags) must_check;

/* As stat(2), likewise. Returns 0 or -errno. */
int stat_in(int root, const char *path, struct stat *ret) must_check;
