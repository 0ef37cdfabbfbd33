/* SPDX-License-Identifier: MIT */
/* What lies at a mount point. Looking may block, for as long as the file system does. */
#pragma once

#include <sys/types.h>

#include "facts/mounts.h"

/*
 * Fills what a row of the settled table says of that, but for what the kernel makes there itself,
 * and for the mount of the root (0: not known). user is whom the program runs as, 0 if it may do
 * with files what root may.
 */
void volume_look(struct mount *m, uint64_t root, uid_t user);
