/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the answers of a name server (libFuzzer). An answer whose id and question are wrong
 * is dropped, so most of them are built around the question that was asked; the others have to be
 * dropped. What lies in the buffer behind an answer must not count: each input runs twice, with
 * other bytes there.
 *
 * The input: the host's name and a NUL; then for each recv(2) a byte that says what it gives (enum
 * gives), two of length, and the bytes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "helpers/peer.h"
#include "net/dns.h"

enum {
	MESSAGE = 512,
	HEADER = 12,
	ANSWERS = 16, /* an input that has more is as good as one that ends here */
	PORT = 4242,
};

enum gives {
	GIVES_BYTES,
	GIVES_ANSWER, /* flags and number of answers, then what is behind the question */
	GIVES_NOTHING,
	GIVES_ERROR,
	GIVES_MOST,
};

struct datagram {
	uint8_t bytes[MESSAGE];
	size_t len;
};

static struct input script;
static uint8_t behind; /* what the buffer is full of behind an answer */
static struct datagram question, answers[ANSWERS];
static size_t answers_count, questions_count;

/* What is asked (RFC 1035, 4.1): one name of up to 255 bytes, its parts of up to 63. */
static void must_be_question(const struct datagram *q)
{
	static const uint8_t head[] = {0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0};
	size_t at = HEADER;

	must(q->len > HEADER + 4 && memcmp(q->bytes + 2, head, sizeof(head)) == 0);
	while (at < q->len && q->bytes[at]) {
		must(q->bytes[at] <= 63);
		at += q->bytes[at] + 1U;
	}
	must(at + 5 == q->len && at + 1 - HEADER <= 255);
	must(q->bytes[at + 1] == 0 && (q->bytes[at + 2] == 1 || q->bytes[at + 2] == 28));
	must(q->bytes[at + 3] == 0 && q->bytes[at + 4] == 1);
}

static ssize_t hear(const void *bytes, size_t size)
{
	must(size <= MESSAGE);
	memcpy(question.bytes, bytes, size);
	question.len = size;
	questions_count++;
	must_be_question(&question);
	return (ssize_t)size;
}

/* Whether it may be taken for the answer: the same id, and the same question. */
static bool fits_question(const struct datagram *d)
{
	return d->len >= question.len && memcmp(d->bytes, question.bytes, 2) == 0 &&
	       d->bytes[2] & 0x80 && d->bytes[4] == 0 && d->bytes[5] == 1 &&
	       memcmp(d->bytes + HEADER, question.bytes + HEADER, question.len - HEADER) == 0;
}

static void add(struct datagram *d, const void *bytes, size_t n)
{
	if (n > sizeof(d->bytes) - d->len)
		n = sizeof(d->bytes) - d->len;
	memcpy(d->bytes + d->len, bytes, n);
	d->len += n;
}

/* The answer to the question whose flags, number of answers and rest are in. */
static void build_answer(struct input *in, struct datagram *d)
{
	uint8_t head[HEADER] = {question.bytes[0], question.bytes[1], 0, 0, 0, 1};

	head[2] = input_byte(in) | 0x80;
	head[3] = input_byte(in);
	head[6] = input_byte(in);
	head[7] = input_byte(in);
	add(d, head, sizeof(head));
	add(d, question.bytes + HEADER, question.len - HEADER);
	add(d, in->at, in->left);
}

static ssize_t say(void *buf, size_t size)
{
	enum gives gives = input_byte(&script) % GIVES_MOST;
	size_t n = (size_t)input_byte(&script) << 8 | input_byte(&script);
	struct datagram d = {.len = 0};
	struct input in;

	must(size <= MESSAGE);
	if (n > script.left)
		n = script.left;
	in = (struct input){script.at, n};
	script.at += n;
	script.left -= n;
	if (gives == GIVES_NOTHING || gives == GIVES_ERROR) {
		errno = gives == GIVES_ERROR ? ECONNREFUSED : EAGAIN;
		return -1;
	}
	if (gives == GIVES_ANSWER)
		build_answer(&in, &d);
	else
		add(&d, in.at, in.left);
	if (fits_question(&d) && answers_count < ANSWERS)
		answers[answers_count++] = d;
	memset(buf, behind, size);
	memcpy(buf, d.bytes, d.len < size ? d.len : size);
	return (ssize_t)(d.len < size ? d.len : size);
}

static int wait_for_answer(void)
{
	return script.left && answers_count < ANSWERS ? 0 : -ETIMEDOUT;
}

/* Whether a record in d, behind what was asked, has these bytes as its data of this type. */
static bool has_record(const struct datagram *d, uint8_t type, const void *data, uint8_t size)
{
	for (size_t at = HEADER; at + 10 + size <= d->len; at++)
		if (d->bytes[at] == 0 && d->bytes[at + 1] == type && d->bytes[at + 8] == 0 &&
		    d->bytes[at + 9] == size && memcmp(d->bytes + at + 10, data, size) == 0)
			return true;
	return false;
}

static void must_be_from_answer(const union address *a)
{
	bool is_old = a->any.sa_family == AF_INET, found = false;

	must(is_old || a->any.sa_family == AF_INET6);
	must((is_old ? a->in.sin_port : a->in6.sin6_port) == htons(PORT));
	for (size_t i = 0; i < answers_count && !found; i++)
		found = is_old ? has_record(&answers[i], 1, &a->in.sin_addr, 4)
			       : has_record(&answers[i], 28, &a->in6.sin6_addr, 16);
	must(found);
}

static int look_up(struct input in, uint8_t fill, union address ret[RESOLVE_MOST])
{
	static const char conf[] = "nameserver 127.0.0.1\nnameserver ::1\nsearch a.example b\n";
	static const struct peer peer = {hear, say, wait_for_answer};
	struct patience p = {.until = INT64_MAX, .signals = -1};
	struct arena a = {0};
	char *host = input_text(&in), buf[512];
	struct text why;
	int n;

	text_init(&why, buf, sizeof(buf));
	script = in;
	behind = fill;
	answers_count = questions_count = 0;
	memset(ret, 0, RESOLVE_MOST * sizeof(*ret));
	file_given("/etc/resolv.conf", conf, sizeof(conf) - 1, 0644);
	peer_is(&peer);
	/* --wait-for takes no empty name. */
	n = dns_look_up(*host ? host : "db", PORT, &p, &a, ret, &why);
	peer_is(NULL);
	files_forget();
	arena_unmap(&a);
	free(host);
	if (n < 0)
		must_be_a_line(&why);
	else
		must(n > 0 && n <= RESOLVE_MOST && questions_count > 0);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	union address first[RESOLVE_MOST], second[RESOLVE_MOST];
	int n = look_up((struct input){data, size}, 0, first);

	for (int i = 0; i < n; i++)
		must_be_from_answer(&first[i]);
	must(look_up((struct input){data, size}, 1, second) == n);
	must(n < 0 || memcmp(first, second, (size_t)n * sizeof(*first)) == 0);
	return 0;
}
