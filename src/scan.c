// SPDX-License-Identifier: MIT
#include "scan.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "sys/arena.h"

enum {
	OVERLAP = 32, /* of two reads; longer than any needle and its neighbours */
	MARGIN = 64,  /* behind the buffer, for loads that reach beyond its end */
	BLOCK = 64,   /* what the fast search looks at in one go */
	SEGMENTS = 32,
	HEAD = 4096, /* of a file, which is looked at before anything else */
};

/*
 * A needle stands here backwards, so that granit's own binary does not hold it. The anchor is the
 * place of two bytes in it that are rare in programs: the fast search looks for those alone.
 */
struct needle {
	const char *backwards;
	uint8_t anchor;
	bool is_string; /* a whole string of its own, or the name in NAME=value */
	unsigned int bit;
};

/* Parts of an answer; whole answers are enum content, and share the numbers with these. */
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

/* What every file is searched for. Of several names that belong together the rarest stands for all.
 */
static const struct needle first_needles[] = {
	{"4SP", 1, true, FOUND_PS4},
	{"v xoBysuB", 3, false, FOUND_BUSYBOX},
	{"xobyot :egasu", 9, false, CONTENT_TOYBOX},
	{"gorp-slitueroc-- slituero", 20, false, CONTENT_COREUTILS},
	{"dip_hsif", 4, false, CONTENT_OTHER_SHELL},
	{"/hs/cc.nadvm", 1, false, CONTENT_OTHER_SHELL},
	{"noisrev_llehsun", 7, false, CONTENT_OTHER_SHELL},
	{"niaMsetyB_yP", 2, false, CONTENT_PYTHON},
	{"esrap_lrep", 4, false, CONTENT_PERL},
	{"SNOITPO_EDON", 3, false, CONTENT_NODE},
	{"HTAP_AUL", 3, false, CONTENT_LUA},
	{"PESBUS", 2, true, FOUND_SUBSEP},
	{"tini_ybur", 3, true, CONTENT_RUBY},
	{"tini_debme_php", 9, false, CONTENT_PHP},
	{"MVavaJetaerC_INJ", 2, false, CONTENT_JAVA},
	{"niaM_lcT", 2, false, CONTENT_TCL},
};

/* What a file is searched for that had one of the former: the others that belong to it. */
static const struct needle second_needles[] = {
	{"DNITPO", 1, true, FOUND_OPTIND}, {"SFI", 1, true, FOUND_IFS},
	{"DIPP", 1, true, FOUND_PPID},     {"yranib llac-itlum", 4, false, FOUND_MULTICALL},
	{"TRATSR", 1, true, FOUND_RSTART}, {"NORIVNE", 3, true, FOUND_ENVIRON},
};

enum { MOST_NEEDLES = array_length(first_needles) };

/* ---- the search in memory */

/* A stretch of a file in memory; whether it starts and ends where the searched range does. */
struct stretch {
	const uint8_t *bytes;
	size_t n;
	bool begins, ends;
};

static bool is_end(uint8_t c)
{
	return c == '\0' || c == '=';
}

static bool needle_at(const struct needle *d, const struct stretch *s, size_t anchor)
{
	size_t len = strlen(d->backwards);
	size_t start = anchor - d->anchor;

	if (anchor < d->anchor || start + len > s->n)
		return false;
	for (size_t i = 0; i < len; i++)
		if (s->bytes[start + i] != (uint8_t)d->backwards[len - 1 - i])
			return false;
	if (!d->is_string)
		return true;
	return (start == 0 ? s->begins : s->bytes[start - 1] == '\0') &&
	       (start + len == s->n ? s->ends : is_end(s->bytes[start + len]));
}

/* clang has no such attribute, and would unroll less. */
#ifdef __clang__
#define OPTIMIZE
#else
#define OPTIMIZE __attribute__((optimize("O3")))
#endif

typedef uint8_t vector __attribute__((vector_size(16)));

static vector load(const uint8_t *p)
{
	vector v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static vector repeat(char c)
{
	return (vector){} + (uint8_t)c;
}

static bool any(vector v)
{
	uint64_t halves[2];

	memcpy(halves, &v, sizeof(v));
	return (halves[0] | halves[1]) != 0;
}

static unsigned int look_closely(const struct needle *needles, size_t count,
				 const struct stretch *s, size_t from)
{
	unsigned int found = 0;

	for (size_t i = from; i < from + BLOCK && i < s->n; i++)
		for (size_t k = 0; k < count; k++)
			if (needle_at(&needles[k], s, i))
				found |= needles[k].bit;
	return found;
}

/*
 * Compares a block's bytes with the two anchor bytes of all needles at once. Optimised for speed in
 * a program optimised for size: here is where a scan spends its time.
 */
OPTIMIZE static unsigned int search(const struct needle *needles, size_t count,
				    const struct stretch *s)
{
	vector first[MOST_NEEDLES], second[MOST_NEEDLES];
	unsigned int found = 0;

	for (size_t k = 0; k < count; k++) {
		const char *pair =
			needles[k].backwards + strlen(needles[k].backwards) - 1 - needles[k].anchor;

		first[k] = repeat(pair[0]);
		second[k] = repeat(pair[-1]);
	}
	for (size_t i = 0; i < s->n; i += BLOCK) {
		vector hits = {};

		for (size_t j = i; j < i + BLOCK; j += sizeof(vector)) {
			vector here = load(s->bytes + j), next = load(s->bytes + j + 1);

			for (size_t k = 0; k < count; k++)
				hits |= (vector)(here == first[k]) & (vector)(next == second[k]);
		}
		if (any(hits))
			found |= look_closely(needles, count, s, i);
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

/* Reads n bytes at offset unless the file ends before. Returns how many, or -errno. */
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

static int search_range(struct scanner *s, int fd, const struct range *r,
			const struct needle *needles, size_t count)
{
	unsigned int found = 0;
	size_t kept = 0;
	bool begins = true;

	for (uint64_t at = r->from; at < r->to;) {
		size_t want = SCAN_BUFFER - kept;
		struct stretch part = {.bytes = s->buf, .begins = begins};
		ssize_t n;

		if (want > r->to - at)
			want = (size_t)(r->to - at);
		if (want > s->bytes_left)
			return -EDQUOT;
		n = read_at(fd, s->buf + kept, want, at);
		if (n < 0)
			return (int)n;
		s->bytes_left -= (uint64_t)n;
		at += (uint64_t)n;
		part.n = kept + (size_t)n;
		part.ends = (size_t)n < want || at >= r->to;
		found |= search(needles, count, &part);
		if (part.ends)
			break;
		begins = false;
		kept = OVERLAP;
		memmove(s->buf, s->buf + part.n - OVERLAP, OVERLAP);
	}
	return (int)found;
}

static int search_ranges(struct scanner *s, int fd, const struct ranges *r,
			 const struct needle *needles, size_t count)
{
	int found = 0;

	for (size_t i = 0; i < r->count; i++) {
		int more = search_range(s, fd, &r->of[i], needles, count);

		if (more < 0)
			return more;
		found |= more;
	}
	return found;
}

/* A number of the ELF file's own width and byte order. */
static uint64_t number(const uint8_t *p, size_t width, bool big_endian)
{
	uint64_t value = 0;

	for (size_t i = 0; i < width; i++)
		value |= (uint64_t)p[big_endian ? width - 1 - i : i] << (8 * i);
	return value;
}

#define FIELD(base, type, name)                                                                    \
	number((base) + offsetof(type, name), sizeof(((type *)0)->name), big_endian)
#define FIELD_OF(wide, base, name, type32, type64)                                                 \
	((wide) ? FIELD(base, type64, name) : FIELD(base, type32, name))

static void add_range(struct ranges *r, uint64_t offset, uint64_t size)
{
	struct range *last = r->count ? &r->of[r->count - 1] : NULL;

	if (!size)
		return;
	/* Segments follow each other in the file, most often without a gap. */
	if (last && offset >= last->from && offset <= last->to) {
		if (offset + size > last->to)
			last->to = offset + size;
		return;
	}
	r->of[r->count++] = (struct range){.from = offset, .to = offset + size};
}

/*
 * The parts that the kernel or the dynamic loader maps: debugging information, which is the bulk of
 * many files, need not be read. A header that tells nothing of use means all of the file.
 */
static void find_ranges(const uint8_t *head, size_t n, struct ranges *ret)
{
	bool wide = head[EI_CLASS] == ELFCLASS64, big_endian = head[EI_DATA] == ELFDATA2MSB;
	size_t entry_size = wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	uint64_t table, entries;

	ret->count = 0;
	if (n < sizeof(Elf64_Ehdr))
		goto all;
	table = FIELD_OF(wide, head, e_phoff, Elf32_Ehdr, Elf64_Ehdr);
	entries = FIELD_OF(wide, head, e_phnum, Elf32_Ehdr, Elf64_Ehdr);
	if (FIELD_OF(wide, head, e_phentsize, Elf32_Ehdr, Elf64_Ehdr) != entry_size || table > n ||
	    entries > (n - table) / entry_size)
		goto all;
	for (uint64_t i = 0; i < entries; i++) {
		const uint8_t *entry = head + table + i * entry_size;

		if (FIELD_OF(wide, entry, p_type, Elf32_Phdr, Elf64_Phdr) != PT_LOAD)
			continue;
		if (ret->count == SEGMENTS)
			goto all;
		add_range(ret, FIELD_OF(wide, entry, p_offset, Elf32_Phdr, Elf64_Phdr),
			  FIELD_OF(wide, entry, p_filesz, Elf32_Phdr, Elf64_Phdr));
	}
	if (ret->count)
		return;
all:
	*ret = (struct ranges){.of = {{.from = 0, .to = INT64_MAX}}, .count = 1};
}

static int meaning(int found)
{
	/* Below the parts are whole answers. */
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
	s->buf = arena_take(a, SCAN_BUFFER + MARGIN, 1);
	return s->buf ? 0 : -ENOMEM;
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
	if (n < SELFMAG || memcmp(s->buf, ELFMAG, SELFMAG) != 0)
		return 0;
	packed = is_packed(s->buf, (size_t)n) ? CONTENT_PACKED : 0;
	find_ranges(s->buf, (size_t)n, &ranges);
	found = search_ranges(s, fd, &ranges, first_needles, array_length(first_needles));
	if (found > 0)
		more = search_ranges(s, fd, &ranges, second_needles, array_length(second_needles));
	if (found < 0 || more < 0)
		return found < 0 ? found : more;
	return meaning(found | more) | packed;
}
