/* SPDX-License-Identifier: MIT */
#pragma once

/* The descriptor, 0 to 2, of a terminal in whose foreground granit's process group is; or -1. */
int terminal_in_foreground(void);

/*
 * Puts the calling process into a process group of its own and that into the foreground of the
 * terminal (-1: of none). All signals must be blocked.
 */
void terminal_give_to_me(int fd);
