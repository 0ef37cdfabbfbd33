/* SPDX-License-Identifier: MIT */
/*
 * Where granit starts something it has no signal handlers: signals are blocked from the first
 * moment and read when there is time for them. Nothing is lost meanwhile, and nothing interrupts
 * anything.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "sys/compiler.h"

/* What granit was started with, and the program will be started with. */
struct inherited_signals {
	uint64_t mask;
	struct sigaction chld;
};

/* Blocks everything. Returns 0 or -errno. */
int signals_block(struct inherited_signals *ret) must_check;

/* Undoes it, in the child before it becomes the program. */
void signals_restore(const struct inherited_signals *s);

/*
 * Undoes it for the modes that start nothing: what ends other processes ends this one, as process 1
 * too.
 */
void signals_let_end(const struct inherited_signals *s);

/*
 * A descriptor to read signals from. On failure, which is no reason to do without, -errno: then
 * signals_wait() gets along without it.
 */
int signals_open(void);

enum { SIGNAL_BATCH = 16 };

/*
 * Waits until there are signals to be read, or other (POLLPRI of a descriptor, -1: none) tells of a
 * change, or the time is over (milliseconds; -1: never). Sets *ret_other if it was the change.
 * Returns whether there are signals.
 */
bool signals_poll(int fd, int other, int timeout, bool *ret_other);

/*
 * Waits until there are signals and stores the numbers of up to SIGNAL_BATCH of them. Never fails;
 * returns how many.
 */
size_t signals_wait(int *fd, int ret[SIGNAL_BATCH]);
