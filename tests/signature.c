/* SPDX-License-Identifier: MIT */
/*
 * signature DATA SIGNATURE KEY: what granit says of these three files: "0 COMMENT", or the name of
 * the errno and why. Linked with all of granit but main.c.
 */
#include <stdio.h>
#include <stdlib.h>

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

int main(int argc, char **argv)
{
	struct signature_verdict verdict;
	struct file f[3];
	int r;

	if (argc != 4) {
		fprintf(stderr, "usage: signature DATA SIGNATURE KEY\n");
		return 2;
	}
	for (int i = 0; i < 3; i++)
		f[i] = read_file(argv[i + 1]);
	r = signature_check(f[0].data, f[0].size, f[1].data, f[1].size, f[2].data, f[2].size,
			    &verdict);
	printf("%s %s\n", r ? word_name(WORD_ERRNO, -r) : "0", r ? verdict.why : verdict.comment);
	return 0;
}
