// SPDX-License-Identifier: MIT
/* The records of what was learnt. */
#include "learn/learnt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static struct learnt *learnt_map(int sharing)
{
	void *n = mmap(NULL, sizeof(struct learnt), PROT_READ | PROT_WRITE,
		       sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (n == MAP_FAILED)
		return NULL;
	return n;
}

struct learnt *learnt_new(const struct policy *p, const struct mount_table *mounts)
{
	struct learnt *n = learnt_map(MAP_SHARED);

	if (!n)
		return NULL;
	n->policy = p;
	n->mounts = mounts;
	n->file = n->memory = -1;
	n->accepted = UINT64_MAX;
	return n;
}

struct learnt *learnt_copy(const struct learnt *n)
{
	struct learnt *copy = learnt_map(MAP_PRIVATE);

	return copy ? memcpy(copy, n, sizeof(*copy)) : NULL;
}

/* FNV-1a. */
uint64_t learnt_hash(const char *s)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *s; s++)
		hash = (hash ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return hash ? hash : 1;
}

const char *learnt_keep(struct learnt *n, const char *s)
{
	size_t size = strlen(s) + 1;
	char *kept = n->names + n->names_used;

	if (size > sizeof(n->names) - n->names_used) {
		n->lost++;
		return NULL;
	}
	n->names_used += size;
	return memcpy(kept, s, size);
}

void learnt_note_id(struct learnt *n, uint32_t id, bool is_group)
{
	for (size_t i = 0; i < n->ids_count; i++)
		if (n->ids[i].id == id && n->ids[i].is_group == is_group)
			return;
	if (n->ids_count < LEARN_IDS)
		n->ids[n->ids_count++] = (struct learnt_id){id, is_group};
}

/* The program writes it: the number of its process, say. It may be gone again. */
static bool is_record(const struct learnt *n, const char *path)
{
	char dir[PATH_MAX], real[PATH_MAX];
	const char *name = text_last_part(path);
	struct text t;

	if ((size_t)(name - path) >= sizeof(dir))
		return false;
	memcpy(dir, path, (size_t)(name - path));
	dir[name - path] = '\0';
	if (!realpath(dir, real))
		return false;
	t = (struct text){.buf = real, .size = sizeof(real), .len = strlen(real)};
	text_add_part(&t, name);
	return learnt_is_changed(n, real);
}

void learnt_note_variables(struct learnt *n, char *const *environment)
{
	static const char ending[] = "_FILE";
	const size_t len = sizeof(ending) - 1;

	n->variables_count = 0;
	for (; environment && *environment && n->variables_count < LEARN_VARIABLES; environment++) {
		const char *text = *environment, *equals = strchr(text, '=');
		const struct mount *m;
		char real[PATH_MAX];
		struct stat st;
		int r;

		if (!equals || equals - text <= (ptrdiff_t)len || equals[1] != '/' ||
		    memcmp(equals - len, ending, len) != 0)
			continue;
		/* A device is nobody's secret. */
		r = stat(equals + 1, &st);
		if ((r == 0 && !S_ISREG(st.st_mode)) || is_record(n, equals + 1))
			continue;
		m = mounts_by_path(n->mounts, realpath(equals + 1, real) ? real : equals + 1);
		n->variables[n->variables_count++] = (struct learnt_variable){
			.text = text,
			.path = equals + 1,
			.mount = m && !mount_is_root(n->mounts, m) ? m : NULL,
			.is_missing = r < 0 && (errno == ENOENT || errno == ENOTDIR),
		};
	}
}

void learnt_name(char ret[16], const char *name)
{
	size_t len = strnlen(name, 15);

	memcpy(ret, name, len);
	ret[len] = '\0';
}

/* The slot of the path, or the free one where it would be. */
static size_t slot_of(const struct learnt *n, const char *path)
{
	size_t slot = learnt_hash(path) % LEARN_INDEX;

	while (n->index[slot] && strcmp(n->seen[n->index[slot] - 1].path, path) != 0)
		slot = (slot + 1) % LEARN_INDEX;
	return slot;
}

bool learnt_is_changed(const struct learnt *n, const char *path)
{
	uint16_t i = n->index[slot_of(n, path)];

	return i && n->seen[i - 1].flags & SEEN_CHANGED;
}

bool learnt_stayed(const struct learnt *n, const char *path)
{
	uint16_t i = n->index[slot_of(n, path)];

	return i && n->seen[i - 1].flags & SEEN_SAME && !(n->seen[i - 1].flags & SEEN_CHANGED);
}

struct seen *learnt_at(struct learnt *n, const char *path)
{
	size_t slot = slot_of(n, path);
	struct seen *s;

	if (n->index[slot])
		return &n->seen[n->index[slot] - 1];
	if (n->seen_count == LEARN_SEEN) {
		n->lost++;
		return NULL;
	}
	s = &n->seen[n->seen_count];
	s->path = learnt_keep(n, path);
	if (!s->path)
		return NULL;
	n->index[slot] = (uint16_t)++n->seen_count;
	return s;
}

void learnt_add(struct learnt *n, const char *path, unsigned int flags, const char *by)
{
	struct seen *s = learnt_at(n, path);

	if (!s)
		return;
	s->flags |= flags;
	if (!*s->by)
		learnt_name(s->by, by);
}

struct seen *learnt_parent(struct learnt *n, const char *path)
{
	char dir[PATH_MAX];
	size_t len = (size_t)(text_last_part(path) - path);

	if (len >= sizeof(dir))
		return NULL;
	/* Without the slash, unless it is all that there is. */
	len -= len > 1;
	memcpy(dir, path, len);
	dir[len] = '\0';
	return learnt_at(n, dir);
}

struct learnt_volume *learnt_volume_of(struct learnt *n, const char *path)
{
	struct learnt_volume *found = NULL;

	for (size_t i = 0; i < n->volumes_count; i++) {
		struct learnt_volume *v = &n->volumes[i];

		if (path_is_beneath(path, v->point) &&
		    (!found || strlen(found->point) < strlen(v->point)))
			found = v;
	}
	return found;
}

bool learnt_is_of_image(const struct learnt *n, const char *path)
{
	const struct mount *m = mounts_by_path(n->mounts, path);

	if (n->policy->learn_file && strcmp(path, n->policy->learn_file) == 0)
		return false;
	return !m || mount_is_root(n->mounts, m);
}

/* The slot of the name, or the free one where it would be. */
static size_t slot_before(const struct learnt *n, uint64_t hash)
{
	size_t slot = hash % LEARN_BEFORE;

	while (n->before[slot] && n->before[slot] != hash)
		slot = (slot + 1) % LEARN_BEFORE;
	return slot;
}

void learnt_note_name(struct learnt *n, const char *path)
{
	uint64_t hash = learnt_hash(path);

	/* A table that is full finds no free slot. */
	if (n->before_count > (size_t)LEARN_BEFORE * 3 / 4) {
		n->before_full = true;
		return;
	}
	n->before[slot_before(n, hash)] = hash;
	n->before_count++;
}

bool learnt_was_there(const struct learnt *n, const char *path)
{
	uint64_t hash = learnt_hash(path);

	return n->before[slot_before(n, hash)] == hash;
}

uint64_t learn_accepted(void)
{
	char buf[8192];
	cleanup_fd int fd = open("/proc/self/net/snmp", O_RDONLY | O_CLOEXEC);
	char *line;
	size_t len;

	if (fd < 0 || text_read(fd, buf, sizeof(buf), &len) < 0)
		return UINT64_MAX;
	/* The second line is the numbers of the first one's words; the sixth is PassiveOpens. */
	line = strstr(buf, "\nTcp: ");
	line = line ? strstr(line + 1, "\nTcp: ") : NULL;
	if (!line)
		return UINT64_MAX;
	for (int i = 0; line && i < 6; i++)
		line = strchr(line + 1, ' ');
	return line ? strtoull(line + 1, NULL, 10) : UINT64_MAX;
}

uint64_t learn_accepted_since(const struct learnt *n)
{
	const uint64_t now = learn_accepted();

	return now == UINT64_MAX || n->accepted == UINT64_MAX ? UINT64_MAX : now - n->accepted;
}
