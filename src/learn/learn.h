/* SPDX-License-Identifier: MIT */
/*
 * --learn: what a program needs of a container, told by one run. Three processes: process 1, which
 * passes signals on; the listener, the ancestor of everything else; and granit as ever, which
 * supervises the program.
 */
#pragma once

#include "facts/mounts.h"
#include "launch/children.h"
#include "policy/policy.h"
#include "sys/log.h"

/*
 * Before the border, with all signals held. Returns false in the process that is to go on as ever,
 * and whose program will be watched; true in one that has nothing left to do, with granit's exit
 * status. What the table points to has to stay.
 */
bool learn(struct log *log, const struct policy *p, const struct mount_table *mounts,
	   struct launch *l, int *ret_status) must_check;
