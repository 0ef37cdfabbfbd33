// SPDX-License-Identifier: MIT
/* For people: every finding with its reason and its remedy. */
#include "report/report.h"

static const char *heading(const struct finding *f)
{
	switch (f->verdict) {
	case VERDICT_OFF:
		return "off";
	case VERDICT_NOT_APPLICABLE:
		return "n/a";
	case VERDICT_PASS:
		return "pass";
	case VERDICT_VIOLATION:
	case VERDICT_UNKNOWN:
		break;
	}
	return f->level == LEVEL_FAIL ? "FAIL" : level_name(f->level);
}

static void add_fix(struct text *out, const struct fix_tool *tool, const struct finding *f,
		    const char *indent, int width)
{
	size_t before = out->len;

	text_add(out, "%s%-*s ", indent, width, tool->name);
	if (report_add_fix(out, tool, &f->check->fix, f->subject ? f->subject : "PATH"))
		text_add(out, "\n");
	else
		text_cut(out, before);
}

/* Only in the words of the runtime that made this container, where it is known. */
static void add_fixes(struct text *out, const struct report *r, const struct finding *f)
{
	enum runtime runtime = posture_runtime(r->posture);

	text_add(out, "     to mend it:\n");
	for (size_t i = 0; i < FIX_TOOLS; i++)
		if (fix_tools[i].for_runtimes >> runtime & 1)
			add_fix(out, &fix_tools[i], f, "       ", 10);
}

static const char *const item_marks[ITEM_KINDS] = {
	[ITEM_NOTE] = "note: ",
	[ITEM_LESSER] = "",
	[ITEM_UNKNOWN] = "unknown: ",
	[ITEM_GRAVE] = "",
};

static void add_items(struct text *out, const struct finding *f)
{
	const struct item *item;

	for (size_t at = 0; (item = report_next_item(f, &at)) != NULL;)
		text_add(out, "     %s%s\n", item_marks[item->kind], item->text);
	if (f->untold)
		text_add(out, "     and %zu more\n", f->untold);
}

static void add_finding(struct text *out, const struct report *r, const struct finding *f)
{
	text_add(out, "%-4s %s: %s\n", heading(f), f->check->id, f->check->title);
	add_items(out, f);
	if (f->level >= LEVEL_WARN)
		add_fixes(out, r, f);
}

static void add_settings(struct text *out, const struct policy *p)
{
	text_add(out, "settings, beside the defaults:%s\n", p->settings_count ? "" : " none");
	for (size_t i = 0; i < p->settings_count; i++) {
		const struct setting *s = &p->settings[i];

		text_add(out, "     %s", s->name);
		if (s->value) {
			text_add(out, " = ");
			text_add_name(out, s->value);
		}
		if (s->line)
			text_add(out, "    (%s, line %zu)\n", p->config.path, s->line);
		else
			text_add(out, "    (command line)\n");
	}
}

void report_text(struct text *out, const struct report *r)
{
	const struct tally *t = &r->tally;

	if (r->policy->verbosity > 0)
		add_settings(out, r->policy);
	for (size_t i = 0; i < r->count; i++)
		if (report_shows(r, &r->findings[i]))
			add_finding(out, r, &r->findings[i]);
	text_add(out, "granit: %zu check%s passed, %zu warned, %zu failed\n", t->passed,
		 t->passed == 1 ? "" : "s", t->warned, t->failed);
}

/* One failure: its first reason, and what mends it here. */
static void add_short_finding(struct text *out, const struct report *r, const struct finding *f)
{
	enum runtime runtime = posture_runtime(r->posture);
	size_t at = 0;
	const struct item *item = report_next_item(f, &at);

	text_add(out, "%s: %s\n", f->check->id, item ? item->text : f->check->title);
	for (size_t i = 0; i < FIX_TOOLS; i++)
		/* A termination log is Kubernetes', whatever marks it left. */
		if (fix_tools[i].for_runtimes >> runtime & 1 ||
		    fix_tools[i].for_runtimes >> RUNTIME_KUBERNETES & 1)
			add_fix(out, &fix_tools[i], f, "  ", 0);
}

void report_short(struct text *out, const struct report *r)
{
	const char *separator = ": ";

	text_add(out, "granit refused to start ");
	text_add_name(out, r->policy->program ? r->policy->program[0] : "anything");
	for (size_t i = 0; i < r->count; i++) {
		if (r->findings[i].level != LEVEL_FAIL)
			continue;
		text_add(out, "%s%s", separator, r->findings[i].check->id);
		separator = ", ";
	}
	text_add(out, "\n");
	for (size_t i = 0; i < r->count && !out->cut; i++) {
		size_t before = out->len;

		if (r->findings[i].level != LEVEL_FAIL)
			continue;
		add_short_finding(out, r, &r->findings[i]);
		/* Whole findings only: half a remedy is none. */
		if (out->cut)
			text_cut(out, before);
	}
}
