// SPDX-License-Identifier: MIT
/*
 * The filter of --deny: each word and all of them, for each architecture that it knows and one that
 * it does not, with each number of a call and with arguments about each value that a rule asks for.
 * What the program answers is what the table says, read rule by rule.
 */
#include <inttypes.h>
#include <string.h>

/* Its table and what makes the program of it are its own. */
#include "../../src/harden/filter.c" /* NOLINT(bugprone-suspicious-include) */

#include "exhaust.h"

enum { LAST_NUMBER = 600, ARGUMENTS = 6, MOST_VALUES = 64 };

static bool holds(const struct condition *w, const uint64_t *args)
{
	switch (w->test) {
	case MATCHES:
		return ((uint32_t)args[w->argument] & w->mask) == w->value;
	case NOT_NULL:
		return args[w->argument] != 0;
	default:
		return true;
	}
}

static uint32_t expected(unsigned int denied, const struct seccomp_data *d)
{
	const struct abi *abi = NULL;

	for (size_t i = 0; i < array_length(abis); i++)
		if (abis[i].arch == d->arch)
			abi = &abis[i];
	if (!abi)
		return SECCOMP_RET_ERRNO | ENOSYS;
	for (size_t i = 0; i < array_length(rules); i++) {
		const struct rule *r = &rules[i];
		uint64_t args[ARGUMENTS];

		for (size_t j = 0; j < ARGUMENTS; j++)
			args[j] = d->args[j];
		if ((r->denial & denied) && r->number[abi->numbers] &&
		    r->number[abi->numbers] == ((uint32_t)d->nr & ~X32_BIT) &&
		    holds(&r->when[0], args) && holds(&r->when[1], args))
			return r->error ? SECCOMP_RET_ERRNO | r->error : SECCOMP_RET_ALLOW;
	}
	return SECCOMP_RET_ALLOW;
}

/* What is worth trying in an argument, by all rules that look at it: each value, beside it, each
 * bit of a mask. */
static size_t values_of(uint16_t number, enum numbers of, uint8_t argument, uint64_t *ret)
{
	static const uint64_t always[] = {0, 1, 2, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX};
	size_t n = array_length(always);

	memcpy(ret, always, sizeof(always));
	for (size_t i = 0; i < array_length(rules); i++)
		for (size_t w = 0; w < CONDITIONS; w++) {
			const struct condition *c = &rules[i].when[w];

			if (rules[i].number[of] != number || c->test == HOLDS ||
			    c->argument != argument)
				continue;
			if (n + 5 > MOST_VALUES)
				exhaust_wrong("more room for values is needed");
			ret[n++] = c->value;
			ret[n++] = c->value + 1;
			ret[n++] = c->value | ~c->mask;
			ret[n++] = c->value ^ (c->mask & -c->mask);
			ret[n++] = c->value | UINT64_C(1) << 32;
		}
	return n;
}

static void try_call(const struct code *code, unsigned int denied, const struct seccomp_data *d)
{
	uint32_t got = exhaust_run(code->insns, code->len, d), want = expected(denied, d);

	if (got != want)
		exhaust_wrong("words %#x, arch %#x, call %d (%#llx, %#llx, %#llx, %#llx, %#llx): "
			      "%#x, not %#x",
			      denied, d->arch, d->nr, (unsigned long long)d->args[0],
			      (unsigned long long)d->args[1], (unsigned long long)d->args[2],
			      (unsigned long long)d->args[3], (unsigned long long)d->args[4], got,
			      want);
}

/* This argument and those behind it, each with every value. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as there are arguments */
static uint64_t try_arguments(const struct code *code, unsigned int denied, struct seccomp_data *d,
			      enum numbers of, uint8_t argument)
{
	uint64_t values[MOST_VALUES];
	size_t n = values_of((uint16_t)((uint32_t)d->nr & ~X32_BIT), of, argument, values);
	uint64_t tried = 0;

	if (argument == ARGUMENTS) {
		try_call(code, denied, d);
		return 1;
	}
	/* Where no rule looks, nothing and everything. */
	if (n == 6) {
		values[1] = UINT64_MAX;
		n = 2;
	}
	for (size_t i = 0; i < n; i++) {
		d->args[argument] = values[i];
		tried += try_arguments(code, denied, d, of, (uint8_t)(argument + 1));
	}
	return tried;
}

static uint64_t try_arch(const struct code *code, unsigned int denied, uint32_t arch,
			 enum numbers of)
{
	static const uint32_t flags[] = {0, X32_BIT};
	uint64_t n = 0;

	for (uint32_t number = 0; number < LAST_NUMBER; number++)
		for (size_t i = 0; i < array_length(flags); i++) {
			struct seccomp_data d = {.nr = (int)(number | flags[i]), .arch = arch};

			n += try_arguments(code, denied, &d, of, 0);
		}
	return n;
}

uint64_t exhaust_filter(void)
{
	unsigned int all = 0;
	uint64_t n = 0;

	for (size_t i = 0; i < array_length(rules); i++)
		all |= rules[i].denial;
	for (unsigned int word = 1; word <= all; word <<= 1) {
		unsigned int words[] = {word, all & ~word, all};

		for (size_t i = 0; (word & all) && i < array_length(words); i++) {
			static struct code code;

			compile(&code, words[i]);
			for (size_t a = 0; a < array_length(abis); a++)
				n += try_arch(&code, words[i], abis[a].arch, abis[a].numbers);
			n += try_arch(&code, words[i], 0, GENERIC);
		}
	}
	return n;
}
