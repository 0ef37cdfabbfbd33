/* SPDX-License-Identifier: MIT */
/* The program that is started, and every other child that comes to granit when its parent dies. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "facts/mounts.h"
#include "launch/signals.h"
#include "policy/policy.h"
#include "posture/loaders.h"

/* The program as it was judged: no other file is started. */
struct verified {
	int fd;           /* held open, so that it runs whatever its path leads to; -1: it is not */
	const char *path; /* where it was found; NULL: it was not, or nobody looked */
	struct stat file; /* what the path led to */
	/* errno of looking for it: what was not there to be judged is not started; 0: none */
	int error;
	const char *tried;           /* the path that the error is of */
	struct loader_files loaders; /* what it is run with */
};

/* What the program is started with. Lives as long as granit, and what it points to until the
 * program runs. */
struct launch {
	char **argv;
	char *const *envp;
	const char
		*search; /* the value of PATH, or NULL: where argv[0] is, unless it has a slash */
	const struct inherited_signals *signals;
	struct verified verified;
	const struct limit *limits; /* of --rlimit: process 1 keeps its own */
	size_t limits_count;
	/* What environment files are held against; without rows: it is not known. */
	const struct mount_table *mounts;
	/*
	 * For whoever is to know of the process that becomes the program: called in it before all
	 * else, and once more when it did not become it. Returns 0; or the exit status, where it
	 * must not become it, and whoever is to know says why. NULL: nobody is.
	 */
	int (*apart)(void *arg, bool failed);
	void *apart_arg;
	pid_t granit; /* whose process id sockets that were handed over may name; 0: granit's own */
	char listen_pid[32]; /* "LISTEN_PID=..." for the program */
};

struct launch_failure {
	int error;            /* errno of the execve(2) that came nearest, or of the call */
	const char *path;     /* that it was tried on; points into the caller's buffer */
	const char *replaced; /* where another file is than the one that was judged; or NULL */
	const char *call;     /* what failed before an execve(2) was tried; NULL: nothing did */
};

/* How far a child has come that child_fork() made; in memory that it shares with granit. */
enum launch_phase {
	LAUNCH_PREPARING,
	LAUNCH_DONE,   /* it becomes the program */
	LAUNCH_FAILED, /* it has said why; its exit status is granit's own */
};
typedef volatile enum launch_phase launch_phase;

/*
 * Starts the program in a process group of its own, in the foreground of the terminal if granit is
 * there. Returns the process id, or -errno: then failure says what, in path (PATH_MAX bytes), could
 * not be executed; failure->error is 0 when there could not even be a process.
 */
pid_t child_start(struct launch *l, char *path, struct launch_failure *failure) must_check;

/*
 * Makes such a child that is granit still, with a copy of its memory, and that dies with it until
 * child_let_go(). Returns 0 in it, its process id in granit, or -errno.
 */
pid_t child_fork(void) must_check;
void child_let_go(void);

/*
 * Becomes the program: the same, but without a child, and in the process group and the terminal
 * that the caller is in. Returns only on failure, with failure filled.
 */
void become_program(struct launch *l, char *path, struct launch_failure *failure);

/*
 * The next child that has ended or stopped, with its status as waitpid(2) has it; 0: none at the
 * moment; -ECHILD: there is none. May be called behind the border.
 */
pid_t child_next(int *ret_status);
