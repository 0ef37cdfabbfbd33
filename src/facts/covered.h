/* SPDX-License-Identifier: MIT */
/* Which mounts no path leads to any more. */
#pragma once

#include "facts/mounts.h"

/* Fills `covered` of the rows, whose table has its root. Returns 0 or -ENOMEM. */
int mounts_find_covered(struct mount_table *t, struct arena *a) must_check;
