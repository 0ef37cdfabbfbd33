// SPDX-License-Identifier: MIT
/* Looks once more with another user's rights over files: setfsuid(2), setfsgid(2), setgroups(2). */
#include "sys/sight.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>

#include "sys/sys.h"

#ifndef __NR_faccessat2
#define __NR_faccessat2 439 /* one number for all architectures since 5.8 */
#endif

enum { GROUPS_MOST = 256 }; /* of granit's own; with more there is no second look */

/* Credentials are the process's, and so is this. */
static struct {
	gid_t groups[GROUPS_MOST]; /* our own */
	const struct sight *other; /* NULL: nobody's rights but our own */
	int count;                 /* -1: there is no second look */
	int dumpable;              /* as prctl(2) has it */
	bool is_lost;
	bool is_denied; /* something was barred, and the other's rights could not be had */
} sight;

static bool has_own_ids(void)
{
	return setfsuid((uid_t)-1) == (int)geteuid() && setfsgid((gid_t)-1) == (int)getegid();
}

static bool has_own_groups(void)
{
	gid_t now[GROUPS_MOST];
	int n = getgroups(GROUPS_MOST, now), same = 0;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < sight.count; k++)
			if (now[i] == sight.groups[k]) {
				same++;
				break;
			}
	return n == sight.count && same == n;
}

void sight_begin(const struct sight *s)
{
	sight.count = getgroups(GROUPS_MOST, sight.groups);
	/* gVisor has no such ids. */
	if (!has_own_ids())
		sight.count = -1;
	sight.dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
	sight.is_lost = sight.is_denied = false;
	sight.other = s;
}

int sight_end(void)
{
	sight.other = NULL;
	return sight.is_lost ? -EPERM : 0;
}

/* These calls tell nothing of failure: only what is there afterwards does. */
static bool use_rights(uid_t uid, gid_t gid, const gid_t *groups, size_t count)
{
	bool has_groups = setgroups(count, groups) == 0;

	(void)setfsgid(gid);
	(void)setfsuid(uid);
	return has_groups && setfsgid((gid_t)-1) == (int)gid && setfsuid((uid_t)-1) == (int)uid;
}

/* Then there is nothing that the other could see and granit could not. */
static bool is_who_we_are(const struct sight *s)
{
	return s->uid == geteuid() && s->gid == getegid() && s->groups_count == 0;
}

bool sight_take(int error)
{
	const struct sight *s = sight.other;

	if (error != -EACCES || !s || sight.is_lost || is_who_we_are(s))
		return false;
	if (sight.count >= 0) {
		if (use_rights(s->uid, s->gid, s->groups, s->groups_count))
			return true;
		sight_give_back();
	}
	sight.is_denied = true;
	return false;
}

bool sight_was_denied(void)
{
	return sight.is_denied;
}

void sight_give_back(void)
{
	/* Who has not the right to set groups has set none: what is there counts. */
	(void)use_rights(geteuid(), getegid(), sight.groups, (size_t)sight.count);
	sight.is_lost |= !has_own_ids() || !has_own_groups();
	/* The kernel takes it away from who changes these ids (commit_creds()). */
	if (sight.dumpable == 1)
		(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

int sight_open(int dir, const char *path, int flags)
{
	int fd = sys_result(openat(dir, path, flags | O_CLOEXEC));

	if (!sight_take(fd))
		return fd;
	fd = sys_result(openat(dir, path, flags | O_CLOEXEC));
	sight_give_back();
	return fd;
}

int sight_stat(int dir, const char *path, int flags, struct stat *ret)
{
	int r = sys_result(fstatat(dir, path, ret, flags));

	if (!sight_take(r))
		return r;
	r = sys_result(fstatat(dir, path, ret, flags));
	sight_give_back();
	return r;
}

int sight_statx(int dir, const char *path, int flags, unsigned int mask, struct sys_statx *ret)
{
	int r = sys_statx(dir, path, flags, mask, ret);

	if (!sight_take(r))
		return r;
	r = sys_statx(dir, path, flags, mask, ret);
	sight_give_back();
	return r;
}

int sight_enter(const struct sight *s, const char *path)
{
	int r, lost;

	sight_begin(s);
	r = sys_result(chdir(path));
	if (sight_take(r)) {
		r = sys_result(chdir(path));
		sight_give_back();
	}
	lost = sight_end();
	return lost < 0 ? lost : r;
}

mode_t sight_bits(const struct sight *s, const struct stat *st)
{
	bool is_in_group = st->st_gid == s->gid;

	if (st->st_uid == s->uid)
		return st->st_mode >> 6 & 7;
	for (size_t i = 0; i < s->groups_count; i++)
		is_in_group |= st->st_gid == s->groups[i];
	return is_in_group ? st->st_mode >> 3 & 7 : st->st_mode & 7;
}

mode_t sight_bits_of_other(const struct stat *st)
{
	return sight.other ? sight_bits(sight.other, st) : R_OK | W_OK | X_OK;
}

/* R_OK, W_OK and X_OK are the bits themselves. */
static int reckon(int dir, const char *path, int mode)
{
	struct stat st;

	if (sight_stat(dir, path, 0, &st) < 0)
		return -EPERM;
	return ((int)sight_bits(sight.other, &st) & mode) == mode ? 0 : -EACCES;
}

int sight_access(int dir, const char *path, int mode)
{
	int r = sys_access(dir, path, mode);

	if (r != -EACCES || !sight.other || is_who_we_are(sight.other))
		return r;
	if (!sight_take(r))
		return reckon(dir, path, mode);
	/* Not the C library's: where this call is missing, that asks for the real user. */
	r = sys_result(syscall(__NR_faccessat2, dir, path, mode, AT_EACCESS));
	sight_give_back();
	return r == -ENOSYS || r == -EPERM ? reckon(dir, path, mode) : r;
}
