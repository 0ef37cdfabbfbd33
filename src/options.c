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

/* "--OPTION: 'VALUE' is no KIND", and the word of the list that was meant, or else all of them. */
static int no_such_word(struct parse *p, const struct option_row *row, const char *value,
			const char *kind, const char *const *words, size_t n)
{
	const char *nearest = text_nearest(value, words, n);

	text_add(p->err, "--%s: '", row->name);
	text_add_name(p->err, value);
	text_add(p->err, "' is no %s", kind);
	if (nearest) {
		text_add(p->err, "; did you mean '%s'?", nearest);
		return -EINVAL;
	}
	for (size_t i = 0; i < n; i++)
		text_add(p->err, "%s%s", i == 0 ? "; there is " : ", ", words[i]);
	return -EINVAL;
}

static int set_profile(struct parse *p, const struct option_row *row, const char *value)
{
	for (size_t i = 0; i < PROFILE_COUNT; i++) {
		if (strcmp(profile_names[i], value) != 0)
			continue;
		p->policy->profile = (enum profile)i;
		return 0;
	}
	return no_such_word(p, row, value, "profile", profile_names, PROFILE_COUNT);
}

static int no_such_check(struct parse *p, const struct option_row *row, const char *id)
{
	const char *ids[POLICY_CHECKS + 1] = {"all"};

	for (size_t i = 0; i < checks_count; i++)
		ids[i + 1] = checks[i].id;
	return no_such_word(p, row, id, "check", ids, checks_count + 1);
}

static int set_level(struct parse *p, const struct option_row *row, const char *value)
{
	char *ids = arena_copy(p->arena, value), *id;

	if (!ids)
		return -ENOMEM;
	while ((id = strsep(&ids, ",")) != NULL) {
		int only = check_find(id);

		if (only < 0 && strcmp(id, "all") != 0)
			return no_such_check(p, row, id);
		for (size_t i = 0; i < checks_count; i++) {
			if (only >= 0 && i != (size_t)only)
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

static int bad_path(struct parse *p, const struct option_row *row, const char *path)
{
	text_add(p->err, "--%s: '", row->name);
	text_add_name(p->err, path);
	text_add(p->err, "' is no absolute path without '.', '..', '//' and a slash at its end");
	return -EINVAL;
}

static int too_many(struct parse *p, const struct option_row *row)
{
	text_add(p->err, "--%s was given more than %d times", row->name, POLICY_PATHS);
	return -EINVAL;
}

static int add_writable(struct parse *p, const struct option_row *row, const char *value)
{
	struct policy *policy = p->policy;
	char *path = arena_copy(p->arena, value), *colon;
	struct writable w = {.path = path};

	if (!path)
		return -ENOMEM;
	colon = strrchr(path, ':');
	if (colon && strcmp(colon, ":exec") == 0) {
		w.exec = true;
		*colon = '\0';
	}
	if (!is_normal_path(path))
		return bad_path(p, row, value);
	if (strcmp(path, "/") == 0) {
		text_add(p->err, "--writable=/ would declare the root writable: name the "
				 "directories that are meant, or start with --profile=audit");
		return -EINVAL;
	}
	if (policy->writable_count == POLICY_PATHS)
		return too_many(p, row);
	policy->writable[policy->writable_count++] = w;
	return 0;
}

static int add_allow(struct parse *p, const struct option_row *row, const char *value)
{
	struct policy *policy = p->policy;

	if (!is_normal_path(value) || strcmp(value, "/") == 0)
		return bad_path(p, row, value);
	if (policy->allow_count == POLICY_PATHS)
		return too_many(p, row);
	policy->allow[policy->allow_count] = arena_copy(p->arena, value);
	return policy->allow[policy->allow_count++] ? 0 : -ENOMEM;
}

static int set_root(struct parse *p, const struct option_row *row, const char *value)
{
	if (!*value) {
		text_add(p->err, "--%s needs the path of a directory", row->name);
		return -EINVAL;
	}
	p->policy->root = value;
	return 0;
}

static int set_scan(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const scans[] = {
		[SCAN_QUICK] = "quick", [SCAN_FULL] = "full", [SCAN_OFF] = "off"};

	for (size_t i = 0; i < array_length(scans); i++) {
		if (strcmp(scans[i], value) != 0)
			continue;
		p->policy->scan = (enum scan)i;
		p->scan_said = true;
		return 0;
	}
	return no_such_word(p, row, value, "scan", scans, array_length(scans));
}

/* TIME[,BYTES[,FILES]] */
static int set_scan_budget(struct parse *p, const struct option_row *row, const char *value)
{
	struct scan_budget b = p->policy->scan_budget;
	char *copy = arena_copy(p->arena, value), *time, *bytes, *files;

	if (!copy)
		return -ENOMEM;
	time = strsep(&copy, ",");
	bytes = strsep(&copy, ",");
	files = strsep(&copy, ",");
	if (copy || text_to_time(time, &b.nanoseconds) < 0 ||
	    (bytes && text_to_size(bytes, &b.bytes) < 0) ||
	    (files && text_to_uint(files, UINT32_MAX, &b.files) < 0)) {
		text_add(p->err, "--%s: '", row->name);
		text_add_name(p->err, value);
		text_add(p->err, "' is not TIME[,BYTES[,FILES]], as in 2s,512M,100000");
		return -EINVAL;
	}
	p->policy->scan_budget = b;
	return 0;
}

static int set_format(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const formats[] = {"text"};

	if (strcmp(value, "text") == 0)
		return 0;
	return no_such_word(p, row, value, "format", formats, array_length(formats));
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

	if (text_to_uint(value, UINT8_MAX, &code) < 0) {
		text_add(p->err, "--%s: '", row->name);
		text_add_name(p->err, value);
		text_add(p->err, "' is no exit status: a number from 0 to 255");
		return -EINVAL;
	}
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
	 MODE_CHECK},
	{"root", 0, "DIR", "with --check: inspect the image root DIR instead; content checks only",
	 set_root, 0},
	{"profile", 0, "NAME",
	 "plain, audit, immutable (the default) or restricted: the level of every check",
	 set_profile, 0},
	{"fail", 0, "ID,...", "refuse when these checks do not pass; 'all' is allowed", set_level,
	 LEVEL_FAIL},
	{"warn", 0, "ID,...", "only warn of these", set_level, LEVEL_WARN},
	{"ignore", 0, "ID,...", "do not even look; of --fail, --warn, --ignore the last one counts",
	 set_level, LEVEL_OFF},
	{"writable", 0, "PATH[:exec]",
	 "PATH is meant to be writable, and has to be; with :exec programs may lie there (repeat)",
	 add_writable, 0},
	{"allow", 0, "PATH",
	 "this program is the application's own; content checks do not fail on it (repeat)",
	 add_allow, 0},
	{"scan", 0, "quick|full|off",
	 "look at the program directories, at the whole root mount (the default with --root), or "
	 "not",
	 set_scan, 0},
	{"scan-budget", 0, "TIME[,BYTES[,FILES]]",
	 "what the scan may take at most; what it then missed is unknown (30s,4G,1000000)",
	 set_scan_budget, 0},
	{"format", 0, "text", "shape of the report", set_format, 0},
	{"group", 'g', NULL, "send signals to the program's whole process group", set_group, 0},
	{"remap-exit", 'e', "CODE", "this exit status of the program counts as 0 (repeat)",
	 add_remap, 0},
	{"subreaper", 's', NULL, "nothing to do: granit is one where it is not process 1", accept,
	 0},
	{"single-child", 'c', NULL, "nothing to do: signals go to the program alone unless -g",
	 accept, 0},
	{"verbose", 'v', NULL, "report every check; twice: every step too", add_verbosity, 0},
	{"quiet", 'q', NULL, "no line that counts the warnings", set_quiet, 0},
	{"list-checks", 0, NULL, "list the checks and their level in each profile", set_mode,
	 MODE_LIST_CHECKS},
	{"help", 'h', NULL, "show this help", set_mode, MODE_HELP},
	{"version", 'V', NULL, "show the version", set_mode, MODE_VERSION},
};

const size_t options_count = array_length(options);
