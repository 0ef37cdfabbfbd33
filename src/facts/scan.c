// SPDX-License-Identifier: MIT
/* Scans the content of a file for what only shells and multi-call binaries contain. */
#include "facts/scan.h"

#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "sys/arena.h"
#include "sys/elfhead.h"

enum {
	SEGMENTS = 32,
	HEAD = 4096, /* of a file, looked at before anything else */
};

/* A needle is stored backwards, so that granit's own binary does not contain it. */
struct needle {
	const char *backwards;
	bool is_string; /* a whole string, or the name in NAME=value */
	unsigned int bit;
};

/* Partial results; complete ones are enum content and share these numbers. */
enum {
	FOUND_PS4 = 1 << 16,
	FOUND_OPTIND = 1 << 17,
	FOUND_IFS = 1 << 18,
	FOUND_PPID = 1 << 19,
	FOUND_SHELL = FOUND_PS4 | FOUND_OPTIND | FOUND_IFS | FOUND_PPID,
	FOUND_BUSYBOX = 1 << 20,
	FOUND_MULTICALL = 1 << 21,
	FOUND_SUBSEP = 1 << 22,
	FOUND_RSTART = 1 << 23,
	FOUND_ENVIRON = 1 << 24,
	FOUND_AWK = FOUND_SUBSEP | FOUND_RSTART | FOUND_ENVIRON,
};

/* What every file is searched for. Of several names that belong together one is enough. */
static const struct needle first_needles[] = {
	{"DNITPO", true, FOUND_OPTIND},
	{"v xoBysuB", false, FOUND_BUSYBOX},
	{"xobyot :egasu", false, CONTENT_TOYBOX},
	{"gorp-slitueroc-- slituero", false, CONTENT_COREUTILS},
	{"dip_hsif", false, CONTENT_OTHER_SHELL},
	{")rennuR*(.pretni/", false, CONTENT_OTHER_SHELL}, /* not the parser alone */
	{"noisrev_llehsun", false, CONTENT_OTHER_SHELL},
	{"niaMsetyB_yP", false, CONTENT_PYTHON},
	{"esrap_lrep", false, CONTENT_PERL},
	{"SNOITPO_EDON", false, CONTENT_NODE},
	{"HTAP_AUL", false, CONTENT_LUA},
	{"PESBUS", true, FOUND_SUBSEP},
	{"tini_ybur", true, CONTENT_RUBY},
	{"tini_debme_php", false, CONTENT_PHP},
	{"MVavaJetaerC_INJ", false, CONTENT_JAVA},
	{"niaM_lcT", false, CONTENT_TCL},
};

/* What a file with one of those is searched for: the others that belong to it. */
static const struct needle second_needles[] = {
	{"4SP", true, FOUND_PS4},       {"SFI", true, FOUND_IFS},
	{"DIPP", true, FOUND_PPID},     {"yranib llac-itlum", false, FOUND_MULTICALL},
	{"TRATSR", true, FOUND_RSTART}, {"NORIVNE", true, FOUND_ENVIRON},
};

/*
 * The search looks up every fourth four-byte word in an index of words. That suffices for a needle
 * of seven bytes or more: wherever it lies, one of its first four words starts at a multiple of
 * four. For shorter ones a word is looked up at every byte.
 */
enum {
	WORD = 4,
	FIRST_STEP = 4,
	SECOND_STEP = 1,
	MOST_WORDS = array_length(first_needles) * FIRST_STEP,
	HASH_BITS = 14, /* with fewer, too many other words would collide with a needle's */
	UNROLLED = 4,
	KEPT = 32,   /* bytes of the previous read: longer than any needle and its neighbours */
	MARGIN = 32, /* behind the buffer, for loads that reach past its end */
};

_Static_assert(WORD + UNROLLED * FIRST_STEP <= MARGIN, "loads reach beyond the buffer");
_Static_assert(array_length(second_needles) * SECOND_STEP <= MOST_WORDS && MOST_WORDS <= UINT8_MAX,
	       "no room or no number for a word");

/* ---- the search in memory */

struct index {
	const struct needle *needles;
	size_t step;
	uint8_t first[1 << HASH_BITS]; /* number, from 1, of its first word; 0: none */
	uint8_t next[MOST_WORDS + 1];  /* number of the next word with the same hash */
	uint32_t words[MOST_WORDS + 1];
};

/*
 * A part of a file in memory. bytes[n] can be read too: where the next byte is not known, it is one
 * that does not end a string.
 */
struct stretch {
	const uint8_t *bytes;
	size_t n;
};

static uint32_t word_at(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/*
 * Of 60 odd multipliers this one had the fewest false candidates in 200 MB of Debian's programs and
 * libraries: 1.2 % of the blocks of four words; the golden ratio's had 2.1 %.
 */
static size_t hash(const uint8_t *p)
{
	return (word_at(p) * UINT32_C(0x8193aaa5)) >> (32 - HASH_BITS);
}

/* Includes the NUL that precedes a string; backwards, that is the one at the end. */
static size_t needle_length(const struct needle *d)
{
	return strlen(d->backwards) + d->is_string;
}

/* The first byte; the second one precedes it. */
static const char *needle_start(const struct needle *d)
{
	return d->backwards + needle_length(d) - 1;
}

/* *ret is all zero. */
static void index_needles(struct index *ret, const struct needle *needles, size_t count,
			  size_t step)
{
	uint8_t last = 0;

	/* Zero already; but to read a page before it is written would fault twice. */
	memset(ret->first, 0, sizeof(ret->first));
	ret->needles = needles;
	ret->step = step;
	for (const struct needle *d = needles; d < needles + count; d++) {
		const char *p = needle_start(d);

		for (size_t i = 0; i < step; i++, p--) {
			const uint8_t word[WORD] = {(uint8_t)p[0], (uint8_t)p[-1], (uint8_t)p[-2],
						    (uint8_t)p[-3]};
			uint8_t *slot = &ret->first[hash(word)];

			ret->next[++last] = *slot;
			ret->words[last] = word_at(word);
			*slot = last;
		}
	}
}

static bool is_end(uint8_t c)
{
	return c == '\0' || c == '=';
}

static bool needle_at(const struct needle *d, const struct stretch *s, size_t start)
{
	const char *p = needle_start(d);
	size_t n = needle_length(d);

	if (start + n > s->n)
		return false;
	for (size_t i = 0; i < n; i++, p--)
		if (s->bytes[start + i] != (uint8_t)*p)
			return false;
	return !d->is_string || is_end(s->bytes[start + n]);
}

static unsigned int look_closely(const struct index *ix, const struct stretch *s, size_t at)
{
	const uint32_t word = word_at(s->bytes + at);
	unsigned int found = 0;

	for (size_t i = ix->first[hash(s->bytes + at)]; i; i = ix->next[i]) {
		const struct needle *d = &ix->needles[(i - 1) / ix->step];
		size_t before = (i - 1) % ix->step;

		if (ix->words[i] == word && before <= at && needle_at(d, s, at - before))
			found |= d->bit;
	}
	return found;
}

/* A scan spends its time here: one branch for several words. */
static unsigned int search(const struct index *ix, const struct stretch *s)
{
	const size_t step = ix->step;
	unsigned int found = 0;

	for (size_t i = 0; i < s->n; i += UNROLLED * step) {
		const uint8_t *p = s->bytes + i;

		if (ix->first[hash(p)] | ix->first[hash(p + step)] | ix->first[hash(p + 2 * step)] |
		    ix->first[hash(p + 3 * step)])
			for (size_t k = 0; k < UNROLLED; k++)
				found |= look_closely(ix, s, i + k * step);
	}
	return found;
}

/* ---- the parts of a file that are searched */

struct range {
	uint64_t from, to;
};

struct ranges {
	struct range of[SEGMENTS];
	size_t count;
};

/* Reads n bytes at offset, fewer at the end of the file. Returns how many, or -errno. */
static ssize_t read_at(int fd, void *buf, size_t n, uint64_t offset)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = pread(fd, (char *)buf + done, n - done, (off_t)(offset + done));

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		done += (size_t)r;
	}
	return (ssize_t)done;
}

static int search_range(struct scanner *s, int fd, const struct range *r, const struct index *ix)
{
	struct stretch part = {.bytes = s->buf};
	unsigned int found = 0;
	bool ends = false;

	/* A string may start at the start of the range. */
	memset(s->buf, 0, KEPT);
	for (uint64_t at = r->from; at < r->to && !ends; at += SCAN_BUFFER) {
		size_t want = SCAN_BUFFER;
		ssize_t n;

		if (want > r->to - at)
			want = (size_t)(r->to - at);
		if (want > s->bytes_left)
			return -EDQUOT;
		n = read_at(fd, s->buf + KEPT, want, at);
		if (n < 0)
			return (int)n;
		s->bytes_left -= (uint64_t)n;
		ends = (size_t)n < want || want == r->to - at;
		part.n = KEPT + (size_t)n;
		s->buf[part.n] = ends ? '\0' : UINT8_MAX;
		found |= search(ix, &part);
		memmove(s->buf, s->buf + n, KEPT);
	}
	return (int)found;
}

static int search_ranges(struct scanner *s, int fd, const struct ranges *r, const struct index *ix)
{
	int found = 0;

	for (size_t i = 0; i < r->count; i++) {
		int more = search_range(s, fd, &r->of[i], ix);

		if (more < 0)
			return more;
		found |= more;
	}
	return found;
}

static void add_range(struct ranges *r, uint64_t offset, uint64_t size)
{
	struct range *last = r->count ? &r->of[r->count - 1] : NULL;

	if (!size)
		return;
	/* Segments are adjacent in most files. */
	if (last && offset >= last->from && offset <= last->to) {
		if (offset + size > last->to)
			last->to = offset + size;
		return;
	}
	r->of[r->count++] = (struct range){.from = offset, .to = offset + size};
}

/*
 * The parts that the kernel or the dynamic loader maps: debugging information, the bulk of many
 * files, need not be read. Without a usable header, the whole file.
 */
static void find_ranges(const uint8_t *head, size_t n, struct ranges *ret)
{
	struct elf_head h;
	int r = elf_read_head(head, n, &h);

	ret->count = 0;
	for (size_t i = 0; r == 0 && i < h.count; i++) {
		struct elf_segment segment = elf_segment(&h, i);

		if (segment.type != PT_LOAD)
			continue;
		if (ret->count < SEGMENTS)
			add_range(ret, segment.offset, segment.size);
		else
			r = -E2BIG;
	}
	if (r < 0 || !ret->count)
		*ret = (struct ranges){.of = {{.from = 0, .to = INT64_MAX}}, .count = 1};
}

static int meaning(int found)
{
	/* The bits below the partial results are complete ones. */
	int content = CONTENT_ELF | (found & (FOUND_PS4 - 1));

	if ((found & FOUND_SHELL) == FOUND_SHELL)
		content |= CONTENT_SHELL;
	if ((found & FOUND_BUSYBOX) && (found & FOUND_MULTICALL))
		content |= CONTENT_BUSYBOX;
	if ((found & FOUND_AWK) == FOUND_AWK)
		content |= CONTENT_AWK;
	return content;
}

int scanner_init(struct scanner *s, struct arena *a, uint64_t budget)
{
	*s = (struct scanner){.bytes_left = budget};
	s->first = arena_take(a, 1, sizeof(*s->first));
	s->buf = arena_take(a, KEPT + SCAN_BUFFER + MARGIN, 1);
	s->second = arena_take(a, 1, sizeof(*s->second));
	return s->buf && s->first && s->second ? 0 : -ENOMEM;
}

static int search_first(struct scanner *s, int fd, const struct ranges *r)
{
	if (!s->first->needles)
		index_needles(s->first, first_needles, array_length(first_needles), FIRST_STEP);
	return search_ranges(s, fd, r, s->first);
}

static int search_second(struct scanner *s, int fd, const struct ranges *r)
{
	if (!s->second->needles)
		index_needles(s->second, second_needles, array_length(second_needles), SECOND_STEP);
	return search_ranges(s, fd, r, s->second);
}

static bool is_packed(const uint8_t *head, size_t n)
{
	static const uint8_t backwards[] = {'!', 'X', 'P', 'U'};

	for (size_t i = 0; i + sizeof(backwards) <= n; i++) {
		size_t k = 0;

		while (k < sizeof(backwards) && head[i + k] == backwards[sizeof(backwards) - 1 - k])
			k++;
		if (k == sizeof(backwards))
			return true;
	}
	return false;
}

int scan_file(struct scanner *s, int fd, const uint8_t **ret_head, size_t *ret_head_size)
{
	struct ranges ranges;
	int found, more = 0, packed;
	ssize_t n = read_at(fd, s->buf, HEAD, 0);

	if (n < 0)
		return (int)n;
	*ret_head = s->buf;
	*ret_head_size = (size_t)n;
	if (!elf_is(s->buf, (size_t)n))
		return 0;
	packed = is_packed(s->buf, (size_t)n) ? CONTENT_PACKED : 0;
	find_ranges(s->buf, (size_t)n, &ranges);
	found = search_first(s, fd, &ranges);
	if (found > 0)
		more = search_second(s, fd, &ranges);
	if (found < 0 || more < 0)
		return found < 0 ? found : more;
	return meaning(found | more) | packed;
}
