// SPDX-License-Identifier: MIT
/* What the formats share. */
#include "report/report.h"

#include <string.h>

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

void report_add(struct text *out, const struct report *r)
{
	static void (*const formats[])(struct text *, const struct report *) = {
		[FORMAT_TEXT] = report_text,
		[FORMAT_JSON] = report_json,
		[FORMAT_TAP] = report_tap,
	};

	formats[r->policy->format](out, r);
}

bool report_shows(const struct report *r, const struct finding *f)
{
	static const enum level least[] = {
		[REPORT_FAILURES] = LEVEL_FAIL,
		[REPORT_WARNINGS] = LEVEL_WARN,
		[REPORT_ALL] = LEVEL_OFF,
	};

	return f->level >= least[r->detail];
}

/* What is not known must not be stated as a fact: an administrator would look for its cause. */
void report_add_title(struct text *out, const struct finding *f)
{
	if (f->verdict == VERDICT_UNKNOWN)
		text_add(out, "cannot verify that ");
	text_add(out, "%s", f->verdict == VERDICT_VIOLATION ? f->check->wrong : f->check->title);
}

bool report_has_fix(const struct finding *f)
{
	return f->level >= LEVEL_WARN && f->verdict == VERDICT_VIOLATION;
}

bool report_is_loss(const struct setting *s)
{
	return s->lowers || s->dropped;
}

bool report_has_loss(const struct policy *p)
{
	for (size_t i = 0; i < p->settings_count; i++)
		if (report_is_loss(&p->settings[i]))
			return true;
	return p->settings_omitted > 0;
}

void report_add_setting(struct text *out, const struct policy *p, const struct setting *s,
			const char *indent)
{
	text_add(out, "%s%s", indent, s->name);
	if (s->value) {
		text_add(out, " = ");
		text_add_name(out, s->value);
	}
	if (s->line) {
		text_add(out, "    (");
		text_add_name(out, p->config.path);
		text_add(out, ", line %zu)", s->line);
	} else {
		text_add(out,
			 s->of_init ? "    (command line of process 1)" : "    (command line)");
	}
	text_add(out, s->dropped  ? " dropped: the command line takes its place\n"
		      : s->lowers ? " lowers\n"
				  : "\n");
}

void report_add_believed(struct text *out, const struct policy *p, const char *indent)
{
	const struct believed *b = &p->believed;

	if (!b->asked)
		return;
	text_add(out, "%sjudged with ", indent);
	if (!b->why_not) {
		text_add(out, "the options of process 1, believed from /proc/1/cmdline%s\n",
			 b->unshown ? ", by its name: which file it runs is not shown" : "");
		return;
	}
	text_add(out, "the options of this command line alone: %s\n", b->why_not);
}

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = {
		[VERDICT_OFF] = "off",         [VERDICT_NOT_APPLICABLE] = "not-applicable",
		[VERDICT_PASS] = "pass",       [VERDICT_VIOLATION] = "violation",
		[VERDICT_UNKNOWN] = "unknown",
	};

	return names[v];
}

const char *levels_name(const struct levels *l, char buf[16])
{
	struct text t;

	text_init(&t, buf, 16);
	text_add(&t, "%s", level_names[l->grave]);
	if (l->lesser != l->grave)
		text_add(&t, "/%s", level_names[l->lesser]);
	return buf;
}

const struct item *report_next_item(const struct finding *f, size_t *at)
{
	/* *at runs through the items once for each kind. */
	for (; *at < ITEM_KINDS * f->count; ++*at) {
		const struct item *item = &f->items[*at % f->count];

		if ((size_t)item->kind != ITEM_KINDS - 1 - *at / f->count)
			continue;
		++*at;
		return item;
	}
	return NULL;
}

#define FOR(runtime) (1U << (runtime))

/* Those that no remedy here is written for: what others set says what is meant. */
#define FOR_ANY                                                                                    \
	(FOR(RUNTIME_UNKNOWN) | FOR(RUNTIME_CLOUD_RUN) | FOR(RUNTIME_LXC) | FOR(RUNTIME_NSPAWN))

/* An unknown runtime may be any of them. podman takes Kubernetes' manifests too. */
const struct fix_tool fix_tools[FIX_TOOLS] = {
	[FIX_GRANIT] = {"granit", "granit", offsetof(struct fix, granit), ~0U, true},
	[FIX_DOCKER] = {"Docker", "docker", offsetof(struct fix, docker),
			FOR_ANY | FOR(RUNTIME_DOCKER), false},
	[FIX_PODMAN] = {"podman", "podman", offsetof(struct fix, podman),
			FOR_ANY | FOR(RUNTIME_PODMAN), false},
	[FIX_KUBERNETES] = {"Kubernetes", "kubernetes", offsetof(struct fix, kubernetes),
			    FOR_ANY | FOR(RUNTIME_PODMAN) | FOR(RUNTIME_KUBERNETES), false},
	[FIX_ECS] = {"ECS", "ecs", offsetof(struct fix, ecs),
		     FOR(RUNTIME_ECS) | FOR(RUNTIME_FARGATE), false},
	[FIX_DOCKERFILE] = {"Dockerfile", "dockerfile", offsetof(struct fix, image), ~0U, true},
};

const char *report_fix(const struct fix_tool *tool, const struct fix *fix)
{
	const char *text;

	memcpy(&text, (const char *)fix + tool->offset, sizeof(text));
	return text;
}

const char *report_fix_for(const struct report *r, const struct fix_tool *tool,
			   const struct finding *f)
{
	const char *text = report_fix(tool, &f->check->fix);

	if (!text || (r->policy->root && !tool->for_images) ||
	    (!f->subject && strstr(text, FIX_SUBJECT)))
		return NULL;
	return text;
}

void report_add_fix(struct text *out, const char *fix, const char *subject)
{
	for (const char *gap; (gap = strstr(fix, FIX_SUBJECT)) != NULL;
	     fix = gap + strlen(FIX_SUBJECT)) {
		text_add_bytes(out, fix, (size_t)(gap - fix));
		text_add_name(out, subject);
	}
	text_add(out, "%s", fix);
}
