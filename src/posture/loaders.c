// SPDX-License-Identifier: MIT
/*
 * Keeps in mind what a program is run with. The kernel opens these files by their paths in
 * execve(2), also where the program itself is held by a descriptor.
 */
#include "posture/loaders.h"

#include <errno.h>
#include <string.h>

#include "facts/loader.h"
#include "facts/lookup.h"
#include "sys/text.h"

void loaders_look(const char *path, struct arena *a, struct loader_files *ret)
{
	struct loader_file *of = arena_take(a, LOADERS_DEEP, sizeof(*of));
	char from[PATH_MAX], to[PATH_MAX];

	*ret = (struct loader_files){.of = of};
	if (!of || !path || !text_copy(from, sizeof(from), path))
		return;
	while (ret->count < LOADERS_DEEP && program_loader(from, to)) {
		struct loader_file *l = &of[ret->count++];

		l->path = arena_copy(a, to);
		l->error = stat(to, &l->file) < 0 ? errno : 0;
		memcpy(from, to, sizeof(from));
	}
}

/* What was barred from being judged has been told as such: only what was not there stays away. */
static bool was_out_of_sight(const struct loader_file *l)
{
	return l->error && l->error != ENOENT && l->error != ENOTDIR;
}

int loaders_compare(const struct loader_files *l, const char **ret_path)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct loader_file *was = &l->of[i];
		struct stat now;
		int error;

		if (!was->path)
			return ENOMEM;
		if (was_out_of_sight(was))
			continue;
		error = stat(was->path, &now) < 0 ? errno : 0;
		if (error && !was->error)
			return error;
		if (error || (!was->error && program_is_same(&was->file, &now)))
			continue;
		*ret_path = was->path;
		return ESTALE;
	}
	return 0;
}
