/* SPDX-License-Identifier: MIT */
/* What the container runs in. */
#pragma once

#include "posture/posture.h"

/*
 * Verdicts depend on it: what is the host's elsewhere is the sandbox's own there. So it takes two
 * signs, both from system calls: the version of the kernel, and statfs(2) without flags or a mount
 * that is its own parent.
 */
bool is_in_gvisor(const struct root_facts *root, const struct mount_table *t);
