// SPDX-License-Identifier: MIT
/* Scans the content of a file for what only shells and multi-call binaries contain. */
#include "facts/scan.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

#include "facts/loader.h"
#include "facts/markers.h"
#include "facts/parts.h"
#include "sys/arena.h"
#include "sys/elfhead.h"

enum { HEAD = 4096 /* of a file, looked at before anything else */ };

_Static_assert(array_length(first_needles) <= (size_t)SEARCH_NEEDLES &&
		       array_length(second_needles) <= (size_t)SEARCH_NEEDLES,
	       "no room for a needle");

/* ---- the parts of a file that are searched */

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

/*
 * times(2), not clock_gettime(2): finding the vDSO's clock first takes as long as looking at two
 * files. It counts USER_HZ (100 a second on all of granit's architectures) and may wrap.
 */
static unsigned long clock_now(void)
{
	return (unsigned long)times(NULL);
}

void scan_start_clock(struct scanner *s, uint64_t nanoseconds)
{
	const uint64_t tick = 10000000, most = LONG_MAX / 2;
	uint64_t ticks = nanoseconds / tick + (nanoseconds % tick > 0);

	s->started = clock_now();
	s->ticks = (unsigned long)(ticks < most ? ticks : most);
}

bool scan_time_is_up(const struct scanner *s)
{
	return clock_now() - s->started >= s->ticks;
}

static int search_part(struct scanner *s, int fd, const struct part *r, const struct index *ix,
		       uint64_t *found)
{
	struct stretch part = {.bytes = s->buf};
	bool ends = false;

	/* A string may start at the start of the part. */
	memset(s->buf, 0, SEARCH_KEPT);
	for (uint64_t at = r->from; at < r->to && !ends; at += SCAN_BUFFER) {
		size_t want = SCAN_BUFFER;
		ssize_t n;

		if (want > r->to - at)
			want = (size_t)(r->to - at);
		if (want > s->bytes_left)
			return -EDQUOT;
		/* Now and then: a file may have gigabytes. */
		if ((at - r->from) / SCAN_BUFFER % 16 == 15 && scan_time_is_up(s))
			return -ETIME;
		n = read_at(fd, s->buf + SEARCH_KEPT, want, at);
		if (n < 0)
			return (int)n;
		s->bytes_left -= (uint64_t)n;
		ends = (size_t)n < want || want == r->to - at;
		part.n = SEARCH_KEPT + (size_t)n;
		s->buf[part.n] = ends ? '\0' : UINT8_MAX;
		*found |= index_search(ix, &part);
		memmove(s->buf, s->buf + n, SEARCH_KEPT);
	}
	return 0;
}

static int search_parts(struct scanner *s, int fd, const struct parts *r, const struct index *ix,
			uint64_t *found)
{
	int error = 0;

	for (size_t i = 0; i < r->count && error == 0; i++)
		error = search_part(s, fd, &r->of[i], ix, found);
	return error;
}

static unsigned int meaning_of(uint64_t found)
{
	unsigned int content = CONTENT_ELF;

	for (size_t i = 0; i < array_length(meanings); i++)
		if ((found & meanings[i].markers) == meanings[i].markers)
			content |= meanings[i].content;
	return content;
}

int scanner_init(struct scanner *s, struct arena *a, uint64_t budget, bool all)
{
	*s = (struct scanner){.bytes_left = budget, .ticks = ULONG_MAX, .all = all};
	s->first = arena_take(a, 1, sizeof(*s->first));
	s->buf = arena_take(a, SEARCH_KEPT + SCAN_BUFFER + SEARCH_MARGIN, 1);
	s->second = arena_take(a, 1, sizeof(*s->second));
	s->loader = arena_take(a, PATH_MAX, 1);
	return s->buf && s->first && s->second && s->loader ? 0 : -ENOMEM;
}

static int search_first(struct scanner *s, int fd, const struct parts *r, uint64_t *found)
{
	if (!s->first->needles)
		index_needles(s->first, first_needles, array_length(first_needles), SEARCH_STEP);
	return search_parts(s, fd, r, s->first, found);
}

static int search_second(struct scanner *s, int fd, const struct parts *r, uint64_t *found)
{
	if (!s->second->needles)
		index_needles(s->second, second_needles, array_length(second_needles),
			      SEARCH_STEP_SHORT);
	return search_parts(s, fd, r, s->second, found);
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

/* The magic decides only whether its header is believed: parts_find(). */
static bool is_program_in(int fd, const uint8_t *head, size_t n)
{
	struct stat st;

	if (elf_is(head, n) || !elf_is_mapped(head, n, UINT64_MAX))
		return elf_is(head, n);
	return fstat(fd, &st) < 0 || elf_is_mapped(head, n, (uint64_t)st.st_size);
}

int scan_file(struct scanner *s, int fd, const uint8_t **ret_head, size_t *ret_head_size)
{
	struct parts parts;
	uint64_t found = 0;
	unsigned int packed;
	int r = 0;
	ssize_t n = read_at(fd, s->buf, HEAD, 0);

	if (n < 0)
		return (int)n;
	*ret_head = s->buf;
	*ret_head_size = (size_t)n;
	s->loader[0] = '\0';
	if (!is_program_in(fd, s->buf, (size_t)n))
		return 0;
	if (!program_loader_of(fd, s->buf, (size_t)n, s->loader))
		s->loader[0] = '\0';
	packed = is_packed(s->buf, (size_t)n) ? CONTENT_PACKED : 0;
	parts_find(s->buf, (size_t)n, s->all, &parts);
	s->programs++;
	s->cut += parts.cut;
	r = search_first(s, fd, &parts, &found);
	if (r == 0 && found)
		r = search_second(s, fd, &parts, &found);
	return r < 0 ? r : (int)(meaning_of(found) | packed);
}
