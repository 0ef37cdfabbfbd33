/* SPDX-License-Identifier: MIT */
/* What granit says while nothing has been started, and where: for src/main.c and
 * src/launch/start.c. */
#pragma once

#include "policy/policy.h"
#include "sys/text.h"

/* One line on standard error, in one write: whole lines only, whoever else writes there. */
void say(const char *fmt, ...) printf_like(1, 2);

/*
 * Why nothing was started: said, and written where Kubernetes shows it. That it could not be
 * written there is worth a line, and no reason for another exit status.
 */
void say_why(const struct policy *p, const struct text *message);

/* What granit itself could not do. */
void fail(const struct policy *p, const char *fmt, ...) printf_like(2, 3);
