/* SPDX-License-Identifier: MIT */
/* Where on the host that lies which is mounted. */
#pragma once

#include "facts/mounts.h"

/* What is behind the pattern, in which each * is one part of the path; NULL: path does not begin
 * so. */
const char *path_behind_pattern(const char *path, const char *pattern);

/*
 * Fills `host` of the rows, where it can be told. Which of them are covered has to be known.
 * Touches nothing but its arguments; the paths lie in the arena, or are the rows' own.
 */
int mounts_find_on_host(struct mount_table *t, struct arena *a) must_check;
