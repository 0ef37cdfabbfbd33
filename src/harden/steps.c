// SPDX-License-Identifier: MIT
/* The ordered table of all that granit gives up. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <string.h>

#include "harden/deny.h"
#include "harden/filter.h"
#include "harden/harden.h"
#include "sys/sys.h"

const struct harden_step harden_steps[] = {
	{"close-fds", harden_close_fds,
	 "an inherited descriptor bypasses every mount and every check", true},
	{"limits", harden_limit,
	 "a core file contains the program's secrets, and needs a writable place", false},
	{"umask", harden_set_umask, "as requested", false},
	{"chdir", harden_change_directory, "as requested", false},
	{"securebits", harden_lock_securebits,
	 "user 0 gets no capabilities for being user 0, and that is locked", true},
	{"bounding-set", harden_drop_bounding,
	 "no file can grant what is not in it; emptying it needs CAP_SETPCAP, so it comes early",
	 false},
	{"environment", harden_clean_environment,
	 "a variable that names a file to load runs whatever is written there", false},
	{"ways", harden_open_ways,
	 "Landlock's rules name what lies beside a mount, and the new user may not list it", false},
	{"user", harden_switch_user, "as requested; irrevocable", false},
	{"capabilities", harden_set_caps,
	 "what the program does not need, an attacker must not get", false},
	{"no-new-privs", harden_set_no_new_privs,
	 "without capabilities, the one way back to them is a setuid file: this closes it", true},
	{"landlock", harden_landlock,
	 "what is writable cannot be started, what was not accepted cannot be written", false},
	{"deny", harden_deny, "what only an attacker needs", false},
	{"read-back", harden_read_caps_back,
	 "what counts is what the kernel reports afterwards, not what the calls returned", false},
	{"no-way-back", harden_try_way_back,
	 "there is no way back to the old user: tried after the capabilities were dropped", false},
};

const size_t harden_steps_count = array_length(harden_steps);

int step_failed(struct harden *h, int error, const char *failure)
{
	h->failure = failure;
	return -error;
}

int step_lacks(struct harden *h, enum missing step, const char *lacks)
{
	if (h->policy->profile == PROFILE_RESTRICTED && !(h->policy->allow_missing & step))
		return -EOPNOTSUPP;
	text_add(h->lacks, "%s%s", h->lacks->len ? "; " : "", lacks);
	return NOTHING_TO_DO;
}

int step_holds(struct harden *h, bool holds, const char *otherwise)
{
	return holds ? 0 : step_failed(h, EPERM, otherwise);
}

const char *step_failure(const struct harden *h)
{
	return h->failure ? h->failure : "it does not say what failed";
}

int harden(const struct policy *p, const struct posture *s, int *const keep[HARDEN_KEEPS],
	   struct arena *a, struct text *notes, struct text *err)
{
	struct harden h = {
		.policy = p,
		.posture = s,
		.status = s->status_trouble.tried ? NULL : &s->status,
		.arena = a,
		.notes = notes,
		.lacks = err,
		.keep = keep,
	};

	for (size_t i = 0; i < harden_steps_count; i++) {
		const struct harden_step *step = &harden_steps[i];
		int r;

		h.failure = NULL;
		r = step->by_profile && !p->harden ? NOTHING_TO_DO : step->run(&h);
		if (r < 0) {
			text_cut(err, 0);
			text_add(err, "hardening step %s failed: %s: %s", step->name,
				 step_failure(&h), strerror(-r));
			return r;
		}
		if (r != NOTHING_TO_DO)
			text_add(notes, "%s: %s\n", step->name, step->reason);
	}
	return 0;
}

static void foresee_caps(const struct policy *p, const struct status *before, struct status *ret)
{
	bool can_drop = before->caps[CAP_SET_EFFECTIVE] >> CAP_SETPCAP & 1;
	uint64_t kept = p->keep_caps & before->caps[CAP_SET_PERMITTED];

	if (!p->harden && !p->keep_caps) {
		/* The kernel's own doing (capabilities(7)): user 0 becomes another one. */
		if (p->user && before->uid[1] == 0 && ret->uid[1] != 0)
			ret->caps[CAP_SET_PERMITTED] = ret->caps[CAP_SET_EFFECTIVE] =
				ret->caps[CAP_SET_AMBIENT] = 0;
		return;
	}
	for (size_t i = 0; i < CAP_SET_COUNT; i++)
		if (i != CAP_SET_BOUNDING || can_drop)
			ret->caps[i] = kept;
}

/*
 * What execve(2) itself does with user 0 (capabilities(7)): all of the bounding set, and under
 * no_new_privs as much of it as there was before. What leads there is as good.
 */
static void foresee_exec(const struct policy *p, bool can_drop, struct status *s)
{
	uint64_t given = s->caps[CAP_SET_BOUNDING] | s->caps[CAP_SET_INHERITABLE];
	bool is_root = s->uid[0] == 0 || s->uid[1] == 0;
	uint64_t kept = p->keep_caps & s->caps[CAP_SET_PERMITTED];

	if (s->no_new_privs == 1)
		given &= s->caps[CAP_SET_PERMITTED];
	if (given == s->caps[CAP_SET_PERMITTED] || (p->harden && can_drop) ||
	    !harden_gets_all_back(kept, is_root))
		return;
	s->caps[CAP_SET_PERMITTED] = given;
	if (s->uid[1] == 0 || !is_root)
		s->caps[CAP_SET_EFFECTIVE] = given;
}

/* after: what else the program will be. Where words were named there is a filter, or no program. */
static bool foresee_filter(const struct policy *p, const struct status *after)
{
	unsigned int wanted = deny_wanted(p);

	if (filter_is_wanted(wanted & p->deny_named))
		return true;
	if (!filter_is_wanted(wanted) || !filter_is_known())
		return false;
	return !p->allow_new_privs || after->no_new_privs == 1 ||
	       (after->caps[CAP_SET_EFFECTIVE] >> CAP_SYS_ADMIN & 1);
}

void harden_foresee(const struct policy *p, const struct posture *s, struct status *ret)
{
	*ret = s->status;
	if (p->user) {
		for (size_t i = 0; i < array_length(ret->uid); i++) {
			ret->uid[i] = s->account.uid;
			ret->gid[i] = s->account.gid;
		}
		ret->group_root = false;
		for (size_t i = 0; i < s->account.groups_count; i++)
			ret->group_root |= s->account.groups[i] == 0;
	}
	if (p->harden && !p->allow_new_privs)
		ret->no_new_privs = 1;
	foresee_caps(p, &s->status, ret);
	if (foresee_filter(p, ret))
		ret->seccomp = SECCOMP_MODE_FILTER;
	foresee_exec(p, s->status.caps[CAP_SET_EFFECTIVE] >> CAP_SETPCAP & 1, ret);
}
