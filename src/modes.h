/* SPDX-License-Identifier: MIT */
/* The modes that start no program, and --learn. Each of the first returns granit's exit status. */
#pragma once

#include "launch/children.h"
#include "policy/policy.h"
#include "sys/log.h"

/* --check: the report on standard output. */
int run_check(struct log *log, const struct policy *p, struct arena *a);

/* --seal: the manifest on standard output. */
int run_seal(struct log *log, const struct policy *p, struct arena *a);

/* --help, --version, --license, --list-checks. */
int run_telling(struct log *log, const struct policy *p, struct arena *a);

/* --probe, --sleep, --kill. */
int run_tool(struct log *log, const struct policy *p);

/* --learn: true in a process that has nothing left to do; see learn/learn.h. */
bool run_learning(struct log *log, const struct policy *p, const struct mount_table *mounts,
		  struct launch *l, int *ret_status) must_check;
