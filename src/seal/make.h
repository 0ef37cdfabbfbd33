/* SPDX-License-Identifier: MIT */
/* --seal: writes the manifest of an image. */
#pragma once

#include "policy/policy.h"

/*
 * Writes the manifest of the image root p->root to fd: all of it, or nothing on error. Returns 0,
 * or -errno with one line for the user in err.
 */
int seal_make(const struct policy *p, int fd, struct arena *a, struct text *err) must_check;
