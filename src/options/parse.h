/* SPDX-License-Identifier: MIT */
/* From the command line and the configuration file to the policy. */
#pragma once

#include "policy/policy.h"

/*
 * Reads the configuration file, then the command line. Strings that are not argv's own are kept in
 * the arena. On error returns -EINVAL and err holds one line for the user; *ret is then of no use.
 */
int policy_parse(int argc, char **argv, struct arena *a, struct policy *ret, struct text *err)
	must_check;
