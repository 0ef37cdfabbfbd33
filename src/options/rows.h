/* SPDX-License-Identifier: MIT */
/* Tables of options in files of their own, for those files and table.c. Constants. */
#pragma once

#include "options/options.h"

struct option_table {
	const char
		*group; /* its heading in the help; NULL: the table goes on with the one before */
	const struct option_row *rows;
	size_t count;
};

enum { TOOL_TABLE_MOST = 8, HARDEN_TABLE_MOST = 20 }; /* rows of one of these */

extern const struct option_table harden_options, launch_options, tool_options;

/*
 * All of a row but its name. With TOOLS=no only names are left, for the error that says why there
 * is no such option.
 */
#if GRANIT_TOOLS
#define IF_TOOLS(...) __VA_ARGS__
#else
#define IF_TOOLS(...)
#endif
