// SPDX-License-Identifier: MIT
/*
 * The filter of --learn: each number of a call, with arguments about each value that a row asks
 * for. It tells of a call if a row of the table does, of this architecture alone.
 */
#include <string.h>

/* What makes the program of the table is its own. */
#include "../../src/learn/filter.c" /* NOLINT(bugprone-suspicious-include) */

#include "exhaust.h"

enum { LAST_NUMBER = 600, ARGUMENTS = 6 };

static bool is_told(const struct seccomp_data *d)
{
	for (size_t i = 0; i < watched_calls_count; i++) {
		const struct watched_call *c = &watched_calls[i];
		uint32_t masked = (uint32_t)d->args[c->argument] & c->mask;

		if (c->number != d->nr)
			continue;
		if (c->test == TEST_NOTHING || (c->test == TEST_EQUAL && masked == c->value) ||
		    (c->test == TEST_ANY_OF && masked != 0))
			return true;
	}
	return false;
}

static uint64_t try_told(const struct telling *f, struct seccomp_data *d)
{
	bool own = d->arch == OWN_ARCH;
	uint32_t got = exhaust_run(f->insns, f->len, d);

	if (got != (own && is_told(d) ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ALLOW))
		exhaust_wrong("arch %#x, call %d (%#llx, %#llx, %#llx, %#llx): %#x", d->arch, d->nr,
			      (unsigned long long)d->args[0], (unsigned long long)d->args[1],
			      (unsigned long long)d->args[2], (unsigned long long)d->args[3], got);
	return 1;
}

/* Values of two arguments against each other, over all that any row asks for. */
static uint64_t try_values(const struct telling *f, struct seccomp_data *d)
{
	uint64_t values[4 * 128 + 3] = {0, UINT64_MAX, UINT64_C(1) << 32};
	size_t count = 3;
	uint64_t n = 0;

	for (size_t i = 0; i < watched_calls_count; i++) {
		const struct watched_call *c = &watched_calls[i];

		if (c->number != d->nr || c->test == TEST_NOTHING)
			continue;
		values[count++] = c->value;
		values[count++] = c->mask & -c->mask;
		values[count++] = c->value | ~c->mask;
		values[count++] = ~(uint64_t)c->mask;
	}
	for (size_t i = 0; i < ARGUMENTS; i++)
		for (size_t v = 0; v < count; v++)
			for (size_t j = 0; j < ARGUMENTS; j++)
				for (size_t w = 0; w < count; w++) {
					memset(d->args, 0, sizeof(d->args));
					d->args[i] = values[v];
					d->args[j] = values[w];
					n += try_told(f, d);
				}
	return n;
}

uint64_t exhaust_listener(void)
{
	static const uint32_t arches[] = {OWN_ARCH, 0, AUDIT_ARCH_I386, AUDIT_ARCH_ARM};
	static struct telling f;
	uint64_t n = 0;

	tell_of_all(&f);
	for (size_t a = 0; a < array_length(arches); a++)
		for (int number = -1; number < LAST_NUMBER; number++) {
			struct seccomp_data d = {.nr = number, .arch = arches[a]};

			n += try_values(&f, &d);
		}
	return n;
}
