/* SPDX-License-Identifier: MIT */
/* The seccomp filter of --deny: one program for all words that need one. */
#pragma once

#include <stdbool.h>

#include "sys/compiler.h"

struct harden;

/* Whether one of the words (enum denial, or-ed) takes a filter. */
bool filter_is_wanted(unsigned int denied);

/* Whether the kernel, or the sandbox that plays one, takes filters. Installs none. */
bool filter_is_known(void);

/* Installs it for these words. Returns 0, NOTHING_TO_DO, or what step_failed() does. */
int filter_install(struct harden *h, unsigned int denied) must_check;
