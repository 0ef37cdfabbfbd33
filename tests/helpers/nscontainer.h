/* SPDX-License-Identifier: MIT */
/* What the two halves of nscontainer share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define length_of(a) (sizeof(a) / sizeof((a)[0]))

enum {
	MAX_MOUNTS = 32,
	MAX_PATH = 4096,
};

struct extra_mount {
	const char *source; /* NULL: tmpfs */
	const char *target;
	char *options; /* NULL: none */
};

struct container {
	const char *root;
	char **program;
	struct extra_mount mounts[MAX_MOUNTS];
	size_t mount_count;
	uint64_t caps;
	uid_t uid;
	gid_t gid;
	const char *cwd;
	bool read_only;
	bool no_proc;
	bool proc_writable;
	bool no_dev;
	bool sys;
	bool no_new_privs;
	bool net;
	bool tty;
};

/* Prints the message, with errno's text unless errno is 0, and ends with status 125. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/* In a new mount namespace: makes the mounts and moves to the new root. */
void make_root(const struct container *c);
