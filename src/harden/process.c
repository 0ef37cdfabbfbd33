// SPDX-License-Identifier: MIT
/* Steps on the process itself: descriptors, limits, no_new_privs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harden/harden.h"
#include "sys/dents.h"
#include "sys/sys.h"

enum { FIRST = STDERR_FILENO + 1 };

/* Before 5.9, and where a seccomp profile is older than close_range(2). */
static int close_one_by_one(int first)
{
	cleanup_fd int dir = openat(AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	union dents_piece piece;
	struct dents d = dents_of(dir, &piece);
	const struct dirent *e;

	while ((e = dents_next(&d)) != NULL) {
		int fd = dents_fd(e);

		if (fd >= first && fd != dir)
			(void)close(fd);
	}
	return d.error;
}

static int close_from(struct harden *h, int first)
{
	int r = sys_close_range((unsigned int)first, INT_MAX);

	/* EINVAL: a sandbox that has it in part. */
	if (r == -ENOSYS || r == -EPERM || r == -EINVAL) {
		r = close_one_by_one(first);
		return r < 0 ? step_failed(h, -r, "closing the descriptors in /proc/self/fd") : 0;
	}
	return r < 0 ? step_failed(h, -r, "close_range(3, INT_MAX)") : 0;
}

/* What granit keeps takes the first places: whatever was there is closed so. */
static int keep_at(int *fd, int place)
{
	if (*fd > place && dup3(*fd, place, O_CLOEXEC) < 0)
		return -errno;
	*fd = place;
	return place + 1;
}

static int *lowest_from(int *const keep[HARDEN_KEEPS], int first)
{
	int *lowest = NULL;

	for (size_t i = 0; i < HARDEN_KEEPS; i++)
		if (*keep[i] >= first && (!lowest || *keep[i] < *lowest))
			lowest = keep[i];
	return lowest;
}

/* The lowest first, so that none is overwritten. Returns the first place that is free, or -errno.
 */
static int keep_some(int *const keep[HARDEN_KEEPS])
{
	int next = FIRST, *fd;

	while (next >= 0 && (fd = lowest_from(keep, next)) != NULL)
		next = keep_at(fd, next);
	return next;
}

/*
 * A descriptor that is open for certain, to see it gone: a new one, or where all places are taken
 * the first of them. -1: the limit leaves no place but those that stay.
 */
static int open_witness(int first)
{
	int fd = dup(STDERR_FILENO);

	return fd < 0 && fcntl(first, F_GETFD) >= 0 ? first : fd;
}

/* What says yes to a range that ends before it begins (EINVAL) says yes to all, and does nothing.
 */
static int see_closed(struct harden *h, int witness)
{
	if (witness < 0 && sys_close_range(1, 0) == 0)
		return step_failed(h, EBADF, "close_range(1, 0) says that it was done");
	if (witness >= 0 && fcntl(witness, F_GETFD) >= 0)
		return step_failed(h, EBADF, "close_range(3, INT_MAX) left a descriptor open");
	return 0;
}

int harden_close_fds(struct harden *h)
{
	int first = keep_some(h->keep), witness, r;

	if (first < 0)
		return step_failed(h, -first, "dup3(2)");
	witness = open_witness(first);
	r = close_from(h, first);
	return r < 0 ? r : see_closed(h, witness);
}

/*
 * A hard limit that is to be higher takes CAP_SYS_RESOURCE, which is given up soon. All the rest is
 * set by the program's own process (launch/children.c): a limit of its is none of process 1's.
 */
static int raise_limit(struct harden *h, const struct limit *l)
{
	struct rlimit now, wanted;

	if (getrlimit(l->resource, &now) < 0)
		return step_failed(h, errno, "getrlimit");
	if (l->hard <= now.rlim_max)
		return 0;
	wanted = (struct rlimit){now.rlim_cur, l->hard};
	if (setrlimit(l->resource, &wanted) < 0)
		return step_failed(h, errno,
				   "--rlimit above the hard limit, which the engine sets (docker "
				   "run --ulimit)");
	if (getrlimit(l->resource, &now) < 0)
		return step_failed(h, errno, "getrlimit");
	return step_holds(h, now.rlim_max == wanted.rlim_max, "a limit is not what it was set to");
}

/* Nobody gets process 1's memory in a file, nor the program's unless it asks for that. */
static int forbid_core(struct harden *h)
{
	/* A call that lies fills in nothing. */
	struct rlimit now = {1, 1};

	if (setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) < 0)
		return step_failed(h, errno, "setrlimit(RLIMIT_CORE)");
	if (getrlimit(RLIMIT_CORE, &now) < 0)
		return step_failed(h, errno, "getrlimit(RLIMIT_CORE)");
	return step_holds(h, now.rlim_cur == 0 && now.rlim_max == 0,
			  "RLIMIT_CORE is not what it was set to");
}

int harden_limit(struct harden *h)
{
	const struct policy *p = h->policy;
	bool core_said = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->limits_count; i++) {
		core_said |= p->limits[i].resource == RLIMIT_CORE;
		r = raise_limit(h, &p->limits[i]);
	}
	if (r < 0)
		return r;
	if (p->harden && !core_said)
		return forbid_core(h);
	return p->limits_count ? 0 : NOTHING_TO_DO;
}

int harden_set_umask(struct harden *h)
{
	mode_t mask = (mode_t)h->policy->umask;

	if (h->policy->umask < 0)
		return NOTHING_TO_DO;
	(void)umask(mask);
	return step_holds(h, umask(mask) == mask, "umask is not what it was set to");
}

int harden_change_directory(struct harden *h)
{
	const struct sight other = account_sight(&h->posture->account);
	char what[PATH_MAX + 32];
	const char *told;
	struct text t;
	int r;

	if (!h->policy->chdir)
		return NOTHING_TO_DO;
	/* It may be closed to granit, and not to the user. */
	r = sight_enter(h->policy->user ? &other : NULL, h->policy->chdir);
	if (r == 0)
		return 0;
	text_init(&t, what, sizeof(what));
	text_add(&t, "--chdir=");
	text_add_name(&t, h->policy->chdir);
	told = arena_copy(h->arena, what);
	return step_failed(h, -r, told ? told : "--chdir");
}

int harden_set_no_new_privs(struct harden *h)
{
	if (h->policy->allow_new_privs)
		return NOTHING_TO_DO;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return step_failed(h, errno, "prctl(PR_SET_NO_NEW_PRIVS)");
	return step_holds(h, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
			  "prctl(PR_GET_NO_NEW_PRIVS) does not say 1 afterwards");
}
