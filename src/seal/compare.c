// SPDX-License-Identifier: MIT
/* Compares the files of the image with the manifest. */
#include "seal/compare.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "facts/foreign.h"
#include "facts/loader.h"
#include "facts/mountid.h"
#include "facts/runtime_mounts.h"
#include "policy/policy.h"
#include "seal/code.h"
#include "seal/escape.h"
#include "seal/extra.h"
#include "seal/owner.h"
#include "seal/tree.h"
#include "sys/elfhead.h"
#include "sys/sight.h"
#include "sys/sys.h"

static void differs(struct comparison *c, enum seal_kind kind, const char *path, const char *fmt,
		    ...) printf_like(4, 5);

/* What an option names, at most POLICY_PATHS paths, takes no room from what none does. */
static bool is_spoken_of(const struct policy *p, const char *path)
{
	for (size_t i = 0; i < p->path_levels_count; i++)
		if (strcmp(p->path_levels[i].path, path) == 0)
			return true;
	return false;
}

/*
 * path as in the walk, "./usr/bin/app". Those of one kind count alike where no option names them:
 * of these the first are enough.
 */
static void differs(struct comparison *c, enum seal_kind kind, const char *path, const char *fmt,
		    ...)
{
	struct seal_difference *d = NULL;
	char what[128];
	struct text t;
	va_list args;

	path = path[1] ? path + 1 : "/";
	if (!is_spoken_of(c->policy, path) && c->told[kind]++ >= DIFFERENCES_MOST)
		return;
	text_init(&t, what, sizeof(what));
	va_start(args, fmt);
	text_add_v(&t, fmt, args);
	va_end(args);
	d = arena_take(c->arena, 1, sizeof(*d));
	if (!d || !(d->path = arena_copy(c->arena, path)) ||
	    !(d->what = arena_copy(c->arena, what))) {
		c->facts->out_of_memory = true;
		return;
	}
	d->kind = kind;
	*c->last = d;
	c->last = &d->next;
}

/* ---- what lies on another mount */

/*
 * podman mounts these for a user that the image does not know. Where a name is asked for that the
 * sealed files explain, other files would say what it means.
 */
static bool explains_user(const struct comparison *c, const char *path)
{
	const char *user = c->policy->user;

	/* A number alone has the groups that the files say, too. */
	return user && (strspn(user, "0123456789:,") < strlen(user) || !strchr(user, ':')) &&
	       (strcmp(path, "/etc/passwd") == 0 || strcmp(path, "/etc/group") == 0);
}

static bool is_excused(const struct comparison *c, const char *path)
{
	const struct mount *m = c->mounts ? mounts_by_path(c->mounts, path) : NULL;

	return (m && m->of_runtime && !explains_user(c, path)) ||
	       path_is_declared(c->policy, path, false);
}

/* What a runtime brings to be started, an init or an agent, is in no place of a sealed program. */
static bool brings_programs(const struct comparison *c, const char *path)
{
	const struct mount *m = c->mounts ? mounts_by_path(c->mounts, path) : NULL;

	return m && m->of_runtime &&
	       ((m->executable && !path_is_beneath(m->point, "/etc")) || mount_brings_programs(m));
}

static bool may_take_the_place(const struct comparison *c, const char *path)
{
	return path_is_declared(c->policy, path, false) ||
	       (is_excused(c, path) && !brings_programs(c, path));
}

bool entry_is_at_or_below(const struct seal_entry *e, const char *path, size_t len)
{
	return e->path_len >= len && memcmp(e->path, path, len) == 0 &&
	       (e->path_len == len || e->path[len] == '/');
}

/* Where loaders and interpreters look for code. */
static bool is_code_dir(const char *path)
{
	static const char *const dirs[] = {"/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin"};

	for (size_t i = 0; i < array_length(dirs); i++)
		if (path_is_beneath(path, dirs[i]))
			return true;
	return false;
}

/*
 * What is looked into for code. The C library's own settings lie in the folder itself; granit's
 * file is judged by config-trusted.
 */
static bool is_obeyed_mount(const struct tree_name *n)
{
	char dir[PATH_MAX];

	if (is_code_dir(n->path + 1))
		return true;
	if (S_ISDIR(n->st.mode))
		return strcmp(n->path, "./etc") == 0;
	if (strcmp(n->path, "./etc/granit.conf") == 0 || !text_copy(dir, sizeof(dir), n->path))
		return false;
	*strrchr(dir, '/') = '\0';
	return is_etc(dir);
}

/* What the deployer adds, the image has no say in: but it is said. */
static void beside(struct comparison *c, const struct tree_name *n)
{
	if (c->mounts && !is_excused(c, n->path + 1))
		differs(c, is_obeyed_mount(n) ? SEAL_MOUNT_IN_ETC : SEAL_BESIDE, n->path,
			"a mount where the image has nothing");
}

/*
 * Marks everything at and below the mount point as seen: it cannot be compared. A directory with
 * nothing but directories in it is there to be mounted on.
 */
static int cover(struct comparison *c, const struct tree_name *n, const char *path, size_t len)
{
	const char *first = NULL;
	size_t first_len = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct seal_entry *e = &c->entries[i];

		if (!entry_is_at_or_below(e, path, len))
			continue;
		c->seen[i] = 1;
		if (!first && e->type != SEAL_DIR) {
			first = e->path;
			first_len = e->path_len;
		}
	}
	if (!first)
		beside(c, n);
	else if (may_take_the_place(c, n->path + 1))
		differs(c, SEAL_BY_RUNTIME, n->path, "a mount of the runtime's, or a declared one");
	else
		differs(c, SEAL_COVERED, n->path, "hides %.*s",
			(int)(first_len > 100 ? 100 : first_len - 1), first + 1);
	return 0;
}

/* ---- what the manifest does not name */

/* A directory on the way to a mount was created for it. */
static bool leads_to_mount(const struct comparison *c, const char *path)
{
	for (size_t i = 0; c->mounts && i < c->mounts->count; i++)
		if (path_is_beneath(c->mounts->rows[i].point, path))
			return true;
	return false;
}

static int extra(struct comparison *c, const struct tree_name *n)
{
	const char *what = NULL;
	enum seal_kind kind = extra_kind(c, n, &what);

	if (what && !(S_ISDIR(n->st.mode) && leads_to_mount(c, n->path + 1)))
		differs(c, kind, n->path, "%s", what);
	return 0;
}

/* ---- what it names */

/*
 * "/" is created by the engine, podman's with mode 0555: it is odd only when others may write it.
 */
static void compare_root_dir(struct comparison *c, const struct tree_name *n,
			     const struct seal_entry *e)
{
	unsigned int mode = n->st.mode & 07777;
	bool is_odd = mode & (S_IWGRP | S_IWOTH) || n->st.uid != e->uid || n->st.gid != e->gid;

	if (mode != e->mode || n->st.uid != e->uid || n->st.gid != e->gid)
		differs(c, is_odd ? SEAL_ROOT_DIFFERS : SEAL_BY_RUNTIME, n->path,
			"mode %04o, owner %u:%u, sealed as %04o, %u:%u", mode, n->st.uid, n->st.gid,
			e->mode, e->uid, e->gid);
}

static void compare_mode(struct comparison *c, const struct tree_name *n,
			 const struct seal_entry *e)
{
	unsigned int mode = n->st.mode & 07777;

	if (n->path[1] == '\0') {
		compare_root_dir(c, n, e);
		return;
	}
	/* The mode of a link means nothing. */
	if (e->type != SEAL_LINK && mode != e->mode)
		differs(c, SEAL_REMODED, n->path, "mode %04o, sealed as %04o", mode, e->mode);
	if (n->st.uid != e->uid || n->st.gid != e->gid) {
		bool can_be = owner_may_be(n->st.uid, e->uid, "uid_map") &&
			      owner_may_be(n->st.gid, e->gid, "gid_map");

		differs(c, can_be ? SEAL_UNMAPPED : SEAL_REOWNED, n->path,
			"owner %u:%u, sealed as %u:%u", n->st.uid, n->st.gid, e->uid, e->gid);
	}
}

static void compare_link(struct comparison *c, const struct tree_name *n,
			 const struct seal_entry *e)
{
	char target[PATH_MAX], sealed[PATH_MAX];
	ssize_t len = readlinkat(n->dirfd, n->name, target, sizeof(target) - 1);

	if (len < 0) {
		differs(c, SEAL_CANNOT_LOOK, n->path, "%s", strerror(errno));
		return;
	}
	target[len] = '\0';
	if (unescape(e->link, e->link_len, sealed, sizeof(sealed)) < 0 ||
	    strcmp(sealed, target) != 0)
		differs(c, SEAL_RELINKED, n->path, "leads elsewhere than when it was sealed");
}

static bool is_to_be_started(const struct comparison *c, const struct tree_name *n)
{
	return S_ISREG(n->st.mode) && n->st.ino == c->program_file.st_ino &&
	       makedev(n->st.dev_major, n->st.dev_minor) == c->program_file.st_dev;
}

static void compare_content(struct comparison *c, const struct tree_name *n,
			    const struct seal_entry *e)
{
	if (n->st.size != e->size) {
		differs(c, SEAL_CHANGED, n->path, "%llu bytes, sealed with %llu",
			(unsigned long long)n->st.size, (unsigned long long)e->size);
		return;
	}
	c->stored += hash_stored(&n->st);
	if (!c->lazy)
		c->bytes += e->size;
	c->board->tasks[e - c->entries].state = c->lazy ? HASH_PUT_OFF : HASH_TODO;
	if (is_to_be_started(c, n))
		c->program_entry = (size_t)(e - c->entries);
}

int compare_name(void *comparison, const struct tree_name *n)
{
	struct comparison *c = comparison;
	char path[ESCAPED_MOST];
	size_t len = escape(n->path, path, sizeof(path));
	const struct seal_entry *e = manifest_find(c->entries, c->count, path, len);

	if (n->foreign)
		return cover(c, n, path, len);
	c->program_seen |= is_to_be_started(c, n);
	if (!e)
		return extra(c, n);
	c->seen[e - c->entries] = 1;
	if (seal_type_of(n->st.mode) != e->type) {
		differs(c, SEAL_RETYPED, n->path, "a %s, sealed as a %s",
			seal_type_names[seal_type_of(n->st.mode)], seal_type_names[e->type]);
		return 0;
	}
	compare_mode(c, n, e);
	if (e->type == SEAL_FILE)
		compare_content(c, n, e);
	if (e->type == SEAL_LINK)
		compare_link(c, n, e);
	if ((e->type == SEAL_CHAR || e->type == SEAL_BLOCK) &&
	    (n->st.rdev_major != e->major || n->st.rdev_minor != e->minor))
		differs(c, SEAL_REMADE, n->path, "device %u,%u, sealed as %u,%u", n->st.rdev_major,
			n->st.rdev_minor, e->major, e->minor);
	return 0;
}

/*
 * Images for users other than root hold files that those cannot read (/root, /etc/shadow). What
 * granit may neither read nor execute, nor enter, the program may not either, unless it becomes
 * another user, keeps a capability that granit has not got (beside the running program), or has
 * a set-user-id program do it.
 */
static enum seal_kind kind_of_failure(const struct comparison *c, const char *path, int error)
{
	/* "./a/b" on its own, with a mount on the way to it. */
	if (error == -EXDEV)
		return is_excused(c, path + 1) ? SEAL_BY_RUNTIME : SEAL_COVERED;
	if (error != -EACCES)
		return SEAL_CANNOT_LOOK;
	if (c->policy->root || c->policy->user || c->policy->allow_new_privs ||
	    policy_passes_bars(c->policy))
		return SEAL_BARRED;
	return sys_access(c->root, path, X_OK) == -EACCES ? SEAL_OUT_OF_REACH : SEAL_BARRED;
}

static bool was_read_before(const struct comparison *c, int error)
{
	return error == -EACCES && c->policy->verify == VERIFY_REST;
}

int cannot_compare(void *comparison, const char *path, int error)
{
	struct comparison *c = comparison;
	char escaped[ESCAPED_MOST];
	size_t len = escape(path, escaped, sizeof(escaped));

	if (!was_read_before(c, error))
		differs(c, kind_of_failure(c, path, error), path, "%s", strerror(-error));
	/* What lies below is not missing because of that. */
	for (size_t i = 0; i < c->count; i++)
		if (entry_is_at_or_below(&c->entries[i], escaped, len))
			c->seen[i] = 1;
	return 0;
}

/* ---- all of it */

static void tell_content(struct comparison *c, const struct seal_entry *e, const char *path)
{
	const struct hash_task *t = &c->board->tasks[e - c->entries];
	const unsigned char state = t->state;

	switch (state) {
	case HASH_DONE:
		c->facts->files++;
		c->facts->bytes += e->size;
		if (memcmp(t->digest, e->digest, DIGEST_SIZE) != 0)
			differs(c, SEAL_CHANGED, path, "its content is not what was sealed");
		break;
	case HASH_FAILED:
		if (was_read_before(c, t->error))
			break;
		differs(c, kind_of_failure(c, path, t->error), path, "%s",
			t->error == -ESTALE  ? "it changes while it is read"
			: t->error == -ETIME ? hash_out_of_time
					     : strerror(-t->error));
		break;
	default:
		break;
	}
}

static void tell_entries(struct comparison *c)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < c->count; i++) {
		const struct seal_entry *e = &c->entries[i];

		if (c->seen[i] && c->board->tasks[i].state == HASH_NONE)
			continue;
		if (unescape(e->path, e->path_len, path, sizeof(path)) < 0)
			continue; /* the parser has made sure that this cannot happen */
		if (!c->seen[i])
			differs(c, SEAL_MISSING, path, "sealed, and not there");
		else
			tell_content(c, e, path);
	}
}

/*
 * Keeps the program open if it is as sealed: then exactly what was read is executed, wherever its
 * path leads by then. Not a script: its interpreter would open it again, by a name that is gone.
 */
static void keep_program(struct comparison *c, struct hash_work *w)
{
	cleanup_fd int fd = w->kept_fd;
	uint8_t head[SELFMAG];

	if (fd >= 0 &&
	    memcmp(c->board->tasks[w->kept].digest, w->entries[w->kept].digest, DIGEST_SIZE) == 0 &&
	    pread(fd, head, sizeof(head), 0) == sizeof(head) && elf_is(head, sizeof(head)))
		c->facts->program = take_fd(&fd);
}

/* What lies on the image's own mount the walk has told. Nothing starts where a part is missing. */
static void tell_foreign(struct comparison *c, const char *path, const char *what)
{
	char dotted[PATH_MAX + 1] = ".";
	int on_mount = path_is_on_mount(path, c->root);

	if (on_mount == 1 || on_mount == -ENOENT || on_mount == -ENOTDIR ||
	    !text_copy(dotted + 1, PATH_MAX, path))
		return;
	if (on_mount < 0)
		differs(c, kind_of_failure(c, dotted, on_mount), dotted, "%s: %s", what,
			strerror(-on_mount));
	else
		/* A runtime's directory covers what was sealed; nobody starts a program there. */
		differs(c,
			path_is_declared(c->policy, path, false) ? SEAL_DECLARED_PROGRAM
								 : SEAL_NOT_SEALED,
			dotted, "%s, which no line of the manifest names; it lies on another mount",
			what);
}

/*
 * A seal that holds says nothing of a program that is not part of it, nor of what the kernel runs
 * it with.
 */
static void tell_program(struct comparison *c)
{
	char path[PATH_MAX], next[PATH_MAX];

	/* Without a file there is nothing to tell. */
	if (!c->program_file.st_ino || !text_copy(path, sizeof(path), c->program))
		return;
	if (!c->program_seen)
		tell_foreign(c, path, "the program");
	for (int i = 0; i < LOADERS_DEEP && program_loader(path, next); i++) {
		memcpy(path, next, sizeof(path));
		tell_foreign(c, path, "what the program is run with");
	}
}

int seal_compare(struct comparison *c)
{
	const struct tree_visitor v = {.visit = compare_name, .blind = cannot_compare, .arg = c};
	struct hash_work w = {
		.root = c->root,
		.entries = c->entries,
		.count = c->count,
		.board = c->board,
		.programs_only = c->policy->verify == VERIFY_PROGRAMS,
		.words = c->policy->program,
		.buf = arena_take(c->arena, 1, HASH_BUF),
	};
	int r;

	c->program_entry = c->count;
	/* Without a file there is no inode to match: 0. */
	if (!c->program || sight_stat(AT_FDCWD, c->program, 0, &c->program_file) < 0)
		c->program_file.st_ino = 0;
	if (!w.buf)
		return -ENOMEM;
	r = tree_walk(c->root, &v, c->arena);
	if (r == 0 && c->lazy)
		r = lazy_choose(c);
	if (r < 0)
		return r;
	c->facts->lazy = c->lazy;
	w.bytes = c->bytes;
	/* A container that starts has the time that its own files take. */
	if (c->policy->root)
		w.deadline = hash_deadline(c->policy->scan_budget.nanoseconds, c->stored);
	w.kept = c->keep_program ? c->program_entry : c->count;
	hash_all(&w);
	keep_program(c, &w);
	tell_entries(c);
	tell_program(c);
	return 0;
}
