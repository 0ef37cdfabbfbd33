/* SPDX-License-Identifier: MIT */
/*
 * What process 1 was started with, where that is granit in this container. The kernel shows anybody
 * its name and its command line, though it is not dumpable.
 */
#pragma once

#include "sys/arena.h"
#include "sys/text.h"

struct command_line {
	int argc;
	char **argv; /* and NULL behind it, as main() gets it */
};

/*
 * Reads the command line of process 1 into the arena. Returns 0; or -errno with the reason in why:
 * it is not granit, it is another container's, or what it shows is no command line. *ret_unshown:
 * which file it runs is not shown to this process.
 */
int init_command_line(struct arena *a, struct command_line *ret, bool *ret_unshown,
		      struct text *why) must_check;
