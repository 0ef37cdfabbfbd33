// SPDX-License-Identifier: MIT
/* --fail, --warn and --ignore: the level of checks, and of what one finds at one path; --explain.
 */
#include <errno.h>
#include <string.h>

#include "checks/check.h"
#include "options/values.h"

typedef bool path_level_test(const struct path_level *l, size_t what);

static bool is_of_file(const struct path_level *l, size_t what)
{
	(void)what;
	return l->by_file;
}

static bool is_of_level(const struct path_level *l, size_t what)
{
	return l->level == (enum level)what;
}

static bool is_of_check(const struct path_level *l, size_t what)
{
	return l->check == what;
}

static void drop_path_levels(struct policy *p, path_level_test *is_asked, size_t what)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->path_levels_count; i++)
		if (!is_asked(&p->path_levels[i], what))
			p->path_levels[kept++] = p->path_levels[i];
	p->path_levels_count = kept;
}

/* Those that this row has set. */
void option_empty_levels(struct parse *p, const struct option_row *row)
{
	const enum level level = (enum level)row->argument;

	for (size_t i = 0; i < POLICY_CHECKS; i++)
		if (p->said[i].given && p->said[i].level == level)
			p->said[i].given = false;
	if (level == LEVEL_FAIL)
		p->warnings_fail = false;
	drop_path_levels(p->policy, is_of_level, level);
}

void option_empty_levels_of_file(struct parse *p)
{
	for (size_t i = 0; i < POLICY_CHECKS; i++)
		if (p->said[i].by_file)
			p->said[i].given = false;
	if (p->warnings_fail_by_file)
		p->warnings_fail = false;
	drop_path_levels(p->policy, is_of_file, 0);
}

static const char warnings[] = "warnings"; /* in the place of an id, of --fail only */

static int no_such_check(struct parse *p, const char *id, enum level level)
{
	const char *words[POLICY_CHECKS + 2] = {"all"};
	const struct check *c;
	size_t n = 1;

	if (level == LEVEL_FAIL)
		words[n++] = warnings;
	for (size_t i = 0; (c = check_at(i)) != NULL; i++)
		words[n++] = c->id;
	return option_no_such_word(p, id, "check", words, n);
}

/* The last one said counts. */
static struct path_level *place_for(struct policy *p, size_t check, const char *path)
{
	for (size_t i = 0; i < p->path_levels_count; i++)
		if (p->path_levels[i].check == check && strcmp(p->path_levels[i].path, path) == 0)
			return &p->path_levels[i];
	return p->path_levels_count == POLICY_PATHS ? NULL
						    : &p->path_levels[p->path_levels_count++];
}

static int set_path_level(struct parse *p, const char *id, const char *path, enum level level)
{
	int check = check_find(id);
	struct path_level *l;

	if (strcmp(id, "all") == 0)
		return option_bad_value(p, path, "is a path: name one check, not all");
	if (check < 0)
		return no_such_check(p, id, level);
	if (!option_is_normal_path(path))
		return option_bad_path(p, path);
	/* A file has no say in whether it is trusted. */
	if (p->file && check_at((size_t)check)->judges_file)
		return 0;
	if (!option_has_room(p, p->policy->path_levels, POLICY_PATHS))
		return -ENOMEM;
	l = place_for(p->policy, (size_t)check, path);
	if (!l)
		return option_too_many_paths(p);
	*l = (struct path_level){
		.path = path, .check = (size_t)check, .level = level, .by_file = p->file};
	return 0;
}

static int set_check_level(struct parse *p, const char *id, enum level level)
{
	const struct check *c;
	int only = check_find(id);

	if (level == LEVEL_FAIL && strcmp(id, warnings) == 0) {
		p->warnings_fail = true;
		p->warnings_fail_by_file = p->file;
		return 0;
	}
	if (only < 0 && strcmp(id, "all") != 0)
		return no_such_check(p, id, level);
	for (size_t i = 0; (c = check_at(i)) != NULL; i++) {
		if (only >= 0 && i != (size_t)only)
			continue;
		/* A file has no say in whether it is trusted. */
		if (p->file && c->judges_file)
			continue;
		p->said[i].given = true;
		p->said[i].by_file = p->file;
		p->said[i].level = level;
		drop_path_levels(p->policy, is_of_check, i);
	}
	return 0;
}

int option_set_level(struct parse *p, const struct option_row *row, const char *value)
{
	char *words = arena_copy(p->arena, value), *word;

	if (!words)
		return -ENOMEM;
	while ((word = text_next_word(&words)) != NULL) {
		const char *id = strsep(&word, ":");
		int r = word ? set_path_level(p, id, word, (enum level)row->argument)
			     : set_check_level(p, id, (enum level)row->argument);

		if (r < 0)
			return r;
	}
	return 0;
}

int option_set_explain(struct parse *p, const struct option_row *row, const char *value)
{
	const char *words[POLICY_CHECKS + OPTIONS_MOST], *name = value + strspn(value, "-");
	const struct option_row *option;
	const struct check *c;
	size_t n = 0;

	(void)row;
	p->policy->mode = MODE_EXPLAIN;
	p->policy->explain = name;
	if (check_find(name) >= 0 || option_by_name(name))
		return 0;
	for (size_t i = 0; (c = check_at(i)) != NULL; i++)
		words[n++] = c->id;
	for (size_t i = 0; (option = option_at(i)) != NULL; i++)
		words[n++] = option->name;
	return option_no_such_word(p, name, "check or option", words, n);
}
