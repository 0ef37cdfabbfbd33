// SPDX-License-Identifier: MIT
/*
 * What libcap-ng is linked with instead of stdio, where scripts/build-libcapng.sh builds it. The
 * library opens /proc/PID/status for the bounding and the ambient set and falls back to prctl(2):
 * here opening always fails, so that the other functions are never called. A distribution's build
 * uses stdio.
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

/* For the name of a capability that is newer than the library, which then returns NULL. */
int capng_asprintf(char **ret, const char *fmt, ...)
{
	(void)fmt;
	*ret = NULL;
	return -1;
}
