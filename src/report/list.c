// SPDX-License-Identifier: MIT
/* The check table itself, as text and as JSON. */
#include "report/json.h"
#include "report/report.h"

/* The last column needs no blanks behind it. */
static const int widths[PROFILE_COUNT] = {
	[PROFILE_PLAIN] = 5, [PROFILE_AUDIT] = 9, [PROFILE_IMMUTABLE] = 9};

void report_check_list(struct text *out)
{
	const struct check *c;
	char buf[16];

	text_add(out, "%-24s", "id");
	for (int p = 0; p < PROFILE_COUNT; p++)
		text_add(out, " %-*s", widths[p], profile_names[p]);
	text_add(out, "\n");
	for (size_t i = 0; (c = check_at(i)) != NULL; i++) {
		text_add(out, "%-24s", c->id);
		for (int p = 0; p < PROFILE_COUNT; p++)
			text_add(out, " %-*s", widths[p], levels_name(&c->levels[p], buf));
		text_add(out, "\n    %s\n", c->title);
	}
	text_add(out, "\nfail/warn: grave findings refuse the start, lesser ones warn.\n"
		      "granit --explain=ID says how to fix it, and which standards ask for it.\n");
}

void report_explain(struct text *out, const struct check *c)
{
	const char *comma = "";
	char buf[16];

	text_add_colored(out, TEXT_HEADING, "%s", c->id);
	text_add(out, ": %s\nelse: %s\nlevels: ", c->title, c->wrong);
	for (int p = PROFILE_AUDIT; p < PROFILE_COUNT; p++) {
		text_add(out, "%s%s %s", comma, profile_names[p], levels_name(&c->levels[p], buf));
		comma = ", ";
	}
	text_add(out, "\n");
	text_add_colored(out, TEXT_HEADING, "how to fix it:");
	text_add(out, "\n");
	for (size_t i = 0; i < FIX_TOOLS; i++) {
		const char *text = report_fix(&fix_tools[i], &c->fix);

		if (!text)
			continue;
		text_add(out, "  %-11s", fix_tools[i].name);
		report_add_fix(out, text, "PATH");
		text_add(out, "\n");
	}
	text_add(out, "standards: %s\ndocumentation: doc/checks.md#%s\n",
		 c->standards ? c->standards : "none known", c->id);
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
	json_open(j, "fix", '{');
	for (size_t i = 0; i < FIX_TOOLS; i++) {
		const char *text = report_fix(&fix_tools[i], &c->fix);

		if (text)
			json_fix(j, &fix_tools[i], text, FIX_SUBJECT);
	}
	json_close(j, '{');
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
