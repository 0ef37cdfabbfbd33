/* SPDX-License-Identifier: MIT */
/* Landlock's rules for ports, and whether they hold. */
#pragma once

#include "harden/harden.h"

/* Adds a rule for each port of --listen and --connect. net: the rights that are handled. */
int landlock_add_ports(struct harden *h, int ruleset, uint64_t net) must_check;

/* Tries what is forbidden now, on the loopback. */
int landlock_try_ports(struct harden *h, uint64_t net) must_check;
