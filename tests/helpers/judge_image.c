/* SPDX-License-Identifier: MIT */
/* Made-up facts of the seal and the scan, and the words that facts are made of. */
#include <stdlib.h>
#include <string.h>

#include "judge_facts.h"
#include "words.h"

long fact_number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 0);

	if (end == text || *end)
		judge_fail("no number", text);
	return value;
}

char *part(char **text)
{
	char *word = strsep(text, ":");

	return word ? word : (char *)"";
}

int fact_error(const char *text)
{
	int error = strcmp(text, "0") == 0 ? 0 : word_number(WORD_ERRNO, text);

	if (error < 0)
		judge_fail("no errno", text);
	return error;
}

/* KIND:PATH:WHAT, a difference; nothing: the image is as it was sealed. */
void add_seal(char *value)
{
	struct seal_difference *d;

	made.posture.seal.path = "/etc/granit.manifest";
	if (!*value)
		return;
	d = calloc(1, sizeof(*d));
	if (!d)
		judge_fail("no memory", value);
	d->kind = (enum seal_kind)fact_number(part(&value));
	d->path = part(&value);
	d->what = value;
	d->next = made.posture.seal.differences;
	made.posture.seal.differences = d;
}

void set_seal_broken(char *value)
{
	made.posture.seal.path = "/etc/granit.manifest";
	made.posture.seal.broken = value;
}

void add_blind(char *value)
{
	static struct blind_spot b;

	b.path = part(&value);
	b.error = fact_error(part(&value));
	b.barred = value;
	made.posture.programs.blind = &b;
}

/* VOLUME:PATH:WHAT, shell or program: what a look at a read-only volume has found. */
void add_foreign(char *value)
{
	static struct image_volume v;
	static struct program shell;

	v.path = part(&value);
	v.facts.first = shell.path = part(&value);
	shell.content = CONTENT_ELF | CONTENT_SHELL;
	if (strcmp(value, "shell") == 0)
		v.facts.programs = &shell;
	made.posture.foreign.first = &v;
	made.posture.foreign.count = 1;
}
