// SPDX-License-Identifier: MIT
/*
 * Chooses one of nettle's implementations of SHA-256 for this processor. Nettle's own choice
 * (fat-*.c) is a constructor, which costs every start, and obeys an environment variable;
 * scripts/build-nettle.sh leaves it out. Here the choice is made on first use.
 */
#include "seal/sha256_compress.h"

#if defined(__x86_64__)

#include <cpuid.h>

/* Intel's manual, volume 2, CPUID. SSSE3 too: the code shuffles bytes with it. */
static bool has_sha_ni(void)
{
	unsigned int a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA;
}

sha256_compress_function nettle_sha256_compress_sha_ni, nettle_sha256_compress_x86_64;

static const struct sha256_way ways[] = {
	{"sha_ni", nettle_sha256_compress_sha_ni, has_sha_ni},
	{"x86_64", nettle_sha256_compress_x86_64, NULL},
};

#elif defined(__aarch64__)

#include <sys/auxv.h>

static bool has_sha2(void)
{
	return getauxval(AT_HWCAP) & HWCAP_SHA2;
}

sha256_compress_function nettle_sha256_compress_arm64, nettle_sha256_compress_c;

static const struct sha256_way ways[] = {
	{"arm64", nettle_sha256_compress_arm64, has_sha2},
	{"c", nettle_sha256_compress_c, NULL},
};

#endif

#if defined(__x86_64__) || defined(__aarch64__)

/* Asked once: under a hypervisor CPUID can take as long as a hundred blocks. */
static void choose_way(uint32_t *state, const uint8_t *block, const uint32_t *constants)
{
	size_t i = 0;

	while (ways[i].works_here && !ways[i].works_here())
		i++;
	sha256_chosen_way = ways[i].compress;
	sha256_chosen_way(state, block, constants);
}

sha256_compress_function *sha256_chosen_way = choose_way;

void granit_sha256_compress(uint32_t *state, const uint8_t *block, const uint32_t *constants)
{
	sha256_chosen_way(state, block, constants);
}

size_t sha256_ways(const struct sha256_way **ret)
{
	*ret = ways;
	return array_length(ways);
}

#else

sha256_compress_function *sha256_chosen_way = granit_sha256_compress;

size_t sha256_ways(const struct sha256_way **ret)
{
	*ret = NULL;
	return 0;
}

#endif
