// SPDX-License-Identifier: MIT
/* The one place that says which options there are, in the order of the help. */
#include <string.h>

#include "options/rows.h"
#include "options/values.h"

/* What to verify, and how to report it. */
static const struct option_row first_rows[] = {
	{
		.name = "check",
		.help = "verify and report on standard output; start nothing",
		.set = option_set_mode,
		.argument = MODE_CHECK,
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "root",
		.value = "DIR",
		.help = "with --check: inspect the image root DIR instead; content checks only",
		.set = option_set_root,
		.place = OPTION_BEFORE_FILE,
	},
	{
		.name = "seal",
		.value = "DIR",
		.help = "write the manifest of the image root DIR to standard output",
		.set = option_set_seal,
		.place = OPTION_BEFORE_FILE,
	},
	{
		.name = "config",
		.value = "FILE|none",
		.help = "read this file of options instead of /etc/granit.conf, or none",
		.set = option_set_config,
		.place = OPTION_BEFORE_FILE,
		.lowers = "none",
	},
	{
		.name = "profile",
		.value = "NAME",
		.help = "plain, audit, immutable (the default) or restricted: the level of every "
			"check",
		.set = option_set_profile,
		.lowers = "plain audit",
	},
	{
		.name = "target",
		.value = "PROFILE",
		.help = "with --profile=audit: the profile whose refusals are named (immutable)",
		.set = option_set_target,
	},
	{
		.name = "fail",
		.value = "ID[:PATH],...",
		.help = "refuse when these checks do not pass ('all' is allowed), or for what "
			"one finds at PATH",
		.set = option_set_level,
		.argument = LEVEL_FAIL,
		.adds = true,
		.is_of_profile = true,
		.empty = option_empty_levels,
	},
	{
		.name = "warn",
		.value = "ID[:PATH],...",
		.help = "only warn of these",
		.set = option_set_level,
		.argument = LEVEL_WARN,
		.adds = true,
		.is_of_profile = true,
		.empty = option_empty_levels,
		.lowers = "*",
	},
	{
		.name = "ignore",
		.value = "ID[:PATH],...",
		.help = "do not even look; of --fail, --warn, --ignore the last one counts",
		.set = option_set_level,
		.argument = LEVEL_OFF,
		.adds = true,
		.is_of_profile = true,
		.empty = option_empty_levels,
		.lowers = "*",
	},
	{
		.name = "writable",
		.value = "PATH[:exec]",
		.help = "PATH is meant to be writable, and has to be; with :exec programs may lie "
			"there (repeat)",
		.set = option_add_writable,
		.adds = true,
		.field = POLICY_FIELD(writable_count, 0),
		.lowers = "*",
	},
	{
		.name = "exec-from",
		.value = "PATH",
		.help = "programs may be started from PATH, which is not the image's: a volume, or "
			"a file (repeat)",
		.set = option_add_path,
		.argument = offsetof(struct policy, exec_from),
		.adds = true,
		.field = POLICY_FIELD(exec_from, 0),
		.lowers = "*",
	},
	{
		.name = "allow",
		.value = "PATH",
		.help = "this program is the application's own; content checks do not fail on it "
			"(repeat)",
		.set = option_add_path,
		.argument = offsetof(struct policy, allow),
		.adds = true,
		.field = POLICY_FIELD(allow, 0),
		.lowers = "*",
	},
	{
		.name = "scan",
		.value = "quick|full|off|lazy",
		.help = "look at the program directories, at the whole root mount (the default "
			"with --root), or not; lazy: quick first, full beside the program",
		.set = option_set_scan,
		.is_of_profile = true,
		.empty = option_empty_scan,
		.lowers = "off quick",
	},
	{
		.name = "scan-budget",
		.value = "TIME[,BYTES[,FILES]]",
		.help = "what the scan may take at most; what it then missed is unknown "
			"(30s,4G,1000000)",
		.set = option_set_scan_budget,
		.is_of_profile = true,
		.empty = option_empty_scan_budget,
		.lowers = "*",
	},
	{
		.name = "manifest",
		.value = "FILE",
		.help = "what --seal wrote (/etc/granit.manifest, if it is there)",
		.set = option_set_manifest,
		.field = POLICY_FIELD(manifest, 0),
	},
	{
		.name = "manifest-key",
		.value = "KEY",
		.help = "a public key of minisign or signify, or its file, that signed the "
			"manifest (repeat)",
		.set = option_add_manifest_key,
		.field = POLICY_FIELD(manifest_keys_count, 0),
	},
	{
		.name = "manifest-digest",
		.value = "HEX",
		.help = "the SHA-256 that the manifest has",
		.set = option_set_manifest_digest,
		.field = POLICY_FIELD(manifest_digest, 0),
	},
	{
		.name = "verify",
		.value = "programs|all|lazy",
		.help = "whose content is read (programs, and what /etc holds); lazy: what the "
			"program needs first, all of it beside the program",
		.set = option_set_verify,
	},
	{
		.name = "watch",
		.value = "off|warn|terminate",
		.help = "what a mount leads to that appears while the program runs (warn)",
		.set = option_set_watch,
		.is_of_profile = true,
		.empty = option_empty_watch,
		.lowers = "off",
	},
	{
		.name = "format",
		.value = "text|json|tap",
		.help = "shape of the report",
		.set = option_set_format,
	},
	{
		.name = "termination-log",
		.value = "FILE|none",
		.help = "where a refusal is written too (" TERMINATION_LOG ", if it is there)",
		.set = option_set_termination_log,
	},
};

/* How the program is supervised, and modes. */
static const struct option_row running_rows[] = {
	{
		.name = "exec",
		.help = "become PROGRAM: no supervision, no watch",
		.set = option_set_flag,
		.argument = offsetof(struct policy, exec),
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "group",
		.letter = 'g',
		.help = "send signals to the program's whole process group",
		.set = option_set_flag,
		.argument = offsetof(struct policy, group),
	},
	{
		.name = "rewrite",
		.letter = 'r',
		.value = "FROM:TO",
		.help = "pass on the signal TO instead of FROM; 0 drops it (repeat)",
		.set = option_add_rewrite,
		.adds = true,
		.field = POLICY_FIELD(rewrite, 0),
	},
	{
		.name = "parent-death",
		.letter = 'p',
		.value = "SIGNAL",
		.help = "the signal that granit gets when its own parent dies",
		.set = option_set_parent_death,
		.field = POLICY_FIELD(parent_death, 0),
	},
	{
		.name = "grace",
		.value = "TIME",
		.help = "what other processes have after the program's end, and all after TERM, "
			"before KILL",
		.set = option_set_time,
		.argument = offsetof(struct policy, grace),
		.field = POLICY_FIELD(grace, 0xff),
	},
	{
		.name = "stop-delay",
		.value = "TIME",
		.help = "hold TERM back this long; a second one does not wait",
		.set = option_set_time,
		.argument = offsetof(struct policy, stop_delay),
		.field = POLICY_FIELD(stop_delay, 0),
	},
	{
		.name = "remap-exit",
		.letter = 'e',
		.value = "CODE,...",
		.help = "these exit statuses of the program count as 0: 143, or 1-3 (repeat)",
		.set = option_add_remap,
		.field = POLICY_FIELD(remap, 0),
		.lowers = "*",
	},
	{
		.name = "subreaper",
		.letter = 's',
		.help = "nothing to do: granit is one where it is not process 1",
		.set = option_accept,
	},
	{
		.name = "single-child",
		.letter = 'c',
		.help = "nothing to do: signals go to the program alone unless -g",
		.set = option_accept,
	},
	{
		.name = "warn-orphans",
		.letter = 'w',
		.help = "say each orphan that is collected",
		.set = option_set_flag,
		.argument = offsetof(struct policy, warn_orphans),
	},
	{
		.name = "verbose",
		.letter = 'v',
		.help = "report every check; twice: every step too",
		.set = option_add_verbosity,
		.adds = true,
	},
	{
		.name = "quiet",
		.letter = 'q',
		.help = "no line that counts the warnings",
		.set = option_set_quiet,
	},
	{
		.name = "pause",
		.letter = 'P',
		.help = "start nothing: collect orphans until TERM or INT comes",
		.set = option_set_mode,
		.argument = MODE_PAUSE,
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "list-checks",
		.help = "list the checks and their level in each profile",
		.set = option_set_mode,
		.argument = MODE_LIST_CHECKS,
		.place = OPTION_COMMAND_LINE,
	},
};

/* About granit itself. */
static const struct option_row last_rows[] = {
	{
		.name = "help",
		.letter = 'h',
		.help = "show this help",
		.set = option_set_mode,
		.argument = MODE_HELP,
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "license",
		.letter = 'l',
		.help = "show the licence",
		.set = option_set_mode,
		.argument = MODE_LICENSE,
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "version",
		.letter = 'V',
		.help = "show the version",
		.set = option_set_mode,
		.argument = MODE_VERSION,
		.place = OPTION_COMMAND_LINE,
	},
};

static const struct option_table first_options = {first_rows, array_length(first_rows)},
				 running_options = {running_rows, array_length(running_rows)},
				 last_options = {last_rows, array_length(last_rows)};

static const struct option_table *const tables[] = {
	&first_options,   &harden_options,
#if GRANIT_TOOLS
	&launch_options,
#endif
	&running_options,
#if GRANIT_TOOLS
	&tool_options,
#endif
	&last_options,
};

static const struct option_row *row_at(const struct option_table *const *list, size_t n, size_t i)
{
	for (; n; list++, n--) {
		if (i < (*list)->count)
			return &(*list)->rows[i];
		i -= (*list)->count;
	}
	return NULL;
}

const struct option_row *option_at(size_t i)
{
	return row_at(tables, array_length(tables), i);
}

const struct option_row *option_by_name(const char *name)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(i)) != NULL; i++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

/* Options that exist, but not in this build. */
static bool is_left_out(const char *name)
{
	static const struct option_table *const left_out[] = {&launch_options, &tool_options};
	const struct option_row *row;

	if (GRANIT_TOOLS)
		return false;
	for (size_t i = 0; (row = row_at(left_out, array_length(left_out), i)) != NULL; i++)
		if (strcmp(row->name, name) == 0)
			return true;
	return false;
}

const char *option_nearest(const char *name)
{
	const char *names[OPTIONS_MOST];
	const struct option_row *row;
	size_t n;

	for (n = 0; (row = option_at(n)) != NULL; n++)
		names[n] = row->name;
	return text_nearest(name, names, n);
}

void option_add_nearest(const char *name, const char *dashes, struct text *err)
{
	const char *nearest;

	if (is_left_out(name)) {
		text_add(err, " in this granit: it was built without (make TOOLS=no)");
		return;
	}
	nearest = option_nearest(name);
	if (nearest)
		text_add(err, "; did you mean %s%s?", dashes, nearest);
	else
		text_add(err, "; granit --help lists them");
}

_Static_assert(array_length(first_rows) + array_length(running_rows) + array_length(last_rows) +
			       HARDEN_TABLE_MOST + TOOL_TABLE_MOST + TOOL_TABLE_MOST <=
		       OPTIONS_MOST,
	       "tables made from this one are too small");
