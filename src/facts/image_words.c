// SPDX-License-Identifier: MIT
/* Looks for programs among the words of a command line or of a "#!" line. */
#include "facts/image_words.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "facts/foreign.h"
#include "facts/image_file.h"
#include "facts/mountid.h"
#include "sys/elfhead.h"
#include "sys/regular.h"
#include "sys/script.h"
#include "sys/sys.h"

/* As many bytes of a "#!" line as the kernel reads (BINPRM_BUF_SIZE). */
enum { LINE = 256 };

static void queue_word(struct walk *w, const char *word, size_t len)
{
	const char *slash = memchr(word, '/', len);
	char path[PATH_MAX];

	if (!slash)
		return;
	/* "-S/srv/tool", "--program=/srv/tool" */
	if (*word == '-') {
		len -= (size_t)(slash - word);
		word = slash;
	}
	if (len >= sizeof(path))
		return;
	memcpy(path, word, len);
	path[len] = '\0';
	(void)walk_queue(w, path, true);
}

void walk_queue_words(struct walk *w, const char *text)
{
	static const char between[] = " \t\n\v\f\r'\"\\";
	size_t len = strlen(text), n = strcspn(text, between);

	queue_word(w, text, len);
	if (n == len)
		return;
	for (const char *word = text; *word; word += n) {
		word += strspn(word, between);
		n = strcspn(word, between);
		queue_word(w, word, n);
	}
}

bool walk_queue_script(struct walk *w, const uint8_t *head, size_t n)
{
	char text[LINE];

	if (!script_interpreter(head, n, text, sizeof(text)) || !walk_queue(w, text, false))
		return false;
	if (script_arguments(head, n, text, sizeof(text)))
		walk_queue_words(w, text);
	return true;
}

/* Written by the program, not to keep it from its next start; it is started by nobody. */
static bool is_on_open_volume(const struct walk *w, int fd, const char *path)
{
	const struct image_request *q = w->request;
	const struct mount *m;
	uint64_t id;

	if (!q->mounts || mount_id(-1, fd, &id) < 0)
		return false;
	m = mounts_by_id(q->mounts, id);
	return m && !m->read_only && !mount_is_root(q->mounts, m) &&
	       !path_is_declared_for_programs(q->policy, path) &&
	       !path_is_declared_for_programs(q->policy, m->point);
}

/* A script is its reader's data, and nobody says that it is started; what it names may be. */
void walk_look_at_word(struct walk *w, const char *path)
{
	cleanup_fd int fd = regular_file_open_in(w->request->root, path);
	uint8_t head[LINE];
	ssize_t n;

	if (fd >= 0 && is_on_open_volume(w, fd, path))
		return;
	n = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);
	if (n >= 0 && elf_is(head, (size_t)n))
		walk_look_at_path(w, path);
	else if (n > 0)
		(void)walk_queue_script(w, head, (size_t)n);
	else if (fd == -EACCES && w->request->root < 0 &&
		 faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0)
		walk_look_at_path(w, path);
}
