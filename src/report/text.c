// SPDX-License-Identifier: MIT
#include <string.h>

#include "report/report.h"

struct tally report_count(const struct finding *findings, size_t n)
{
	struct tally t = {0};

	for (size_t i = 0; i < n; i++) {
		if (findings[i].verdict == VERDICT_PASS)
			t.passed++;
		else if (findings[i].level == LEVEL_WARN)
			t.warned++;
		else if (findings[i].level == LEVEL_FAIL)
			t.failed++;
	}
	return t;
}

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

/* The fix with the path it is about in the place of {}. */
static void add_fix(struct text *out, const char *tool, const char *fix, const char *subject)
{
	if (!fix)
		return;
	text_add(out, "       %-11s", tool);
	for (const char *gap; (gap = strstr(fix, "{}")) != NULL; fix = gap + 2) {
		text_add(out, "%.*s", (int)(gap - fix), fix);
		text_add_name(out, subject ? subject : "PATH");
	}
	text_add(out, "%s\n", fix);
}

static void add_fixes(struct text *out, const struct finding *f)
{
	const struct fix *fix = &f->check->fix;

	text_add(out, "     to mend it:\n");
	add_fix(out, "Docker", fix->docker, f->subject);
	add_fix(out, "podman", fix->podman, f->subject);
	add_fix(out, "Kubernetes", fix->kubernetes, f->subject);
	add_fix(out, "Dockerfile", fix->image, f->subject);
}

static const char *const item_marks[ITEM_KINDS] = {
	[ITEM_NOTE] = "note: ",
	[ITEM_LESSER] = "",
	[ITEM_UNKNOWN] = "unknown: ",
	[ITEM_GRAVE] = "",
};

static void add_finding(struct text *out, const struct finding *f)
{
	text_add(out, "%-4s %s: %s\n", heading(f), f->check->id, f->check->title);
	/* The gravest first. */
	for (int kind = ITEM_KINDS - 1; kind >= 0; kind--)
		for (size_t i = 0; i < f->count; i++)
			if ((int)f->items[i].kind == kind)
				text_add(out, "     %s%s\n", item_marks[kind], f->items[i].text);
	if (f->untold)
		text_add(out, "     and %zu more\n", f->untold);
	if (f->level >= LEVEL_WARN)
		add_fixes(out, f);
}

void report_text(struct text *out, const struct finding *findings, size_t n,
		 enum report_detail detail)
{
	for (size_t i = 0; i < n; i++)
		if (detail == REPORT_ALL || findings[i].level == LEVEL_FAIL)
			add_finding(out, &findings[i]);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

void report_summary(struct text *out, const struct tally *t)
{
	text_add(out, "granit: %zu check%s passed, %zu warned, %zu failed\n", t->passed,
		 plural(t->passed), t->warned, t->failed);
}

void report_check_list(struct text *out)
{
	text_add(out, "%-24s", "id");
	for (int p = 0; p < PROFILE_COUNT; p++)
		text_add(out, " %-11s", profile_name((enum profile)p));
	text_add(out, " what holds when it passes\n");
	for (size_t i = 0; i < checks_count; i++) {
		text_add(out, "%-24s", checks[i].id);
		for (int p = 0; p < PROFILE_COUNT; p++) {
			const struct levels *l = &checks[i].levels[p];
			char buf[16];
			struct text t;

			text_init(&t, buf, sizeof(buf));
			text_add(&t, "%s", level_name(l->grave));
			if (l->lesser != l->grave)
				text_add(&t, "/%s", level_name(l->lesser));
			text_add(out, " %-11s", buf);
		}
		text_add(out, " %s\n", checks[i].title);
	}
	text_add(out, "\nfail/warn: grave things fail, lesser ones warn.\n");
}
