// SPDX-License-Identifier: MIT
/* Rows of the option table: what is done between hardening and the program's start, in that order.
 */
#include "options/rows.h"
#include "options/values.h"

static const struct option_row rows[] = {
	{.name = "wait-for",
	 IF_TOOLS(.value = "TARGET",
		  .help = "wait until tcp:HOST:PORT, unix:/PATH or file:/PATH is there before the "
			  "start (repeat)",
		  .set = option_add_wait_for, .adds = true, .empty = option_empty_wait_for)},
	{.name = "env-file",
	 IF_TOOLS(.value = "FILE", .help = "set variables from lines NAME=value (repeat)",
		  .set = option_add_env_file, .adds = true, .empty = option_empty_env_file)},
	{.name = "expand",
	 IF_TOOLS(.help = "expand ${NAME}, ${NAME:-default}, ${NAME:?message} and $$ in the "
			  "program's arguments",
		  .set = option_set_flag, .argument = offsetof(struct policy, expand))},
	{.name = "secret",
	 IF_TOOLS(.value = "NAME[=FILE]",
		  .help = "set variable NAME to the content of FILE, for the program alone "
			  "(/run/secrets/NAME; repeat)",
		  .set = option_add_secret, .adds = true, .empty = option_empty_secret)},
	{.name = "secrets",
	 IF_TOOLS(.value = "auto|off",
		  .help = "the same for every NAME that has NAME_FILE=/PATH set (off)",
		  .set = option_set_secrets)},
};

const struct option_table launch_options = {"Before the start", rows, array_length(rows)};

_Static_assert(array_length(rows) <= TOOL_TABLE_MOST, "a table with too many options");
