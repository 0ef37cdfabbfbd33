/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as /etc/hosts and /etc/resolv.conf (libFuzzer). A host that the first has is found,
 * whatever pieces the file is read in, and by a reading of the whole; what is asked of the name
 * servers that the second names is the host, in one of its domains.
 *
 * The input: the host and a NUL, a byte for the pieces, /etc/hosts and a byte 0xff,
 * /etc/resolv.conf. A byte 0xfe in /etc/hosts stands for 16 kB of a comment, for lines that are
 * longer than what is read at a time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "helpers/peer.h"
#include "net/resolve.h"

enum {
	MARK = 0xff,
	FILLER = 0xfe,
	FILLED = 1 << 14,
	LINE_MOST = 1 << 16, /* what is not less is no line */
	HOSTS_MOST = 1 << 18,
	PORT = 80,
};

static char hosts[HOSTS_MOST];
static size_t hosts_size;
static const char *host;

static void fill_hosts(const char *bytes, size_t n)
{
	hosts_size = 0;
	for (size_t i = 0; i < n && hosts_size < HOSTS_MOST - FILLED; i++) {
		size_t room = (uint8_t)bytes[i] == FILLER ? FILLED : 1;

		memset(hosts + hosts_size, room > 1 ? '#' : bytes[i], room);
		hosts_size += room;
	}
}

/* ---- the name server, which is asked and never answers */

static ssize_t hear(const void *bytes, size_t size)
{
	const uint8_t *q = bytes;
	const char *s = host;

	must(size > 16 && size <= 12 + 255 + 4);
	for (size_t at = 12; *s; at += q[at] + 1U) {
		size_t n = strcspn(s, ".");

		must(at + n < size && q[at] == n && memcmp(q + at + 1, s, n) == 0);
		s += n + (s[n] == '.');
	}
	return (ssize_t)size;
}

static ssize_t say(void *buf, size_t size)
{
	(void)buf;
	(void)size;
	errno = EAGAIN;
	return -1;
}

static int wait_in_vain(void)
{
	return -ETIMEDOUT;
}

/* ---- */

static int ask(size_t pieces, const char *conf, size_t conf_size, union address ret[RESOLVE_MOST])
{
	static const struct peer peer = {hear, say, wait_in_vain};
	struct patience p = {.until = INT64_MAX, .signals = -1};
	struct arena a = {0};
	char buf[512];
	struct text why;
	int n;

	text_init(&why, buf, sizeof(buf));
	memset(ret, 0, RESOLVE_MOST * sizeof(*ret));
	file_given("/etc/hosts", hosts, hosts_size, 0644);
	file_given("/etc/resolv.conf", conf, conf_size, 0644);
	files_come_in_pieces(pieces);
	peer_is(&peer);
	n = resolve(host, PORT, &p, &a, ret, &why);
	peer_is(NULL);
	files_forget();
	arena_unmap(&a);
	if (n < 0)
		must_be_a_line(&why);
	else
		must(n > 0 && n <= RESOLVE_MOST);
	return n;
}

/* The address of a line that has the host; NULL: it is of others. line is modified. */
static const char *address_in(char *line)
{
	char *rest = line, *address, *word;

	*strchrnul(line, '#') = '\0';
	address = strtok_r(line, " \t\r", &rest);
	while ((word = strtok_r(NULL, " \t\r", &rest)) != NULL)
		if (strcasecmp(word, host) == 0)
			return address;
	return NULL;
}

/* The same in another way, with nothing but the text as a whole. */
static int look_through(union address ret[RESOLVE_MOST])
{
	int count = 0;

	memset(ret, 0, RESOLVE_MOST * sizeof(*ret));
	for (size_t at = 0; at < hosts_size && count < RESOLVE_MOST;) {
		const char *end = memchr(hosts + at, '\n', hosts_size - at);
		size_t n = end ? (size_t)(end - hosts) - at : hosts_size - at;
		char *line = strndup(hosts + at, n);
		const char *address;

		must(line);
		address = n < LINE_MOST ? address_in(line) : NULL;
		if (address && address_parse(address, PORT, &ret[count]) == 0)
			count++;
		free(line);
		at += n + 1;
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	union address whole[RESOLVE_MOST], pieces[RESOLVE_MOST];
	char *name = input_text(&in), *bytes, *conf;
	size_t piece = input_byte(&in), n, conf_size;
	int found, wanted;

	host = *name ? name : "db";
	bytes = input_part(&in, MARK, &n);
	conf = input_part(&in, MARK, &conf_size);
	fill_hosts(bytes, n);
	/* Of a long text fewer pieces, for the time that they take. */
	piece += 1 + hosts_size / 64;
	found = ask(0, conf, conf_size, whole);
	must(ask(piece, conf, conf_size, pieces) == found);
	must(found < 0 || same_bytes(whole, pieces, sizeof(whole)));
	if (address_parse(host, PORT, &pieces[0]) < 0) {
		wanted = look_through(pieces);
		must(wanted ? found == wanted : found < 0);
		must(!wanted || same_bytes(whole, pieces, (size_t)wanted * sizeof(*whole)));
	}
	free(name);
	free(bytes);
	free(conf);
	return 0;
}
