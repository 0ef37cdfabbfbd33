// SPDX-License-Identifier: MIT
/* Reads the configuration file. */
#include "options/config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sys/below.h"

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
	text_add(p->err, "%s:%zu:%zu: %s", p->file, p->line, p->column, why);
	return -EINVAL;
}

static int no_such_option(struct parse *p, const char *name)
{
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

/* A switch stands alone, or has the value "yes". */
static int check_switch(struct parse *p, const char *value)
{
	if (!value || strcmp(value, "yes") == 0)
		return 0;
	return bad_config_line(p, "it takes no value: it stands alone on its line, or with 'yes'");
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
		return no_such_option(p, name);
	if (row->place != OPTION_ANYWHERE)
		return bad_config_line(p, "this option is for the command line only");
	if (value)
		p->column = (size_t)(value - line) + 1;
	if (!row->value)
		return check_switch(p, value) < 0 ? -EINVAL : option_apply(p, row, NULL);
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
		(void)cannot_read_config(p, path, "it has a NUL byte in it: it is no text", "");
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* The open file is examined, not whatever its path leads to later. */
static int read_config(struct parse *p, int fd, const char *path)
{
	struct config_file *file = &p->policy->config;
	struct statvfs fs;
	struct stat st;
	char *text;
	int r;

	if (fstat(fd, &st) < 0 || fstatvfs(fd, &fs) < 0)
		return cannot_read_config(p, path, strerror(errno), "");
	if (!S_ISREG(st.st_mode))
		return cannot_read_config(p, path, "it is no regular file", "");
	text = read_config_text(p, fd, path);
	if (!text)
		return -EINVAL;
	*file = (struct config_file){
		.path = path,
		.read_only_mount = fs.f_flag & ST_RDONLY,
		.owner = st.st_uid,
		.mode = st.st_mode,
	};
	p->file = path;
	r = read_config_lines(p, text);
	p->file = NULL;
	return r;
}

static int open_config(const struct parse *p)
{
	const char *dir = p->policy->root;
	cleanup_fd int root = -1;

	if (p->config || !dir)
		return open_in(-1, p->config ? p->config : CONFIG_DEFAULT,
			       O_RDONLY | O_NONBLOCK | O_NOCTTY);
	root = openat(AT_FDCWD, dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* The missing directory is reported by whoever looks into it. */
	if (root < 0)
		return -ENOENT;
	return open_below(root, CONFIG_DEFAULT, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

static bool none_is_there(const struct parse *p)
{
	return !p->config && !p->policy->root && access(CONFIG_DEFAULT, F_OK) < 0 &&
	       errno == ENOENT;
}

int config_read(struct parse *p)
{
	const char *path = p->config ? p->config : CONFIG_DEFAULT;
	cleanup_fd int fd = -1;

	if (strcmp(path, "none") == 0)
		return 0;
	fd = open_config(p);
	/* Out of descriptors: access(2) can tell without one that there is no file. */
	if (fd == -EMFILE || fd == -ENFILE)
		fd = none_is_there(p) ? -ENOENT : fd;
	if (fd >= 0)
		return read_config(p, fd, path);
	if (!p->config && (fd == -ENOENT || fd == -ENOTDIR))
		return 0;
	return cannot_read_config(p, path, strerror(-fd),
				  fd == -EACCES
					  ? ": everybody has to be able to read it (chmod 644)"
				  : p->config ? "; --config=none reads none"
					      : "");
}
