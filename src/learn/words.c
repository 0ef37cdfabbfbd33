// SPDX-License-Identifier: MIT
/* What was learnt, as arguments. */
#include "learn/words.h"

#include <ctype.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <string.h>
#include <unistd.h>

#include "harden/deny.h"
#include "sys/capnames.h"

enum { WORD = PATH_MAX + 128 };

static void take(const struct word_taker *t, const char *option, const struct text *value)
{
	t->take(t->arg, option, value->buf);
}

/* ---- places */

unsigned int place_room(const struct place *p)
{
	unsigned int mib = 16;

	while (mib < 1 << 20 && ((uint64_t)mib << 20) < 2 * p->size)
		mib *= 2;
	return mib;
}

/* A label of RFC 1123 has 63 characters; some are left for what tells two of them apart. */
enum { LABEL = 63 - 9 + 1 };

/* Small letters and digits, with a dash for whatever lies between them. */
static void label_of(char ret[LABEL], const char *path)
{
	size_t len = 0;
	bool dash = false;

	for (; *path && len + dash < LABEL - 1; path++) {
		if (!isalnum((unsigned char)*path)) {
			dash = len > 0;
			continue;
		}
		if (dash)
			ret[len++] = '-';
		ret[len++] = (char)tolower((unsigned char)*path);
		dash = false;
	}
	ret[len] = '\0';
}

static bool is_called(const char *path, const char *label, const char *other)
{
	char its[LABEL];

	label_of(its, other);
	return strcmp(its, label) == 0 && strcmp(path, other) != 0;
}

/* /a-b is called as /a/b is, and a path that is cut as another one that begins like it. */
void add_volume_name(struct text *out, const struct learnt *n, const char *path)
{
	char label[LABEL];
	bool is_shared = false;

	label_of(label, path);
	for (size_t i = 0; i < n->places_count; i++)
		is_shared |= place_is_mounted(&n->places[i]) &&
			     is_called(path, label, n->places[i].seen->path);
	for (size_t i = 0; i < n->volumes_count; i++)
		is_shared |= n->volumes[i].anonymous && is_called(path, label, n->volumes[i].point);
	text_add_string(out, *label ? label : "volume");
	if (is_shared)
		text_add(out, "-%08" PRIx32, (uint32_t)learnt_hash(path));
}

const char *place_note(const struct place *p)
{
	switch (p->kind) {
	case PLACE_FILLED:
		return "files of the image lie there, which an empty mount would hide: a named "
		       "volume, which Docker and podman fill; in a pod an init container copies "
		       "them first";
	case PLACE_FILE:
		return "one file in a directory that must not be writable: have the program write "
		       "elsewhere, or make the file a link to a writable place; if it is always "
		       "the same, write it when the image is built";
	case PLACE_NAMES:
		return "files came and went there, and it must not be writable: have the program "
		       "do "
		       "that elsewhere";
	case PLACE_CACHE:
		return "and others like it hold modules that python compiled and does not need: "
		       "compile them when the image is built, or set PYTHONDONTWRITEBYTECODE=1";
	case PLACE_SAME:
		return "its owner or mode was set to what it was already, as that of others maybe, "
		       "which fails on a read-only root: a script that ends then is not needed by "
		       "a "
		       "container that is started as that user";
	case PLACE_VOLUME:
		return "a VOLUME of the image: without a name it ends with the container, and in "
		       "a pod there is none; there a persistentVolumeClaim if it must outlive it";
	default:
		if (p->logs)
			return "logs grow there until it is full: have the program write them to "
			       "standard output, or give it a volume and rotate them";
		return p->outlives ? "use a volume instead of the tmpfs if it must outlive the "
				     "container"
				   : NULL;
	}
}

/* Not if it was made since, or is gone again. */
bool seen_is_lacking(const struct seen *s)
{
	return s->flags & SEEN_LACKING && s->flags & (SEEN_MISSING | SEEN_GONE);
}

/* ---- granit's own */

static void take_writable(const struct word_taker *t, const char *path, bool exec)
{
	char buf[WORD];
	struct text value;

	text_init(&value, buf, sizeof(buf));
	text_add_string(&value, path);
	text_add_string(&value, exec ? ":exec" : "");
	take(t, "--writable", &value);
}

/* User 0 that is to become another one may not write there, and its list has no CAP_DAC_OVERRIDE.
 */
static void take_unverified(const struct learnt *n, const struct word_taker *t,
			    const struct seen *s, uint32_t uid)
{
	enum { WRITABLE_FOR_ALL = 02 };
	char buf[WORD];
	struct text value;

	if (geteuid() != 0 || uid == 0 || s->mode & WRITABLE_FOR_ALL ||
	    n->caps & UINT64_C(1) << CAP_DAC_OVERRIDE)
		return;
	text_init(&value, buf, sizeof(buf));
	text_add_string(&value, "writable-declared:");
	text_add_string(&value, s->path);
	take(t, "--warn", &value);
}

static void take_caps(const struct word_taker *t, uint64_t caps)
{
	char buf[WORD] = "";
	struct text value;

	text_init(&value, buf, sizeof(buf));
	for (; caps; caps &= caps - 1) {
		text_add_string(&value, value.len ? "," : "");
		caps_add_names(&value, caps & -caps, 1);
	}
	if (value.len)
		take(t, "--keep-caps", &value);
}

/* The image's own are places. */
static bool is_mount_of_others(const struct learnt_volume *v)
{
	return volume_is_needed(v) && !v->anonymous;
}

void words_of_granit(const struct learnt *n, const struct word_taker *t)
{
	for (size_t i = 0; i < n->places_count; i++)
		if (place_is_mounted(&n->places[i]))
			take_writable(t, n->places[i].seen->path, n->places[i].exec);
	for (size_t i = 0; i < n->volumes_count; i++)
		if (is_mount_of_others(&n->volumes[i]))
			take_writable(t, n->volumes[i].point, n->volumes[i].exec);
	for (size_t i = 0; i < n->programs_count; i++)
		t->take(t->arg, "--allow", n->programs[i].path);
	take_caps(t, n->caps);
	for (size_t i = 0; i < n->places_count; i++)
		if (place_is_mounted(&n->places[i]))
			take_unverified(n, t, n->places[i].seen, n->places[i].uid);
	for (size_t i = 0; i < n->volumes_count; i++)
		if (is_mount_of_others(&n->volumes[i]))
			take_unverified(n, t, &n->volumes[i].top, n->volumes[i].top.uid);
}

/* Those that a kernel or the program's own asking decides about are no advice. */
static void take_denials(const struct word_taker *t, unsigned int words)
{
	const unsigned int left = DENY_ALL & ~(words | DENY_EXEC_SCRIPTS);
	char buf[WORD];
	struct text value;

	t->take(t->arg, "--deny", "none");
	text_init(&value, buf, sizeof(buf));
	for (size_t i = 0; i < DENIALS; i++)
		if (left & denials[i].bit)
			text_add(&value, "%s%s", value.len ? "," : "", denials[i].name);
	if (value.len)
		take(t, "--deny", &value);
}

/* Of io_uring programs can do without: mariadbd is one that asks, is refused, and goes on. */
void words_of_restricted(const struct learnt *n, const struct word_taker *t)
{
	const unsigned int needed = n->words & ~(unsigned int)DENY_IO_URING;

	if (geteuid() == 0)
		t->take(t->arg, "--warn", "non-root-uid");
	if (needed)
		take_denials(t, needed);
}

void words_of_listen(const struct learnt *n, const struct word_taker *t)
{
	char buf[WORD];
	struct text value;

	text_init(&value, buf, sizeof(buf));
	for (size_t i = 0; i < n->ports_count; i++)
		text_add(&value, "%s%s%u", i ? "," : "", n->ports[i].is_udp ? "udp:" : "",
			 (unsigned int)n->ports[i].number);
	if (n->ports_count)
		take(t, "--listen", &value);
}

/* ---- the engines' */

static void take_tmpfs(const struct word_taker *t, const struct place *p, bool docker)
{
	const struct seen *s = p->seen;
	char buf[WORD];
	struct text value;

	text_init(&value, buf, sizeof(buf));
	text_add_string(&value, s->path);
	/* podman knows no uid=, which is root's then; or with U that of the container's user. */
	text_add(&value, ":%s%s,mode=%04o,", !docker && p->uid && p->uid == geteuid() ? "U," : "",
		 p->exec ? "exec" : "noexec", (unsigned int)s->mode);
	if (docker)
		text_add(&value, "uid=%" PRIu32 ",gid=%" PRIu32 ",", p->uid, p->gid);
	text_add(&value, "size=%um", place_room(p));
	take(t, "--tmpfs", &value);
}

static void take_volume(const struct word_taker *t, const struct learnt *n, const char *path,
			const char *flags)
{
	char buf[2 * WORD];
	struct text value;

	text_init(&value, buf, sizeof(buf));
	add_volume_name(&value, n, path);
	text_add_string(&value, ":");
	text_add_string(&value, path);
	text_add_string(&value, flags);
	take(t, "--volume", &value);
}

/* A tmpfs of podman's cannot be another user's than the container's; a new volume has the folder's
 * owner. */
static bool takes_volume(const struct place *p, bool docker)
{
	enum { WRITABLE_FOR_ALL = 02 };
	const bool is_anothers =
		p->uid && p->uid != geteuid() && !(p->seen->mode & WRITABLE_FOR_ALL);

	return p->kind != PLACE_TMPFS || (!docker && is_anothers);
}

static void take_engine_words(const struct learnt *n, const struct word_taker *t, bool docker)
{
	t->take(t->arg, "--cap-drop", "all");
	/* One at a time: Docker takes no list. */
	for (uint64_t caps = n->caps; caps; caps &= caps - 1) {
		char buf[WORD];
		struct text value;

		text_init(&value, buf, sizeof(buf));
		caps_add_names(&value, caps & -caps, 1);
		take(t, "--cap-add", &value);
	}
	for (size_t i = 0; i < n->places_count; i++)
		if (place_is_mounted(&n->places[i]) && !takes_volume(&n->places[i], docker))
			take_tmpfs(t, &n->places[i], docker);
	for (size_t i = 0; i < n->places_count; i++)
		if (place_is_mounted(&n->places[i]) && takes_volume(&n->places[i], docker))
			take_volume(t, n, n->places[i].seen->path, "");
	for (size_t i = 0; i < n->volumes_count; i++)
		if (n->volumes[i].anonymous && !volume_is_needed(&n->volumes[i]))
			take_volume(t, n, n->volumes[i].point, ":ro");
}

void words_of_docker(const struct learnt *n, const struct word_taker *t)
{
	t->take(t->arg, "--read-only", NULL);
	take_engine_words(n, t, true);
}

void words_of_podman(const struct learnt *n, const struct word_taker *t)
{
	t->take(t->arg, "--read-only", NULL);
	t->take(t->arg, "--read-only-tmpfs=false", NULL);
	take_engine_words(n, t, false);
}
