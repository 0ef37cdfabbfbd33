/* SPDX-License-Identifier: MIT */
/*
 * What --writable and --exec-from declare of a path, and which mounts are not the image's and could
 * hold programs. Touches nothing but its arguments.
 */
#pragma once

#include "facts/mounts.h"
#include "policy/policy.h"

/*
 * Whether --writable names the path or a directory above it; exec: with ":exec" behind it, where
 * the nearest of them counts.
 */
bool path_is_declared(const struct policy *p, const char *path, bool exec);

/*
 * Whether programs may be started from path: --writable=PATH:exec or --exec-from names it or a
 * directory above it, and no --writable without ":exec" one that is nearer.
 */
bool path_is_declared_for_programs(const struct policy *p, const char *path);

/*
 * The path of --exec-from by which Landlock lets programs be started on m, a mount that can be
 * written, though no ":exec" says that they are meant there; NULL: there is none. Rules are for
 * files: a read-only mount with the same files is as good.
 */
const char *exec_from_on_writable(const struct policy *p, const struct mount_table *t,
				  const struct mount *m);

/*
 * Whether programs could be started from m, a mount beside the root, and nobody has declared that
 * they may: --exec-from means the one mount, not what lies in it on mounts of its own.
 */
bool mount_is_foreign(const struct policy *p, const struct mount *m);
