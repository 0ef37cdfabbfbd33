// SPDX-License-Identifier: MIT
/* The one place that says which checks there are: family by family, in the order of all reports. */
#include "checks/rows/rows.h"

static const struct check_table *const tables[] = {
	&mounts_checks,
	&image_checks,
	&identity_checks,
	&host_checks,
};

const struct check *check_at(size_t i)
{
	for (size_t t = 0; t < array_length(tables); t++) {
		if (i < tables[t]->count)
			return &tables[t]->rows[i];
		i -= tables[t]->count;
	}
	return NULL;
}

size_t checks_count(void)
{
	size_t n = 0;

	for (size_t t = 0; t < array_length(tables); t++)
		n += tables[t]->count;
	return n;
}

_Static_assert(array_length(tables) * FAMILY_CHECKS_MOST <= POLICY_CHECKS,
	       "the policy has no room for more checks");
