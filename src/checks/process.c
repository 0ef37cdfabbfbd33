// SPDX-License-Identifier: MIT
/* The process that granit was started as: descriptors, directory, terminal, limits, the program. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "checks/check.h"
#include "facts/foreign.h"
#include "sys/variables.h"

/* ---- inherited descriptors (CVE-2024-21626 and its kin) */

static bool is_foreign(const struct posture *s, const struct inherited_fd *fd)
{
	/* Pipes, sockets and memory files are on kernel mounts that no table shows. */
	return fd->has_mount_id && (S_ISDIR(fd->mode) || S_ISREG(fd->mode)) &&
	       fd->target[0] == '/' && strncmp(fd->target, "/memfd:", 7) != 0 &&
	       !s->mounts_trouble.tried && !mounts_by_id(&s->mounts, fd->mount_id);
}

static bool is_harmless_device(const struct inherited_fd *fd)
{
	return strcmp(fd->target, "/dev/null") == 0 || strncmp(fd->target, "/dev/pts/", 9) == 0 ||
	       strcmp(fd->target, "/dev/tty") == 0 || strcmp(fd->target, "/dev/console") == 0;
}

/* gVisor gives a device of the host's, /dev/null too, a number of its own. */
static bool is_numbered_by_sandbox(const struct posture *s, const struct inherited_fd *fd)
{
	return s->in_gvisor && fd->fd <= 2 && S_ISCHR(fd->mode);
}

static void judge_fd(const struct posture *s, const struct inherited_fd *fd, struct finding *f)
{
	const char *target = shown(f, fd->target);
	const char *path = fd->target[0] == '/' ? fd->target : NULL;

	if (S_ISDIR(fd->mode))
		found_grave(f, path, "descriptor %d is a directory: %s", fd->fd, target);
	else if (is_foreign(s, fd))
		found_grave(f, path, "descriptor %d leads out of the container: %s", fd->fd,
			    target);
	else if (S_ISBLK(fd->mode) || (S_ISCHR(fd->mode) && !is_harmless_device(fd)))
		found_grave(f, path, "descriptor %d is a device: %s", fd->fd, target);
	else if (S_ISREG(fd->mode) && !fd->is_path && fd->open_mode != O_RDONLY &&
		 strncmp(fd->target, "/memfd:", 7) != 0)
		found_grave(f, path, "descriptor %d can write a file: %s", fd->fd, target);
	else
		found_lesser(f, path, "descriptor %d was inherited: %s", fd->fd, target);
}

void judge_dir_fd_leak(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (found_trouble(f, &s->fds.trouble))
		return;
	for (size_t i = 0; i < s->fds.count; i++)
		if (!is_numbered_by_sandbox(s, &s->fds.fds[i]))
			judge_fd(s, &s->fds.fds[i], f);
	if (s->fds.omitted)
		found_unknown(f, "%zu more descriptors were inherited, too many to inspect",
			      s->fds.omitted);
}

/* ---- working directory */

void judge_cwd_unreachable(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	if (s->cwd.error == ENOENT)
		found_lesser(f, NULL, "the working directory was deleted");
	else if (s->cwd.error)
		found_unknown(f, "cannot get the working directory: %s", strerror(s->cwd.error));
	else if (!s->cwd.path || s->cwd.path[0] != '/')
		found_grave(f, NULL, "the working directory is outside of the container: %s",
			    s->cwd.path ? shown(f, s->cwd.path) : "?");
}

/* ---- the program */

/* The mount that the file can be written through, though its own is read-only; or NULL. */
static const struct mount *way_to_write(const struct posture *s, const struct app_facts *app)
{
	const struct mount *m = app->has_mount_id ? mounts_by_id(&s->mounts, app->mount_id) : NULL;

	if (!m && app->path[0] == '/')
		m = mounts_by_path(&s->mounts, app->real ? app->real : app->path);
	/* Which part of a mount it is, only the path without links tells. */
	return m ? mounts_open_elsewhere(&s->mounts, m, app->real ? app->real : "") : NULL;
}

static void judge_code(const struct policy *p, const struct posture *s, const struct app_facts *app,
		       struct finding *f)
{
	const struct mount *other;

	/* A writable root is reported once, by its own check. */
	if (app->has_mount_id && s->root.has_mount_id && app->mount_id == s->root.mount_id &&
	    !s->root.flag_read_only)
		found_note(f, "%s is on the root filesystem, which is writable",
			   shown(f, app->path));
	else if (path_is_declared(p, app->place, true))
		found_note(f, "%s may be changed, as --writable=PATH:exec says",
			   shown(f, app->path));
	else if (app->write_error == 0)
		found_grave(f, app->path, "%s can be written by the user that runs it",
			    shown(f, app->path));
	else if (app->loose_dir)
		found_grave(f, app->path, "%s can be replaced: the user that runs it may write %s",
			    shown(f, app->path), shown(f, app->loose_dir));
	else if ((other = way_to_write(s, app)) != NULL)
		found_grave(f, app->path,
			    "%s is on a read-only mount, but the same files can be written at %s",
			    shown(f, app->path), shown(f, other->point));
}

void judge_app_immutable(const struct policy *p, const struct posture *s, struct finding *f)
{
	/* A missing program is reported when it is started. */
	f->not_applicable = !p->program || s->app.error;
	if (f->not_applicable)
		return;
	judge_code(p, s, &s->app, f);
	if (s->script.path)
		judge_code(p, s, &s->script, f);
}

/* ---- terminal and limits */

void judge_stdio_tty(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	for (int fd = 0; fd < 3; fd++) {
		if (!s->terminal[fd])
			continue;
		found_grave(f, NULL, "descriptor %d is a terminal", fd);
		return;
	}
}

void judge_rlimits(const struct policy *p, const struct posture *s, struct finding *f)
{
	enum { MANY = 1048576 };

	if (s->core.rlim_cur)
		found_grave(f, NULL, "core files are not off%s",
			    p->harden ? "; granit turns them off" : "");
	if (s->nofile.rlim_cur > MANY)
		found_grave(f, NULL, "there is no useful limit for open files");
}

/* Version 1 writes "none" as the largest number of whole pages, whatever the page size. */
static bool is_no_limit(const char *text)
{
	return strncmp(text, "max", 3) == 0 || strtoull(text, NULL, 10) >= 1ULL << 62;
}

/*
 * Limits of the control group. A missing file means that they are unknown, not that there are none.
 */
static void judge_limit(const struct posture *s, enum small_file v2, enum small_file v1,
			const char *what, struct finding *f)
{
	const struct small_file_facts *file = &s->files[s->files[v2].error ? v1 : v2];

	if (file->error)
		found_unknown(f,
			      "cannot determine the limit for %s: no control group file shows it",
			      what);
	else if (is_no_limit(file->text))
		found_grave(f, NULL, "no limit for %s is visible in the container", what);
}

/* Of kube play, which unlike `podman run` sets no variable; and of CRI-O. */
static bool is_in_pod(const struct posture *s)
{
	static const char mark[] = "/run/.containerenv";
	const struct mount *m = mounts_by_path(&s->mounts, mark);

	if (posture_runtime(s) == RUNTIME_KUBERNETES)
		return true;
	return m && strcmp(m->point, mark) == 0 && !variable_value(s->environment, "container");
}

void judge_limits(const struct policy *p, const struct posture *s, struct finding *f)
{
	(void)p;
	judge_limit(s, FILE_MEMORY_MAX, FILE_V1_MEMORY, "memory", f);
	/* A pod cannot set it: podPidsLimit is the kubelet's, and does not show in the container.
	 */
	if (is_in_pod(s))
		found_note(f, "the limit for processes is the kubelet's (podPidsLimit)");
	else
		judge_limit(s, FILE_PIDS_MAX, FILE_V1_PIDS, "processes", f);
	if (!s->files[FILE_CPU_MAX].error && strncmp(s->files[FILE_CPU_MAX].text, "max", 3) == 0)
		found_note(f, "there is no limit for CPU time");
}
