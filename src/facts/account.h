/* SPDX-License-Identifier: MIT */
/* --user: whom USER[:GROUP[,GROUP...]] means in this image. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sys/arena.h"
#include "sys/text.h"

enum { ACCOUNT_GROUPS = 64 };

struct account {
	uid_t uid;
	gid_t gid;
	gid_t groups[ACCOUNT_GROUPS]; /* supplementary, gid not among them unless it was named so */
	size_t groups_count;
	bool gid_assumed; /* nothing says which group a bare number has, so it has the same one */
	const char *home; /* of /etc/passwd; NULL: not known */
};

/*
 * Resolves spec. Names are looked up in /etc/passwd and /etc/group below the directory root (-1:
 * the process's own root), numbers need no files. On error returns -EINVAL and err has the reason.
 */
int account_resolve(const char *spec, int root, struct arena *a, struct account *ret,
		    struct text *err) must_check;
