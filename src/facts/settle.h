/* SPDX-License-Identifier: MIT */
/* How the rows of a mount table relate to each other. */
#pragma once

#include "facts/mounts.h"

/*
 * Fills what rows say of each other. The mount with the id root (0: not known) is never covered: a
 * process's root directory stays on it, whatever is mounted over "/" later. What is kept lies in
 * the arena, as the rows do. Returns 0 or -ENOMEM.
 */
int mounts_settle(struct mount_table *t, uint64_t root, struct arena *a) must_check;

/*
 * The id of the mount that lies on top at "/", for where the kernel does not say which one the
 * root directory is on; 0: there is none. The table need not be settled.
 */
uint64_t mounts_top_at_root(const struct mount_table *t);
