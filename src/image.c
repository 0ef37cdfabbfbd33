// SPDX-License-Identifier: MIT
#include "image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "names.h"
#include "sys/below.h"
#include "sys/sys.h"
#include "sys/text.h"

enum {
	MANY_LINKS = 20, /* more names than that are a multi-call binary's, or git's */
	DENTS = 1 << 15,
};

/* 4 GiB: more than the program directories of any image that is meant to have no shell. */
static const uint64_t budget = UINT64_C(4) << 30;

/*
 * Where programs lie, whatever PATH says. A '*' stands for every directory there. In an image made
 * from scratch the root directory itself is one.
 */
static const char *const program_dirs[] = {
	"/usr/local/sbin", "/usr/local/bin",   "/usr/sbin",	       "/usr/bin",
	"/sbin",	   "/bin",	       "/",		       "/busybox",
	"/command",	   "/snap/bin",	       "/usr/games",	       "/usr/local/games",
	"/opt/*/bin",	   "/nix/store/*/bin", "/usr/lib/klibc/bin",   "/usr/lib/initcpio",
	"/bin.usr-is-merged",
};

/* A file or directory that was seen, by what tells it apart from all others. */
struct seen {
	uint64_t device, inode;
	uint32_t symlinks;	 /* that led here */
	struct program *program; /* NULL while there is nothing to say of it */
	bool used;
};

struct walk {
	int root; /* -1: the process's own */
	struct arena *arena;
	struct image_facts *facts;
	struct program **last;
	struct scanner scanner;
	char *dents;
	struct seen *seen; /* a hash table of a power of two, at most half full */
	size_t room, count;
	const struct seen *allow; /* only device and inode */
	size_t allow_count;
};

/* ---- where the paths lead */

/* As open(2), from the root that is looked at; -errno on failure. */
static int open_path(const struct walk *w, const char *path, int flags)
{
	int fd;

	if (w->root >= 0)
		return open_below(w->root, path, flags);
	fd = openat(AT_FDCWD, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* As stat(2); -errno on failure. */
static int stat_path(const struct walk *w, const char *path, struct stat *ret)
{
	cleanup_fd int fd = -1;

	if (w->root < 0)
		return stat(path, ret) < 0 ? -errno : 0;
	fd = open_below(w->root, path, O_PATH);
	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? -errno : 0;
}

/* ---- what was seen */

static struct seen *slot(struct seen *table, size_t room, uint64_t device, uint64_t inode)
{
	size_t i = (size_t)((inode ^ device) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (room - 1);

	while (table[i].used && (table[i].inode != inode || table[i].device != device))
		i = (i + 1) & (room - 1);
	return &table[i];
}

static int grow(struct walk *w)
{
	size_t room = w->room ? w->room * 2 : 64;
	struct seen *table = arena_take(w->arena, room, sizeof(*table));

	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < w->room; i++)
		if (w->seen[i].used)
			*slot(table, room, w->seen[i].device, w->seen[i].inode) = w->seen[i];
	w->seen = table;
	w->room = room;
	return 0;
}

/* The row of this file; a new one when it was not seen before. NULL without memory. */
static struct seen *see(struct walk *w, const struct stat *st, bool *ret_new)
{
	struct seen *s;

	if (w->count * 2 >= w->room && grow(w) < 0) {
		w->facts->out_of_memory = true;
		return NULL;
	}
	s = slot(w->seen, w->room, st->st_dev, st->st_ino);
	*ret_new = !s->used;
	if (*ret_new) {
		*s = (struct seen){.device = st->st_dev, .inode = st->st_ino, .used = true};
		w->count++;
	}
	return s;
}

static bool is_allowed(const struct walk *w, const struct stat *st)
{
	for (size_t i = 0; i < w->allow_count; i++)
		if (w->allow[i].inode == st->st_ino && w->allow[i].device == st->st_dev)
			return true;
	return false;
}

/* ---- what is told of it */

static const char *join(struct walk *w, const char *dir, const char *name)
{
	char buf[PATH_MAX + NAME_MAX];
	struct text t;
	char *copy;

	text_init(&t, buf, sizeof(buf));
	text_add(&t, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", name);
	copy = arena_copy(w->arena, buf);
	if (!copy)
		w->facts->out_of_memory = true;
	return copy ? copy : "";
}

static void blind(struct walk *w, const char *dir, const char *name, int error)
{
	struct blind_spot *b = arena_take(w->arena, 1, sizeof(*b));

	if (!b) {
		w->facts->out_of_memory = true;
		return;
	}
	*b = (struct blind_spot){.next = w->facts->blind, .error = -error};
	b->path = name ? join(w, dir, name) : arena_copy(w->arena, dir);
	w->facts->blind = b;
}

static struct program *tell(struct walk *w, const char *dir, const char *name)
{
	struct program *p = arena_take(w->arena, 1, sizeof(*p));

	if (!p) {
		w->facts->out_of_memory = true;
		return NULL;
	}
	*p = (struct program){.path = join(w, dir, name)};
	*w->last = p;
	w->last = &p->next;
	return p;
}

/* ---- one file */

static void note_target(struct walk *w, int dirfd, const char *name, struct program *p)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dirfd, name, target, sizeof(target) - 1);

	if (n < 0)
		return; /* no link */
	target[n] = '\0';
	p->target = arena_copy(w->arena, target);
}

static struct program *tell_once(struct walk *w, struct seen *s, const char *dir, const char *name)
{
	if (!s->program)
		s->program = tell(w, dir, name);
	return s->program;
}

/* Names that lead to one file: hard links are counted by the file system, symbolic ones here. */
static void count_links(struct walk *w, struct seen *s, const struct stat *st, const char *dir,
			const char *name, bool is_link)
{
	uint64_t links;
	struct program *p;

	s->symlinks += is_link;
	links = st->st_nlink > s->symlinks ? st->st_nlink : s->symlinks;
	if (links <= MANY_LINKS)
		return;
	p = tell_once(w, s, dir, name);
	if (p) {
		p->links = (unsigned int)links;
		p->allowed |= is_allowed(w, st);
	}
}

/* A file that may be started but not read: nothing can be said of it. */
static bool may_execute(int dirfd, const char *name)
{
	return faccessat(dirfd, name, X_OK, AT_EACCESS) == 0;
}

/* NONBLOCK: a FIFO that takes the place of a file in this moment must not hold us up. */
static int open_file(struct walk *w, int dirfd, const char *dir, const char *name, bool is_link)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
	int fd;

	if (is_link && w->root >= 0)
		return open_path(w, join(w, dir, name), flags);
	fd = openat(dirfd, name, flags | O_CLOEXEC | (is_link ? 0 : O_NOFOLLOW));
	return fd < 0 ? -errno : fd;
}

static void look_at_content(struct walk *w, int dirfd, const char *dir, const char *name,
			    bool is_link)
{
	cleanup_fd int fd = open_file(w, dirfd, dir, name, is_link);
	struct stat st;
	struct seen *s;
	bool is_new;
	int content;

	if (fd < 0) {
		if (fd != -EACCES || may_execute(dirfd, name))
			blind(w, dir, name, fd);
		return;
	}
	if (fstat(fd, &st) < 0) {
		blind(w, dir, name, -errno);
		return;
	}
	s = S_ISREG(st.st_mode) ? see(w, &st, &is_new) : NULL;
	if (!s)
		return;
	count_links(w, s, &st, dir, name, is_link);
	if (!is_new)
		return;
	w->facts->files++;
	content = scan_file(&w->scanner, fd);
	if (content == -EDQUOT) {
		w->facts->out_of_budget = true;
	} else if (content < 0) {
		blind(w, dir, name, content);
	} else if (content & ~CONTENT_ELF) {
		struct program *p = tell_once(w, s, dir, name);

		if (p) {
			p->content = (unsigned int)content;
			p->allowed = is_allowed(w, &st);
		}
	}
}

/* As stat(2) of an entry: a link is followed without opening what it leads to. */
static int stat_entry(struct walk *w, int dirfd, const char *dir, const char *name, struct stat *ret)
{
	if (w->root >= 0)
		return stat_path(w, join(w, dir, name), ret);
	return fstatat(dirfd, name, ret, 0) < 0 ? -errno : 0;
}

static bool leads_nowhere(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -ELOOP;
}

static void look_at_entry(struct walk *w, int dirfd, const char *dir, const struct dirent *e)
{
	unsigned int families = name_families(e->d_name);
	bool is_link = e->d_type == DT_LNK;
	struct stat st;
	int error = 0;

	if (e->d_type == DT_UNKNOWN) {
		error = fstatat(dirfd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
		is_link = !error && S_ISLNK(st.st_mode);
	}
	if (is_link)
		error = stat_entry(w, dirfd, dir, e->d_name, &st);
	else if (e->d_type != DT_UNKNOWN)
		st.st_mode = DTTOIF(e->d_type);
	/* Only what could be started counts: a directory or a pipe of that name is no shell. */
	if (!error && !S_ISREG(st.st_mode))
		return;
	if (families) {
		struct program *p = tell(w, dir, e->d_name);

		if (p) {
			p->families = families;
			p->dangling = leads_nowhere(error);
			note_target(w, dirfd, e->d_name, p);
		}
	}
	if (!error)
		look_at_content(w, dirfd, dir, e->d_name, is_link);
	else if (!leads_nowhere(error) && error != -EACCES)
		blind(w, dir, e->d_name, error);
}

/* ---- directories */

typedef void entry_function(struct walk *w, int dirfd, const char *dir, const struct dirent *e);

static void for_each_entry(struct walk *w, int dirfd, const char *dir, char *dents,
			   entry_function *each)
{
	int n;

	/* struct dirent is the kernel's linux_dirent64: musl and glibc read it the same way. */
	while ((n = sys_getdents(dirfd, dents, DENTS)) > 0) {
		for (int at = 0; at < n;) {
			const struct dirent *e = (const void *)(dents + at);

			if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
				each(w, dirfd, dir, e);
			at += e->d_reclen;
		}
	}
	if (n < 0)
		blind(w, dir, NULL, n);
}

/* A directory that leads nowhere for the caller leads nowhere for the program either. */
static void could_not_open(struct walk *w, const char *dir, int error)
{
	if (leads_nowhere(error) || error == -ENAMETOOLONG)
		return;
	if (error == -EACCES && w->root < 0 && faccessat(AT_FDCWD, dir, X_OK, AT_EACCESS) < 0) {
		w->facts->skipped = arena_copy(w->arena, dir);
		return;
	}
	blind(w, dir, NULL, error);
}

/* Returns an open directory that was not seen before, or -1. */
static int open_dir(struct walk *w, const char *dir)
{
	int fd = open_path(w, dir, O_RDONLY | O_DIRECTORY);
	struct stat st;
	bool is_new;

	if (fd < 0) {
		could_not_open(w, dir, fd);
		return -1;
	}
	if (fstat(fd, &st) == 0 && see(w, &st, &is_new) && is_new)
		return fd;
	(void)close(fd);
	return -1;
}

static void look_at_dir(struct walk *w, const char *dir)
{
	cleanup_fd int fd = open_dir(w, dir);

	if (fd >= 0)
		for_each_entry(w, fd, dir, w->dents, look_at_entry);
}

static void look_below(struct walk *w, int dirfd, const char *dir, const struct dirent *e)
{
	const char *below;

	(void)dirfd;
	below = join(w, dir, e->d_name);
	look_at_dir(w, join(w, below, "bin"));
}

/* "DIR/STAR/bin": the one shape that the list has. */
static void look_at_pattern(struct walk *w, const char *pattern)
{
	char dir[32];
	size_t len = (size_t)(strchr(pattern, '*') - pattern) - 1;
	cleanup_fd int fd = -1;
	char *dents;

	memcpy(dir, pattern, len);
	dir[len] = '\0';
	fd = open_path(w, dir, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		could_not_open(w, dir, fd);
		return;
	}
	dents = arena_take(w->arena, DENTS, 1);
	if (dents)
		for_each_entry(w, fd, dir, dents, look_below);
	else
		w->facts->out_of_memory = true;
}

static bool is_program_dir(const char *dir)
{
	for (size_t i = 0; i < array_length(program_dirs); i++)
		if (strcmp(program_dirs[i], dir) == 0)
			return true;
	return false;
}

static void look_at_path(struct walk *w, const char *path)
{
	char dir[PATH_MAX];

	while (path) {
		const char *end = strchrnul(path, ':');
		size_t len = (size_t)(end - path);

		/* A longer one leads nowhere: no system call takes it. */
		if (len < sizeof(dir)) {
			memcpy(dir, path, len);
			dir[len] = '\0';
			/* An empty one is the working directory, execvp(3) says. */
			if (!is_program_dir(dir))
				look_at_dir(w, len ? dir : ".");
		}
		path = *end ? end + 1 : NULL;
	}
}

static int find_allowed(struct walk *w, const struct image_request *q)
{
	struct seen *rows = arena_take(w->arena, q->allow_count, sizeof(*rows));
	struct stat st;

	if (!rows)
		return -ENOMEM;
	w->allow = rows;
	for (size_t i = 0; i < q->allow_count; i++)
		if (stat_path(w, q->allow[i], &st) == 0)
			rows[w->allow_count++] =
				(struct seen){.device = st.st_dev, .inode = st.st_ino};
	return 0;
}

void image_look_at_programs(const struct image_request *q, struct arena *a, struct image_facts *ret)
{
	struct walk w = {.root = q->root, .arena = a, .facts = ret, .last = &ret->programs};

	*ret = (struct image_facts){0};
	w.dents = arena_take(a, DENTS, 1);
	if (!w.dents || scanner_init(&w.scanner, a, budget) < 0 || find_allowed(&w, q) < 0) {
		ret->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < array_length(program_dirs); i++) {
		if (strchr(program_dirs[i], '*'))
			look_at_pattern(&w, program_dirs[i]);
		else
			look_at_dir(&w, program_dirs[i]);
	}
	look_at_path(&w, q->path);
}
