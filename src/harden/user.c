// SPDX-License-Identifier: MIT
/* --user: becoming another user, for good. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "harden/harden.h"
#include "sys/sys.h"

/* ---- the current user */

/* setgroups(2) takes up to NGROUPS_MAX; more than an account can have is not the account's set. */
enum { GROUPS_READ = ACCOUNT_GROUPS + 1 };

static bool is_group_among(gid_t gid, const gid_t *groups, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

/*
 * Compared as sets, since the kernel sorts them. The account's gid is left out: whether it is also
 * supplementary is up to the runtime (Docker adds it, since CVE-2022-36109), and it gives nothing
 * more.
 */
static bool has_groups(const struct account *a)
{
	gid_t now[GROUPS_READ];
	int n = getgroups(GROUPS_READ, now);

	if (n < 0)
		return false;
	for (int i = 0; i < n; i++)
		if (now[i] != a->gid && !is_group_among(now[i], a->groups, a->groups_count))
			return false;
	for (size_t i = 0; i < a->groups_count; i++)
		if (a->groups[i] != a->gid && !is_group_among(a->groups[i], now, (size_t)n))
			return false;
	return true;
}

static bool has_uid(uid_t wanted)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) == 0 && real == wanted && effective == wanted &&
	       saved == wanted;
}

static bool has_gid(gid_t wanted)
{
	gid_t real, effective, saved;

	return getresgid(&real, &effective, &saved) == 0 && real == wanted && effective == wanted &&
	       saved == wanted;
}

/* ---- what goes with the user */

/*
 * It stays with the new user: granit cannot give it back, becoming that user too. In a container it
 * ends with that, and runtimes do the same. Elsewhere it would be the terminal that somebody goes
 * on to type at, or a FIFO that has a name.
 */
static bool goes_along(int fd, const struct stat *st)
{
	bool is_fifo = S_ISFIFO(st->st_mode);
	struct statfs fs;

	if (!is_fifo && !S_ISSOCK(st->st_mode) && !(S_ISCHR(st->st_mode) && isatty(fd)))
		return false;
	if (S_ISSOCK(st->st_mode) || getpid() == 1)
		return true;
	return is_fifo && fstatfs(fd, &fs) == 0 && fs.f_type == PIPEFS_MAGIC;
}

/*
 * When a program opens /dev/stdout again, the kernel checks the owner of the pipe or terminal. A
 * file is somebody's data and keeps its owner; /dev/null is everybody's.
 */
static void hand_over_standard_fds(struct harden *h)
{
	uid_t old = geteuid(), new = h->posture->account.uid;
	struct stat st;

	for (int fd = STDIN_FILENO; old != new &&fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &st) < 0 || st.st_uid != old || !goes_along(fd, &st))
			continue;
		if (fchown(fd, new, (gid_t)-1) < 0)
			text_add(h->notes,
				 "user: descriptor %d still belongs to user %u: %s; opening it "
				 "again (/dev/stdout) may be refused\n",
				 fd, old, strerror(errno));
	}
}

/* As login does. The old user's home is of no use to another, and often not readable. */
static int set_home(struct harden *h, bool changes)
{
	const char *home = h->posture->account.home;

	if (!changes && getenv("HOME"))
		return 0;
	return setenv("HOME", home ? home : "/", 1) < 0 ? step_failed(h, errno, "setting HOME") : 0;
}

/* ---- the switch */

#define OUTSIDE                                                                                    \
	"let the runtime do it (USER in the Dockerfile, --user of docker, runAsUser and "          \
	"runAsGroup in Kubernetes), or have it give "

/* A call that changes ids, and what to say if it fails. */
struct id_call {
	const char *name, *without_right, *unmapped;
};

#define ID_CALL(call, cap, what, map)                                                              \
	{                                                                                          \
		call, call " takes CAP_" cap ": " OUTSIDE "SETUID and SETGID (--cap-add)",         \
			call ": " what " is not mapped in this user namespace (/proc/self/" map    \
			     ")"                                                                   \
	}

static bool groups_are_denied(void)
{
	cleanup_fd int fd = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
	char word[4];

	return fd >= 0 && read(fd, word, sizeof(word)) == sizeof(word) &&
	       memcmp(word, "deny", sizeof(word)) == 0;
}

static int id_call_failed(struct harden *h, int error, const struct id_call *call)
{
	if (error == EPERM)
		return step_failed(h, error, call->without_right);
	/* user_namespaces(7): the map lacks such ids. */
	return step_failed(h, error, error == EINVAL ? call->unmapped : call->name);
}

static int set_groups(struct harden *h, const struct account *a)
{
	static const struct id_call call = ID_CALL("setgroups", "SETGID", "a group", "gid_map");
	int error;

	if (setgroups(a->groups_count, a->groups) == 0)
		return 0;
	error = errno;
	if (error == EPERM && groups_are_denied())
		return step_failed(
			h, EPERM,
			"setgroups: this user namespace denies it (/proc/self/setgroups), so the "
			"groups must be right from the start: " OUTSIDE
			"a namespace made with newgidmap(1)");
	return id_call_failed(h, error, &call);
}

static int set_gid(struct harden *h, gid_t gid)
{
	static const struct id_call call = ID_CALL("setresgid", "SETGID", "the group", "gid_map");

	return setresgid(gid, gid, gid) < 0 ? id_call_failed(h, errno, &call) : 0;
}

static int set_uid(struct harden *h, uid_t uid)
{
	static const struct id_call call = ID_CALL("setresuid", "SETUID", "the user", "uid_map");

	return setresuid(uid, uid, uid) < 0 ? id_call_failed(h, errno, &call) : 0;
}

/*
 * A root process that becomes another user loses its capabilities (capabilities(7)), those of
 * --keep-caps too, unless a secure bit prevents it: where those could not be set, PR_SET_KEEPCAPS
 * does, for a moment.
 */
static int keep_caps_across(struct harden *h, bool on)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	if (!h->policy->keep_caps || bits < 0 || bits & SECBIT_NO_SETUID_FIXUP)
		return 0;
	if (prctl(PR_SET_KEEPCAPS, on, 0, 0, 0) < 0)
		return step_failed(h, errno, "prctl(PR_SET_KEEPCAPS)");
	return 0;
}

static int switch_ids(struct harden *h, const struct account *a)
{
	int r = keep_caps_across(h, true);

	/* The user last: the other calls need the old one's rights. */
	if (r == 0)
		r = set_groups(h, a);
	if (r == 0)
		r = set_gid(h, a->gid);
	if (r == 0)
		r = set_uid(h, a->uid);
	if (r == 0)
		r = keep_caps_across(h, false);
	return r;
}

static int read_ids_back(struct harden *h, const struct account *a)
{
	int r = step_holds(h, has_uid(a->uid), "the user ids are not what they were set to");

	if (r == 0)
		r = step_holds(h, has_gid(a->gid), "the group ids are not what they were set to");
	if (r == 0)
		r = step_holds(h, has_groups(a),
			       "the supplementary groups are not what they were set to");
	return r;
}

int harden_switch_user(struct harden *h)
{
	const struct account *a = &h->posture->account;
	int r;

	if (!h->policy->user)
		return NOTHING_TO_DO;
	if (a->gid_assumed)
		text_add(h->notes,
			 "user: %u is not in /etc/passwd, so its group is assumed to be %u; "
			 "USER:GROUP sets it\n",
			 a->uid, a->gid);
	r = set_home(h, !has_uid(a->uid));
	if (r < 0)
		return r;
	if (has_uid(a->uid) && has_gid(a->gid) && has_groups(a)) {
		text_add(h->notes, "user: is %u:%u already\n", a->uid, a->gid);
		return NOTHING_TO_DO;
	}
	hand_over_standard_fds(h);
	r = switch_ids(h, a);
	return r < 0 ? r : read_ids_back(h, a);
}

/* ---- afterwards */

/* With this capability kept, changing ids is what the program was started for. */
static bool is_cap_kept(const struct harden *h, unsigned int cap)
{
	return h->policy->keep_caps >> cap & 1;
}

/*
 * Runs after the capabilities are dropped: before, CAP_SETUID may still be there. The saved ids are
 * what an incomplete change would leave (setresuid(2)).
 */
int harden_try_way_back(struct harden *h)
{
	const struct account *a = &h->posture->account;

	if (!h->policy->user || a->uid == 0)
		return NOTHING_TO_DO;
	if (!is_cap_kept(h, CAP_SETUID) && setuid(0) == 0)
		return step_failed(h, EPERM,
				   "user 0 can be regained, by a capability (SETUID) that the "
				   "profile does not drop");
	if (!is_cap_kept(h, CAP_SETGID) && a->gid != 0 && setgid(0) == 0)
		return step_failed(h, EPERM,
				   "group 0 can be regained, by a capability (SETGID) that the "
				   "profile does not drop");
	return read_ids_back(h, a);
}
