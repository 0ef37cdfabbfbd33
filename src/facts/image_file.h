/* SPDX-License-Identifier: MIT */
/* One file: its name, its inode, its content. */
#pragma once

#include "facts/image_walk.h"

/* Looks at an entry that is not a directory; is_link: the directory says that it is one. */
void walk_look_at_entry(struct walk *w, const struct place *at, const char *name, bool is_link);

/* Looks at a file as if its directory were a program directory. */
void walk_look_at_path(struct walk *w, const char *path);
