/* SPDX-License-Identifier: MIT */
#pragma once

#include "policy.h"
#include "supervise/children.h"

/*
 * Passes signals on and collects children until the main one ends; returns its exit status. From
 * its start on granit must not die, so nothing in here fails.
 */
int supervise(const struct policy *p, pid_t main_child, int signals);
