// SPDX-License-Identifier: MIT
#include "harden/deny.h"

#include "harden/harden.h"

const char *const denial_names[DENIALS] = {
	"wx-memory", "memfd-exec", "user-namespaces", "tiocsti", "exec-scripts",
};

int harden_deny(struct harden *h)
{
	return h->policy->deny ? 0 : NOTHING_TO_DO;
}
