/* SPDX-License-Identifier: MIT */
/* Which variables make programs load files, for the checks and for hardening. */
#pragma once

#include "posture/posture.h"

/*
 * The id, a constant, of the check that objects to variable, "NAME=value", because programs would
 * load a file that can be written; NULL: none does. A table without rows is unknown: every path may
 * then be writable.
 */
const char *environment_objection(const struct mount_table *t, const char *variable);

/* Whether a variable of this name makes the loader or an interpreter load or run something. */
bool environment_is_hook(const char *name);
