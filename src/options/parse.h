/* SPDX-License-Identifier: MIT */
/* From the command line and the configuration file to the policy. */
#pragma once

#include "policy/policy.h"

/*
 * Parses the configuration file, then the command line. *ret points into argv and the arena: that
 * must live as long as *ret is read. On error returns -EINVAL with one line for the user in err;
 * *ret is then of no use. *ret is zero at first.
 */
int policy_parse(int argc, char **argv, struct arena *a, struct policy *ret, struct text *err)
	must_check;
