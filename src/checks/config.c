// SPDX-License-Identifier: MIT
/* The configuration file: a policy that someone in the container can rewrite is no policy. */
#include <sys/stat.h>

#include "checks/check.h"

/* The file's mount, or NULL. */
static const struct mount *mount_of_file(const struct posture *s, const struct config_file *file)
{
	const struct mount *m = file->mount ? mounts_by_id(&s->mounts, file->mount) : NULL;
	const char *path = file->real ? file->real : file->path;

	return m || path[0] != '/' ? m : mounts_by_path(&s->mounts, path);
}

static void judge_read_only_file(const struct posture *s, const struct config_file *file,
				 struct finding *f)
{
	const struct mount *m = mount_of_file(s, file), *other;
	const char *path = shown(f, file->path);

	if (!m)
		return;
	other = mounts_open_elsewhere(&s->mounts, m, file->real ? file->real : "");
	if (other)
		found_grave(f, file->path,
			    "%s is on a read-only mount, but the same file can be written at %s",
			    path, shown(f, other->point));
	other = mount_way_open(&s->mounts, m);
	if (other)
		found_grave(f, file->path,
			    "%s is on a read-only mount, but a directory above it can be renamed: "
			    "%s is writable",
			    path, shown(f, other->point));
	else if (s->config_way)
		found_grave(f, file->path,
			    "%s is reached through %s, which is writable: the link or directory "
			    "there can be replaced",
			    path, shown(f, s->config_way));
}

void judge_config_trusted(const struct policy *p, const struct posture *s, struct finding *f)
{
	const struct config_file *file = &p->config;
	const char *path;

	f->not_applicable = !file->path;
	if (!file->path)
		return;
	path = shown(f, file->path);
	if (file->unread)
		found_note(f,
			   "%s belongs to the inspected image and was not read; --config=FILE "
			   "applies it",
			   path);
	if (!S_ISREG(file->mode))
		found_grave(f, file->path,
			    "%s is not a regular file: granit does not start with it", path);
	if (file->mode & (S_IWGRP | S_IWOTH))
		found_grave(f, file->path, "%s is writable by others than its owner (mode %03o)",
			    path, (unsigned int)(file->mode & 0777));
	/* The owner of an unpacked image says nothing about the container it will become. */
	if (p->root)
		return;
	if (file->owner != 0)
		found_grave(f, file->path, "%s belongs to user %u, not to root", path,
			    (unsigned int)file->owner);
	if (!file->read_only_mount)
		found_grave(f, file->path, "%s is on a writable mount", path);
	else
		judge_read_only_file(s, file, f);
}
