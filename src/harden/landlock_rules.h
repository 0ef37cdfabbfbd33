/* SPDX-License-Identifier: MIT */
/*
 * Which rights Landlock gives to which paths, by the mount table. Touches nothing but its
 * arguments. Rules lie in the arena; their paths are the table's, the policy's or the arena's.
 *
 * Landlock's rules only ever allow, and what a directory is given holds for everything below it,
 * mount points included. So the right to execute cannot be given to "/" where /tmp is writable: it
 * goes to the entries of "/" other than that one.
 */
#pragma once

#include "posture/posture.h"

enum landlock_gift {
	GIVE_WRITE = 1 << 0,           /* to the path and all below it */
	GIVE_EXEC = 1 << 1,            /* likewise */
	GIVE_EXEC_TO_ENTRIES = 1 << 2, /* to the entries that landlock_entry_gets_exec() accepts */
};

struct landlock_rule {
	struct landlock_rule *next;
	const char *path;
	unsigned int gifts; /* enum landlock_gift, or-ed */
};

/* The rules for a table that is settled. Returns 0, or -ENOMEM when the arena cannot hold them. */
int landlock_plan(const struct policy *p, const struct posture *s, struct arena *a,
		  struct landlock_rule **ret) must_check;

/* Whether the path, an entry of a directory with GIVE_EXEC_TO_ENTRIES, gets that right itself. */
bool landlock_entry_gets_exec(const struct mount_table *t, const char *path);
