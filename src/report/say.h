/* SPDX-License-Identifier: MIT */
/* What granit says in its own name, and where. Before the border, and in the modes that start
 * nothing. */
#pragma once

#include "policy/policy.h"
#include "sys/log.h"

/* One line on standard error, in one write: whole lines only, whatever else is written there. */
void say(struct log *l, const char *fmt, ...) printf_like(2, 3);

/* Whether what is written to fd has colors: --color, NO_COLOR (https://no-color.org), a terminal.
 */
bool is_colored(const struct policy *p, int fd);

/*
 * Why nothing was started: said, and written where Kubernetes shows it. That it could not be
 * written there is worth a line, and no reason for another exit status.
 */
void say_why(struct log *l, const struct policy *p, const struct text *message);

/* What granit itself could not do. */
void fail(struct log *l, const struct policy *p, const char *fmt, ...) printf_like(3, 4);
