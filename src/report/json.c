// SPDX-License-Identifier: MIT
/* The report as JSON, for programs: one document, described by doc/report.schema.json. */
#include <cap-ng.h>
#include <limits.h>
#include <string.h>

#include "report/json.h"
#include "report/report.h"
#include "sys/exit.h"

/* The subject may be of any length; what text reports escape is so here, too. */
void json_fix(struct json *j, const struct fix_tool *tool, const char *fix, const char *subject)
{
	char name[4 * PATH_MAX];
	struct text t;

	text_init(&t, name, sizeof(name));
	text_add_name(&t, subject);
	json_begin_string(j, tool->key);
	for (const char *gap; (gap = strstr(fix, FIX_SUBJECT)) != NULL;
	     fix = gap + strlen(FIX_SUBJECT)) {
		json_add_piece(j, fix, (size_t)(gap - fix));
		json_add_piece(j, name, t.len);
	}
	json_add_piece(j, fix, strlen(fix));
	json_end_string(j);
}

static void add_fix_object(struct json *j, const struct report *r, const struct finding *f)
{
	json_open(j, "fix", '{');
	for (size_t i = 0; i < FIX_TOOLS; i++) {
		const char *text = report_fix_for(r, &fix_tools[i], f);

		if (text)
			json_fix(j, &fix_tools[i], text, f->subject ? f->subject : "");
	}
	json_close(j, '{');
}

void json_standards(struct json *j, const char *standards)
{
	json_open(j, "standards", '[');
	while (standards) {
		const char *end = strstr(standards, "; ");

		json_string_n(j, NULL, standards,
			      end ? (size_t)(end - standards) : strlen(standards));
		standards = end ? end + 2 : NULL;
	}
	json_close(j, '[');
}

static void add_evidence(struct json *j, const struct finding *f)
{
	static const char *const kinds[ITEM_KINDS] = {
		[ITEM_NOTE] = "note",
		[ITEM_LESSER] = "lesser",
		[ITEM_UNKNOWN] = "unknown",
		[ITEM_GRAVE] = "grave",
	};
	const struct item *item;

	json_open(j, "evidence", '[');
	for (size_t at = 0; (item = report_next_item(f, &at)) != NULL;) {
		json_open(j, NULL, '{');
		json_string(j, "kind", kinds[item->kind]);
		json_string(j, "level", level_names[item->level]);
		json_string(j, "text", item->text);
		json_close(j, '{');
	}
	json_close(j, '[');
	json_number(j, "omitted", f->omitted);
}

static void add_finding_object(struct json *j, const struct report *r, const struct finding *f)
{
	json_open(j, NULL, '{');
	json_string(j, "id", f->check->id);
	json_string(j, "title", f->check->title);
	json_string(j, "wrong", f->check->wrong);
	json_string(j, "verdict", verdict_name(f->verdict));
	json_string(j, "level", level_names[f->level]);
	json_string(j, "target_level", level_names[f->target_level]);
	json_string(j, "path", f->subject);
	add_evidence(j, f);
	/* What is fine needs no fix. */
	if (report_has_fix(f))
		add_fix_object(j, r, f);
	json_standards(j, f->check->standards);
	json_close(j, '{');
}

static void add_caps(struct json *j, const char *key, uint64_t set)
{
	json_open(j, key, '[');
	for (unsigned int cap = 0; cap < 64; cap++) {
		const char *name = set >> cap & 1 ? capng_capability_to_name(cap) : NULL;

		if (name)
			json_string(j, NULL, name);
		else if (set >> cap & 1)
			json_number(j, NULL, cap);
	}
	json_close(j, '[');
}

static void add_privileges(struct json *j, const char *key, const struct status *s)
{
	static const char *const sets[CAP_SET_COUNT] = {
		[CAP_SET_PERMITTED] = "permitted", [CAP_SET_INHERITABLE] = "inheritable",
		[CAP_SET_EFFECTIVE] = "effective", [CAP_SET_BOUNDING] = "bounding",
		[CAP_SET_AMBIENT] = "ambient",
	};

	json_open(j, key, '{');
	json_number(j, "uid", s->uid[1]);
	json_number(j, "gid", s->gid[1]);
	json_open(j, "capabilities", '{');
	for (size_t i = 0; i < CAP_SET_COUNT; i++)
		add_caps(j, sets[i], s->caps[i]);
	json_close(j, '{');
	json_bool(j, "no_new_privs", s->no_new_privs == 1);
	json_bool(j, "seccomp", s->seccomp > 0);
	json_close(j, '{');
}

static void add_settings_array(struct json *j, const struct policy *p)
{
	json_open(j, "settings", '[');
	for (size_t i = 0; i < p->settings_count; i++) {
		const struct setting *s = &p->settings[i];

		json_open(j, NULL, '{');
		json_string(j, "name", s->name);
		json_string(j, "value", s->value);
		json_string(j, "file", s->line ? p->config.path : NULL);
		if (s->line)
			json_number(j, "line", s->line);
		json_bool(j, "lowers", s->lowers);
		json_bool(j, "dropped", s->dropped);
		json_bool(j, "of_process_1", s->of_init);
		json_close(j, '{');
	}
	json_close(j, '[');
}

static void add_believed(struct json *j, const struct believed *b)
{
	if (!b->asked)
		return;
	json_open(j, "options", '{');
	json_string(j, "of", b->why_not ? "command line" : "process 1");
	json_string(j, "reason",
		    b->unshown && !b->why_not ? "which file process 1 runs is not shown"
					      : b->why_not);
	json_close(j, '{');
}

static void add_head(struct json *j, const struct report *r)
{
	bool refused = r->tally.failed > 0;

	json_string(j, "granit", GRANIT_VERSION);
	json_string(j, "mode",
		    r->is_change                    ? "watch"
		    : r->policy->mode == MODE_CHECK ? "check"
						    : "run");
	json_string(j, "root", r->policy->root);
	json_string(j, "program", r->policy->program ? r->policy->program[0] : NULL);
	json_string(j, "profile", profile_names[r->policy->profile]);
	add_believed(j, &r->policy->believed);
	json_string(j, "runtime", runtime_name(posture_runtime(r->posture)));
	json_string(j, "outcome", refused ? "refused" : "accepted");
	json_number(j, "exit_status", refused ? EXIT_REFUSED : 0);
	json_open(j, "summary", '{');
	json_number(j, "passed", r->tally.passed);
	json_number(j, "warned", r->tally.warned);
	json_number(j, "failed", r->tally.failed);
	json_close(j, '{');
}

void report_json(struct text *out, const struct report *r)
{
	struct json j = {.out = out};

	json_open(&j, NULL, '{');
	add_head(&j, r);
	if (r->has_privileges) {
		json_open(&j, "privileges", '{');
		add_privileges(&j, "incoming", &r->posture->status);
		add_privileges(&j, "resulting", &r->posture->resulting);
		json_close(&j, '{');
	}
	json_open(&j, "findings", '[');
	for (size_t i = 0; i < r->count; i++)
		if (report_shows(r, &r->findings[i]))
			add_finding_object(&j, r, &r->findings[i]);
	json_close(&j, '[');
	add_settings_array(&j, r->policy);
	json_close(&j, '{');
	text_add(out, "\n");
}
