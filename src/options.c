// SPDX-License-Identifier: MIT
#include "options.h"

#include <errno.h>
#include <string.h>

#include "checks/check.h"

static const char *const profile_names[PROFILE_COUNT] = {
	[PROFILE_PLAIN] = "plain",
	[PROFILE_AUDIT] = "audit",
	[PROFILE_IMMUTABLE] = "immutable",
	[PROFILE_RESTRICTED] = "restricted",
};

static const char *const level_names[] = {
	[LEVEL_OFF] = "off",
	[LEVEL_INFO] = "info",
	[LEVEL_WARN] = "warn",
	[LEVEL_FAIL] = "fail",
};

const char *profile_name(enum profile p)
{
	return profile_names[p];
}

const char *level_name(enum level l)
{
	return level_names[l];
}

/* ---- values */

static int bad_value(struct parse *p, const char *value, const char *why)
{
	text_add(p->err, "'");
	text_add_name(p->err, value);
	text_add(p->err, "' %s", why);
	return -EINVAL;
}

/* "'VALUE' is no KIND", and the word of the list that was meant, or else all of them. */
static int no_such_word(struct parse *p, const char *value, const char *kind,
			const char *const *words, size_t n)
{
	const char *nearest = text_nearest(value, words, n);

	(void)bad_value(p, value, "is no ");
	text_add(p->err, "%s", kind);
	if (nearest) {
		text_add(p->err, "; did you mean '%s'?", nearest);
		return -EINVAL;
	}
	for (size_t i = 0; i < n; i++)
		text_add(p->err, "%s%s", i == 0 ? "; there is " : ", ", words[i]);
	return -EINVAL;
}

/* The place of the word in the list; -EINVAL when it is not there. */
static int find_word(struct parse *p, const char *value, const char *kind, const char *const *words,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], value) == 0)
			return (int)i;
	return no_such_word(p, value, kind, words, n);
}

static int set_profile(struct parse *p, const struct option_row *row, const char *value)
{
	int i = find_word(p, value, "profile", profile_names, PROFILE_COUNT);

	(void)row;
	if (i < 0)
		return i;
	p->policy->profile = (enum profile)i;
	if (!p->file)
		p->own_profile = (enum profile)i;
	return 0;
}

static int no_such_check(struct parse *p, const char *id)
{
	const char *ids[POLICY_CHECKS + 1] = {"all"};

	for (size_t i = 0; i < checks_count; i++)
		ids[i + 1] = checks[i].id;
	return no_such_word(p, id, "check", ids, checks_count + 1);
}

static int set_level(struct parse *p, const struct option_row *row, const char *value)
{
	char *ids = arena_copy(p->arena, value), *id;

	if (!ids)
		return -ENOMEM;
	while ((id = text_next_word(&ids)) != NULL) {
		int only = check_find(id);

		if (only < 0 && strcmp(id, "all") != 0)
			return no_such_check(p, id);
		for (size_t i = 0; i < checks_count; i++) {
			if (only >= 0 && i != (size_t)only)
				continue;
			/* What a file says of its own trust is what its author wants. */
			if (p->file && checks[i].judges_file)
				continue;
			p->said[i].given = true;
			p->said[i].level = (enum level)row->argument;
		}
	}
	return 0;
}

/* Text comparison decides whether two paths are the same, so there is only one way to write one. */
static bool is_normal_path(const char *path)
{
	if (path[0] != '/')
		return false;
	if (path[1] == '\0')
		return true;
	for (const char *part = path; *part;) {
		size_t len = strcspn(++part, "/");

		if (len == 0 || (len == 1 && part[0] == '.') ||
		    (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		part += len;
	}
	return true;
}

static int bad_path(struct parse *p, const char *path)
{
	return bad_value(p, path,
			 "is no absolute path without '.', '..', '//' and a slash at its end");
}

static int too_many(struct parse *p)
{
	text_add(p->err, "given more than %d times", POLICY_PATHS);
	return -EINVAL;
}

static int add_writable(struct parse *p, const struct option_row *row, const char *value)
{
	struct policy *policy = p->policy;
	char *path = arena_copy(p->arena, value), *colon;
	struct writable w = {.path = path};

	(void)row;
	if (!path)
		return -ENOMEM;
	colon = strrchr(path, ':');
	if (colon && strcmp(colon, ":exec") == 0) {
		w.exec = true;
		*colon = '\0';
	}
	if (!is_normal_path(path))
		return bad_path(p, value);
	if (strcmp(path, "/") == 0) {
		return bad_value(p, path,
				 "would declare the root writable: name the directories "
				 "that are meant, or start with --profile=audit");
	}
	if (policy->writable_count == POLICY_PATHS)
		return too_many(p);
	policy->writable[policy->writable_count++] = w;
	return 0;
}

static int add_allow(struct parse *p, const struct option_row *row, const char *value)
{
	struct policy *policy = p->policy;

	(void)row;
	if (!is_normal_path(value) || strcmp(value, "/") == 0)
		return bad_path(p, value);
	if (policy->allow_count == POLICY_PATHS)
		return too_many(p);
	policy->allow[policy->allow_count] = arena_copy(p->arena, value);
	return policy->allow[policy->allow_count++] ? 0 : -ENOMEM;
}

static int set_root(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	if (!*value)
		return bad_value(p, value, "is no path of a directory");
	p->policy->root = value;
	return 0;
}

static int set_scan(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const scans[] = {
		[SCAN_QUICK] = "quick", [SCAN_FULL] = "full", [SCAN_OFF] = "off"};
	int i = find_word(p, value, "scan", scans, array_length(scans));

	(void)row;
	if (i < 0)
		return i;
	p->policy->scan = (enum scan)i;
	p->scan_said = true;
	return 0;
}

/* TIME[,BYTES[,FILES]] */
static int set_scan_budget(struct parse *p, const struct option_row *row, const char *value)
{
	struct scan_budget b = p->policy->scan_budget;
	char *copy = arena_copy(p->arena, value), *time, *bytes, *files;

	(void)row;
	if (!copy)
		return -ENOMEM;
	time = strsep(&copy, ",");
	bytes = strsep(&copy, ",");
	files = strsep(&copy, ",");
	if (copy || text_to_time(time, &b.nanoseconds) < 0 ||
	    (bytes && text_to_size(bytes, &b.bytes) < 0) ||
	    (files && text_to_uint(files, UINT32_MAX, &b.files) < 0))
		return bad_value(p, value, "is not TIME[,BYTES[,FILES]], as in 2s,512M,100000");
	p->policy->scan_budget = b;
	return 0;
}

static int set_format(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const formats[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_TAP] = "tap"};
	int i = find_word(p, value, "format", formats, array_length(formats));

	(void)row;
	if (i < 0)
		return i;
	p->policy->format = (enum format)i;
	return 0;
}

static int set_watch(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const watches[] = {
		[WATCH_OFF] = "off", [WATCH_WARN] = "warn", [WATCH_TERMINATE] = "terminate"};
	int i = find_word(p, value, "way to watch", watches, array_length(watches));

	(void)row;
	if (i < 0)
		return i;
	p->policy->watch = (enum watching)i;
	return 0;
}

static int set_file(const char **ret, struct parse *p, const char *value)
{
	if (!*value)
		return bad_value(p, value, "is neither the path of a file nor 'none'");
	*ret = value;
	return 0;
}

static int set_termination_log(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	return set_file(&p->policy->termination_log, p, value);
}

static int set_config(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	return set_file(&p->config, p, value);
}

/* ---- switches */

static int set_mode(struct parse *p, const struct option_row *row, const char *value)
{
	(void)value;
	p->policy->mode = (enum mode)row->argument;
	return 0;
}

static int set_group(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	(void)value;
	p->policy->group = true;
	return 0;
}

/* What tini or dumb-init need to be told and granit does anyway. */
static int accept(struct parse *p, const struct option_row *row, const char *value)
{
	(void)p;
	(void)row;
	(void)value;
	return 0;
}

static int add_remap(struct parse *p, const struct option_row *row, const char *value)
{
	uint64_t code;

	(void)row;
	if (text_to_uint(value, UINT8_MAX, &code) < 0)
		return bad_value(p, value, "is no exit status: a number from 0 to 255");
	p->policy->remap[code / 64] |= UINT64_C(1) << (code % 64);
	return 0;
}

static int add_verbosity(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	(void)value;
	p->policy->verbosity = p->policy->verbosity < 0 ? 1 : p->policy->verbosity + 1;
	return 0;
}

static int set_quiet(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	(void)value;
	p->policy->verbosity = -1;
	return 0;
}

/* ---- the table */

const struct option_row options[] = {
	{"check", 0, NULL, "verify and report on standard output; start nothing", set_mode,
	 MODE_CHECK, OPTION_COMMAND_LINE},
	{"root", 0, "DIR", "with --check: inspect the image root DIR instead; content checks only",
	 set_root, 0, OPTION_BEFORE_FILE},
	{"config", 0, "FILE|none", "read this file of options instead of /etc/granit.conf, or none",
	 set_config, 0, OPTION_BEFORE_FILE},
	{"profile", 0, "NAME",
	 "plain, audit, immutable (the default) or restricted: the level of every check",
	 set_profile, 0, OPTION_ANYWHERE},
	{"fail", 0, "ID,...", "refuse when these checks do not pass; 'all' is allowed", set_level,
	 LEVEL_FAIL, OPTION_ANYWHERE},
	{"warn", 0, "ID,...", "only warn of these", set_level, LEVEL_WARN, OPTION_ANYWHERE},
	{"ignore", 0, "ID,...", "do not even look; of --fail, --warn, --ignore the last one counts",
	 set_level, LEVEL_OFF, OPTION_ANYWHERE},
	{"writable", 0, "PATH[:exec]",
	 "PATH is meant to be writable, and has to be; with :exec programs may lie there (repeat)",
	 add_writable, 0, OPTION_ANYWHERE},
	{"allow", 0, "PATH",
	 "this program is the application's own; content checks do not fail on it (repeat)",
	 add_allow, 0, OPTION_ANYWHERE},
	{"scan", 0, "quick|full|off",
	 "look at the program directories, at the whole root mount (the default with --root), or "
	 "not",
	 set_scan, 0, OPTION_ANYWHERE},
	{"scan-budget", 0, "TIME[,BYTES[,FILES]]",
	 "what the scan may take at most; what it then missed is unknown (30s,4G,1000000)",
	 set_scan_budget, 0, OPTION_ANYWHERE},
	{"watch", 0, "off|warn|terminate",
	 "what a mount leads to that appears while the program runs (warn)", set_watch, 0,
	 OPTION_ANYWHERE},
	{"format", 0, "text|json|tap", "shape of the report", set_format, 0, OPTION_ANYWHERE},
	{"termination-log", 0, "FILE|none",
	 "where a refusal is written too (/dev/termination-log, if it is there)",
	 set_termination_log, 0, OPTION_ANYWHERE},
	{"group", 'g', NULL, "send signals to the program's whole process group", set_group, 0,
	 OPTION_ANYWHERE},
	{"remap-exit", 'e', "CODE", "this exit status of the program counts as 0 (repeat)",
	 add_remap, 0, OPTION_ANYWHERE},
	{"subreaper", 's', NULL, "nothing to do: granit is one where it is not process 1", accept,
	 0, OPTION_ANYWHERE},
	{"single-child", 'c', NULL, "nothing to do: signals go to the program alone unless -g",
	 accept, 0, OPTION_ANYWHERE},
	{"verbose", 'v', NULL, "report every check; twice: every step too", add_verbosity, 0,
	 OPTION_ANYWHERE},
	{"quiet", 'q', NULL, "no line that counts the warnings", set_quiet, 0, OPTION_ANYWHERE},
	{"list-checks", 0, NULL, "list the checks and their level in each profile", set_mode,
	 MODE_LIST_CHECKS, OPTION_COMMAND_LINE},
	{"help", 'h', NULL, "show this help", set_mode, MODE_HELP, OPTION_COMMAND_LINE},
	{"version", 'V', NULL, "show the version", set_mode, MODE_VERSION, OPTION_COMMAND_LINE},
};

const size_t options_count = array_length(options);

const struct option_row *option_by_name(const char *name)
{
	for (size_t i = 0; i < options_count; i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

void option_add_nearest(const char *name, const char *dashes, struct text *err)
{
	const char *names[OPTIONS_MOST], *nearest;

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
