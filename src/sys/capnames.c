// SPDX-License-Identifier: MIT
/* Names the capabilities in a set. */
#include "sys/capnames.h"

#include <cap-ng.h>

void caps_add_names(struct text *out, uint64_t set, unsigned int most)
{
	unsigned int n = 0;

	for (unsigned int cap = 0; cap < 64; cap++) {
		const char *name;

		if (!(set >> cap & 1) || n++ >= most)
			continue;
		name = capng_capability_to_name(cap);
		text_add(out, n > 1 ? ", " : "");
		/* The kernel is newer than the library. */
		if (name)
			text_add(out, "%s", name);
		else
			text_add(out, "%u", cap);
	}
	if (n > most)
		text_add(out, " and %u more", n - most);
	if (n == 0)
		text_add(out, "none");
}
