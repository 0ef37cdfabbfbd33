/* SPDX-License-Identifier: MIT */
/* Read-only mounts of files that can be written through another mount. */
#pragma once

#include "facts/mounts.h"

/* Fills `twin` of the rows. Which of them are covered has to be known. Returns 0 or -ENOMEM. */
int mounts_find_twins(struct mount_table *t, struct arena *a) must_check;
