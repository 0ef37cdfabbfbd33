// SPDX-License-Identifier: MIT
/*
 * Looks up users and groups in /etc/passwd and /etc/group.
 *
 * getpwnam(3) would ask a name service, allocate, and read files that are not below root. Both
 * files consist of lines of fields between colons (passwd(5), group(5)); they are only read here.
 */
#include "facts/account.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/below.h"
#include "sys/span.h"

enum {
	FILE_MOST = 1 << 20,
	FIELDS_MOST = 7,
	NAMES_MOST = 256, /* compared with a mistyped one */
};

/* The largest usable id: -1 tells setresuid(2) to leave the id as it is. */
#define ID_MOST UINT64_C(4294967294)

#define ADVICE "use a number, as in 65532:65532"

/* Columns that both files share. */
enum { NAME = 0, ID = 2 };
/* Columns of one file. */
enum { PASSWD_GROUP = 3, PASSWD_HOME = 5, GROUP_MEMBERS = 3 };

struct line {
	struct span field[FIELDS_MOST]; /* empty where the line is shorter */
};

struct book {
	const char *path;
	const char *kind; /* of what it lists */
	bool was_read;
	int error; /* -errno of reading it */
	struct span text;
};

struct lookup {
	int root;
	struct arena *arena;
	struct text *err;
	struct book passwd, group;
};

/* ---- reading */

static int read_book(const struct lookup *l, struct book *b)
{
	/* O_NONBLOCK: a FIFO of that name must not block. */
	cleanup_fd int fd = open_in(l->root, b->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	size_t room, len;
	char *buf = arena_rest(l->arena, &room);
	int r;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (!buf)
		return -ENOMEM;
	r = text_read(fd, buf, room < FILE_MOST + 1 ? room : FILE_MOST + 1, &len);
	/* Kept on error too: what arena_take() returns next has to be zero. */
	arena_keep(l->arena, buf, len);
	if (r == 0)
		b->text = (struct span){buf, len};
	return r;
}

/* Returns 0 or -errno. */
static int open_book(const struct lookup *l, struct book *b)
{
	if (!b->was_read)
		b->error = read_book(l, b);
	b->was_read = true;
	return b->error;
}

static bool is_missing(int error)
{
	return error == -ENOENT || error == -ENOTDIR;
}

/* ---- lines and fields */

static bool is_among_members(struct span members, struct span name)
{
	while (members.len) {
		struct span m = span_cut(&members, ',');

		if (m.len == name.len && memcmp(m.at, name.at, m.len) == 0)
			return true;
	}
	return false;
}

/* The next line with content; lines with '+' and '-' are for NIS (nsswitch.conf(5)). */
static bool next_account_line(struct span *rest, struct line *ret)
{
	while (rest->len) {
		struct span line = span_cut(rest, '\n');

		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!line.len || strchr("#+-:", line.at[0]))
			continue;
		for (size_t i = 0; i < FIELDS_MOST; i++)
			ret->field[i] = span_cut(&line, ':');
		return true;
	}
	return false;
}

static bool is_number(const char *word)
{
	return *word && word[strspn(word, "0123456789")] == '\0';
}

static bool to_id(const char *word, uint32_t *ret)
{
	uint64_t value;

	if (text_to_uint(word, ID_MOST, &value) < 0)
		return false;
	*ret = (uint32_t)value;
	return true;
}

static bool field_to_id(struct span s, uint32_t *ret)
{
	char digits[16];

	if (s.len >= sizeof(digits))
		return false;
	memcpy(digits, s.at, s.len);
	digits[s.len] = '\0';
	return to_id(digits, ret);
}

/* NULL when there is no memory. */
static char *keep_span(const struct lookup *l, struct span s)
{
	char *copy = arena_take(l->arena, 1, s.len + 1);

	return copy ? memcpy(copy, s.at, s.len) : NULL;
}

/* ---- what can be wrong */

/* "user 'x' in /etc/passwd" */
static void add_whom(const struct lookup *l, const struct book *b, const char *word)
{
	text_add(l->err, "%s '", b->kind);
	text_add_name(l->err, word);
	text_add(l->err, "' in %s", b->path);
}

static int cannot_read_book(const struct lookup *l, const struct book *b, const char *word)
{
	text_add(l->err, "cannot look up ");
	add_whom(l, b, word);
	text_add(l->err, ": %s; " ADVICE, strerror(-b->error));
	return -EINVAL;
}

static int no_such_account(const struct lookup *l, const struct book *b, const char *word)
{
	const char *names[NAMES_MOST], *nearest;
	struct span rest = b->text;
	struct line line = {0};
	size_t n = 0;

	while (n < NAMES_MOST && next_account_line(&rest, &line)) {
		names[n] = keep_span(l, line.field[NAME]);
		n += names[n] != NULL;
	}
	nearest = text_nearest(word, names, n);
	text_add(l->err, "no ");
	add_whom(l, b, word);
	if (nearest) {
		text_add(l->err, "; did you mean '");
		text_add_name(l->err, nearest);
		text_add(l->err, "'?");
	} else {
		text_add(l->err, ": " ADVICE);
	}
	return -EINVAL;
}

static int bad_account_line(const struct lookup *l, const struct book *b, const char *word)
{
	text_add(l->err, "the line of ");
	add_whom(l, b, word);
	text_add(l->err, " lacks a number; " ADVICE);
	return -EINVAL;
}

static int bad_number(const struct lookup *l, const char *word)
{
	text_add(l->err, "%s is not an id: 0 to 4294967294", word);
	return -EINVAL;
}

static int empty_part(const struct lookup *l, const char *what)
{
	text_add(l->err, "a %s is missing: USER[:GROUP[,GROUP...]], as in 65532:65532", what);
	return -EINVAL;
}

static int too_many_groups(const struct lookup *l)
{
	text_add(l->err, "more than %d supplementary groups", ACCOUNT_GROUPS);
	return -EINVAL;
}

static int no_memberships(const struct lookup *l, struct span name)
{
	const char *word = keep_span(l, name);

	text_add(l->err, "cannot look up the groups of '");
	text_add_name(l->err, word ? word : "");
	text_add(l->err, "' in %s: %s; name them, as in 65532:65532", l->group.path,
		 strerror(-l->group.error));
	return -EINVAL;
}

/* ---- looking up */

/* The first line with this name, as in getpwnam(3) and getgrnam(3). */
static int find_name(const struct lookup *l, struct book *b, const char *word, struct line *ret)
{
	struct span rest;

	if (open_book(l, b) < 0)
		return cannot_read_book(l, b, word);
	rest = b->text;
	while (next_account_line(&rest, ret))
		if (span_is(ret->field[NAME], word))
			return 0;
	return no_such_account(l, b, word);
}

static bool find_uid(const struct book *b, uid_t uid, struct line *ret)
{
	struct span rest = b->text;
	uint32_t id;

	while (next_account_line(&rest, ret))
		if (field_to_id(ret->field[ID], &id) && id == uid)
			return true;
	return false;
}

static int add_group(const struct lookup *l, gid_t gid, struct account *ret)
{
	for (size_t i = 0; i < ret->groups_count; i++)
		if (ret->groups[i] == gid)
			return 0;
	if (ret->groups_count == ACCOUNT_GROUPS)
		return too_many_groups(l);
	ret->groups[ret->groups_count++] = gid;
	return 0;
}

/* The groups that list the user, as in initgroups(3). An image without the file has none. */
static int add_memberships(struct lookup *l, struct span name, struct account *ret)
{
	struct span rest;
	struct line line = {0};
	uint32_t gid;

	if (open_book(l, &l->group) < 0)
		return is_missing(l->group.error) ? 0 : no_memberships(l, name);
	rest = l->group.text;
	while (next_account_line(&rest, &line)) {
		if (!is_among_members(line.field[GROUP_MEMBERS], name) ||
		    !field_to_id(line.field[ID], &gid) || gid == ret->gid)
			continue;
		if (add_group(l, gid, ret) < 0)
			return -EINVAL;
	}
	return 0;
}

/* Everything that the user's own line says, except the user id. */
static int take_user_line(struct lookup *l, const struct line *line, const char *word,
			  bool has_groups, struct account *ret)
{
	struct span home = line->field[PASSWD_HOME];

	if (home.len && home.at[0] == '/')
		ret->home = keep_span(l, home);
	if (has_groups)
		return 0;
	if (!field_to_id(line->field[PASSWD_GROUP], &ret->gid))
		return bad_account_line(l, &l->passwd, word);
	return add_memberships(l, line->field[NAME], ret);
}

static int user_by_name(struct lookup *l, const char *word, bool has_groups, struct account *ret)
{
	struct line line = {0};

	if (find_name(l, &l->passwd, word, &line) < 0)
		return -EINVAL;
	if (!field_to_id(line.field[ID], &ret->uid))
		return bad_account_line(l, &l->passwd, word);
	return take_user_line(l, &line, word, has_groups, ret);
}

/*
 * A number suffices; the file can add group and home. It may be missing and, where a group is given
 * too, unreadable.
 */
static int user_by_number(struct lookup *l, const char *word, bool has_groups, struct account *ret)
{
	struct line line = {0};

	if (!to_id(word, &ret->uid))
		return bad_number(l, word);
	if (open_book(l, &l->passwd) < 0 && !has_groups && !is_missing(l->passwd.error))
		return cannot_read_book(l, &l->passwd, word);
	if (find_uid(&l->passwd, ret->uid, &line))
		return take_user_line(l, &line, word, has_groups, ret);
	/* Not group 0, root's: nobody asked for that. */
	ret->gid = ret->uid;
	ret->gid_assumed = !has_groups;
	return 0;
}

static int find_group(struct lookup *l, const char *word, gid_t *ret)
{
	struct line line = {0};

	if (!*word)
		return empty_part(l, "group");
	if (is_number(word))
		return to_id(word, ret) ? 0 : bad_number(l, word);
	if (find_name(l, &l->group, word, &line) < 0)
		return -EINVAL;
	return field_to_id(line.field[ID], ret) ? 0 : bad_account_line(l, &l->group, word);
}

/* The groups that are named, and no others. */
static int take_groups(struct lookup *l, char *list, struct account *ret)
{
	gid_t gid;

	if (find_group(l, strsep(&list, ","), &ret->gid) < 0)
		return -EINVAL;
	while (list)
		if (find_group(l, strsep(&list, ","), &gid) < 0 || add_group(l, gid, ret) < 0)
			return -EINVAL;
	return 0;
}

int account_resolve(const char *spec, int root, struct arena *a, struct account *ret,
		    struct text *err)
{
	struct lookup l = {
		.root = root,
		.arena = a,
		.err = err,
		.passwd = {.path = "/etc/passwd", .kind = "user"},
		.group = {.path = "/etc/group", .kind = "group"},
	};
	char *groups = arena_copy(a, spec), *user;
	bool has_groups;
	int r;

	*ret = (struct account){0};
	if (!groups) {
		text_add(err, "no memory to look it up: raise the memory limit");
		return -EINVAL;
	}
	user = strsep(&groups, ":");
	has_groups = groups != NULL;
	if (!*user)
		return empty_part(&l, "user");
	r = is_number(user) ? user_by_number(&l, user, has_groups, ret)
			    : user_by_name(&l, user, has_groups, ret);
	return r == 0 && has_groups ? take_groups(&l, groups, ret) : r;
}
