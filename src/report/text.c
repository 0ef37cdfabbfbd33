// SPDX-License-Identifier: MIT
/* The report as text, for people: every finding with its reason and its fix. */
#include "report/report.h"

#include <string.h>

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

static const enum text_color level_colors[] = {
	[LEVEL_OFF] = TEXT_ASIDE,
	[LEVEL_INFO] = TEXT_ASIDE,
	[LEVEL_WARN] = TEXT_DOUBTFUL,
	[LEVEL_FAIL] = TEXT_BAD,
};

static void add_heading(struct text *out, const struct finding *f)
{
	text_add_colored(out, f->verdict == VERDICT_PASS ? TEXT_GOOD : level_colors[f->level],
			 "%-4s", heading(f));
}

/* Only for the runtime that made this container, where it is known, and for `besides`. */
static bool is_for(const struct fix_tool *tool, enum runtime runtime, enum runtime besides)
{
	return tool->for_runtimes >> runtime & 1 || tool->for_runtimes >> besides & 1;
}

static size_t count_findings(const struct finding *f)
{
	const struct item *item;
	size_t count = f->omitted;

	for (size_t at = 0; (item = report_next_item(f, &at)) != NULL;)
		count += item->kind == ITEM_GRAVE || item->kind == ITEM_LESSER;
	return count;
}

/* The heading, if there is one, comes with the first fix. */
static void add_fixes(struct text *out, const struct report *r, const struct finding *f,
		      enum runtime besides, const char *head, const char *indent)
{
	enum runtime runtime = posture_runtime(r->posture);
	const char *docker = report_fix_for(r, &fix_tools[FIX_DOCKER], f);
	bool names_path = false;

	if (!report_has_fix(f))
		return;
	for (size_t i = 0; i < FIX_TOOLS; i++) {
		const char *text = report_fix_for(r, &fix_tools[i], f);

		if (!is_for(&fix_tools[i], runtime, besides))
			continue;
		/* Where podman has no line of its own, it takes Docker's. */
		if (!text && runtime == RUNTIME_PODMAN && i == FIX_PODMAN)
			text = docker;
		if (!text)
			continue;
		text_add(out, "%s%s%-11s", head, indent, fix_tools[i].name);
		report_add_fix(out, text, f->subject ? f->subject : "");
		text_add(out, "\n");
		names_path |= strstr(text, FIX_SUBJECT) != NULL;
		head = "";
	}
	/* The remedy has the path of the first. */
	if (names_path && count_findings(f) > 1)
		text_add(out, "%sand so for the others above\n", indent);
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
	add_heading(out, f);
	text_add(out, " %s: ", f->check->id);
	report_add_title(out, f);
	text_add(out, "\n");
	if (r->policy->profile == PROFILE_AUDIT && f->level >= LEVEL_WARN)
		text_add(out, "     %s: %s\n", profile_names[r->policy->target],
			 level_names[f->target_level]);
	add_item_lines(out, f);
	add_fixes(out, r, f, posture_runtime(r->posture), "     how to fix it:\n", "       ");
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

/* ---- a report to read */

/* Findings only: the gravest first, the levels that only inform last. */
static void add_by_level(struct text *out, const struct report *r)
{
	for (enum level l = LEVEL_FAIL; l > LEVEL_OFF; l--)
		for (size_t i = 0; i < r->count; i++)
			if (r->findings[i].level == l)
				add_finding_lines(out, r, &r->findings[i]);
}

/* The ids of this verdict, which nothing is to be said of. */
static void add_id_list(struct text *out, const struct report *r, enum verdict verdict)
{
	enum { INDENT = 5 };
	size_t column = INDENT;

	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];

		if (f->verdict != verdict || f->level != LEVEL_OFF)
			continue;
		if (column == INDENT) {
			add_heading(out, f);
			text_add(out, " ");
		}
		text_add_word(out, f->check->id, strlen(f->check->id), &column, INDENT);
	}
	if (column > INDENT)
		text_add(out, "\n");
}

static void add_overview(struct text *out, const struct report *r)
{
	size_t not_applicable = 0;

	add_by_level(out, r);
	add_id_list(out, r, VERDICT_PASS);
	add_id_list(out, r, VERDICT_OFF);
	if (!r->policy->root) {
		add_id_list(out, r, VERDICT_NOT_APPLICABLE);
		return;
	}
	/* Of an image that does not run most checks have nothing to say. */
	for (size_t i = 0; i < r->count; i++)
		not_applicable += r->findings[i].verdict == VERDICT_NOT_APPLICABLE;
	if (not_applicable)
		text_add(out, "n/a  %zu checks need a running container\n", not_applicable);
}

/* ---- a refusal */

/* The first reason alone. */
static void add_reason_line(struct text *out, const struct finding *f)
{
	size_t at = 0;
	const struct item *item = report_next_item(f, &at);

	add_heading(out, f);
	text_add(out, " %s: ", f->check->id);
	if (item)
		text_add(out, "%s%s\n", item_marks[item->kind], item->text);
	else
		text_add(out, "%s\n", f->check->wrong);
}

/* A container with much wrong is not to fill the log: what is first is fixed first. */
static void add_failures(struct text *out, const struct report *r)
{
	enum { IN_FULL = 3 };
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct finding *f = &r->findings[i];

		if (!report_shows(r, f))
			continue;
		if (count++ < IN_FULL)
			add_finding_lines(out, r, f);
		else
			add_reason_line(out, f);
	}
	if (count > IN_FULL)
		text_add(out, "granit: -v shows all of it, --explain=ID how to fix it\n");
}

/* ---- everything */

static void add_all(struct text *out, const struct report *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (report_shows(r, &r->findings[i]))
			add_finding_lines(out, r, &r->findings[i]);
}

void report_text(struct text *out, const struct report *r)
{
	const bool all = r->is_change || r->policy->verbosity > 0;
	const struct tally *t = &r->tally;

	if (!r->is_change)
		add_settings_lines(out, r->policy);
	if (all)
		add_all(out, r);
	else if (r->detail == REPORT_ALL)
		add_overview(out, r);
	else
		add_failures(out, r);
	if (r->is_change)
		return;
	if (!all && r->detail != REPORT_WARNINGS && posture_is_host(r->posture))
		text_add(out, "granit: this does not look like a container: its namespaces are the "
			      "host's;\n        an image is inspected with --check --root=DIR\n");
	if (r->has_privileges && r->detail == REPORT_ALL)
		report_privileges(out, &r->posture->status, &r->posture->resulting);
	report_add_believed(out, r->policy, "granit: ");
	text_add(out, "granit: %zu check%s passed, %zu warned, %zu failed\n", t->passed,
		 t->passed == 1 ? "" : "s", t->warned, t->failed);
}

void report_refusal(struct text *out, const struct report *r)
{
	const struct policy *p = r->policy;
	const char *separator = ": ";

	text_add(out, p->mode == MODE_SEAL ? "refused to seal " : "refused to start ");
	text_add_name(out, p->mode == MODE_SEAL    ? p->root
			   : p->program            ? p->program[0]
			   : p->mode == MODE_PAUSE ? "granit --pause"
						   : "anything");
	for (size_t i = 0; i < r->count; i++) {
		if (r->findings[i].level != LEVEL_FAIL)
			continue;
		text_add(out, "%s%s", separator, r->findings[i].check->id);
		separator = ", ";
	}
	text_add(out, "\n");
}

/* ---- the termination log */

/* One failure: its first reason, and its fix here. */
static void add_short_finding(struct text *out, const struct report *r, const struct finding *f)
{
	size_t at = 0;
	const struct item *item = report_next_item(f, &at);

	text_add(out, "%s: %s\n", f->check->id, item ? item->text : f->check->wrong);
	/* Only Kubernetes has a termination log, whatever other marks there are. */
	add_fixes(out, r, f, RUNTIME_KUBERNETES, "", "  ");
}

void report_short(struct text *out, const struct report *r)
{
	text_add(out, "granit ");
	report_refusal(out, r);
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
