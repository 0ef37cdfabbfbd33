// SPDX-License-Identifier: MIT
/* Walks the image: the program directories, the directories of PATH, then the whole root mount. */
#include "facts/image.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "facts/image_file.h"
#include "facts/image_words.h"
#include "facts/loader.h"
#include "facts/program_dirs.h"
#include "sys/below.h"
#include "sys/dents.h"
#include "sys/dirwalk.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

enum { DENTS = 1 << 13 };

/* ---- the budget */

static bool may_go_on(struct walk *w)
{
	if (w->facts->out_of_budget)
		return false;
	if (w->request->entries && w->entries > w->request->entries)
		w->facts->out_of_budget = "entries";
	else if (w->facts->files >= w->request->budget.files)
		w->facts->out_of_budget = "files";
	else if (scan_time_is_up(&w->scanner))
		w->facts->out_of_budget = "time";
	return !w->facts->out_of_budget;
}

/* ---- directories */

/* A path that leads nowhere for granit leads nowhere for the program either. */
static void could_not_open(struct walk *w, const char *dir, int error)
{
	if (error != -ENOENT && error != -ENOTDIR && error != -ELOOP && error != -ENAMETOOLONG)
		walk_blind(w, dir, NULL, error);
}

_Static_assert(array_length(program_dirs) <= 32, "walk.there has no bit for a directory");

/* dir is "/NAME" or "/NAME/...". */
static bool starts_with_name(const char *dir, const char *name)
{
	for (dir++; *name && *dir == *name; dir++, name++)
		;
	return !*name && (!*dir || *dir == '/');
}

/* The program directories that an entry of "/" leads to. */
static uint32_t dirs_below(const char *name)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < array_length(program_dirs); i++)
		if (starts_with_name(program_dirs[i], name))
			bits |= UINT32_C(1) << i;
	return bits;
}

static void look_at_entries(struct walk *w, const struct place *at, char *buf)
{
	struct dents d = {.dir = at->dirfd, .buf = buf, .size = DENTS};
	const bool is_root = at->dir == program_dirs[0];
	const struct dirent *e = NULL;
	uint32_t there = 0;

	while (may_go_on(w) && (e = dents_next(&d)) != NULL) {
		if (is_root)
			there |= dirs_below(e->d_name);
		if (e->d_type != DT_DIR)
			walk_look_at_entry(w, at, e->d_name, e->d_type == DT_LNK);
	}
	if (d.error)
		walk_blind(w, at->dir, NULL, d.error);
	else if (is_root && !e)
		w->there = there;
}

/* Sticky directories are world-writable on purpose. */
static void look_at_dir_mode(struct walk *w, const char *dir, const struct stat *st)
{
	const struct place at = {.dirfd = -1, .dir = dir};
	struct program *p;

	if (!(st->st_mode & S_IWOTH) || st->st_mode & S_ISVTX)
		return;
	p = walk_tell(w, &at, "");
	if (p)
		p->marks = MARK_WORLD_WRITABLE;
}

/* Looks at a program directory, unless it was seen under another name. */
static void look_at_dir(struct walk *w, const char *dir, char *buf)
{
	cleanup_fd int fd = open_in(w->request->root, dir, O_RDONLY | O_DIRECTORY);
	const struct place at = {.dirfd = fd, .dir = dir, .names = true};
	struct stat st;
	bool is_new;

	if (fd < 0) {
		could_not_open(w, dir, fd);
		return;
	}
	if (w->request->keeps_out && walk_is_on_open_volume(w, fd, dir))
		return;
	if (fstat(fd, &st) < 0) {
		walk_blind(w, dir, NULL, -errno);
		return;
	}
	if (walk_see(w, &st, &is_new) && !is_new)
		return;
	look_at_dir_mode(w, dir, &st);
	look_at_entries(w, &at, buf);
}

/* "DIR/STAR/bin": the only form in the list. */
static void look_at_pattern(struct walk *w, const char *pattern, char *buf)
{
	char dir[32];
	size_t len = (size_t)(strchr(pattern, '*') - pattern) - 1;
	struct dents d = {.buf = buf + DENTS, .size = DENTS};
	cleanup_fd int fd = -1;
	const struct dirent *e;

	memcpy(dir, pattern, len);
	dir[len] = '\0';
	fd = open_in(w->request->root, dir, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		could_not_open(w, dir, fd);
		return;
	}
	d.dir = fd;
	while (may_go_on(w) && (e = dents_next(&d)) != NULL)
		look_at_dir(w, walk_join(w, walk_join(w, dir, e->d_name), "bin"), buf);
	if (d.error)
		walk_blind(w, dir, NULL, d.error);
}

static void look_at_path(struct walk *w, const char *path, char *buf)
{
	char dir[PATH_MAX];

	while (path) {
		const char *end = strchrnul(path, ':');
		size_t len = (size_t)(end - path);

		/* No system call takes a longer one. */
		if (len < sizeof(dir)) {
			memcpy(dir, path, len);
			dir[len] = '\0';
			/* An empty entry is the working directory (execvp(3)). */
			if (!is_one_of(dir, program_dirs))
				look_at_dir(w, len ? dir : ".", buf);
		}
		path = *end ? end + 1 : NULL;
	}
}

/* ---- all of it */

struct tour {
	struct walk *walk;
	struct dirwalk *dirs;
	struct sys_statx root; /* the mount that it stays on */
	bool names;            /* all of it is a program directory */
};

static int look_at_mount(int fd, struct sys_statx *ret)
{
	return sys_statx(fd, "", AT_EMPTY_PATH, SYS_STATX_MNT_ID, ret);
}

static void leave_subdir(struct tour *t)
{
	int error = dirwalk_leave(t->dirs);

	if (error)
		walk_blind(t->walk, t->dirs->path, NULL, error);
}

static void enter_subdir(struct tour *t, int dirfd, const char *name)
{
	struct sys_statx mount = {0};
	struct dirwalk_level *l;
	struct stat st = {0};
	int r = dirwalk_name(t->dirs, name);

	if (r < 0) {
		walk_blind(t->walk, t->dirs->path, name, r);
		return;
	}
	r = dirwalk_enter(t->dirs, dirfd, name);
	if (r < 0) {
		walk_blind(t->walk, t->dirs->path, NULL, r);
		return;
	}
	l = dirwalk_top(t->dirs);
	r = look_at_mount(l->dents.dir, &mount);
	if (r == 0 && fstat(l->dents.dir, &st) < 0)
		r = -errno;
	if (r < 0)
		walk_blind(t->walk, t->dirs->path, NULL, r);
	if (r < 0 || !sys_is_same_mount(&t->root, &mount)) {
		leave_subdir(t);
		return;
	}
	l->done = !t->names && walk_find(t->walk, &st) != NULL;
	if (!l->done)
		look_at_dir_mode(t->walk, t->dirs->path, &st);
}

static bool is_dir(int dirfd, const struct dirent *e)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_DIR;
	return sight_stat(dirfd, e->d_name, AT_SYMLINK_NOFOLLOW, &st) == 0 && S_ISDIR(st.st_mode);
}

static void look_at_subdirs(struct tour *t)
{
	while (t->dirs->depth && may_go_on(t->walk)) {
		const struct dirwalk_level *l = dirwalk_top(t->dirs);
		const struct place at = {
			.dirfd = l->dents.dir, .dir = t->dirs->path, .names = t->names};
		const struct dirent *e = dirwalk_next(t->dirs);

		t->walk->entries += e != NULL;
		if (!e)
			leave_subdir(t);
		else if (is_dir(at.dirfd, e))
			enter_subdir(t, at.dirfd, e->d_name);
		else if (!l->done)
			walk_look_at_entry(t->walk, &at, e->d_name, e->d_type == DT_LNK);
	}
	while (t->dirs->depth)
		leave_subdir(t);
}

/* All beneath path, on its mount; dirfd and name open it. */
static void look_at_tree(struct walk *w, const char *path, int dirfd, const char *name, bool names)
{
	struct tour t = {.walk = w, .names = names};
	int r;

	if (!w->dirs)
		w->dirs = dirwalk_new(path, w->arena);
	t.dirs = w->dirs;
	if (!t.dirs || !text_copy(t.dirs->path, sizeof(t.dirs->path), path)) {
		w->facts->out_of_memory = true;
		return;
	}
	r = dirwalk_enter(t.dirs, dirfd, name);
	if (r < 0) {
		walk_blind(w, path, NULL, r);
		return;
	}
	/* The root is one of program_dirs. */
	dirwalk_top(t.dirs)->done = !names;
	r = look_at_mount(dirwalk_top(t.dirs)->dents.dir, &t.root);
	if (r == 0) {
		look_at_subdirs(&t);
	} else {
		walk_blind(w, path, NULL, r);
		leave_subdir(&t);
	}
}

static void look_at_everything(struct walk *w)
{
	int root = w->request->root;

	look_at_tree(w, "/", root < 0 ? AT_FDCWD : root, root < 0 ? "/" : ".", false);
}

/* A volume, or a single file. */
static void look_at_place(struct walk *w, const char *path)
{
	struct stat st;
	int r = stat_in(w->request->root, path, &st);

	if (r < 0)
		could_not_open(w, path, r);
	else if (S_ISDIR(st.st_mode))
		look_at_tree(w, path, AT_FDCWD, path, true);
	else if (S_ISREG(st.st_mode))
		walk_look_at_path(w, path);
}

/* ---- what may lie anywhere */

/* Programs start others that they are told of: env, dynamic loaders, other inits. */
static void queue_program(struct walk *w)
{
	if (w->request->program)
		(void)walk_queue(w, w->request->program, false);
	for (char *const *word = w->request->arguments; word && *word && may_go_on(w); word++)
		walk_queue_words(w, *word);
	walk_note_variables(w, w->request->arguments);
}

static void look_at_later(struct walk *w)
{
	for (struct later *l = w->later; l && may_go_on(w); l = l->next) {
		w->depth = l->depth;
		if (l->is_word)
			walk_look_at_word(w, l->path);
		else if (w->depth <= LOADERS_DEEP + 1)
			walk_look_at_path(w, l->path);
	}
}

/* ---- the request */

static int find_allowed(struct walk *w, const struct image_request *q)
{
	struct seen *rows = arena_take(w->arena, q->allow_count, sizeof(*rows));
	struct stat st;

	if (!rows)
		return -ENOMEM;
	w->allow = rows;
	for (size_t i = 0; i < q->allow_count; i++)
		if (stat_in(q->root, q->allow[i], &st) == 0)
			rows[w->allow_count++] =
				(struct seen){.device = (uint32_t)st.st_dev, .inode = st.st_ino};
	return 0;
}

/* granit's own file is known. */
static void leave_out_myself(struct walk *w)
{
	struct seen *s;
	struct stat st;
	bool is_new;

	if (w->request->root >= 0 || stat("/proc/self/exe", &st) < 0)
		return;
	s = walk_see(w, &st, &is_new);
	if (s)
		s->looked = true;
}

static int begin_walk(struct walk *w, const struct image_request *q)
{
	w->last = &w->facts->programs;
	w->there = UINT32_MAX;
	*w->facts = (struct image_facts){.full = q->full};
	if (scanner_init(&w->scanner, w->arena, q->budget.bytes, q->full) < 0 ||
	    find_allowed(w, q) < 0) {
		w->facts->out_of_memory = true;
		return -ENOMEM;
	}
	w->last_later = &w->later;
	scan_start_clock(&w->scanner, q->budget.nanoseconds);
	leave_out_myself(w);
	return 0;
}

void image_look(const struct image_request *q, struct arena *a, struct image_facts *ret)
{
	struct walk w = {.request = q, .arena = a, .facts = ret};
	char *bufs = arena_take(a, 2, DENTS);

	if (begin_walk(&w, q) < 0)
		return;
	if (!bufs) {
		ret->out_of_memory = true;
		return;
	}
	queue_program(&w);
	/* Likely places first: that counts most when a budget runs out. */
	for (size_t i = 0; i < array_length(program_dirs); i++) {
		if (i > 0 && !(w.there >> i & 1))
			continue;
		if (strchr(program_dirs[i], '*'))
			look_at_pattern(&w, program_dirs[i], bufs);
		else
			look_at_dir(&w, program_dirs[i], bufs);
	}
	look_at_path(&w, q->path, bufs);
	for (size_t i = 0; i < q->beneath_count; i++)
		look_at_place(&w, q->beneath[i]);
	if (q->full)
		look_at_everything(&w);
	look_at_later(&w);
	ret->searched = w.scanner.programs;
	ret->cut = w.scanner.cut;
}

void image_look_beneath(const struct image_request *q, struct image_volume *volumes,
			struct arena *a)
{
	struct image_facts none;
	struct walk w = {.request = q, .arena = a, .facts = &none};
	int r = begin_walk(&w, q);

	for (struct image_volume *v = volumes; v; v = v->next) {
		v->facts.out_of_memory = r < 0;
		if (r < 0)
			continue;
		w.facts = &v->facts;
		w.last = &v->facts.programs;
		/* A file that lies on two of them is one of either. */
		w.seen = NULL;
		w.room = w.count = w.entries = 0;
		leave_out_myself(&w);
		look_at_place(&w, v->path);
	}
}
