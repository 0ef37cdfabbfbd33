/* SPDX-License-Identifier: MIT */
/* The modes that start no program. Each returns granit's exit status. */
#pragma once

#include "policy/policy.h"

/* --check: the report on standard output. */
int run_check(const struct policy *p, struct arena *a);

/* --seal: the manifest on standard output. */
int run_seal(const struct policy *p, struct arena *a);

/* --help, --version, --license, --list-checks. */
int run_telling(const struct policy *p, struct arena *a);

/* --probe, --sleep, --kill. */
int run_tool(const struct policy *p);
