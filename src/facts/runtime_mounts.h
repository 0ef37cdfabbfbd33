/* SPDX-License-Identifier: MIT */
/* What container runtimes mount and make themselves. */
#pragma once

#include "facts/mounts.h"

/*
 * Whether it is one of those that Docker, podman, containerd, CRI-O and the kubelet mount in every
 * container of theirs, and nobody asked for.
 */
bool mount_is_made_by_runtime(const struct mount *m);

/* Whether path, absolute, is that of an empty file that they make in the root itself. */
bool file_is_made_by_runtime(const char *path);
