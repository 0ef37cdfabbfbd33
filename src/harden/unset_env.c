// SPDX-License-Identifier: MIT
/* Removes variables that the program must not get. Names are shown, values never. */
#include "checks/environment.h"

#include <string.h>
#include <unistd.h>

#include "checks/check.h"
#include "facts/hooks.h"
#include "harden/harden.h"

static bool is_named(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->unset_env_count; i++)
		if (text_matches(name, p->unset_env[i]))
			return true;
	return false;
}

/* Ignoring the check means wanting the variable. */
static bool is_objection(const struct policy *p, const char *id)
{
	return id && p->harden && p->levels[check_find(id)].grave != LEVEL_OFF;
}

bool harden_objects_to(const struct policy *p, const struct mount_table *t,
		       const struct lead *leads, const char *variable)
{
	return is_objection(p, environment_objection(t, leads, variable));
}

bool harden_objects_to_options(const struct policy *p, const char *variable)
{
	const struct hook h = hook_of(variable);

	return hook_has_options(&h) && is_objection(p, "env-interpreter-hooks");
}

bool harden_objects_to_path(const struct policy *p, const struct mount_table *t,
			    const struct lead *leads, const char *path)
{
	return is_objection(p, environment_path_objection(t, leads, path));
}

/* Who had set it wants to know, whether anybody reads the notes or not. */
static void tell_removed(const struct harden *h, const char *name)
{
	static const char what[] = "removed from the environment:";

	if (!h->lacks->len || !strstr(h->lacks->buf, what))
		text_add(h->lacks, "%s%s", h->lacks->len ? "; " : "", what);
	text_add(h->lacks, " ");
	text_add_name(h->lacks, name);
}

static bool is_variable_kept(const struct harden *h, char *variable)
{
	char *end = strchrnul(variable, '='), was = *end;
	const char *why =
		harden_objects_to(h->policy, &h->posture->mounts, h->posture->leads, variable)
			? "names a file on a writable mount, or may"
			: NULL;

	*end = '\0';
	if (is_named(h->policy, variable))
		why = "matches --unset-env";
	else if (why)
		tell_removed(h, variable);
	if (why) {
		text_add(h->notes, "environment: removed ");
		text_add_name(h->notes, variable);
		text_add(h->notes, ", which %s\n", why);
	}
	*end = was;
	return !why;
}

/* Not unsetenv(3): of a variable that occurs twice each is judged. */
int harden_clean_environment(struct harden *h)
{
	char **to = environ;
	bool removed = false;

	for (char **from = environ; from && *from; from++) {
		if (is_variable_kept(h, *from))
			*to++ = *from;
		else
			removed = true;
	}
	if (removed)
		*to = NULL;
	return removed ? 0 : NOTHING_TO_DO;
}
