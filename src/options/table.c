// SPDX-License-Identifier: MIT
/* The one place that says which options there are, in the order of the help. */
#include <string.h>

#include "options/rows.h"
#include "options/values.h"

/* What granit does in place of a start, or besides. */
static const struct option_row mode_rows[] = {
	{
		.name = "check",
		.help = "report what the checks find, start nothing",
		.set = option_set_mode,
		.argument = MODE_CHECK,
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "root",
		.value = "DIR",
		.help = "with --check: inspect the image root DIR instead of this container",
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
		.name = "exec",
		.help = "become PROGRAM: no supervision, no watch",
		.set = option_set_flag,
		.argument = offsetof(struct policy, exec),
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "pause",
		.letter = 'P',
		.help = "start nothing, reap orphans until TERM or INT",
		.set = option_set_mode,
		.argument = MODE_PAUSE,
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "list-checks",
		.help = "list the checks and their levels",
		.set = option_set_mode,
		.argument = MODE_LIST_CHECKS,
		.place = OPTION_COMMAND_LINE,
	},
	{
		.name = "explain",
		.value = "NAME",
		.help = "explain a check, and how to fix what it finds, or an option",
		.set = option_set_explain,
		.place = OPTION_COMMAND_LINE,
	},
};

/* About granit itself. */
static const struct option_row about_rows[] = {
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

/* What must hold. */
static const struct option_row verify_rows[] = {
	{
		.name = "profile",
		.value = "NAME",
		.help = "plain, audit, immutable (default) or restricted: the level of every check",
		.set = option_set_profile,
		.lowers = "plain audit",
		.judges = true,
	},
	{
		.name = "writable",
		.value = "PATH[:exec]",
		.help = "declare PATH writable, and refuse to start if it is not; with :exec "
			"programs may lie there (repeat)",
		.set = option_add_writable,
		.adds = true,
		.field = POLICY_FIELD(writable_count, 0),
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "allow",
		.value = "PATH",
		.help = "accept this program as the application's own in content checks (repeat)",
		.set = option_add_path,
		.argument = offsetof(struct policy, allow),
		.adds = true,
		.field = POLICY_FIELD(allow, 0),
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "exec-from",
		.value = "PATH",
		.help = "allow programs from PATH: a volume, or a file outside the image (repeat)",
		.set = option_add_path,
		.argument = offsetof(struct policy, exec_from),
		.adds = true,
		.field = POLICY_FIELD(exec_from, 0),
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "fail",
		.value = "ID[:PATH],...",
		.help = "refuse to start when these checks do not pass (ids, all, warnings), or "
			"for what one finds at PATH",
		.set = option_set_level,
		.argument = LEVEL_FAIL,
		.adds = true,
		.is_of_profile = true,
		.empty = option_empty_levels,
		.judges = true,
	},
	{
		.name = "warn",
		.value = "ID[:PATH],...",
		.help = "downgrade these checks to warnings",
		.set = option_set_level,
		.argument = LEVEL_WARN,
		.adds = true,
		.is_of_profile = true,
		.empty = option_empty_levels,
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "ignore",
		.value = "ID[:PATH],...",
		.help = "skip these checks; of --fail, --warn and --ignore the last one wins",
		.set = option_set_level,
		.argument = LEVEL_OFF,
		.adds = true,
		.is_of_profile = true,
		.empty = option_empty_levels,
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "target",
		.value = "PROFILE",
		.help = "with --profile=audit: the profile whose refusals are named (immutable)",
		.set = option_set_target,
		.judges = true,
	},
	{
		.name = "config",
		.value = "FILE|none",
		.help = "read options from FILE instead of /etc/granit.conf",
		.set = option_set_config,
		.place = OPTION_BEFORE_FILE,
		.lowers = "none",
		.judges = true,
	},
	{
		.name = "scan",
		.value = "quick|full|off|lazy",
		.help = "scan the program directories, the whole root mount (default with --root), "
			"nothing, or the whole root mount beside the running program",
		.set = option_set_scan,
		.is_of_profile = true,
		.empty = option_empty_scan,
		.lowers = "off quick lazy",
		.judges = true,
	},
	{
		.name = "scan-budget",
		.value = "TIME[,BYTES[,FILES]]",
		.help = "limits of the scan; what lies beyond them is unknown (30s,4G,1000000)",
		.set = option_set_scan_budget,
		.is_of_profile = true,
		.empty = option_empty_scan_budget,
		.lowers = "*",
		.judges = true,
	},
	{
		.name = "manifest",
		.value = "FILE",
		.help = "the manifest that --seal wrote (/etc/granit.manifest, if present)",
		.set = option_set_manifest,
		.field = POLICY_FIELD(manifest, 0),
		.judges = true,
	},
	{
		.name = "manifest-key",
		.value = "KEY",
		.help = "the public key of minisign or signify, or its file, that signed the "
			"manifest (repeat)",
		.set = option_add_manifest_key,
		.field = POLICY_FIELD(manifest_keys_count, 0),
		.judges = true,
	},
	{
		.name = "manifest-digest",
		.value = "HEX",
		.help = "the SHA-256 that the manifest must have",
		.set = option_set_manifest_digest,
		.field = POLICY_FIELD(manifest_digest, 0),
		.judges = true,
	},
	{
		.name = "verify",
		.value = "programs|all|lazy",
		.help = "files whose content is compared: programs and all of /etc (default), all; "
			"lazy: what the program needs before the start, the rest while it runs",
		.set = option_set_verify,
		.has_own_none = true,
		.is_of_profile = true,
		.empty = option_empty_verify,
		.lowers = "lazy",
		.judges = true,
	},
	{
		.name = "watch",
		.value = "off|warn|terminate",
		.help = "what to do when a mount appears at run time (warn)",
		.set = option_set_watch,
		.is_of_profile = true,
		.empty = option_empty_watch,
		.lowers = "off",
	},
};

/* How the program is supervised. */
static const struct option_row supervise_rows[] = {
	{
		.name = "group",
		.letter = 'g',
		.help = "forward signals to the program's process group",
		.set = option_set_flag,
		.argument = offsetof(struct policy, group),
	},
	{
		.name = "rewrite",
		.letter = 'r',
		.value = "FROM:TO",
		.help = "forward signal TO instead of FROM; 0 drops it (repeat)",
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
		.help = "wait this long before KILL: after TERM, and for processes that are left "
			"when the program has ended",
		.set = option_set_time,
		.argument = offsetof(struct policy, grace),
		.field = POLICY_FIELD(grace, 0xff),
	},
	{
		.name = "stop-delay",
		.value = "TIME",
		.help = "delay TERM by this time; a second TERM is forwarded at once",
		.set = option_set_time,
		.argument = offsetof(struct policy, stop_delay),
		.field = POLICY_FIELD(stop_delay, 0),
	},
	{
		.name = "remap-exit",
		.letter = 'e',
		.value = "CODE,...",
		.help = "exit with 0 when the program exits with one of these: 143, or 1-3 "
			"(repeat)",
		.set = option_add_remap,
		.field = POLICY_FIELD(remap, 0),
		.lowers = "*",
	},
	{
		.name = "warn-orphans",
		.letter = 'w',
		.help = "log each reaped orphan",
		.set = option_set_flag,
		.argument = offsetof(struct policy, warn_orphans),
	},
	{
		.name = "subreaper",
		.letter = 's',
		.help = "no effect: granit is a subreaper wherever it is not process 1",
		.set = option_accept,
	},
	{
		.name = "single-child",
		.letter = 'c',
		.help = "no effect: signals go to the program alone unless -g is given",
		.set = option_accept,
	},
};

/* What is reported, and where. */
static const struct option_row report_rows[] = {
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
		.help = "suppress the warning summary",
		.set = option_set_quiet,
		.lowers = "*",
	},
	{
		.name = "format",
		.value = "text|json|tap",
		.help = "format of the report",
		.set = option_set_format,
	},
	{
		.name = "color",
		.value = "auto|never",
		.help = "color what a terminal shows (auto: unless NO_COLOR is set)",
		.set = option_set_color,
	},
	{
		.name = "termination-log",
		.value = "FILE|none",
		.help = "where a refusal is also written (" TERMINATION_LOG ", if present)",
		.set = option_set_termination_log,
	},
};

static const struct option_table mode_options = {"Modes", mode_rows, array_length(mode_rows)},
				 about_options = {NULL, about_rows, array_length(about_rows)},
				 verify_options = {"Verification", verify_rows,
						   array_length(verify_rows)},
				 supervise_options = {"Supervision", supervise_rows,
						      array_length(supervise_rows)},
				 report_options = {"Reports", report_rows,
						   array_length(report_rows)};

static const struct option_table *const tables[] = {
	&mode_options,
#if GRANIT_TOOLS
	&tool_options,
#endif
	&about_options,     &verify_options, &harden_options,
#if GRANIT_TOOLS
	&launch_options,
#endif
	&supervise_options, &report_options,
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

const char *option_group(size_t i)
{
	const char *group = NULL;

	for (size_t t = 0; t < array_length(tables); t++) {
		if (tables[t]->group)
			group = tables[t]->group;
		if (i < tables[t]->count)
			break;
		i -= tables[t]->count;
	}
	return group;
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
	if (is_one_of(name, profile_names))
		text_add(err, "; did you mean %sprofile=%s?", dashes, name);
	else if (nearest)
		text_add(err, "; did you mean %s%s?", dashes, nearest);
	else
		text_add(err, "; granit --help lists them");
}

_Static_assert(array_length(mode_rows) + array_length(about_rows) + array_length(verify_rows) +
			       array_length(supervise_rows) + array_length(report_rows) +
			       HARDEN_TABLE_MOST + TOOL_TABLE_MOST + TOOL_TABLE_MOST <=
		       OPTIONS_MOST,
	       "tables made from this one are too small");
