// SPDX-License-Identifier: MIT
#include "facts/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* execvp(3)'s own when there is no PATH, less the working directory. */
static const char default_path[] = "/usr/local/bin:/bin:/usr/bin";

/* "DIR/NAME" into path; an empty DIR is the working directory. False when it does not fit. */
static bool join(char *path, const char *dir, size_t dir_len, const char *name)
{
	size_t name_len = strlen(name);

	if (dir_len + name_len + 2 > PATH_MAX)
		return false;
	memcpy(path, dir, dir_len);
	if (dir_len)
		path[dir_len++] = '/';
	memcpy(path + dir_len, name, name_len + 1);
	return true;
}

static bool is_there(const char *path, int error)
{
	return error != ENOTDIR && (error != ENOENT || access(path, F_OK) == 0);
}

int program_search(const char *name, const char *search, char *path,
		   int (*try)(const char *path, void *context), void *context)
{
	char candidate[PATH_MAX];
	int first = 0;

	if (!join(path, "", 0, name))
		return ENAMETOOLONG;
	if (!*name)
		return ENOENT;
	if (strchr(name, '/'))
		return try(name, context);
	for (const char *dir = search ? search : default_path, *end; dir;
	     dir = *end ? end + 1 : NULL) {
		int error;

		end = strchrnul(dir, ':');
		if (!join(candidate, dir, (size_t)(end - dir), name))
			continue;
		error = try(candidate, context);
		if (error && (first || !is_there(candidate, error)))
			continue;
		memcpy(path, candidate, strlen(candidate) + 1);
		if (!error)
			return 0;
		/* There, but not to be had: somebody further on may have it. */
		first = error;
	}
	return first ? first : ENOENT;
}

static int may_execute(const char *path, void *context)
{
	struct stat st;

	(void)context;
	if (stat(path, &st) < 0 || faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
		return errno;
	return S_ISREG(st.st_mode) ? 0 : EACCES;
}

int program_find(const char *name, const char *search, char *path)
{
	return program_search(name, search, path, may_execute, NULL);
}

/*
 * By the version: what the kernel calls a program shows only in one that was started.
 * AT_EXECVE_CHECK, which can be asked for, came with the same release and is another change; where
 * a distribution has taken over that one alone, programs would be called "5". The version errs the
 * other way only: a kernel that has the change and an older number starts programs by their path.
 */
bool exec_keeps_name(void)
{
	struct utsname kernel;
	unsigned long major, minor;
	char *end;

	if (uname(&kernel) < 0)
		return false;
	major = strtoul(kernel.release, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return major > 6 || (major == 6 && minor >= 14);
}
