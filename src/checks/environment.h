/* SPDX-License-Identifier: MIT */
/* What variables make programs load, for those who take them away. */
#pragma once

#include "posture/posture.h"

/*
 * The id of the check that objects to variable, "NAME=value", since programs would load a file that
 * can be written because of it; NULL: none does. Without rows the table is not known: every
 * path may be one.
 */
const char *environment_objection(const struct mount_table *t, const char *variable);

/* Whether a variable of this name makes the loader or an interpreter load or run something. */
bool environment_is_hook(const char *name);
