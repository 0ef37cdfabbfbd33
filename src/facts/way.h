/* SPDX-License-Identifier: MIT */
/* The way to a file: the directories and links that a path leads through, not only its end. */
#pragma once

#include "facts/mounts.h"

/*
 * A writable mount besides the root in which a name on the way to path, absolute, can be replaced,
 * a link or a directory, so that the path leads elsewhere; NULL: none, or it cannot be followed. A
 * mount point cannot be replaced (EBUSY, rename(2)). proc: the open directory /proc, or -1.
 */
const struct mount *way_through_writable(const struct mount_table *t, int proc, const char *path);
