/* SPDX-License-Identifier: MIT */
/* Files that may be anything but have to be regular ones. */
#pragma once

#include "sys/compiler.h"

/* Opens a regular file to be read, not waiting for anything. Returns a descriptor or -errno;
 * -EINVAL: it is something else. */
int regular_file_open(const char *path) must_check;
