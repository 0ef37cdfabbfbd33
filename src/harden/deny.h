/* SPDX-License-Identifier: MIT */
/* --deny: what a program has no need for, but an attacker in it has. */
#pragma once

#include "policy/policy.h"

struct harden;

enum { DENIALS = 6 };

struct denial_row {
	const char *name;
	enum denial bit;
	/* Returns 0, or what step_failed() does. The filter is in force already. */
	int (*run)(struct harden *h);
	const char *reason;
	bool is_young; /* many kernels in use do not have it */
};

/* The one list of the words. Constants. */
extern const struct denial_row denials[DENIALS];
