/* SPDX-License-Identifier: MIT */
/* The program that is started, and every other child that comes to granit when its parent dies. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "supervise/signals.h"

struct launch_failure {
	int error;        /* errno of the execve(2) that came nearest */
	const char *path; /* that it was tried on; points into the caller's buffer */
};

/*
 * Starts argv in a process group of its own, in the foreground of the terminal if granit is there.
 * Looks for argv[0] in search, the value of PATH or NULL, unless it has a slash. Returns the
 * process id, or -errno: then failure says what, in path (PATH_MAX bytes), could not be executed;
 * failure->error is 0 when there could not even be a process.
 */
pid_t child_start(char *const *argv, const char *search, const struct inherited_signals *signals,
		  char *path, struct launch_failure *failure) must_check;

/*
 * Becomes argv: the same, but without a child, and in the process group and the terminal that
 * granit was given. Returns only on failure, with failure filled.
 */
void become_program(char *const *argv, const char *search, const struct inherited_signals *signals,
		    char *path, struct launch_failure *failure);

struct reaped {
	bool main_ended;   /* status: its exit status; 128+N: signal N killed it */
	bool main_stopped; /* status: the signal that stopped it */
	int status;
	bool has_children; /* some still live */
};

/*
 * Collects every child that has ended, and tells what became of the main one. warn: says each of
 * the others on standard error.
 */
void children_reap(pid_t main_child, bool warn, struct reaped *ret);
