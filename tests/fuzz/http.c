/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the answer of an HTTP server to --probe (libFuzzer). Whether it is healthy is told
 * by the bytes alone, however they arrive: each input runs as a whole and in pieces, with other
 * bytes behind them in the buffer, and is held against a reading of the whole text.
 *
 * The input: a byte for the size of the pieces, one for how it ends, and the answer.
 */
#include <errno.h>
#include <string.h>

#include "helpers/fuzz.h"
#include "helpers/peer.h"
#include "net/connect.h"
#include "tools/tools.h"

static struct input answer;
static size_t piece;
static int end; /* 0: it hangs up */
static bool between;
static uint8_t behind;

static ssize_t hear(const void *bytes, size_t size)
{
	must(size > 4 && lies_in("\r\n\r\n", 4, (const char *)bytes + size - 4, 4));
	return (ssize_t)size;
}

static ssize_t say(void *buf, size_t size)
{
	size_t n = piece < size ? piece : size;

	between = !between;
	if (between && piece == 1) {
		errno = EAGAIN;
		return -1;
	}
	if (n > answer.left)
		n = answer.left;
	memset(buf, behind, size);
	if (n)
		memcpy(buf, answer.at, n);
	answer.at += n;
	answer.left -= n;
	return (ssize_t)n;
}

static int wait_for_answer(void)
{
	return answer.left ? 0 : end;
}

static int probe(struct input in, size_t most, uint8_t fill)
{
	static const struct peer peer = {hear, say, wait_for_answer};
	static const struct target target = {
		.kind = TARGET_UNIX, .path = "/run/socket", .http = true, .page = "/healthy"};
	struct patience p = {.until = INT64_MAX, .signals = -1};
	char buf[512];
	struct text why;
	int r;

	text_init(&why, buf, sizeof(buf));
	answer = in;
	piece = most;
	behind = fill;
	between = false;
	peer_is(&peer);
	r = probe_target(&target, &p, &why);
	peer_is(NULL);
	must(r <= 0 && (r == 0) == (why.len == 0));
	if (r < 0)
		must_be_a_line(&why);
	return r;
}

/* The line that begins at s as a status; -EPROTO; -ENODATA: it is not all there. */
static int status_of(const char *s, size_t n)
{
	static const char start[] = "HTTP/1.";
	static const size_t numbers[] = {7, 9, 10, 11};

	for (size_t i = 0; i < 13; i++) {
		bool is_number = false;

		if (i >= n)
			return -ENODATA;
		for (size_t k = 0; k < sizeof(numbers) / sizeof(*numbers); k++)
			is_number |= numbers[k] == i;
		if (i < sizeof(start) - 1 ? s[i] != start[i]
		    : is_number           ? s[i] < '0' || s[i] > '9'
		    : i == 8              ? s[i] != ' '
					  : s[i] != ' ' && s[i] != '\r' && s[i] != '\n')
			return -EPROTO;
	}
	return (s[9] - '0') * 100 + (s[10] - '0') * 10 + (s[11] - '0');
}

/* What lies behind the head: the first line that has nothing but returns in it, but for the first.
 * NULL: it does not end. */
static const char *behind_head(const char *s, const char *stop)
{
	for (bool is_first = true;; is_first = false) {
		const char *newline = memchr(s, '\n', (size_t)(stop - s));
		bool is_empty = !is_first;

		if (!newline)
			return NULL;
		for (; s < newline; s++)
			is_empty &= *s == '\r';
		s = newline + 1;
		if (is_empty)
			return s;
	}
}

/* What the probe has to say of the whole of it. */
static int judge(struct input in)
{
	const char *s = (const char *)in.at, *stop = s + in.left;
	int status = 0;

	while (s && (status = status_of(s, (size_t)(stop - s))) >= 100 && status < 200 &&
	       status != 101)
		s = behind_head(s, stop);
	if (!s || status == -ENODATA)
		return end ? end : -ENODATA;
	if (status == -EPROTO)
		return status;
	return status >= 200 && status < 400 ? 0 : -EBADMSG;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int ends[] = {0, -ETIMEDOUT, -ECANCELED, -EIO};
	struct input in = {data, size};
	size_t most = input_byte(&in);
	int wanted;

	end = ends[input_byte(&in) % 4];
	wanted = judge(in);
	must(probe(in, 512, 0) == wanted);
	must(probe(in, 1, '\n') == wanted);
	must(probe(in, most ? most : 1, ' ') == wanted);
	return 0;
}
