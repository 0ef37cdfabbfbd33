// SPDX-License-Identifier: MIT
/*
 * Landlock (Documentation/userspace-api/landlock.rst): programs start from the image only, files
 * are written on accepted mounts only. granit enters the domain itself, and the program inherits
 * it. Neither capabilities nor user 0 lead out of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harden/harden.h"
#include "harden/landlock_abi.h"
#include "harden/landlock_ports.h"
#include "harden/landlock_rules.h"
#include "harden/landlock_ways.h"
#include "sys/dents.h"
#include "sys/sys.h"

/* The rights that a rule for a non-directory may have (EINVAL otherwise). */
#define FS_OF_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_TRUNCATE | FS_RESOLVE_UNIX)

enum { RULE_PATH_BENEATH = 1 };

/*
 * struct landlock_ruleset_attr: 64 bits each. Older kernels know the first field only; they accept
 * the rest as long as it is zero.
 */
enum { HANDLED_FS, HANDLED_NET, SCOPED, RULESET_ATTRIBUTES };

struct path_beneath_attributes {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

/* ---- */

/* The first few of many paths, for one line. */
struct short_list {
	char buf[256];
	struct text text;
	size_t omitted;
};

struct domain {
	struct harden *h;
	int abi;
	int ruleset;
	struct landlock_wish wish; /* what is forbidden */
	uint64_t write;            /* what GIVE_WRITE gives back */
	struct landlock_plan plan;
	struct short_list start, written;
};

static void list_add(struct short_list *l, const char *path)
{
	size_t len = l->text.len;

	if (!l->text.buf)
		text_init(&l->text, l->buf, sizeof(l->buf));
	if (!l->omitted) {
		text_add(&l->text, " ");
		text_add_name(&l->text, path);
	}
	if (!l->omitted && !l->text.cut)
		return;
	if (!l->omitted++)
		text_cut(&l->text, len);
}

static void note_list(struct harden *h, const char *what, const struct short_list *l)
{
	text_add(h->notes, "landlock: %s:%s", what, l->text.buf ? l->buf : " nothing");
	if (l->omitted)
		text_add(h->notes, " and %zu more", l->omitted);
	text_add(h->notes, "\n");
}

/* ---- the ruleset */

/* No capability to create devices, nor a way to get one. */
static bool never_makes_devices(const struct harden *h)
{
	const struct status *after = &h->posture->resulting;
	const uint64_t mknod = UINT64_C(1) << CAP_MKNOD;

	if (!h->status || after->caps[CAP_SET_PERMITTED] & mknod)
		return false;
	return after->no_new_privs || !(after->caps[CAP_SET_BOUNDING] & mknod);
}

static const char *why_absent(int abi)
{
	switch (abi) {
	case -ENOSYS:
		return "the kernel has no Landlock, or an old seccomp profile hides it: it needs "
		       "Linux 5.19 with CONFIG_SECURITY_LANDLOCK; --landlock=auto makes it "
		       "optional";
	case -EOPNOTSUPP:
		return "Landlock is switched off: add 'landlock' to the kernel's lsm= parameter; "
		       "--landlock=auto makes it optional";
	case -EPERM:
		return "a seccomp profile forbids Landlock: use the engine's newer default "
		       "profile, or allow landlock_create_ruleset, landlock_add_rule and "
		       "landlock_restrict_self; --landlock=auto makes it optional";
	default:
		return "landlock_create_ruleset; --landlock=auto makes it optional";
	}
}

/* What the user has named must hold; what comes by default is as good as the kernel. */
static int check_named(struct domain *d)
{
	static const struct {
		int abi;
		const char *why;
	} needs[] = {
		{4, "--listen and --connect need Landlock ABI 4, Linux 6.7"},
		{9, "--connect-unix needs Landlock ABI 9, Linux 7.1"},
		{10, "UDP ports need Landlock ABI 10, Linux 7.2"},
	};

	for (size_t i = 0; i < array_length(needs); i++)
		if (d->wish.abi_named == needs[i].abi && d->abi < needs[i].abi)
			return step_failed(d->h, EOPNOTSUPP, needs[i].why);
	return 0;
}

static int make_ruleset(struct domain *d)
{
	uint64_t attributes[RULESET_ATTRIBUTES];
	int gathered = d->h->posture->landlock_abi;

	d->abi = gathered ? gathered : landlock_abi();
	if (d->abi < 0)
		return step_failed(d->h, -d->abi, why_absent(d->abi));
	if (d->abi < LANDLOCK_ABI_LEAST)
		return step_failed(d->h, EOPNOTSUPP,
				   "Landlock ABI 1 forbids every rename into another directory: it "
				   "needs Linux 5.19; --landlock=auto makes it optional");
	d->wish = landlock_wish(d->h->policy, d->abi);
	if (check_named(d) < 0)
		return -EOPNOTSUPP;
	attributes[HANDLED_FS] = d->wish.fs;
	attributes[HANDLED_NET] = d->wish.net;
	attributes[SCOPED] = d->wish.scoped;
	d->write = d->wish.fs & ~(FS_EXECUTE | FS_RESOLVE_UNIX);
	/* Not given back to a process that could not use it: read_domain_back() tries it. */
	if (never_makes_devices(d->h))
		d->write &= ~FS_MAKE_BLOCK;
	d->ruleset = sys_landlock_create_ruleset(attributes, sizeof(attributes), 0);
	return d->ruleset < 0 ? step_failed(d->h, -d->ruleset, why_absent(d->ruleset)) : 0;
}

/* ---- the rules */

static int landlock_add(struct domain *d, int fd, uint64_t rights)
{
	struct path_beneath_attributes attributes = {.allowed_access = rights, .parent_fd = fd};
	int r = sys_landlock_add_rule(d->ruleset, RULE_PATH_BENEATH, &attributes);

	if (r == -EINVAL && rights & ~FS_OF_FILES) {
		/* Not a directory. Asking the kernel first would cost as much. */
		attributes.allowed_access = rights & FS_OF_FILES;
		r = sys_landlock_add_rule(d->ruleset, RULE_PATH_BENEATH, &attributes);
	}
	/* EBADFD: on a file system of the kernel's own (pipes, namespaces), which is always
	 * allowed. */
	if (r == 0 || r == -EBADFD)
		return 0;
	return step_failed(d->h, -r, "landlock_add_rule; --landlock=auto makes it optional");
}

/*
 * A path that cannot be reached gets no rule: the program, the same user by now, does not reach it
 * either. Returns -errno for a shortage of granit's own.
 */
static int skip(struct domain *d, const char *path, int error)
{
	if (is_shortage(error))
		return step_failed(d->h, error, "opening a path to make a Landlock rule for");
	if (error == ENOENT)
		return 0;
	text_add(d->h->notes, "landlock: no rule for ");
	text_add_name(d->h->notes, path);
	text_add(d->h->notes, ": %s\n", strerror(error));
	return 0;
}

/* name is relative to dir; path is the whole path. */
static int give_rights(struct domain *d, int dir, const char *name, const char *path,
		       uint64_t rights)
{
	cleanup_fd int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return skip(d, path, errno);
	if (rights & FS_EXECUTE && !text_is_full(d->h->notes))
		list_add(&d->start, path);
	if (rights & FS_WRITE_FILE && !text_is_full(d->h->notes))
		list_add(&d->written, path);
	return landlock_add(d, fd, rights);
}

/*
 * The target of a symbolic link has a rule of its own, so the link needs none. Files that nobody
 * can execute, which chmod(2) cannot change on a read-only mount, are most of /etc: one call for
 * each instead of three.
 */
static bool may_be_program(const struct domain *d, int dir, const struct dirent *e)
{
	const mode_t any = S_IXUSR | S_IXGRP | S_IXOTH;
	struct stat st;

	if (e->d_type != DT_REG || !d->h->posture->root.flag_read_only)
		return e->d_type == DT_DIR || e->d_type == DT_REG || e->d_type == DT_UNKNOWN;
	return fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_mode & any;
}

/* Nobody may list it, but the program may well pass it: it gets what is known to be started. */
static int give_exec_to_known(struct domain *d, const char *path)
{
	bool is_given = false;
	char entry[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && landlock_known_entry(d->h, path, i, entry); i++) {
		if (!entry[0] || !landlock_entry_gets_exec(&d->plan, entry))
			continue;
		r = give_rights(d, AT_FDCWD, entry, entry, FS_EXECUTE);
		is_given = true;
	}
	if (r < 0)
		return r;
	if (is_given) {
		text_add(d->h->lacks, "%sgranit may not list ", d->h->lacks->len ? "; " : "");
		text_add_name(d->h->lacks, path);
		text_add(d->h->lacks,
			 " (chmod a+r): Landlock starts the program there, its words and what lies "
			 "in PATH, nothing else");
	}
	return skip(d, path, EACCES);
}

static int give_exec_to_listed(struct domain *d, const char *path, int dir)
{
	union dents_piece piece;
	struct dents list = dents_of(dir, &piece);
	char entry[PATH_MAX];
	const struct dirent *e;
	struct text t;
	int r = 0;

	while (r == 0 && (e = dents_next(&list)) != NULL) {
		text_init(&t, entry, sizeof(entry));
		text_add_path(&t, path, e->d_name);
		if (!t.cut && landlock_entry_gets_exec(&d->plan, entry) &&
		    may_be_program(d, dir, e))
			r = give_rights(d, dir, e->d_name, entry, FS_EXECUTE);
	}
	return r || !list.error ? r : skip(d, path, -list.error);
}

static int give_exec_to_entries(struct domain *d, const struct landlock_rule *rule)
{
	cleanup_fd int again = -1;
	struct stat st;

	if (rule->dir < 0)
		again = openat(AT_FDCWD, rule->path,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (rule->dir < 0 && again < 0 && errno == EACCES)
		return give_exec_to_known(d, rule->path);
	if (rule->dir < 0 && again < 0)
		return skip(d, rule->path, errno);
	/* The program, the same user by now, passes no more than granit does. */
	if (fstatat(rule->dir < 0 ? again : rule->dir, ".", &st, 0) < 0)
		return skip(d, rule->path, errno);
	return give_exec_to_listed(d, rule->path, rule->dir < 0 ? again : rule->dir);
}

/*
 * The standard descriptors may be files outside of all mounts of this container, which a program
 * that opens /dev/stdout opens again. Pipes need no rule.
 */
static int give_standard_fds(struct domain *d)
{
	int r = 0;

	for (int fd = STDIN_FILENO; r == 0 && fd <= STDERR_FILENO; fd++) {
		int flags = fcntl(fd, F_GETFL);

		if (flags >= 0 && !(flags & O_PATH) && (flags & O_ACCMODE) != O_RDONLY)
			r = landlock_add(d, fd, (FS_WRITE_FILE | FS_TRUNCATE) & d->wish.fs);
	}
	return r;
}

static int add_rules(struct domain *d)
{
	const struct landlock_rule *rule;
	int r = 0;

	if (d->h->plan)
		d->plan = *d->h->plan;
	else
		r = landlock_plan(d->h->policy, d->h->posture, d->h->arena, &d->plan);

	if (r < 0)
		return step_failed(d->h, -r,
				   "no memory for the list of Landlock's rules: raise the memory "
				   "limit");
	for (rule = d->plan.rules; r == 0 && rule; rule = rule->next) {
		uint64_t rights = (rule->gifts & GIVE_WRITE ? d->write : 0) |
				  (rule->gifts & GIVE_EXEC ? FS_EXECUTE : 0) |
				  (rule->gifts & GIVE_CONNECT ? FS_RESOLVE_UNIX & d->wish.fs : 0);

		if (rights)
			r = give_rights(d, AT_FDCWD, rule->path, rule->path, rights);
		if (r == 0 && rule->gifts & GIVE_EXEC_TO_ENTRIES)
			r = give_exec_to_entries(d, rule);
	}
	if (r == 0)
		r = give_standard_fds(d);
	return r ? r : landlock_add_ports(d->h, d->ruleset, d->wish.net);
}

/* ---- entering, and asking the kernel for it */

static int restrict_self(struct domain *d)
{
	const char *failure = "landlock_restrict_self; --landlock=auto makes it optional";
	int r = 0;

	/* Profiles that drop privileges have set no_new_privs; for the others Landlock needs it. */
	if (!d->h->policy->harden)
		r = harden_set_no_new_privs(d->h);
	if (r < 0)
		return r;
	r = sys_landlock_restrict_self(d->ruleset, d->wish.flags);
	if (r >= 0)
		return 0;
	if (r == -E2BIG)
		failure = "landlock_restrict_self: this process is in 16 nested domains already, "
			  "the maximum; --landlock=auto makes it optional";
	else if (r == -EPERM && d->h->policy->allow_new_privs)
		failure = "landlock_restrict_self needs no_new_privs or CAP_SYS_ADMIN: remove "
			  "--allow-new-privs; --landlock=auto makes it optional";
	return step_failed(d->h, -r, failure);
}

/* A seccomp filter returns its error before the kernel has looked at the descriptor. */
static bool is_filtered(void)
{
	return mknodat(-1, "granit", S_IFBLK, 0) < 0 && errno != EBADF;
}

/*
 * Landlock does not tell a process what domain it is in, so granit tries something that is
 * forbidden: creating a block device, without CAP_MKNOD. The kernel asks Landlock first (EACCES)
 * and checks capabilities then (EPERM; do_mknodat() and vfs_mknod() in fs/namei.c). In these
 * directories everybody may create files, so the error cannot come from the directory's mode.
 *
 * EPERM proves that the calls before have lied. EACCES proves that there is a domain that handles
 * file systems; not that each rule is in it, nor that no rule gives too much, nor that signals and
 * sockets are cut off.
 */
static int read_domain_back(struct domain *d)
{
	static const char *const places[] = {"/dev/mqueue/.granit", "/dev/shm/.granit",
					     "/tmp/.granit"};

	for (size_t i = 0; never_makes_devices(d->h) && i < array_length(places); i++) {
		int r = mknodat(AT_FDCWD, places[i], S_IFBLK, 0);

		if (r < 0 && errno == EACCES)
			return 0;
		if (r == 0)
			(void)unlink(places[i]);
		if (r == 0 || (errno == EPERM && !is_filtered()))
			return step_failed(
				d->h, EPERM,
				"a domain was entered, but what it forbids is still possible");
	}
	text_add(d->h->notes, "landlock: the domain cannot be read back here\n");
	return 0;
}

static void add_notes(const struct domain *d)
{
	text_add(d->h->notes, "landlock: ABI %d; reading is not restricted\n", d->abi);
	if (d->wish.net)
		text_add(d->h->notes, "landlock: ports are restricted\n");
	note_list(d->h, "programs start only beneath", &d->start);
	note_list(d->h, "files are written only beneath", &d->written);
	if (!d->h->posture->root.flag_read_only)
		text_add(d->h->notes, "landlock: the root filesystem is writable, and programs "
				      "start from it: no gain there\n");
}

/* The rules come from the mount table: without it any rules would be wrong. */
static int check_facts(struct harden *h)
{
	const struct posture *s = h->posture;
	int error = s->mounts_trouble.tried ? s->mounts_trouble.error : s->root.trouble.error;

	if (!s->mounts_trouble.tried && !s->root.trouble.tried && s->root.has_mount_id)
		return 0;
	return step_failed(h, error ? error : ENODATA,
			   "without /proc/self/mountinfo it is not known what is writable; "
			   "--landlock=auto makes it optional");
}

int harden_landlock(struct harden *h)
{
	struct domain d = {.h = h, .ruleset = -1};
	int r;

	if (h->policy->landlock == LANDLOCK_OFF)
		return NOTHING_TO_DO;
	r = check_facts(h);
	if (r == 0)
		r = make_ruleset(&d);
	if (r == 0)
		r = add_rules(&d);
	if (r == 0)
		r = restrict_self(&d);
	close_fd(&d.ruleset);
	if (h->plan)
		landlock_close_ways(h->plan);
	if (r < 0 && h->policy->landlock == LANDLOCK_AUTO && !policy_names_reach(h->policy)) {
		text_add(h->notes, "landlock: the program runs without it: %s: %s\n",
			 step_failure(h), strerror(-r));
		return NOTHING_TO_DO;
	}
	if (r < 0)
		return r;
	add_notes(&d);
	r = read_domain_back(&d);
	return r ? r : landlock_try_ports(h, d.wish.net);
}
