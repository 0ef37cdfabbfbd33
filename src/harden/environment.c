// SPDX-License-Identifier: MIT
/* Variables that the program does not get. Their names are told, never the values. */
#include "checks/environment.h"

#include <string.h>
#include <unistd.h>

#include "checks/check.h"
#include "harden/harden.h"

static bool is_named(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->unset_env_count; i++)
		if (text_matches(name, p->unset_env[i]))
			return true;
	return false;
}

/* Whoever ignores the check wants the variable. */
static bool is_objected_to(const struct harden *h, const char *variable)
{
	const char *id = h->policy->harden ? environment_objection(h->posture, variable) : NULL;

	return id && h->policy->levels[check_find(id)].grave != LEVEL_OFF;
}

static bool is_kept(const struct harden *h, char *variable)
{
	char *end = strchrnul(variable, '='), was = *end;
	const char *why = is_objected_to(h, variable) ? "names a file on a writable mount" : NULL;

	*end = '\0';
	if (is_named(h->policy, variable))
		why = "is one that --unset-env means";
	if (why) {
		text_add(h->notes, "environment: removed ");
		text_add_name(h->notes, variable);
		text_add(h->notes, ", which %s\n", why);
	}
	*end = was;
	return !why;
}

/* Not by unsetenv(3): a variable that is there twice is judged twice. */
int harden_clean_environment(struct harden *h)
{
	char **to = environ;
	bool removed = false;

	for (char **from = environ; from && *from; from++) {
		if (is_kept(h, *from))
			*to++ = *from;
		else
			removed = true;
	}
	if (removed)
		*to = NULL;
	return removed ? 0 : NOTHING_TO_DO;
}
