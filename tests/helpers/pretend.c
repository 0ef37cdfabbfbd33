/* SPDX-License-Identifier: MIT */
/*
 * pretend [WORD]...
 *
 * Stands for a process 1 that is called granit and is not: copied there as /granit, it prints
 * "ready" and waits, whatever it was started with. With "unended" as the last word its command line
 * is overwritten with 'x', the final NUL byte included: what the kernel shows of it has no end.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *last = argv[argc - 1];

	if (strcmp(last, "unended") == 0)
		memset(argv[0], 'x', (size_t)(last + strlen(last) + 1 - argv[0]));
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
