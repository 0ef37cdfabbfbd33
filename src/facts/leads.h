/* SPDX-License-Identifier: MIT */
/* Where paths lead that the environment names: links are followed, as the kernel follows them. */
#pragma once

#include <stddef.h>

#include "facts/mounts.h"

enum lead_end {
	LEAD_BY_TEXT, /* no link is on the way, or nobody gets there: the mount table tells */
	LEAD_STAYS,   /* links are, and all of them stay on the mount that the text names */
	LEAD_LEAVES,  /* they lead to other mounts, to nothing, or cannot be followed */
};

struct lead {
	struct lead *next;
	const char *path; /* in the variable: the very place, not a copy */
	enum lead_end end;
};

/* Where path leads, which is absolute. passes_bars: the program may get where granit is barred. */
enum lead_end lead_look(const struct mount_table *t, const char *path, size_t len,
			bool passes_bars);

/*
 * Adds what variable, "NAME=value", names, if it is PATH or one that makes programs load files. A
 * path that there is no memory for is missing.
 */
void leads_add(struct lead **leads, const struct mount_table *t, const char *variable,
	       bool passes_bars, struct arena *a);

/* The mount that path, absolute, is on by its text alone. NULL: that cannot be told, for the text
 * goes up again, or the table does not show it. */
const struct mount *lead_mount(const struct mount_table *t, const char *path, size_t len);

/* Whether what lies at path, on m, a read-only mount, can be written or replaced in another way. */
bool lead_is_open(const struct mount_table *t, const struct mount *m, const char *path, size_t len,
		  enum lead_end end);
