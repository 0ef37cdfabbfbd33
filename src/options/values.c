// SPDX-License-Identifier: MIT
/* What options do with their values. */
#include "options/values.h"

#include <errno.h>
#include <string.h>

#include "facts/mounts.h"

/* ---- values */

int option_bad_value(struct parse *p, const char *value, const char *why)
{
	text_add(p->err, "'");
	text_add_name(p->err, value);
	text_add(p->err, "' %s", why);
	return -EINVAL;
}

/* Puts "'VALUE' is not a known KIND" into p->err, with the nearest word, or else all of them. */
int option_no_such_word(struct parse *p, const char *value, const char *kind,
			const char *const *words, size_t n)
{
	const char *nearest = text_nearest(value, words, n);

	(void)option_bad_value(p, value, "is not a known ");
	text_add(p->err, "%s", kind);
	if (nearest) {
		text_add(p->err, "; did you mean '%s'?", nearest);
		return -EINVAL;
	}
	for (size_t i = 0; i < n; i++)
		text_add(p->err, "%s%s", i == 0 ? "; choose from " : ", ", words[i]);
	return -EINVAL;
}

/* The index of the word in the list; -EINVAL: it is not there. */
int option_find_word(struct parse *p, const char *value, const char *kind, const char *const *words,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], value) == 0)
			return (int)i;
	return option_no_such_word(p, value, kind, words, n);
}

int option_set_profile(struct parse *p, const struct option_row *row, const char *value)
{
	int i = option_find_word(p, value, "profile", profile_names, PROFILE_COUNT);

	(void)row;
	if (i < 0)
		return i;
	p->policy->profile = (enum profile)i;
	if (p->file)
		return 0;
	p->own_profile = (enum profile)i;
	option_forget_file_levels(p);
	return 0;
}

int option_set_target(struct parse *p, const struct option_row *row, const char *value)
{
	static const enum profile targets[] = {PROFILE_IMMUTABLE, PROFILE_RESTRICTED};
	static const char *const names[] = {"immutable", "restricted"};
	int i = option_find_word(p, value, "profile that refuses", names, array_length(names));

	(void)row;
	if (i < 0)
		return i;
	p->policy->target = targets[i];
	return 0;
}

/* Paths are compared as text, so each must have exactly one spelling. */
bool option_is_normal_path(const char *path)
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

int option_bad_path(struct parse *p, const char *path)
{
	return option_bad_value(
		p, path, "is not an absolute path without '.', '..', '//' and a final slash");
}

int option_too_many_paths(struct parse *p)
{
	text_add(p->err, "given more than %d times", POLICY_PATHS);
	return -EINVAL;
}

static bool lie_along(const char *a, const char *b)
{
	return path_is_beneath(a, b) || path_is_beneath(b, a);
}

/* For the report: what the file said with --exec-from of this path. */
static void drop_exec_from(struct parse *p, const char *path)
{
	for (size_t i = 0; i < p->settings_count; i++) {
		struct setting *s = &p->settings[i];

		if (s->line && strcmp(s->name, "exec-from") == 0 && strcmp(s->value, path) == 0)
			s->dropped = true;
	}
}

/*
 * The command line declares path, and no programs in it: what the file says of programs at, below
 * or above it does not count, whichever option said so.
 */
static void take_programs_back(struct parse *parse, const char *path)
{
	struct policy *p = parse->policy;
	struct path_list *from = &p->exec_from;
	size_t kept = 0, by_file = 0;

	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].by_file && lie_along(p->writable[i].path, path))
			p->writable[i] = (struct writable){
				.path = p->writable[i].path, .by_file = true, .outvoted = true};
	for (size_t i = 0; i < from->count; i++) {
		bool is_of_file = i < from->by_file;

		if (is_of_file && lie_along(from->paths[i], path)) {
			drop_exec_from(parse, from->paths[i]);
			continue;
		}
		from->paths[kept++] = from->paths[i];
		by_file += is_of_file;
	}
	from->count = kept;
	from->by_file = by_file;
}

/* What is said of a path later counts. */
static bool is_said_already(struct policy *p, const struct writable *w)
{
	for (size_t i = 0; i < p->writable_count; i++)
		if (strcmp(p->writable[i].path, w->path) == 0) {
			p->writable[i] = *w;
			return true;
		}
	return false;
}

int option_add_writable(struct parse *p, const struct option_row *row, const char *value)
{
	struct policy *policy = p->policy;
	char *path = arena_copy(p->arena, value), *colon;
	struct writable w = {.path = path, .by_file = option_is_by_image(p)};

	(void)row;
	if (!path)
		return -ENOMEM;
	colon = strrchr(path, ':');
	if (colon && strcmp(colon, ":exec") == 0) {
		w.exec = true;
		*colon = '\0';
	}
	/* Docker's volumes end like that. */
	if (colon && (strcmp(colon, ":rw") == 0 || strcmp(colon, ":ro") == 0))
		return option_bad_value(p, value,
					"is not PATH or PATH:exec: leave out the other suffix");
	if (!option_is_normal_path(path))
		return option_bad_path(p, value);
	if (strcmp(path, "/") == 0) {
		return option_bad_value(p, path,
					"would declare the root filesystem writable: name "
					"directories, or use --profile=audit");
	}
	if (!w.by_file && !w.exec)
		take_programs_back(p, path);
	if (is_said_already(policy, &w))
		return 0;
	if (policy->writable_count == POLICY_PATHS)
		return option_too_many_paths(p);
	if (!option_has_room(p, policy->writable, POLICY_PATHS))
		return -ENOMEM;
	policy->writable[policy->writable_count++] = w;
	return 0;
}

int option_add_path(struct parse *p, const struct option_row *row, const char *value)
{
	struct path_list *list = (void *)((char *)p->policy + row->argument);

	if (!option_is_normal_path(value) || strcmp(value, "/") == 0)
		return option_bad_path(p, value);
	if (list->count == POLICY_PATHS)
		return option_too_many_paths(p);
	if (!option_has_room(p, list->paths, POLICY_PATHS))
		return -ENOMEM;
	list->paths[list->count] = arena_copy(p->arena, value);
	/* The file is read first. */
	list->by_file += option_is_by_image(p);
	return list->paths[list->count++] ? 0 : -ENOMEM;
}

int option_set_root(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	if (!*value)
		return option_bad_value(p, value, "is not the path of a directory");
	p->policy->root = value;
	return 0;
}

int option_set_scan(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const scans[] = {[SCAN_QUICK] = "quick",
					    [SCAN_FULL] = "full",
					    [SCAN_OFF] = "off",
					    [SCAN_LAZY] = "lazy"};
	int i = option_find_word(p, value, "scan", scans, array_length(scans));

	(void)row;
	if (i < 0)
		return i;
	p->policy->scan = (enum scan)i;
	p->scan_said = true;
	return 0;
}

void option_empty_scan_budget(struct parse *p, const struct option_row *row)
{
	(void)row;
	p->policy->scan_budget = (struct scan_budget){
		.nanoseconds = UINT64_C(30000000000), .bytes = UINT64_C(4) << 30, .files = 1000000};
}

/* TIME[,BYTES[,FILES]] */
int option_set_scan_budget(struct parse *p, const struct option_row *row, const char *value)
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
		return option_bad_value(p, value,
					"is not TIME[,BYTES[,FILES]], as in 2s,512M,100000");
	p->policy->scan_budget = b;
	return 0;
}

void option_empty_scan(struct parse *p, const struct option_row *row)
{
	(void)row;
	p->policy->scan = SCAN_QUICK;
	p->scan_said = false;
}

void option_empty_watch(struct parse *p, const struct option_row *row)
{
	(void)row;
	p->policy->watch = WATCH_WARN;
}

int option_set_format(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const formats[] = {
		[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_TAP] = "tap"};
	int i = option_find_word(p, value, "format", formats, array_length(formats));

	(void)row;
	if (i < 0)
		return i;
	p->policy->format = (enum format)i;
	return 0;
}

int option_set_color(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const colors[] = {[COLOR_AUTO] = "auto", [COLOR_NEVER] = "never"};
	int i = option_find_word(p, value, "color", colors, array_length(colors));

	(void)row;
	if (i < 0)
		return i;
	p->policy->color = (enum color)i;
	return 0;
}

int option_set_watch(struct parse *p, const struct option_row *row, const char *value)
{
	static const char *const watches[] = {
		[WATCH_OFF] = "off", [WATCH_WARN] = "warn", [WATCH_TERMINATE] = "terminate"};
	int i = option_find_word(p, value, "watch mode", watches, array_length(watches));

	(void)row;
	if (i < 0)
		return i;
	p->policy->watch = (enum watching)i;
	return 0;
}

static int set_file(const char **ret, struct parse *p, const char *value)
{
	if (!*value)
		return option_bad_value(p, value, "is neither the path of a file nor 'none'");
	*ret = value;
	return 0;
}

int option_set_termination_log(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	/* For when all has been read: with a mistake in it, the file has no say in where to tell.
	 */
	if (option_is_by_image(p))
		return set_file(&p->file_log, p, value);
	p->policy->termination_log_asked = true;
	return set_file(&p->policy->termination_log, p, value);
}

int option_set_config(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	p->own_config = !p->of_init;
	return set_file(&p->config, p, value);
}

/* ---- switches */

int option_set_mode(struct parse *p, const struct option_row *row, const char *value)
{
	(void)value;
	p->policy->mode = (enum mode)row->argument;
	return 0;
}

/* Sets the bool of the policy at the row's offset. */
int option_set_flag(struct parse *p, const struct option_row *row, const char *value)
{
	const bool yes = !value; /* else it is "no" */

	memcpy((char *)p->policy + row->argument, &yes, sizeof(yes));
	return 0;
}

/* Accepted for tini and dumb-init, where these do what granit always does. */
int option_accept(struct parse *p, const struct option_row *row, const char *value)
{
	(void)p;
	(void)row;
	(void)value;
	return 0;
}

int option_add_verbosity(struct parse *p, const struct option_row *row, const char *value)
{
	int *verbosity = &p->policy->verbosity;

	(void)row;
	*verbosity = value ? 0 : *verbosity < 0 ? 1 : *verbosity + 1;
	return 0;
}

int option_set_quiet(struct parse *p, const struct option_row *row, const char *value)
{
	int *verbosity = &p->policy->verbosity;

	(void)row;
	if (!value)
		*verbosity = -1;
	else if (*verbosity < 0)
		*verbosity = 0;
	return 0;
}
