/* SPDX-License-Identifier: MIT */
/* Files that may be anything but have to be regular ones. */
#pragma once

#include "sys/compiler.h"

/* Opens a regular file to be read, not waiting for anything. Returns a descriptor or -errno;
 * -EINVAL: it is something else. */
int regular_file_open(const char *path) must_check;

/*
 * Likewise, as open_in() finds it, and nothing else is as much as opened: a driver may do something
 * when its node is, and a name in an image that is inspected may lead to one.
 */
int regular_file_open_in(int root, const char *path) must_check;
