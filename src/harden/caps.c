// SPDX-License-Identifier: MIT
/* Capabilities, through libcap-ng; read back without it. */
#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include "harden/harden.h"
#include "sys/sys.h"

/* capng_apply(3) answers with small numbers that are no errno. */
static const char *const apply_errors[] = {
	[1] = "libcap-ng was not set up",
	[2] = "prctl(PR_CAPBSET_DROP)",
	[3] = "reading the bounding set after dropping it",
	[4] = "dropping the bounding set without CAP_SETPCAP",
	[5] = "capset",
	[6] = "prctl(PR_CAP_AMBIENT_CLEAR_ALL)",
	[7] = "prctl(PR_CAP_AMBIENT_CLEAR_ALL)",
	[8] = "prctl(PR_CAP_AMBIENT_RAISE)",
};

static int apply(struct harden *h, capng_select_t sets)
{
	int r;

	errno = 0;
	r = capng_apply(sets);
	if (r >= 0)
		return 0;
	h->call = (size_t)-r < array_length(apply_errors) ? apply_errors[-r] : "capng_apply";
	return errno ? -errno : -EPERM;
}

static bool has_setpcap(const struct harden *h)
{
	if (h->status)
		return h->status->caps[CAP_SET_EFFECTIVE] >> CAP_SETPCAP & 1;
	return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
}

static bool bounding_set_is_empty(void)
{
	int r;

	/* The first number that the kernel does not know ends the set: -1. */
	for (unsigned long cap = 0; (r = prctl(PR_CAPBSET_READ, cap, 0, 0, 0)) >= 0; cap++)
		if (r > 0)
			return false;
	return true;
}

int harden_drop_caps(struct harden *h)
{
	int sets = CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT;

	if (has_setpcap(h))
		sets |= CAPNG_SELECT_BOUNDS;
	else
		h->keeps_bounding = !bounding_set_is_empty();
	capng_clear(CAPNG_SELECT_ALL);
	return apply(h, (capng_select_t)sets);
}

int harden_read_caps_back(struct harden *h)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	h->call = "capget";
	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	/* An empty permitted set leaves no room for ambient ones (capabilities(7)). */
	for (size_t i = 0; i < array_length(data); i++) {
		h->call = "there are capabilities left";
		if (data[i].effective | data[i].permitted | data[i].inheritable)
			return -EPERM;
	}
	h->call = "there are capabilities left in the bounding set";
	return h->keeps_bounding || bounding_set_is_empty() ? 0 : -EPERM;
}
