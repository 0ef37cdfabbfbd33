/* SPDX-License-Identifier: MIT */
/* --seal: writes the manifest of an image. */
#pragma once

#include "policy/policy.h"

/*
 * Writes the manifest of the image root p->root to fd, all of it or, on error, nothing. Returns 0,
 * or -errno with *err filled for the user.
 */
int seal_make(const struct policy *p, int fd, struct arena *a, struct text *err) must_check;
