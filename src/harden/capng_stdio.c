// SPDX-License-Identifier: MIT
/*
 * What libcap-ng is linked with in the place of stdio, where scripts/build-libcapng.sh builds it.
 * It opens /proc/PID/status to learn the bounding and the ambient set, and asks prctl(2) when it
 * cannot: here it always cannot, so that the others are never called. What the distribution built
 * has stdio.
 */
#include <errno.h>
#include <stdio.h>

#include "harden/capng_stdio.h"

FILE *capng_fopen(const char *path, const char *mode)
{
	(void)path;
	(void)mode;
	errno = ENOENT;
	return NULL;
}

int capng_fclose(FILE *f)
{
	(void)f;
	return 0;
}

char *capng_fgets(char *line, int size, FILE *f)
{
	(void)line;
	(void)size;
	(void)f;
	return NULL;
}

int capng_sscanf(const char *line, const char *fmt, ...)
{
	(void)line;
	(void)fmt;
	return 0;
}

/* For a capability that is newer than the library, which then says NULL for its name. */
int capng_asprintf(char **ret, const char *fmt, ...)
{
	(void)fmt;
	*ret = NULL;
	return -1;
}
