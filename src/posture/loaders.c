// SPDX-License-Identifier: MIT
/*
 * Keeps in mind what a program is run with. The kernel opens these files by their paths in
 * execve(2), also where the program itself is held by a descriptor.
 */
#include "posture/loaders.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "facts/loader.h"
#include "facts/lookup.h"
#include "sys/sight.h"
#include "sys/text.h"

static void look_at_memory(const char *path, struct loader_files *ret)
{
	if (ret->open_memory || !path)
		return;
	ret->open_memory = program_open_memory(path);
	ret->open = path;
}

void loaders_look(const char *path, bool memory, struct arena *a, struct loader_files *ret)
{
	struct loader_file *of = arena_take(a, LOADERS_DEEP, sizeof(*of));
	char from[PATH_MAX], to[PATH_MAX];

	*ret = (struct loader_files){.of = of};
	if (!of || !path || !text_copy(from, sizeof(from), path))
		return;
	if (memory)
		look_at_memory(path, ret);
	while (ret->count < LOADERS_DEEP && program_loader(from, to)) {
		struct loader_file *l = &of[ret->count++];

		l->path = arena_copy(a, to);
		l->error = -sight_stat(AT_FDCWD, to, 0, &l->file);
		if (memory)
			look_at_memory(l->path, ret);
		memcpy(from, to, sizeof(from));
	}
}

int loaders_compare(const struct loader_files *l, const char **ret_path)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct loader_file *was = &l->of[i];
		struct stat now;
		int error;

		if (!was->path)
			return ENOMEM;
		error = stat(was->path, &now) < 0 ? errno : 0;
		if (error && !was->error)
			return error;
		/* What was not seen was not judged: nothing else may be there now. */
		if (error || (!was->error && program_is_same(&was->file, &now)))
			continue;
		*ret_path = was->path;
		return ESTALE;
	}
	return 0;
}
