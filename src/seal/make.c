// SPDX-License-Identifier: MIT
/* --seal: walks all names, reads all files, then writes. Runs where images are built. */
#include "seal/make.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "seal/escape.h"
#include "seal/hash.h"
#include "seal/own.h"
#include "seal/tree.h"

struct sealing {
	const struct policy *policy;
	struct text *err;
	struct seal_entry *entries;
	size_t count;
	char *names; /* MANIFEST_MOST bytes: all paths and links */
	size_t names_used;
	uint64_t stored; /* what all files take of the storage */
	time_t begun, told;
	bool is_terminal;
};

/* Puts "cannot DO DIR/usr/bin/app: why" into err; returns error. */
static int cannot(struct sealing *s, const char *what, const char *path, int error)
{
	text_add(s->err, "--seal: cannot %s ", what);
	text_add_name(s->err, s->policy->root);
	text_add_name(s->err, path + 1);
	text_add(s->err, ": %s; nothing was written",
		 error == -ESTALE  ? "it changed meanwhile: is a build still running?"
		 : error == -ETIME ? hash_out_of_time
				   : strerror(-error));
	return error;
}

static int cannot_look_at(void *arg, const char *path, int error)
{
	return cannot(arg, "look at", path, error);
}

/* The escaped name, kept until the manifest is written; NULL: the manifest would be too large. */
static const char *keep_name(struct sealing *s, const char *name, uint32_t *ret_len)
{
	char *kept = s->names + s->names_used;
	size_t n = escape(name, kept, MANIFEST_MOST - s->names_used);

	s->names_used += n;
	*ret_len = (uint32_t)n;
	return n ? kept : NULL;
}

static int keep_link(struct sealing *s, const struct tree_name *n, struct seal_entry *e)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(n->dirfd, n->name, target, sizeof(target) - 1);

	if (len < 0)
		return cannot(s, "read the link", n->path, -errno);
	target[len] = '\0';
	e->link = keep_name(s, target, &e->link_len);
	return e->link ? 0 : cannot(s, "seal", n->path, -EFBIG);
}

static int seal_name(void *arg, const struct tree_name *n)
{
	struct sealing *s = arg;
	struct seal_entry *e = &s->entries[s->count];

	/* A mount is not part of the image; the directory below it is. */
	if ((n->foreign && !S_ISDIR(n->st.mode)) || seal_is_own(s->policy, n->path))
		return 0;
	if (s->count == MANIFEST_ENTRIES)
		return cannot(s, "seal", n->path, -EFBIG);
	*e = (struct seal_entry){
		.type = seal_type_of(n->st.mode),
		.mode = n->st.mode & 07777,
		.uid = n->st.uid,
		.gid = n->st.gid,
	};
	e->path = keep_name(s, n->path, &e->path_len);
	if (!e->path)
		return cannot(s, "seal", n->path, -EFBIG);
	s->count++;
	if (e->type == SEAL_FILE) {
		e->size = n->st.size;
		s->stored += hash_stored(&n->st);
	}
	e->major = n->st.rdev_major;
	e->minor = n->st.rdev_minor;
	return e->type == SEAL_LINK ? keep_link(s, n, e) : 0;
}

static int by_path(const void *a, const void *b)
{
	const struct seal_entry *x = a, *y = b;

	return manifest_compare(x->path, x->path_len, y->path, y->path_len);
}

/* ---- reading */

static void show_progress(void *arg, size_t kilobytes, uint64_t all)
{
	struct sealing *s = arg;
	struct timespec now;
	char buf[80];
	struct text t;

	if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) < 0 || now.tv_sec <= s->told)
		return;
	s->told = now.tv_sec;
	if (now.tv_sec - s->begun < 2)
		return;
	text_init(&t, buf, sizeof(buf));
	text_add(&t, "\rgranit: %zu of %llu MB read", kilobytes >> 10,
		 (unsigned long long)(all >> 20));
	(void)text_write(&t, STDERR_FILENO);
}

static void end_progress(const struct sealing *s)
{
	static const char clear[] = "\r\033[K";

	if (s->is_terminal && s->told - s->begun >= 2)
		(void)!write(STDERR_FILENO, clear, sizeof(clear) - 1);
}

static int take_digests(struct sealing *s, struct hash_board *board)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct hash_task *t = &board->tasks[i];
		struct seal_entry *e = &s->entries[i];
		char path[PATH_MAX];

		if (e->type != SEAL_FILE)
			continue;
		if (t->state != HASH_DONE) {
			if (unescape(e->path, e->path_len, path, sizeof(path)) < 0)
				return -EINVAL;
			return cannot(s, "read", path, t->error);
		}
		memcpy(e->digest, t->digest, sizeof(e->digest));
	}
	return 0;
}

static int read_files(struct sealing *s, int root, struct arena *a)
{
	struct hash_work w = {
		.root = root, .entries = s->entries, .count = s->count, .kept = s->count, .arg = s};
	struct timespec now = {0};
	int r;

	w.buf = arena_take(a, 1, HASH_BUF);
	w.board = hash_board_map(s->count);
	if (!w.buf || !w.board)
		return -ENOMEM;
	for (size_t i = 0; i < s->count; i++) {
		if (s->entries[i].type != SEAL_FILE)
			continue;
		w.bytes += s->entries[i].size;
		w.board->tasks[i].state = HASH_TODO;
	}
	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	s->begun = s->told = now.tv_sec;
	s->is_terminal = isatty(STDERR_FILENO);
	w.progress = s->is_terminal ? show_progress : NULL;
	w.deadline = hash_deadline(s->policy->scan_budget.nanoseconds, s->stored);
	hash_all(&w);
	end_progress(s);
	r = take_digests(s, w.board);
	hash_board_unmap(w.board, s->count);
	return r;
}

/* ---- all of it */

/* Untouched pages cost nothing, and this process ends soon. */
static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	return p;
}

int seal_make(const struct policy *p, int fd, struct arena *a, struct text *err)
{
	struct sealing s = {.policy = p, .err = err};
	const struct tree_visitor v = {.visit = seal_name, .blind = cannot_look_at, .arg = &s};
	cleanup_fd int root = openat(AT_FDCWD, p->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = root < 0 ? -errno : 0;

	if (r == 0) {
		s.entries = reserve(MANIFEST_ENTRIES * sizeof(*s.entries));
		s.names = reserve(MANIFEST_MOST);
		r = s.entries && s.names ? tree_walk(root, &v, a) : -ENOMEM;
	}
	if (r == 0) {
		qsort(s.entries, s.count, sizeof(*s.entries), by_path);
		r = read_files(&s, root, a);
	}
	if (r < 0) {
		if (err->len == 0)
			(void)cannot(&s, "seal", ".", r);
		return r;
	}
	r = manifest_write(fd, s.entries, s.count);
	if (r < 0)
		text_add(err, "--seal: cannot write the manifest to standard output: %s",
			 strerror(-r));
	return r;
}
