// SPDX-License-Identifier: MIT
/*
 * The walk: what was written is what files' times say. ctime of files; of directories mtime, since
 * overlay file systems make directories anew on the way to a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "learn/learnt.h"
#include "seal/tree.h"

enum { VOLUME_NAMES = 200000 /* that are looked at, of each volume */ };

struct walk {
	struct learnt *n;
	const char *top; /* "" for "/" */
	struct learnt_volume *volume;
	size_t names;
};

/* ---- one name */

/* "./a" below the top. False: it is too long to be anybody's path. */
static bool full_path(const struct walk *w, const struct tree_name *name, char ret[PATH_MAX])
{
	struct text t;

	text_init(&t, ret, PATH_MAX);
	text_add_string(&t, w->top);
	text_add_string(&t, name->path + 1);
	if (!t.len)
		text_add_string(&t, "/");
	return !t.cut;
}

/* statx(2)'s times are seconds and nanoseconds, the latter 32 bits wide and first in their word. */
static bool is_since(const struct learnt *n, const uint64_t time[2])
{
	int64_t seconds = (int64_t)time[0];
	uint32_t nanoseconds;

	memcpy(&nanoseconds, &time[1], sizeof(nanoseconds));
	return seconds > n->start_seconds ||
	       (seconds == n->start_seconds && (int64_t)nanoseconds >= n->start_nanoseconds);
}

static bool is_written_since(const struct learnt *n, const struct sys_statx *st)
{
	enum { CTIME = 4, MTIME = 6 };

	return is_since(n, &st->times[S_ISDIR(st->mode) ? MTIME : CTIME]);
}

static int count_blind(void *arg, const char *path, int error)
{
	struct walk *w = arg;

	(void)path, (void)error;
	w->n->blind++;
	return 0;
}

static int walk_tree(struct walk *w, int (*visit)(void *, const struct tree_name *))
{
	const struct tree_visitor visitor = {.visit = visit, .blind = count_blind, .arg = w};
	cleanup_fd int dir =
		open(*w->top ? w->top : "/", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct arena a = {0};
	int r;

	if (dir < 0)
		return -errno;
	r = tree_walk(dir, &visitor, &a);
	arena_unmap(&a);
	return r;
}

/* ---- before */

static int note_name(void *arg, const struct tree_name *name)
{
	struct walk *w = arg;
	char path[PATH_MAX];

	if (full_path(w, name, path))
		learnt_note_name(w->n, path);
	return 0;
}

/* .../volumes/HASH/_data: so Docker and podman call what an image's VOLUME gets. */
static bool is_anonymous(const struct mount *m)
{
	enum { HASH = 64 };
	static const char data[] = "/_data";
	const size_t len = strlen(m->root), tail = HASH + sizeof(data) - 1;
	const char *hash = len > tail ? m->root + len - tail : "";

	return len > tail && hash[-1] == '/' && strspn(hash, "0123456789abcdef") == HASH &&
	       strcmp(hash + HASH, data) == 0;
}

static void note_volume(struct learnt *n, const struct mount *m)
{
	struct learnt_volume *v = &n->volumes[n->volumes_count++];

	v->point = v->top.path = m->point;
	v->anonymous = is_anonymous(m);
}

static int compare_volumes(const void *a, const void *b)
{
	return strcmp(((const struct learnt_volume *)a)->point,
		      ((const struct learnt_volume *)b)->point);
}

static void note_volumes(struct learnt *n)
{
	for (size_t i = 0; i < n->mounts->count && n->volumes_count < LEARN_VOLUMES; i++) {
		const struct mount *m = &n->mounts->rows[i];

		if (mount_is_root(n->mounts, m))
			n->root_read_only = m->read_only;
		else if (!m->read_only && !m->covered && !m->of_runtime &&
			 (m->kind == MOUNT_DIRECTORY || m->kind == MOUNT_FILE))
			note_volume(n, m);
	}
	/* The engines mount in any order. */
	qsort(n->volumes, n->volumes_count, sizeof(*n->volumes), compare_volumes);
}

static bool is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

/*
 * What files are stamped by, which is some milliseconds older than the other clock, or by that one
 * (6.13). When it has caught up, all that was written before, the report's own file for one, is
 * older.
 */
static struct timespec time_of_start(void)
{
	enum { MOST = 50 };
	const struct timespec wait = {.tv_nsec = 1000000};
	struct timespec from, now;

	(void)clock_gettime(CLOCK_REALTIME, &from);
	(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	for (int i = 0; i < MOST && !is_later(&now, &from); i++) {
		(void)nanosleep(&wait, NULL);
		(void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
	}
	return now;
}

/* net.ipv4.ip_unprivileged_port_start, which Docker sets to 0. */
static unsigned int first_free_port(void)
{
	enum { USUAL = 1024 };
	cleanup_fd int fd =
		open("/proc/sys/net/ipv4/ip_unprivileged_port_start", O_RDONLY | O_CLOEXEC);
	char buf[16];
	uint64_t port;
	size_t len;

	if (fd < 0 || text_read(fd, buf, sizeof(buf), &len) < 0)
		return USUAL;
	buf[strcspn(buf, "\n")] = '\0';
	return text_to_uint(buf, UINT16_MAX, &port) < 0 ? USUAL : (unsigned int)port;
}

void walk_before(struct learnt *n)
{
	struct walk w = {.n = n, .top = ""};
	struct timespec now;

	note_volumes(n);
	if (!n->root_read_only)
		n->walk_error = walk_tree(&w, note_name);
	n->blind = 0;
	n->accepted = learn_accepted();
	n->first_free_port = first_free_port();
	now = time_of_start();
	n->start_seconds = now.tv_sec;
	n->start_nanoseconds = now.tv_nsec;
}

/* ---- afterwards */

/* ctime is younger for a call that is known to have changed nothing. */
static bool is_only_touched(const struct learnt *n, const char *path, const struct sys_statx *st)
{
	enum { MTIME = 6 };

	return learnt_stayed(n, path) && !is_since(n, &st->times[MTIME]);
}

static int note_written(void *arg, const struct tree_name *name)
{
	struct walk *w = arg;
	char path[PATH_MAX];

	if (name->foreign || !is_written_since(w->n, &name->st) || !full_path(w, name, path) ||
	    !learnt_is_of_image(w->n, path) || is_only_touched(w->n, path, &name->st))
		return 0;
	learnt_add(w->n, path, S_ISDIR(name->st.mode) ? SEEN_NAMES : SEEN_CHANGED, "");
	return 0;
}

/* The first that was written is enough. */
static int find_written(void *arg, const struct tree_name *name)
{
	struct walk *w = arg;

	if (name->foreign)
		return 0;
	w->volume->written |= is_written_since(w->n, &name->st);
	w->volume->unread = ++w->names == VOLUME_NAMES;
	return w->volume->written || w->volume->unread ? -ECANCELED : 0;
}

static void look_at_volume(struct learnt *n, struct learnt_volume *v)
{
	struct walk w = {.n = n, .top = v->point, .volume = v};
	struct sys_statx st;
	int r = sys_statx(AT_FDCWD, v->point, AT_SYMLINK_NOFOLLOW, SYS_STATX_BASIC, &st);

	if (r == 0) {
		v->top.uid = st.uid;
		v->top.gid = st.gid;
		v->top.mode = st.mode & 07777;
	}
	if (v->written)
		return;
	if (r == 0 && !S_ISDIR(st.mode)) {
		v->written = is_written_since(n, &st);
		return;
	}
	r = walk_tree(&w, find_written);
	v->unread |= r < 0 && r != -ECANCELED;
}

static int find_untouched(void *arg, const struct tree_name *name)
{
	const struct walk *w = arg;
	char path[PATH_MAX];

	/* A link there may be the image's own: of a log to standard output. */
	if (name->foreign || S_ISDIR(name->st.mode) || is_written_since(w->n, &name->st) ||
	    (S_ISREG(name->st.mode) && place_is_volatile(w->top)) ||
	    (full_path(w, name, path) && learnt_is_changed(w->n, path)))
		return 0;
	return -ECANCELED;
}

static bool hides_files(struct learnt *n, const char *dir)
{
	struct walk w = {.n = n, .top = dir};

	return walk_tree(&w, find_untouched) == -ECANCELED;
}

/* Where nothing could be made, it would be there; and whose it would be is known. */
static void fill_in_what_is_not_there(const struct learnt *n, struct seen *s)
{
	enum { USUAL_MODE = 0755 };

	if (!n->root_read_only) {
		s->flags |= SEEN_GONE;
		return;
	}
	s->flags |= SEEN_MISSING;
	s->uid = geteuid();
	s->gid = getegid();
	s->mode = USUAL_MODE;
}

static void fill_in_record(struct learnt *n, struct seen *s)
{
	struct stat st;
	bool is_there = true;

	if (lstat(s->path, &st) < 0) {
		is_there = false;
		fill_in_what_is_not_there(n, s);
	} else {
		s->uid = st.st_uid;
		s->gid = st.st_gid;
		s->mode = st.st_mode & 07777;
		s->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_blocks * 512 : 0;
		if (S_ISDIR(st.st_mode))
			s->flags |= SEEN_DIRECTORY;
	}
	if (n->root_read_only ? is_there : n->before_full || learnt_was_there(n, s->path))
		s->flags |= SEEN_EXISTED;
	if (s->flags & SEEN_DIRECTORY && !place_is_never(s->path) && hides_files(n, s->path))
		s->flags |= SEEN_HIDES;
}

/* They end with their container unless they get a name, and in a pod there are none. */
static void place_anonymous(struct learnt *n)
{
	for (size_t i = 0; i < n->volumes_count && n->places_count < LEARN_SEEN; i++) {
		const struct learnt_volume *v = &n->volumes[i];

		if (v->anonymous && volume_is_needed(v))
			n->places[n->places_count++] = (struct place){
				.seen = &v->top,
				.kind = PLACE_VOLUME,
				.exec = v->exec,
				.uid = v->top.uid,
				.gid = v->top.gid,
			};
	}
}

void walk_after(struct learnt *n)
{
	struct walk w = {.n = n, .top = ""};
	size_t blind;

	if (!n->root_read_only)
		n->walk_error = walk_tree(&w, note_written);
	blind = n->blind;
	for (size_t i = 0; i < n->volumes_count; i++)
		look_at_volume(n, &n->volumes[i]);
	/* Records of directories come to it while they are gone through. */
	for (size_t i = 0; i < n->seen_count; i++) {
		fill_in_record(n, &n->seen[i]);
		if (!(n->seen[i].flags & SEEN_DIRECTORY))
			(void)learnt_parent(n, n->seen[i].path);
	}
	n->blind = blind;
	/* It sorts the records, which are not found by their names any more. */
	learnt_note_variables(n, environ);
	n->places_count = advise(n->seen, n->seen_count, n->places);
	place_anonymous(n);
}
