// SPDX-License-Identifier: MIT
/* Resolves host names through /etc/hosts and DNS. */
#include "net/resolve.h"

#include <errno.h>
#include <string.h>

#include "net/dns.h"
#include "sys/regular.h"
#include "sys/sys.h"

enum { HOSTS_BYTES = 1 << 16 };

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

static int look_up(char *text, const char *host, uint16_t port, union address ret[RESOLVE_MOST])
{
	int n = 0;

	while (text && n < RESOLVE_MOST)
		n += is_line_of(strsep(&text, "\n"), host, port, &ret[n]);
	return n;
}

static int read_hosts(char *text)
{
	cleanup_fd int fd = regular_file_open(hosts_path);
	size_t n;
	int r = fd < 0 ? fd : text_read(fd, text, HOSTS_BYTES, &n);

	if (r == 0)
		text[n] = '\0';
	return r;
}

int resolve(const char *host, uint16_t port, struct patience *p, struct arena *a,
	    union address ret[RESOLVE_MOST], struct text *why)
{
	size_t room;
	char *text;
	int n;

	if (address_parse(host, port, &ret[0]) == 0)
		return 1;
	/* Read each time: runtimes rewrite it when containers come and go. */
	text = arena_rest(a, &room);
	n = text && room > HOSTS_BYTES ? read_hosts(text) : -ENOMEM;
	if (n == 0)
		n = look_up(text, host, port, ret);
	/* A missing file and a missing name are much the same. */
	if (n > 0)
		return n;
	if (n < 0 && n != -ENOENT) {
		text_add(why, "%s: %s", hosts_path, strerror(-n));
		return n;
	}
	return dns_look_up(host, port, p, a, ret, why);
}
