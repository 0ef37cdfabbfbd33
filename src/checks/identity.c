// SPDX-License-Identifier: MIT
/*
 * What user the program will be, and what granit was started with. Privileges that granit drops
 * itself are lesser findings, but no excuse: exec sessions keep them.
 */
#include <linux/capability.h>

#include "checks/check.h"
#include "sys/capnames.h"

static const char *names_of(uint64_t set, struct finding *f)
{
	char buf[256];
	struct text t;

	if (!f->arena) /* no words are kept */
		return "";
	text_init(&t, buf, sizeof(buf));
	caps_add_names(&t, set, 6);
	return told(f, "%s", buf);
}

static uint64_t in_force(const struct status *s)
{
	return s->caps[CAP_SET_EFFECTIVE] | s->caps[CAP_SET_PERMITTED];
}

/* The kernel's own rooms: what is taken away beside these can be had by them. */
#define AS_GOOD_AS_ALL                                                                             \
	(UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SYS_MODULE |                            \
	 UINT64_C(1) << CAP_SYS_RAWIO)

/*
 * What the program will have is grave unless it was asked for; what only an exec session has is
 * lesser.
 */
void judge_caps_effective(const struct policy *p, const struct posture *s, struct finding *f)
{
	uint64_t left = in_force(&s->resulting), taken = in_force(&s->status) & ~left;

	if (found_trouble(f, &s->status_trouble))
		return;
	if (left & ~p->keep_caps)
		found_grave(f, NULL, "the program has capabilities: %s",
			    names_of(left & ~p->keep_caps, f));
	if (taken)
		found_lesser(f, NULL, "capabilities that granit drops, but exec sessions keep: %s",
			     names_of(taken, f));
	if (left & p->keep_caps)
		found_note(f, "the program keeps what --keep-caps says: %s",
			   names_of(left & p->keep_caps, f));
	if (left & p->keep_caps & AS_GOOD_AS_ALL)
		found_note(f, "what is as good as all capabilities: %s",
			   names_of(left & p->keep_caps & AS_GOOD_AS_ALL, f));
}

void judge_caps_bounding(const struct policy *p, const struct posture *s, struct finding *f)
{
	uint64_t bounding = s->status.caps[CAP_SET_BOUNDING];

	(void)p;
	if (found_trouble(f, &s->status_trouble) || !bounding)
		return;
	if (s->status.no_new_privs == 1)
		found_lesser(f, NULL, "in the bounding set, but out of reach with no_new_privs: %s",
			     names_of(bounding, f));
	else
		found_grave(f, NULL, "a setuid file could grant what is in the bounding set: %s",
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
	(void)p;
	if (found_trouble(f, &s->status_trouble))
		return;
	if (s->status.no_new_privs < 0)
		found_unknown(f, "the kernel does not report no_new_privs");
	else if (s->status.no_new_privs == 0 && s->resulting.no_new_privs == 1)
		found_lesser(f, NULL, "granit sets no_new_privs, exec sessions go without");
	else if (s->status.no_new_privs == 0)
		found_grave(f, NULL, "no_new_privs is not set");
}

void judge_non_root_uid(const struct policy *p, const struct posture *s, struct finding *f)
{
	const uint32_t *ids = s->resulting.uid;

	(void)p;
	if (found_trouble(f, &s->status_trouble))
		return;
	if (s->status.uid[1] != ids[1])
		found_note(f, "the runtime gave user %u, the program runs as %u", s->status.uid[1],
			   ids[1]);
	for (size_t i = 0; i < array_length(s->resulting.uid); i++) {
		if (ids[i] == 0) {
			found_grave(f, NULL, "the program would run as root (user id 0)");
			return;
		}
	}
}

void judge_non_root_gid(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct status *r = &s->resulting;

	if (found_trouble(f, &s->status_trouble))
		return;
	if (s->status.gid[1] != r->gid[1])
		found_note(f, "the runtime gave group %u, the program runs in group %u",
			   s->status.gid[1], r->gid[1]);
	if (p->user && s->account.gid_assumed)
		found_note(f,
			   "user %u is not in /etc/passwd, so its group is assumed to be %u; "
			   "--user=USER:GROUP sets it",
			   s->account.uid, s->account.gid);
	if (r->gid[0] == 0 || r->gid[1] == 0)
		found_grave(f, NULL, "the program would run in group 0");
	else if (r->group_root)
		found_grave(f, NULL, "group 0 is among the supplementary groups");
}
