/* SPDX-License-Identifier: MIT */
/* Every name of an image: one file system, links never followed, in the order of the directories.
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
	bool foreign; /* another mount covers it; st is what lies on top, and nothing in it is told
		       */
};

struct tree_visitor {
	/* Returns 0, or -errno, which ends the walk. */
	int (*visit)(void *arg, const struct tree_name *n);
	/* Something could not be looked at; the walk goes on if it returns 0. */
	int (*blind)(void *arg, const char *path, int error);
	void *arg;
};

/* Tells every name below the directory open at root, itself first. Returns 0, or what ended it. */
int tree_walk(int root, const struct tree_visitor *v, struct arena *a) must_check;

/*
 * Opens path ("./usr/bin/app") below root for reading, if no link and no other mount lies on the
 * way, and it is a regular file. Returns a descriptor or -errno.
 */
int tree_open(int root, const char *path) must_check;
