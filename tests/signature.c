/* SPDX-License-Identifier: MIT */
/*
 * signature DATA SIGNATURE KEY: what granit says of these three files: "0 COMMENT", or the name of
 * the errno and why. signature --cut DATA SIGNATURE KEY: the same of every beginning of the
 * signature that is not all of it, a line each. Linked with all of granit but main.c.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpers/words.h"
#include "seal/signature.h"

struct file {
	char *data;
	size_t size;
};

/* No NUL behind it, and no byte more than there is: the sanitizers then see who reads on. */
static struct file read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct file r = {0};

	if (!f || fseek(f, 0, SEEK_END) < 0) {
		perror(path);
		exit(2);
	}
	r.size = (size_t)ftell(f);
	rewind(f);
	r.data = malloc(r.size ? r.size : 1);
	if (!r.data || fread(r.data, 1, r.size, f) != r.size) {
		perror(path);
		exit(2);
	}
	fclose(f);
	return r;
}

static void judge(const struct file *data, const struct file *signature, const struct file *key)
{
	struct signature_verdict verdict;
	int r = signature_check(data->data, data->size, signature->data, signature->size, key->data,
				key->size, &verdict);

	printf("%s %s\n", r ? word_name(WORD_ERRNO, -r) : "0", r ? verdict.why : verdict.comment);
}

int main(int argc, char **argv)
{
	bool cut = argc == 5 && strcmp(argv[1], "--cut") == 0;
	struct file f[3];
	size_t all;

	if (argc != 4 && !cut) {
		fprintf(stderr, "usage: signature [--cut] DATA SIGNATURE KEY\n");
		return 2;
	}
	for (int i = 0; i < 3; i++)
		f[i] = read_file(argv[argc - 3 + i]);
	all = f[1].size;
	for (f[1].size = cut ? 0 : all; f[1].size < all; f[1].size++)
		judge(&f[0], &f[1], &f[2]);
	if (!cut)
		judge(&f[0], &f[1], &f[2]);
	return 0;
}
