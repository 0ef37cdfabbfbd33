// SPDX-License-Identifier: MIT
/* The report as text, for people: every finding with its reason and its fix. */
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
	return f->level == LEVEL_FAIL ? "FAIL" : level_names[f->level];
}

/* Only for the runtime that made this container, where it is known, and for `besides`. */
static void add_fixes(struct text *out, const struct report *r, const struct finding *f,
		      enum runtime besides, const char *indent, int width)
{
	enum runtime runtime = posture_runtime(r->posture);
	const struct fix *fix = &f->check->fix;

	for (size_t i = 0; i < FIX_TOOLS; i++) {
		const char *text = report_fix(&fix_tools[i], fix);

		if (!(fix_tools[i].for_runtimes >> runtime & 1) &&
		    !(fix_tools[i].for_runtimes >> besides & 1))
			continue;
		/* Where podman has no line of its own, it takes Docker's. */
		if (!text && runtime == RUNTIME_PODMAN &&
		    fix_tools[i].offset == offsetof(struct fix, podman))
			text = fix->docker;
		if (!text)
			continue;
		text_add(out, "%s%-*s", indent, width, fix_tools[i].name);
		report_add_fix(out, text, f->subject ? f->subject : "PATH");
		text_add(out, "\n");
	}
}

static const char *const item_marks[ITEM_KINDS] = {
	[ITEM_NOTE] = "note: ",
	[ITEM_LESSER] = "",
	[ITEM_UNKNOWN] = "unknown: ",
	[ITEM_GRAVE] = "",
};

static void add_item_lines(struct text *out, const struct finding *f)
{
	const struct item *item;

	for (size_t at = 0; (item = report_next_item(f, &at)) != NULL;)
		text_add(out, "     %s%s\n", item_marks[item->kind], item->text);
	if (f->omitted)
		text_add(out, "     and %zu more\n", f->omitted);
}

static void add_finding_lines(struct text *out, const struct report *r, const struct finding *f)
{
	text_add(out, "%-4s %s: ", heading(f), f->check->id);
	report_add_title(out, f);
	text_add(out, "\n");
	if (r->policy->profile == PROFILE_AUDIT && f->level >= LEVEL_WARN)
		text_add(out, "     %s: %s\n", profile_names[r->policy->target],
			 level_names[f->target_level]);
	add_item_lines(out, f);
	if (!report_has_fix(f))
		return;
	text_add(out, "     to mend it:\n");
	add_fixes(out, r, f, posture_runtime(r->posture), "       ", 11);
}

/* All of them where somebody asks for more, else those that take something away. */
static void add_settings_lines(struct text *out, const struct policy *p)
{
	const bool all = p->verbosity > 0;

	if (all)
		text_add(out, "settings, beside the defaults:%s\n",
			 p->settings_count ? "" : " none");
	else if (report_has_loss(p))
		text_add(out, "settings that ask for less than the defaults, or do not count:\n");
	for (size_t i = 0; i < p->settings_count; i++)
		if (all || report_is_loss(&p->settings[i]))
			report_add_setting(out, p, &p->settings[i], "     ");
	if (p->settings_omitted)
		text_add(out, "     and %zu more\n", p->settings_omitted);
}

/* Of an image that does not run most checks have nothing to say. */
static bool is_kept_short(const struct report *r, const struct finding *f)
{
	return r->policy->root && f->verdict == VERDICT_NOT_APPLICABLE &&
	       f->check->needs & ~(unsigned int)FACTS_OF_IMAGE && r->policy->verbosity < 1;
}

static void add_left_out(struct text *out, const struct report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		n += is_kept_short(r, &r->findings[i]);
	if (n)
		text_add(out,
			 "%zu checks do not apply to an image that does not run (-v lists them)\n",
			 n);
}

void report_text(struct text *out, const struct report *r)
{
	const struct tally *t = &r->tally;

	if (!r->is_change)
		add_settings_lines(out, r->policy);
	if (r->has_privileges && r->detail == REPORT_ALL)
		report_privileges(out, &r->posture->status, &r->posture->resulting);
	for (size_t i = 0; i < r->count; i++)
		if (report_shows(r, &r->findings[i]) && !is_kept_short(r, &r->findings[i]))
			add_finding_lines(out, r, &r->findings[i]);
	if (r->is_change)
		return;
	add_left_out(out, r);
	text_add(out, "granit: %zu check%s passed, %zu warned, %zu failed\n", t->passed,
		 t->passed == 1 ? "" : "s", t->warned, t->failed);
}

/* One failure: its first reason, and its fix here. */
static void add_short_finding(struct text *out, const struct report *r, const struct finding *f)
{
	size_t at = 0;
	const struct item *item = report_next_item(f, &at);

	text_add(out, "%s: %s\n", f->check->id, item ? item->text : f->check->title);
	if (!report_has_fix(f))
		return;
	/* Only Kubernetes has a termination log, whatever other marks there are. */
	add_fixes(out, r, f, RUNTIME_KUBERNETES, "  ", 11);
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
		/* Whole findings only: half a fix is none. */
		if (out->cut)
			text_cut(out, before);
	}
}
