/* SPDX-License-Identifier: MIT */
/* Files that have to be regular, whatever lies at their path. */
#pragma once

#include "sys/compiler.h"

/*
 * Opens a regular file for reading, without blocking. Returns a descriptor, the caller's to close,
 * or -errno; -EINVAL: it is not a regular file.
 */
int regular_file_open(const char *path) must_check;

/*
 * Likewise, as open_in() finds it, and nothing else is as much as opened: a driver may do something
 * when its node is, and a name in an image that is inspected may lead to one.
 */
int regular_file_open_in(int root, const char *path) must_check;

/*
 * Opens for reading what place, a descriptor of O_PATH, is, if it is a regular file: no driver sees
 * as much as an open(2). Returns a descriptor or -errno; -EINVAL: it is no regular file; -ENOENT:
 * there is no /proc to open it by.
 */
int regular_file_reopen(int place) must_check;
