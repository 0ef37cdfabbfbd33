// SPDX-License-Identifier: MIT
/* Who granit was started as. What it takes away itself is no excuse: exec sessions keep it. */
#include "capnames.h"
#include "checks/check.h"

static const char *names_of(uint64_t set, struct finding *f)
{
	char buf[256];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	caps_add_names(&t, set, 6);
	return told(f, "%s", buf);
}

/* What the program will have is grave, what only an exec session has is not. */
void judge_caps_effective(const struct policy *p, const struct posture *s, struct finding *f)
{
	uint64_t caps = s->status.caps[CAP_SET_EFFECTIVE] | s->status.caps[CAP_SET_PERMITTED];

	if (found_trouble(f, &s->status_trouble) || !caps)
		return;
	if (p->harden)
		found_lesser(
			f, NULL,
			"the runtime gave capabilities, granit drops them, an exec session keeps "
			"them: %s",
			names_of(caps, f));
	else
		found_grave(f, NULL, "the program has capabilities: %s", names_of(caps, f));
}

void judge_caps_bounding(const struct policy *p, const struct posture *s, struct finding *f)
{
	uint64_t bounding = s->status.caps[CAP_SET_BOUNDING];

	(void)p;
	if (found_trouble(f, &s->status_trouble) || !bounding)
		return;
	if (s->status.no_new_privs == 1)
		found_lesser(f, NULL,
			     "the bounding set is not empty, out of reach by no_new_privs: %s",
			     names_of(bounding, f));
	else
		found_grave(f, NULL, "a setuid file could give what the bounding set has: %s",
			    names_of(bounding, f));
}

void judge_caps_ambient(const struct policy *p, const struct posture *s, struct finding *f)
{
	uint64_t caps = s->status.caps[CAP_SET_INHERITABLE] | s->status.caps[CAP_SET_AMBIENT];

	(void)p;
	if (!found_trouble(f, &s->status_trouble) && caps)
		found_grave(f, NULL, "the runtime left inheritable or ambient capabilities: %s",
			    names_of(caps, f));
}

void judge_no_new_privs(const struct policy *p, const struct posture *s, struct finding *f)
{
	if (found_trouble(f, &s->status_trouble))
		return;
	if (s->status.no_new_privs < 0)
		found_unknown(f, "the kernel does not say whether no_new_privs is set");
	else if (s->status.no_new_privs == 0 && p->harden)
		found_lesser(f, NULL,
			     "the runtime did not set no_new_privs; granit does, an exec "
			     "session goes without");
	else if (s->status.no_new_privs == 0)
		found_grave(f, NULL, "no_new_privs is not set");
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

void judge_non_root_gid(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (found_trouble(f, &s->status_trouble))
		return;
	if (s->status.gid[0] == 0 || s->status.gid[1] == 0)
		found_grave(f, NULL, "the program would run in group 0");
	else if (s->status.group_root)
		found_grave(f, NULL, "group 0 is among the supplementary groups");
}
