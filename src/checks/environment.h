/* SPDX-License-Identifier: MIT */
/* Which variables make programs load files, for the checks and for hardening. */
#pragma once

#include "facts/leads.h"
#include "facts/mounts.h"

/*
 * The id of the check that objects to variable, "NAME=value", since programs would load a file that
 * can be written because of it; NULL: none does. leads: what leads_add() has of it. Without rows
 * the table is not known: every path may be one.
 */
const char *environment_objection(const struct mount_table *t, const struct lead *leads,
				  const char *variable);

/* The same of PATH, by its value: a part of it is relative, empty, or can be written. */
const char *environment_path_objection(const struct mount_table *t, const struct lead *leads,
				       const char *path);
