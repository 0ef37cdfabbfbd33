/* SPDX-License-Identifier: MIT */
/* One entry of a directory: its name, its inode, its content. */
#pragma once

#include "facts/image_walk.h"

/* Looks at an entry that is not a directory. */
void walk_look_at_entry(struct walk *w, const struct place *at, const struct dirent *e);
