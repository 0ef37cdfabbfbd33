/* SPDX-License-Identifier: MIT */
/*
 * The second look. granit may be root without the rights over files that root has by default; then
 * the user that the program will be can enter places that granit cannot. So what is barred (EACCES)
 * is tried once more with that user's own rights over files. Where there is no such user, or it
 * cannot be had, these are the plain calls.
 *
 * It changes the process's own credentials for the time of one call, so it is for a process of one
 * thread, before the program starts. What they are given has to last until sight_end().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "sys/compiler.h"
#include "sys/sys.h"

/* Whose rights the second look has. */
struct sight {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t groups_count;
};

/* From here on, until sight_end(), what is barred is tried with these rights too. */
void sight_begin(const struct sight *s);

/* Returns -EPERM if granit's own rights did not come back: then nothing more may be done. */
int sight_end(void) must_check;

/* Whether something was barred since sight_begin(), and those rights could not be had to try again.
 */
bool sight_was_denied(void);

/* Whether error, 0 or -errno, is -EACCES, and what follows is done with the other rights, until
 * sight_give_back(). It is not nested. */
bool sight_take(int error);
void sight_give_back(void);

/* As openat(2), with O_CLOEXEC, and fstatat(2). Return a descriptor or 0, or -errno. */
int sight_open(int dir, const char *path, int flags) must_check;
int sight_stat(int dir, const char *path, int flags, struct stat *ret) must_check;

/* As sys_statx(), likewise. */
int sight_statx(int dir, const char *path, int flags, unsigned int mask, struct sys_statx *ret)
	must_check;

/* As chdir(2), with the rights of s too where it is not NULL, by itself: between no sight_begin()
 * and its end. Returns 0 or -errno; -EPERM may be that of sight_end(). */
int sight_enter(const struct sight *s, const char *path) must_check;

/*
 * Whether either may do that, in R_OK, W_OK, X_OK. -EACCES: neither may. Where the other's rights
 * cannot be had they are reckoned, and -EPERM says that this cannot be done either.
 */
int sight_access(int dir, const char *path, int mode) must_check;

/* The permission bits that s gets, as inode(7) has it. ACLs are not looked at: nothing but the
 * kernel understands them. */
mode_t sight_bits(const struct sight *s, const struct stat *st);

/* Those that the other gets, between sight_begin() and sight_end(); all, where there is no other.
 */
mode_t sight_bits_of_other(const struct stat *st);
