/* SPDX-License-Identifier: MIT */
/* Signals by name, as kill(1) has them. */
#pragma once

#include "sys/compiler.h"

/*
 * "TERM", "SIGTERM", "15", "RTMIN+3", "RTMAX-1", in upper or lower case. RTMIN is 34, as kill(1)
 * and every program linked with glibc understand it; the kernel's own first is 32. Returns the
 * number, or -EINVAL.
 */
int signal_by_name(const char *name) must_check;

/* The names without SIG, for suggestions. Constants. */
extern const char *const signal_names[];
extern const int signal_names_count;
