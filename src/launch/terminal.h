/* SPDX-License-Identifier: MIT */
/* The terminal, and job control on it. May be called behind the border. */
#pragma once

#include <sys/types.h>

/* The descriptor, 0 to 2, of a terminal in whose foreground granit's process group is; or -1. */
int terminal_in_foreground(void);

/*
 * Puts the calling process into a process group of its own and that into the foreground of the
 * terminal (-1: of none). All signals must be blocked.
 */
void terminal_give_to_me(int fd);

/*
 * The terminal (or a kill(1)) stopped the program's process group: stops granit the same way, so
 * that the shell above gets its terminal back, and wakes the group when granit is woken. To be
 * called with all signals blocked; returns when the program goes on, or at once if it must stay
 * stopped.
 */
void terminal_stop_with(pid_t group, int signal);
