/* SPDX-License-Identifier: MIT */
/* All that the program leaves behind. But for others_open() it may be called behind the border. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "watch/watch.h"

/* The exit status of others_signal()'s process when somebody was reached, or may have been. */
enum { OTHERS_HEARD = 1 };

/*
 * Sends one signal, and another one unless it is 0, to every process but granit: as process 1 to
 * all that there are, elsewhere to granit's own descendants, as far as /proc shows them. Returns
 * the process that does the latter, or 0. Signal 0 always makes a process, which only asks: what
 * kill(2) answers of all of them together is success where nobody may be signalled either.
 */
pid_t others_signal(int first, int second);

/*
 * A descriptor to list process 1's children from, where the kernel has that
 * (CONFIG_PROC_CHILDREN); or -1.
 */
int others_open(void);

/*
 * Whether there is none; children must have been collected. As process 1 that is certain. A looker
 * that cannot be killed does not count, as far as list, of others_open(), tells it apart.
 */
bool others_are_gone(bool has_children, int list, const struct watch *w);
