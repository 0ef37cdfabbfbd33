// SPDX-License-Identifier: MIT
/*
 * The listener: who is told of calls, looks what they are about, and lets them go on. What it
 * reads of another process may be changed under its eyes: it learns, and decides nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "facts/mountid.h"
#include "facts/names.h"
#include "learn/learnt.h"
#include "sys/below.h"
#include "sys/script.h"

/* A call that somebody waits in. */
struct caller {
	struct learnt *n;
	pid_t pid;
	int memory; /* /proc/PID/mem; -1: it cannot be read */
	const uint64_t *args;
	char name[16];
};

/* ---- what the kernel says of a process */

static int open_of_process(pid_t pid, const char *what, int flags)
{
	char path[64];
	struct text t;
	int fd;

	text_init(&t, path, sizeof(path));
	text_add(&t, "/proc/%d/%s", pid, what);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void read_process_name(pid_t pid, char ret[16])
{
	cleanup_fd int fd = open_of_process(pid, "comm", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, ret, 15);

	ret[n < 0 ? 0 : n] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
}

/* Up to its NUL, a page at a time: what lies behind it may not be there. */
static bool read_string(const struct caller *c, uint64_t at, char ret[PATH_MAX])
{
	enum { PAGE = 4096 };
	size_t len = 0;

	while (len < PATH_MAX) {
		size_t part = PAGE - (size_t)((at + len) % PAGE);
		ssize_t n = pread(c->memory, ret + len,
				  part < PATH_MAX - len ? part : PATH_MAX - len, (off_t)(at + len));

		if (n <= 0)
			return false;
		if (memchr(ret + len, '\0', (size_t)n))
			return true;
		len += (size_t)n;
	}
	return false;
}

static bool read_memory(const struct caller *c, uint64_t at, void *ret, size_t size)
{
	return pread(c->memory, ret, size, (off_t)at) == (ssize_t)size;
}

/* ---- which file a call means */

/* What of the path is to be looked up in /proc/PID, since there "self" is another one; or NULL. */
static const char *behind_self(const char *path)
{
	static const char *const selves[] = {"/proc/self/", "/proc/thread-self/"};

	for (size_t i = 0; i < array_length(selves); i++)
		if (strncmp(path, selves[i], strlen(selves[i])) == 0)
			return path + strlen(selves[i]);
	return NULL;
}

/* A descriptor for what the process calls `path`, or -errno. */
static int open_as_process(const struct caller *c, const struct watched_call *row, const char *path,
			   int flags)
{
	const char *own = behind_self(path);
	char full[PATH_MAX + 64];
	struct text t;
	int fd;

	text_init(&t, full, sizeof(full));
	text_add(&t, "/proc/%d/", c->pid);
	if (own)
		path = own;
	else if (path[0] == '/')
		text_add_string(&t, "root");
	else if (row->dir < 0 || (int)c->args[row->dir] == AT_FDCWD)
		text_add_string(&t, "cwd");
	else
		text_add(&t, "fd/%d", (int)c->args[row->dir]);
	if (*path)
		text_add_part(&t, path[0] == '/' ? path + 1 : path);
	fd = open(full, O_PATH | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

/* The path of the open file without links, in which " (deleted)" is no name. */
static bool real_path(int fd, char ret[PATH_MAX])
{
	struct stat st;

	return path_of_fd(-1, fd, ret) && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

/* The directory that path lies in, open, with its real path and the last name behind it. */
static int open_parent(const struct caller *c, const struct watched_call *row, char *path,
		       char ret[PATH_MAX])
{
	char name[NAME_MAX + 1], *slash;
	size_t len = strlen(path);
	struct text t;
	int fd;

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	slash = strrchr(path, '/');
	if (!text_copy(name, sizeof(name), slash ? slash + 1 : path))
		return -ENAMETOOLONG;
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -EINVAL;
	if (slash)
		slash[slash == path] = '\0';
	/* Of a path in the directory itself nothing is left: "." keeps it a relative one. */
	fd = open_as_process(c, row, slash ? path : ".", O_DIRECTORY);
	if (fd < 0 || !real_path(fd, ret)) {
		close_fd(&fd);
		return -ENOENT;
	}
	t = (struct text){.buf = ret, .size = PATH_MAX, .len = strlen(ret)};
	text_add_part(&t, name);
	return fd;
}

/* ---- what it is about */

/* Those that are no files, and those of the kernel's and the runtime's own, are nobody's need. */
static void note(const struct caller *c, const char *path, unsigned int flags, bool may)
{
	struct learnt_volume *v = learnt_volume_of(c->n, path);

	if (v)
		v->written |= may;
	else if (learnt_is_of_image(c->n, path))
		learnt_add(c->n, path, flags | (may ? 0 : SEEN_DENIED), c->name);
}

/* Whether it is the user who may not, and not the mount, which is what this is all about. */
static bool may_write(int dir, const char *name)
{
	return faccessat(dir, name, W_OK, AT_EACCESS) == 0 || errno == EROFS || errno == ENOENT;
}

/* A directory that would have to be there first. Where it is absolute its path is known. */
static void note_lacking(const struct caller *c, const struct watched_call *row, const char *path)
{
	const struct seen *s;

	if (row->kind == CALL_REMOVE || path[0] != '/' || behind_self(path) ||
	    !learnt_is_of_image(c->n, path) || learnt_volume_of(c->n, path))
		return;
	s = learnt_parent(c->n, path);
	if (s)
		learnt_add(c->n, s->path, SEEN_LACKING, c->name);
}

/* The process makes or takes away path's last name. */
static void names_change(const struct caller *c, const struct watched_call *row, char *path)
{
	char real[PATH_MAX], given[PATH_MAX];
	cleanup_fd int dir = -1;
	const char *name;
	struct stat st;
	bool is_there, is_directory, may;

	/* It is cut where its last name begins. */
	(void)!text_copy(given, sizeof(given), path);
	dir = open_parent(c, row, path, real);
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
	note(c, real, is_directory ? SEEN_DIRECTORY | SEEN_CHANGED : SEEN_CHANGED, may);
	real[name - real - (name - real > 1)] = '\0';
	note(c, real, SEEN_DIRECTORY | SEEN_NAMES, may);
}

static void content_changes(const struct caller *c, int fd, const struct stat *st)
{
	char real[PATH_MAX], again[32];
	struct text t;

	if (!real_path(fd, real))
		return;
	text_init(&t, again, sizeof(again));
	text_add(&t, "/proc/self/fd/%d", fd);
	note(c, real, SEEN_CHANGED | (S_ISDIR(st->st_mode) ? SEEN_DIRECTORY : 0),
	     may_write(AT_FDCWD, again));
}

static uint64_t open_flags(const struct caller *c, const struct watched_call *row)
{
	uint64_t flags = c->args[row->path + 1];

	if (row->kind == CALL_CREATE)
		return O_CREAT | O_WRONLY | O_TRUNC;
	if (row->number == __NR_openat2 && !read_memory(c, flags, &flags, sizeof(flags)))
		return 0;
	return flags;
}

static void look_at_open(const struct caller *c, const struct watched_call *row, char *path)
{
	const uint64_t flags = open_flags(c, row);
	cleanup_fd int fd = -1;
	struct stat st;

	if (!(flags & (O_ACCMODE | O_CREAT | O_TRUNC)) || flags & O_PATH & ~(uint64_t)O_ACCMODE)
		return;
	fd = open_as_process(c, row, path, (int)(flags & O_NOFOLLOW));
	if (fd == -ENOENT && flags & O_CREAT)
		names_change(c, &(struct watched_call){.kind = CALL_MAKE, .dir = row->dir}, path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode) && (flags & O_TMPFILE) == O_TMPFILE) {
		char real[PATH_MAX];

		if (real_path(fd, real))
			note(c, real, SEEN_DIRECTORY | SEEN_NAMES, may_write(fd, "."));
	}
	/* A file that is there and must not be is not opened; one only read is not written to. */
	if (S_ISREG(st.st_mode) && (flags & (O_ACCMODE | O_TRUNC)) &&
	    (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
		content_changes(c, fd, &st);
}

static void look_at_change(const struct caller *c, const struct watched_call *row, const char *path)
{
	cleanup_fd int fd = open_as_process(c, row, path, 0);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		content_changes(c, fd, &st);
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

/* Under its own name, and under that of the link which it was called by: checks know both. */
static bool note_start(const struct caller *c, const struct watched_call *row, char *path,
		       const char *by, char real[PATH_MAX])
{
	cleanup_fd int fd = open_as_process(c, row, path, 0), dir = -1;
	char called[PATH_MAX];
	struct learnt_volume *v;

	if (fd < 0 || !real_path(fd, real))
		return false;
	v = learnt_volume_of(c->n, real);
	if (v)
		v->exec = true;
	else if (learnt_is_of_image(c->n, real))
		learnt_add(c->n, real, SEEN_EXECUTED, by);
	note_program(c->n, real, by, false);
	dir = open_parent(c, row, path, called);
	if (dir >= 0)
		note_program(c->n, called, by, true);
	return true;
}

/* And who interprets it, which is a call of nobody's. */
static void look_at_start(const struct caller *c, const struct watched_call *row, char *path)
{
	cleanup_fd int script = -1;
	char real[PATH_MAX], interpreter[PATH_MAX], by[16];
	uint8_t head[256];
	ssize_t n;

	if (!note_start(c, row, path, c->name, real))
		return;
	script = open(real, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	n = script < 0 ? -1 : read(script, head, sizeof(head));
	if (n <= 0 || !script_interpreter(head, (size_t)n, interpreter, sizeof(interpreter)))
		return;
	learnt_name(by, text_last_part(real));
	(void)note_start(c, row, interpreter, by, real);
}

static void look_at_bind(const struct caller *c, const struct watched_call *row)
{
	struct learnt *n = c->n;
	struct sockaddr_storage a = {0};
	uint64_t size = c->args[2];
	in_port_t port;

	if (!read_memory(c, c->args[1], &a, size < sizeof(a) ? size : sizeof(a)))
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
	port = ntohs(((struct sockaddr_in *)&a)->sin_port);
	for (size_t i = 0; i < n->ports_count; i++)
		if (n->ports[i].number == port && n->ports[i].pid == c->pid)
			port = 0;
	if (port && n->ports_count < LEARN_PORTS)
		n->ports[n->ports_count++] =
			(struct learnt_port){c->pid, (int)c->args[row->dir], port, false};
}

static void look_at_listen(const struct caller *c)
{
	for (size_t i = 0; i < c->n->ports_count; i++) {
		struct learnt_port *p = &c->n->ports[i];

		p->listens |= p->pid == c->pid && p->fd == (int)c->args[0];
	}
}

/* Only of user 0 is it a capability that lets it: others are refused, or need none. */
static void look_at_capability(const struct caller *c, const struct watched_call *row)
{
	cleanup_fd int dir = open_of_process(c->pid, "", O_PATH | O_DIRECTORY);
	struct stat st;

	if (dir >= 0 && fstat(dir, &st) == 0 && st.st_uid == 0)
		c->n->caps |= UINT64_C(1) << row->about;
}

static void look_at_row(const struct caller *c, const struct watched_call *row)
{
	char path[PATH_MAX] = "";
	uint64_t flags;

	switch (row->kind) {
	case CALL_WORD:
		c->n->words |= 1U << row->about;
		return;
	case CALL_CLONE3:
		if (read_memory(c, c->args[0], &flags, sizeof(flags)) && flags & CLONE_NEWUSER)
			c->n->words |= DENY_USER_NAMESPACES;
		return;
	case CALL_CAPABILITY:
		look_at_capability(c, row);
		return;
	case CALL_BIND:
		look_at_bind(c, row);
		return;
	case CALL_LISTEN:
		look_at_listen(c);
		return;
	case CALL_CHANGE_OPEN:
		look_at_change(c, row, "");
		return;
	default:
		break;
	}
	if (!read_string(c, c->args[row->path], path))
		return;
	if (row->kind == CALL_OPEN || row->kind == CALL_CREATE)
		look_at_open(c, row, path);
	else if (row->kind == CALL_EXECUTE)
		look_at_start(c, row, path);
	else if (row->kind == CALL_CHANGE)
		look_at_change(c, row, path);
	else
		names_change(c, row, path);
}

static void look_at_call(struct learnt *n, const struct seccomp_notif *notice)
{
	uint64_t args[6];
	struct caller c = {.n = n, .pid = (pid_t)notice->pid, .args = args};
	cleanup_fd int memory = open_of_process(c.pid, "mem", O_RDONLY);

	for (size_t i = 0; i < array_length(args); i++)
		args[i] = notice->data.args[i];
	c.memory = memory;
	read_process_name(c.pid, c.name);
	if (memory < 0) {
		n->unreadable++;
		learnt_name(n->unreadable_by, c.name);
	}
	for (size_t i = 0; i < watched_calls_count; i++) {
		const struct watched_call *row = &watched_calls[i];
		bool needs_memory = row->kind != CALL_WORD && row->kind != CALL_CAPABILITY &&
				    row->kind != CALL_LISTEN;

		if (call_is_of_row(row, notice->data.nr, args) && (memory >= 0 || !needs_memory))
			look_at_row(&c, row);
	}
}

/* ---- notifications */

static void let_go_on(int fd, uint64_t id)
{
	struct {
		struct seccomp_notif_resp resp;
		/* cppcheck-suppress unusedStructMember */
		char more[128]; /* of kernels to come */
	} a = {.resp = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE}};

	/* ENOENT: nobody waits for it any more. */
	(void)ioctl(fd, (int)SECCOMP_IOCTL_NOTIF_SEND, &a);
}

void listen_answer_pending(struct learnt *n, int fd)
{
	const struct seccomp_notif *notice = (const void *)n->notice;

	if (notice->id)
		let_go_on(fd, notice->id);
}

static bool receive(struct learnt *n, int fd)
{
	memset(n->notice, 0, sizeof(n->notice));
	return ioctl(fd, (int)SECCOMP_IOCTL_NOTIF_RECV, n->notice) == 0 || errno == EINTR ||
	       errno == ENOENT;
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
