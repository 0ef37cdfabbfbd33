// SPDX-License-Identifier: MIT
/* What lies in the image's program directories. */
#include <string.h>

#include "checks/check.h"
#include "names.h"

/* What every check on content has to admit. */
static void admit_blindness(const struct posture *s, struct finding *f)
{
	const struct image_facts *i = &s->programs;

	if (i->out_of_memory)
		found_unknown(f, "there is no memory to look at all programs");
	for (const struct blind_spot *b = i->blind; b; b = b->next)
		found_unknown(f, "cannot look at %s: %s", shown(f, b->path), strerror(b->error));
	if (i->skipped)
		found_note(f, "%s is in PATH, but the program may not enter it either",
			   shown(f, i->skipped));
}

static void admit_budget(const struct posture *s, struct finding *f)
{
	if (s->programs.out_of_budget)
		found_unknown(f, "the program directories hold more than granit reads: not all of it "
				 "was looked at");
}

static const char *link_text(struct finding *f, const struct program *i)
{
	char *text;

	if (!i->target)
		return "";
	text = arena_take(f->arena, strlen(i->target) * 4 + 32, 1);
	if (!text)
		return "";
	return strcat(strcpy(text, ", a link to "), shown(f, i->target));
}

static bool allowed_by_name(const struct policy *p, const char *path)
{
	for (size_t i = 0; i < p->allow_count; i++)
		if (strcmp(p->allow[i], path) == 0)
			return true;
	return false;
}

void judge_no_shell(const struct policy *p, const struct posture *s, struct finding *f)
{
	admit_blindness(s, f);
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		if (!(i->families & FAMILY_SHELL))
			continue;
		if (i->dangling)
			found_note(f, "%s leads nowhere%s", shown(f, i->path), link_text(f, i));
		else if (allowed_by_name(p, i->path))
			found_note(f, "%s is allowed by --allow", shown(f, i->path));
		else
			found_grave(f, i->path, "%s is called like a shell%s", shown(f, i->path),
				    link_text(f, i));
	}
}

void judge_no_shell_content(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	admit_blindness(s, f);
	admit_budget(s, f);
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		if (!(i->content & CONTENT_SHELL))
			continue;
		if (i->allowed)
			found_note(f, "%s holds a shell and is allowed by --allow", shown(f, i->path));
		else
			found_grave(f, i->path, "%s is a shell by its content, whatever its name",
				    shown(f, i->path));
	}
}

static const char *multicall_kind(const struct program *i)
{
	if (i->content & CONTENT_BUSYBOX)
		return "busybox";
	if (i->content & CONTENT_TOYBOX)
		return "toybox";
	if (i->content & CONTENT_COREUTILS)
		return "coreutils in one binary";
	return NULL;
}

void judge_no_multicall(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	admit_blindness(s, f);
	admit_budget(s, f);
	for (const struct program *i = s->programs.programs; i; i = i->next) {
		const char *kind = multicall_kind(i), *path = shown(f, i->path);

		if (!kind && !i->links)
			continue;
		if (i->allowed)
			found_note(f, "%s is a multi-call binary and is allowed by --allow", path);
		else if (kind && i->content & CONTENT_SHELL)
			found_grave(f, i->path, "%s is %s, with a shell in it", path, kind);
		else if (kind)
			found_lesser(f, i->path, "%s is %s: many tools in one file", path, kind);
		else
			found_lesser(f, i->path,
				     "%s goes by %u names: many tools in one file, it seems", path,
				     i->links);
	}
}
