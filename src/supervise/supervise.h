/* SPDX-License-Identifier: MIT */
/* The supervision loop of PID 1. */
#pragma once

#include "launch/children.h"
#include "policy/policy.h"

struct watch;

/*
 * Passes signals on and collects children until the main one ends; returns its exit status, or 78
 * when watch had it ended. phase: how far it has come; NULL: it is the program. From its start on
 * granit must not die, so nothing in here fails.
 */
int supervise(const struct policy *p, pid_t main_child, const launch_phase *phase, int signals,
	      struct watch *watch);
