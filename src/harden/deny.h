/* SPDX-License-Identifier: MIT */
/* --deny: what a program has no need for, and an attacker in it has. */
#pragma once

#include "policy.h"

enum { DENIALS = 5 };

/* By the place of the bit in enum denial. */
extern const char *const denial_names[DENIALS];
