/* SPDX-License-Identifier: MIT */
/* --user: whom USER[:GROUP[,GROUP...]] means in this image. Strings lie in the arena. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sys/arena.h"
#include "sys/sight.h"
#include "sys/text.h"

enum { ACCOUNT_GROUPS = 64 };

struct account {
	uid_t uid;
	gid_t gid;
	gid_t groups[ACCOUNT_GROUPS]; /* supplementary; gid is among them only if it was named */
	size_t groups_count;
	bool gid_assumed; /* no file names a group for the number: the same number is taken */
	const char *home; /* from /etc/passwd; NULL: not known */
};

/* The account's rights over files; its groups are a's own. */
static inline struct sight account_sight(const struct account *a)
{
	return (struct sight){a->uid, a->gid, a->groups, a->groups_count};
}

/*
 * Resolves spec. Names are looked up in /etc/passwd and /etc/group below the directory root (-1:
 * the process's own root); numbers need no files. On error returns -EINVAL with the reason in err.
 */
int account_resolve(const char *spec, int root, struct arena *a, struct account *ret,
		    struct text *err) must_check;
