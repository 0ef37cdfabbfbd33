// SPDX-License-Identifier: MIT
/* Rows of the option table: modes that are no start as ever, and how long they and --wait-for may
 * take. */
#include "options/rows.h"
#include "options/values.h"

static const struct option_row rows[] = {
	{.name = "learn",
	 IF_TOOLS(.value = "FILE",
		  .help = "refuse nothing, and report when the program ends, or on USR1, what a "
			  "read-only container must give it",
		  .set = option_set_learn, .place = OPTION_COMMAND_LINE, .may_lack_value = true,
		  .lowers = "*")},
	{.name = "probe",
	 IF_TOOLS(.value = "TARGET",
		  .help = "exit with 0 if TARGET answers, else with 1: tcp:PORT, http:PORT/PATH, "
			  "unix:PATH, http+unix:SOCKET:/PATH (repeat)",
		  .set = option_add_probe, .place = OPTION_COMMAND_LINE, .adds = true)},
	{.name = "sleep",
	 IF_TOOLS(.value = "TIME", .help = "wait, start nothing", .set = option_set_sleep,
		  .place = OPTION_COMMAND_LINE)},
	{.name = "kill",
	 IF_TOOLS(.value = "SIGNAL", .help = "send SIGNAL to process 1, start nothing",
		  .set = option_set_kill, .place = OPTION_COMMAND_LINE)},
	{.name = "timeout",
	 IF_TOOLS(.value = "TIME", .help = "time limit of --probe (1s), or of --wait-for (30s)",
		  .set = option_set_time, .argument = offsetof(struct policy, timeout),
		  .field = POLICY_FIELD(timeout, 0xff))},
};

const struct option_table tool_options = {NULL, rows, array_length(rows)};

_Static_assert(array_length(rows) <= TOOL_TABLE_MOST, "a table with too many options");
