/* SPDX-License-Identifier: MIT */
/*
 * Every name of an image: one file system, links never followed, in the order of the directories.
 * What a visitor is told is good during the call only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sys/arena.h"
#include "sys/sys.h"

struct tree_name {
	const char *path; /* from the root's "." on: "./usr/bin/app" */
	int dirfd;        /* where name lies */
	const char *name;
	struct sys_statx st;
	bool foreign; /* a mount covers it: st is its root's, nothing below is visited */
};

struct tree_visitor {
	/* Returns 0, or -errno, which ends the walk. */
	int (*visit)(void *arg, const struct tree_name *n);
	/* Something could not be looked at; the walk goes on if it returns 0. */
	int (*blind)(void *arg, const char *path, int error);
	void *arg;
};

/*
 * Visits every name below the directory open at root, starting with itself. Returns 0, or what
 * ended the walk.
 */
int tree_walk(int root, const struct tree_visitor *v, struct arena *a) must_check;

/*
 * Opens the regular file path ("./usr/bin/app") below root for reading, unless a link or another
 * mount lies on the way. Returns a descriptor, the caller's to close, or -errno.
 */
int tree_open(int root, const char *path) must_check;
