/* SPDX-License-Identifier: MIT */
/*
 * Facts about the process that granit was started as. Strings lie in the arena, or are constants.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "sys/arena.h"
#include "sys/trouble.h"

/* A descriptor that granit was started with: above 2, or no stream. */
struct inherited_fd {
	int fd;
	mode_t mode;   /* its type */
	int open_mode; /* O_RDONLY, O_WRONLY, O_RDWR; -1: not known */
	bool is_path;  /* O_PATH */
	bool has_mount_id;
	uint64_t mount_id;
	const char *target; /* where /proc/self/fd points */
};

enum { INHERITED_FDS = 64 };

struct fd_facts {
	struct trouble trouble;
	struct inherited_fd fds[INHERITED_FDS];
	size_t count, omitted;
};

/* Must run before granit opens anything but proc, the directory /proc. */
void fds_list(int proc, struct arena *a, struct fd_facts *ret);

struct cwd_facts {
	int error;        /* errno of getcwd(2), or 0 */
	const char *path; /* as the kernel has it: may begin with "(unreachable)" */
};

void cwd_look(struct arena *a, struct cwd_facts *ret);

enum linkage {
	LINKAGE_UNKNOWN, /* a script, a file that cannot be read, or of another kind of machine */
	LINKAGE_STATIC,
	LINKAGE_DYNAMIC, /* it names a loader */
};

/* The program's own file, as execve(2) would find it. */
struct app_facts {
	int error;         /* errno of looking for it, or 0 */
	const char *tried; /* with an error: the path that it is of */
	const char *path;  /* where it was found; NULL: nowhere */
	const char *place; /* the same as an absolute path, as far as that can be told */
	const char *real;  /* the same without links; NULL: not known */
	struct stat file;  /* what was found there */
	bool has_mount_id;
	uint64_t mount_id;
	int write_error; /* errno of asking for write access to it: EROFS, EACCES, or 0 */
	/* A directory, its own or one above, in which its user can replace it; or NULL. */
	const char *loose_dir;
	enum linkage linkage;
};

/* Whether its user can write the file at path, or put another one in its place. */
bool file_can_be_changed(const char *path, struct arena *a);

void app_look(char *const *program, const char *search, int proc, struct arena *a,
	      struct app_facts *ret);

/* The same of a file that is known to be there, whatever its mode. */
void app_look_at(const char *path, int proc, struct arena *a, struct app_facts *ret);
