/* SPDX-License-Identifier: MIT */
/* --deny: what a program has no need for, and an attacker in it has. */
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
	bool is_young; /* many a kernel in use has it not */
};

/* The one place that has the words. */
extern const struct denial_row denials[DENIALS];
