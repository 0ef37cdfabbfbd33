/* SPDX-License-Identifier: MIT */
/* Signals by name, as kill(1) and sigaction(2)'s users write them. */
#pragma once

#include "sys/compiler.h"

/*
 * "TERM", "SIGTERM", "15", "RTMIN+3", "RTMAX-1", in capitals or not. RTMIN is 34, which is what
 * kill(1) and every program linked with glibc mean by it; the kernel's own first is 32.
 * Returns its number, or -EINVAL.
 */
int signal_by_name(const char *name) must_check;

/* The names without SIG, for suggestions. */
extern const char *const signal_names[];
extern const int signal_names_count;
