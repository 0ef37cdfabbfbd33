/* SPDX-License-Identifier: MIT */
/* The modes that start no program. Each returns granit's exit status. */
#pragma once

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
