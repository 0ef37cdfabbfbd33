// SPDX-License-Identifier: MIT
/* One line for a start that goes on in spite of what was found. */
#include "report/report.h"

/* Whether audit names the finding as one that its target would refuse. */
static bool is_refusal(const struct report *r, const struct finding *f)
{
	return r->policy->profile == PROFILE_AUDIT && f->target_level == LEVEL_FAIL &&
	       f->level == LEVEL_WARN;
}

static void add_finding_ids(struct text *out, const struct report *r, bool refusals)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->findings[i].level == LEVEL_WARN &&
		    is_refusal(r, &r->findings[i]) == refusals)
			text_add(out, " %s", r->findings[i].check->id);
}

void report_summary(struct text *out, const struct report *r)
{
	size_t refusals = 0, warnings;

	for (size_t i = 0; i < r->count; i++)
		refusals += is_refusal(r, &r->findings[i]);
	warnings = r->tally.warned - refusals;
	if (refusals) {
		text_add(out, "audit: %s would refuse:", profile_names[r->policy->target]);
		add_finding_ids(out, r, true);
	}
	if (warnings) {
		text_add(out, "%s%zu warning%s:", refusals ? "; " : "", warnings,
			 warnings == 1 ? "" : "s");
		add_finding_ids(out, r, false);
	}
}
