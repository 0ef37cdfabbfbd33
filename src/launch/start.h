/* SPDX-License-Identifier: MIT */
/* From a hardened granit to the program. */
#pragma once

#include "launch/children.h"
#include "policy/policy.h"
#include "sys/log.h"

/*
 * Starts the program. Returns its process id, and in *ret_phase how far it has come (NULL: it
 * runs); or -1, having said why not, with granit's exit status in *ret_status.
 */
pid_t start(struct log *log, const struct policy *p, struct launch *l, launch_phase **ret_phase,
	    int *ret_status);

/* --exec: becomes the program. Returns only on failure: granit's exit status, having said why. */
int become_at_once(struct log *log, const struct policy *p, struct launch *l);
