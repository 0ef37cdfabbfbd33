// SPDX-License-Identifier: MIT
/* What --writable declares: asked as granit's user, and reckoned for the one that the program will
 * have. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "facts/foreign.h"
#include "posture/posture.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

void declared_look(const struct policy *p, struct declared_facts *ret)
{
	for (size_t i = 0; i < p->writable_count; i++) {
		const char *path = p->writable[i].path;

		/* access(2) answers for the mount, the owner and the mode at once, and changes
		 * nothing. */
		ret[i].error = -sys_access(AT_FDCWD, path, W_OK);
	}
}

/* Whether it lies in a place that is declared for programs, which all that is mounted there is. */
static bool is_mounted_for_programs(const struct policy *p, const struct mount *m)
{
	if (m->covered || m->noexec || !path_is_declared(p, m->point, true))
		return false;
	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].exec && strcmp(m->point, p->writable[i].path) == 0)
			return false;
	return true;
}

int declared_add_places(const struct policy *p, const struct mount_table *t, struct arena *a,
			struct image_request *q)
{
	const char **beneath =
		arena_take(a, p->exec_from.count + p->writable_count + t->count, sizeof(*beneath));

	if (!beneath)
		return -ENOMEM;
	q->beneath = beneath;
	for (size_t i = 0; i < p->exec_from.count; i++)
		beneath[q->beneath_count++] = p->exec_from.paths[i];
	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].exec)
			beneath[q->beneath_count++] = p->writable[i].path;
	for (size_t i = 0; i < t->count; i++)
		if (is_mounted_for_programs(p, &t->rows[i]))
			beneath[q->beneath_count++] = t->rows[i].point;
	return 0;
}

bool declared_for_programs(const struct policy *p)
{
	for (size_t i = 0; i < p->writable_count; i++)
		if (p->writable[i].exec)
			return true;
	return p->exec_from.count > 0;
}

/* Whether the account may pass all directories on the way to path. Returns 0 or an errno. */
static int ask_for_way(const struct sight *a, const char *path)
{
	char dir[PATH_MAX];
	struct stat st;
	int r;

	if (!text_copy(dir, sizeof(dir), path))
		return ENAMETOOLONG;
	for (char *slash; (slash = strrchr(dir, '/')) != NULL;) {
		slash[slash == dir] = '\0';
		r = sight_stat(AT_FDCWD, dir, 0, &st);
		if (r < 0)
			return -r;
		if (!(sight_bits(a, &st) & 1))
			return EACCES;
		*slash = '\0';
	}
	return 0;
}

static int ask_for_write(const struct sight *a, const char *path)
{
	cleanup_fd int fd = sight_open(AT_FDCWD, path, O_PATH);
	struct statvfs fs;
	struct stat st;

	if (fd < 0)
		return -fd;
	if (fstat(fd, &st) < 0 || fstatvfs(fd, &fs) < 0)
		return errno;
	if (fs.f_flag & ST_RDONLY)
		return EROFS;
	return sight_bits(a, &st) & 2 ? ask_for_way(a, path) : EACCES;
}

void declared_ask_for(const struct policy *p, const struct sight *a, struct declared_facts *ret)
{
	/* For root, the same user, or one that overrides permissions, access(2) has answered.
	 */
	if (a->uid == 0 || a->uid == geteuid() || p->keep_caps >> CAP_DAC_OVERRIDE & 1)
		return;
	for (size_t i = 0; i < p->writable_count; i++)
		ret[i].error = ask_for_write(a, p->writable[i].path);
}
