/* SPDX-License-Identifier: MIT */
/* --deny: what a program has no need for, but an attacker in it has. */
#pragma once

#include "policy/policy.h"

struct harden;

enum { DENIALS = 7 };

struct denial_row {
	const char *name;
	enum denial bit;
	/* Returns 0, or what step_failed() does. The filter is in force already. */
	int (*run)(struct harden *h);
	const char *reason;
};

/*
 * What of policy->deny is to be done, as enum denial: pid1 by default only in process 1 that starts
 * a child, and by name wherever process 1 is not the program itself. --check cannot know what the
 * start will be like, and counts pid1 only where it was named.
 */
unsigned int deny_wanted(const struct policy *p);

/* The one list of the words. Constants. */
extern const struct denial_row denials[DENIALS];
