/* SPDX-License-Identifier: MIT */
/*
 * digest [WAY] <FILE: the SHA-256 of standard input, by one of the ways that nettle has here, read
 * in pieces of all sizes; without WAY by the one that granit takes. digest --ways: which there are,
 * and whether this processor knows them. digest --speed: how many MB a second each of these does.
 * Linked with all of granit but main.c.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "seal/digest.h"
#include "seal/sha256_compress.h"

static const struct sha256_way *ways;
static size_t ways_count;

static bool works(const struct sha256_way *w)
{
	return !w->works_here || w->works_here();
}

static int print_ways(void)
{
	for (size_t i = 0; i < ways_count; i++)
		printf("%s %s\n", ways[i].name, works(&ways[i]) ? "yes" : "no");
	return 0;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The best of some rounds: what else the machine does only makes it slower. */
static double speed(void)
{
	static unsigned char buf[1 << 18];
	unsigned char sum[DIGEST_SIZE];
	double best = 0;

	for (int round = 0; round < 8; round++) {
		double from = seconds(), rate;
		struct digest d;

		digest_begin(&d);
		for (int i = 0; i < 256; i++)
			digest_add(&d, buf, sizeof(buf));
		digest_end(&d, sum);
		rate = 256.0 * sizeof(buf) / (seconds() - from) / 1e6;
		best = rate > best ? rate : best;
	}
	return best;
}

static int print_speeds(void)
{
	if (ways_count == 0)
		printf("one %.0f\n", speed());
	for (size_t i = 0; i < ways_count; i++)
		if (works(&ways[i])) {
			sha256_chosen_way = ways[i].compress;
			printf("%s %.0f\n", ways[i].name, speed());
		}
	return 0;
}

static bool take(const char *name)
{
	for (size_t i = 0; i < ways_count; i++)
		if (strcmp(ways[i].name, name) == 0 && works(&ways[i])) {
			sha256_chosen_way = ways[i].compress;
			return true;
		}
	return false;
}

int main(int argc, char **argv)
{
	unsigned char buf[257], sum[DIGEST_SIZE];
	struct digest d;
	size_t n, most = 1;

	ways_count = sha256_ways(&ways);
	if (argc == 2 && strcmp(argv[1], "--ways") == 0)
		return print_ways();
	if (argc == 2 && strcmp(argv[1], "--speed") == 0)
		return print_speeds();
	if (argc == 2 && !take(argv[1])) {
		fprintf(stderr, "digest: '%s' is no way that works here\n", argv[1]);
		return 2;
	}
	digest_begin(&d);
	for (; (n = fread(buf, 1, most, stdin)) > 0; most = most % sizeof(buf) + 1)
		digest_add(&d, buf, n);
	digest_end(&d, sum);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		printf("%02x", sum[i]);
	printf("\n");
	return 0;
}
