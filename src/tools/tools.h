/* SPDX-License-Identifier: MIT */
/*
 * --probe, --sleep, --kill: what people keep a shell in an image for. Starts no program. Not for
 * process 1: all of them wait or end.
 */
#pragma once

#include "policy/policy.h"

/*
 * Does what was asked for. Returns the exit status; where it is not 0, why has one line for the
 * user. Signals must be blocked.
 */
int tool_run(const struct policy *p, struct text *why);

/* One probe's answer: 0, or -errno with the reason added to why. */
struct patience;
int probe_target(const struct target *t, struct patience *p, struct text *why) must_check;
