// SPDX-License-Identifier: MIT
/* --user: becoming somebody else, for good. */
#include "harden/harden.h"

int harden_switch_user(struct harden *h)
{
	return h->policy->user ? 0 : NOTHING_TO_DO;
}
