/* SPDX-License-Identifier: MIT */
/* Capability sets as text. */
#pragma once

#include <stdint.h>

#include "sys/text.h"

/*
 * The names of the capabilities in the set, "chown, kill", of which at most so many are told;
 * "none".
 */
void caps_add_names(struct text *out, uint64_t set, unsigned int most);
