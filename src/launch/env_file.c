// SPDX-License-Identifier: MIT
/*
 * --env-file, as docker run reads it (cli/command, pkg/kvfile): a line is NAME=value, blanks before
 * it and a comment's '#' there do not count, all behind the '=' does, quotes too.
 */
#include <errno.h>
#include <string.h>

#include "checks/environment.h"
#include "facts/leads.h"
#include "harden/harden.h"
#include "launch/prepare.h"
#include "sys/regular.h"
#include "sys/sys.h"

enum { FILE_BYTES = 1 << 20 };

static const char blanks[] = " \t\v\f\r";

struct reading {
	const struct policy *policy;
	const struct mount_table *mounts;
	struct arena *arena;
	struct variables *variables;
	const char *path;
	bool open;   /* the file is on a mount that is, or may be, writable */
	size_t line; /* 0: it is the file as a whole */
	struct text *err;
};

/* "--env-file=PATH:LINE: WHY" for the user; returns error. */
static int complain(const struct reading *r, const char *why, int error)
{
	text_add(r->err, "--env-file=");
	text_add_name(r->err, r->path);
	if (r->line)
		text_add(r->err, ":%zu", r->line);
	text_add(r->err, ": %s", why);
	return error;
}

static bool is_utf8(const char *s)
{
	for (size_t left = strlen(s), n; left; s += n, left -= n) {
		n = text_utf8_length(s, left);
		if (n == 0)
			return false;
	}
	return true;
}

/* Lines are judged like the environment, whose links were followed when all was judged. */
static const char *objection(const struct reading *r, const char *line)
{
	struct lead *leads = NULL;

	if (r->open && harden_objects_to_options(r->policy, line))
		return "it holds options of an interpreter, which can be code, and this file is on "
		       "a mount that is, or may be, writable: keep the file in the image or on a "
		       "read-only mount";
	leads_add(&leads, r->mounts, line, policy_passes_bars(r->policy), r->arena);
	if (harden_objects_to(r->policy, r->mounts, leads, line))
		return "it makes programs load a file from a mount that is, or may be, writable; "
		       "granit removes such variables from the environment, and accepts none from "
		       "a file";
	if (strncmp(line, "PATH=", 5) == 0 &&
	    harden_objects_to_path(r->policy, r->mounts, leads, line + 5))
		return "a part of it is relative, empty, or on a mount that is, or may be, "
		       "writable; granit accepts no such PATH from a file, unless path-sane is "
		       "ignored";
	return NULL;
}

/* Whether the file can be written or replaced. No memory: it counts as if it could. */
static bool is_open_file(const struct reading *r)
{
	static const char start[] = "PATH=";
	size_t len = strlen(start) + strlen(r->path);
	char *as_variable = arena_take(r->arena, len + 1, 1);
	struct lead *leads = NULL;

	if (!as_variable)
		return true;
	(void)stpcpy(stpcpy(as_variable, start), r->path);
	leads_add(&leads, r->mounts, as_variable, policy_passes_bars(r->policy), r->arena);
	return environment_path_objection(r->mounts, leads, as_variable + strlen(start)) != NULL;
}

/* What is wrong with "NAME" or "NAME=value"; NULL: nothing. */
static const char *flaw(const struct reading *r, const char *line, size_t name_len)
{
	if (name_len == 0)
		return "there is no name before the '='";
	if (strcspn(line, blanks) < name_len)
		return "the name has a blank in it; lines are NAME=value, a comment needs its own "
		       "line";
	if (!is_utf8(line))
		return "it is not UTF-8";
	if (strlen(line) >= VARIABLE_BYTES)
		return "it is longer than the 128 kB that a variable can hold";
	return line[name_len] ? objection(r, line) : NULL;
}

static int take_env_line(const struct reading *r, char *line)
{
	size_t name_len, len = strlen(line);
	const char *why;

	if (len && line[len - 1] == '\r')
		line[len - 1] = '\0';
	line += strspn(line, blanks);
	if (!*line || *line == '#')
		return 0;
	name_len = strcspn(line, "=");
	why = flaw(r, line, name_len);
	if (why)
		return complain(r, why, -EINVAL);
	/* A name alone means: as it is in the environment. There it is, or is not. */
	if (line[name_len] && variables_put(r->variables, line) < 0)
		return complain(r, "there are too many variables", -E2BIG);
	return 0;
}

/* The text goes into the arena. */
static int read_env_text(const struct reading *r, char **ret)
{
	cleanup_fd int fd = regular_file_open(r->path);
	size_t n;
	int error;

	if (fd < 0)
		return fd;
	*ret = arena_take(r->arena, FILE_BYTES + 1, 1);
	error = *ret ? text_read(fd, *ret, FILE_BYTES + 1, &n) : -ENOMEM;
	if (error < 0)
		return error;
	if (memchr(*ret, '\0', n))
		return -EILSEQ;
	(*ret)[n] = '\0';
	return 0;
}

static const char *reason(int error)
{
	switch (error) {
	case -EILSEQ:
		return "cannot be read: it has a NUL byte, so it is not text";
	case -EFBIG:
		return "cannot be read: it is longer than 1 MB";
	case -EINVAL:
		return "cannot be read: it is not a regular file";
	case -EACCES:
		return "cannot be read: Permission denied; it must be readable by the program's "
		       "user (--user)";
	case -ENOENT:
		return "cannot be read: No such file or directory; mount it there";
	default:
		return strerror(-error);
	}
}

static int read_env_file(struct reading *r)
{
	char *text;
	int error = read_env_text(r, &text);

	if (error < 0)
		return complain(r, reason(error), error);
	/* A byte order mark, as editors on Windows leave it. */
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (r->line = 1; text; r->line++) {
		error = take_env_line(r, strsep(&text, "\n"));
		if (error < 0)
			return error;
	}
	return 0;
}

int env_files_read(const struct policy *p, const struct mount_table *t, struct arena *a,
		   struct variables *v, struct text *err)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < p->wanted->env_files_count; i++) {
		struct reading r = {.policy = p,
				    .mounts = t,
				    .arena = a,
				    .variables = v,
				    .path = p->wanted->env_files[i],
				    .err = err};

		r.open = p->harden && is_open_file(&r);
		error = read_env_file(&r);
	}
	return error;
}
