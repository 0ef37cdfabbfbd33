/* SPDX-License-Identifier: MIT */
/*
 * Who called, as /proc shows it: its memory, its name, and the files that it means. For the
 * listener. Descriptors are the caller's to close, but for that of the memory.
 */
#pragma once

#include "learn/learnt.h"

/* A call that somebody waits in. */
struct caller {
	struct learnt *n;
	pid_t pid;
	const uint64_t *args;
	char name[16]; /* "": nobody has asked for it yet */
	bool noted;    /* it led to a record */
};

/* /proc/PID/WHAT, open; or -errno. */
int caller_proc(pid_t pid, const char *what, int flags) must_check;

/* The name of the process that it is a thread of, read when it is first asked for. */
const char *caller_name(struct caller *c);

/*
 * Whether its user is 0, or it kept the capability when it changed its user. Of others a call is
 * refused, or takes none.
 */
bool caller_has(const struct caller *c, unsigned int cap) must_check;

/*
 * Opens its memory, unless that is open from the last call. A descriptor stays with the memory that
 * it was opened for: who executes gets another. False: it cannot be read.
 */
bool caller_open_memory(struct learnt *n, pid_t pid) must_check;
void caller_close_memory(struct learnt *n);

bool caller_read(const struct caller *c, uint64_t at, void *ret, size_t size) must_check;
bool caller_read_string(const struct caller *c, uint64_t at, char ret[PATH_MAX]) must_check;

/* Whether a path begins in /proc/self, and what stands behind that; NULL: it does not. */
const char *caller_behind_self(const char *path);

/* What the process calls `path` in this call, as O_PATH; or -errno. */
int caller_open(const struct caller *c, const struct watched_call *row, const char *path, int flags)
	must_check;

/* The path of the open file without links, in which " (deleted)" is no name. */
bool caller_real_path(int fd, char ret[PATH_MAX]) must_check;

/*
 * The directory that path, which is cut there, lies in; ret is its real path with the last name
 * behind it. Or -errno.
 */
int caller_open_parent(const struct caller *c, const struct watched_call *row, char *path,
		       char ret[PATH_MAX]) must_check;
