// SPDX-License-Identifier: MIT
/*
 * Looks at volumes that programs could be started from. Landlock keeps execve(2) from them; a
 * dynamic loader of the image's maps a file instead (ld.so /tools/sh). A writable volume is not
 * looked at: what somebody has stored there must not refuse the next start.
 */
#include <fcntl.h>
#include <string.h>

#include "facts/foreign.h"
#include "facts/loader.h"
#include "facts/mountid.h"
#include "facts/way.h"
#include "posture/posture.h"
#include "sys/sys.h"
#include "sys/text.h"

/* One bounded look at each. */
enum { ENTRIES = 2000 };

static bool is_to_be_looked_at(const struct policy *p, const struct posture *s,
			       const struct mount *m)
{
	return m->read_only && !m->covered && !mount_is_root(&s->mounts, m) &&
	       !mount_is_over_root(&s->mounts, m) && mount_is_foreign(p, m);
}

bool posture_expects_landlock(const struct policy *p, const struct posture *s)
{
	return p->landlock != LANDLOCK_OFF && s->landlock_abi > 1 && !p->allow_new_privs;
}

static bool has_loader(const struct posture *s)
{
	for (size_t i = PATH_LOADER_FIRST; i <= PATH_LOADER_LAST; i++)
		if (!s->paths[i].error)
			return true;
	return s->app.linkage == LINKAGE_DYNAMIC || s->programs.has_loader;
}

/* What is to be started, and what that is run with: the first that is not on the image's mount. */
static const char *find_foreign_part(const struct policy *p, const struct posture *s,
				     struct arena *a)
{
	cleanup_fd int root = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char part[PATH_MAX];

	if (!s->app.place || s->app.error || !program_part_elsewhere(root, s->app.place, part) ||
	    path_is_declared_for_programs(p, part))
		return NULL;
	return arena_copy(a, part);
}

/* What the program is run with, not on the image's mount, that its user can change; or NULL. */
static const char *find_loose_part(const struct policy *p, const struct posture *s, struct arena *a)
{
	cleanup_fd int root = openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < s->loaders.count; i++) {
		const char *path = s->loaders.of[i].path;

		if (path && path_is_on_mount(path, root) == 0 &&
		    !path_is_declared_for_programs(p, path) && file_can_be_changed(path, a))
			return path;
	}
	return NULL;
}

/* What the program is run with, by a way that whoever writes a volume can change. */
static void find_open_part(const struct policy *p, const struct posture *s, struct arena *a,
			   struct foreign_facts *ret)
{
	char path[PATH_MAX], next[PATH_MAX];

	if (!s->app.place || s->app.error || !text_copy(path, sizeof(path), s->app.place))
		return;
	for (int depth = 0; depth < LOADERS_DEEP && program_loader(path, next); depth++) {
		const struct mount *m = way_through_writable(&s->mounts, -1, next);

		memcpy(path, next, sizeof(path));
		if (!m || path_is_declared_for_programs(p, next))
			continue;
		ret->open_part = arena_copy(a, next);
		ret->open_at = m->point;
		return;
	}
}

/* Returns false: there is no memory. */
static bool list_volumes(const struct policy *p, struct arena *a, struct posture *s)
{
	struct image_volume **last = &s->foreign.first;

	for (size_t i = 0; i < s->mounts.count; i++) {
		const struct mount *m = &s->mounts.rows[i];
		struct image_volume *v;

		if (!is_to_be_looked_at(p, s, m))
			continue;
		v = arena_take(a, 1, sizeof(*v));
		if (!v)
			return false;
		v->path = m->point;
		*last = v;
		last = &v->next;
		s->foreign.count++;
	}
	return true;
}

void foreign_look(const struct policy *p, struct arena *a, struct posture *s)
{
	struct foreign_facts *ret = &s->foreign;
	const struct image_request q = {.root = -1,
					.allow = p->allow.paths,
					.allow_count = p->allow.count,
					.entries = ENTRIES,
					.budget = p->scan_budget};

	ret->landlock = posture_expects_landlock(p, s);
	ret->kept_out = ret->landlock && !has_loader(s);
	ret->part = find_foreign_part(p, s, a);
	if (ret->part)
		ret->loose_part = find_loose_part(p, s, a);
	else
		find_open_part(p, s, a, ret);
	ret->out_of_memory = !list_volumes(p, a, s);
	if (ret->first && !ret->kept_out && p->scan != SCAN_OFF)
		image_look_beneath(&q, ret->first, a);
}
