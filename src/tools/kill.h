/* SPDX-License-Identifier: MIT */
/* Whom --kill sends its signal to. */
#pragma once

#include <sys/types.h>

#include "sys/text.h"

/*
 * The first process of the container that granit was executed in: process 1, unless containers
 * share a process namespace. Then the granit that this one lies beside. Or -1, with the reason in
 * why.
 */
pid_t kill_target(struct text *why);
