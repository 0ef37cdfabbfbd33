// SPDX-License-Identifier: MIT
/* The report as TAP: a check is a test point, in the order of the table. */
#include "report/report.h"

/* A warning or note is a test that is known to fail: TODO. */
static const char *directive(const struct finding *f)
{
	switch (f->verdict) {
	case VERDICT_OFF:
		return " # SKIP off";
	case VERDICT_NOT_APPLICABLE:
		return " # SKIP not applicable";
	case VERDICT_PASS:
		return "";
	case VERDICT_VIOLATION:
	case VERDICT_UNKNOWN:
		break;
	}
	if (f->level == LEVEL_FAIL)
		return "";
	return f->level == LEVEL_WARN ? " # TODO warns" : " # TODO informs";
}

static bool is_well(const struct finding *f)
{
	return f->verdict != VERDICT_VIOLATION && f->verdict != VERDICT_UNKNOWN;
}

static void add_point(struct text *out, size_t number, const struct finding *f)
{
	const struct item *item;

	text_add(out, "%s %zu", is_well(f) ? "ok" : "not ok", number);
	text_add(out, " - %s: ", f->check->id);
	report_add_title(out, f);
	text_add(out, "%s\n", directive(f));
	for (size_t at = 0; (item = report_next_item(f, &at)) != NULL;)
		text_add(out, "# %s%s\n", item->kind == ITEM_UNKNOWN ? "unknown: " : "",
			 item->text);
}

static void add_losses(struct text *out, const struct policy *p)
{
	for (size_t i = 0; i < p->settings_count; i++)
		if (report_is_loss(&p->settings[i]))
			report_add_setting(out, p, &p->settings[i], "# ");
	if (p->settings_omitted)
		text_add(out, "# and %zu more settings\n", p->settings_omitted);
}

void report_tap(struct text *out, const struct report *r)
{
	size_t points = 0;

	for (size_t i = 0; i < r->count; i++)
		points += report_shows(r, &r->findings[i]);
	text_add(out, "TAP version 13\n1..%zu\n", points);
	report_add_believed(out, r->policy, "# ");
	if (r->policy->settings_count && !r->is_change)
		add_losses(out, r->policy);
	points = 0;
	for (size_t i = 0; i < r->count; i++)
		if (report_shows(r, &r->findings[i]))
			add_point(out, ++points, &r->findings[i]);
}
