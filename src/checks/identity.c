// SPDX-License-Identifier: MIT
/* Who granit was started as. What it takes away itself is no excuse: exec sessions keep it. */
#include <cap-ng.h>

#include "checks/check.h"

/* The names of the capabilities in the set, "cap_chown, cap_kill", shortened when they are many. */
static const char *names_of(uint64_t set, struct finding *f)
{
	enum { SHOWN = 6 };
	char buf[256];
	struct text t;
	unsigned int n = 0;
	const char *copy;

	text_init(&t, buf, sizeof(buf));
	for (unsigned int cap = 0; cap < 64; cap++) {
		const char *name;

		if (!(set >> cap & 1) || n++ >= SHOWN)
			continue;
		name = capng_capability_to_name(cap);
		text_add(&t, n > 1 ? ", " : "");
		if (name)
			text_add(&t, "%s", name);
		else
			text_add(&t, "%u", cap);
	}
	if (n > SHOWN)
		text_add(&t, " and %u more", n - SHOWN);
	copy = arena_copy(f->arena, buf);
	return copy ? copy : "(no memory to name them)";
}

void judge_caps_effective(const struct policy *p, const struct posture *s, struct finding *f)
{
	uint64_t caps = s->status.caps[CAP_SET_EFFECTIVE] | s->status.caps[CAP_SET_PERMITTED];

	if (found_trouble(f, &s->status_trouble) || !caps)
		return;
	found_grave(f, NULL, "the runtime gave capabilities: %s%s", names_of(caps, f),
		    p->harden ? "; granit drops them, an exec session keeps them" : "");
}

void judge_no_new_privs(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (found_trouble(f, &s->status_trouble))
		return;
	if (s->status.no_new_privs < 0)
		found_unknown(f, "the kernel does not say whether no_new_privs is set");
	else if (s->status.no_new_privs == 0)
		found_grave(f, NULL, "the runtime did not set no_new_privs%s",
			    p->harden ? "; granit does, an exec session goes without" : "");
}

void judge_non_root_uid(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (found_trouble(f, &s->status_trouble))
		return;
	for (size_t i = 0; i < array_length(s->status.uid); i++) {
		if (s->status.uid[i] == 0) {
			found_grave(f, NULL, "the program would run as root (user id 0)");
			return;
		}
	}
}
