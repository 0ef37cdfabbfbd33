// SPDX-License-Identifier: MIT
/* Capabilities, through libcap-ng; read back without it. */
#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

#include "harden/harden.h"
#include "sys/sys.h"

/* capng_apply(3) returns small numbers that are no errno. */
static const char *const apply_errors[] = {
	[1] = "libcap-ng was not set up",        [5] = "capset",
	[6] = "prctl(PR_CAP_AMBIENT_CLEAR_ALL)", [7] = "prctl(PR_CAP_AMBIENT_CLEAR_ALL)",
	[8] = "prctl(PR_CAP_AMBIENT_RAISE)",
};

static int apply(struct harden *h, capng_select_t sets)
{
	const char *failure = NULL;
	int r;

	errno = 0;
	r = capng_apply(sets);
	if (r >= 0)
		return 0;
	if ((size_t)-r < array_length(apply_errors))
		failure = apply_errors[-r];
	return step_failed(h, errno ? errno : EPERM, failure ? failure : "capng_apply");
}

/* The capability that is needed to drop the others. */
static bool has_setpcap(const struct harden *h)
{
	if (h->status)
		return h->status->caps[CAP_SET_EFFECTIVE] >> CAP_SETPCAP & 1;
	return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
}

static bool wants_caps_set(const struct policy *p)
{
	return p->harden || p->keep_caps;
}

/* Sets up libcap-ng's state of the process: only what is kept, in the given sets. */
static void choose(uint64_t kept, capng_type_t sets)
{
	capng_clear(CAPNG_SELECT_ALL);
	for (unsigned int cap = 0; cap < 64; cap++)
		if (kept >> cap & 1)
			(void)capng_update(CAPNG_ADD, sets, cap);
}

/* ---- securebits */

enum {
	BITS = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
	       SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED,
	AMBIENT_BITS = SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
};

int harden_add_securebits(struct harden *h, int bits)
{
	int now = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	if (now < 0)
		return step_failed(h, errno, "prctl(PR_GET_SECUREBITS)");
	if ((now & bits) == bits)
		return 0;
	if (prctl(PR_SET_SECUREBITS, (unsigned long)(now | bits), 0, 0, 0) < 0)
		return step_failed(h, errno, "prctl(PR_SET_SECUREBITS)");
	return step_holds(h, (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) & bits) == bits,
			  "the secure bits are not what they were set to");
}

static int sandbox_has_no_securebits(struct harden *h)
{
	int r = step_lacks(h, MISSING_SECUREBITS,
			   "securebits: this sandbox has none; the bounding set, which is emptied, "
			   "keeps user 0 from capabilities");

	return r < 0 ? step_failed(h, EINVAL,
				   "prctl(PR_SET_SECUREBITS): this sandbox has no secure bits; to "
				   "start without them: --allow-missing=securebits")
		     : r;
}

int harden_lock_securebits(struct harden *h)
{
	/* With --keep-caps ambient capabilities are raised later, so that is not locked; afterwards
	 * there are no others to raise. */
	if (has_setpcap(h)) {
		int r = harden_add_securebits(h, h->policy->keep_caps ? BITS : BITS | AMBIENT_BITS);

		/* Of a kernel's own an unknown bit is EPERM, and the call is as old as 2.6.26. */
		return r != -EINVAL ? r : sandbox_has_no_securebits(h);
	}
	text_add(h->notes, "securebits: the runtime left no CAP_SETPCAP to lock them\n");
	return NOTHING_TO_DO;
}

/* ---- the sets */

/* What can be dropped: a bounding set never grows (capabilities(7)). */
static uint64_t bounding_before(const struct harden *h)
{
	return h->status ? h->status->caps[CAP_SET_BOUNDING] : UINT64_MAX;
}

static bool bounding_set_is(const struct harden *h, uint64_t kept)
{
	const uint64_t asked = bounding_before(h) & ~kept;

	for (unsigned long cap = 0; cap < 64; cap++) {
		int r = asked >> cap & 1 ? prctl(PR_CAPBSET_READ, cap, 0, 0, 0) : 0;

		/* The first number that the kernel does not know ends the set. */
		if (r != 0)
			return r < 0 && errno == EINVAL;
	}
	return true;
}

/*
 * Not capng_apply(3): it drops what is not there too, and reads the bounding set twice and the
 * ambient set: 123 to 150 calls more, a tenth of a start.
 */
static int drop_bounding(struct harden *h, uint64_t kept)
{
	const uint64_t dropped = bounding_before(h) & ~kept;

	for (unsigned long cap = 0; cap < 64; cap++) {
		if (!(dropped >> cap & 1) || prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
			continue;
		/* Past the kernel's last one; reading back shows whether anything was left. */
		if (errno == EINVAL && !h->status && cap > 0)
			return 0;
		return step_failed(h, errno, "prctl(PR_CAPBSET_DROP)");
	}
	return 0;
}

int harden_drop_bounding(struct harden *h)
{
	uint64_t kept = h->policy->keep_caps;

	if (!wants_caps_set(h->policy))
		return NOTHING_TO_DO;
	if (has_setpcap(h))
		return drop_bounding(h, kept);
	h->keeps_bounding = !bounding_set_is(h, kept);
	if (h->keeps_bounding)
		text_add(h->notes,
			 "bounding-set: it is not empty, and the runtime left no CAP_SETPCAP to "
			 "empty it%s\n",
			 h->policy->harden && !h->policy->allow_new_privs
				 ? "; no_new_privs keeps it out of reach"
				 : "");
	return h->keeps_bounding ? NOTHING_TO_DO : 0;
}

/* A capability that the runtime dropped cannot be kept. */
static int check_kept(struct harden *h)
{
	const uint64_t kept = h->policy->keep_caps;

	if (!kept)
		return 0;
	if (!h->status)
		return step_failed(h, EPERM, "--keep-caps: /proc/self/status could not be read");
	if (kept & ~h->status->caps[CAP_SET_PERMITTED])
		return step_failed(h, EPERM,
				   "--keep-caps names a capability that the runtime did not give: "
				   "add it there (--cap-add; securityContext.capabilities.add), "
				   "and start as root with --user: Kubernetes has no ambient "
				   "capabilities, so with runAsUser nothing is left to keep");
	return 0;
}

int harden_set_caps(struct harden *h)
{
	uint64_t kept = h->policy->keep_caps;
	int r;

	if (!wants_caps_set(h->policy))
		return NOTHING_TO_DO;
	r = check_kept(h);
	if (r < 0)
		return r;
	choose(kept, (capng_type_t)(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE |
				    CAPNG_AMBIENT));
	return apply(h, (capng_select_t)(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT));
}

static bool ambient_set_is(uint64_t kept)
{
	for (unsigned long cap = 0; cap < 64; cap++) {
		int r = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0);

		/* An error: there is no such capability or, before 4.3, no such set. */
		if ((r == 1) != (kept >> cap & 1))
			return false;
	}
	return true;
}

/*
 * execve(2) gives user 0 all of the bounding set (capabilities(7)), whatever it had before: unless
 * a secure bit or no_new_privs says otherwise, which somebody else may have set. Capabilities of a
 * file need no user 0, and heed no secure bit.
 */
bool harden_gets_all_back(uint64_t kept, bool is_root)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	bool root_gets_all = bits < 0 || !(bits & SECBIT_NOROOT);

	return kept & CAPS_TO_FILE_CAPS || (root_gets_all && (is_root || kept & CAPS_TO_ROOT));
}

#define COMES_BACK(who, remedy)                                                                    \
	who " would regain the bounding set at execve(2): " remedy                                 \
	    ", have the runtime drop what is not kept (--cap-drop), or add SETPCAP (--cap-add), "  \
	    "to "                                                                                  \
	    "empty that set"
#define COMES_BACK_TO_ROOT(remedy) COMES_BACK("user 0", remedy ", use another user (--user)")
#define COMES_BACK_TO_KEEPER(remedy)                                                               \
	COMES_BACK("a program that keeps SETUID, FOWNER or SETFCAP",                               \
		   remedy ", leave these out of --keep-caps")

static const char *comes_back(const struct harden *h, bool is_root)
{
	static const char *const messages[2][2] = {
		{COMES_BACK_TO_KEEPER("use a profile that sets no_new_privs"),
		 COMES_BACK_TO_KEEPER("remove --allow-new-privs")},
		{COMES_BACK_TO_ROOT("use a profile that sets no_new_privs"),
		 COMES_BACK_TO_ROOT("remove --allow-new-privs")},
	};

	if (!h->keeps_bounding || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ||
	    !harden_gets_all_back(h->policy->keep_caps, is_root))
		return NULL;
	return messages[is_root][h->policy->allow_new_privs];
}

int harden_read_caps_back(struct harden *h)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint64_t kept = h->policy->keep_caps;
	const char *back;

	if (!wants_caps_set(h->policy))
		return NOTHING_TO_DO;
	if (syscall(SYS_capget, &header, data) < 0)
		return step_failed(h, errno, "capget");
	for (size_t i = 0; i < array_length(data); i++) {
		uint32_t half = (uint32_t)(kept >> (32 * i));

		if (data[i].effective != half || data[i].permitted != half ||
		    data[i].inheritable != half)
			return step_failed(h, EPERM,
					   "the capabilities are not what they were set to");
	}
	/* With an empty permitted set there can be no ambient ones (capabilities(7)). */
	if (kept && !ambient_set_is(kept))
		return step_failed(h, EPERM,
				   "the ambient capabilities are not what they were set to");
	back = comes_back(h, getuid() == 0 || geteuid() == 0);
	if (back)
		return step_failed(h, EPERM, back);
	return step_holds(h, h->keeps_bounding || bounding_set_is(h, kept),
			  "there are capabilities left in the bounding set");
}

void harden_give_up(const struct policy *p)
{
	struct harden h = {.policy = p};

	if (p->keep_caps) {
		/* A program that was to change its user could be sent no signal. */
		choose(p->keep_caps & UINT64_C(1) << CAP_KILL, CAPNG_EFFECTIVE | CAPNG_PERMITTED);
		(void)apply(&h, (capng_select_t)(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT));
	}
}

void harden_hide(const struct policy *p)
{
	if (p->harden)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
