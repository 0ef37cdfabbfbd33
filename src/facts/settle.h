/* SPDX-License-Identifier: MIT */
/* How the rows of a mount table relate to each other. */
#pragma once

#include "facts/mounts.h"

/*
 * Fills what rows say of each other. The mount with the id root (0: not known) is never covered: a
 * process's root directory stays on it, whatever is mounted over "/" later.
 */
void mounts_settle(struct mount_table *t, uint64_t root);
