// SPDX-License-Identifier: MIT
/* The option table. */
#include "options/options.h"

#include <errno.h>
#include <string.h>

#include "options/values.h"

const struct option_row options[] = {
	{"check", 0, NULL, "verify and report on standard output; start nothing", option_set_mode,
	 MODE_CHECK, OPTION_COMMAND_LINE},
	{"root", 0, "DIR", "with --check: inspect the image root DIR instead; content checks only",
	 option_set_root, 0, OPTION_BEFORE_FILE},
	{"seal", 0, "DIR", "write the manifest of the image root DIR to standard output",
	 option_set_seal, 0, OPTION_BEFORE_FILE},
	{"config", 0, "FILE|none", "read this file of options instead of /etc/granit.conf, or none",
	 option_set_config, 0, OPTION_BEFORE_FILE},
	{"profile", 0, "NAME",
	 "plain, audit, immutable (the default) or restricted: the level of every check",
	 option_set_profile, 0, OPTION_ANYWHERE},
	{"fail", 0, "ID,...", "refuse when these checks do not pass; 'all' is allowed",
	 option_set_level, LEVEL_FAIL, OPTION_ANYWHERE},
	{"warn", 0, "ID,...", "only warn of these", option_set_level, LEVEL_WARN, OPTION_ANYWHERE},
	{"ignore", 0, "ID,...", "do not even look; of --fail, --warn, --ignore the last one counts",
	 option_set_level, LEVEL_OFF, OPTION_ANYWHERE},
	{"writable", 0, "PATH[:exec]",
	 "PATH is meant to be writable, and has to be; with :exec programs may lie there (repeat)",
	 option_add_writable, 0, OPTION_ANYWHERE},
	{"allow", 0, "PATH",
	 "this program is the application's own; content checks do not fail on it (repeat)",
	 option_add_allow, 0, OPTION_ANYWHERE},
	{"scan", 0, "quick|full|off",
	 "look at the program directories, at the whole root mount (the default with --root), or "
	 "not",
	 option_set_scan, 0, OPTION_ANYWHERE},
	{"scan-budget", 0, "TIME[,BYTES[,FILES]]",
	 "what the scan may take at most; what it then missed is unknown (30s,4G,1000000)",
	 option_set_scan_budget, 0, OPTION_ANYWHERE},
	{"manifest", 0, "FILE", "what --seal wrote (/etc/granit.manifest, if it is there)",
	 option_set_manifest, 0, OPTION_ANYWHERE},
	{"manifest-key", 0, "KEY",
	 "a public key of minisign or signify, or its file, that signed the manifest (repeat)",
	 option_add_manifest_key, 0, OPTION_ANYWHERE},
	{"manifest-digest", 0, "HEX", "the SHA-256 that the manifest has",
	 option_set_manifest_digest, 0, OPTION_ANYWHERE},
	{"verify", 0, "programs|all", "whose content is read (programs, and what /etc holds)",
	 option_set_verify, 0, OPTION_ANYWHERE},
	{"watch", 0, "off|warn|terminate",
	 "what a mount leads to that appears while the program runs (warn)", option_set_watch, 0,
	 OPTION_ANYWHERE},
	{"format", 0, "text|json|tap", "shape of the report", option_set_format, 0,
	 OPTION_ANYWHERE},
	{"termination-log", 0, "FILE|none",
	 "where a refusal is written too (/dev/termination-log, if it is there)",
	 option_set_termination_log, 0, OPTION_ANYWHERE},
	{"user", 'u', "USER[:GROUP[,GROUP...]]",
	 "run as this user, by name or number, with these groups and no others", option_set_user, 0,
	 OPTION_ANYWHERE},
	{"keep-caps", 0, "CAP,...", "the only capabilities that the program keeps (repeat)",
	 option_add_keep_caps, 0, OPTION_ANYWHERE},
	{"allow-new-privs", 0, NULL, "do not set no_new_privs: setuid files work", option_set_flag,
	 offsetof(struct policy, allow_new_privs), OPTION_ANYWHERE},
	{"landlock", 0, "auto|require|off",
	 "programs start only from read-only mounts, files are written only on accepted ones",
	 option_set_landlock, 0, OPTION_ANYWHERE},
	{"deny", 0, "WORD,...",
	 "all, none, wx-memory, memfd-exec, user-namespaces, tiocsti, exec-scripts, "
	 "io-uring (restricted: all)",
	 option_add_deny, 0, OPTION_ANYWHERE},
	{"rlimit", 0, "NAME=SOFT[:HARD]", "a resource limit, as in nofile=1024:4096 (repeat)",
	 option_add_rlimit, 0, OPTION_ANYWHERE},
	{"umask", 0, "MODE", "the file mode creation mask, octal", option_set_umask, 0,
	 OPTION_ANYWHERE},
	{"chdir", 0, "DIR", "the working directory", option_set_chdir, 0, OPTION_ANYWHERE},
	{"unset-env", 0, "GLOB", "remove these variables from the environment (repeat)",
	 option_add_unset_env, 0, OPTION_ANYWHERE},
#if GRANIT_TOOLS
#include "options/launch_rows.inc"
#endif
	{"exec", 0, NULL, "become PROGRAM: no supervision, no watch", option_set_flag,
	 offsetof(struct policy, exec), OPTION_COMMAND_LINE},
	{"group", 'g', NULL, "send signals to the program's whole process group", option_set_flag,
	 offsetof(struct policy, group), OPTION_ANYWHERE},
	{"rewrite", 'r', "FROM:TO", "pass on the signal TO instead of FROM; 0 drops it (repeat)",
	 option_add_rewrite, 0, OPTION_ANYWHERE},
	{"parent-death", 'p', "SIGNAL", "the signal that granit gets when its own parent dies",
	 option_set_parent_death, 0, OPTION_ANYWHERE},
	{"grace", 0, "TIME",
	 "what other processes have after the program's end, and all after TERM, before KILL",
	 option_set_time, offsetof(struct policy, grace), OPTION_ANYWHERE},
	{"stop-delay", 0, "TIME", "hold TERM back this long; a second one does not wait",
	 option_set_time, offsetof(struct policy, stop_delay), OPTION_ANYWHERE},
	{"remap-exit", 'e', "CODE,...",
	 "these exit statuses of the program count as 0: 143, or 1-3 (repeat)", option_add_remap, 0,
	 OPTION_ANYWHERE},
	{"subreaper", 's', NULL, "nothing to do: granit is one where it is not process 1",
	 option_accept, 0, OPTION_ANYWHERE},
	{"single-child", 'c', NULL, "nothing to do: signals go to the program alone unless -g",
	 option_accept, 0, OPTION_ANYWHERE},
	{"warn-orphans", 'w', NULL, "say each orphan that is collected", option_set_flag,
	 offsetof(struct policy, warn_orphans), OPTION_ANYWHERE},
	{"verbose", 'v', NULL, "report every check; twice: every step too", option_add_verbosity, 0,
	 OPTION_ANYWHERE},
	{"quiet", 'q', NULL, "no line that counts the warnings", option_set_quiet, 0,
	 OPTION_ANYWHERE},
	{"pause", 'P', NULL, "start nothing: collect orphans until TERM or INT comes",
	 option_set_mode, MODE_PAUSE, OPTION_COMMAND_LINE},
	{"list-checks", 0, NULL, "list the checks and their level in each profile", option_set_mode,
	 MODE_LIST_CHECKS, OPTION_COMMAND_LINE},
#if GRANIT_TOOLS
#include "options/tool_rows.inc"
#endif
	{"help", 'h', NULL, "show this help", option_set_mode, MODE_HELP, OPTION_COMMAND_LINE},
	{"license", 'l', NULL, "show the licence", option_set_mode, MODE_LICENSE,
	 OPTION_COMMAND_LINE},
	{"version", 'V', NULL, "show the version", option_set_mode, MODE_VERSION,
	 OPTION_COMMAND_LINE},
};

const size_t options_count = array_length(options);

const struct option_row *option_by_name(const char *name)
{
	for (size_t i = 0; i < options_count; i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

/* Options that there are, but not in this granit. */
static bool is_left_out(const char *name)
{
#if GRANIT_TOOLS
	(void)name;
	return false;
#else
	static const char *const left_out[] = {"wait-for", "env-file", "expand",
					       "secret",   "secrets",  "probe",
					       "sleep",    "kill",     "timeout"};

	return is_one_of(name, left_out);
#endif
}

void option_add_nearest(const char *name, const char *dashes, struct text *err)
{
	const char *names[OPTIONS_MOST], *nearest;

	if (is_left_out(name)) {
		text_add(err, " in this granit: it was built without (make TOOLS=no)");
		return;
	}
	for (size_t i = 0; i < options_count; i++)
		names[i] = options[i].name;
	nearest = text_nearest(name, names, options_count);
	if (nearest)
		text_add(err, "; did you mean %s%s?", dashes, nearest);
	else
		text_add(err, "; granit --help lists them");
}

int option_apply(struct parse *p, const struct option_row *row, const char *value)
{
	int r;

	if (p->file)
		text_add(p->err, "%s:%zu:%zu: %s: ", p->file, p->line, p->column, row->name);
	else
		text_add(p->err, "--%s: ", row->name);
	r = row->set(p, row, value);
	if (r == -ENOMEM)
		text_add(p->err, "there is no memory for its value");
	if (r < 0)
		return -EINVAL;
	text_init(p->err, p->err->buf, p->err->size);
	if (p->settings_count < PARSE_SETTINGS)
		p->settings[p->settings_count] = (struct setting){
			.name = row->name, .value = value, .line = p->file ? p->line : 0};
	p->settings_count++;
	return 0;
}

_Static_assert(array_length(options) <= OPTIONS_MOST, "tables made from this one are too small");
