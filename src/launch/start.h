/* SPDX-License-Identifier: MIT */
/* From a hardened granit to the program. */
#pragma once

#include "launch/children.h"
#include "policy/policy.h"
#include "posture/posture.h"

/*
 * Starts the program, or with --exec becomes it. s: the mount table that environment files are held
 * against; NULL: they are not. Returns the program's process id, and in *ret_phase how far it has
 * come (NULL: it runs); or -1, and the exit status that says why not in *ret_status.
 */
pid_t start(const struct policy *p, const struct posture *s, struct launch *l,
	    launch_phase **ret_phase, int *ret_status);
