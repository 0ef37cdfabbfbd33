/* SPDX-License-Identifier: MIT */
/*
 * The directories on the way to a mount, whose entries Landlock's rules name one by one. They are
 * opened before the user changes and the capabilities go: a directory with mode 711 can be passed
 * by many and listed by its owner alone.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "harden/harden.h"
#include "harden/landlock_rules.h"

/* Closes what the step `ways` has opened. */
void landlock_close_ways(struct landlock_plan *plan);

/*
 * The entry of dir, as a whole path, that the i-th thing lies in which is known to be started: the
 * program, what it is run with, its words, the directories of PATH. False: there is no i-th.
 * entry[0] is 0 where that thing does not lie in dir.
 */
bool landlock_known_entry(const struct harden *h, const char *dir, size_t i, char entry[PATH_MAX]);
