/* SPDX-License-Identifier: MIT */
/* Which mounts are not the image's, and could hold programs. Touches nothing but its arguments. */
#pragma once

#include "facts/mounts.h"
#include "policy/policy.h"

/*
 * Whether programs could be started from m, a mount beside the root, and nobody has declared that
 * they may: --exec-from means the one mount, not what lies in it on mounts of its own.
 */
bool mount_is_foreign(const struct policy *p, const struct mount *m);
