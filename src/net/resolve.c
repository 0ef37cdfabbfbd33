// SPDX-License-Identifier: MIT
/* Resolves host names through /etc/hosts and DNS. */
#include "net/resolve.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "net/dns.h"
#include "sys/regular.h"
#include "sys/sys.h"

enum { HOSTS_BYTES = 1 << 16 }; /* that are read at a time */

static const char hosts_path[] = "/etc/hosts";
static const char blanks[] = " \t\r";

/* hosts(5): "ADDRESS NAME [ALIAS]... # comment". True if the line is host's, with its address. */
static bool is_line_of(char *line, const char *host, uint16_t port, union address *ret)
{
	char *address, *name;

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, blanks);
	address = strsep(&line, blanks);
	while ((name = strsep(&line, blanks)) != NULL)
		if (strcasecmp(name, host) == 0)
			return address_parse(address, port, ret) == 0;
	return false;
}

/* What is searched, and what is found there. */
struct hosts {
	const char *host;
	uint16_t port;
	union address *found;
	int count;
	bool skips; /* the line whose rest comes next is too long to be one */
};

static void take_hosts_line(struct hosts *h, char *line)
{
	if (!h->skips && h->count < RESOLVE_MOST)
		h->count += is_line_of(line, h->host, h->port, &h->found[h->count]);
	h->skips = false;
}

/* Takes the lines that are complete, and moves the rest to the front. Returns its length. */
static size_t take_hosts_lines(struct hosts *h, char *text, size_t len)
{
	char *line = text, *end;

	while ((end = memchr(line, '\n', len)) != NULL) {
		*end++ = '\0';
		len -= (size_t)(end - line);
		take_hosts_line(h, line);
		line = end;
	}
	if (len == HOSTS_BYTES) {
		h->skips = true;
		return 0;
	}
	memmove(text, line, len);
	return len;
}

/* Piece by piece: it may be long, as lists of advertisers are. Returns 0 or -errno. */
static int search_hosts(struct hosts *h, char *text)
{
	cleanup_fd int fd = regular_file_open(hosts_path);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return fd;
	while (h->count < RESOLVE_MOST && (n = read(fd, text + len, HOSTS_BYTES - len)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		len = take_hosts_lines(h, text, len + (n > 0 ? (size_t)n : 0));
	}
	text[len] = '\0';
	if (len)
		take_hosts_line(h, text);
	return 0;
}

int resolve(const char *host, uint16_t port, struct patience *p, struct arena *a,
	    union address ret[RESOLVE_MOST], struct text *why)
{
	struct hosts h = {.host = host, .port = port, .found = ret};
	size_t room;
	char *text;
	int n;

	if (address_parse(host, port, &ret[0]) == 0)
		return 1;
	/* Read each time: runtimes rewrite it when containers come and go. */
	text = arena_rest(a, &room);
	n = text && room > HOSTS_BYTES ? search_hosts(&h, text) : -ENOMEM;
	if (n == 0)
		n = h.count;
	/* Not being there, or not having the name: much the same. */
	if (n > 0)
		return n;
	if (n < 0 && n != -ENOENT) {
		text_add(why, "%s: %s", hosts_path, strerror(-n));
		return n;
	}
	return dns_look_up(host, port, p, a, ret, why);
}
