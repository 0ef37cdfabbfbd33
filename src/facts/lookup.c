// SPDX-License-Identifier: MIT
/* Searches PATH for a program. */
#include "facts/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "facts/program_dirs.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

static bool is_there(const char *path, int error)
{
	return error != ENOTDIR && (error != ENOENT || access(path, F_OK) == 0);
}

static int look_at_program(const char *path, struct stat *ret)
{
	int r = sight_stat(AT_FDCWD, path, 0, ret);

	if (r == 0)
		r = sight_access(AT_FDCWD, path, X_OK);
	if (r < 0)
		return -r;
	return S_ISREG(ret->st_mode) ? 0 : EACCES;
}

int program_find(const char *name, const char *search, char *path, struct stat *ret)
{
	char candidate[PATH_MAX];
	int first = 0;

	if (!text_copy(path, PATH_MAX, name))
		return ENAMETOOLONG;
	if (!*name)
		return ENOENT;
	if (strchr(name, '/'))
		return look_at_program(name, ret);
	for (const char *dir = search ? search : DEFAULT_PATH, *end; dir;
	     dir = *end ? end + 1 : NULL) {
		struct text t;
		int error;

		end = strchrnul(dir, ':');
		text_init(&t, candidate, sizeof(candidate));
		text_add_bytes(&t, dir, (size_t)(end - dir)); /* empty: the working directory */
		text_add_part(&t, name);
		if (t.cut)
			continue;
		error = look_at_program(candidate, ret);
		if (error && (first || !is_there(candidate, error)))
			continue;
		memcpy(path, candidate, t.len + 1);
		if (!error)
			return 0;
		/* It exists, but cannot be used: a later directory may have one that can. */
		first = error;
	}
	return first ? first : ENOENT;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool program_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_mode == b->st_mode &&
	       a->st_size == b->st_size && is_same_time(&a->st_ctim, &b->st_ctim);
}

/*
 * Asked of the version: the name shows only in a program that was started. AT_EXECVE_CHECK, which
 * could be probed, came with the same release but is another change: where a distribution
 * backported that one alone, programs would be named "5". The version errs only the other way: a
 * kernel with a backport of this change starts programs by path.
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
