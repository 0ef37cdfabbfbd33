/* SPDX-License-Identifier: MIT */
/* What container runtimes mount and create on their own account. */
#pragma once

#include "facts/mounts.h"

/*
 * Whether it is one of the mounts that Docker, podman, containerd, CRI-O and the kubelet make in
 * every container, asked or not.
 */
bool mount_is_made_by_runtime(const struct mount *m);

/* Whether it is one of those that they make for programs of their own: an init, an agent. */
bool mount_brings_programs(const struct mount *m);

/* Whether path, absolute, is that of an empty file that they create in the root itself. */
bool file_is_made_by_runtime(const char *path);
