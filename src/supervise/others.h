/* SPDX-License-Identifier: MIT */
/* All that the program leaves behind. */
#pragma once

#include <stdbool.h>

/*
 * Sends the signal to every process but granit: as process 1 to all that there are, elsewhere to
 * granit's own descendants, as far as /proc shows them.
 */
void others_signal(int signal);

/* Whether there is none; children must have been collected. As process 1 that is certain. */
bool others_are_gone(bool has_children);
