// SPDX-License-Identifier: MIT
/* The check table itself, as text and as JSON. */
#include "report/json.h"
#include "report/report.h"

void report_check_list(struct text *out)
{
	const struct check *c;
	char buf[16];

	text_add(out, "%-24s", "id");
	for (int p = 0; p < PROFILE_COUNT; p++)
		text_add(out, " %-11s", profile_names[p]);
	text_add(out, " what holds when it passes [standards]\n");
	for (size_t i = 0; (c = check_at(i)) != NULL; i++) {
		text_add(out, "%-24s", c->id);
		for (int p = 0; p < PROFILE_COUNT; p++)
			text_add(out, " %-11s", levels_name(&c->levels[p], buf));
		text_add(out, " %s", c->title);
		if (c->standards)
			text_add(out, " [%s]", c->standards);
		text_add(out, "\n");
	}
	text_add(out, "\nfail/warn: grave things fail, lesser ones warn.\n");
}

static void add_check(struct json *j, const struct check *c)
{
	char buf[16];

	json_open(j, NULL, '{');
	json_string(j, "id", c->id);
	json_string(j, "title", c->title);
	json_string(j, "wrong", c->wrong);
	json_open(j, "levels", '{');
	for (int p = 0; p < PROFILE_COUNT; p++)
		json_string(j, profile_names[p], levels_name(&c->levels[p], buf));
	json_close(j, '{');
	json_fixes(j, &c->fix, "{}");
	json_standards(j, c->standards);
	json_close(j, '{');
}

void report_check_list_json(struct text *out)
{
	struct json j = {.out = out};
	const struct check *c;

	json_open(&j, NULL, '{');
	json_string(&j, "granit", GRANIT_VERSION);
	json_open(&j, "checks", '[');
	for (size_t i = 0; (c = check_at(i)) != NULL; i++)
		add_check(&j, c);
	json_close(&j, '[');
	json_close(&j, '{');
	text_add(out, "\n");
}
