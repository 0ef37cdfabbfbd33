// SPDX-License-Identifier: MIT
/* Looks at one entry of a directory: its name, its inode and its content. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/xattr.h>

#include "facts/image_file.h"
#include "facts/image_words.h"
#include "facts/names.h"
#include "sys/below.h"
#include "sys/regular.h"
#include "sys/script.h"
#include "sys/sight.h"
#include "sys/sys.h"
#include "sys/text.h"

enum {
	MANY_LINKS = 20,         /* a file with more names is a multi-call binary, or git */
	SMALLEST_PROGRAM = 4096, /* smaller files hold no shell, and are not opened for one */
};

static bool is_allowed(const struct walk *w, const struct stat *st)
{
	for (size_t i = 0; i < w->allow_count; i++)
		if (w->allow[i].inode == st->st_ino && w->allow[i].device == (uint32_t)st->st_dev)
			return true;
	return false;
}

/* The file that is being looked at. */
struct look {
	const struct place *at;
	const char *name;
	bool is_link;
	bool is_program; /* in a program directory, or executable */
	struct stat st;
	struct seen *seen;       /* NULL: not remembered */
	struct program *program; /* its row of the result; NULL: none so far */
};

static struct program *program_row(struct walk *w, struct look *l)
{
	if (l->program)
		return l->program;
	if (l->seen && l->seen->program)
		return l->program = l->seen->program;
	l->program = walk_tell(w, l->at, l->name);
	if (l->program)
		l->program->allowed = is_allowed(w, &l->st);
	if (l->seen)
		l->seen->program = l->program;
	return l->program;
}

static void mark(struct walk *w, struct look *l, enum file_mark m)
{
	struct program *p = program_row(w, l);

	if (p)
		p->marks |= m;
}

static void note_target(struct walk *w, const struct place *at, const char *name, struct program *p)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(at->dirfd, name, target, sizeof(target) - 1);

	if (n < 0)
		return; /* not a link */
	target[n] = '\0';
	p->target = arena_copy(w->arena, target);
}

/* ---- what the inode says */

/* Names of one file: the file system counts hard links, this counts symbolic ones. */
static void count_links(struct walk *w, struct look *l)
{
	uint64_t links = l->st.st_nlink;
	struct program *p;

	if (l->is_link && !l->seen)
		w->facts->links_lost = true;
	if (l->seen) {
		l->seen->symlinks += l->is_link;
		if (l->seen->symlinks > links)
			links = l->seen->symlinks;
	}
	/* Manual pages have many names too. */
	if (links <= MANY_LINKS || !(l->st.st_mode & 0111))
		return;
	p = program_row(w, l);
	if (p)
		p->links = (unsigned int)links;
}

static void look_at_mode(struct walk *w, struct look *l)
{
	if (l->st.st_mode & (S_ISUID | S_ISGID))
		mark(w, l, MARK_SETUID);
	if (l->st.st_mode & S_IWOTH)
		mark(w, l, MARK_WORLD_WRITABLE);
}

/* ---- what its name says */

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

/* From the lists of dockle and of secret scanners, less what is too common to mean anything. */
static bool is_secret_file_name(const char *dir, const char *name)
{
	static const char *const names[] = {
		"id_rsa", "id_dsa", "id_ecdsa",         "id_ed25519", "credentials.json",
		".npmrc", ".netrc", ".git-credentials", ".env",       "kubeconfig",
	};

	return is_one_of(name, names) || ends_with(name, ".jks") || ends_with(name, ".ovpn") ||
	       (strcmp(name, "config.json") == 0 && ends_with(dir, "/.docker")) ||
	       (strcmp(name, "credentials") == 0 && ends_with(dir, "/.aws"));
}

static bool may_be_key(const char *name)
{
	return ends_with(name, ".pem") || ends_with(name, ".key") || strncmp(name, "id_", 3) == 0;
}

/* ---- what it holds */

static int open_by(struct walk *w, const struct look *l, int flags)
{
	if (l->is_link && w->request->root >= 0)
		return open_below(w->request->root, walk_join(w, l->at->dir, l->name), flags);
	return sight_open(l->at->dirfd, l->name, flags | (l->is_link ? 0 : O_NOFOLLOW));
}

/*
 * NONBLOCK: a FIFO that takes the place of the file meanwhile must not block. In an image that is
 * inspected a device may: there only what is seen to be a file is opened, by /proc if there is one.
 */
static int open_to_scan(struct walk *w, const struct look *l)
{
	cleanup_fd int place = w->request->root < 0 ? -1 : open_by(w, l, O_PATH);
	int fd = place < 0 ? place : regular_file_reopen(place);

	if (w->request->root < 0 || (place >= 0 && fd == -ENOENT))
		return open_by(w, l, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	return fd;
}

static bool may_execute(const struct look *l)
{
	return sight_access(l->at->dirfd, l->name, X_OK) == 0;
}

/* "#!": a script counts as the interpreter that it names, if that is there. */
static void look_at_script(struct walk *w, struct look *l, const uint8_t *head, size_t n)
{
	char line[256];
	struct program *p;

	if (!script_interpreter(head, n, line, sizeof(line)) || !walk_queue_script(w, head, n))
		return;
	mark(w, l, MARK_SCRIPT);
	p = l->program;
	if (p)
		p->target = arena_copy(w->arena, line);
}

/* What the kernel starts is the loader. */
static void look_at_loader(struct walk *w, const struct look *l)
{
	const char *loader = w->scanner.loader;

	if (strstr(l->name, ".so"))
		w->facts->has_loader = true;
	if (!*loader || !(l->st.st_mode & 0111) || (w->loader && strcmp(w->loader, loader) == 0))
		return;
	w->loader = arena_copy(w->arena, loader);
	if (walk_queue(w, loader, false))
		w->facts->has_loader = true;
}

/* Of a volume one program is enough to tell. */
static void note_first(struct walk *w, const struct look *l)
{
	if (w->request->entries && !w->facts->first)
		w->facts->first = walk_join(w, l->at->dir, l->name);
}

static void look_at_head(struct walk *w, struct look *l, const uint8_t *head, size_t n)
{
	static const char key[] = "-----BEGIN ";

	if (l->st.st_mode & 0111) {
		/* Not by the bit alone: on shares and desktops every file has it. */
		if (n > 1 && memcmp(head, "#!", 2) == 0)
			note_first(w, l);
		look_at_script(w, l, head, n);
	}
	if (n > sizeof(key) && memcmp(head, key, sizeof(key) - 1) == 0 &&
	    memmem(head, n < 80 ? n : 80, "PRIVATE KEY", 11))
		mark(w, l, MARK_PRIVATE_KEY);
}

static void look_at_caps(struct walk *w, struct look *l, int fd)
{
	/* ERANGE: there is one, and it is not to be had whole. */
	if (fgetxattr(fd, "security.capability", NULL, 0) > 0)
		mark(w, l, MARK_FILE_CAPS);
}

static void take_content(struct walk *w, struct look *l, int content)
{
	struct program *p;

	if (content > 0 && content & CONTENT_ELF)
		note_first(w, l);
	/* It needs no other loader to start a file that it may read. */
	if (content > 0 && content & CONTENT_QEMU)
		w->facts->has_loader = true;
	if (content == -EDQUOT || content == -ETIME) {
		w->facts->out_of_budget = content == -ETIME ? "time" : "bytes";
	} else if (content < 0) {
		walk_blind(w, l->at->dir, l->name, content);
	} else if (content & ~CONTENT_ELF) {
		p = program_row(w, l);
		if (p)
			p->content = (unsigned int)content;
	}
}

static void look_inside(struct walk *w, struct look *l)
{
	cleanup_fd int fd = open_to_scan(w, l);
	const uint8_t *head;
	size_t n;
	int content;

	if (fd < 0) {
		if (fd == -EACCES && may_execute(l)) {
			note_first(w, l);
			mark(w, l, MARK_UNREADABLE);
		} else {
			walk_blind(w, l->at->dir, l->name, fd);
		}
		return;
	}
	if (l->is_program)
		look_at_caps(w, l, fd);
	content = scan_file(&w->scanner, fd, &head, &n);
	take_content(w, l, content);
	if (content == 0)
		look_at_head(w, l, head, n);
	else if (content > 0)
		look_at_loader(w, l);
}

/* Most files of an image are neither programs nor keys: they are not opened. */
static bool is_worth_opening(const struct look *l)
{
	if (l->at->names || l->st.st_size >= SMALLEST_PROGRAM)
		return true;
	return l->st.st_size > 0 && (l->st.st_mode & 0111 || may_be_key(l->name));
}

static void look_at_file(struct walk *w, struct look *l)
{
	bool is_new;

	/* Everything in a program directory is remembered, since links come from anywhere;
	 * elsewhere only files with several names, so that memory does not grow with the tree. */
	if (l->at->names || l->is_link || l->st.st_nlink > 1)
		l->seen = walk_see(w, &l->st, &is_new);
	else
		l->seen = walk_find(w, &l->st);
	count_links(w, l);
	if (l->seen && l->at->names)
		l->seen->named = true;
	/* The target of a link elsewhere is met where it lies, or is not part of this image. */
	if ((l->seen && l->seen->looked) || (l->is_link && !l->at->names))
		return;
	if (l->seen)
		l->seen->looked = true;
	w->facts->files++;
	l->is_program = l->at->names || l->st.st_mode & 0111;
	look_at_mode(w, l);
	if (is_secret_file_name(l->at->dir, l->name))
		mark(w, l, MARK_SECRET_NAME);
	if (is_worth_opening(l))
		look_inside(w, l);
}

/* ---- one entry of a directory */

static bool leads_nowhere(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -ELOOP;
}

/* As stat(2) of an entry: a link is followed without opening its target. */
static int stat_entry(struct walk *w, struct look *l)
{
	int flags = l->is_link ? 0 : AT_SYMLINK_NOFOLLOW;

	if (l->is_link && w->request->root >= 0)
		return stat_in(w->request->root, walk_join(w, l->at->dir, l->name), &l->st);
	return sight_stat(l->at->dirfd, l->name, flags, &l->st);
}

static void look_at_name(struct walk *w, struct look *l, int error)
{
	unsigned int families = l->at->names ? name_families(l->name) : 0;
	struct program *p;

	/* Only what could be executed counts: a directory or a FIFO of that name is no shell. */
	if (!families || (!error && !S_ISREG(l->st.st_mode)))
		return;
	p = walk_tell(w, l->at, l->name);
	if (!p)
		return;
	p->families = families;
	p->dangling = leads_nowhere(error);
	note_target(w, l->at, l->name, p);
}

void walk_look_at_entry(struct walk *w, const struct place *at, const char *name, bool is_link)
{
	struct look l = {.at = at, .name = name, .is_link = is_link};
	int error = stat_entry(w, &l);

	if (!error && S_ISLNK(l.st.st_mode)) { /* the directory did not tell the type */
		l.is_link = true;
		error = stat_entry(w, &l);
	}
	look_at_name(w, &l, error);
	if (error) {
		if (!leads_nowhere(error))
			walk_blind(w, at->dir, name, error);
		return;
	}
	if (S_ISREG(l.st.st_mode))
		look_at_file(w, &l);
	else if ((S_ISBLK(l.st.st_mode) || S_ISCHR(l.st.st_mode)) && !l.is_link)
		mark(w, &l, MARK_DEVICE);
}

static bool was_looked_at(struct walk *w, const char *path)
{
	const struct seen *s;
	struct stat st;

	if (stat_in(w->request->root, path, &st) < 0)
		return false;
	s = walk_find(w, &st);
	return s && s->looked && s->named;
}

void walk_look_at_path(struct walk *w, const char *path)
{
	const char *name = text_last_part(path);
	size_t len = (size_t)(name - path);
	cleanup_fd int fd = -1;
	struct place at = {.names = true};
	char dir[PATH_MAX];

	if (len >= sizeof(dir) || was_looked_at(w, path))
		return;
	memcpy(dir, path, len);
	/* "/app/" is as good as "/app", and in reports it is not doubled. */
	while (len > 1 && dir[len - 1] == '/')
		len--;
	dir[len] = '\0';
	at.dir = len ? dir : ".";
	fd = open_in(w->request->root, at.dir, O_PATH | O_DIRECTORY);
	at.dirfd = fd;
	if (fd < 0)
		walk_blind(w, path, NULL, fd);
	else
		walk_look_at_entry(w, &at, name, false);
}
