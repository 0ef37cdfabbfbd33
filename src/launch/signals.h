/* SPDX-License-Identifier: MIT */
/*
 * The signals of granit's own process. Where it starts something they are read when there is time
 * for them, never handled: nothing is lost meanwhile, and nothing interrupts anything. Before that
 * they end it.
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

/*
 * From here to signals_hold() HUP, INT, QUIT and TERM end granit with the status 128+N, as process
 * 1 too, whatever it is doing; but not those that it was started with as ignored (nohup(1)).
 */
void signals_let_end(void);

/* Blocks everything again. What came in between and did not end granit is pending. */
void signals_hold(void);

/*
 * Forgets what granit's own writing has raised: pending, it would outlive execve(2) and end the
 * program. A new process has nothing pending.
 */
void signals_drop_own(void);

/* Back to what was inherited, in the process that becomes the program. */
void signals_restore(const struct inherited_signals *s);

/* A descriptor to read signals from, which does not wait, closed on exec; or -errno. */
int signals_open(void) must_check;

enum { SIGNAL_BATCH = 16 };

/*
 * Stores the numbers of up to SIGNAL_BATCH signals that have come; returns how many. Those that
 * granit's own writing raised are not among them. May be called behind the border.
 */
size_t signals_read(int fd, int ret[SIGNAL_BATCH]);

/* The same without a descriptor: waits for one, at most ms milliseconds (-1: for ever). */
size_t signals_wait(int64_t ms, int ret[SIGNAL_BATCH]);
