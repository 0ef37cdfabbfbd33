/* SPDX-License-Identifier: MIT */
/*
 * Which rights Landlock gives to which paths, by the mount table. Touches nothing but its
 * arguments. What a plan points to lies in the arena, or is the table's or the policy's.
 *
 * Programs come from the image: beneath the root's own mount, and beneath what --exec-from and
 * --writable=PATH:exec declare. Landlock's rules only ever allow, and what a directory is given
 * holds for everything below it, mount points included. So the right to execute cannot be given to
 * "/" where a volume is mounted on /data: it goes to the entries of "/" other than that one.
 */
#pragma once

#include "posture/posture.h"

enum landlock_gift {
	GIVE_WRITE = 1 << 0,           /* to the path and all below it */
	GIVE_EXEC = 1 << 1,            /* likewise */
	GIVE_EXEC_TO_ENTRIES = 1 << 2, /* to the entries that landlock_entry_gets_exec() accepts */
	GIVE_CONNECT = 1 << 3,         /* to sockets at and below the path */
};

struct landlock_rule {
	struct landlock_rule *next;
	const char *path;
	unsigned int gifts; /* enum landlock_gift, or-ed */
	int dir;            /* with GIVE_EXEC_TO_ENTRIES: open for listing; -1: it is not */
};

struct landlock_plan {
	const struct policy *policy;
	const struct posture *posture;
	struct arena *arena;
	struct landlock_rule *rules, **end;
	/* Both in the order of paths, where what is beneath a directory follows it. */
	const struct mount **mounts; /* those that a path leads to, without the root's own */
	size_t mounts_count;
	const char **foreign; /* where programs are not to be started from */
	size_t foreign_count;
	bool no_memory;
};

/* The rules for a table that is settled. Returns 0, or -ENOMEM when the arena cannot hold them. */
int landlock_plan(const struct policy *p, const struct posture *s, struct arena *a,
		  struct landlock_plan *ret) must_check;

/* Whether the path, an entry of a directory with GIVE_EXEC_TO_ENTRIES, gets that right itself. */
bool landlock_entry_gets_exec(const struct landlock_plan *l, const char *path);
