/* SPDX-License-Identifier: MIT */
/* What the kernel says of a process: proc_pid_status(5) as text in, numbers out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sys/compiler.h"

/* In the order of capabilities(7). */
enum cap_set {
	CAP_SET_PERMITTED,
	CAP_SET_INHERITABLE,
	CAP_SET_EFFECTIVE,
	CAP_SET_BOUNDING,
	CAP_SET_AMBIENT,
	CAP_SET_COUNT,
};

struct status {
	uint64_t caps[CAP_SET_COUNT];
	uint32_t uid[4]; /* real, effective, saved, file system */
	uint32_t gid[4];
	int no_new_privs; /* 0 or 1; -1: the kernel does not say */
	int seccomp;      /* 0 off, 1 strict, 2 filter; -1: the kernel does not say */
	bool group_root;  /* group 0 is among the supplementary groups */
};

/*
 * Parses status, a NUL-terminated text. -EINVAL: a line that every kernel writes is missing, and
 * *ret_missing, a constant, names it.
 */
int status_parse(const char *status, struct status *ret, const char **ret_missing) must_check;
