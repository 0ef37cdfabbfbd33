// SPDX-License-Identifier: MIT
/* What the options of src/tools do with their values. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "net/connect.h"
#include "options/values.h"
#include "policy/wanted.h"

/* ---- targets */

static bool read_port(const char *word, uint16_t *ret)
{
	uint64_t port;

	if (text_to_uint(word, UINT16_MAX, &port) < 0 || port == 0)
		return false;
	*ret = (uint16_t)port;
	return true;
}

static bool is_page(const char *s)
{
	if (*s != '/')
		return false;
	/* It would end the request line, or start another one. */
	for (; *s; s++)
		if (*s <= ' ' || *s == 0x7f)
			return false;
	return true;
}

/* What follows "WORD:", or NULL. */
static char *behind(char *s, const char *word)
{
	size_t len = strlen(word);

	return strncmp(s, word, len) == 0 && s[len] == ':' ? s + len + 1 : NULL;
}

static bool parse_probe(struct parse *p, char *s, struct target *t)
{
	char *rest, *page;

	t->kind = TARGET_UNIX;
	if ((rest = behind(s, "unix")) != NULL) {
		t->path = rest;
		return *rest == '/';
	}
	if ((rest = behind(s, "http+unix")) != NULL) {
		page = strstr(rest, ":/");
		if (!page)
			return false;
		*page = '\0';
		t->path = rest;
		t->page = page + 1;
		t->http = true;
		return *rest == '/' && is_page(t->page);
	}
	t->kind = TARGET_TCP;
	if ((rest = behind(s, "tcp")) != NULL)
		return read_port(rest, &t->port);
	if ((rest = behind(s, "http")) == NULL)
		return false;
	t->http = true;
	page = strchr(rest, '/');
	t->page = arena_copy(p->arena, page ? page : "/");
	if (page)
		*page = '\0';
	return t->page && is_page(t->page) && read_port(rest, &t->port);
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

/* "HOST:PORT", with an IPv6 address in brackets (RFC 3986, 3.2.2). */
static bool parse_host(char *s, struct target *t)
{
	union address a;
	char *port = strrchr(s, ':');

	if (!port || port == s || !read_port(port + 1, &t->port))
		return false;
	*port = '\0';
	t->host = s;
	if (*s == '[' && port[-1] == ']') {
		port[-1] = '\0';
		t->host = s + 1;
		return strchr(t->host, ':') && address_parse(t->host, t->port, &a) == 0;
	}
	while (is_name_byte(*s))
		s++;
	return !*s;
}

static bool parse_wait(char *s, struct target *t)
{
	char *rest;

	t->kind = TARGET_TCP;
	if ((rest = behind(s, "tcp")) != NULL)
		return parse_host(rest, t);
	t->kind = TARGET_UNIX;
	if ((rest = behind(s, "unix")) == NULL) {
		t->kind = TARGET_FILE;
		rest = behind(s, "file");
	}
	t->path = rest;
	return rest && *rest == '/';
}

/* The next free target; NULL, with the reason in p->err: there is none. */
static struct target *one_more(struct parse *p, struct targets *list, const char *value)
{
	struct target *t = &list->list[list->count];

	if (list->count == TARGETS_MOST) {
		text_add(p->err, "given more than %d times", TARGETS_MOST);
		return NULL;
	}
	*t = (struct target){.word = value};
	list->count++;
	return t;
}

static int use_tool(struct parse *p, enum tool_kind kind)
{
	struct policy *policy = p->policy;

	if (policy->tool.kind != TOOL_NONE && policy->tool.kind != kind) {
		text_add(p->err, "excludes the others of --probe, --sleep and --kill");
		return -EINVAL;
	}
	policy->tool.kind = kind;
	policy->mode = MODE_TOOL;
	return 0;
}

/* A URL may bring a password along: tcp://user:password@host. */
static const char *without_user(const char *value)
{
	const char *at = strrchr(value, '@');

	return at ? at + 1 : value;
}

int option_add_probe(struct parse *p, const struct option_row *row, const char *value)
{
	char *copy = arena_copy(p->arena, value);
	struct target *t = one_more(p, &p->policy->tool.probes, value);

	(void)row;
	if (!copy)
		return -ENOMEM;
	if (!t)
		return -EINVAL;
	if (!parse_probe(p, copy, t))
		return option_bad_value(p, without_user(value),
					"is not tcp:PORT, http:PORT/PATH, unix:/PATH or "
					"http+unix:/SOCKET:/PATH; a probe never leaves the "
					"container, so it takes no address");
	return use_tool(p, TOOL_PROBE);
}

int option_add_wait_for(struct parse *p, const struct option_row *row, const char *value)
{
	struct wanted *w = option_wanted(p);
	char *copy = arena_copy(p->arena, value);
	struct target *t;

	(void)row;
	if (!copy || !w)
		return -ENOMEM;
	t = one_more(p, &w->waits, value);
	if (!t)
		return -EINVAL;
	if (!parse_wait(copy, t))
		return option_bad_value(p, without_user(value),
					"is not tcp:HOST:PORT (an IPv6 address in brackets), "
					"unix:/PATH or file:/PATH");
	return 0;
}

int option_set_sleep(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	if (option_read_time(p, value, &p->policy->tool.sleep) < 0)
		return -EINVAL;
	return use_tool(p, TOOL_SLEEP);
}

int option_set_kill(struct parse *p, const struct option_row *row, const char *value)
{
	int signal = option_read_signal(p, value);

	(void)row;
	if (signal < 0)
		return signal;
	if (signal == SIGKILL || signal == SIGSTOP)
		return option_bad_value(p, value,
					"never reaches process 1 from inside (pid_namespaces(7)): "
					"stop the container");
	p->policy->tool.signal = signal;
	return use_tool(p, TOOL_KILL);
}

int option_set_learn(struct parse *p, const struct option_row *row, const char *value)
{
	(void)row;
	if (value && !option_is_normal_path(value))
		return option_bad_value(
			p, value,
			"is not the absolute path of a file for the report, without '.' and '..'");
	p->policy->learn = true;
	p->policy->learn_file = value;
	return 0;
}
