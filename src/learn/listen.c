// SPDX-License-Identifier: MIT
/*
 * The listener: is notified of calls, inspects their arguments, and lets them continue. What it
 * reads of another process may be changed under its eyes: it learns, and decides nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>

#include "facts/names.h"
#include "learn/caller.h"
#include "learn/rights.h"
#include "sys/script.h"

/* ---- what it is about */

/* Those that are no files, and those of the kernel's and the runtime's own, are nobody's need. */
static void note(struct caller *c, const char *path, unsigned int flags, bool may)
{
	struct learnt_volume *v = learnt_volume_of(c->n, path);
	struct seen *s;

	c->noted = true;
	if (v)
		v->written |= may;
	if (v || !learnt_is_of_image(c->n, path))
		return;
	s = learnt_at(c->n, path);
	if (!s)
		return;
	s->flags |= flags | (may ? 0 : SEEN_DENIED);
	if (!*s->by)
		learnt_name(s->by, caller_name(c));
}

/* Whether it is the user who may not, and not the mount, which is what this is all about. */
static bool may_write(int dir, const char *name)
{
	int r = sys_access(dir, name, W_OK);

	return r == 0 || r == -EROFS || r == -ENOENT;
}

/* A directory that would have to be there first. Where it is absolute its path is known. */
static void note_lacking(struct caller *c, const struct watched_call *row, const char *path)
{
	const struct seen *s;

	if (row->kind == CALL_REMOVE || path[0] != '/' || caller_behind_self(path) ||
	    !learnt_is_of_image(c->n, path) || learnt_volume_of(c->n, path))
		return;
	s = learnt_parent(c->n, path);
	if (s)
		learnt_add(c->n, s->path, SEEN_LACKING, caller_name(c));
}

/* The process makes or takes away path's last name. */
static void names_change(struct caller *c, const struct watched_call *row, char *path)
{
	char real[PATH_MAX], given[PATH_MAX];
	cleanup_fd int dir = -1;
	const char *name;
	struct stat st;
	bool is_there, is_directory, may;

	/* It is cut where its last name begins. */
	(void)!text_copy(given, sizeof(given), path);
	dir = caller_open_parent(c, row, path, real);
	if (dir == -ENOENT)
		note_lacking(c, row, given);
	if (dir < 0)
		return;
	name = text_last_part(real);
	is_there = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (is_there ? row->kind == CALL_MAKE || row->kind == CALL_MKDIR : row->kind == CALL_REMOVE)
		return;
	is_directory = is_there ? S_ISDIR(st.st_mode) : row->kind == CALL_MKDIR;
	may = may_write(dir, ".");
	right_to_write(c, dir, real);
	note(c, real, is_directory ? SEEN_DIRECTORY | SEEN_CHANGED : SEEN_CHANGED, may);
	real[name - real - (name - real > 1)] = '\0';
	note(c, real, SEEN_DIRECTORY | SEEN_NAMES, may);
}

static void content_changes(struct caller *c, int fd, const struct stat *st, unsigned int how)
{
	char real[PATH_MAX], again[32];
	struct text t;

	if (!caller_real_path(fd, real))
		return;
	text_init(&t, again, sizeof(again));
	text_add(&t, "/proc/self/fd/%d", fd);
	if (how == SEEN_CHANGED)
		right_to_write(c, fd, real);
	note(c, real, how | (S_ISDIR(st->st_mode) ? SEEN_DIRECTORY : 0),
	     may_write(AT_FDCWD, again));
}

static uint64_t open_flags(const struct caller *c, const struct watched_call *row)
{
	uint64_t flags = c->args[row->path + 1];

	if (row->kind == CALL_CREATE)
		return O_CREAT | O_WRONLY | O_TRUNC;
	if (row->number == __NR_openat2 && !caller_read(c, flags, &flags, sizeof(flags)))
		return 0;
	return flags;
}

static void look_at_open(struct caller *c, const struct watched_call *row, char *path)
{
	const uint64_t flags = open_flags(c, row);
	cleanup_fd int fd = -1;
	struct stat st;

	if (!(flags & (O_ACCMODE | O_CREAT | O_TRUNC)) || flags & O_PATH & ~(uint64_t)O_ACCMODE)
		return;
	fd = caller_open(c, row, path, (int)(flags & O_NOFOLLOW));
	if (fd == -ENOENT && flags & O_CREAT)
		names_change(c, &(struct watched_call){.kind = CALL_MAKE, .dir = row->dir}, path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode) && (flags & O_TMPFILE) == O_TMPFILE) {
		char real[PATH_MAX];

		if (caller_real_path(fd, real))
			note(c, real, SEEN_DIRECTORY | SEEN_NAMES, may_write(fd, "."));
	}
	/* A file that is there and must not be is not opened; one only read is not written to. */
	if (S_ISREG(st.st_mode) && (flags & (O_ACCMODE | O_TRUNC)) &&
	    (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
		content_changes(c, fd, &st, SEEN_CHANGED);
}

/* Entrypoints set owner and mode at each start, most often to what they are. */
static bool stays_as_it_is(const struct caller *c, const struct watched_call *row,
			   const struct stat *st)
{
	const uint64_t *set = &c->args[(row->path > row->dir ? row->path : row->dir) + 1];
	const uint32_t uid = (uint32_t)set[0], gid = (uint32_t)set[1];

	if (row->about == SETS_MODE)
		return ((set[0] ^ st->st_mode) & 07777) == 0;
	return row->about == SETS_OWNER && (uid == UINT32_MAX || uid == st->st_uid) &&
	       (gid == UINT32_MAX || gid == st->st_gid);
}

static void look_at_change(struct caller *c, const struct watched_call *row, const char *path)
{
	cleanup_fd int fd = caller_open(c, row, path, 0);
	struct stat st;
	bool stays;

	if (fd < 0 || fstat(fd, &st) < 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return;
	stays = stays_as_it_is(c, row, &st);
	content_changes(c, fd, &st, stays ? SEEN_SAME : SEEN_CHANGED);
	/* The next one of that path may be another mode. */
	c->noted &= !stays;
}

static void note_program(struct learnt *n, const char *path, const char *by, bool is_link)
{
	unsigned int families = name_families(text_last_part(path));
	struct learnt_program *p = &n->programs[n->programs_count];

	for (size_t i = 0; i < n->programs_count; i++)
		if (strcmp(n->programs[i].path, path) == 0)
			return;
	if (n->programs_count == LEARN_PROGRAMS || !families)
		return;
	p->path = learnt_keep(n, path);
	if (!p->path)
		return;
	learnt_name(p->by, by);
	p->families = families;
	p->is_link = is_link;
	n->programs_count++;
}

/* Of a file that may be a library's: those of the image are where nobody writes. */
static void look_at_map(struct caller *c, const struct watched_call *row)
{
	cleanup_fd int fd = caller_open(c, row, "", 0);
	struct learnt_volume *v;
	char real[PATH_MAX];

	if (fd < 0 || !caller_real_path(fd, real))
		return;
	v = learnt_volume_of(c->n, real);
	if (v)
		v->exec = true;
	else if (!learnt_was_there(c->n, real) && learnt_is_of_image(c->n, real))
		learnt_add(c->n, real, SEEN_EXECUTED, caller_name(c));
}

/* Under its own name, and under that of the link which it was called by: checks know both. */
static bool note_start(struct caller *c, const struct watched_call *row, char *path, const char *by,
		       char real[PATH_MAX])
{
	cleanup_fd int fd = caller_open(c, row, path, 0), dir = -1;
	char called[PATH_MAX];
	struct learnt_volume *v;

	if (fd < 0 || !caller_real_path(fd, real))
		return false;
	v = learnt_volume_of(c->n, real);
	if (v)
		v->exec = true;
	else if (learnt_is_of_image(c->n, real))
		learnt_add(c->n, real, SEEN_EXECUTED, by);
	note_program(c->n, real, by, false);
	dir = caller_open_parent(c, row, path, called);
	if (dir >= 0)
		note_program(c->n, called, by, true);
	return true;
}

/* And who interprets it, which is a call of nobody's. */
static void look_at_start(struct caller *c, const struct watched_call *row, char *path)
{
	cleanup_fd int script = -1;
	char real[PATH_MAX], interpreter[PATH_MAX], by[16];
	uint8_t head[256];
	ssize_t n;

	if (!note_start(c, row, path, caller_name(c), real))
		return;
	script = open(real, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	n = script < 0 ? -1 : read(script, head, sizeof(head));
	if (n <= 0 || !script_interpreter(head, (size_t)n, interpreter, sizeof(interpreter)))
		return;
	learnt_name(by, text_last_part(real));
	(void)note_start(c, row, interpreter, by, real);
}

/* The name of a socket's protocol is an attribute of it. */
static bool is_udp(const struct caller *c, int fd)
{
	static const char udp[] = "UDP"; /* UDPv6, UDP-Lite */
	char path[64], protocol[32];
	struct text t;

	text_init(&t, path, sizeof(path));
	text_add(&t, "/proc/%d/fd/%d", c->pid, fd);
	return getxattr(path, "system.sockprotoname", protocol, sizeof(protocol)) > 0 &&
	       strncmp(protocol, udp, sizeof(udp) - 1) == 0;
}

static void note_port(struct caller *c, int fd, uint16_t number)
{
	struct learnt *n = c->n;
	const struct learnt_port port = {number, is_udp(c, fd)};

	if (number && number < n->first_free_port)
		right_note(c, CAP_NET_BIND_SERVICE);
	/* The kernel is to choose one. */
	if (!number || n->ports_count == LEARN_PORTS)
		return;
	for (size_t i = 0; i < n->ports_count; i++)
		if (n->ports[i].number == port.number && n->ports[i].is_udp == port.is_udp)
			return;
	n->ports[n->ports_count++] = port;
}

static void look_at_bind(struct caller *c, const struct watched_call *row)
{
	struct sockaddr_storage a = {0};
	uint64_t size = c->args[2];

	if (!caller_read(c, c->args[1], &a, size < sizeof(a) ? size : sizeof(a)))
		return;
	if (a.ss_family == AF_UNIX) {
		struct sockaddr_un *u = (struct sockaddr_un *)&a;
		char path[PATH_MAX];

		/* In the working directory, or absolute; one without a path has no name there. */
		if (u->sun_path[0] && text_copy(path, sizeof(path), u->sun_path))
			names_change(c, &(struct watched_call){.kind = CALL_MAKE, .dir = -1}, path);
		return;
	}
	if (a.ss_family != AF_INET && a.ss_family != AF_INET6)
		return;
	/* It lies at the same place in both. */
	note_port(c, (int)c->args[row->dir], ntohs(((struct sockaddr_in *)&a)->sin_port));
}

/*
 * The slot of a call that was noted before, word by word: a program may log for hours. Only of
 * paths that mean the same each time. NULL: it is none of them.
 */
static uint64_t *repeat_of(const struct caller *c, const struct watched_call *row, const char *path,
			   uint64_t *ret_hash)
{
	if (path[0] != '/' || row->kind == CALL_EXECUTE)
		return NULL;
	*ret_hash =
		learnt_hash(path) ^ (uint64_t)c->pid << 32 ^ (uint64_t)row->number << 8 ^ row->kind;
	return &c->n->repeats[*ret_hash % LEARN_REPEATS];
}

static void look_at_named(struct caller *c, const struct watched_call *row)
{
	char path[PATH_MAX];
	uint64_t *repeat, hash;

	if (!caller_read_string(c, c->args[row->path], path))
		return;
	repeat = repeat_of(c, row, path, &hash);
	if (repeat && *repeat == hash)
		return;
	c->noted = false;
	if (row->kind == CALL_OPEN || row->kind == CALL_CREATE)
		look_at_open(c, row, path);
	else if (row->kind == CALL_EXECUTE)
		look_at_start(c, row, path);
	else if (row->kind == CALL_CHANGE)
		look_at_change(c, row, path);
	else
		names_change(c, row, path);
	if (repeat && c->noted)
		*repeat = hash;
}

static void look_at_row(struct caller *c, const struct watched_call *row)
{
	uint64_t flags;

	switch (row->kind) {
	case CALL_WORD:
		c->n->words |= 1U << row->about;
		return;
	case CALL_CLONE3:
		if (caller_read(c, c->args[0], &flags, sizeof(flags)) && flags & CLONE_NEWUSER)
			c->n->words |= DENY_USER_NAMESPACES;
		return;
	case CALL_CAPABILITY:
	case CALL_IDENTITY:
	case CALL_GROUPS:
		right_of_call(c, row);
		return;
	case CALL_SIGNAL:
		right_of_signal(c);
		return;
	case CALL_BIND:
		look_at_bind(c, row);
		return;
	case CALL_CHANGE_OPEN:
		look_at_change(c, row, "");
		return;
	case CALL_MAP:
		look_at_map(c, row);
		return;
	default:
		look_at_named(c, row);
	}
}

static bool takes_memory(const struct watched_call *row)
{
	return row->kind < CALL_WORD;
}

static void look_at_call(struct learnt *n, const struct seccomp_notif *notice)
{
	uint64_t args[6];
	struct caller c = {.n = n, .pid = (pid_t)notice->pid, .args = args};
	const bool can_be_read = caller_open_memory(n, c.pid);

	for (size_t i = 0; i < array_length(args); i++)
		args[i] = notice->data.args[i];
	if (!can_be_read) {
		n->unreadable++;
		learnt_name(n->unreadable_by, caller_name(&c));
	}
	for (size_t i = 0; i < watched_calls_count; i++) {
		const struct watched_call *row = &watched_calls[i];

		if (call_is_of_row(row, notice->data.nr, args) &&
		    (can_be_read || !takes_memory(row)))
			look_at_row(&c, row);
		/* What it calls next comes from other memory. */
		if (row->kind == CALL_EXECUTE && row->number == notice->data.nr)
			caller_close_memory(n);
	}
}

/* ---- notifications */

enum { ATTEMPTS = 4 /* at a call that must not fail */ };

static void let_go_on(int fd, uint64_t id)
{
	struct {
		struct seccomp_notif_resp resp;
		/* cppcheck-suppress unusedStructMember */
		char more[128]; /* of kernels to come */
	} a = {.resp = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE}};

	/* ENOENT: nobody waits for it any more. Whoever is not answered waits for ever. */
	for (size_t i = 0; i < ATTEMPTS; i++)
		if (ioctl(fd, (int)SECCOMP_IOCTL_NOTIF_SEND, &a) == 0 || errno == ENOENT)
			return;
}

void listen_answer_pending(struct learnt *n, int fd)
{
	const struct seccomp_notif *notice = (const void *)n->notice;

	if (notice->id)
		let_go_on(fd, notice->id);
}

static bool receive(struct learnt *n, int fd)
{
	/* For one error it is not given up: all would wait for it. */
	for (size_t i = 0; i < ATTEMPTS; i++) {
		memset(n->notice, 0, sizeof(n->notice));
		if (ioctl(fd, (int)SECCOMP_IOCTL_NOTIF_RECV, n->notice) == 0 || errno == EINTR ||
		    errno == ENOENT)
			return true;
	}
	return false;
}

bool listen_once(struct learnt *n, int fd)
{
	const struct seccomp_notif *notice = (const void *)n->notice;

	if (!receive(n, fd))
		return false;
	if (!notice->id)
		return true;
	look_at_call(n, notice);
	let_go_on(fd, notice->id);
	return true;
}

bool listen_blindly(struct learnt *n, int fd)
{
	bool r = receive(n, fd);

	listen_answer_pending(n, fd);
	return r;
}
