// SPDX-License-Identifier: MIT
/* Opens the directories on the way to mounts while granit may list them, and knows names in those
 * that it may not. */
#include "harden/landlock_ways.h"

#include <fcntl.h>
#include <string.h>

#include "facts/loader.h"
#include "facts/mountid.h"
#include "sys/sys.h"

/* What cannot be opened yet is tried again by the step landlock, which says what is wrong. */
int harden_open_ways(struct harden *h)
{
	const struct posture *s = h->posture;
	struct landlock_plan *plan;

	if (h->policy->landlock == LANDLOCK_OFF || s->mounts_trouble.tried || !s->root.has_mount_id)
		return NOTHING_TO_DO;
	plan = arena_take(h->arena, 1, sizeof(*plan));
	if (!plan || landlock_plan(h->policy, s, h->arena, plan) < 0)
		return NOTHING_TO_DO;
	for (struct landlock_rule *rule = plan->rules; rule; rule = rule->next)
		if (rule->gifts & GIVE_EXEC_TO_ENTRIES)
			rule->dir = openat(AT_FDCWD, rule->path,
					   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	h->plan = plan;
	return NOTHING_TO_DO;
}

void landlock_close_ways(struct landlock_plan *plan)
{
	for (struct landlock_rule *rule = plan->rules; rule; rule = rule->next)
		close_fd(&rule->dir);
}

/* ---- what is known */

/* The i-th part of PATH. False: there is none. */
static bool part_of_path(const char *path, size_t i, char ret[PATH_MAX])
{
	for (; path && i > 0; i--) {
		path = strchr(path, ':');
		path += path != NULL;
	}
	if (!path)
		return false;
	ret[0] = '\0';
	if (strcspn(path, ":") < PATH_MAX) {
		memcpy(ret, path, strcspn(path, ":"));
		ret[strcspn(path, ":")] = '\0';
	}
	return true;
}

/* The program, the i-th file that it is run with, its i-th word. */
static bool known_name(const struct harden *h, size_t i, char name[PATH_MAX])
{
	char *const *words = h->policy->program;
	const struct loader_files *loaders = &h->posture->loaders;
	const char *known = h->posture->app.place;

	name[0] = '\0';
	if (i <= LOADERS_DEEP) {
		if (i > 0)
			known = i <= loaders->count ? loaders->of[i - 1].path : NULL;
		if (!known || !text_copy(name, PATH_MAX, known))
			name[0] = '\0';
		return true;
	}
	for (i -= LOADERS_DEEP + 1; words && *words; words++, i--) {
		if (i > 0)
			continue;
		if (**words == '/' && !text_copy(name, PATH_MAX, *words))
			name[0] = '\0';
		return true;
	}
	return part_of_path(h->posture->path, i, name);
}

bool landlock_known_entry(const struct harden *h, const char *dir, size_t i, char entry[PATH_MAX])
{
	size_t len = strlen(dir);
	cleanup_fd int fd = -1;
	char name[PATH_MAX];

	entry[0] = '\0';
	if (!known_name(h, i, name))
		return false;
	fd = name[0] == '/' ? openat(AT_FDCWD, name, O_PATH | O_CLOEXEC) : -1;
	if (fd < 0 || !path_of_fd(-1, fd, name) || !path_is_beneath(name, dir) ||
	    strcmp(name, dir) == 0)
		return true;
	len += dir[len - 1] != '/';
	name[len + strcspn(name + len, "/")] = '\0';
	memcpy(entry, name, strlen(name) + 1);
	return true;
}
