// SPDX-License-Identifier: MIT
/*
 * A DNS client.
 *
 * One question, one answer, over UDP (RFC 1035, 4): no cache and no retries, for whoever waits asks
 * again. musl's resolver ends neither when a signal arrives nor when the time is over, and is ten
 * times as large.
 */
#include "net/dns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>

#include "sys/regular.h"
#include "sys/sys.h"

enum {
	FILE_BYTES = 1 << 16,
	SERVERS = 3,         /* the limit of resolv.conf(5) */
	NAME_BYTES = 254,    /* a name, with its NUL (RFC 1035, 2.3.4) */
	MESSAGE_BYTES = 512, /* the limit without EDNS */
	HEADER = 12,
	ANSWER_MS = 1000, /* for one server's answer */
	TYPE_A = 1,
	TYPE_AAAA = 28,
	CLASS_IN = 1,
	NO_SUCH_NAME = 3,
	TRUNCATED = 2, /* TC, in the third byte */
	PORT = 53,
};

static const char conf_path[] = "/etc/resolv.conf";
static const char blanks[] = " \t\r";

/* ---- resolv.conf(5) */

struct conf {
	union address servers[SERVERS];
	size_t servers_count;
	char *domains; /* all that the line names: there is no limit to them; NULL: none */
	size_t dots;   /* a name with as many is asked for as it is first */
};

static void take_options(struct conf *c, char *words)
{
	static const char dots[] = "ndots:";
	char *word;
	uint64_t n;

	while ((word = strsep(&words, blanks)) != NULL)
		if (strncmp(word, dots, strlen(dots)) == 0 &&
		    text_to_uint(word + strlen(dots), 15, &n) == 0)
			c->dots = (size_t)n;
}

static void take_resolv_line(struct conf *c, char *line)
{
	char *word = strsep(&line, blanks);

	if (!line)
		return;
	line += strspn(line, blanks);
	if (strcmp(word, "search") == 0 || strcmp(word, "domain") == 0)
		c->domains = line; /* The last such line counts. */
	else if (strcmp(word, "options") == 0)
		take_options(c, line);
	else if (strcmp(word, "nameserver") == 0 && c->servers_count < SERVERS &&
		 address_parse(strsep(&line, blanks), PORT, &c->servers[c->servers_count]) == 0)
		c->servers_count++;
}

/* *c points into text. */
static int read_conf(char *text, struct conf *c)
{
	cleanup_fd int fd = regular_file_open(conf_path);
	size_t n;
	int r = fd < 0 ? fd : text_read(fd, text, FILE_BYTES, &n);

	*c = (struct conf){.dots = 1};
	if (r < 0)
		return r;
	text[n] = '\0';
	while (text)
		take_resolv_line(c, strsep(&text, "\n"));
	/* resolv.conf(5)'s default. */
	if (!c->servers_count)
		c->servers_count = address_parse("127.0.0.1", PORT, &c->servers[0]) == 0;
	return 0;
}

/* ---- messages */

struct message {
	uint8_t bytes[MESSAGE_BYTES];
	size_t len;
};

static void add_16(struct message *m, unsigned int value)
{
	m->bytes[m->len++] = (uint8_t)(value >> 8);
	m->bytes[m->len++] = (uint8_t)value;
}

/* "db.example" as 2 d b 7 e x a m p l e 0. A name of less than NAME_BYTES has the room. */
static int add_name(struct message *m, const char *name)
{
	while (*name) {
		size_t len = strcspn(name, ".");

		if (len == 0 || len > 63)
			return -EINVAL;
		m->bytes[m->len++] = (uint8_t)len;
		memcpy(m->bytes + m->len, name, len);
		m->len += len;
		name += len;
		name += *name == '.';
	}
	m->bytes[m->len++] = 0;
	return 0;
}

static int make_question(struct message *m, const char *name, unsigned int type)
{
	uint16_t id = 0;
	int r;

	/* Shortly after boot there may be no randomness yet: then the port has to do. */
	(void)getrandom(&id, sizeof(id), GRND_NONBLOCK);
	m->len = 0;
	add_16(m, id);
	add_16(m, 0x0100); /* a query, recursion desired */
	add_16(m, 1);
	add_16(m, 0);
	add_16(m, 0);
	add_16(m, 0);
	r = add_name(m, name);
	add_16(m, type);
	add_16(m, CLASS_IN);
	return r;
}

static unsigned int get_16(const struct message *m, size_t at)
{
	return (unsigned int)m->bytes[at] << 8 | m->bytes[at + 1];
}

/* Whether it answers this question: the same id, and the same question byte by byte. */
static bool is_answer(const struct message *m, const struct message *question)
{
	return m->len >= question->len && get_16(m, 0) == get_16(question, 0) &&
	       m->bytes[2] & 0x80 && get_16(m, 4) == 1 &&
	       memcmp(m->bytes + HEADER, question->bytes + HEADER, question->len - HEADER) == 0;
}

/* The offset behind a name, which may end in a pointer (RFC 1035, 4.1.4). */
static size_t skip_name(const struct message *m, size_t at)
{
	while (at < m->len && m->bytes[at] && m->bytes[at] < 0xc0)
		at += (size_t)m->bytes[at] + 1;
	return at < m->len && m->bytes[at] ? at + 2 : at + 1;
}

/*
 * The addresses among the answers, those of an alias that the server has followed included. An
 * answer cut short by the end of the message is ignored. Returns how many.
 */
static int read_addresses(const struct message *m, size_t at, uint16_t port, union address *ret,
			  int most)
{
	unsigned int records = get_16(m, 6);
	int n = 0;

	while (records-- && n < most) {
		unsigned int type, size;

		at = skip_name(m, at);
		if (at + 10 > m->len)
			break;
		type = get_16(m, at);
		size = get_16(m, at + 8);
		at += 10;
		if (at + size > m->len)
			break;
		ret[n] = (union address){0};
		if (type == TYPE_A && size == sizeof(ret->in.sin_addr)) {
			ret[n].in.sin_family = AF_INET;
			ret[n].in.sin_port = htons(port);
			memcpy(&ret[n++].in.sin_addr, m->bytes + at, size);
		} else if (type == TYPE_AAAA && size == sizeof(ret->in6.sin6_addr)) {
			ret[n].in6.sin6_family = AF_INET6;
			ret[n].in6.sin6_port = htons(port);
			memcpy(&ret[n++].in6.sin6_addr, m->bytes + at, size);
		}
		at += size;
	}
	return n;
}

/* ---- questions */

/* One server's answer, or -errno. */
static int ask_server(const union address *server, const struct message *question,
		      struct message *answer, struct patience *p)
{
	struct patience attempt = *p;
	cleanup_fd int fd =
		socket(server->any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	/* Connected, so that only this server's answers arrive. */
	if (fd < 0 || connect(fd, &server->any, address_size(server)) < 0 ||
	    send(fd, question->bytes, question->len, MSG_NOSIGNAL) < 0)
		return -errno;
	patience_shorten(&attempt, ANSWER_MS);
	for (;;) {
		int r = patience_wait(&attempt, fd, POLLIN, -1);
		ssize_t n;

		p->came = attempt.came;
		if (r < 0)
			return r;
		n = recv(fd, answer->bytes, sizeof(answer->bytes), 0);
		if (n < 0 && errno != EAGAIN)
			return -errno;
		answer->len = n < 0 ? 0 : (size_t)n;
		if (is_answer(answer, question))
			return 0;
		/* Data may never run out: then waiting takes no time. */
		if (patience_is_over(&attempt))
			return -ETIMEDOUT;
	}
}

/* Reads an answer without an error: returns the number of addresses; -EMSGSIZE: none fits. */
static int read_answer(const struct message *m, size_t at, uint16_t port, union address *ret,
		       int most)
{
	int n = read_addresses(m, at, port, ret, most);

	return n == 0 && m->bytes[2] & TRUNCATED ? -EMSGSIZE : n;
}

/* Asks for addresses of one type: returns how many, or -errno; -ENOENT: there is no such name. */
static int ask_for(const struct conf *c, const char *name, unsigned int type, uint16_t port,
		   struct patience *p, union address *ret, int most)
{
	struct message question, answer = {.len = 0};
	int r = make_question(&question, name, type);

	if (r < 0)
		return r;
	r = -ETIMEDOUT;
	for (size_t i = 0; i < c->servers_count; i++) {
		unsigned int code;

		r = ask_server(&c->servers[i], &question, &answer, p);
		if (r == -ECANCELED)
			return r;
		if (r < 0)
			continue;
		code = answer.bytes[3] & 0xf;
		if (code == 0)
			return read_answer(&answer, question.len, port, ret, most);
		/* Another server may do better than one that fails (RFC 1035, 4.1.1). */
		r = code == NO_SUCH_NAME ? -ENOENT : -EREMOTEIO;
		if (r == -ENOENT)
			break;
	}
	return r;
}

/* Asks for both families: returns how many, at least one; or -errno. */
static int ask_for_both(const struct conf *c, const char *name, uint16_t port, struct patience *p,
			union address ret[RESOLVE_MOST])
{
	int n = ask_for(c, name, TYPE_A, port, p, ret, RESOLVE_MOST / 2), more;

	if (n < 0)
		return n;
	more = ask_for(c, name, TYPE_AAAA, port, p, ret + n, RESOLVE_MOST - n);
	if (more == -ECANCELED)
		return more;
	n += more > 0 ? more : 0;
	return n ? n : -ENOENT;
}

static size_t dots_in(const char *name)
{
	size_t n = 0;

	for (; *name; name++)
		n += *name == '.';
	return n;
}

/*
 * A server that cannot resolve "db.cluster.corporation" may know "db.cluster", so the search
 * continues, as glibc's does. If nothing is found, the failure is reported in the end.
 */
static bool goes_on(int r)
{
	return r == -ENOENT || r == -EREMOTEIO;
}

/* Where nothing can be asked for, as in a domain with an empty part, nothing is learnt. */
static int latest(int before, int r)
{
	return r == -EINVAL || (before == -EREMOTEIO && r == -ENOENT) ? before : r;
}

/* Asks for host in each of the domains, and as it is: first if it has enough dots, else last. */
static int search_domains(const struct conf *c, const char *host, uint16_t port, struct patience *p,
			  union address ret[RESOLVE_MOST])
{
	bool absolute = host[strlen(host) - 1] == '.';
	bool first = absolute || dots_in(host) >= c->dots;
	int r = first ? ask_for_both(c, host, port, p, ret) : -ENOENT;
	char *domains = c->domains, *domain;
	int before;

	while (goes_on(r) && !absolute && (domain = strsep(&domains, blanks)) != NULL) {
		char buf[NAME_BYTES];
		struct text name;

		/* "." is the name as it is, which is asked for anyway. */
		if (!*domain || strcmp(domain, ".") == 0)
			continue;
		text_init(&name, buf, sizeof(buf));
		text_add(&name, "%s.%s", host, domain);
		if (!name.cut)
			r = latest(r, ask_for_both(c, buf, port, p, ret));
	}
	if (!goes_on(r) || first)
		return r;
	before = r;
	r = ask_for_both(c, host, port, p, ret);
	return r == -EINVAL ? r : latest(before, r);
}

int dns_look_up(const char *host, uint16_t port, struct patience *p, struct arena *a,
		union address ret[RESOLVE_MOST], struct text *why)
{
	struct conf conf;
	size_t room;
	char *text = arena_rest(a, &room);
	int r = text && room > FILE_BYTES ? read_conf(text, &conf) : -ENOMEM;

	if (r < 0) {
		text_add(why, "it is not in /etc/hosts, and %s: %s", conf_path, strerror(-r));
		return r;
	}
	r = strlen(host) < NAME_BYTES ? search_domains(&conf, host, port, p, ret) : -EINVAL;
	if (r == -ENOENT)
		text_add(why, "no such name in /etc/hosts or at the name server");
	else if (r == -EREMOTEIO)
		text_add(why, "the name server could not answer");
	else if (r == -EMSGSIZE)
		text_add(why, "the name server's answer is too long for UDP; name an address, or a "
			      "name with fewer of them");
	else if (r == -ETIMEDOUT)
		text_add(why, "the name server did not answer (%s)", conf_path);
	else if (r < 0 && r != -ECANCELED)
		text_add(why, "asking the name server (%s): %s", conf_path, strerror(-r));
	return r;
}
