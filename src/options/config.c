// SPDX-License-Identifier: MIT
/* Reads the configuration file. */
#include "options/config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "facts/mountid.h"
#include "facts/mounts.h"
#include "sys/below.h"
#include "sys/regular.h"

enum { CONFIG_BYTES = 1 << 16 };

static int cannot_read_config(struct parse *p, const char *path, const char *why,
			      const char *remedy)
{
	text_add(p->err, "cannot read the configuration file ");
	text_add_name(p->err, path);
	text_add(p->err, ": %s%s", why, remedy);
	return -EINVAL;
}

/* ---- lines */

static int bad_config_line(struct parse *p, const char *why)
{
	text_add_name(p->err, p->file);
	text_add(p->err, ":%zu:%zu: %s", p->line, p->column, why);
	return -EINVAL;
}

/*
 * What can be meant for an option. Any file may be named, and the first line of one that is none of
 * options may be a secret: that is not for a log.
 */
static bool may_be_shown(const struct parse *p, const char *name, const char *value)
{
	enum { LONGEST = 32 };
	char word[LONGEST + 1];

	if (p->hides || !text_copy(word, sizeof(word), name))
		return false;
	if (value)
		return *value && *value != '=';
	word[strcspn(word, " \t")] = '\0';
	return option_by_name(word) || option_nearest(word);
}

static int no_such_option(struct parse *p, const char *name, const char *value)
{
	if (!may_be_shown(p, name, value))
		return bad_config_line(
			p, p->hides ? "there is no such option; the line is not shown because the "
				      "file is not world-readable (chmod 644)"
				    : "not a line 'option = value', and not shown: does this file "
				      "hold options of granit?");
	(void)bad_config_line(p, "there is no option '");
	text_add_name(p->err, name);
	text_add(p->err, "'");
	option_add_nearest(name, "", p->err);
	return -EINVAL;
}

/*
 * Removes a comment and trailing blanks. '#' starts a comment at the start of a line or after a
 * blank.
 */
static void strip_end(char *line)
{
	size_t len;

	for (char *hash = strchr(line, '#'); hash; hash = strchr(hash + 1, '#')) {
		if (hash > line && hash[-1] != ' ' && hash[-1] != '\t')
			continue;
		*hash = '\0';
		break;
	}
	for (len = strlen(line); len && strchr(" \t\r", line[len - 1]); len--)
		line[len - 1] = '\0';
}

/* A switch stands alone, or is said yes or no to. */
static int apply_switch(struct parse *p, const struct option_row *row, const char *value)
{
	if (option_read_switch(&value) == 0)
		return option_apply(p, row, value);
	return bad_config_line(p, "it takes no value but 'yes' or 'no'");
}

static int read_config_line(struct parse *p, char *line)
{
	const struct option_row *row;
	char *name, *value = NULL, *equals;

	strip_end(line);
	name = line + strspn(line, " \t");
	if (!*name)
		return 0;
	p->column = (size_t)(name - line) + 1;
	equals = strchr(name, '=');
	if (equals) {
		value = equals + 1 + strspn(equals + 1, " \t");
		*equals = '\0';
		strip_end(name);
	}
	row = option_by_name(name);
	if (!row)
		return no_such_option(p, name, value);
	if (row->place != OPTION_ANYWHERE)
		return bad_config_line(p, "this option is for the command line only");
	if (value)
		p->column = (size_t)(value - line) + 1;
	if (!row->value)
		return apply_switch(p, row, value);
	if (!value)
		return bad_config_line(p, "it needs a value: name = value");
	return option_apply(p, row, value);
}

static int read_config_lines(struct parse *p, char *text)
{
	for (p->line = 1; text; p->line++)
		if (read_config_line(p, strsep(&text, "\n")) < 0)
			return -EINVAL;
	return 0;
}

/* ---- the file */

/* The content as text in the arena; NULL, with p->err filled, on error. */
static char *read_config_text(struct parse *p, int fd, const char *path)
{
	char *text = arena_take(p->arena, CONFIG_BYTES + 1, 1);
	size_t n;
	int r = text ? text_read(fd, text, CONFIG_BYTES + 1, &n) : -ENOMEM;

	if (r < 0) {
		(void)cannot_read_config(
			p, path, r == -EFBIG ? "it is longer than 64 kB" : strerror(-r), "");
		return NULL;
	}
	if (memchr(text, '\0', n)) {
		(void)cannot_read_config(p, path, "it has a NUL byte: it is not a text file", "");
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* The open file is examined, not whatever its path leads to later. */
static int read_config(struct parse *p, int fd, const char *path)
{
	struct config_file *file = &p->policy->config;
	char real[PATH_MAX];
	struct statvfs fs;
	struct stat st;
	char *text;
	int r;

	if (fstat(fd, &st) < 0 || fstatvfs(fd, &fs) < 0)
		return cannot_read_config(p, path, strerror(errno), "");
	if (!S_ISREG(st.st_mode))
		return cannot_read_config(p, path, "it is not a regular file", "");
	text = read_config_text(p, fd, path);
	if (!text)
		return -EINVAL;
	*file = (struct config_file){
		.path = path,
		.real = path_of_fd(-1, fd, real) ? arena_copy(p->arena, real) : NULL,
		.read_only_mount = fs.f_flag & ST_RDONLY,
		.owner = st.st_uid,
		.mode = st.st_mode,
	};
	if (mount_id(-1, fd, &file->mount) < 0)
		file->mount = 0;
	p->file = path;
	p->hides = !(st.st_mode & S_IROTH);
	r = read_config_lines(p, text);
	p->file = NULL;
	return r;
}

/* A missing directory is reported when it is inspected. */
static int open_image(const struct parse *p)
{
	int fd = openat(AT_FDCWD, p->policy->root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -ENOENT : fd;
}

/* The real path of a directory. */
static bool real_directory(const char *path, char ret[PATH_MAX])
{
	cleanup_fd int fd = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 && path_of_fd(-1, fd, ret);
}

/*
 * The path in the image that path means, however the caller has spelled the way there; false: it
 * does not lead into the image. The first directory in the image counts: up to there the path is
 * this machine's, behind it the image's.
 */
static bool inside_image(const char *path, int root, char ret[PATH_MAX])
{
	char way[PATH_MAX + 2], real[PATH_MAX], top[PATH_MAX];
	struct text t;

	if (root < 0 || !path_of_fd(-1, root, top))
		return false;
	text_init(&t, way, sizeof(way));
	text_add(&t, "%s%s", path[0] == '/' ? "" : "./", path);
	for (char *slash = strchr(way, '/'); slash && !t.cut; slash = strchr(slash + 1, '/')) {
		char *rest = slash + 1, first = *rest;
		bool is_inside;

		*rest = '\0';
		is_inside = real_directory(way, real) && path_is_beneath(real, top);
		*rest = first;
		if (!is_inside)
			continue;
		text_init(&t, ret, PATH_MAX);
		text_add(&t, "%s/%s", strcmp(top, "/") == 0 ? real : real + strlen(top), rest);
		return !t.cut;
	}
	return false;
}

/* A file of the image's, named by the caller: its links lead nowhere else than in the image. */
static int open_named(const struct parse *p)
{
	cleanup_fd int root = p->policy->root ? open_image(p) : -1;
	char inside[PATH_MAX];

	return inside_image(p->config, root, inside) ? regular_file_open_in(root, inside)
						     : regular_file_open_in(-1, p->config);
}

/*
 * The inspected image is not asked how to inspect it: of its file only what it is counts, for
 * config-trusted.
 */
static int look_at_unread(struct parse *p)
{
	struct config_file *file = &p->policy->config;
	cleanup_fd int root = open_image(p);
	struct stat st;

	if (root < 0 || stat_in(root, CONFIG_DEFAULT, &st) < 0)
		return 0;
	*file = (struct config_file){
		.path = CONFIG_DEFAULT, .unread = true, .owner = st.st_uid, .mode = st.st_mode};
	return 0;
}

static bool none_is_there(const struct parse *p)
{
	return !p->config && access(CONFIG_DEFAULT, F_OK) < 0 && errno == ENOENT;
}

int config_read(struct parse *p)
{
	const char *path = p->config ? p->config : CONFIG_DEFAULT;
	cleanup_fd int fd = -1;

	if (strcmp(path, "none") == 0)
		return 0;
	if (!p->config && p->policy->root)
		return look_at_unread(p);
	fd = p->config ? open_named(p) : open_in(-1, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	/* Short of descriptors: that there is no file can be told without one. */
	if (fd == -EMFILE || fd == -ENFILE)
		fd = none_is_there(p) ? -ENOENT : fd;
	if (fd >= 0)
		return read_config(p, fd, path);
	if (!p->config && (fd == -ENOENT || fd == -ENOTDIR))
		return 0;
	return cannot_read_config(p, path,
				  fd == -EINVAL ? "it is not a regular file" : strerror(-fd),
				  fd == -EACCES ? ": it must be world-readable (chmod 644)"
				  : p->config   ? "; --config=none reads no file"
						: "");
}
