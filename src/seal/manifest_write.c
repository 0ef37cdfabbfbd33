// SPDX-License-Identifier: MIT
/* Writes a manifest. */
#include <limits.h>

#include "seal/manifest.h"
#include "sys/text.h"

enum { CHUNK = 1 << 16, LONGEST = 2 * ESCAPED_MOST + 256 };

static void add_digest(struct text *t, const unsigned char *digest)
{
	text_add(t, " sha256digest=");
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		text_add(t, "%02x", digest[i]);
}

static void add_entry(struct text *t, const struct seal_entry *e)
{
	text_add_bytes(t, e->path, e->path_len);
	text_add(t, " type=%s mode=0%03o uid=%u gid=%u", seal_type_names[e->type], e->mode, e->uid,
		 e->gid);
	switch (e->type) {
	case SEAL_FILE:
		text_add(t, " size=%llu", (unsigned long long)e->size);
		add_digest(t, e->digest);
		break;
	case SEAL_LINK:
		text_add(t, " link=");
		text_add_bytes(t, e->link, e->link_len);
		break;
	case SEAL_CHAR:
	case SEAL_BLOCK:
		/* The one form that both bsdtar and NetBSD's mtree accept for any number. */
		text_add(t, " device=native,%u,%u", e->major, e->minor);
		break;
	default:
		break;
	}
	text_add(t, "\n");
}

int manifest_write(int fd, const struct seal_entry *entries, size_t count)
{
	char buf[CHUNK + LONGEST];
	struct text t;

	text_init(&t, buf, sizeof(buf));
	text_add(&t, "#mtree\n");
	for (size_t i = 0; i < count; i++) {
		add_entry(&t, &entries[i]);
		if (t.len < CHUNK)
			continue;
		int r = text_write(&t, fd);

		if (r < 0)
			return r;
		text_init(&t, buf, sizeof(buf));
	}
	return text_write(&t, fd);
}
