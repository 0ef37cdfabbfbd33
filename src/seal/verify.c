// SPDX-License-Identifier: MIT
/*
 * Verifies the image against its manifest. The order matters: the manifest is authenticated first,
 * then parsed, then compared.
 */
#include "seal/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "facts/mountid.h"
#include "facts/way.h"
#include "policy/policy.h"
#include "seal/compare.h"
#include "seal/own.h"
#include "seal/signature.h"
#include "sys/below.h"
#include "sys/regular.h"
#include "sys/sight.h"

enum { KEY_MOST = 4096 }; /* a key, a signature: a few lines each */

/* Memory for the duration of the verification. */
struct block {
	char *data;
	size_t size; /* of the mapping */
	size_t used;
};

static void block_unmap(struct block *b)
{
	if (b->data)
		(void)munmap(b->data, b->size);
}

#define cleanup_block __attribute__((cleanup(block_unmap)))

static int block_map(struct block *b, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -ENOMEM;
	*b = (struct block){.data = p, .size = size};
	return 0;
}

/*
 * A copy, not a mapping of the file: what is authenticated must be what is parsed, whoever writes
 * the file.
 */
static int read_whole(int fd, size_t most, struct block *ret)
{
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((uint64_t)st.st_size > most)
		return -EFBIG;
	r = block_map(ret, (size_t)st.st_size + 1);
	return r < 0 ? r : text_read(fd, ret->data, ret->size, &ret->used);
}

/* What is inspected may have anything at that place. */
static int open_in_image(const struct policy *p, int root, const char *path)
{
	return p->root ? regular_file_open_in(root, path)
		       : open_below(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

static const char *keep_why(struct arena *a, const char *fmt, ...) printf_like(2, 3);

static const char *keep_why(struct arena *a, const char *fmt, ...)
{
	char buf[512];
	struct text t;
	va_list args;
	const char *kept;

	text_init(&t, buf, sizeof(buf));
	va_start(args, fmt);
	text_add_v(&t, fmt, args);
	va_end(args);
	kept = arena_copy(a, buf);
	return kept ? kept : "not enough memory to say why";
}

/* ---- what vouches for it */

/*
 * A writable volume holds what somebody has put there: the program, before it was restarted, or the
 * engine, which fills a new Docker volume from the image.
 */
static bool can_be_written(int fd)
{
	struct statvfs fs;

	return fstatvfs(fd, &fs) < 0 || !(fs.f_flag & ST_RDONLY);
}

static bool is_on_other_mount(int root, int fd, uint64_t *ret_id)
{
	struct sys_statx r = {0}, f = {0};
	const unsigned int mask = SYS_STATX_BASIC | SYS_STATX_MNT_ID;

	if (sys_statx(root, "", AT_EMPTY_PATH, mask, &r) < 0 ||
	    sys_statx(fd, "", AT_EMPTY_PATH, mask, &f) < 0)
		return false;
	*ret_id = f.mask & SYS_STATX_MNT_ID ? f.mnt_id : 0;
	return !sys_is_same_mount(&r, &f);
}

/* A read-only mount keeps nobody from writing the same file through another one. */
static bool can_be_written_elsewhere(const struct mount_table *t, uint64_t id, int fd,
				     const char *path)
{
	const struct mount *m = id ? mounts_by_id(t, id) : mounts_by_path(t, path);
	char real[PATH_MAX];

	(void)path_of_fd(-1, fd, real);
	return m && (mounts_open_elsewhere(t, m, real) || mount_way_open(t, m));
}

static enum seal_origin origin_of(const struct seal_request *q, int fd, const char *path)
{
	uint64_t id;

	if (q->policy->root)
		return SEAL_FROM_MACHINE;
	if (q->mounts && way_through_writable(q->mounts, -1, path))
		return SEAL_FROM_WRITABLE;
	if (!is_on_other_mount(q->root, fd, &id))
		return SEAL_FROM_IMAGE;
	if (can_be_written(fd) || (q->mounts && can_be_written_elsewhere(q->mounts, id, fd, path)))
		return SEAL_FROM_WRITABLE;
	return SEAL_FROM_MOUNT;
}

struct key {
	struct block text;
	enum seal_origin origin;
};

/* Where an image that does not run is inspected, the key is the machine's that inspects it. */
static int read_key(const struct seal_request *q, const struct seal_words *w, struct key *ret)
{
	cleanup_fd int fd = -1;
	int r;

	if (w->value[0] != '/') {
		size_t len = strlen(w->value);

		r = block_map(&ret->text, len + 1);
		if (r < 0)
			return r;
		memcpy(ret->text.data, w->value, len);
		ret->text.used = len;
		ret->origin = w->from_file ? SEAL_FROM_IMAGE : SEAL_FROM_COMMAND_LINE;
		return 0;
	}
	fd = open_in_image(q->policy, q->policy->root ? -1 : q->root, w->value);
	if (fd < 0)
		return fd;
	ret->origin = origin_of(q, fd, w->value);
	return read_whole(fd, KEY_MOST, &ret->text);
}

/* Finds the signature beside the manifest. */
static int read_signature(const struct policy *p, int root, const char *manifest, struct block *ret)
{
	int r = -ENOENT;

	for (size_t i = 0; i < array_length(seal_signature_ends) && r == -ENOENT; i++) {
		char path[PATH_MAX];
		cleanup_fd int fd = -1;
		struct text t;

		text_init(&t, path, sizeof(path));
		text_add(&t, "%s%s", manifest, seal_signature_ends[i]);
		fd = open_in_image(p, root, path);
		r = fd < 0 ? fd : read_whole(fd, KEY_MOST, ret);
	}
	return r;
}

/* Any of the keys will do. */
static void check_signature(const struct seal_request *q, const struct block *manifest,
			    struct arena *a, struct seal_facts *ret)
{
	const struct policy *p = q->policy;
	struct block signature cleanup_block = {0};
	int r = read_signature(p, q->root, ret->path, &signature);

	ret->proof = SEAL_SIGNATURE;
	if (r < 0) {
		ret->broken = keep_why(a,
				       "there is a key, but no signature beside the manifest "
				       "(%s.minisig or .sig): %s",
				       ret->path, strerror(-r));
		return;
	}
	for (size_t i = 0; i < p->manifest_keys_count; i++) {
		struct key key = {0};
		struct signature_verdict verdict;

		r = read_key(q, &p->manifest_keys[i], &key);
		if (r < 0) {
			block_unmap(&key.text);
			if (!ret->broken)
				ret->broken = keep_why(a, "cannot read the key %s: %s",
						       p->manifest_keys[i].value, strerror(-r));
			continue;
		}
		r = signature_check(manifest->data, manifest->used, signature.data, signature.used,
				    key.text.data, key.text.used, &verdict);
		block_unmap(&key.text);
		if (r == 0) {
			ret->broken = NULL;
			ret->origin = key.origin;
			memcpy(ret->comment, verdict.comment, sizeof(ret->comment));
			ret->comment[sizeof(ret->comment) - 1] = 0;
			return;
		}
		/* An invalid signature says more than one by another key. */
		if (!ret->broken || r == -EBADMSG)
			ret->broken = keep_why(a, "its signature: %s", verdict.why);
	}
}

static void check_digest(const struct policy *p, const struct block *manifest, struct arena *a,
			 struct seal_facts *ret)
{
	unsigned char sum[DIGEST_SIZE];
	char hex[2 * DIGEST_SIZE + 1];
	struct digest d;
	struct text t;

	digest_begin(&d);
	digest_add(&d, manifest->data, manifest->used);
	digest_end(&d, sum);
	text_init(&t, hex, sizeof(hex));
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		text_add(&t, "%02x", sum[i]);
	ret->proof = SEAL_DIGEST;
	ret->origin = p->manifest_digest.from_file ? SEAL_FROM_IMAGE : SEAL_FROM_COMMAND_LINE;
	if (strcmp(hex, p->manifest_digest.value) != 0)
		ret->broken =
			keep_why(a, "its digest is %s, not the one of --manifest-digest", hex);
}

/* ---- all of it */

/* Beside the program it is the program's user who opens it, if it is there. */
static bool is_closed_to_program(const struct seal_request *q, const char *path)
{
	int fd;

	if (!sight_take(-EACCES))
		return false;
	fd = open_in_image(q->policy, q->root, path);
	sight_give_back();
	if (fd >= 0)
		(void)close(fd);
	return fd == -EACCES;
}

/* Whether the manifest, and what vouches for it, can be read once more beside the program. */
static bool can_wait(const struct seal_request *q, const char *manifest)
{
	const struct policy *p = q->policy;
	char path[PATH_MAX];
	struct text t;

	if (p->verify != VERIFY_LAZY || is_closed_to_program(q, manifest))
		return false;
	for (size_t i = 0; i < p->manifest_keys_count; i++)
		if (p->manifest_keys[i].value[0] == '/' &&
		    is_closed_to_program(q, p->manifest_keys[i].value))
			return false;
	for (size_t i = 0; p->manifest_keys_count && i < array_length(seal_signature_ends); i++) {
		text_init(&t, path, sizeof(path));
		text_add(&t, "%s%s", manifest, seal_signature_ends[i]);
		if (is_closed_to_program(q, path))
			return false;
	}
	return true;
}

static int compare(const struct seal_request *q, const struct block *manifest, struct arena *a,
		   struct seal_facts *ret)
{
	size_t room = manifest_lines(manifest->data, manifest->used);
	struct comparison c = {.policy = q->policy,
			       .mounts = q->mounts,
			       .root = q->root,
			       .program = q->program,
			       .keep_program = q->keep_program,
			       .lazy = can_wait(q, ret->path),
			       .arena = a,
			       .facts = ret,
			       .last = &ret->differences};
	struct block entries cleanup_block = {0}, seen cleanup_block = {0};
	struct manifest_error error;
	int r;

	if (room > MANIFEST_ENTRIES)
		room = MANIFEST_ENTRIES;
	if (block_map(&entries, (room + 1) * sizeof(*c.entries)) < 0 ||
	    block_map(&seen, room + 1) < 0)
		return -ENOMEM;
	c.entries = (void *)entries.data;
	c.seen = (void *)seen.data;
	if (manifest_parse(manifest->data, manifest->used, c.entries, room, &c.count, &error) < 0) {
		ret->broken =
			error.line ? keep_why(a, "line %zu: %s", error.line, error.why) : error.why;
		return 0;
	}
	ret->names = c.count;
	c.board = hash_board_map(c.count);
	if (!c.board)
		return -ENOMEM;
	r = seal_compare(&c);
	hash_board_unmap(c.board, c.count);
	return r;
}

static int verify(const struct seal_request *q, int fd, struct arena *a, struct seal_facts *ret)
{
	const struct policy *p = q->policy;
	struct block manifest cleanup_block = {0};
	int r = read_whole(fd, MANIFEST_MOST, &manifest);

	if (r < 0)
		return r;
	if (p->manifest_keys_count)
		check_signature(q, &manifest, a, ret);
	if (p->manifest_digest.value && !ret->broken)
		check_digest(p, &manifest, a, ret);
	return ret->broken ? 0 : compare(q, &manifest, a, ret);
}

void seal_verify(const struct seal_request *q, struct arena *a, struct seal_facts *ret)
{
	const struct policy *p = q->policy;
	const char *path = seal_manifest(p);
	cleanup_fd int fd = open_in_image(p, q->root, path);
	struct statvfs fs;
	int r = fd;

	*ret = (struct seal_facts){.programs_only = p->verify == VERIFY_PROGRAMS, .program = -1};
	ret->asked = p->manifest || p->manifest_keys_count || p->manifest_digest.value;
	if (!ret->asked && (fd == -ENOENT || fd == -ENOTDIR))
		return;
	ret->path = path;
	ret->root_writable = !p->root && fstatvfs(q->root, &fs) == 0 && !(fs.f_flag & ST_RDONLY);
	if (fd >= 0)
		r = verify(q, fd, a, ret);
	if (r < 0)
		ret->trouble = (struct trouble){.tried = fd < 0 ? "read" : "verify the image by",
						.what = path,
						.error = -r};
}
