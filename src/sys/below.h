/* SPDX-License-Identifier: MIT */
/*
 * Files below a directory that is taken for the root, whatever links say. Descriptors are the
 * caller's to close.
 */
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

/*
 * Opens path, which is relative and has no "..", unless a link or another mount lies on the way or
 * at its end; before 5.6 mounts are not noticed. flags likewise. Returns a descriptor or -errno.
 */
int open_without_links(int root, const char *path, int flags) must_check;

/*
 * Opens path as open(2) does, unless a symbolic link lies on the way or at its end (ELOOP). What
 * O_CREAT makes has mode 644. Returns a descriptor or -errno.
 */
int open_no_links(const char *path, int flags) must_check;

/* As open_below(), and when root is -1 as open(2) does it, from the process's own root, with a
 * second look (sys/sight.h). */
int open_in(int root, const char *path, int flags) must_check;

/* As stat(2), likewise. Returns 0 or -errno. */
int stat_in(int root, const char *path, struct stat *ret) must_check;
